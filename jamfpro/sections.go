package jamfpro

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// Section is a part of a record that has to be asked for.
type Section string

// The sections that this client reads. Some are known of computers or of mobile
// devices only.
//
// Source: reference/jamfpro.md 2.7
const (
	SectionGeneral       Section = "GENERAL"
	SectionHardware      Section = "HARDWARE"
	SectionOS            Section = "OPERATING_SYSTEM" // computers
	SectionUser          Section = "USER_AND_LOCATION"
	SectionStorage       Section = "STORAGE"         // computers
	SectionEncryption    Section = "DISK_ENCRYPTION" // computers
	SectionSecurity      Section = "SECURITY"
	SectionPurchasing    Section = "PURCHASING"
	SectionMemberships   Section = "GROUP_MEMBERSHIPS"     // computers
	SectionGroups        Section = "GROUPS"                // mobile devices
	SectionNetwork       Section = "NETWORK"               // mobile devices
	SectionSubscriptions Section = "SERVICE_SUBSCRIPTIONS" // mobile devices
	SectionAttributes    Section = "EXTENSION_ATTRIBUTES"
	SectionApplications  Section = "APPLICATIONS" // most of a record
)

// computerSections and mobileSections are what an inventory needs, without
// the applications.
var (
	computerSections = []Section{SectionGeneral, SectionHardware, SectionOS, SectionUser, SectionStorage,
		SectionEncryption, SectionSecurity, SectionPurchasing, SectionMemberships, SectionAttributes}
	mobileSections = []Section{SectionGeneral, SectionHardware, SectionUser, SectionNetwork, SectionSubscriptions,
		SectionSecurity, SectionPurchasing, SectionGroups, SectionAttributes}
)

// usualSections returns what a listing asks for unless it is told otherwise.
func usualSections(kind DeviceKind) []Section {
	if kind == Computer {
		return computerSections
	}
	return mobileSections
}

// need is which sections tell an attribute. Sections that a kind of device
// does not have are left out.
var needs = []struct {
	keys     mdm.Keys
	sections []Section
}{
	{mdm.Keys{mdm.KeySerial, mdm.KeyMAC, mdm.KeyMACWiFi, mdm.KeyMACEthernet, mdm.KeyMACBluetooth, mdm.KeyAdapter, mdm.KeyIP, mdm.KeyManufacturer,
		mdm.KeyModel, mdm.KeyModelID, mdm.KeyPartNumber, mdm.KeyMemoryTotal, mdm.KeyBattery}, []Section{SectionHardware}},
	{mdm.Keys{mdm.KeyOSName, mdm.KeyOSVersion, mdm.KeyOSBuild}, []Section{SectionOS, SectionHardware}},
	{mdm.Keys{mdm.KeyUserName, mdm.KeyUserLogin, mdm.KeyUserEmail, mdm.KeyDepartment, mdm.KeyBuilding, mdm.KeyRoom}, []Section{SectionUser}},
	{mdm.Keys{mdm.KeyStorageTotal, mdm.KeyStorageFree}, []Section{SectionStorage, SectionHardware}},
	{mdm.Keys{mdm.KeyEncrypted}, []Section{SectionEncryption, SectionOS, SectionSecurity}},
	{mdm.Keys{mdm.KeyActivationLock, mdm.KeyPasscode, mdm.KeyPasscodeCompliant, mdm.KeyJailbroken, mdm.KeyLostMode}, []Section{SectionSecurity}},
	{mdm.Keys{mdm.KeyPurchaseDate, mdm.KeyWarrantyEnd, mdm.KeyPurchaseVendor, mdm.KeyPurchaseOrder, mdm.KeyPurchasePrice}, []Section{SectionPurchasing}},
	{mdm.Keys{mdm.KeyGroups}, []Section{SectionMemberships, SectionGroups}},
	{mdm.Keys{mdm.KeyIMEI, mdm.KeyMEID, mdm.KeyEID, mdm.KeySIMICCID, mdm.KeySIMPhone, mdm.KeySIMCarrier}, []Section{SectionNetwork, SectionSubscriptions}},
	{mdm.Keys{mdm.KeyCustom}, []Section{SectionHardware, SectionOS, SectionUser, SectionPurchasing, SectionAttributes}},
	{mdm.Keys{mdm.KeyLink}, []Section{SectionHardware}},
}

// sectionsFor returns the sections that tell the wanted attributes. GENERAL is
// always there; of mobile devices HARDWARE too, which tells what sort of device
// it is.
func sectionsFor(kind DeviceKind, want mdm.Keys) []Section {
	usual := usualSections(kind)
	if len(want) == 0 {
		return usual
	}
	needed := map[Section]bool{SectionGeneral: true, SectionHardware: kind == MobileDevice}
	for _, key := range want {
		if strings.HasPrefix(string(key), mdm.RawPrefix) {
			return usual
		}
		if strings.HasPrefix(string(key), mdm.CustomPrefix) {
			key = mdm.KeyCustom
		}
		for _, n := range needs {
			if n.keys.Has(key) {
				for _, s := range n.sections {
					needed[s] = true
				}
			}
		}
	}
	var sections []Section
	for _, s := range usual {
		if needed[s] {
			sections = append(sections, s)
		}
	}
	return sections
}

// addSections asks for sections, each in a parameter of its own.
func addSections(q url.Values, sections []Section) {
	for _, s := range sections {
		q.Add("section", string(s))
	}
}

// known refuses a section that a kind of device does not have, which the
// server would refuse with the whole list.
func known(kind DeviceKind, sections []Section) bool {
	usual := append(slices.Clone(usualSections(kind)), SectionApplications)
	return !slices.ContainsFunc(sections, func(s Section) bool { return !slices.Contains(usual, s) })
}
