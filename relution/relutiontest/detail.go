package relutiontest

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// fullFields are the fields of the full object that lists can be filtered and
// sorted by. Details depend on the platform.
var fullFields = schemaOf(map[kind]string{
	text: `uuid organizationUuid name description comment manufacturer model deviceType os serialNumber imei meid
		msisdn deviceId externalId pushUdid enrollmentIdentifier exchangeDeviceId user userName windowsVersion
		deletedBy custom1 custom2 custom3 custom4 custom5`,
	enum: `status deviceConnectionState platform enrollmentType osEdition ownership`,
	date: `lastConnectionDate lastCompanionConnectionDate lastClientAppConnectionDate lastDeviceDetailsRefreshDate
		enrollmentDate creationDate modificationDate deletedDate identityCertExpirationDate`,
	number:   `complianceNoticeCount complianceViolatedCount`,
	flag:     `jailbroken roaming iotDevice simulated migrated awaitingConfiguration enrolledInAndroidManagement`,
	many:     `simSlots policies executedPolicies installedApps managedApps installedCertificates`,
	anything: `details`,
})

// full renders the whole object of a device.
func (f *Fake) full(d *device) object {
	s := d.state
	o := object{
		"uuid": s.uuid, "organizationUuid": s.org, "name": orNull(s.Name), "description": orNull(s.description),
		"comment": orNull(s.remark), "status": s.status, "platform": s.platform, "enrollmentType": s.enrolled,
		"manufacturer": nil, "model": nil, "deviceType": nil, "os": nil, "serialNumber": nil, "imei": nil, "meid": nil,
		"deviceId": f.deviceID(s), "externalId": nil, "exchangeDeviceId": nil, "pushUdid": nil,
		"enrollmentIdentifier": f.identifier(s), "ownership": s.ownership, "user": f.role(s),
		"lastConnectionDate": millis(s.LastSeen), "lastCompanionConnectionDate": nil, "lastClientAppConnectionDate": nil,
		"lastDeviceDetailsRefreshDate": millis(s.refreshed), "enrollmentDate": millis(s.Enrolled),
		"creationDate": millis(s.created), "modificationDate": millis(s.modified),
		"deletedBy": orNull(s.deletedBy), "deletedDate": millis(s.deleted), "windowsVersion": nil,
		"policies": []object{}, "executedPolicies": []object{}, "roaming": false, "jailbroken": false,
		"complianceNoticeCount": 0, "complianceViolatedCount": s.violations,
		"iotDevice": false, "simulated": false, "migrated": false, "awaitingConfiguration": false,
		"enrolledInAndroidManagement": s.platform == "ANDROID_ENTERPRISE",
		"identityCertExpirationDate":  millis(s.Enrolled.AddDate(5, 0, 0)),
		"sharedDeviceStatus":          "NOT_SHARED", "simSlots": f.slots(s),
		"installedApps": installed(s), "managedApps": []object{}, "installedCertificates": []object{},
	}
	for i, value := range s.custom {
		o["custom"+string(rune('1'+i))] = orNull(value)
	}
	f.userOfFull(o, s)
	f.secretsOf(o, s)
	if f.version.modern() {
		o["osEdition"], o["deviceConnectionState"] = nil, "NORMAL"
	} else {
		o["msisdn"], o["tags"] = orNull(phone(s)), []object{}
	}
	if s.pending() {
		o["simSlots"], o["details"] = []object{}, nil
		return o
	}
	o["manufacturer"], o["model"], o["os"], o["serialNumber"] = s.Manufacturer, s.Identifier, s.OSVersion, serial(s)
	if len(s.SIMs) > 0 {
		o["imei"] = spaced(s.SIMs[0].IMEI)
	}
	if s.Apple() && s.enrolled != "IOS_USER_ENROLLMENT" {
		o["pushUdid"] = s.UDID
	}
	if s.Platform == fleet.Windows {
		o["windowsVersion"] = "Windows 11 " + windowsRelease(s)[2:6]
	}
	if s.platform == "ANDROID_ENTERPRISE" {
		o["externalId"] = "enterprises/LC0example/devices/" + s.uuid[:8]
	}
	o["details"] = f.platformDetails(s)
	return o
}

// userOfFull names the login only; role says who it is.
func (f *Fake) userOfFull(o object, s *state) {
	person := object{}
	f.person(person, s)
	o["userName"] = person["userName"]
}

// role is the UUID of the user, or of the group that devices without one
// belong to.
func (f *Fake) role(s *state) any {
	switch {
	case s.user != nil:
		return s.user.uuid
	case f.version.modern() && !f.wire.DeviceUser:
		return nil
	}
	return f.organisation(s.org).deviceUser
}

// identifier is what the device enrolled as.
func (f *Fake) identifier(s *state) any {
	switch {
	case s.pending():
		return nil
	case s.enrolled == "IOS_USER_ENROLLMENT":
		return uuid("enrolment", s.uuid)
	case s.Apple():
		return s.UDID
	}
	return f.deviceID(s)
}

// secretsOf are what must never leave the server, and does.
func (f *Fake) secretsOf(o object, s *state) {
	for _, name := range f.secretNames() {
		o[name] = secret(name, s.uuid)
	}
}

func (f *Fake) secretNames() []string {
	names := []string{"pushToken", "pushMagic", "appPushToken"}
	if !f.version.modern() {
		names = append(names, "unlockToken")
	}
	return names
}

func secret(name, id string) string { return "SECRET-" + name + "-" + uuid(name, id)[:13] }

// Secrets are the push and unlock tokens that full answers about a device
// hold.
func (f *Fake) Secrets(id string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []string
	for _, name := range f.secretNames() {
		list = append(list, secret(name, id))
	}
	return list
}

// platformDetails is the part that differs from platform to platform.
func (f *Fake) platformDetails(s *state) object {
	o := object{"uuid": uuid("details", s.uuid), "platform": s.platform, "batteryLevel": f.battery(s)}
	if f.version.modern() {
		o["wifiMac"], o["ethernetMac"] = orNull(wifi(s)), orNull(first(s.EthernetMACs))
		o["lastIpAddressCountry"], o["lostModeEnabled"], o["lostModeStatus"] = "DE", s.lost == "ENABLED", s.lost
	}
	switch {
	case s.Platform == fleet.MacOS:
		f.macDetails(o, s)
	case s.Apple() && !f.version.modern():
		f.flatDetails(o, s)
	case s.Apple():
		f.appleDetails(o, s)
	case s.platform == "ANDROID_ENTERPRISE":
		enterpriseDetails(o, s)
	case s.platform == "ANDROID":
		androidDetails(o, s)
	case s.Platform == fleet.Windows:
		f.windowsDetails(o, s)
	}
	return o
}

// gigabytes are Apple's.
func gigabytes(bytes int64) float64 {
	return float64(bytes*10/1_000_000_000) / 10
}

// slices of MAC addresses are never null.
func addresses(list []string) []string { return slices.Concat([]string{}, list) }
