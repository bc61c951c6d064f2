package adetest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Add lets the organisation buy a device, and assigns it to an entry; nil =
// to none. A device whose serial is known already is only moved.
func (f *Fake) Add(e *Entry, bought Device) {
	f.mu.Lock()
	defer f.mu.Unlock()
	bought.Serial = strings.ToUpper(bought.Serial)
	d := f.devices[bought.Serial]
	if d == nil {
		d = &device{state: &bought}
		f.devices[bought.Serial] = d
	}
	f.move(d, e)
}

// Assign moves devices to an entry, as a person in the portal does; nil = to
// none. They lose their profile, which is of the entry that they leave. It
// returns how many were moved.
func (f *Fake) Assign(e *Entry, serials ...string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, serial := range serials {
		if d := f.devices[serial]; d != nil && d.entry != e {
			f.move(d, e)
			n++
		}
	}
	return n
}

// Release removes devices from the organisation for ever.
func (f *Fake) Release(serials ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, serial := range serials {
		if d := f.devices[serial]; d != nil {
			f.release(d)
		}
	}
}

// Edit changes what Apple knows of a device, all but its serial. It reports
// whether there is such a device. The function runs without any lock.
func (f *Fake) Edit(serial string, edit func(*Device)) bool {
	next, ok := f.Device(serial)
	if !ok {
		return false
	}
	edit(&next)
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.devices[serial]
	if d != nil {
		f.change(d, func(s *Device) { *s = next })
	}
	return d != nil
}

// Settle lets all devices with an assigned profile be set up: they get it, and
// their profile is pushed. It returns how many.
func (f *Fake) Settle() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, serial := range f.serials(nil) {
		if d := f.devices[serial]; d.entry != nil && d.state.Status == "assigned" {
			f.change(d, func(s *Device) { s.Status, s.ProfilePushed = "pushed", f.Now().Truncate(time.Second) })
			n++
		}
	}
	return n
}

// Device is what Apple knows of a device; false = it knows none of this
// serial, or none any more.
func (f *Fake) Device(serial string) (Device, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.devices[serial]; d != nil {
		return *d.state, true
	}
	return Device{}, false
}

// Serials are those of the devices that are assigned to the entry, sorted.
func (e *Entry) Serials() []string {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	return e.f.serials(e)
}

// serials are those of the devices of an entry; nil = of all entries and of
// none.
func (f *Fake) serials(e *Entry) []string {
	var list []string
	for serial, d := range f.devices {
		if e == nil || d.entry == e {
			list = append(list, serial)
		}
	}
	slices.Sort(list)
	return list
}

// Plant puts a record among the devices of the entry as it is, good JSON or a
// value of any type. It is in listings and, as a change, in what follows on
// the cursors that are out.
func (e *Entry) Plant(record json.RawMessage) {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.log = append(e.log, event{raw: slices.Clone(record), live: true})
}

// PlantDetail answers requests for the details of a serial with a record as it
// is.
func (e *Entry) PlantDetail(serial string, record json.RawMessage) {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.details[serial] = slices.Clone(record)
}

// move takes a device from its entry to another; nil = none.
func (f *Fake) move(d *device, e *Entry) {
	moved := d.entry != nil && f.wire.MovedModified
	if d.entry == e {
		return
	}
	f.leave(d)
	switch {
	case e == nil:
	case moved:
		f.arrive(d, e, "modified", f.Now())
	default:
		f.arrive(d, e, "added", f.Now())
	}
}

// leave takes a device from its entry.
func (f *Fake) leave(d *device) {
	if d.entry == nil {
		return
	}
	f.write(d, "deleted", f.date(d, f.Now()))
	next := *d.state
	next.Status, next.Profile, next.ProfileSet, next.ProfilePushed = "empty", "", time.Time{}, time.Time{}
	next.Assigned, next.AssignedBy = time.Time{}, ""
	d.state, d.entry = &next, nil
}

// arrive assigns a device to an entry.
func (f *Fake) arrive(d *device, e *Entry, kind string, at time.Time) {
	next := *d.state
	next.Assigned = f.date(d, at)
	if next.AssignedBy == "" {
		next.AssignedBy = e.admin
	}
	d.state, d.entry, d.latest = &next, e, -1
	f.write(d, kind, next.Assigned)
}

// release takes a device from the organisation.
func (f *Fake) release(d *device) {
	f.leave(d)
	delete(f.devices, d.state.Serial)
}

// change replaces the state of a device.
func (f *Fake) change(d *device, edit func(*Device)) {
	next := *d.state
	edit(&next)
	next.Serial = d.state.Serial
	d.state = &next
	if d.entry != nil {
		f.write(d, "modified", f.date(d, f.Now()))
	}
}

// date is the time of an operation on a device: no two of one device are in
// the same second.
func (f *Fake) date(d *device, at time.Time) time.Time {
	at = at.UTC().Truncate(time.Second)
	if !d.dated.IsZero() && !at.After(d.dated) {
		at = d.dated.Add(time.Second)
	}
	return at
}

// write adds a line to the log of the entry of a device.
func (f *Fake) write(d *device, kind string, at time.Time) {
	e := d.entry
	if d.latest >= 0 {
		e.log[d.latest].live = false
	}
	d.dated, d.latest = at, len(e.log)
	e.log = append(e.log, event{kind: kind, at: at, state: d.state, live: kind != "deleted"})
}
