package intunetest

import (
	"net/http"
	"slices"
	"strings"
)

// viewer shows devices as this call sees them.
func (c *call) viewer(item bool) func(*device) view {
	names := strings.Split(c.option("select"), ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	v := view{
		c: c, item: item,
		chosen:  func(name string) bool { return slices.Contains(names, name) },
		already: strings.Contains(c.r.Header.Get("Prefer"), "include-unknown-enum-members"),
	}
	return func(d *device) view {
		v.device = d
		return v
	}
}

// listDevices answers with a page of all records, or of those of one user.
func (c *call) listDevices() reply {
	return c.deviceList("deviceManagement/managedDevices", c.f.byName(), true)
}

// deviceList answers with a page of devices, which are in order.
func (c *call) deviceList(context string, devices []*device, planted bool) reply {
	s := c.f.shelf
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	keep, refusal := s.filter(c)
	if refusal != nil {
		return *refusal
	}
	if refusal = c.refuseFilter(); refusal != nil {
		return *refusal
	}
	if c.option("orderby") != "" {
		c.violate("$orderby is ignored")
	}
	expand, refusal := c.expand()
	if refusal != nil {
		return *refusal
	}
	l := list{context: context, keys: [2]string{"LastDeviceName", "LastDeviceId"}, size: 1000, most: 1000, counted: true}
	if planted && c.option("filter") == "" {
		l.planted = c.f.planted
	}
	var rows []row
	show := c.viewer(false)
	for _, d := range devices {
		v := show(d)
		if !s.keeps(keep, v) {
			continue
		}
		rows = append(rows, row{d.Name, d.id, func() any {
			o := render(v, columns)
			if expand {
				c.violate("$expand=detectedApps on a list gives nothing")
				o = append(o, member{"detectedApps", []any{}})
			}
			return o
		}})
	}
	return c.page(l, rows)
}

// refuseFilter refuses filters that are supported, as in an outage.
func (c *call) refuseFilter() *reply {
	status, code := c.f.wire.FilterStatus, "InternalServerError"
	if status == 0 || c.option("filter") == "" {
		return nil
	}
	if status == http.StatusBadRequest {
		code = "BadRequest"
	}
	rep := c.nested(status, code, "")
	return &rep
}

// expand reads $expand: detectedApps is all that it may name, in beta.
func (c *call) expand() (bool, *reply) {
	switch name := c.option("expand"); {
	case name == "":
		return false, nil
	case name == "detectedApps" && c.beta():
		return true, nil
	default:
		rep := c.nestedRefusal("Parsing OData Select and Expand failed: Could not find a property named '" + name + "' on type 'microsoft.management.services.api.managedDevice'.")
		return false, &rep
	}
}

// device finds the device of the path; nil = there is none, and this is the
// answer.
func (c *call) device() (*device, reply) {
	id := c.vars["id"]
	if !isGUID(id) {
		c.violate("%q is no id of a device", id)
		return nil, c.nested(http.StatusBadRequest, "BadRequest", "")
	}
	d := c.f.byID[strings.ToLower(id)]
	if d == nil {
		return nil, c.notFound()
	}
	return d, reply{}
}

func (c *call) oneDevice() reply {
	if raw := c.f.details[strings.ToLower(c.vars["id"])]; raw != nil {
		return reply{status: http.StatusOK, raw: raw, kind: graphType}
	}
	d, missing := c.device()
	if d == nil {
		return missing
	}
	columns, refusal := c.f.shelf.selected(c)
	if refusal != nil {
		return *refusal
	}
	expand, refusal := c.expand()
	if refusal != nil {
		return *refusal
	}
	o := append(object{c.context("deviceManagement/managedDevices/$entity")}, render(c.viewer(true)(d), columns)...)
	if expand {
		o = append(o, member{"detectedApps", renderApps(d.installed(), c)})
	}
	return success(o)
}

// primaryUsers answers with nobody or one person.
func (c *call) primaryUsers() reply {
	d, missing := c.device()
	if d == nil {
		return missing
	}
	s := userShelf()
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	list := []object{}
	if d.user != nil {
		list = append(list, render(d.user, columns))
	}
	return success(object{c.context("users"), {"value", list}})
}

// patchDevice writes the few properties that can be written.
func (c *call) patchDevice() reply {
	d, missing := c.device()
	if d == nil {
		return missing
	}
	known := []string{"managedDeviceOwnerType", "managedDeviceName", "notes"}
	if c.beta() {
		known = append(known, "ownerType")
	}
	fm := c.form(known...)
	owner := field[string](fm, "managedDeviceOwnerType")
	if owner == "" {
		owner = field[string](fm, "ownerType")
	}
	name, notes := field[string](fm, "managedDeviceName"), field[string](fm, "notes")
	if owner != "" && owner != "company" && owner != "personal" {
		fm.fail("no owner type is called %q", owner)
	}
	if fm.err != nil {
		return c.nestedRefusal(fm.err.Error())
	}
	if owner != "" {
		d.personal = owner == "personal"
	}
	if name != "" {
		d.managed = name
	}
	if fm.raw["notes"] != nil {
		d.notes = notes
	}
	return success(append(object{c.context("deviceManagement/managedDevices/$entity")}, render(c.viewer(true)(d), c.all())...))
}

func (c *call) all() []*property[view] {
	var list []*property[view]
	for i := range c.f.shelf.properties {
		if p := &c.f.shelf.properties[i]; c.beta() || !p.beta {
			list = append(list, p)
		}
	}
	return list
}

// overview counts the devices.
func (c *call) overview() reply {
	count := map[string]int{}
	mdm := 0
	for _, d := range c.f.devices {
		switch s := (view{device: d, c: c}).system().(string); s {
		case "iPadOS", "iOS":
			count["ios"]++
		case "macOS", "Windows", "Android":
			count[s]++
		default:
			count["unknown"]++
		}
		count[map[Kind]string{AndroidDedicated: "dedicated", AndroidFully: "fully", AndroidPersonal: "work", AndroidCorporate: "corporate"}[d.kind]]++
		if d.agent == "mdm" {
			mdm++
		}
	}
	return c.answer("deviceManagement/managedDeviceOverview/$entity", "managedDeviceOverview", object{
		{"id", uuid("overview")},
		{"enrolledDeviceCount", len(c.f.devices)}, {"mdmEnrolledCount", mdm}, {"dualEnrolledDeviceCount", 0},
		{"deviceOperatingSystemSummary", object{
			{"androidCount", count["Android"]}, {"iosCount", count["ios"]}, {"macOSCount", count["macOS"]},
			{"windowsMobileCount", 0}, {"windowsCount", count["Windows"]}, {"unknownCount", count["unknown"]},
			{"androidDedicatedCount", count["dedicated"]}, {"androidDeviceAdminCount", 0}, {"androidFullyManagedCount", count["fully"]},
			{"androidWorkProfileCount", count["work"]}, {"androidCorporateWorkProfileCount", count["corporate"]}, {"configMgrDeviceCount", 0},
		}},
		{"deviceExchangeAccessStateSummary", object{{"allowedDeviceCount", 0}, {"blockedDeviceCount", 0}, {"quarantinedDeviceCount", 0},
			{"unknownDeviceCount", 0}, {"unavailableDeviceCount", len(c.f.devices)}}},
	})
}
