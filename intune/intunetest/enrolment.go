package intunetest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// hardware is a PC that is registered with Autopilot.
type hardware struct {
	id, serial, model, maker, tag string
	device                        *device // nil = not enrolled
}

// addHardware registers the PCs, and three that nobody has unpacked.
func (w *world) addHardware() {
	var model, maker string
	for _, d := range w.devices {
		if d.kind == Windows {
			model, maker = d.Model, d.maker()
			w.autopilot = append(w.autopilot, hardware{uuid("autopilot", d.id), d.Serial, d.Model, d.maker(), d.School, d})
		}
	}
	if model == "" {
		return
	}
	for i := range 3 {
		serial := "LBTEST000" + strconv.Itoa(i)
		w.autopilot = append(w.autopilot, hardware{uuid("autopilot", serial), serial, model, maker, "", nil})
	}
}

func hardwareShelf(c *call) *shelf[hardware] {
	has := func(h hardware, value func(*device) string, otherwise string) any {
		if h.device == nil || c.f.byID[h.device.id] == nil {
			return otherwise
		}
		return value(h.device)
	}
	return &shelf[hardware]{"windowsAutopilotDeviceIdentity", []property[hardware]{
		{name: "id", value: func(h hardware) any { return h.id }},
		{name: "groupTag", value: func(h hardware) any { return h.tag }},
		{name: "purchaseOrderIdentifier", value: func(hardware) any { return "" }},
		{name: "serialNumber", ops: opContains, value: func(h hardware) any { return h.serial }},
		{name: "productKey", value: func(hardware) any { return "" }},
		{name: "manufacturer", value: func(h hardware) any { return h.maker }},
		{name: "model", value: func(h hardware) any { return h.model }},
		{name: "enrollmentState", value: func(h hardware) any { return has(h, func(*device) string { return "enrolled" }, "notContacted") }},
		{name: "lastContactedDateTime", value: func(h hardware) any {
			return has(h, func(d *device) string { return stamp(d.LastSeen) }, never)
		}},
		{name: "addressableUserName", value: func(hardware) any { return "" }},
		{name: "userPrincipalName", value: func(h hardware) any { return has(h, (*device).upnOf, "") }},
		{name: "resourceName", value: func(hardware) any { return "" }},
		{name: "skuNumber", value: func(hardware) any { return "" }},
		{name: "systemFamily", value: func(hardware) any { return "" }},
		{name: "azureActiveDirectoryDeviceId", value: func(h hardware) any {
			return has(h, func(d *device) string { return orZero(d.directoryID) }, zeroGUID)
		}},
		{name: "managedDeviceId", value: func(h hardware) any { return has(h, func(d *device) string { return d.id }, zeroGUID) }},
		{name: "displayName", value: func(hardware) any { return "" }},
	}}
}

func (c *call) listHardware() reply {
	if c.option("select") != "" {
		c.violate("$select on Autopilot identities is an error of the server")
		return c.nested(http.StatusInternalServerError, "InternalServerError", "An internal server error has occurred")
	}
	s := hardwareShelf(c)
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	keep, refusal := s.filter(c)
	if refusal != nil {
		return *refusal
	}
	var rows []row
	for _, h := range c.f.autopilot {
		if s.keeps(keep, h) {
			rows = append(rows, row{h.serial, "", func() any { return render(h, columns) }})
		}
	}
	slices.SortFunc(rows, less)
	return c.page(list{context: "deviceManagement/windowsAutopilotDeviceIdentities", keys: [2]string{"LastSerialNumber"}, size: 1000, most: 1000}, rows)
}

func (c *call) oneHardware() reply {
	columns, refusal := hardwareShelf(c).selected(c)
	if refusal != nil {
		return *refusal
	}
	for _, h := range c.f.autopilot {
		if h.id == c.vars["id"] {
			return success(append(object{c.context("deviceManagement/windowsAutopilotDeviceIdentities/$entity")}, render(h, columns)...))
		}
	}
	return c.notFound()
}

// depToken is a token of Apple's automated enrolment.
type depToken struct {
	id, appleID, name, kind string
	expires, modified       time.Time
	synced, triggered       time.Time
	errorCode               int
}

