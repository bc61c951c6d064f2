package jamfschooltest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

type wireGroup struct {
	ID          int     `json:"id"`
	Location    int     `json:"locationId"`
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Information string  `json:"information"`
	Members     int     `json:"members"`
	Type        string  `json:"type"`
	Shared      bool    `json:"shared"`
	Image       *string `json:"imageUrl"`
	Smart       bool    `json:"isSmartGroup"`
}

func (f *Fake) renderGroup(g *group) wireGroup {
	members := 0
	for _, d := range f.devices {
		if !d.state.inTrash && slices.Contains(d.state.groups, g.id) {
			members++
		}
	}
	return wireGroup{
		ID: g.id, Location: g.location, Name: g.name, Description: g.description,
		Members: members, Type: "normal", Shared: g.shared, Smart: g.smart,
	}
}

func (c *call) listGroups() reply {
	list := []wireGroup{}
	for _, g := range c.f.groups {
		list = append(list, c.f.renderGroup(g))
	}
	return success(map[string]any{"code": 200, "deviceGroups": list})
}

func (c *call) showGroup() reply {
	g := c.f.group(c.id())
	if g == nil {
		return missing("DeviceGroupNotFound")
	}
	return success(map[string]any{"code": 200, "deviceGroup": c.f.renderGroup(g)})
}

func (c *call) createGroup() reply {
	fm := c.form("name", "locationId", "description", "information", "collectionType", "shared")
	fm.need("name")
	g := &group{
		id: firstGroup, name: member[string](fm, "name"), location: member[int](fm, "locationId"),
		description: member[string](fm, "description"), shared: member[bool](fm, "shared"),
	}
	member[string](fm, "information")
	kinds := []string{"", "none", "article", "list", "runningTiles"}
	if kind := member[string](fm, "collectionType"); !slices.Contains(kinds, kind) && fm.err == nil {
		fm.err = fmt.Errorf("collectionType %q", kind)
	}
	switch {
	case fm.err != nil:
		return c.refuse(fm.err)
	case !c.f.hasLocation(g.location):
		return missing("LocationNotFound")
	}
	for _, other := range c.f.groups {
		g.id = max(g.id, other.id+1)
	}
	c.f.groups = append(c.f.groups, g)
	return success(map[string]any{"code": 200, "message": "DeviceGroupCreated", "id": g.id})
}

func (c *call) updateGroup() reply {
	fm := c.form("name", "description", "shared", "information") // the last has no effect
	name, description, shared := member[string](fm, "name"), member[string](fm, "description"), member[bool](fm, "shared")
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	g := c.f.group(c.id())
	if g == nil {
		return missing("DeviceGroupNotFound")
	}
	if fm.has("name") {
		g.name = name
	}
	if fm.has("description") {
		g.description = description
	}
	if fm.has("shared") {
		g.shared = shared
	}
	return success(map[string]any{"code": 200})
}

func (c *call) deleteGroup() reply {
	g := c.f.group(c.id())
	if g == nil {
		return missing("DeviceGroupNotFound")
	}
	c.f.groups = slices.DeleteFunc(c.f.groups, func(other *group) bool { return other == g })
	for _, d := range c.f.devices {
		if slices.Contains(d.state.groups, g.id) {
			c.f.change(d, func(s *state) { s.groups = without(s.groups, g.id) })
		}
	}
	return done("DeviceGroupDeleted")
}

func (c *call) addMembers() reply {
	n, refused := c.members(func(s *state, id int) bool {
		if slices.Contains(s.groups, id) {
			return false
		}
		s.groups = append(slices.Clone(s.groups), id)
		return true
	})
	if refused != nil {
		return *refused
	}
	return success(map[string]any{"code": 200, "devicesAdded": n})
}

func (c *call) removeMembers() reply {
	n, refused := c.members(func(s *state, id int) bool {
		if !slices.Contains(s.groups, id) {
			return false
		}
		s.groups = without(s.groups, id)
		return true
	})
	if refused != nil {
		return *refused
	}
	return success(map[string]any{"code": 200, "devicesRemoved": n})
}

// members edits the membership of the devices in the body and counts those
// that it changed; devices that do not exist are passed over.
func (c *call) members(edit func(*state, int) bool) (int, *reply) {
	fm := c.form("groupId", "udids")
	fm.need("groupId", "udids")
	id, udids := member[int](fm, "groupId"), member[[]string](fm, "udids")
	g := c.f.group(id)
	if fm.err == nil && g != nil && g.smart {
		fm.err = errors.New("the members of a smart group cannot be set")
	}
	if fm.err != nil {
		rep := c.refuse(fm.err)
		return 0, &rep
	}
	if g == nil {
		rep := missing("DeviceGroupNotFound")
		return 0, &rep
	}
	n := 0
	for _, udid := range udids {
		d := c.f.byUDID[strings.ToUpper(udid)]
		if d == nil {
			continue
		}
		if trial := *d.state; edit(&trial, id) {
			c.f.change(d, func(s *state) { edit(s, id) })
			n++
		}
	}
	return n, nil
}
