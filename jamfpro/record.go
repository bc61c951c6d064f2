package jamfpro

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/apple"
	"github.com/mdmlink/mdmlink/mdm"
)

// Record returns the neutral form of the device.
//
// Source: reference/jamfpro.md 9
func (d *Device) Record() mdm.Record {
	class, platform := d.classify()
	r := mdm.Record{
		Origin: d.origin, ID: d.SourceID(), Class: class, Platform: platform, PlatformText: d.Type,
		Name: d.Name, Serial: d.SerialNumber, UDID: d.UDID, ManagementID: d.ManagementID,
		Interfaces: d.interfaces(), Manufacturer: d.manufacturer(),
		Model: d.Model, ModelID: d.ModelIdentifier, PartNumber: d.ModelNumber,
		OS:      mdm.OS{Name: d.osName(platform), Version: d.OSVersion, Build: d.OSBuild},
		Memory:  mdm.Capacity{Total: d.Memory},
		Storage: mdm.Capacity{Total: d.StorageTotal, Free: d.StorageFree}, Battery: d.Battery,
		Flags: mdm.Flags{Managed: d.Managed, Supervised: d.Supervised, Passcode: d.Passcode, PasscodeCompliant: d.PasscodeOK,
			Encrypted: d.Encrypted, Jailbroken: d.Jailbroken, LostMode: d.LostMode, ActivationLock: d.ActivationLock},
		Ownership: d.ownership(),
		Enrolment: mdm.Enrolment{Method: d.method(), At: d.LastEnrolled, Profile: d.EnrollmentName},
		Status:    d.status(), LastSeen: d.LastContact,
		User: mdm.User{Name: d.RealName, Login: d.Username, Email: d.Email},
		Site: mdm.Site{ID: d.SiteID, Name: d.SiteName}, Department: d.Department, Building: d.Building, Room: d.Room,
		Purchase: mdm.Purchase{Date: d.PurchaseDate, WarrantyEnd: d.WarrantyEnd, Vendor: d.Vendor, Order: d.OrderNumber, Price: d.Price},
		AssetTag: d.AssetTag, Custom: d.custom(),
		Link: d.link, LinkTarget: d.target, Blank: slices.Clone(d.blank),
	}
	for _, g := range d.Groups {
		r.Groups = append(r.Groups, g.Name)
	}
	for _, s := range d.Subscriptions {
		addSubscription(&r, s)
	}
	addPhone(&r, d.Phone)
	return r
}

