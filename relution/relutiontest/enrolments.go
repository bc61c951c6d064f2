package relutiontest

import (
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// enrolment is a device that is announced for automatic enrolment.
type enrolment struct {
	uuid, org string
	kind      string // DEP, KME or AUTOPILOT
	device    string // UUID of the device that it became; "" = it never enrolled
	fleet.Device
	index int
}

// depAccount is a server token of Apple's.
type depAccount struct {
	uuid, org, name string
	expires         time.Time
}

func newDEPAccount(o *organisation) *depAccount {
	return &depAccount{
		uuid: uuid("dep account", o.uuid), org: o.uuid, name: o.name, expires: time.Date(2026, time.December, 1, 9, 0, 0, 0, time.UTC),
	}
}

// SetDEPExpiry says when the server token of an organisation ends.
func (f *Fake) SetDEPExpiry(organisation string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.accountsDEP {
		if a.org == organisation {
			a.expires = at
		}
	}
}

func (w *world) addEnrolment(o *organisation, s *state) {
	if kind, ok := autoEnrolment(s).(string); ok {
		e := &enrolment{uuid("enrolment", s.uuid), o.uuid, kind, s.uuid, s.Device, s.index}
		if s.pending() {
			e.device = ""
		}
		w.enrolments = append(w.enrolments, e)
	}
}

func (w *world) addStock(o *organisation, i int, d fleet.Device) {
	w.enrolments = append(w.enrolments, &enrolment{uuid("stock", o.uuid, d.Truth), o.uuid, "DEP", "", d, i})
}

// enrolmentFields are the fields of automatic enrolments.
var enrolmentFields = schemaOf(map[kind]string{
	text: `uuid createdBy modifiedBy name description serialNumber userUuid userName deviceAssignedBy profileUuid
		organizationUuid enrollToOrganizationUuid custom1 custom2 custom3 custom4 custom5 enrolledDevice.deviceUuid`,
	enum:     `type ownership`,
	date:     `creationDate modificationDate deviceAssignedDate mdmMigrationDeadline`,
	flag:     `useDefaultDeviceName lostModeEnabled`,
	many:     `deviceGroupUuids`,
	nested:   `enrolledDevice`,
	anything: `details`,
})

func (c *call) listEnrolments() reply {
	q, err := c.listQuery(enrolmentFields)
	if err != nil {
		return c.refuse(err)
	}
	var items []item
	for _, e := range c.f.enrolments {
		if c.sees(e.org) && (e.kind != "AUTOPILOT" || c.f.version.modern()) {
			items = append(items, item{object: c.f.renderEnrolment(e)})
		}
	}
	return c.wrapped(c.page(q, items))
}

func (c *call) showEnrolment() reply {
	for _, e := range c.f.enrolments {
		if c.sees(e.org) && c.same(e.uuid, c.vars["uuid"]) {
			return c.one(c.f.renderEnrolment(e))
		}
	}
	return c.missing("AUTOENROLLMENT_NOT_FOUND")
}

func (f *Fake) renderEnrolment(e *enrolment) object {
	o := object{
		"uuid": e.uuid, "createdBy": "system", "creationDate": millis(e.Added), "modifiedBy": "system",
		"modificationDate": millis(e.Added), "name": orNull(e.Name), "useDefaultDeviceName": e.Name == "",
		"description": nil, "serialNumber": e.Serial, "userUuid": nil, "userName": nil, "deviceGroupUuids": []string{},
		"deviceAssignedBy": nil, "deviceAssignedDate": millis(e.Added), "profileUuid": uuid("profile", e.org),
		"organizationUuid": e.org, "type": e.kind, "ownership": "COD", "enrolledDevice": nil, "details": f.enrolmentDetails(e),
	}
	if f.version.modern() {
		o["enrollToOrganizationUuid"], o["lostModeEnabled"], o["mdmMigrationDeadline"] = nil, false, nil
		for _, name := range []string{"custom1", "custom2", "custom3", "custom4", "custom5"} {
			o[name] = nil
		}
	}
	if d := f.byUUID[e.device]; d != nil {
		s := d.state
		enrolled := object{"userUuid": nil, "userName": nil, "deviceUuid": s.uuid, "deviceName": s.Name, "deviceOrganizationUuid": s.org}
		if s.user != nil {
			enrolled["userUuid"], enrolled["userName"] = s.user.uuid, s.user.Username
		}
		o["enrolledDevice"] = enrolled
	}
	return o
}

// enrolmentDetails depend on the kind. Apple's asset tag is nowhere else.
func (f *Fake) enrolmentDetails(e *enrolment) object {
	switch e.kind {
	case "KME":
		return object{
			"type": "KME", "imei": nil, "orderNumber": "KN-100", "model": e.Identifier, "userId": nil, "tags": nil,
			"submitted": millis(e.Added), "profile": "Schule", "status": "ASSIGNED", "resellerId": "0x01", "resellerName": "Example Shop",
		}
	case "AUTOPILOT":
		return object{
			"type": "AUTOPILOT", "autopilotDeviceId": uuid("autopilot", e.uuid), "azureDeviceId": nil, "deviceId": nil,
			"enrollmentState": "enrolled",
		}
	}
	system := map[fleet.Platform]string{fleet.IPadOS: "IPADOS", fleet.IOS: "IOS", fleet.MacOS: "MACOS", fleet.TVOS: "TVOS"}[e.Platform]
	account := uuid("dep account", e.org)
	details := object{
		"type": "DEP", "depAccountUuid": account, "depAccountName": nil, "model": e.Model, "color": e.Color,
		"assetTag": orNull(appleTag(e)), "profileStatus": "PUSHED", "profileAssignedDate": millis(e.Added),
		"profilePushedDate": millis(e.Enrolled), "opType": "ADDED", "opDate": millis(e.Added), "os": system, "deviceFamily": e.Line,
	}
	if e.device == "" {
		details["profileStatus"] = "ASSIGNED"
	}
	for _, a := range f.accountsDEP {
		if a.uuid == account {
			details["depAccountName"] = a.name
		}
	}
	return details
}

// appleTag is what the shop told Apple: of every third device.
func appleTag(e *enrolment) string {
	if e.index%3 != 0 {
		return ""
	}
	return "AT-" + e.Truth
}

func (c *call) listDEPAccounts() reply {
	q, err := c.listQuery(depFields)
	if err != nil {
		return c.refuse(err)
	}
	var items []item
	for _, a := range c.f.accountsDEP {
		if c.sees(a.org) {
			items = append(items, item{object: renderDEPAccount(a)})
		}
	}
	return c.wrapped(c.page(q, items))
}

var depFields = schemaOf(map[kind]string{
	text:   `uuid organizationUuid serverName serverUuid adminId orgName orgEmail orgPhone orgAddress orgId orgIdHash certificateLink`,
	enum:   `orgType orgVersion`,
	date:   `depServerToken.accessTokenExpiry`,
	nested: `depServerToken`,
})

func (c *call) showDEPAccount() reply {
	for _, a := range c.f.accountsDEP {
		if c.sees(a.org) && c.same(a.uuid, c.vars["uuid"]) {
			return c.one(renderDEPAccount(a))
		}
	}
	return c.missing("DEP_ACCOUNT_DOES_NOT_EXIST")
}

func renderDEPAccount(a *depAccount) object {
	return object{
		"uuid": a.uuid, "organizationUuid": a.org, "serverName": "Relution " + a.name, "serverUuid": uuid("server", a.uuid),
		"adminId": "admin@lindental.example", "orgName": a.name, "orgEmail": "it@lindental.example", "orgPhone": "000",
		"orgAddress": "Lindental", "orgType": "edu", "orgVersion": "v2", "orgId": "1234567", "orgIdHash": nil,
		"depServerToken":  object{"uuid": uuid("server token", a.uuid), "accessTokenExpiry": millis(a.expires)},
		"certificateLink": nil,
	}
}
