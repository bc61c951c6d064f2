package relutiontest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// device is one record with its state and what was rendered of it.
type device struct {
	state *state
	busy  bool           // postpones actions
	fails string         // why actions end as ERROR; "" = they do not
	later []func(*state) // what the inventory does not show yet

	base     object
	raw      json.RawMessage
	rendered *state // the state and the epoch that base and raw are of
	epoch    int
}

// state is one record at one moment.
type state struct {
	fleet.Device
	school fleet.School
	index  int // decides about small differences
	uuid   string
	org    string
	user   *user // nil = nobody

	platform, enrolled  string // the server's words for the platform and the way of enrolment
	status, ownership   string
	lost                string
	deletedBy           string
	deleted             time.Time
	created, modified   time.Time
	refreshed           time.Time // of the inventory; older than the last contact
	custom              [5]string
	description, remark string
	groups              []string // UUIDs of device groups
	violations          int
	loanTo              string
	loanUntil           time.Time
}

// newState makes the record of a device of a district.
func newState(d *fleet.District, i int, o *organisation, owners map[string]*user) *state {
	dev := d.Devices[i]
	s := &state{Device: dev, index: i, uuid: uuid("device", o.uuid, dev.Truth, dev.UDID), org: o.uuid, user: owners[dev.Owner]}
	s.school, _ = d.School(dev.School)
	for _, g := range dev.Groups {
		s.groups = append(s.groups, uuid("device group", o.uuid, g))
	}
	s.platform, s.enrolled = platformOf(s)
	s.ownership = "COD"
	if personal(s) {
		s.ownership = "BYOD"
	} else if i%17 == 3 {
		s.ownership = "UNKNOWN"
	}
	s.lost = "DISABLED"
	s.custom = [5]string{dev.AssetTag, "Raum " + strconv.Itoa(1+i%3) + "." + strconv.Itoa(1+i%40)}
	if i%3 == 1 && dev.AssetTag != "" {
		s.description = "INV " + dev.AssetTag
	}
	s.remark = dev.Notes
	s.created, s.modified = dev.Added, dev.Added
	if !dev.LastSeen.IsZero() {
		s.modified = dev.LastSeen.Add(500 * time.Millisecond)
		s.refreshed = dev.LastSeen.Add(-time.Hour)
	}
	former := 0
	if !dev.Managed { // few are
		former = formerIn(d.Devices[:i])
	}
	s.status = statusOf(s, d.Now, former)
	if s.status == "DELETED" {
		s.deleted, s.deletedBy = dev.LastSeen.AddDate(0, 0, 1), "admin.example"
	}
	return s
}

// statusOf mixes life cycle and compliance, as the server does. Of the records
// that a newer enrolment replaced, the first and every second one after it
// were deleted, which keeps them; former is how many come before this one.
func statusOf(s *state, now time.Time, former int) string {
	switch {
	case s.LastSeen.IsZero():
		return "ENROLLMENT_PENDING"
	case !s.Managed && former%2 == 0:
		return "DELETED"
	case !s.Managed:
		return "WITHDRAWN"
	case now.Sub(s.LastSeen) > 30*24*time.Hour:
		return "INACTIVE"
	case s.index%13 == 5:
		s.violations = 1 + s.index%2
		return "NONCOMPLIANT"
	}
	return "COMPLIANT"
}

// formerIn counts the records that are not managed any more.
func formerIn(devices []fleet.Device) int {
	n := 0
	for i := range devices {
		if !devices[i].Managed {
			n++
		}
	}
	return n
}

// platformOf is the server's platform and way of enrolment. iPads are IOS;
// every fourth Android device is of the older kind that displays are of.
func platformOf(s *state) (platform, enrolled string) {
	switch s.Platform {
	case fleet.IPadOS, fleet.IOS:
		if personal(s) {
			return "IOS", "IOS_USER_ENROLLMENT"
		}
		return "IOS", "IOS"
	case fleet.MacOS:
		return "MACOS", "MACOS"
	case fleet.TVOS:
		return "TVOS", "TVOS"
	case fleet.Windows:
		return "WINDOWS", "WINDOWS"
	case fleet.Android:
		switch {
		case s.index%4 == 0:
			return "ANDROID", "ANDROID"
		case personal(s):
			return "ANDROID_ENTERPRISE", "ANDROID_ENTERPRISE_PROFILE_OWNER"
		}
		return "ANDROID_ENTERPRISE", "ANDROID_ENTERPRISE_DEVICE_OWNER"
	}
	return "UNKNOWN", "UNKNOWN"
}

