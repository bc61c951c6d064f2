package intune

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/ident"
)

// CategoryField is the name of the custom field that holds the device
// category.
const CategoryField = "device category"

// Record returns the neutral form of the device. What makers and the service
// write instead of a serial number or another identifier is left out.
//
// Source: reference/intune.md 9
func (d *Device) Record() mdm.Record {
	class, platform := d.classify()
	r := mdm.Record{
		ID: d.ID, Class: class, Platform: platform, PlatformText: d.OperatingSystem,
		Name: first(d.Name, d.ManagementName), HostName: d.HostName, Serial: d.serial(), UDID: d.UDID, DirectoryID: d.DirectoryID,
		Interfaces: d.interfaces(), MEID: usable(d.MEID, ident.Default().MEID(d.MEID)), EID: usable(d.EID, ident.Default().EID(d.EID)),
		Manufacturer: d.Manufacturer, Model: d.Model, ModelID: d.ModelID,
		OS:      mdm.OS{Name: d.osName(platform), Version: d.OSVersion, Build: d.OSBuild, Patch: d.SecurityPatch},
		Memory:  mdm.Capacity{Total: d.Memory},
		Storage: mdm.Capacity{Total: d.StorageTotal, Free: d.StorageFree}, Battery: d.Battery,
		Flags: mdm.Flags{Managed: d.managed(), Supervised: d.supervised(platform), Encrypted: d.Encrypted,
			Compliant: d.compliant(), Jailbroken: yesNo(d.JailBroken, "true", "false"), LostMode: d.lostMode(platform)},
		Ownership: d.ownership(),
		Enrolment: mdm.Enrolment{Method: d.method(), At: d.Enrolled, Profile: d.EnrollmentProfile, Source: told(d.EnrollmentType)},
		Status:    d.status(), LastSeen: d.LastSync,
		User:  mdm.User{ID: d.UserID, Name: d.UserName, Login: d.UserLogin, Email: d.UserEmail},
		Notes: d.Notes, Blank: d.blank(),
	}
	if d.client != nil {
		r.Origin = d.client.info.Origin
		r.Link, r.LinkTarget = d.client.link(d)
	}
	if imei := usable(d.IMEI, ident.Default().IMEI(d.IMEI, ident.Hints{})); imei != "" {
		r.IMEIs = []string{imei}
	}
	if d.ICCID != "" || d.PhoneNumber != "" || d.Carrier != "" {
		r.SIMs = []mdm.SIM{{ICCID: d.ICCID, Phone: d.PhoneNumber, Carrier: d.Carrier}}
	}
	if d.Category != "" {
		r.Custom = map[string]string{CategoryField: d.Category}
	}
	return r
}

// usable returns a text that may identify a device, and "" for junk.
func usable(text string, id ident.ID) string {
	if !id.Usable() {
		return ""
	}
	return text
}

// serial is the serial number, or "" for what stands in its place.
//
// Source: reference/intune.md 3.5
func (d *Device) serial() string {
	bare := strings.ToLower(strings.NewReplacer(" ", "", ".", "").Replace(d.SerialNumber))
	if strings.Trim(bare, "0") == "" || slices.Contains(junkSerials, bare) {
		return ""
	}
	return usable(d.SerialNumber, ident.Default().Serial(d.SerialNumber, ident.Hints{}))
}

// junkSerials are fillers, without blanks and dots, since the service drops
// the blanks of some.
var junkSerials = []string{"none", "unknown", "defaultstring", "tobefilledbyoem", "systemserialnumber", "0123456789", "123456789",
	"notspecified", "n/a", "invalid", "chassisserialnumber"}

// interfaces lists Wi-Fi first, since its address is the representative one.
func (d *Device) interfaces() []mdm.Interface {
	var all []mdm.Interface
	if d.WiFiMAC != "" || d.IPv4 != "" {
		wifi := mdm.Interface{Kind: mdm.InterfaceWiFi, Adapter: "Wi-Fi", MAC: d.WiFiMAC}
		if d.IPv4 != "" {
			wifi.IPs = []string{d.IPv4}
		}
		all = append(all, wifi)
	}
	if d.EthernetMAC != "" || len(d.WiredIPs) > 0 {
		all = append(all, mdm.Interface{Kind: mdm.InterfaceEthernet, Adapter: "Ethernet", MAC: d.EthernetMAC, IPs: slices.Clone(d.WiredIPs)})
	}
	return all
}

// classify reads the sort of device from the operating system, the type that
// beta tells, and the model.
func (d *Device) classify() (mdm.Class, mdm.Platform) {
	system, model := lower(d.OperatingSystem), lower(first(d.ModelID, d.Model))
	switch {
	case system == "windows" || strings.HasPrefix(system, "windows "):
		return mdm.ClassComputer, mdm.PlatformWindows
	case system == "macos" || system == "mac os x" || system == "" && strings.HasPrefix(model, "macbook"):
		return mdm.ClassComputer, mdm.PlatformMacOS
	case system == "ipados" || (system == "ios" || system == "") && (strings.HasPrefix(model, "ipad") || d.Type == "iPad"):
		return mdm.ClassTablet, mdm.PlatformIPadOS
	case system == "ios" && (strings.HasPrefix(model, "ipod") || d.Type == "iPod"):
		return mdm.ClassMediaPlayer, mdm.PlatformIOS
	case system == "ios" || system == "" && strings.HasPrefix(model, "iphone"):
		return mdm.ClassPhone, mdm.PlatformIOS
	case system == "tvos":
		return mdm.ClassTV, mdm.PlatformTVOS
	case system == "visionos":
		return mdm.ClassHeadset, mdm.PlatformVisionOS
	case strings.HasPrefix(system, "android"):
		return androidClass(model), mdm.PlatformAndroid
	case system == "chromeos" || system == "chrome os":
		return mdm.ClassComputer, mdm.PlatformChromeOS
	case strings.HasPrefix(system, "linux"):
		return mdm.ClassComputer, mdm.PlatformLinux
	}
	return mdm.ClassUnknown, mdm.PlatformUnknown
}

