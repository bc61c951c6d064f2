package abmtest

import (
	"encoding/json"
	"net/http"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// listDevices serves the devices that the organisation owns.
func (c *call) listDevices() reply {
	planted := c.f.planted
	return c.page(len(planted)+len(c.f.owned), func(i int) json.RawMessage {
		if i < len(planted) {
			return planted[i]
		}
		return encode(c.trim(c.deviceItem(c.f.owned[i-len(planted)])))
	})
}

// showDevice serves a device, released ones too.
func (c *call) showDevice() reply {
	if raw, ok := c.f.details[c.vars["id"]]; ok {
		return reply{status: http.StatusOK, kind: "application/json", text: string(raw)}
	}
	d := c.f.find(c.vars["id"])
	if d == nil {
		return c.notFound()
	}
	return c.one(http.StatusOK, c.deviceItem(d))
}

// deviceItem is a device with all that the version has of it.
func (c *call) deviceItem(d *device) item {
	id := c.f.idOf(d)
	self := c.address("orgDevices/" + id)
	it := item{
		Type: "orgDevices", ID: id, Attributes: c.attributes(d),
		Relationships: map[string]any{
			"assignedServer": map[string]any{"links": map[string]any{
				"self": self + "/relationships/assignedServer", "related": self + "/assignedServer"}},
			"appleCareCoverage": map[string]any{"links": map[string]any{"related": self + "/appleCareCoverage"}},
		},
		Links: map[string]any{"self": self},
	}
	for _, part := range []map[string]any{it.Attributes, it.Relationships} {
		for name := range part {
			if !c.f.knows(name) {
				delete(part, name)
			}
		}
	}
	return it
}

// knows reports whether the version has an attribute or relationship of
// devices.
func (f *Fake) knows(name string) bool {
	since := first
	switch name {
	case "wifiMacAddress", "bluetoothMacAddress":
		since = radioMACs
	case "appleCareCoverage":
		since = coverage
	case "ethernetMacAddress":
		since = macMACs
	case "releasedFromOrgDateTime", "releaserEntityType", "releaserId":
		since = arrays
	case "isMdmMigrationCapable", "mdmMigrationStatus", "mdmMigrationDeadlineDateTime":
		since = migration
	}
	return f.has(since)
}

func (c *call) attributes(d *device) map[string]any {
	status := "UNASSIGNED"
	if c.f.serverOf(d) != "" {
		status = "ASSIGNED"
	}
	a := map[string]any{
		"serialNumber": d.serial, "addedToOrgDateTime": stamp(d.added), "updatedDateTime": stamp(d.updated),
		"deviceModel": d.model, "productFamily": d.family, "productType": d.fleet.Identifier,
		"deviceCapacity": d.capacity, "partNumber": d.part, "orderNumber": d.order, "color": d.color,
		"status": status, "orderDateTime": stamp(d.ordered), "eid": d.eid(),
		"purchaseSourceId": d.sourceID, "purchaseSourceType": d.sourceType,
	}
	if !d.released.IsZero() || d.index%2 == 0 { // null or absent
		a["releasedFromOrgDateTime"] = stamp(d.released)
	}
	if !d.released.IsZero() {
		a["releaserEntityType"], a["releaserId"] = d.releaserType, d.releaser
	}
	c.numbers(d, a)
	c.migrationOf(d, a)
	return a
}

// numbers writes what is an array or a text, by version and by the Wire.
func (c *call) numbers(d *device, a map[string]any) {
	imeis, meids := d.imeis()
	ethernet := d.ethernet()
	a["imei"], a["meid"] = imeis, meids
	if d.family == "Mac" {
		a["ethernetMacAddress"] = ethernet
	}
	if !c.f.has(arrays) {
		a["imei"], a["meid"] = firstOf(imeis), firstOf(meids)
		if d.family == "Mac" {
			a["ethernetMacAddress"] = firstOf(ethernet)
		}
	}
	if d.fleet.Platform == fleet.MacOS && !c.f.has(macMACs) {
		return
	}
	for name, mac := range map[string]string{"wifiMacAddress": d.fleet.WiFiMAC, "bluetoothMacAddress": d.fleet.BluetoothMAC} {
		if v, ok := c.mac(d, name, hardware(mac)); ok {
			a[name] = v
		}
	}
}

// mac is the value of an address, and whether it is sent at all.
func (c *call) mac(d *device, name, mac string) (any, bool) {
	array := c.f.wire.MACs == MACsArray || c.f.wire.MACs == MACsMixed && d.index%3 == 1 && name == "wifiMacAddress"
	switch {
	case mac != "" && array:
		return []string{mac}, true
	case mac != "":
		return mac, true
	case array:
		return []string{}, true
	case d.index%3 == 0:
		return nil, true
	}
	return "", d.index%3 == 1
}

func (c *call) migrationOf(d *device, a map[string]any) {
	a["isMdmMigrationCapable"] = d.family != "AppleTV"
	if d.migration == "" && d.index%2 == 1 {
		return
	}
	a["mdmMigrationStatus"], a["mdmMigrationDeadlineDateTime"] = nil, stamp(d.deadline)
	if d.migration != "" {
		a["mdmMigrationStatus"] = d.migration
	}
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
