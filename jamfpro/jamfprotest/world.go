package jamfprotest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// Kind is one of the two inventories of Jamf Pro.
type Kind uint8

// The kinds of devices. The zero value is none of them.
const (
	KindUnknown Kind = iota
	Computer         // Macs
	Mobile           // iPads, iPhones and Apple TVs
)

// String returns "computer", "mobile" or "unknown".
func (k Kind) String() string {
	switch k {
	case Computer:
		return "computer"
	case Mobile:
		return "mobile"
	}
	return "unknown"
}

// world is what the fake knows about devices. Its tables never change; a
// write replaces the state of a device, so that a page under way goes on with
// what it began with.
type world struct {
	tables
	shelves [3]shelf // by Kind
	planted [3][]json.RawMessage
	details [3]map[string]json.RawMessage // planted details, by id
	damage  map[string]Damage             // of mobile devices, by id
	dep     []depDevice
	expiry  time.Time // of the enrolment token
	sync    string    // state of the last enrolment sync
	owners  map[string]fleet.Person
	clients map[string]*device // by management id, bulk not included
}

// tables are the look-ups that records refer to.
type tables struct {
	schools []fleet.School
	groups  []group
}

// group is one group of one kind of device.
type group struct {
	id          int
	kind        Kind
	name, notes string
	source      string // fleet.Group.ID; "" = all managed ones
	site        string
	smart       bool
}

// device has the states of one record.
type device struct {
	state   *state
	before  *state // what nodes see that lag
	changed written
	busy    bool   // answers commands with NOT_NOW
	fails   string // why commands end as ERROR; "" = they do not
}

// state is one record at one moment.
type state struct {
	fleet.Device
	kind         Kind
	index        int // in the district; decides about small differences
	id           int
	managementID string
	inventoried  time.Time

	username, realName, email, position, phone string
	building, department, site, room           string // ids but for the room; "" = none
	barcode1, barcode2                         string
	purchase                                   purchase
	values                                     map[string][]string // of extension attributes, by definition; never changed in place
	lost                                       *lostMode
	pin                                        string
	timeZone                                   string
}

type purchase struct {
	Leased, Purchased                                 bool
	Order, Vendor, AppleCare, Price, Account, Contact string
	Ordered, Warranty, Lease                          time.Time
	Life                                              int
}

type lostMode struct{ message, phone, footnote string }

// The first ids of each kind. Those of computers and mobile devices overlap.
const (
	firstComputer = 41
	firstMobile   = 8
	firstBulk     = 1_000_000
)

func newWorld(d *fleet.District) world {
	w := world{
		damage: map[string]Damage{}, owners: map[string]fleet.Person{}, clients: map[string]*device{},
		expiry: d.Now.AddDate(0, 9, 0), sync: "SUCCESS",
	}
	w.schools = slices.Clone(d.Schools)
	for _, p := range d.People {
		w.owners[p.ID] = p
	}
	w.addGroups(d)
	w.shelves[Computer].next, w.shelves[Mobile].next = firstComputer, firstMobile
	for i := range d.Devices {
		if dev := d.Devices[i]; dev.Apple() {
			w.add(i, dev)
		}
	}
	w.addEnrolments(d)
	return w
}

func (w *world) addGroups(d *fleet.District) {
	w.groups = []group{
		{id: 1, kind: Computer, name: "All Managed Clients", smart: true, site: "-1"},
		{id: 1, kind: Mobile, name: "All Managed iPads", smart: true, site: "-1"},
	}
	for _, kind := range []Kind{Computer, Mobile} {
		used := map[string]bool{}
		for i := range d.Devices {
			if kindOf(&d.Devices[i]) == kind {
				for _, g := range d.Devices[i].Groups {
					used[g] = true
				}
			}
		}
		id := 1
		for _, g := range d.Groups {
			if used[g.ID] {
				id++
				w.groups = append(w.groups, group{id, kind, w.groupName(g), g.Notes, g.ID, "-1", g.Smart})
			}
		}
	}
}

// groupName makes names differ from school to school, as they must here.
func (w *world) groupName(g fleet.Group) string {
	for _, s := range w.schools {
		if s.ID == g.School && s.Short != "" {
			return s.Short + " " + g.Name
		}
	}
	return g.Name
}

func kindOf(d *fleet.Device) Kind {
	switch {
	case !d.Apple():
		return KindUnknown
	case d.Platform == fleet.MacOS:
		return Computer
	}
	return Mobile
}

// add puts a device of the fleet on its shelf.
func (w *world) add(index int, dev fleet.Device) *device {
	s := &state{Device: dev, kind: kindOf(&dev), index: index, inventoried: inventoried(dev, index)}
	shelf := &w.shelves[s.kind]
	s.id = shelf.next
	shelf.next += 1 + s.id%9/8 // ids have holes
	s.managementID = uuid("management", s.kind.String(), strconv.Itoa(s.id), dev.UDID)
	w.derive(s)
	d := &device{state: s}
	shelf.list = append(shelf.list, d)
	w.clients[s.managementID] = d
	return d
}

// inventoried is the last inventory: up to some hours before the last
// check-in, with a fraction of a second of zero to three digits.
func inventoried(dev fleet.Device, index int) time.Time {
	if dev.LastSeen.IsZero() {
		return time.Time{}
	}
	return dev.LastSeen.Add(-time.Duration(index%7)*time.Hour + time.Duration([]int{0, 210, 348, 5}[index%4])*time.Millisecond)
}

// uuid makes a UUID in small letters from some texts.
func uuid(from ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(from, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// look is the state of a device that the node of a request sees.
func (c *call) look(d *device) *state {
	if d.before != nil && !c.sees(d.changed) {
		return d.before
	}
	return d.state
}

// change replaces the state of a device.
func (c *call) change(d *device, edit func(*state)) {
	if d.before == nil || c.now.Sub(d.changed.at) >= c.f.lag {
		d.before = d.state
	}
	next := *d.state
	edit(&next)
	d.state, d.changed = &next, c.stamp()
	c.f.shelves[next.kind].keep(d)
}