// androidClass tells tablets by their names, as far as those say so.
func androidClass(model string) mdm.Class {
	for _, word := range []string{"tab", "pad"} {
		if strings.Contains(model, word) {
			return mdm.ClassTablet
		}
	}
	return mdm.ClassUnknown
}

// osName is the name of the operating system. Windows 11 calls itself 10.
func (d *Device) osName(platform mdm.Platform) string {
	if platform == mdm.PlatformWindows {
		build, _, _ := strings.Cut(d.OSBuild, ".")
		switch {
		case len(build) == 5 && build >= "22000":
			return "Windows 11"
		case len(build) == 5:
			return "Windows 10"
		}
	}
	return d.OperatingSystem
}

// managed follows from the state and from who manages the device.
//
// Unverified: which states mean that a device is not managed any more.
func (d *Device) managed() mdm.Flag {
	state := lower(d.ManagementState)
	switch {
	case d.ManagementState == "" && d.ManagementAgent == "":
		return mdm.Unknown
	case state == "discovered", strings.HasSuffix(state, "issued"), foreignAgent(d.ManagementAgent):
		return mdm.No
	}
	return mdm.Yes
}

// foreignAgent reports whether something else than Intune manages a device.
//
// Source: reference/intune.md 2.6, 3.1
func foreignAgent(agent string) bool {
	switch lower(agent) {
	case "eas", "jamf", "mssense", "configurationmanagerclient":
		return true
	}
	return false
}

func (d *Device) status() mdm.Status {
	switch state := lower(d.ManagementState); {
	case state == "":
		return mdm.StatusUnknown
	case state == "retirepending", state == "retireissued", state == "deletepending":
		return mdm.StatusRetirePending
	case state == "wipepending", state == "wipeissued":
		return mdm.StatusWipePending
	case state == "discovered":
		return mdm.StatusPending
	}
	return mdm.StatusEnrolled
}

func (d *Device) supervised(platform mdm.Platform) mdm.Flag {
	if !platform.Apple() {
		return mdm.Unknown
	}
	return d.Supervised
}

func (d *Device) lostMode(platform mdm.Platform) mdm.Flag {
	if !platform.Apple() {
		return mdm.Unknown
	}
	return yesNo(d.LostModeState, "enabled", "disabled")
}

func (d *Device) compliant() mdm.Flag {
	if strings.EqualFold(d.ComplianceState, "inGracePeriod") {
		return mdm.Yes
	}
	flag := yesNo(d.ComplianceState, "compliant", "noncompliant")
	if strings.EqualFold(d.ComplianceState, "conflict") || strings.EqualFold(d.ComplianceState, "error") {
		return mdm.No
	}
	return flag
}

func yesNo(text, yes, no string) mdm.Flag {
	switch {
	case strings.EqualFold(text, yes):
		return mdm.Yes
	case strings.EqualFold(text, no):
		return mdm.No
	}
	return mdm.Unknown
}

func (d *Device) ownership() mdm.Ownership {
	switch lower(d.OwnerType) {
	case "company", "corporate":
		return mdm.OwnershipOrganisation
	case "personal":
		return mdm.OwnershipPersonal
	}
	return mdm.OwnershipUnknown
}

func (d *Device) method() mdm.EnrolmentMethod {
	switch kind := lower(d.EnrollmentType); {
	case strings.HasPrefix(kind, "applebulk"), strings.HasPrefix(kind, "windowsautoenrollment"), kind == "windowsazureadjoinusingdeviceauth":
		return mdm.EnrolmentAutomated
	case strings.HasPrefix(kind, "appleuserenrollment"), kind == "appleaccountdrivenuserenrollment":
		return mdm.EnrolmentUser
	case kind == "userenrollment", kind == "deviceenrollmentmanager", kind == "windowsazureadjoin":
		return mdm.EnrolmentManual
	}
	return mdm.EnrolmentUnknown
}

// told is a word of the service, or "" for the one that stands for words which
// this version of the service does not have.
//
// Source: reference/intune.md 1.8
func told(word string) string {
	if strings.EqualFold(word, "unknownFutureValue") {
		return ""
	}
	return word
}

// blank names the attributes that were reported as having no value.
func (d *Device) blank() mdm.Keys {
	var keys mdm.Keys
	for _, b := range []struct {
		f     field
		key   mdm.Key
		value string
	}{
		{fUserLogin, mdm.KeyUserLogin, d.UserLogin}, {fUserName, mdm.KeyUserName, d.UserName}, {fUserEmail, mdm.KeyUserEmail, d.UserEmail},
		{fUserID, mdm.KeyUserID, d.UserID}, {fEnrollmentProfile, mdm.KeyEnrolmentProfile, d.EnrollmentProfile},
		{fCategory, mdm.CustomKey(CategoryField), d.Category}, {fNotes, mdm.KeyNotes, d.Notes},
	} {
		if d.reported.has(b.f) && b.value == "" {
			keys = append(keys, b.key)
		}
	}
	return keys
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
