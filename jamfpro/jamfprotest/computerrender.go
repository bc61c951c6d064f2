package jamfprotest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// computerSections are the sections of all generations.
var computerSections = []string{
	"GENERAL", "DISK_ENCRYPTION", "PURCHASING", "APPLICATIONS", "STORAGE", "USER_AND_LOCATION", "CONFIGURATION_PROFILES", "PRINTERS",
	"SERVICES", "HARDWARE", "LOCAL_USER_ACCOUNTS", "CERTIFICATES", "ATTACHMENTS", "PACKAGE_RECEIPTS", "SECURITY", "OPERATING_SYSTEM",
	"LICENSED_SOFTWARE", "IBEACONS", "SOFTWARE_UPDATES", "EXTENSION_ATTRIBUTES", "CONTENT_CACHING", "GROUP_MEMBERSHIPS",
}

// oldSections are those that only v1 has.
var oldSections = []string{"PLUGINS", "FONTS"}

// painter writes records of one generation and release. It needs no lock.
type painter struct {
	*tables
	wire     Wire
	gen      int
	modern   bool // the release has what came between 11.7.1 and 11.23.2
	v1129    bool
	v1130    bool
	binary   string
	places   bool // the caller may see where lost devices are
	sections []string
}

func (c *call) painter(sections []string) painter {
	return painter{&c.f.tables, c.f.wire, c.gen, !c.version.less(r1123), !c.version.less(lenient), !c.version.less(r1130),
		c.version.text, c.may("View Mobile Device Lost Mode Location"), sections}
}

func (p painter) has(section string) bool { return slices.Contains(p.sections, section) }

// computer writes a Mac's record. Sections that were not asked for stay null.
func (p painter) computer(s *state) computer {
	c := computer{ID: strconv.Itoa(s.id), UDID: text(s.UDID)}
	p.data(s, &c)
	for section, list := range map[string]*[]struct{}{
		"PRINTERS": &c.Printers, "SERVICES": &c.Services, "LOCAL_USER_ACCOUNTS": &c.LocalUserAccounts, "CERTIFICATES": &c.Certificates,
		"ATTACHMENTS": &c.Attachments, "LICENSED_SOFTWARE": &c.LicensedSoftware, "IBEACONS": &c.Beacons, "SOFTWARE_UPDATES": &c.SoftwareUpdates,
	} {
		if p.has(section) {
			*list = []struct{}{}
		}
	}
	if p.gen == 1 {
		c.computerOld = &computerOld{}
	}
	return c
}

// data fills in the sections that have something to say.
func (p painter) data(s *state, c *computer) {
	for _, section := range p.sections {
		switch section {
		case "GENERAL":
			c.General = p.general(s)
		case "HARDWARE":
			c.Hardware = p.hardware(s)
		case "OPERATING_SYSTEM":
			c.OS = operatingSystemOf(s)
		case "USER_AND_LOCATION":
			c.User = &computerUser{text(s.username), text(s.realName), text(s.email), text(s.position), text(s.phone),
				text(s.department), text(s.building), text(s.room), []attribute{}}
		case "PURCHASING":
			c.Purchasing = computerPurchaseOf(s.purchase)
		case "STORAGE":
			c.Storage = storageOf(s)
		case "DISK_ENCRYPTION":
			c.Encryption = p.encryption(s)
		case "SECURITY":
			c.Security = p.security(s)
		case "APPLICATIONS":
			c.Applications = p.applications(s)
		case "GROUP_MEMBERSHIPS":
			c.Groups = p.memberships(s)
		case "EXTENSION_ATTRIBUTES":
			c.Attributes = []attribute{attributeOf(s, attributeCart, "Cart", "Charging cart", "POPUP", "Cart 1", "Cart 2")}
		case "CONFIGURATION_PROFILES":
			c.Profiles = []computerProfile{{"2", nil, stamp(s.Enrolled), false, "Wi-Fi", "com.example.wifi"}}
		case "PACKAGE_RECEIPTS":
			c.PackageReceipts = &packageReceipts{[]string{}, []string{}, []string{}}
		case "CONTENT_CACHING":
			c.ContentCaching = &struct{}{}
		}
	}
}

