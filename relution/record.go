package relution

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/apple"
	"github.com/mdmlink/mdmlink/mdm"
)

// Record returns the neutral form of the device.
//
// Source: reference/relution.md 9
func (d *Device) Record() mdm.Record {
	class, platform := d.classify()
	r := mdm.Record{
		Origin: d.origin, ID: d.SourceID(), Class: class, Platform: platform, PlatformText: d.Platform,
		Name: d.Name, HostName: d.HostName, Serial: d.SerialNumber, UDID: d.UDID, ManagementID: d.DeviceID, DirectoryID: d.EntraID,
		Interfaces: d.interfaces(), MEID: d.MEID, Manufacturer: d.Manufacturer,
		Model: d.Model, ModelID: d.ModelID, PartNumber: d.PartNumber,
		OS:      mdm.OS{Version: d.OSVersion, Build: d.OSBuild, Patch: d.OSPatch},
		Memory:  mdm.Capacity{Total: d.MemoryTotal},
		Storage: mdm.Capacity{Total: d.StorageTotal, Free: d.StorageFree}, ExternalStorage: mdm.Capacity{Free: d.ExternalFree}, Battery: d.Battery,
		Flags: mdm.Flags{Managed: d.managed(), Supervised: d.Supervised, Passcode: d.Passcode, PasscodeCompliant: d.PasscodeOK,
			Encrypted: d.Encrypted, Compliant: d.compliant(), Jailbroken: d.Jailbroken, LostMode: d.LostMode, ActivationLock: d.ActivationLock},
		Ownership: d.ownership(), Enrolment: mdm.Enrolment{Method: d.method(), At: d.Enrolled, Source: d.AutoEnrolment},
		Added: d.Created, Status: d.status(), LastSeen: d.LastContact,
		User:     mdm.User{ID: d.UserUUID, Name: d.UserName, Login: d.UserLogin, Email: d.UserEmail},
		AssetTag: d.asset, Notes: d.Description, Custom: d.custom(),
		Link: d.link, LinkTarget: d.target, Blank: slices.Clone(d.blank),
	}
	if d.OSVersion != "" {
		r.OS.Name = platform.String()
	}
	if org := strings.ToUpper(d.OrganizationUUID); d.origin.Tenant != "" && org != d.origin.Tenant {
		r.Site.ID = org // of an organisation below the tenant
	}
	for _, g := range d.Groups {
		r.Groups = append(r.Groups, g.Name)
	}
	d.subscriptions(&r)
	return r
}

func (d *Device) custom() map[string]string {
	custom := map[string]string{}
	for i, text := range d.Custom {
		if text != "" {
			custom[customName(i)] = text
		}
	}
	if d.LoanTo != "" {
		custom["loan_to"] = d.LoanTo
	}
	if len(custom) == 0 {
		return nil
	}
	return custom
}

func (d *Device) ownership() mdm.Ownership {
	switch d.Ownership {
	case "COD":
		return mdm.OwnershipOrganisation
	case "BYOD":
		return mdm.OwnershipPersonal
	}
	return mdm.OwnershipUnknown
}

func (d *Device) method() mdm.EnrolmentMethod {
	switch {
	case d.Automated == mdm.Yes:
		return mdm.EnrolmentAutomated
	case strings.HasSuffix(d.Enrollment, "_USER_ENROLLMENT"):
		return mdm.EnrolmentUser
	}
	return mdm.EnrolmentUnknown
}

// platforms maps the server's words to class and platform.
var platforms = map[string]struct {
	class    mdm.Class
	platform mdm.Platform
}{
	"IOS": {mdm.ClassUnknown, mdm.PlatformIOS}, "TVOS": {mdm.ClassTV, mdm.PlatformTVOS}, "MACOS": {mdm.ClassComputer, mdm.PlatformMacOS},
	"VISIONOS": {mdm.ClassHeadset, mdm.PlatformVisionOS}, "WATCHOS": {mdm.ClassWatch, mdm.PlatformWatchOS},
	"ANDROID": {mdm.ClassUnknown, mdm.PlatformAndroid}, "ANDROID_ENTERPRISE": {mdm.ClassUnknown, mdm.PlatformAndroid},
	"WINDOWS": {mdm.ClassComputer, mdm.PlatformWindows}, "CHROMEOS": {mdm.ClassComputer, mdm.PlatformChromeOS}, "LINUX": {mdm.ClassComputer, mdm.PlatformLinux},
}

// classify reads the sort of device from the platform. iPads are of the
// platform IOS, too.
//
// Source: reference/relution.md 11, row 19
func (d *Device) classify() (mdm.Class, mdm.Platform) {
	known := platforms[d.Platform]
	if known.platform != mdm.PlatformIOS {
		return known.class, known.platform
	}
	if class, platform := apple.Family(d.ModelID, d.Model); platform == mdm.PlatformIOS || platform == mdm.PlatformIPadOS {
		return class, platform
	}
	return known.class, known.platform
}
