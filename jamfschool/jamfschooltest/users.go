package jamfschooltest

import (
	"fmt"
	"slices"
)

type wireUser struct {
	ID            int        `json:"id"`
	Location      int        `json:"locationId"`
	Status        string     `json:"status"`
	DeviceCount   int        `json:"deviceCount"`
	Email         string     `json:"email"`
	Username      string     `json:"username"`
	Domain        string     `json:"domain"`
	First         string     `json:"firstName"`
	Last          string     `json:"lastName"`
	Name          string     `json:"name"`
	GroupIDs      []int      `json:"groupIds"`
	Groups        []string   `json:"groups"`
	TeacherGroups []int      `json:"teacherGroups"`
	Children      []int      `json:"children"`
	VPP           *[]wireVPP `json:"vpp,omitempty"` // lists only
	Notes         string     `json:"notes"`
	Exclude       bool       `json:"exclude"`
	Modified      string     `json:"modified"`
}

func (f *Fake) renderUser(u *user, devices int) wireUser {
	status := "Active"
	if u.inTrash {
		status = "Trash"
	}
	return wireUser{
		ID: u.id, Location: u.location, Status: status, DeviceCount: devices,
		Email: u.person.Email, Username: u.person.Username, First: u.person.First, Last: u.person.Last, Name: fullName(u),
		GroupIDs: f.groupsOf(u), Groups: append([]string{}, u.person.Groups...),
		TeacherGroups: f.teaches(u), Children: f.childrenOf(u), Modified: f.wire.stamp(born),
	}
}

// teaches is the ids of the groups that a teacher teaches.
func (f *Fake) teaches(u *user) []int {
	if !u.person.Teacher || len(f.userGroups) == 0 {
		return []int{}
	}
	return []int{firstUserGroup + u.id%len(f.userGroups)}
}

// childrenOf is the ids of a parent's children: a few teachers have some.
func (f *Fake) childrenOf(u *user) []int {
	if child := f.user(u.id + 1); u.person.Teacher && u.id%3 == 0 && child != nil {
		return []int{child.id}
	}
	return []int{}
}

func (c *call) listUsers() reply {
	keep, err := c.userFilters()
	if err != nil {
		return c.refuse(err)
	}
	counts := map[int]int{}
	for _, d := range c.f.devices {
		if !d.state.inTrash {
			counts[d.state.owner]++
		}
	}
	list := []wireUser{}
	for _, u := range c.f.users {
		if !slices.ContainsFunc(keep, func(k func(*user, int) bool) bool { return !k(u, counts[u.id]) }) {
			wu := c.f.renderUser(u, counts[u.id])
			wu.VPP = &[]wireVPP{{"Registered"}}
			list = append(list, wu)
		}
	}
	return success(map[string]any{"code": 200, "count": len(list), "users": list})
}

// userFilters reads the parameters. Users in the trash are listed only if
// asked for.
func (c *call) userFilters() ([]func(*user, int) bool, error) {
	trashed := false
	var list []func(*user, int) bool
	for name := range c.query {
		value := c.query.Get(name)
		yes := value == "1" || value == "true"
		ids, areIDs := numbers(value)
		switch {
		case name == "inTrash":
			trashed = yes
		case name == "hasDevice":
			list = append(list, func(_ *user, n int) bool { return n > 0 == yes })
		case name == "locationId" && areIDs && len(ids) == 1:
			list = append(list, func(u *user, _ int) bool { return u.location == ids[0] })
		case name == "memberOf" && areIDs:
			list = append(list, func(u *user, _ int) bool {
				return slices.ContainsFunc(c.f.groupsOf(u), func(id int) bool { return slices.Contains(ids, id) })
			})
		case !slices.Contains(ignored, name):
			return nil, fmt.Errorf("parameter %s cannot be %q", name, value)
		}
	}
	return append(list, func(u *user, _ int) bool { return u.inTrash == trashed }), nil
}

func (c *call) showUser() reply {
	u := c.f.user(c.id())
	if u == nil {
		return missing("UserNotFound")
	}
	return success(map[string]any{"code": 200, "user": c.f.renderUser(u, c.f.deviceCount(u.id))})
}

type wireUserGroup struct {
	ID          int               `json:"id"`
	Location    int               `json:"locationId"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	UserCount   int               `json:"userCount"`
	ACL         map[string]string `json:"acl"`
	Modified    string            `json:"modified"`
}

func (f *Fake) renderUserGroup(i int) wireUserGroup {
	g := wireUserGroup{
		ID: firstUserGroup + i, Name: f.userGroups[i],
		ACL: map[string]string{"teacher": "inherit", "parent": "inherit"}, Modified: f.wire.stamp(born),
	}
	if g.Name == "Teachers" {
		g.ACL["teacher"] = "allow"
	}
	for _, u := range f.users {
		if slices.Contains(u.person.Groups, g.Name) {
			g.UserCount++
		}
	}
	return g
}

func (c *call) listUserGroups() reply {
	list := []wireUserGroup{}
	for i := range c.f.userGroups {
		list = append(list, c.f.renderUserGroup(i))
	}
	return success(map[string]any{"code": 200, "count": len(list), "groups": list})
}

func (c *call) showUserGroup() reply {
	i := c.id() - firstUserGroup
	if i < 0 || i >= len(c.f.userGroups) {
		return missing("GroupNotFound")
	}
	return success(map[string]any{"code": 200, "group": c.f.renderUserGroup(i)})
}
