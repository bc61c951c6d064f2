package abmtest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// IDs lists the ids of the devices that the organisation owns, as listed.
func (f *Fake) IDs() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]string, len(f.owned))
	for i, d := range f.owned {
		list[i] = f.idOf(d)
	}
	return list
}

// Released lists the ids of released devices, sorted.
func (f *Fake) Released() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := []string{}
	for _, d := range f.devices {
		if !d.released.IsZero() {
			list = append(list, f.idOf(d))
		}
	}
	slices.Sort(list)
	return list
}

// Add adds a device that was just bought, without a server, and returns its
// id.
func (f *Fake) Add(dev fleet.Device) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.idOf(f.add(dev))
}

// add adds a device, which shows among the audit events of now.
func (f *Fake) add(dev fleet.Device) *device {
	known := len(f.past)
	d := f.own(dev, "")
	if now := f.Now().Truncate(time.Millisecond); d.added.After(now) { // bought today
		d.added, d.updated = now, now
	}
	for _, e := range f.past[known:] {
		f.note(e)
	}
	f.past = f.past[:known]
	return d
}

// Release releases a device, as a person does in the portal. It reports
// whether the organisation owned it.
func (f *Fake) Release(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.find(id)
	if d == nil || !d.released.IsZero() {
		return false
	}
	f.let(d, "USER", "1000200030")
	return true
}

// Replace adds a device in the place of one that Apple keeps after service:
// the old one is released. It returns the id of the new one. It panics if the
// organisation does not own the old one.
func (f *Fake) Replace(id string, dev fleet.Device) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := f.find(id)
	if old == nil || !old.released.IsZero() {
		panic("abmtest: no device " + id)
	}
	d := f.add(dev)
	d.server = old.server
	f.let(old, "REPLACEMENT", d.serial)
	return f.idOf(d)
}

// let releases a device, which shows among the audit events.
func (f *Fake) let(d *device, kind, by string) {
	f.drop(d, f.Now(), kind, by)
	f.note(removal(d, f.Now()))
}

// Remove makes the organisation forget devices, released ones too, as Apple
// does some time after the release.
func (f *Fake) Remove(ids ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		if d := f.find(id); d != nil {
			f.owned = slices.DeleteFunc(f.owned, func(o *device) bool { return o == d })
			delete(f.devices, d.serial)
			delete(f.opaque, d.opaque)
		}
	}
}

// Assign gives devices a server at once, as a person does in the portal; "" =
// none. It panics if there is no such server.
func (f *Fake) Assign(serverID string, ids ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if serverID != "" && f.server(serverID) == nil {
		panic("abmtest: no server " + serverID)
	}
	for _, id := range ids {
		if d := f.find(id); d != nil {
			d.server, d.before, d.updated = serverID, serverID, f.Now()
			f.note(f.moved(d, "USER"))
		}
	}
}

// ServerOf is the id of a device's server; "" = it has none, or there is no
// such device.
func (f *Fake) ServerOf(id string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.find(id); d != nil {
		return f.serverOf(d)
	}
	return ""
}

// SetLag lets the server of a device follow an activity only some time after
// the activity has ended. 0 = at once.
func (f *Fake) SetLag(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lag = d
}

// Plant puts elements in front of the list of devices, verbatim: damaged
// records, or records of other times. They need not even be JSON. The total
// includes them.
func (f *Fake) Plant(raw ...json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.planted = append(f.planted, raw...)
}

// PlantDetail answers the read of one device with this text, verbatim. The
// device need not exist.
func (f *Fake) PlantDetail(id string, raw json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.details[id] = raw
}

// PlantCoverage makes these elements the coverage of a device, verbatim. The
// device must exist.
func (f *Fake) PlantCoverage(id string, raw ...json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.covers[id] = append([]json.RawMessage{}, raw...)
}
