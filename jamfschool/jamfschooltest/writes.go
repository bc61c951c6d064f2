package jamfschooltest

import (
	"fmt"
	"strconv"
	"strings"
)

// setDetails changes what was sent and nothing else.
func (c *call) setDetails() reply {
	fm := c.form("assetTag", "notes")
	tag, notes := member[string](fm, "assetTag"), member[string](fm, "notes")
	if fm.err == nil && len(fm.raw) == 0 {
		fm.err = fmt.Errorf("neither assetTag nor notes is there")
	}
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.device()
	if d == nil {
		return missing("DeviceNotFound")
	}
	c.f.change(d, func(s *state) {
		if fm.has("assetTag") {
			s.AssetTag = tag
		}
		if fm.has("notes") {
			s.Notes = notes
		}
	})
	return done("DeviceUpdated")
}

// setOwner takes the id as a number or as a text; 0 removes the owner.
func (c *call) setOwner() reply {
	fm := c.form("user")
	fm.need("user")
	id := fm.id("user")
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.active()
	switch {
	case d == nil:
		return missing("DeviceNotFound")
	case id != 0 && c.f.user(id) == nil:
		return missing("UserNotFound")
	}
	c.f.change(d, func(s *state) { s.owner = id })
	return done("DeviceSaved")
}

// id reads a number that may come as a text.
func (fm *form) id(key string) int {
	if !strings.HasPrefix(string(fm.raw[key]), `"`) {
		return member[int](fm, key)
	}
	n, err := strconv.Atoi(member[string](fm, key))
	if err != nil && fm.err == nil {
		fm.err = fmt.Errorf("%s is no number", key)
	}
	return n
}

func (c *call) migrateOne() reply {
	fm := c.form("locationId", "onlyDevice")
	fm.need("locationId")
	to, only := member[int](fm, "locationId"), fm.option("onlyDevice")
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.active()
	switch {
	case d == nil:
		return missing("DeviceNotFound")
	case !c.f.hasLocation(to):
		return missing("LocationNotFound")
	}
	c.f.move(d, to, only)
	return done("DeviceMoved")
}

// maxMove is how many devices one request may move.
const maxMove = 20

type moved struct {
	Code     int      `json:"code"`
	Moved    []string `json:"devicesMoved"`
	NotFound []string `json:"devicesNotFound"`
	Same     []string `json:"devicesLocationSame"`
	Failed   []string `json:"devicesMoveFailed"`
}

func (c *call) migrateMany() reply {
	fm := c.form("udids", "locationId", "onlyDevice")
	fm.need("udids", "locationId")
	udids, to, only := member[[]string](fm, "udids"), member[int](fm, "locationId"), fm.option("onlyDevice")
	if fm.err == nil && len(udids) > maxMove {
		fm.err = fmt.Errorf("%d devices in one move, at most %d are allowed", len(udids), maxMove)
	}
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	if !c.f.hasLocation(to) {
		return missing("LocationNotFound")
	}
	m := moved{Code: 200, Moved: []string{}, NotFound: []string{}, Same: []string{}, Failed: []string{}}
	for _, udid := range udids {
		switch d := c.f.byUDID[strings.ToUpper(udid)]; {
		case d == nil:
			m.NotFound = append(m.NotFound, udid)
		case d.state.inTrash:
			m.Failed = append(m.Failed, udid)
		case d.state.location == to:
			m.Same = append(m.Same, udid)
		default:
			c.f.move(d, to, only)
			m.Moved = append(m.Moved, udid)
		}
	}
	return success(m)
}

// move takes a device to a location: the owner and all the owner's other
// devices come along unless only the device was meant. Groups stay behind.
func (f *Fake) move(d *device, to int, only bool) {
	owner := d.state.owner
	f.moveAlone(d, to)
	if only || owner == 0 {
		return
	}
	if u := f.user(owner); u != nil {
		next := *u
		next.location = to
		f.users[owner-firstUser] = &next
	}
	for _, other := range f.devices {
		if other != d && other.state.owner == owner {
			f.moveAlone(other, to)
		}
	}
}

func (f *Fake) moveAlone(d *device, to int) {
	if d.state.location == to {
		return
	}
	f.change(d, func(s *state) { s.location, s.groups = to, nil })
}
