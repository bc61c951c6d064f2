package jamfprotest

import (
	"slices"
	"strconv"
	"strings"
)

// anyGroup is a group in the list of all kinds.
type anyGroup struct {
	PlatformID string `json:"groupPlatformId"`
	ID         string `json:"groupJamfProId"`
	Name       string `json:"groupName"`
	Notes      string `json:"groupDescription"`
	Type       string `json:"groupType"`
	Smart      bool   `json:"smart"`
	Members    int    `json:"membershipCount"`
}

var anyGroupProperties = properties[anyGroup]{
	"groupName":      nameProperty(func(g anyGroup) string { return g.Name }),
	"groupType":      nameProperty(func(g anyGroup) string { return g.Type }),
	"groupJamfProId": idProperty(func(g anyGroup) string { return g.ID }),
	"smart":          {both, false, func(g anyGroup) any { return g.Smart }},
}

// members are the devices in a group.
func (c *call) members(g group) []*state {
	var list []*state
	shelf := &c.f.shelves[g.kind]
	for _, d := range shelf.list {
		if s := c.look(d); g.has(s) {
			list = append(list, s)
		}
	}
	return list
}

func (g group) has(s *state) bool {
	return g.source == "" && s.Managed || slices.Contains(s.Groups, g.source)
}

// ofKind lists groups.
func (c *call) ofKind(k Kind, keep func(group) bool) []group {
	var list []group
	for _, g := range c.f.groups {
		if g.kind == k && keep(g) {
			list = append(list, g)
		}
	}
	return list
}

func every(group) bool    { return true }
func smart(g group) bool  { return g.smart }
func static(g group) bool { return !g.smart }

// listAllGroups shows the kinds that the caller may read.
func (c *call) listAllGroups() reply {
	var list []anyGroup
	for _, g := range c.f.groups {
		kind := map[Kind]string{Computer: "Computer", Mobile: "Mobile Device"}[g.kind]
		build := map[bool]string{true: "Smart", false: "Static"}[g.smart]
		if c.may("Read " + build + " " + kind + " Groups") {
			list = append(list, anyGroup{uuid("group", g.kind.String(), g.name), strconv.Itoa(g.id), g.name, g.notes,
				strings.ToUpper(g.kind.String()), g.smart, len(c.members(g))})
		}
	}
	return listRows(c, list, anyGroupProperties, "groupName:asc")
}

// listComputerGroups is an array without an envelope; ids are texts.
func (c *call) listComputerGroups() reply {
	type computerGroup struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Notes string `json:"description"`
		Smart bool   `json:"smartGroup"`
	}
	list := []computerGroup{}
	for _, g := range c.ofKind(Computer, every) {
		list = append(list, computerGroup{strconv.Itoa(g.id), g.name, g.notes, g.smart})
	}
	return success(list)
}

// listMobileGroups is an array without an envelope; ids are numbers.
func (c *call) listMobileGroups() reply {
	type mobileGroup struct {
		ID    int    `json:"id"`
		Name  string `json:"name"`
		Notes string `json:"description"`
		Smart bool   `json:"isSmartGroup"`
	}
	list := []mobileGroup{}
	for _, g := range c.ofKind(Mobile, every) {
		list = append(list, mobileGroup{g.id, g.name, g.notes, g.smart})
	}
	return success(list)
}

type smartComputerGroup struct {
	ID      string `json:"id"`
	Site    string `json:"siteId"`
	Name    string `json:"name"`
	Notes   string `json:"description"`
	Members int    `json:"membershipCount"`
}

func (c *call) smartComputerGroups() reply {
	var list []smartComputerGroup
	for _, g := range c.ofKind(Computer, smart) {
		list = append(list, smartComputerGroup{strconv.Itoa(g.id), g.site, g.name, g.notes, len(c.members(g))})
	}
	return listRows(c, list, properties[smartComputerGroup]{
		"id":   idProperty(func(g smartComputerGroup) string { return g.ID }),
		"name": nameProperty(func(g smartComputerGroup) string { return g.Name }),
	}, "id:asc")
}

