package intunetest

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// world is what the fake knows of the tenant.
type world struct {
	name       string
	dirty      bool // the district has flaws, so the fake adds those of Intune
	domain     string
	devices    []*device // in the order of the district, those that were added behind
	ordered    []*device // in the order of lists, see byName
	byID       map[string]*device
	users      []*user
	owners     map[string]*user // by fleet.Person.ID
	categories []category
	groups     []group
	autopilot  []hardware
	depTokens  []depToken
	imported   []importedDevice
	known      map[string]bool // ids of imported devices
	accountID  string
	pushExpiry time.Time
	vppExpiry  time.Time
	made       int // devices, so that ids differ
}

type user struct {
	id, upn, mail, employee string
	person                  fleet.Person
}

type category struct{ id, name, description string }

// group is a group of Entra ID.
type group struct {
	id, name string
	source   string // fleet.Group.ID
}

func newWorld(d *fleet.District, domain string) world {
	w := world{
		name: d.Name, domain: domain, byID: map[string]*device{}, owners: map[string]*user{}, known: map[string]bool{}, accountID: uuid("account", d.Name),
		pushExpiry: d.Now.AddDate(0, 5, 0), vppExpiry: d.Now.AddDate(0, 8, 0),
	}
	for _, flaw := range fleet.Flaws() {
		w.dirty = w.dirty || d.Count(flaw) > 0
	}
	for i, p := range d.People {
		u := &user{id: uuid("user", p.ID), upn: p.Username + "@" + domain, mail: p.Email, employee: fmt.Sprintf("E%05d", i+1), person: p}
		w.users = append(w.users, u)
		w.owners[p.ID] = u
	}
	for _, s := range d.Schools {
		w.categories = append(w.categories, category{uuid("category", s.ID), s.Name, "Devices of " + s.Name})
	}
	for _, g := range d.Groups {
		w.groups = append(w.groups, group{uuid("group", g.ID), g.Name, g.ID})
	}
	for i := range d.Devices {
		w.add(d.Devices[i])
	}
	w.addHardware()
	w.addApple(d)
	return w
}

// uuid makes a GUID in small letters from some texts.
func uuid(from ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(from, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func (w *world) user(id string) *user {
	for _, u := range w.users {
		if u.id == id || strings.EqualFold(u.upn, id) {
			return u
		}
	}
	return nil
}

func (w *world) category(id string) *category {
	for i := range w.categories {
		if w.categories[i].id == id {
			return &w.categories[i]
		}
	}
	return nil
}

// device is one managed device.
type device struct {
	fleet.Device
	index     int
	id        string
	kind      Kind
	personal  bool
	user      *user
	category  *category
	agent     string
	state     string // managementState
	enrolment string // deviceEnrollmentType, as beta has it
	notes     string
	managed   string // managedDeviceName
	lost      bool
	pin       string // of the last lock of a Mac, not used yet
	results   []*result
	offline   bool
	fails     bool // its actions end as failed

	reportedSerial string
	directoryID    string // Entra's deviceId
	registered     *bool
	hybrid         bool
	prefixed       bool // a GUID without hyphens stands before the UPN
	bypass         string
}

// add enrols a device of the fleet.
func (w *world) add(dev fleet.Device) *device {
	w.made++
	d := &device{
		Device: dev, index: w.made - 1, state: "managed", agent: "mdm", reportedSerial: dev.Serial,
		id: uuid("device", strconv.Itoa(w.made), dev.UDID),
	}
	d.kind, d.enrolment, d.personal = classify(dev, d.index)
	if !dev.Managed {
		d.state = "discovered"
	}
	d.user = w.owners[dev.Owner]
	if d.index%5 != 0 {
		d.category = w.category(uuid("category", dev.School))
	}
	d.notes = dev.Notes
	d.managed = d.managementName()
	d.bypass = strings.ToUpper(strings.ReplaceAll(uuid("bypass", d.id)[:23], "-", ""))
	w.register(d)
	if w.dirty {
		d.spoil()
	}
	w.devices = append(w.devices, d)
	w.ordered = append(w.ordered, d)
	w.byID[d.id] = d
	return d
}

// register gives a device its object in Entra ID.
func (w *world) register(d *device) {
	yes, no := true, false
	switch {
	case d.kind == Windows || d.index%3 == 0:
		d.directoryID, d.registered = uuid("directory", d.id), &yes
	case d.index%3 == 1:
		d.registered = &no
	}
	d.hybrid = d.kind == Windows && d.index%4 == 3
}

// spoil gives a device the junk that Intune is known for.
func (d *device) spoil() {
	d.prefixed = d.android() && d.index%2 == 1
	switch {
	case d.personal && d.kind == IOS:
		d.directoryID, d.registered = d.id, nil // its own id, not Entra's
	case d.kind == Windows && d.index%6 == 1:
		d.reportedSerial = []string{"Defaultstring", "SystemSerialNumber", "0", "ToBeFilledByO.E.M."}[d.index/6%4]
	}
}

// managementName is the name that Intune makes up: user, system and time.
func (d *device) managementName() string {
	name := ""
	if d.user != nil {
		name = d.user.person.Username
	}
	word := map[Kind]string{IOS: "IPhone", IPad: "IPad", Mac: "MacOS", Windows: "Windows"}[d.kind]
	if word == "" {
		word = "AndroidForWork"
	}
	return name + "_" + word + "_" + d.Enrolled.UTC().Format("1/2/2006_3:04 PM")
}

// Add enrols another device and returns its id.
func (f *Fake) Add(dev fleet.Device) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.world.add(dev).id
}

// Remove takes devices away, as a wipe does in the end. It returns how many of
// the ids existed.
func (f *Fake) Remove(ids ...string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, id := range ids {
		if d := f.byID[id]; d != nil {
			f.drop(d)
			n++
		}
	}
	return n
}

func (w *world) drop(d *device) {
	delete(w.byID, d.id)
	same := func(other *device) bool { return other == d }
	w.devices = slices.DeleteFunc(w.devices, same)
	w.ordered = slices.DeleteFunc(w.ordered, same)
}

// byName gives the devices in the order of lists. Sorting them anew is cheap:
// few have another name than the last time.
func (w *world) byName() []*device {
	slices.SortFunc(w.ordered, compareNames)
	return w.ordered
}

// compareNames orders devices by name and id, as the cursor of a list does.
func compareNames(a, b *device) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.id, b.id))
}

// IDs lists the ids of all devices: those of the district in its order, so
// that they stand beside fleet.District.Devices, then those that were added.
func (f *Fake) IDs() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]string, len(f.devices))
	for i, d := range f.devices {
		list[i] = d.id
	}
	return list
}

// Rename gives a device another name, as its user does. The id must exist.
func (f *Fake) Rename(id, name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byID[id].Name = name
}

// SetAgent makes a device one that something else than Intune's MDM manages,
// such as "jamf", "eas" or "msSense". The id must exist.
func (f *Fake) SetAgent(id, agent string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byID[id].agent = agent
}
