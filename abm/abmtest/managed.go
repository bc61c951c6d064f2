package abmtest

import (
	"encoding/json"
	"net/http"
)

// managed lists the devices in Apple's built-in management.
func (f *Fake) managed() []*device {
	for _, s := range f.servers {
		if s.kind == "APPLE_MDM" {
			return f.of(s.id)
		}
	}
	return nil
}

func (d *device) managedID() string { return uuid("managed", d.serial) }

func (c *call) listManaged() reply {
	list := c.f.managed()
	return c.page(len(list), func(i int) json.RawMessage {
		d := list[i]
		it := item{Type: "mdmDevices", ID: d.managedID(), Attributes: map[string]any{
			"deviceName": d.fleet.Name, "enrolledUserId": nil, "productFamily": d.family, "serialNumber": d.serial}}
		if d.fleet.Owner != "" {
			it.Attributes["enrolledUserId"] = d.fleet.Owner
		}
		return encode(c.trim(it))
	})
}

func (c *call) showManaged() reply {
	for _, d := range c.f.managed() {
		if d.managedID() != c.vars["id"] {
			continue
		}
		self := c.address("mdmDevices/" + d.managedID() + "/details")
		return success(document{c.trim(d.managedItem()), map[string]any{"self": self}})
	}
	return c.notFound()
}

// managedItem has the details. Here addresses have colons, and that of the
// Ethernet is a text.
func (d *device) managedItem() item {
	a := map[string]any{
		"deviceName": d.fleet.Name, "serialNumber": d.serial, "deviceModel": d.model, "platform": d.fleet.Platform.String(),
		"osVersion": d.fleet.OSVersion, "lastCheckInDateTime": stamp(d.fleet.LastSeen),
		"storageTotalCapacity": d.fleet.Capacity, "storageFreeCapacity": d.fleet.Free, "imei": nil, "meid": nil,
		"wifiMacAddress": d.fleet.WiFiMAC, "bluetoothMacAddress": d.fleet.BluetoothMAC, "ethernetMacAddress": nil,
		"isFileVaultEnabled": nil, "isFirewallEnabled": nil, "deviceLockStatus": "UNLOCKED",
		"deviceEraseStatus": "NOT_ERASED", "lostModeStatus": "DISABLED",
	}
	if imeis, meids := d.imeis(); len(imeis) > 0 {
		a["imei"], a["meid"] = imeis, meids
	}
	if len(d.fleet.EthernetMACs) > 0 {
		a["ethernetMacAddress"] = d.fleet.EthernetMACs[0]
	}
	return item{Type: "mdmDeviceDetails", ID: d.managedID(), Attributes: a}
}

// none serves a list of things that the organisation does not have.
func (c *call) none() reply {
	return c.page(0, func(int) json.RawMessage { return nil })
}

// noneMade answers a write that the fake does not play.
func (c *call) noneMade() reply {
	c.violate("the fake makes none of these")
	return reply{status: http.StatusNotImplemented}
}
