package abmtest

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// world is what the organisation has.
type world struct {
	owned    []*device          // as listed; released devices are not
	devices  map[string]*device // released ones too, by serial number
	opaque   map[string]*device // by the id of Wire.OpaqueIDs
	planted  []json.RawMessage
	details  map[string]json.RawMessage // planted answers about one device, by id
	covers   map[string][]json.RawMessage
	servers  []*server
	schools  []fleet.School
	people   []fleet.Person
	lag      time.Duration // until the server of a device follows an activity
	index    int           // of the next device
	district time.Time     // the present of the district
	past     []event
}

func newWorld(d *fleet.District, school bool) world {
	w := world{
		devices: map[string]*device{}, opaque: map[string]*device{}, details: map[string]json.RawMessage{}, covers: map[string][]json.RawMessage{},
		schools: slices.Clone(d.Schools), people: slices.Clone(d.People), servers: newServers(d.Now, school), district: d.Now,
	}
	main := w.servers[0].id
	seen := map[string]bool{}
	for i := range d.Devices {
		dev := d.Devices[i]
		if !dev.Apple() || dev.Enrolment == fleet.Manual || dev.Truth != "" && seen[dev.Truth] {
			continue
		}
		seen[dev.Truth] = true
		if dev.Has(fleet.JunkSerial) { // Apple knows better
			dev.Serial = rightSerial(d, dev.Truth)
		}
		w.own(dev, main)
	}
	for i := range d.Stock {
		if i%3 == 0 {
			w.own(d.Stock[i], "")
		} else {
			w.own(d.Stock[i], main)
		}
	}
	w.letGo(d)
	if !school {
		w.builtIn()
	}
	slices.SortStableFunc(w.past, func(a, b event) int { return a.at.Compare(b.at) })
	return w
}

// rightSerial is the serial number of a device by the inventory, or else one
// that is made up.
func rightSerial(d *fleet.District, truth string) string {
	for i := range d.Assets {
		if d.Assets[i].Truth == truth && d.Assets[i].Serial != "" {
			return d.Assets[i].Serial
		}
	}
	return fmt.Sprintf("G%X", digest("serial", truth)[:5])
}

// own adds a device. Its server may be "".
func (w *world) own(dev fleet.Device, serverID string) *device {
	if dev.Added.IsZero() {
		dev.Added = w.district.AddDate(-1, 0, 0).Truncate(24 * time.Hour)
	}
	d := newDevice(dev, w.index)
	if d.updated.After(w.district) {
		d.updated = d.added
	}
	w.index++
	d.server = serverID
	w.owned = append(w.owned, d)
	w.devices[d.serial] = d
	w.opaque[d.opaque] = d
	w.past = append(w.past, event{at: d.added, kind: "DEVICE_ADDED_TO_ORG", subject: d.serial, actor: "SYSTEM",
		data: map[string]any{"serialNumber": d.serial, "purchaseSourceType": d.sourceType, "purchaseSourceId": d.sourceID}})
	if serverID != "" {
		w.past = append(w.past, event{at: d.added.Add(time.Hour), kind: "DEVICE_ASSIGNED_TO_SERVER", subject: d.serial, actor: "USER",
			data: map[string]any{"serialNumber": d.serial, "targetServerName": w.server(serverID).name}})
	}
	return d
}

// letGo makes released devices of Apple's devices that only the inventory
// knows.
func (w *world) letGo(d *fleet.District) {
	for i := range d.Assets {
		a := &d.Assets[i]
		if a.Truth != "" || a.Manufacturer != "Apple" || a.Serial == "" {
			continue
		}
		dev := w.own(fleet.Device{
			Serial: a.Serial, Platform: fleet.IPadOS, Class: fleet.Tablet, Line: "iPad", Model: a.Model, Identifier: "iPad6,11",
			Color: "Silver", School: a.School, Enrolment: fleet.Automated, Added: a.Purchased,
		}, "")
		at := d.Now.AddDate(0, -1-i%11, 0)
		w.drop(dev, at, "USER", "1000200030")
		w.past = append(w.past, removal(dev, at))
	}
}

// drop releases a device.
func (w *world) drop(d *device, at time.Time, kind, by string) {
	d.released, d.releaserType, d.releaser = at, kind, by
	d.updated, d.server, d.before, d.migration = at, "", "", ""
	w.owned = slices.DeleteFunc(w.owned, func(o *device) bool { return o == d })
}

// builtIn gives the last two phones to Apple's built-in management.
func (w *world) builtIn() {
	n := 0
	for _, d := range slices.Backward(w.owned) {
		if d.fleet.Class == fleet.Phone && d.fleet.UDID != "" && n < 2 {
			d.server = w.servers[len(w.servers)-1].id
			n++
		}
	}
}

// find is the device of that id; nil = there is none.
func (f *Fake) find(id string) *device {
	if f.wire.OpaqueIDs {
		return f.opaque[id]
	}
	return f.devices[id]
}

// idOf is the id of a device.
func (f *Fake) idOf(d *device) string {
	if f.wire.OpaqueIDs {
		return d.opaque
	}
	return d.serial
}

// server is the server of that id; nil = there is none.
func (w *world) server(id string) *server {
	for _, s := range w.servers {
		if s.id == id {
			return s
		}
	}
	return nil
}

// of lists the devices of a server, as seen now.
func (f *Fake) of(serverID string) []*device {
	var list []*device
	for _, d := range f.owned {
		if f.serverOf(d) == serverID {
			list = append(list, d)
		}
	}
	return list
}

// serverOf is the id of a device's server, as seen now: activities take effect
// after the lag.
func (f *Fake) serverOf(d *device) string {
	if f.lag > 0 && f.Now().Before(d.moved.Add(f.lag)) {
		return d.before
	}
	return d.server
}

// move gives a device another server; "" = none.
func (f *Fake) move(d *device, serverID string) {
	d.before, d.server, d.moved = f.serverOf(d), serverID, f.Now()
	d.updated = d.moved
}

func digest(from ...string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(from, "\x00")))
	return sum[:]
}

// uuid makes a UUID in small letters from some texts.
func uuid(from ...string) string {
	sum := digest(from...)
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// stamp is a time as JSON has it: with milliseconds if there are any.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(cmp.Or(map[bool]string{true: "2006-01-02T15:04:05.000Z"}[t.Nanosecond() >= int(time.Millisecond)], "2006-01-02T15:04:05Z"))
}
