package jamfprotest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// shelf holds the devices of one kind in the order of their ids. Behind those
// in the list are bulk ones, which exist while they are looked at.
type shelf struct {
	list    []*device
	next    int // the next id
	bulk    int
	foundry *foundry        // of bulk devices
	touched map[int]*device // bulk devices that were written to, by index
}

func (s *shelf) len() int { return len(s.list) + s.bulk }

// at is the device of that place.
func (s *shelf) at(i int) *device {
	if i < len(s.list) {
		return s.list[i]
	}
	i -= len(s.list)
	if d := s.touched[i]; d != nil {
		return d
	}
	return &device{state: bulkState(s.foundry.templates[i%len(s.foundry.templates)], i)}
}

// find is the device of that id; nil = there is none.
func (s *shelf) find(id int) *device {
	if i := id - firstBulk; i >= 0 && i < s.bulk {
		return s.at(len(s.list) + i)
	}
	i, ok := slices.BinarySearchFunc(s.list, id, func(d *device, id int) int { return cmp.Compare(d.state.id, id) })
	if !ok {
		return nil
	}
	return s.list[i]
}

// keep keeps a bulk device that is written to.
func (s *shelf) keep(d *device) {
	if i := d.state.id - firstBulk; i >= 0 {
		s.touched[i] = d
	}
}

func (s *shelf) remove(id int) *device {
	for i, d := range s.list {
		if d.state.id == id {
			s.list = slices.Delete(s.list, i, i+1)
			return d
		}
	}
	return nil
}

// Add enrols another device and returns its kind and its id, which is higher
// than those before. It must be one of Apple's.
func (f *Fake) Add(dev fleet.Device) (kind Kind, id string) {
	if !dev.Apple() {
		panic("jamfprotest: only Apple's devices can be enrolled")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.add(f.shelves[Computer].next+f.shelves[Mobile].next, dev).state
	return s.kind, strconv.Itoa(s.id)
}

// Remove deletes devices, as an administrator does. All behind them move up.
// It returns how many of the ids existed.
func (f *Fake) Remove(k Kind, ids ...string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, text := range ids {
		if id, err := strconv.Atoi(text); err == nil && f.drop(k, id) {
			n++
		}
	}
	return n
}

// drop removes one device. The caller holds the lock.
func (f *Fake) drop(k Kind, id int) bool {
	d := f.shelves[k].remove(id)
	if d == nil {
		return false
	}
	delete(f.clients, d.state.managementID)
	return true
}

// IDs lists the ids of the devices of a kind in ascending order, without the
// bulk.
func (f *Fake) IDs(k Kind) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []string
	for _, d := range f.shelves[k].list {
		list = append(list, strconv.Itoa(d.state.id))
	}
	return list
}

// Damage is what is wrong with a mobile device's record.
type Damage uint8

// The kinds of damage. The zero value is none.
const (
	Intact  Damage = iota
	Broken         // a page with it is 500, unless exception-handling is LENIENT: then its sections are null
	Nowhere        // deviceType "Unknown", with an id and nothing else
)

// SetDamage damages the record of a mobile device, or repairs it.
func (f *Fake) SetDamage(id string, d Damage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.damage[id] = d
}

// Plant puts elements in front of every list of full records of a kind that
// has no filter, verbatim: damaged records, or records of other times. They
// need not even be JSON. The count includes them.
func (f *Fake) Plant(k Kind, raw ...json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.planted[k] = append(f.planted[k], raw...)
}

// PlantDetail answers the detail of a device with this object, verbatim. The
// device need not exist.
func (f *Fake) PlantDetail(k Kind, id string, raw json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.details[k] == nil {
		f.details[k] = map[string]json.RawMessage{}
	}
	f.details[k][id] = raw
}
