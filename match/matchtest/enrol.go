package matchtest

import (
	"fmt"
	"time"

	"github.com/mdmlink/mdmlink/match"
)

// junk is what firmware reports in place of a serial.
var junk = []string{"Default string", "To be filled by O.E.M.", "unknown", "0123456789ABCDEF", "System Serial Number", "123456789", ""}

// enrol makes the MDM's records of a device, the current one first, and returns
// their ids.
func (b *builder) enrol(i int, m machine) []string {
	r := &b.rates
	if m.wired != "" && b.last.wired != "" && b.last.kind == m.kind && b.chance(r.Clones) {
		m.udid = b.last.udid
	}
	d := b.record(m)
	var ids []string
	old := b.chance(r.ReEnrolled)
	if old {
		before := d
		before.LastSeen = d.LastSeen.Add(-time.Duration(30+b.IntN(4000)) * time.Hour)
		before.Managed = b.chance(0.3)
		ids = append(ids, b.keep(before))
	}
	if b.chance(r.BoardSwap) {
		swapped := m
		swapped.serial = b.serial(m.kind)
		if m.udid != "" {
			swapped.udid = b.machine(i, m.kind).udid
		}
		d.Serial, d.UDID = swapped.serial, swapped.udid
	}
	if old {
		d.Enrolled = d.LastSeen.Add(-time.Duration(b.IntN(25)) * time.Hour)
	}
	return append([]string{b.keep(d)}, ids...)
}

func (b *builder) keep(d match.Device) string {
	b.devices++
	d.ID = fmt.Sprintf("d-%07d", b.devices)
	b.fleet.Input.Devices = append(b.fleet.Input.Devices, d)
	return d.ID
}

func (b *builder) record(m machine) match.Device {
	r := &b.rates
	k := m.kind
	d := match.Device{Serial: m.serial, UDID: m.udid, Name: m.name, Model: k.model, ModelID: k.id, Manufacturer: k.maker,
		Class: k.class, Apple: k.apple, Android: k.android, IMEIs: m.imeis, WiFi: pairs(m.wifi, ":"),
		Site: fmt.Sprint("s", m.site), Managed: true,
		LastSeen: Now.Add(-time.Duration(b.IntN(1000)) * time.Hour), Enrolled: Now.Add(-time.Duration(5000+b.IntN(9000)) * time.Hour)}
	if b.chance(0.5) {
		d.Email = m.user
	}
	if !k.apple && b.chance(r.JunkSerial) {
		d.Serial = junk[b.IntN(len(junk))]
		if k.android && b.chance(0.5) {
			d.Serial = b.text("0123456789abcdef", 16)
		}
	}
	if b.chance(r.NoMAC) {
		d.WiFi = ""
	} else if b.chance(r.RandomMAC) {
		d.WiFi = pairs(b.mac("d"+b.text("26ae", 1)), ":")
	}
	if m.wired != "" {
		d.Ethernet = []string{pairs(m.wired, ":")}
		if b.chance(r.SharedDock) {
			d.Ethernet = []string{pairs(b.docks[b.IntN(len(b.docks))], ":")}
		}
	}
	if b.chance(r.DefaultName) {
		d.Name = map[bool]string{true: "iPad", false: "DESKTOP-" + b.text(letters36, 7)}[k.apple]
	}
	if b.chance(r.TagInMDM) {
		d.AssetTag = m.label
	}
	return d
}