// addPhone adds a number of which it is not told to which SIM it belongs: the
// first one without a number gets it, unless another one has it.
func addPhone(r *mdm.Record, phone string) {
	same := func(s mdm.SIM) bool { return s.Phone != "" && digits(s.Phone) == digits(phone) }
	if phone == "" || slices.ContainsFunc(r.SIMs, same) {
		return
	}
	if len(r.SIMs) == 0 {
		r.SIMs = []mdm.SIM{{}}
	}
	if i := slices.IndexFunc(r.SIMs, func(s mdm.SIM) bool { return s.Phone == "" }); i >= 0 {
		r.SIMs[i].Phone = phone
	}
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func addSubscription(r *mdm.Record, s Subscription) {
	if s.IMEI != "" && !slices.Contains(r.IMEIs, s.IMEI) {
		r.IMEIs = append(r.IMEIs, s.IMEI)
	}
	if r.MEID == "" {
		r.MEID = s.MEID
	}
	if r.EID == "" {
		r.EID = s.EID
	}
	if sim := (mdm.SIM{ICCID: s.ICCID, Phone: s.Phone, Carrier: s.Carrier}); s.ICCID != "" || s.Phone != "" {
		r.SIMs = append(r.SIMs, sim)
	}
}

// interfaces lists Wi-Fi first, since its address is the representative one.
// Either adapter of a computer may be the one for Wi-Fi.
func (d *Device) interfaces() []mdm.Interface {
	var all []mdm.Interface
	if d.WiFiMAC != "" {
		all = append(all, mdm.Interface{Kind: mdm.InterfaceWiFi, MAC: d.WiFiMAC})
	}
	for _, a := range d.Adapters {
		all = append(all, mdm.Interface{Kind: adapterKind(a.Type), MAC: a.MAC})
	}
	slices.SortStableFunc(all, func(a, b mdm.Interface) int { return rank(a) - rank(b) })
	if len(d.IPAddresses) > 0 {
		ips := slices.Clone(d.IPAddresses)
		if len(all) == 1 {
			all[0].IPs = ips
		} else { // the addresses are known, the interface is not
			all = append(all, mdm.Interface{IPs: ips})
		}
	}
	if d.BluetoothMAC != "" {
		all = append(all, mdm.Interface{Kind: mdm.InterfaceBluetooth, MAC: d.BluetoothMAC})
	}
	return all
}

func rank(i mdm.Interface) int {
	if i.Kind == mdm.InterfaceWiFi {
		return 0
	}
	return 1
}

func adapterKind(text string) mdm.InterfaceKind {
	switch strings.ToLower(text) {
	case "ieee80211":
		return mdm.InterfaceWiFi
	case "ethernet":
		return mdm.InterfaceEthernet
	}
	return mdm.InterfaceUnknown
}

func (d *Device) manufacturer() string {
	if d.Make != "" {
		return d.Make
	}
	return "Apple"
}

func (d *Device) osName(platform mdm.Platform) string {
	switch {
	case d.OSName != "":
		return d.OSName
	case d.OSVersion == "":
		return ""
	}
	return platform.String()
}

// custom joins the values of extension attributes. Names are not unique: a
// second one of the same name gets its id behind it.
func (d *Device) custom() map[string]string {
	custom := map[string]string{}
	for _, a := range d.Attributes {
		if len(a.Values) == 0 {
			continue
		}
		name := a.Name
		if _, taken := custom[name]; taken {
			name += " (" + a.ID + ")"
		}
		custom[name] = strings.Join(a.Values, "\n")
	}
	if len(custom) == 0 {
		return nil
	}
	return custom
}

// ownership takes every known sort but "Institutional" as personal.
//
// Source: reference/jamfpro.md 9
func (d *Device) ownership() mdm.Ownership {
	switch strings.ToLower(d.Ownership) {
	case "":
		if d.Kind == Computer && d.Managed == mdm.Yes && d.Automated == mdm.Yes {
			return mdm.OwnershipOrganisation
		}
		return mdm.OwnershipUnknown
	case "institutional":
		return mdm.OwnershipOrganisation
	case "userenrollment", "accountdrivenuserenrollment", "accountdrivendeviceenrollment", "personaldeviceprofile", "personal":
		return mdm.OwnershipPersonal
	}
	return mdm.OwnershipUnknown
}

func (d *Device) method() mdm.EnrolmentMethod {
	switch owner := strings.ToLower(d.Ownership); {
	case d.Automated == mdm.Yes:
		return mdm.EnrolmentAutomated
	case strings.Contains(owner, "userenrollment"):
		return mdm.EnrolmentUser
	case strings.HasPrefix(strings.ToLower(d.EnrollmentType), "user-initiated"):
		return mdm.EnrolmentManual
	}
	return mdm.EnrolmentUnknown
}

func (d *Device) status() mdm.Status {
	switch d.Managed {
	case mdm.Yes:
		return mdm.StatusEnrolled
	case mdm.No:
		return mdm.StatusRetired
	}
	return mdm.StatusUnknown
}

// classify reads the sort of device from the model identifier, then the model,
// then the type.
func (d *Device) classify() (mdm.Class, mdm.Platform) {
	if d.Kind == Computer {
		return mdm.ClassComputer, mdm.PlatformMacOS
	}
	if class, platform := apple.Family(d.ModelIdentifier, d.Model); platform != mdm.PlatformUnknown {
		return class, platform
	}
	switch strings.ToLower(d.Type) {
	case "ios":
		return mdm.ClassUnknown, mdm.PlatformIOS
	case "tvos":
		return mdm.ClassTV, mdm.PlatformTVOS
	case "watchos":
		return mdm.ClassWatch, mdm.PlatformWatchOS
	case "visionos":
		return mdm.ClassHeadset, mdm.PlatformVisionOS
	}
	return mdm.ClassUnknown, mdm.PlatformUnknown
}
