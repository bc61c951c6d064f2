package jamfprotest

import (
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

var mobileSections = []string{
	"GENERAL", "HARDWARE", "USER_AND_LOCATION", "PURCHASING", "SECURITY", "APPLICATIONS", "EBOOKS", "NETWORK", "SERVICE_SUBSCRIPTIONS",
	"CERTIFICATES", "PROFILES", "USER_PROFILES", "PROVISIONING_PROFILES", "SHARED_USERS", "GROUPS", "EXTENSION_ATTRIBUTES",
}

// MarshalJSON writes 35 as 35.0.
func (d decimal) MarshalJSON() ([]byte, error) {
	return []byte(strconv.FormatFloat(float64(d), 'f', 1, 64)), nil
}

// mobile writes a record of the list of details.
func (p painter) mobile(s *state, damage Damage) any {
	base := mobileBase{ID: s.idText(), Type: "iOS"}
	if s.Platform == fleet.TVOS {
		base.Type = "tvOS"
	}
	switch {
	case damage == Nowhere:
		base.Type = "Unknown"
		return base
	case damage == Broken:
		p.sections = nil
	}
	p.base(s, &base)
	if s.Platform == fleet.TVOS {
		return p.tv(s, base)
	}
	return p.ios(s, base)
}

// base fills in the sections that all kinds have.
func (p painter) base(s *state, b *mobileBase) {
	if p.has("HARDWARE") {
		b.Hardware = p.mobileHardware(s)
	}
	if p.has("USER_AND_LOCATION") {
		b.User = p.mobileUser(s)
	}
	if p.has("APPLICATIONS") {
		b.Applications = p.mobileApps(s)
	}
	if p.has("GROUPS") && p.modern {
		b.Groups = p.mobileGroups(s)
	}
	b.Certificates, b.Profiles = p.blank("CERTIFICATES"), p.blank("PROFILES")
	if p.has("EXTENSION_ATTRIBUTES") {
		b.Attributes = []mobileAttribute{}
	}
}

// blank is an empty list if the section was asked for, and else null.
func (p painter) blank(section string) []struct{} {
	if p.has(section) {
		return []struct{}{}
	}
	return nil
}

func (p painter) ios(s *state, base mobileBase) mobileIOS {
	m := mobileIOS{mobileBase: base, EBooks: p.blank("EBOOKS"), Provisioning: p.blank("PROVISIONING_PROFILES"),
		SharedUsers: p.blank("SHARED_USERS"), UserProfiles: p.blank("USER_PROFILES")}
	if p.has("GENERAL") {
		m.General = &generalIOS{mobileGeneral: p.mobileGeneral(s), SyncedToComputer: -1, MaximumUsers: -1}
	}
	if p.has("PURCHASING") {
		m.Purchasing = mobilePurchaseOf(s.purchase)
	}
	if p.has("SECURITY") {
		m.Security = p.mobileSecurity(s)
	}
	if p.has("NETWORK") {
		m.Network = networkOf(s)
	}
	if p.has("SERVICE_SUBSCRIPTIONS") {
		m.Subscriptions = subscriptionsOf(s)
	}
	return m
}

const airPlaySecret = "airplay-s3cret"

func (p painter) tv(s *state, base mobileBase) mobileTV {
	m := mobileTV{mobileBase: base, UserProfiles: p.blank("USER_PROFILES")}
	if p.has("GENERAL") {
		m.General = &generalTV{p.mobileGeneral(s), airPlaySecret, "de", "de_DE"}
	}
	if p.has("PURCHASING") {
		m.Purchasing = mobilePurchaseOf(s.purchase)
	}
	return m
}

func (p painter) mobileGeneral(s *state) mobileGeneral {
	g := mobileGeneral{
		UDID: s.UDID, Name: text(s.Name), AssetTag: s.AssetTag, Site: orNone(s.site, s.index), Inventory: stamp(s.inventoried),
		OSVersion: s.OSVersion, Build: build(s), Supplemental: build(s), UpdateDeviceID: "J181AP", IP: s.IP, Managed: s.Managed,
		Supervised: s.Supervised, Ownership: "Institutional", LastEnrolled: stamp(s.Enrolled), ProfileExpires: profileExpiry(s),
		TimeZone: s.timeZone, Declarative: s.Managed, Attributes: mobileAttributes(s),
	}
	if s.Enrolment == fleet.Automated && s.Profile != "" {
		g.Prestage = &prestage{"2", s.Profile}
	}
	if p.v1130 {
		g.lastContact = &lastContact{stamp(s.LastSeen)}
	}
	if p.modern {
		g.managementRef = &managementRef{s.managementID}
	}
	return g
}

// orNone is an id, or one of the forms in which none is written.
func orNone(id string, index int) *string {
	switch {
	case id != "":
		return &id
	case index%2 == 0:
		return nil
	}
	return text("-1")
}

// mobileAttributes has an empty text for an attribute without a value.
func mobileAttributes(s *state) []mobileAttribute {
	values := s.values[attributeMobile]
	if len(values) == 0 {
		values = []string{""}
	}
	return []mobileAttribute{{attributeMobile, "Cart", "STRING", values, false, "General"}}
}

func (p painter) mobileHardware(s *state) *mobileHardware {
	h := &mobileHardware{
		Battery: percent(s.Battery), Serial: s.Serial, WiFi: strings.ToUpper(s.WiFiMAC), Bluetooth: strings.ToUpper(s.BluetoothMAC),
		Model: s.Model, Identifier: s.Identifier, Number: "MK2K3FD", BLE: true, Attributes: []mobileAttribute{},
	}
	if len(s.SIMs) > 0 {
		h.Modem = "4.20.03"
	}
	if p.modern {
		h.batteryHealth = &batteryHealth{"UNKNOWN"}
	}
	if s.Capacity > 0 {
		size, free := megabytes(s.Capacity), megabytes(s.Free)
		used := 100 - free*100/size
		h.Capacity, h.Free, h.Used = &size, &free, &used
	}
	return h
}

func (p painter) mobileUser(s *state) *mobileUser {
	return &mobileUser{s.username, s.realName, s.email, s.position, s.phone, orNone(s.department, s.index), orNone(s.building, s.index),
		s.room, p.buildingName(s.building), departmentName(s.department), []mobileAttribute{}}
}

func (p painter) mobileApps(s *state) []mobileApp {
	list := []mobileApp{}
	for i, a := range s.Apps {
		app := mobileApp{Identifier: a.Identifier, Name: a.Name, Version: strconv.Itoa(7000 + i), Short: a.Version, Management: "Managed",
			Valid: true, Bundle: strconv.Itoa(1024 * (i + 1)), Dynamic: "0"}
		if p.v1129 {
			app.appClip = &appClip{}
		}
		list = append(list, app)
	}
	return list
}

func (p painter) mobileGroups(s *state) []mobileGroupRef {
	list := []mobileGroupRef{}
	for _, g := range p.memberOf(s) {
		list = append(list, mobileGroupRef{p.groupID(g), g.name, g.notes, g.smart})
	}
	return list
}

// spaced writes an IMEI with blanks: 2, 6, 6 and the rest.
func spaced(imei string) string {
	if len(imei) != 15 {
		return imei
	}
	return imei[:2] + " " + imei[2:8] + " " + imei[8:14] + " " + imei[14:]
}

// inFours writes an ICCID with blanks.
func inFours(iccid string) string {
	var b strings.Builder
	for i, r := range iccid {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// meid is an IMEI without its check digit.
func meid(sim fleet.SIM) string {
	if len(sim.IMEI) != 15 {
		return ""
	}
	return sim.IMEI[:14]
}

func networkOf(s *state) *mobileNetwork {
	if len(s.SIMs) == 0 {
		return &mobileNetwork{}
	}
	sim := s.SIMs[0]
	n := &mobileNetwork{Technology: "GSM", IMEI: spaced(sim.IMEI), ICCID: inFours(sim.ICCID), MEID: meid(sim), EID: sim.EID,
		CarrierSettings: "63.0", CurrentCarrier: sim.Carrier, HomeCarrier: sim.Carrier, Phone: sim.Phone}
	if sim.Carrier != "" {
		n.CurrentCountry, n.CurrentNetwork, n.HomeCountry, n.HomeNetwork = "262", "01", "262", "01"
	}
	return n
}

func subscriptionsOf(s *state) []subscription {
	list := []subscription{}
	for i, sim := range s.SIMs {
		sub := subscription{Slot: "CTSubscriptionSlotOne", Label: "Primary", IMEI: spaced(sim.IMEI), ICCID: inFours(sim.ICCID),
			MEID: meid(sim), EID: sim.EID, Phone: strings.ReplaceAll(sim.Phone, " ", ""), Data: i == 0, Voice: i == 0}
		if i > 0 {
			sub.Slot, sub.Label = "CTSubscriptionSlotTwo", "Secondary"
		}
		list = append(list, sub)
	}
	return list
}

func (p painter) mobileSecurity(s *state) *mobileSecurity {
	sec := &mobileSecurity{DataProtected: s.Encrypted && s.Passcode, Block: true, File: true, Passcode: s.Passcode, Compliant: s.Passcode,
		WithProfile: true, Encryption: 3, ActivationLock: s.index%8 == 2}
	if p.modern {
		sec.bootstrap = &bootstrap{"NOT_SUPPORTED"}
	}
	if s.lost != nil {
		sec.LostMode, sec.LostMessage, sec.LostPhone, sec.LostFootnote = true, s.lost.message, s.lost.phone, s.lost.footnote
	}
	if s.lost != nil && p.places {
		sec.Location = &place{*stamp(s.LastSeen.Add(time.Millisecond)), 35, 4.2, 41.5, -1, -1, s.LastSeen.UTC().Format("2006-01-02 15:04:05 UTC")}
	}
	return sec
}

func mobilePurchaseOf(p purchase) *mobilePurchase {
	return &mobilePurchase{p.Purchased, p.Leased, p.Order, p.Vendor, p.AppleCare, p.Price, p.Account,
		stamp(p.Ordered), stamp(p.Warranty), stamp(p.Lease), p.Life, p.Contact, []mobileAttribute{}}
}

// listed writes a device of the short list.
func listed(s *state) listedMobile {
	m := listedMobile{ID: s.idText(), Name: text(s.Name), Serial: s.Serial, WiFi: text(strings.ToUpper(s.WiFiMAC)), UDID: s.UDID, Model: s.Model,
		Identifier: text(s.Identifier), Username: text(s.username), Type: typeOf(s), ManagementID: s.managementID, UpdateDeviceID: text("J181AP")}
	if len(s.SIMs) > 0 {
		m.Phone = text(s.SIMs[0].Phone)
	}
	return m
}

// typeOf is the word in small letters.
func typeOf(s *state) string {
	if s.Platform == fleet.TVOS {
		return "tvos"
	}
	return "ios"
}
