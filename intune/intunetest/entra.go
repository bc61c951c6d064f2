package intunetest

import (
	"net/http"
	"slices"
	"strings"
)

func userShelf() *shelf[*user] {
	none := func(*user) any { return nil }
	return &shelf[*user]{"user", []property[*user]{
		{name: "businessPhones", value: func(*user) any { return []string{} }},
		{name: "displayName", ops: opEq, value: func(u *user) any { return u.person.Name() }},
		{name: "givenName", value: func(u *user) any { return u.person.First }},
		{name: "jobTitle", value: func(u *user) any {
			if u.person.Teacher {
				return "Teacher"
			}
			return nil
		}},
		{name: "mail", ops: opEq, value: func(u *user) any { return text(u.mail) }},
		{name: "mobilePhone", value: none},
		{name: "officeLocation", value: none},
		{name: "preferredLanguage", value: none},
		{name: "surname", value: func(u *user) any { return u.person.Last }},
		{name: "userPrincipalName", ops: opEq | opNe, value: func(u *user) any { return u.upn }},
		{name: "id", ops: opEq, value: func(u *user) any { return u.id }},
		{name: "employeeId", ops: opEq, value: func(u *user) any { return u.employee }},
		{name: "department", value: none},
		{name: "companyName", value: none},
		{name: "accountEnabled", value: func(*user) any { return true }},
		{name: "userType", value: func(*user) any { return "Member" }},
		{name: "usageLocation", value: none},
		{name: "city", value: none},
		{name: "onPremisesSamAccountName", value: none},
	}}
}

// defaultUser are the properties that come without $select.
const defaultUser = 11

func (c *call) userColumns() ([]*property[*user], *reply) {
	columns, refusal := userShelf().selected(c)
	if refusal == nil && c.option("select") == "" {
		columns = columns[:defaultUser]
	}
	return columns, refusal
}

func (c *call) listUsers() reply {
	columns, refusal := c.userColumns()
	if refusal != nil {
		return *refusal
	}
	s := userShelf()
	keep, refusal := s.filter(c)
	if refusal != nil {
		return *refusal
	}
	var rows []row
	for _, u := range c.f.users {
		if s.keeps(keep, u) {
			rows = append(rows, row{u.id, "", func() any { return render(u, columns) }})
		}
	}
	slices.SortFunc(rows, less)
	return c.page(list{context: "users", keys: [2]string{"Last"}, size: 100, most: 999}, rows)
}

func (c *call) oneUser() reply {
	columns, refusal := c.userColumns()
	if refusal != nil {
		return *refusal
	}
	u := c.f.user(c.vars["id"])
	if u == nil {
		return c.fail(http.StatusNotFound, "Request_ResourceNotFound", "Resource '"+c.vars["id"]+"' does not exist or one of its queried reference-property objects are not present.")
	}
	return success(append(object{c.context("users/$entity")}, render(u, columns)...))
}

func (c *call) devicesOfUser() reply {
	u := c.f.user(c.vars["id"])
	if u == nil {
		return c.fail(http.StatusNotFound, "Request_ResourceNotFound", "Resource '"+c.vars["id"]+"' does not exist.")
	}
	var devices []*device
	for _, d := range c.f.byName() {
		if d.user == u {
			devices = append(devices, d)
		}
	}
	return c.deviceList("users('"+u.id+"')/managedDevices", devices, false)
}

// tenantInfo answers GET /organization.
func (c *call) tenantInfo() reply {
	t := c.token.tenant
	o, refusal := c.selected("organization", object{
		{"id", t.id}, {"displayName", t.name}, {"tenantType", "AAD"},
		{"verifiedDomains", []object{{{"name", t.domain}, {"isDefault", true}, {"isInitial", false}, {"type", "Managed"}}}},
	})
	if refusal != nil {
		return *refusal
	}
	return success(object{c.context("organization"), {"value", []object{o}}})
}

// service answers GET /deviceManagement, the probe for a licence. What it says
// of the subscription is wrong: see subscription.
func (c *call) service() reply {
	s := shelf[*Fake]{"deviceManagement", []property[*Fake]{
		{name: "id", value: func(f *Fake) any { return f.accountID }},
		{name: "intuneAccountId", value: func(f *Fake) any { return f.accountID }},
		{name: "subscriptionState", value: func(*Fake) any { return "active" }},
		{name: "intuneBrand", value: func(*Fake) any { return nil }},
		{name: "settings", value: func(*Fake) any { return nil }},
	}}
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	o := render(c.f, columns)
	return success(append(object{c.context("deviceManagement/$entity")}, o...))
}

func (c *call) subscription() reply {
	return success(object{c.context("deviceManagement/subscriptionState"), {"value", c.f.state}})
}

// entraDevice is a device's object in Entra ID; its id is not its deviceId.
func entraDevice(d *device) object {
	return object{{"@odata.type", "#microsoft.graph.device"}, {"id", uuid("object", d.directoryID)}, {"deviceId", d.directoryID}, {"displayName", d.Name}}
}

func (c *call) entraDevices() reply {
	s := shelf[*device]{"device", []property[*device]{
		{name: "id", value: func(d *device) any { return uuid("object", d.directoryID) }},
		{name: "deviceId", ops: opEq, value: func(d *device) any { return d.directoryID }},
		{name: "displayName", ops: opEq, value: func(d *device) any { return d.Name }},
	}}
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	keep, refusal := s.filter(c)
	if refusal != nil {
		return *refusal
	}
	var rows []row
	for _, d := range c.f.devices {
		if d.directoryID != "" && s.keeps(keep, d) {
			rows = append(rows, row{d.directoryID, "", func() any { return render(d, columns) }})
		}
	}
	slices.SortFunc(rows, less)
	return c.page(list{context: "devices", keys: [2]string{"Last"}, size: 100, most: 999}, rows)
}

// memberOf answers with the groups of a device, whose names take a permission
// of their own.
func (c *call) memberOf() reply {
	id, ok := strings.CutPrefix(c.vars["key"], "deviceId=")
	list := []object{}
	found := false
	for _, d := range c.f.devices {
		if d.directoryID == "" || ok && d.directoryID != id || !ok && uuid("object", d.directoryID) != id {
			continue
		}
		found = true
		for _, g := range c.f.groups {
			if slices.Contains(d.Groups, g.source) {
				name := any(nil)
				if c.token.has(groupMembers) || c.token.has(directoryRead) {
					name = g.name
				}
				list = append(list, object{{"@odata.type", "#microsoft.graph.group"}, {"id", g.id}, {"displayName", name}})
			}
		}
	}
	if !found {
		return c.fail(http.StatusNotFound, "Request_ResourceNotFound", "Resource '"+id+"' does not exist.")
	}
	return success(object{c.context("directoryObjects"), {"value", list}})
}

// members answers with the devices of a group.
func (c *call) members() reply {
	for _, g := range c.f.groups {
		if g.id != c.vars["id"] {
			continue
		}
		var rows []row
		for _, d := range c.f.devices {
			if d.directoryID != "" && slices.Contains(d.Groups, g.source) {
				rows = append(rows, row{d.directoryID, "", func() any { return entraDevice(d) }})
			}
		}
		slices.SortFunc(rows, less)
		return c.page(list{context: "devices", keys: [2]string{"Last"}, size: 100, most: 999}, rows)
	}
	return c.fail(http.StatusNotFound, "Request_ResourceNotFound", "Resource '"+c.vars["id"]+"' does not exist.")
}
