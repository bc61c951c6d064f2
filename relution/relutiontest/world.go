package relutiontest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// world is what the fake knows about the district. A write replaces the state
// of a device, so that nothing that was rendered ever changes.
type world struct {
	organisations []*organisation
	users         []*user
	serviceUser   *user
	groups        []*group       // of users
	deviceGroups  []*deviceGroup // of devices: another thing
	members       map[string]int // how many devices each of them has; nil = not counted
	devices       []*device      // in the order of the last change, as a list without sort order has them
	sorted        []*device      // the same by UUID; nil = not sorted yet
	byUUID        map[string]*device
	enrolments    []*enrolment
	accountsDEP   []*depAccount
	actions       []*action
	labels        map[string][5]string // of custom fields, by organisation
	planted       []json.RawMessage
	details       map[string]json.RawMessage // planted details, by upper-case UUID
}

// organisation is a tenant.
type organisation struct {
	uuid, name, unique string
	parent             string // UUID of the meta organisation above; "" = none
	meta, system       bool
	deviceUser         string // UUID of the group that devices without a user belong to
}

// user is a person with an account.
type user struct {
	fleet.Person
	uuid, org string
	groups    []string // UUIDs
}

// group is a group of users.
type group struct {
	uuid, org, name, description string
	kind, subtype                string
}

// deviceGroup is a group of devices.
type deviceGroup struct {
	uuid, org, name, description string
	dynamic                      bool
}

// uuid makes a UUID that depends on its parts alone, in capitals like all of
// the server's.
func uuid(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[6] = sum[6]&0x0f | 0x40
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func newWorld(d *fleet.District) world {
	w := world{byUUID: map[string]*device{}, labels: map[string][5]string{}, details: map[string]json.RawMessage{}}
	home := w.addOrganisation("Medienzentrum Lindental")
	tenant := w.addOrganisation(d.Name)
	w.organisations = append(w.organisations, &organisation{uuid: uuid("organisation", "System"), name: "System", unique: "system", system: true})
	w.settle(d, tenant)
	w.settle(fleet.New(fleet.Options{Seed: 977, Schools: 1, Devices: 3, Clean: true, Now: d.Now}), home)
	w.serviceUser = &user{
		Person: fleet.Person{ID: "service", Username: "sync.example", Email: "sync@mdm.example", First: "Sync", Last: "Service"},
		uuid:   uuid("user", "service"), org: home.uuid,
	}
	w.users = append(w.users, w.serviceUser)
	return w
}

// addOrganisation adds a tenant with the groups that every one has.
func (w *world) addOrganisation(name string) *organisation {
	id := uuid("organisation", name, fmt.Sprint(len(w.organisations)))
	unique := strings.ToLower(strings.ReplaceAll(name, " ", "-"))
	for _, o := range w.organisations {
		if o.name == name {
			unique += "-2"
		}
	}
	o := &organisation{uuid: id, name: name, unique: unique, deviceUser: uuid("device user", id)}
	w.organisations = append(w.organisations, o)
	w.groups = append(w.groups,
		&group{o.deviceUser, id, name + " Device User", "", "SYSTEM_GROUP", "DEVICE_USER"},
		&group{uuid("administrators", id), id, "Administrators", "", "SYSTEM_PERMISSION", "ADMINISTRATOR"})
	w.labels[id] = [5]string{"Inventarnummer", "Raum", "Kostenstelle", "", ""}
	w.accountsDEP = append(w.accountsDEP, newDEPAccount(o))
	return o
}

// settle puts the people and devices of a district into an organisation.
func (w *world) settle(d *fleet.District, o *organisation) {
	owners := map[string]*user{}
	for _, p := range d.People {
		u := &user{Person: p, uuid: uuid("user", o.uuid, p.ID), org: o.uuid}
		for _, name := range p.Groups {
			u.groups = append(u.groups, w.userGroup(o, name))
		}
		owners[p.ID] = u
		w.users = append(w.users, u)
	}
	for _, g := range d.Groups {
		name := g.Name
		if s, ok := d.School(g.School); ok {
			name = s.Short + " " + name
		}
		w.deviceGroups = append(w.deviceGroups, &deviceGroup{uuid("device group", o.uuid, g.ID), o.uuid, name, g.Notes, g.Smart})
	}
	android := androidSerials(d)
	for i := range d.Devices {
		s := newState(d, i, o, owners)
		if serial, ok := android[i]; ok {
			s.Serial = serial
		}
		w.add(s)
		w.addEnrolment(o, s)
	}
	for i := range d.Stock {
		w.addStock(o, i, d.Stock[i])
	}
}

// userGroup is the UUID of a group of users, which is made if there is none.
func (w *world) userGroup(o *organisation, name string) string {
	for _, g := range w.groups {
		if g.org == o.uuid && g.name == name {
			return g.uuid
		}
	}
	subtype := "STUDENT"
	if name == "Teachers" {
		subtype = "TEACHER"
	}
	g := &group{uuid("group", o.uuid, name), o.uuid, name, "", "GROUP", subtype}
	w.groups = append(w.groups, g)
	return g.uuid
}

// organisation finds an organisation, whatever the letters of its UUID; nil =
// there is none.
func (w *world) organisation(id string) *organisation {
	for _, o := range w.organisations {
		if strings.EqualFold(o.uuid, id) {
			return o
		}
	}
	return nil
}

// known is the organisation that a test means. It panics if there is none.
func (w *world) known(id string) *organisation {
	o := w.organisation(id)
	if o == nil {
		panic("relutiontest: no organisation " + id)
	}
	return o
}

// AddOrganisation adds an empty organisation, which no token gets to yet, and
// returns its UUID. Names may repeat.
func (f *Fake) AddOrganisation(name string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.world.addOrganisation(name).uuid
}

// Split makes the tenant a meta organisation: each school gets one of its own
// below it, with its devices. Users stay where they are. It returns the UUIDs
// in the order of the schools. Tokens get to the new organisations with the
// permissions that they have in the tenant.
func (f *Fake) Split() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []string
	tenant := f.organisation(f.Tenant)
	tenant.meta = true
	for _, d := range f.devices {
		if d.state.org != f.Tenant {
			continue
		}
		i := slices.IndexFunc(f.organisations, func(o *organisation) bool { return o.parent == f.Tenant && o.name == d.state.school.Name })
		if i < 0 {
			o := f.world.addOrganisation(d.state.school.Name)
			o.parent = f.Tenant
			i = len(f.organisations) - 1
		}
		next := *d.state
		next.org = f.organisations[i].uuid
		d.state = &next
	}
	for _, o := range f.organisations {
		if o.parent == f.Tenant {
			list = append(list, o.uuid)
			f.letIn(o.uuid)
		}
	}
	f.epoch++
	return list
}

// letIn gives all accounts the rights in an organisation that they have in
// the tenant.
func (f *Fake) letIn(organisation string) {
	for _, t := range f.tokens {
		if rights, ok := t.owner.rights[f.Tenant]; ok {
			t.owner.rights[organisation] = slices.Clone(rights)
		}
	}
}