// personal devices tell the server no serial: phones that their owner
// enrolled, and every fourth Android device, with a work profile.
func personal(s *state) bool {
	switch s.Platform {
	case fleet.IOS:
		return s.Enrolment == fleet.Manual && !s.Supervised
	case fleet.Android:
		return s.index%4 == 1
	}
	return false
}

// androidSerials are the serials that Android devices report, by index: of
// four, one reports what the next one should, one nothing, and two the truth.
func androidSerials(d *fleet.District) map[int]string {
	var all []int
	for i := range d.Devices {
		if d.Devices[i].Platform == fleet.Android {
			all = append(all, i)
		}
	}
	reported := map[int]string{}
	for n, i := range all {
		switch {
		case i%4 == 1:
			reported[i] = ""
		case i%4 == 2 && n+1 < len(all):
			reported[i] = d.Devices[all[n+1]].Serial
		}
	}
	return reported
}

// shared iPads are used by several people.
func (s *state) shared() bool {
	return s.Platform == fleet.IPadOS && s.user == nil && s.index%5 == 2 && !s.pending()
}

// pending devices were announced and never came: nothing is known of their
// hardware.
func (s *state) pending() bool { return s.status == "ENROLLMENT_PENDING" }

// gone devices obey no more.
func (s *state) gone() bool {
	return slices.Contains([]string{"WITHDRAWN", "DELETED", "ENROLLMENT_PENDING"}, s.status)
}

// add puts a device into the world.
func (w *world) add(s *state) *device {
	d := &device{state: s}
	w.devices = append(w.devices, d)
	w.byUUID[s.uuid] = d
	w.members, w.sorted = nil, nil
	return d
}

// change replaces the state of a device and moves it to the end of the list,
// as databases do. The caller holds the lock.
func (f *Fake) change(d *device, edit func(*state)) {
	next := *d.state
	edit(&next)
	next.modified = f.Now().Truncate(time.Millisecond)
	d.state = &next
	if i := slices.Index(f.devices, d); i >= 0 {
		f.devices = append(slices.Delete(f.devices, i, i+1), d)
	}
}

// UUIDs lists the devices of an organisation, those that were deleted
// included, in ascending order.
func (f *Fake) UUIDs(organisation string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var ids []string
	for _, d := range f.devices {
		if d.state.org == organisation {
			ids = append(ids, d.state.uuid)
		}
	}
	slices.Sort(ids)
	return ids
}

// UUIDOf is the device that a record of the district became in the tenant, by
// the record's UDID; "" = there is none.
func (f *Fake) UUIDOf(udid string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range f.devices {
		if d.state.UDID == udid && (d.state.org == f.Tenant || f.organisation(d.state.org).parent == f.Tenant) {
			return d.state.uuid
		}
	}
	return ""
}

// Remove takes a device away without a trace.
func (f *Fake) Remove(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id = strings.ToUpper(id)
	f.devices = slices.DeleteFunc(f.devices, func(d *device) bool { return d.state.uuid == id })
	delete(f.byUUID, id)
	f.members, f.sorted = nil, nil
}

// Enrol adds a device to an organisation and returns its UUID. Two of one
// truth and UDID are one.
func (f *Fake) Enrol(organisation string, dev fleet.Device) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	one := &fleet.District{Now: f.Now(), Devices: []fleet.Device{dev}}
	s := newState(one, 0, f.known(organisation), nil)
	if f.byUUID[s.uuid] == nil {
		f.add(s)
	}
	return s.uuid
}

// CheckIn lets a device contact the server, which changes its place in lists
// that are not sorted by UUID.
func (f *Fake) CheckIn(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.byUUID[strings.ToUpper(id)]; d != nil {
		f.change(d, func(s *state) { s.LastSeen = f.Now().Truncate(time.Millisecond) })
	}
}

// Lend lends a device to somebody, by name, until some time. "" takes it back.
func (f *Fake) Lend(id, to string, until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.byUUID[strings.ToUpper(id)]; d != nil {
		f.change(d, func(s *state) { s.loanTo, s.loanUntil = to, until })
	}
}

// SetStatus gives a device any status, also one that no release is known to
// have.
func (f *Fake) SetStatus(id, status string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.byUUID[strings.ToUpper(id)]; d != nil {
		f.change(d, func(s *state) { s.status = status })
	}
}

// device finds the device of the path that the request may see; nil = there
// is none.
func (c *call) device() *device {
	d := c.f.byUUID[strings.ToUpper(c.vars["uuid"])]
	if d == nil || !c.same(d.state.uuid, c.vars["uuid"]) || !c.sees(d.state.org) {
		return nil
	}
	if !c.may("READ_DEVICES") && (d.state.user == nil || d.state.user.uuid != c.account.user.uuid) {
		return nil
	}
	return d
}
