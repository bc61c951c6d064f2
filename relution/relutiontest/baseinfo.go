package relutiontest

import (
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// baseFields are the fields of the light list of devices.
var baseFields = schemaOf(map[kind]string{
	text: `uuid organizationUuid name description manufacturer model osVersion securityPatchLevel serialNumber imei
		msisdn deviceId userUuid userName userGivenName userSurname userEmail deletedBy lastIpAddress
		lastIpAddressCountry wifiMac ethernetMac custom1 custom2 custom3 custom4 custom5 loanToName
		applePendingVersion simSlots.imei simSlots.meid simSlots.iccId simSlots.phoneNumber simSlots.carrierName
		simSlots.eid deviceGroups.uuid deviceGroups.name policies.policyUuid policies.name`,
	enum: `status deviceConnectionState platform enrollmentType autoEnrollmentType osEdition windowsVersion
		ownership lostModeStatus deviceGroups.type deviceGroups.scope deviceGroups.platform policies.state`,
	date: `lastConnectionDate lastCompanionConnectionDate enrollmentDate creationDate deletionDate loanUntil
		identityCertExpirationDate`,
	number: `batteryLevel openActions complianceNoticeCount complianceViolatedCount deviceGroups.deviceCount`,
	flag: `isDep supervised multiUser fdeEnabled hasBootstrapToken roaming lendingExceeded isMDMLostModeEnabled
		isMultiUser`,
	many: `simSlots deviceGroups policies executedPolicies appleAvailableUpdates androidAvailableUpdates
		iosAvailableUpdates`,
})

// onRequest are the lists that may be filled only when fields names them.
var onRequest = []string{"deviceGroups", "simSlots", "policies"}

// baseInfo renders a device for the light list. The caller holds the lock.
func (f *Fake) baseInfo(d *device) {
	if d.rendered == d.state && d.epoch == f.epoch {
		return
	}
	s := d.state
	o := object{
		"uuid": s.uuid, "name": orNull(s.Name), "description": orNull(s.description), "status": s.status,
		"platform": s.platform, "enrollmentType": s.enrolled, "autoEnrollmentType": f.programme(s),
		"isDep": autoEnrolment(s) == "DEP", "ownership": s.ownership, "deviceId": f.deviceID(s),
		"enrollmentDate": millis(s.Enrolled), "lastConnectionDate": millis(s.LastSeen),
		"lastCompanionConnectionDate": nil, "deletedBy": orNull(s.deletedBy), "deletionDate": millis(s.deleted),
		"openActions": f.open(s.uuid), "complianceNoticeCount": 0, "complianceViolatedCount": s.violations,
		"policies": []object{}, "executedPolicies": []object{}, "roaming": false,
		"loanToName": orNull(s.loanTo), "loanUntil": millis(s.loanUntil),
		"lendingExceeded": s.loanTo != "" && s.loanUntil.Before(f.Now()), "multiUser": s.shared(),
		"identityCertExpirationDate": millis(s.Enrolled.AddDate(5, 0, 0)),
	}
	for i, value := range s.custom {
		o["custom"+string(rune('1'+i))] = orNull(value)
	}
	f.person(o, s)
	f.hardware(o, s)
	if f.version.modern() {
		f.modernBase(o, s)
	} else {
		o["msisdn"], o["isMDMLostModeEnabled"], o["iosAvailableUpdates"] = orNull(phone(s)), s.lost == "ENABLED", []object{}
		delete(o, "multiUser")
		o["isMultiUser"] = s.shared()
	}
	d.base, d.raw, d.rendered, d.epoch = o, encode(f.withoutLists(o)), s, f.epoch
}

// withoutLists empties what is filled only on request.
func (f *Fake) withoutLists(o object) object {
	if !f.wire.GroupsOnRequest {
		return o
	}
	some := object{}
	for name, v := range o {
		some[name] = v
	}
	for _, name := range onRequest {
		some[name] = nil
	}
	return some
}

// modernBase adds what only modern servers say.
func (f *Fake) modernBase(o object, s *state) {
	o["organizationUuid"], o["deviceConnectionState"] = s.org, "NORMAL"
	o["creationDate"], o["lostModeStatus"] = millis(s.created), s.lost
	o["applePendingVersion"], o["appleAvailableUpdates"], o["androidAvailableUpdates"] = nil, []object{}, []object{}
	o["lastIpAddress"], o["lastIpAddressCountry"] = nil, nil
	o["ethernetMac"], o["osEdition"], o["windowsVersion"] = nil, nil, nil
	o["deviceGroups"] = f.groupsOf(s)
	if s.pending() {
		return
	}
	o["lastIpAddress"], o["lastIpAddressCountry"] = orNull(s.IP), "DE"
	o["ethernetMac"] = orNull(first(s.EthernetMACs))
	if s.Platform == fleet.Windows {
		o["osEdition"], o["windowsVersion"] = "EDUCATION", windowsRelease(s)
	}
}

// person says who uses the device. Older servers name a pseudo user when
// nobody does.
func (f *Fake) person(o object, s *state) {
	o["userName"] = nil
	if s.user != nil {
		o["userName"] = s.user.Username
	} else if !f.version.modern() || f.wire.DeviceUser {
		o["userName"] = f.organisation(s.org).name + " Device User"
	}
	if !f.version.modern() {
		return
	}
	o["userUuid"], o["userGivenName"], o["userSurname"], o["userEmail"] = nil, nil, nil, nil
	if u := s.user; u != nil {
		o["userUuid"], o["userGivenName"], o["userSurname"], o["userEmail"] = u.uuid, u.First, u.Last, u.Email
	}
}

// hardware says what the device is. Of pending devices nothing is known.
func (f *Fake) hardware(o object, s *state) {
	for _, name := range []string{
		"manufacturer", "model", "osVersion", "securityPatchLevel", "serialNumber", "imei", "wifiMac", "batteryLevel",
		"supervised", "fdeEnabled", "hasBootstrapToken",
	} {
		o[name] = nil
	}
	o["simSlots"] = []object{}
	if s.pending() {
		return
	}
	o["manufacturer"], o["model"], o["osVersion"] = s.Manufacturer, s.Identifier, s.OSVersion
	o["serialNumber"], o["wifiMac"], o["batteryLevel"] = serial(s), orNull(wifi(s)), f.battery(s)
	o["simSlots"] = f.slots(s)
	if len(s.SIMs) > 0 && s.enrolled != "IOS_USER_ENROLLMENT" {
		o["imei"] = spaced(s.SIMs[0].IMEI)
	}
	switch s.Platform {
	case fleet.Android:
		o["securityPatchLevel"] = "2026-02-01"
	case fleet.MacOS:
		o["fdeEnabled"], o["hasBootstrapToken"], o["supervised"] = s.Encrypted, true, s.Supervised
	case fleet.IPadOS, fleet.IOS, fleet.TVOS:
		o["supervised"] = s.Supervised
	}
}

// serial is null for personal devices, and text otherwise, junk included.
func serial(s *state) any {
	if personal(s) {
		return nil
	}
	return orNull(s.Serial)
}

// battery is a fraction; older servers have percent for Android's older kind.
// Devices without one say null, or -1.
func (f *Fake) battery(s *state) any {
	percent := s.platform == "ANDROID" && !f.version.modern() || s.Platform == fleet.Android && f.wire.PercentBattery
	switch {
	case s.Battery < 0 && s.Platform == fleet.TVOS:
		return -1
	case s.Battery < 0:
		return nil
	case percent:
		return int(s.Battery*100 + 0.5)
	}
	return s.Battery
}

// wifi is written as the platform writes it.
func wifi(s *state) string {
	if s.Platform == fleet.Windows {
		return strings.ToUpper(strings.ReplaceAll(s.WiFiMAC, ":", "-"))
	}
	return s.WiFiMAC
}

// slots are the SIM slots; older servers know the numbers only.
func (f *Fake) slots(s *state) []object {
	list := []object{}
	for i, sim := range s.SIMs {
		slot := object{"imei": spaced(sim.IMEI), "meid": nil}
		if f.version.modern() {
			slot["iccId"], slot["phoneNumber"], slot["carrierName"] = orNull(sim.ICCID), orNull(sim.Phone), orNull(sim.Carrier)
			slot["eid"], slot["label"], slot["labelId"], slot["slot"] = orNull(sim.EID), nil, nil, "CTSubscriptionSlot"+[]string{"One", "Two"}[min(i, 1)]
			slot["roaming"], slot["dataPreferred"], slot["voicePreferred"] = false, i == 0, i == 0
		}
		list = append(list, slot)
	}
	return list
}

// spaced writes an IMEI in groups, as Apple does.
func spaced(imei string) any {
	if len(imei) != 15 {
		return orNull(imei)
	}
	return imei[:2] + " " + imei[2:8] + " " + imei[8:14] + " " + imei[14:]
}

func phone(s *state) string {
	if len(s.SIMs) == 0 {
		return ""
	}
	return s.SIMs[0].Phone
}

func windowsRelease(s *state) string {
	if strings.HasPrefix(s.OSVersion, "10.0.22631") {
		return "V_23H2_11"
	}
	return "V_24H2_11"
}

// deviceID is what Windows calls the device; others have none.
func (f *Fake) deviceID(s *state) any {
	if s.Platform != fleet.Windows || s.pending() {
		return nil
	}
	return strings.ReplaceAll(uuid("windows", s.uuid), "-", "")
}

// programme is autoEnrolment as the release knows it: older servers know of
// Apple's and Samsung's.
func (f *Fake) programme(s *state) any {
	kind := autoEnrolment(s)
	if kind == "AUTOPILOT" && !f.version.modern() {
		return nil
	}
	return kind
}

// autoEnrolment is the kind of automatic enrolment; null = none.
func autoEnrolment(s *state) any {
	switch {
	case s.Enrolment != fleet.Automated:
		return nil
	case s.Platform == fleet.Windows:
		return "AUTOPILOT"
	case s.Platform == fleet.Android:
		return "KME"
	}
	return "DEP"
}

// millis writes a time as the server does; null = never.
func millis(t time.Time) any {
	if t.Year() < 1971 {
		return nil
	}
	return t.UnixMilli()
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