type staticComputerGroup struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Notes   string `json:"description"`
	Site    string `json:"siteId"`
	Members int    `json:"count"`
}

func (c *call) staticComputerGroups() reply {
	var list []staticComputerGroup
	for _, g := range c.ofKind(Computer, static) {
		list = append(list, staticComputerGroup{strconv.Itoa(g.id), g.name, g.notes, g.site, len(c.members(g))})
	}
	return listRows(c, list, properties[staticComputerGroup]{
		"id":   idProperty(func(g staticComputerGroup) string { return g.ID }),
		"name": nameProperty(func(g staticComputerGroup) string { return g.Name }),
	}, "id:asc")
}

type countedMobileGroup struct {
	ID      string `json:"groupId"`
	Name    string `json:"groupName"`
	Notes   string `json:"groupDescription"`
	Site    string `json:"siteId"`
	Members int    `json:"count"`
}

func (c *call) smartMobileGroups() reply  { return c.countedMobileGroups(smart) }
func (c *call) staticMobileGroups() reply { return c.countedMobileGroups(static) }

func (c *call) countedMobileGroups(keep func(group) bool) reply {
	var list []countedMobileGroup
	for _, g := range c.ofKind(Mobile, keep) {
		list = append(list, countedMobileGroup{strconv.Itoa(g.id), g.name, g.notes, g.site, len(c.members(g))})
	}
	return listRows(c, list, properties[countedMobileGroup]{
		"groupId":   idProperty(func(g countedMobileGroup) string { return g.ID }),
		"groupName": nameProperty(func(g countedMobileGroup) string { return g.Name }),
	}, "groupId:asc")
}

// group finds the group of the path.
func (c *call) group(k Kind, keep func(group) bool) (group, *reply) {
	id, bad := c.id()
	if bad != nil {
		return group{}, bad
	}
	for _, g := range c.ofKind(k, keep) {
		if g.id == id {
			return g, nil
		}
	}
	rep := noSuchID()
	return group{}, &rep
}

func (c *call) computerMembers() reply {
	g, bad := c.group(Computer, smart)
	if bad != nil {
		return *bad
	}
	ids := []int{}
	for _, s := range c.members(g) {
		ids = append(ids, s.id)
	}
	return success(map[string][]int{"members": ids})
}

// groupMember is a mobile device in the list of a group's members: flat.
type groupMember struct {
	ID              string  `json:"mobileDeviceId"`
	UDID            string  `json:"udid"`
	Name            *string `json:"displayName"`
	AssetTag        string  `json:"assetTag"`
	OSVersion       string  `json:"osVersion"`
	Contact         *string `json:"lastContactDate"`
	Lost            *string `json:"lostModeEnabledDate"`
	Phone           string  `json:"devicePhoneNumber"`
	Ownership       string  `json:"deviceOwnershipType"`
	AirPlayPassword string  `json:"airPlayPassword"`
}

var memberProperties = properties[groupMember]{
	"mobileDeviceId": idProperty(func(m groupMember) string { return m.ID }),
	"udid":           nameProperty(func(m groupMember) string { return m.UDID }),
}

func (c *call) smartMobileMembers() reply  { return c.mobileMembers(smart) }
func (c *call) staticMobileMembers() reply { return c.mobileMembers(static) }

func (c *call) mobileMembers(keep func(group) bool) reply {
	g, bad := c.group(Mobile, keep)
	if bad != nil {
		return *bad
	}
	var list []groupMember
	for _, s := range c.members(g) {
		m := groupMember{ID: s.idText(), UDID: s.UDID, Name: text(s.Name), AssetTag: s.AssetTag, OSVersion: s.OSVersion,
			Contact: stamp(s.LastSeen), Ownership: "institutional"}
		if typeOf(s) == "tvos" {
			m.AirPlayPassword = airPlaySecret
		}
		if len(s.SIMs) > 0 {
			m.Phone = s.SIMs[0].Phone
		}
		list = append(list, m)
	}
	return listRows(c, list, memberProperties, "mobileDeviceId:asc")
}
