package abmtest

import (
	"fmt"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// device is one device that the organisation owns or owned.
type device struct {
	fleet  fleet.Device
	index  int // decides about small differences
	serial string
	opaque string

	model, family, capacity, part, order, color string
	sourceType, sourceID                        string
	added, updated, ordered                     time.Time
	released                                    time.Time // zero = owned
	releaserType, releaser                      string

	server, before string // ids; before = until the lag is over
	moved          time.Time
	migration      string // "" = none
	deadline       time.Time
}

// newDevice makes a device of one of the fleet.
func newDevice(dev fleet.Device, index int) *device {
	d := &device{
		fleet: dev, index: index, serial: dev.Serial, opaque: fmt.Sprintf("%X", digest("device", dev.Serial)[:12]),
		model: modelName(dev.Model), family: family(&dev), color: strings.ToUpper(dev.Color),
	}
	if d.serial == "" {
		d.serial = fmt.Sprintf("H%X", digest("serial", dev.Truth, dev.UDID)[:5])
	}
	d.added = dev.Added.Add(14*time.Hour + 20*time.Minute + time.Duration(index%2)*826*time.Millisecond)
	d.updated = d.added.Add(time.Duration(index%90) * 25 * time.Hour)
	d.capacity = capacity(dev.Capacity, index)
	d.part = part(&dev, d.capacity)
	d.buy()
	return d
}

// buy derives where the device comes from.
func (d *device) buy() {
	d.ordered = d.added.AddDate(0, 0, -10).Truncate(24 * time.Hour)
	switch {
	case d.fleet.Enrolment == fleet.Configurator:
		d.sourceType, d.ordered = "MANUALLY_ADDED", d.added
		d.order = "CE-" + strings.NewReplacer(":", "-", ".", "-").Replace(d.added.UTC().Format("2006-01-02-15:04:05.000"))
	case d.index%4 == 3:
		d.sourceType, d.sourceID = "APPLE", "1204567"
		d.order = fmt.Sprintf("W%09d", 530000000+d.ordered.Unix()/86400*7)
	default:
		d.sourceType, d.sourceID = "RESELLER", "4A5B6C"
		d.order = fmt.Sprintf("EXR/%X/%03d", digest("order", d.ordered.Format(time.DateOnly))[:4], 1+d.index%3)
	}
	if d.index%11 == 7 {
		d.color = ""
	}
}

// modelName writes a model as Apple does, without the radio in brackets.
func modelName(name string) string {
	name = strings.TrimSuffix(strings.TrimSuffix(name, " (WiFi)"), " (Cellular)")
	return strings.ReplaceAll(name, "Generation", "generation")
}

// family is the product family.
func family(d *fleet.Device) string {
	switch d.Platform {
	case fleet.IOS:
		return "iPhone"
	case fleet.MacOS:
		return "Mac"
	case fleet.TVOS:
		return "AppleTV"
	}
	return "iPad"
}

// capacity is what stands on the box; that of stock is not in the fleet.
func capacity(bytes int64, index int) string {
	sizes := []int64{32, 64, 128, 256, 512}
	if bytes == 0 {
		return fmt.Sprintf("%dGB", sizes[1+index%2])
	}
	for _, s := range sizes {
		if bytes < s*1_000_000_000 {
			return fmt.Sprintf("%dGB", s)
		}
	}
	return "1TB"
}

// part is a part number of the German region.
func part(d *fleet.Device, capacity string) string {
	const set = "ABCDEFGHJKLMNPQRTUVWXYZ0123456789"
	sum := digest("part", d.Identifier, d.Color, capacity)
	return fmt.Sprintf("M%c%c%c3FD/A", set[sum[0]%23], set[sum[1]%33], set[23+sum[2]%10])
}

// hardware is an address as Apple writes it: twelve digits in capitals.
func hardware(mac string) string { return strings.ToUpper(strings.ReplaceAll(mac, ":", "")) }

// ethernet lists the built-in interfaces of a desk-top Mac; adapters and docks
// are not listed.
func (d *device) ethernet() []string {
	list := []string{}
	if d.fleet.Class != fleet.Desktop || d.fleet.Has(fleet.SharedDock) {
		return list
	}
	for _, mac := range d.fleet.EthernetMACs {
		list = append(list, hardware(mac))
	}
	return list
}

// imeis and meids are those of all slots.
func (d *device) imeis() (imeis, meids []string) {
	imeis, meids = []string{}, []string{}
	for _, sim := range d.fleet.SIMs {
		imeis = append(imeis, sim.IMEI)
		meids = append(meids, sim.IMEI[:min(14, len(sim.IMEI))])
	}
	return imeis, meids
}

// eid is that of the first slot.
func (d *device) eid() string {
	if len(d.fleet.SIMs) == 0 {
		return ""
	}
	return d.fleet.SIMs[0].EID
}