func (p painter) general(s *state) *computerGeneral {
	g := &computerGeneral{
		Name: s.Name, LastIP: text(s.IP), Binary: text(p.binary), Platform: "Mac", Barcode1: text(s.barcode1), Barcode2: text(s.barcode2),
		AssetTag: text(s.AssetTag), Remote: remoteManagement{Managed: s.Managed}, Supervised: s.Supervised,
		MDMCapable: mdmCapable{Capable: s.Managed, Users: []string{}},
		ReportDate: stamp(s.inventoried), LastEnrolled: stamp(s.Enrolled), ProfileExpires: profileExpiry(s), InitialEntry: date(s.Enrolled),
		EnrolmentMethod: enrolmentOf(s), Site: p.siteRef(s), Automated: s.Enrolment == fleet.Automated, UserApproved: s.Managed,
		Declarative: s.Managed, ManagementID: s.managementID, Attributes: []attribute{},
	}
	local := text("10.20." + strconv.Itoa(s.index>>8&0xff) + "." + strconv.Itoa(s.index&0xff))
	if s.LastSeen.IsZero() {
		g.Binary, local = nil, nil
	}
	if p.modern {
		g.reportedIPs = &reportedIPs{V4: local}
		if s.username != "" {
			g.MDMCapable.Users = []string{s.username}
			g.MDMCapable.Info = []userManagement{{s.username, uuid("user", s.username)}}
		}
	}
	if p.gen >= 4 {
		g.checkInV4 = &checkInV4{stamp(s.LastSeen), stamp(s.LastSeen)}
	} else {
		g.checkInV3 = &checkInV3{stamp(s.LastSeen), local}
	}
	return g
}

func enrolmentOf(s *state) *enrolmentMethod {
	switch {
	case s.Enrolled.IsZero():
		return nil
	case s.Profile != "":
		return &enrolmentMethod{"4", s.Profile, "PreStage enrollment"}
	}
	return &enrolmentMethod{"1", "", "User-initiated - no invitation"}
}

func (t *tables) siteRef(s *state) siteRef {
	if s.site == "" {
		return siteRef{"-1", "None"}
	}
	return siteRef{s.site, t.siteName(s.site)}
}

// adapters are the two network adapters: on every third Mac with Ethernet the
// Wi-Fi comes second. Addresses are in capitals.
func adapters(s *state) (kind, mac, altKind, altMAC string) {
	if s.WiFiMAC != "" {
		kind, mac = "IEEE80211", strings.ToUpper(s.WiFiMAC)
	}
	if len(s.EthernetMACs) == 0 {
		return kind, mac, "", ""
	}
	altKind, altMAC = "Ethernet", strings.ToUpper(s.EthernetMACs[0])
	if s.index%3 == 0 || mac == "" {
		return altKind, altMAC, kind, mac
	}
	return kind, mac, altKind, altMAC
}

func (p painter) hardware(s *state) *computerHardware {
	kind, mac, altKind, altMAC := adapters(s)
	h := &computerHardware{
		Make: text(s.Manufacturer), Model: text(s.Model), Identifier: text(s.Identifier), Serial: serialOf(s), Processors: 1, Cores: 8,
		ProcessorType: text("Apple M2"), Architecture: "arm64", AdapterType: text(kind), MAC: text(mac), AltAdapterType: text(altKind),
		AltMAC: text(altMAC), RAM: 16384, Battery: percent(s.Battery), NICSpeed: "n/a", BootROM: "11881.121.1", BLE: true, IOSApps: true,
		AppleSilicon: true, Attributes: []attribute{attributeOf(s, attributeDock, "Dock", "", "TEXT")},
	}
	if p.modern {
		h.batteryHealth = &batteryHealth{map[bool]string{true: "NORMAL", false: "UNSUPPORTED"}[s.Battery >= 0]}
		h.provisioning = &provisioning{text(fmt.Sprintf("00006030-%016X", 0xA1B2C3D4E0000+s.index))}
	}
	return h
}

func operatingSystemOf(s *state) *operatingSystem {
	os := &operatingSystem{Name: "macOS", Version: text(s.OSVersion), Build: text(build(s)), Supplemental: text(build(s)),
		ActiveDirectory: "Not Bound", UpdateDeviceID: text("J514sAP"), Attributes: []attribute{}}
	os.FileVault = text(map[bool]string{true: "ALL_ENCRYPTED", false: "NOT_ENCRYPTED"}[s.Encrypted])
	return os
}

// build makes up a build number that fits the version.
func build(s *state) string {
	major, _, _ := strings.Cut(s.OSVersion, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		return ""
	}
	return strconv.Itoa(n+9) + "F" + strconv.Itoa(70+len(s.OSVersion))
}

func computerPurchaseOf(p purchase) *computerPurchase {
	return &computerPurchase{p.Leased, p.Purchased, text(p.Order), date(p.Ordered), text(p.Vendor), date(p.Warranty), text(p.AppleCare),
		date(p.Lease), text(p.Price), p.Life, text(p.Account), text(p.Contact), []attribute{}}
}