// importedDevice is a device that Apple assigned to this MDM.
type importedDevice struct {
	id, serial, platform string
	created, contacted   time.Time
	enrolled, supervised bool
	deleted              bool
}

func (w *world) addApple(d *fleet.District) {
	w.depTokens = []depToken{{
		id: uuid("token", d.Name), appleID: "mdm@" + w.domain, name: "ASM main", kind: "appleSchoolManager",
		expires: d.Now.AddDate(0, 6, 0), modified: d.Now.AddDate(0, -6, 0), synced: d.Now.Add(-5 * time.Hour), triggered: d.Now.Add(-5*time.Hour - 12*time.Second),
	}}
	for _, dev := range d.Devices {
		if dev.Apple() && dev.Enrolment == fleet.Automated {
			w.importDevice(dev, true)
		}
	}
	for _, dev := range d.Stock {
		w.importDevice(dev, false)
	}
}

func (w *world) importDevice(dev fleet.Device, enrolled bool) {
	platform := map[fleet.Platform]string{fleet.MacOS: "macOS", fleet.TVOS: "tvOS"}[dev.Platform]
	if platform == "" {
		platform = "ios"
	}
	one := importedDevice{id: uuid("imported", dev.Truth, dev.Serial), serial: dev.Serial, platform: platform, created: dev.Added,
		enrolled: enrolled, supervised: true}
	if enrolled {
		one.contacted = dev.LastSeen
	}
	if !w.known[one.id] { // a device that was enrolled twice is one device to Apple
		w.known[one.id] = true
		w.imported = append(w.imported, one)
	}
}

func importedShelf() *shelf[importedDevice] {
	return &shelf[importedDevice]{"importedAppleDeviceIdentity", []property[importedDevice]{
		{name: "id", value: func(d importedDevice) any { return d.id }},
		{name: "serialNumber", ops: opContains, value: func(d importedDevice) any { return d.serial }},
		{name: "requestedEnrollmentProfileId", value: func(importedDevice) any { return "" }},
		{name: "requestedEnrollmentProfileAssignmentDateTime", value: func(importedDevice) any { return never }},
		{name: "isSupervised", value: func(d importedDevice) any { return d.supervised }},
		{name: "discoverySource", ops: opEq, value: func(importedDevice) any { return "deviceEnrollmentProgram" }},
		{name: "isDeleted", value: func(d importedDevice) any { return d.deleted }},
		{name: "createdDateTime", value: func(d importedDevice) any { return stamp(d.created) }},
		{name: "lastContactedDateTime", value: func(d importedDevice) any { return stamp(d.contacted) }},
		{name: "description", value: func(importedDevice) any { return "" }},
		{name: "enrollmentState", value: func(d importedDevice) any {
			if d.enrolled {
				return "enrolled"
			}
			return "notContacted"
		}},
		{name: "platform", value: func(d importedDevice) any { return d.platform }},
	}}
}

func (c *call) listImported() reply {
	if c.depToken() == nil {
		return c.notFound()
	}
	s := importedShelf()
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	keep, refusal := s.filter(c)
	if refusal != nil {
		return *refusal
	}
	var rows []row
	if c.depToken() == &c.f.world.depTokens[0] {
		for _, d := range c.f.imported {
			if s.keeps(keep, d) {
				rows = append(rows, row{d.serial, d.id, func() any { return render(d, columns) }})
			}
		}
	}
	slices.SortFunc(rows, less)
	context := "deviceManagement/depOnboardingSettings('" + c.vars["id"] + "')/importedAppleDeviceIdentities"
	return c.page(list{context: context, keys: [2]string{"LastSerialNumber", "LastId"}, size: 1000, most: 1000}, rows)
}

// RemoveFromApple marks an imported device as one that was removed in Apple's
// portal, where it stays for a while. It returns whether there is one.
func (f *Fake) RemoveFromApple(serial string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.imported {
		if strings.EqualFold(f.imported[i].serial, serial) {
			f.imported[i].deleted = true
			return true
		}
	}
	return false
}
