package abmtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func (c *call) listUsers() reply {
	return c.page(len(c.f.people), func(i int) json.RawMessage { return encode(c.trim(c.userItem(c.f.people[i]))) })
}

func (c *call) showUser() reply {
	for _, p := range c.f.people {
		if p.ID == c.vars["id"] {
			return c.one(http.StatusOK, c.userItem(p))
		}
	}
	return c.notFound()
}

func (c *call) userItem(p fleet.Person) item {
	role := map[bool]string{true: "Staff", false: "Student"}[p.Teacher]
	born := stamp(c.f.district.AddDate(-1, 0, 0))
	return item{Type: "users", ID: p.ID, Attributes: map[string]any{
		"firstName": p.First, "middleName": "", "lastName": strings.TrimSpace(p.Last), "status": "ACTIVE",
		"managedAppleAccount": p.Username + "@district.example", "isExternalUser": false,
		"roleOuList": []map[string]any{{"roleName": role, "ouId": p.School}}, "email": p.Email, "employeeNumber": "",
		"costCenter": "", "division": "", "department": "", "jobTitle": "", "startDateTime": nil,
		"createdDateTime": born, "updatedDateTime": born, "phoneNumbers": []any{},
	}}
}

// group is a named set of users.
type group struct{ id, name, unit string }

// userGroups lists the groups that people are in, sorted by name.
func (f *Fake) userGroups() []group {
	var list []group
	for _, p := range f.people {
		for _, name := range p.Groups {
			g := group{uuid("userGroup", name), name, p.School}
			if !slices.ContainsFunc(list, func(o group) bool { return o.id == g.id }) {
				list = append(list, g)
			}
		}
	}
	slices.SortFunc(list, func(a, b group) int { return strings.Compare(a.name, b.name) })
	return list
}

func (c *call) listGroups() reply {
	list := c.f.userGroups()
	return c.page(len(list), func(i int) json.RawMessage { return encode(c.trim(c.groupItem(list[i]))) })
}

func (c *call) showGroup() reply {
	for _, g := range c.f.userGroups() {
		if g.id == c.vars["id"] {
			return c.one(http.StatusOK, c.groupItem(g))
		}
	}
	return c.notFound()
}

func (c *call) groupItem(g group) item {
	born := stamp(c.f.district.AddDate(-1, 0, 0))
	return item{Type: "userGroups", ID: g.id, Attributes: map[string]any{
		"ouId": g.unit, "name": g.name, "type": "STANDARD", "totalMemberCount": len(c.f.members(g)), "status": "ACTIVE",
		"createdDateTime": born, "updatedDateTime": born,
	}}
}

// members lists the ids of a group's users.
func (f *Fake) members(g group) []string {
	var ids []string
	for _, p := range f.people {
		if slices.Contains(p.Groups, g.name) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func (c *call) listMembers() reply {
	for _, g := range c.f.userGroups() {
		if g.id == c.vars["id"] {
			return c.links(c.f.members(g))
		}
	}
	return c.notFound()
}

// links serves linkages to users.
func (c *call) links(ids []string) reply {
	return c.page(len(ids), func(i int) json.RawMessage { return encode(linkage{"users", ids[i]}) })
}

// Schools are the organisational units.
func (c *call) listUnits() reply {
	return c.page(len(c.f.schools), func(i int) json.RawMessage { return encode(c.trim(c.unitItem(c.f.schools[i]))) })
}

func (c *call) showUnit() reply {
	for _, s := range c.f.schools {
		if s.ID == c.vars["id"] {
			return c.one(http.StatusOK, c.unitItem(s))
		}
	}
	return c.notFound()
}

func (c *call) unitItem(s fleet.School) item {
	born := stamp(c.f.district.AddDate(-2, 0, 0))
	return item{Type: "organizationalUnits", ID: s.ID, Attributes: map[string]any{"name": s.Name, "createdDateTime": born, "updatedDateTime": born}}
}

func (c *call) listUnitUsers() reply {
	if !slices.ContainsFunc(c.f.schools, func(s fleet.School) bool { return s.ID == c.vars["id"] }) {
		return c.notFound()
	}
	var ids []string
	for _, p := range c.f.people {
		if p.School == c.vars["id"] {
			ids = append(ids, p.ID)
		}
	}
	return c.links(ids)
}
