package intunetest

import "github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"

// Kind is what a device is to the table of actions.
type Kind uint8

// The kinds. The zero value is none of them.
const (
	KindUnknown       Kind = iota
	IOS                    // iPhones
	IPad                   // iPads
	Mac                    //
	TV                     // Apple TVs
	Windows                //
	AndroidFully           // COBO: fully managed
	AndroidDedicated       // COSU: dedicated, nobody's
	AndroidCorporate       // COPE: corporate, with a work profile
	AndroidPersonal        // BYOD: personal, with a work profile
	AndroidOpenSource      // AOSP
	ChromeOS               //
)

// classify says what a device of the fleet is, how it was enrolled, and
// whether it belongs to a person.
func classify(dev fleet.Device, index int) (k Kind, enrolment string, personal bool) {
	switch dev.Platform {
	case fleet.MacOS:
		k = Mac
	case fleet.TVOS:
		k = TV
	case fleet.IOS:
		k = IOS
	case fleet.IPadOS:
		k = IPad
	case fleet.Windows:
		return Windows, "windowsAzureADJoin", false
	case fleet.Android:
		return androidKind(index)
	}
	personal = !dev.Supervised && dev.Enrolment == fleet.Manual && dev.Owner != "" && (k == IOS || k == IPad)
	switch {
	case personal:
		return k, "userEnrollment", true
	case dev.Enrolment == fleet.Automated && dev.Owner != "":
		return k, "appleBulkWithUser", false
	case dev.Enrolment == fleet.Automated || dev.Enrolment == fleet.Configurator:
		return k, "appleBulkWithoutUser", false
	}
	return k, "userEnrollment", false
}

func androidKind(index int) (Kind, string, bool) {
	switch index % 5 {
	case 0:
		return AndroidDedicated, "androidEnterpriseDedicatedDevice", false
	case 1:
		return AndroidFully, "androidEnterpriseFullyManaged", false
	case 2:
		return AndroidCorporate, "androidEnterpriseCorporateWorkProfile", false
	case 3:
		return AndroidPersonal, "userEnrollment", true
	}
	return AndroidOpenSource, "androidAOSPUserOwnedDeviceEnrollment", false
}

// set is a set of kinds.
type set uint16

func of(kinds ...Kind) set {
	var s set
	for _, k := range kinds {
		s |= 1 << k
	}
	return s
}

func (s set) has(k Kind) bool { return s&(1<<k) != 0 }

// SetKind makes a device one of another kind, with the ownership and the way
// of enrolment that go with it. The id must exist.
func (f *Fake) SetKind(id string, k Kind) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.byID[id]
	d.kind = k
	d.personal = k == AndroidPersonal
	words := map[Kind]string{
		Windows: "windowsAzureADJoin", AndroidFully: "androidEnterpriseFullyManaged", AndroidDedicated: "androidEnterpriseDedicatedDevice",
		AndroidCorporate: "androidEnterpriseCorporateWorkProfile", AndroidPersonal: "userEnrollment",
		AndroidOpenSource: "androidAOSPUserOwnedDeviceEnrollment", ChromeOS: "unknown",
	}
	if d.enrolment = words[k]; d.enrolment == "" {
		d.enrolment = "appleBulkWithoutUser"
	}
}

// SetOwner says whether a device is personal and, of Apple's, whether it is
// supervised. The id must exist.
func (f *Fake) SetOwner(id string, personal, supervised bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.byID[id]
	d.personal, d.Supervised = personal, supervised
}

// Kind says what a device is; KindUnknown = there is no such device.
func (f *Fake) Kind(id string) Kind {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.byID[id]; d != nil {
		return d.kind
	}
	return KindUnknown
}
