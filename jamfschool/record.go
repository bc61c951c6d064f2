package jamfschool

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/apple"
	"github.com/mdmlink/mdmlink/mdm"
)

// Record returns the neutral form of the device.
func (d *Device) Record() mdm.Record {
	class, platform := apple.Family(d.ModelType, d.Class)
	r := mdm.Record{
		Origin: d.origin, ID: d.id, Class: class, Platform: d.platform(platform), PlatformText: d.OSPrefix,
		Name: d.Name, Serial: d.SerialNumber, UDID: d.UDID,
		Interfaces: d.interfaces(), Manufacturer: "Apple",
		Model: d.ModelName, ModelID: d.ModelIdentifier,
		OS:      mdm.OS{Name: d.OSPrefix, Version: d.OSVersion},
		Storage: mdm.Capacity{Total: d.StorageTotal, Free: d.StorageAvailable}, Battery: d.Battery,
		Flags: mdm.Flags{Managed: mdm.Yes, Supervised: d.Supervised, Passcode: d.Passcode,
			PasscodeCompliant: d.PasscodeCompliant, Encrypted: d.encrypted(class)},
		Enrolment: mdm.Enrolment{Method: method(d.EnrollType), Profile: d.DEPProfile},
		Status:    d.status(), LastSeen: d.LastCheckin,
		Groups: slices.Clone(d.Groups), AssetTag: d.AssetTag, Notes: d.Notes,
		Link: d.link, LinkTarget: d.target, Blank: slices.Clone(d.blank),
	}
	if r.Status != mdm.StatusEnrolled {
		r.Flags.Managed = mdm.No
	}
	if d.HasLocation {
		r.Site = mdm.Site{ID: formatID(d.LocationID), Name: d.siteName}
	}
	if o := d.Owner; o != nil {
		r.User = mdm.User{ID: formatID(o.ID), Name: o.Name, Login: o.Username, Email: o.Email}
	}
	for _, s := range d.Subscriptions {
		addSubscription(&r, s)
	}
	return r
}

func addSubscription(r *mdm.Record, s Subscription) {
	if s.IMEI != "" {
		r.IMEIs = append(r.IMEIs, s.IMEI)
	}
	if r.MEID == "" {
		r.MEID = s.MEID
	}
	if r.EID == "" {
		r.EID = s.EID
	}
	if sim := (mdm.SIM{ICCID: s.ICCID, Phone: s.Phone, Carrier: s.Carrier}); sim != (mdm.SIM{}) {
		r.SIMs = append(r.SIMs, sim)
	}
}

// interfaces lists Wi-Fi first, since its address is the representative one.
func (d *Device) interfaces() []mdm.Interface {
	var all []mdm.Interface
	if d.WiFiMAC != "" || d.IPAddress != "" {
		wifi := mdm.Interface{Kind: mdm.InterfaceWiFi, MAC: d.WiFiMAC}
		if d.IPAddress != "" {
			wifi.IPs = []string{d.IPAddress}
		}
		if d.WiFiMAC == "" { // the address is known, the interface is not
			wifi.Kind = mdm.InterfaceUnknown
		}
		all = append(all, wifi)
	}
	for _, mac := range d.EthernetMACs {
		all = append(all, mdm.Interface{Kind: mdm.InterfaceEthernet, MAC: mac})
	}
	if d.BluetoothMAC != "" {
		all = append(all, mdm.Interface{Kind: mdm.InterfaceBluetooth, MAC: d.BluetoothMAC})
	}
	return all
}

// encrypted is known of iPads and iPhones only: a Mac's FileVault is not what
// Jamf School reports.
func (d *Device) encrypted(class mdm.Class) mdm.Flag {
	if class == mdm.ClassComputer {
		return mdm.Unknown
	}
	return d.Encrypted
}

func (d *Device) status() mdm.Status {
	switch {
	case d.Trashed == mdm.Yes:
		return mdm.StatusTrashed
	case strings.HasSuffix(d.EnrollType, "Pending"):
		return mdm.StatusPending
	}
	return mdm.StatusEnrolled
}

// platform prefers the operating system that the server names. An iPad whose
// system is called iOS runs iPadOS.
func (d *Device) platform(byModel mdm.Platform) mdm.Platform {
	var named mdm.Platform
	switch strings.ToLower(d.OSPrefix) {
	case "ios":
		named = mdm.PlatformIOS
	case "ipados":
		named = mdm.PlatformIPadOS
	case "macos", "mac os", "mac os x", "os x":
		named = mdm.PlatformMacOS
	case "tvos":
		named = mdm.PlatformTVOS
	case "watchos":
		named = mdm.PlatformWatchOS
	case "visionos":
		named = mdm.PlatformVisionOS
	}
	if named == mdm.PlatformUnknown || named == mdm.PlatformIOS && byModel == mdm.PlatformIPadOS {
		return byModel
	}
	return named
}

func method(enrollType string) mdm.EnrolmentMethod {
	switch enrollType {
	case "dep", "depPending":
		return mdm.EnrolmentAutomated
	case "ac2", "ac2Pending":
		return mdm.EnrolmentConfigurator
	case "manual":
		return mdm.EnrolmentManual
	}
	return mdm.EnrolmentUnknown
}
