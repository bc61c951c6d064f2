package relutiontest

import "slices"

// groupFields are the fields of groups of users and of their members.
var groupFields = schemaOf(map[kind]string{
	text: "uuid name description givenName surname email", enum: "type groupType groupSubtype", many: "members membersObjects",
})

func (c *call) listGroups() reply {
	q, err := c.listQuery(groupFields)
	if err != nil {
		return c.refuse(err)
	}
	var items []item
	for _, g := range c.f.groups {
		if c.sees(g.org) {
			items = append(items, item{object: c.f.renderGroup(g)})
		}
	}
	return c.items(q, items)
}

// groupOfPath finds the group of users of the path; nil = there is none.
func (c *call) groupOfPath() *group {
	for _, g := range c.f.groups {
		if c.sees(g.org) && c.same(g.uuid, c.vars["uuid"]) {
			return g
		}
	}
	return nil
}

func (c *call) showGroup() reply {
	g := c.groupOfPath()
	if g == nil {
		return c.missing("GROUP_DOES_NOT_EXIST")
	}
	return bare(c.f.renderGroup(g))
}

func (c *call) listMembers() reply {
	g := c.groupOfPath()
	if g == nil {
		return c.missing("GROUP_DOES_NOT_EXIST")
	}
	if v := c.query.Get("recursive"); v != "" && v != "true" && v != "false" {
		c.violate("recursive=%s is neither true nor false", v)
	}
	q, err := c.listQuery(groupFields)
	if err != nil {
		return c.refuse(err)
	}
	var items []item
	for _, u := range c.f.users {
		if slices.Contains(u.groups, g.uuid) {
			items = append(items, item{object: renderMember(u)})
		}
	}
	return c.items(q, items)
}

func (f *Fake) renderGroup(g *group) object {
	members, objects := []string{}, []object{}
	for _, u := range f.users {
		if slices.Contains(u.groups, g.uuid) {
			members, objects = append(members, u.uuid), append(objects, object{"uuid": u.uuid, "type": "USER", "name": u.Username})
		}
	}
	return object{
		"uuid": g.uuid, "type": "GROUP", "name": g.name, "description": orNull(g.description), "groupType": g.kind,
		"groupSubtype": g.subtype, "members": members, "membersObjects": objects,
	}
}

// deviceGroupFields are the fields of groups of devices.
var deviceGroupFields = schemaOf(map[kind]string{
	text: "uuid name description organizationUuid", enum: "type scope platform", number: "deviceCount",
})

func (c *call) listDeviceGroups() reply {
	q, err := c.listQuery(deviceGroupFields)
	if err != nil {
		return c.refuse(err)
	}
	var items []item
	for _, g := range c.f.deviceGroups {
		if c.sees(g.org) {
			items = append(items, item{object: c.f.renderWholeGroup(g)})
		}
	}
	return c.wrapped(c.page(q, items))
}

// showDeviceGroup wraps the group on modern servers, and did not before.
func (c *call) showDeviceGroup() reply {
	for _, g := range c.f.deviceGroups {
		if !c.sees(g.org) || !c.same(g.uuid, c.vars["uuid"]) {
			continue
		}
		if !c.f.version.modern() {
			return bare(c.f.renderWholeGroup(g))
		}
		return c.one(c.f.renderWholeGroup(g))
	}
	return c.missing("DEVICE_GROUP_DOES_NOT_EXIST")
}

// renderWholeGroup adds what devices do not say of their groups.
func (f *Fake) renderWholeGroup(g *deviceGroup) object {
	o := f.renderDeviceGroup(g)
	o["description"], o["organizationUuid"] = orNull(g.description), g.org
	return o
}

// renderDeviceGroup writes a group as devices name it.
func (f *Fake) renderDeviceGroup(g *deviceGroup) object {
	if f.members == nil {
		f.members = map[string]int{}
		for _, d := range f.devices {
			for _, id := range d.state.groups {
				f.members[id]++
			}
		}
	}
	kind := "STATIC"
	if g.dynamic {
		kind = "DYNAMIC"
	}
	return object{"uuid": g.uuid, "name": g.name, "type": kind, "scope": "LOCAL", "platform": nil, "deviceCount": f.members[g.uuid]}
}

// groupsOf are the groups of a device.
func (f *Fake) groupsOf(s *state) []object {
	list := []object{}
	for _, g := range f.deviceGroups {
		if slices.Contains(s.groups, g.uuid) {
			list = append(list, f.renderDeviceGroup(g))
		}
	}
	return list
}