const bootVolume = "Macintosh HD (Boot Partition)"

func storageOf(s *state) *storage {
	if s.Capacity == 0 {
		return &storage{Disks: []disk{}}
	}
	size, free := megabytes(s.Capacity), megabytes(s.Free)
	return &storage{&free, []disk{{
		"90", "disk0", "APPLE SSD AP0512Z", "5351.121", "0ba01d9a4c0e" + strconv.Itoa(1000+s.index%9000), size, "Verified", "false",
		[]partition{
			{bootVolume, size, free, "BOOT", 100 - free*100/size, encryptionState(s), nil, false},
			{"Preboot", size, free, "OTHER", 1, "UNENCRYPTED", nil, false}, // another volume of the same container
		},
	}}}
}

func encryptionState(s *state) string {
	if s.Encrypted {
		return "ENCRYPTED"
	}
	return "UNENCRYPTED"
}

func (p painter) encryption(s *state) *diskEncryption {
	e := &diskEncryption{Boot: bootEncryption{bootVolume, encryptionState(s), 0}, RecoveryKey: "NOT_APPLICABLE",
		Users: []string{}, Eligibility: "Eligible"}
	if s.Encrypted {
		e.Boot.Percent, e.RecoveryKey, e.Configuration = 100, "VALID", text("Staff FileVault")
		if s.username != "" {
			e.Users = []string{s.username}
		}
	}
	if p.modern {
		e.fileVault = &fileVault{s.Encrypted}
	}
	return e
}

func (p painter) security(s *state) *computerSecurity {
	c := &computerSecurity{SIP: "ENABLED", Gatekeeper: "APP_STORE_AND_IDENTIFIED_DEVELOPERS", XProtect: "5297", AutoLoginOff: true,
		ActivationLock: s.index%8 == 2, Firewall: s.index%2 == 0, SecureBoot: "FULL_SECURITY",
		ExternalBoot: "DISALLOW_BOOTING_FROM_EXTERNAL_MEDIA", Bootstrap: s.Managed, Escrowed: "ESCROWED"}
	if p.modern {
		c.attestation = &attestation{"SUCCESS", text("1970-01-01T00:00:00Z"), nil}
	}
	return c
}

func (p painter) applications(s *state) []computerApp {
	list := []computerApp{}
	for i, a := range s.Apps {
		app := computerApp{Name: a.Name + ".app", Path: "/Applications/" + a.Name + ".app", Version: a.Version, AppStore: a.Vendor == "Apple",
			Size: 40 + 7*i, Bundle: a.Identifier, External: text("0")}
		if p.gen >= 3 {
			app.bundleVersions = &bundleVersions{a.Version, a.Version + ".1"}
		}
		list = append(list, app)
	}
	return list
}

func (p painter) memberships(s *state) []computerMembership {
	list := []computerMembership{}
	for _, g := range p.memberOf(s) {
		m := computerMembership{ID: p.groupID(g), Name: g.name, Smart: g.smart}
		if p.modern {
			m.description = &description{g.notes}
		}
		list = append(list, m)
	}
	return list
}

// groupID is a text on most servers.
func (p painter) groupID(g group) any {
	if p.wire.NumericIDs {
		return g.id
	}
	return strconv.Itoa(g.id)
}

// serialOf is null on some Macs without a serial, and empty on others.
func serialOf(s *state) *string {
	if s.Serial == "" && s.index%2 == 1 {
		return nil
	}
	return &s.Serial
}

// attributeOf has each of the forms in which no value is written.
func attributeOf(s *state, definition, name, note, input string, options ...string) attribute {
	values := s.values[definition]
	if len(values) == 0 {
		values = [][]string{{}, {""}, nil}[s.index%3]
	}
	return attribute{definition, name, text(note), true, false, values, "STRING", append([]string{}, options...), input}
}

// stamp writes a time with a fraction of zero to three digits.
func stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return text(t.UTC().Format("2006-01-02T15:04:05.999Z"))
}

func date(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return text(t.UTC().Format(time.DateOnly))
}

// profileExpiry is two years after the enrolment or after a later renewal.
func profileExpiry(s *state) *string {
	t := s.Enrolled
	for !t.IsZero() && !t.After(s.LastSeen) {
		t = t.AddDate(2, 0, 0)
	}
	return stamp(t)
}

func megabytes(n int64) int64 { return n / 1_000_000 }

// percent is -1 for a device without a battery.
func percent(share float64) int {
	if share < 0 {
		return -1
	}
	return int(share*100 + 0.5)
}
