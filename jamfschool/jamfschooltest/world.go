package jamfschooltest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// world is what the fake knows. Its parts are never changed in place: a
// write replaces the state of a device, so that a listing under way goes on
// with what it began with.
type world struct {
	locations    []location
	devices      []*device
	byUDID       map[string]*device // by upper case; of two with one UDID the one that checked in last
	users        []*user
	userGroups   []string // names; the id is firstUserGroup + index
	groups       []*group
	placeholders []*placeholder
	planted      []json.RawMessage
	details      map[string]json.RawMessage // planted details, by upper-case UDID
}

// The first ids of each kind. Location 0 is the district itself.
const (
	firstUser      = 36
	firstUserGroup = 5
	firstGroup     = 12
	firstProfile   = 301
)

type location struct {
	id     int
	school fleet.School
}

type user struct {
	id, location int
	person       fleet.Person
	inTrash      bool
}

type group struct {
	id, location      int
	name, description string
	shared, smart     bool
}

// device has the states of one record.
type device struct {
	state  *state
	before *state // what stale reads see; nil = they are over
	reads  int    // how many of them are left
	queue  []Command
	locked string // why clearing the activation lock fails; "" = it works
}

// state is one record at one moment.
type state struct {
	fleet.Device
	index    int
	location int
	owner    int // user id; 0 = none
	groups   []int
	pending  bool // announced or wiped, waits to be set up
	inTrash  bool
	modified time.Time
}

func newWorld(d *fleet.District) world {
	w := world{byUDID: map[string]*device{}, details: map[string]json.RawMessage{}}
	at := map[string]int{} // location by School.ID
	for i, s := range d.Schools {
		l := location{id: i, school: s}
		if i > 0 {
			l.id = i + 1 // ids have holes
		}
		at[s.ID] = l.id
		w.locations = append(w.locations, l)
	}
	owners := w.addUsers(d, at)
	groups := w.addGroups(d, at)
	for i, dev := range d.Devices {
		if !dev.Apple() {
			continue // this MDM knows Apple's devices only
		}
		w.addDevice(i, dev, at[dev.School], owners[dev.Owner], groups)
	}
	w.addPlaceholders(d, at, owners)
	return w
}

func (w *world) addUsers(d *fleet.District, at map[string]int) map[string]int {
	ids := map[string]int{}
	for i, p := range d.People {
		u := &user{id: firstUser + i, location: at[p.School], person: p}
		ids[p.ID] = u.id
		w.users = append(w.users, u)
		for _, g := range p.Groups {
			if !slices.Contains(w.userGroups, g) {
				w.userGroups = append(w.userGroups, g)
			}
		}
	}
	return ids
}

func (w *world) addGroups(d *fleet.District, at map[string]int) map[string]int {
	ids := map[string]int{}
	for i, g := range d.Groups {
		ids[g.ID] = firstGroup + i
		w.groups = append(w.groups, &group{
			id: firstGroup + i, location: at[g.School], name: g.Name, description: g.Notes, smart: g.Smart,
		})
	}
	return ids
}

func (w *world) addDevice(i int, dev fleet.Device, location, owner int, groups map[string]int) {
	s := &state{Device: dev, index: i, location: location, owner: owner, pending: dev.LastSeen.IsZero()}
	for _, g := range dev.Groups {
		s.groups = append(s.groups, groups[g])
	}
	s.modified = dev.LastSeen.Add(time.Second)
	if dev.LastSeen.IsZero() {
		s.modified = dev.Added
	}
	one := &device{state: s}
	w.devices = append(w.devices, one)
	key := strings.ToUpper(dev.UDID)
	if other := w.byUDID[key]; other == nil || other.state.LastSeen.Before(dev.LastSeen) {
		w.byUDID[key] = one
	}
}

// user finds a user, nil if there is none.
func (w *world) user(id int) *user {
	if i := id - firstUser; i >= 0 && i < len(w.users) {
		return w.users[i]
	}
	return nil
}

// group finds a device group, nil if there is none.
func (w *world) group(id int) *group {
	for _, g := range w.groups {
		if g.id == id {
			return g
		}
	}
	return nil
}

func (w *world) hasLocation(id int) bool {
	return slices.ContainsFunc(w.locations, func(l location) bool { return l.id == id })
}

// profiles are the names of the enrolment profiles that devices have.
func (w *world) profiles() []string {
	var names []string
	for _, d := range w.devices {
		if p := d.state.Profile; p != "" && !slices.Contains(names, p) {
			names = append(names, p)
		}
	}
	slices.Sort(names)
	return names
}

// look is a read of a device: it gives the state to answer with, and uses
// stale reads up. The caller holds the lock.
func (d *device) look() *state {
	if d.before == nil {
		return d.state
	}
	s := d.before
	if d.reads--; d.reads <= 0 {
		d.before = nil
	}
	return s
}

// change replaces the state of a device. The caller holds the lock.
func (f *Fake) change(d *device, edit func(*state)) {
	next := *d.state
	edit(&next)
	next.modified = f.tick()
	if f.stale > 0 {
		if d.before == nil {
			d.before = d.state
		}
		d.reads = f.stale
	}
	d.state = &next
}
