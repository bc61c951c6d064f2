package jamfprotest

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// The departments are made up: the district has none.
var departments = []lookupDepartment{{"1", "Teaching"}, {"2", "Students"}, {"3", "IT"}}

// The extension attributes: one at the top level of a computer, one in its
// hardware, one of mobile devices.
const (
	attributeDock   = "6"
	attributeCart   = "12"
	attributeMobile = "4"
)

// derive fills in what Jamf Pro knows beside the device itself.
func (w *world) derive(s *state) {
	for i, school := range w.schools {
		if school.ID != s.School {
			continue
		}
		if s.building = strconv.Itoa(firstBuilding + i); s.index%11 == 10 {
			s.building = ""
		}
		if s.site = strconv.Itoa(i + 1); s.index%7 == 3 {
			s.site = ""
		}
	}
	if p, ok := w.owners[s.Owner]; ok {
		s.username, s.realName, s.email, s.department = p.Username, p.Name(), p.Email, "2"
		if p.Teacher {
			s.department, s.position = "1", "Teacher"
		}
	}
	if s.Owner == "" && s.index%3 == 0 {
		s.room = "B " + strconv.Itoa(100+s.index%20)
	}
	s.purchase = purchased(s.Added, s.index)
	s.values = map[string][]string{}
	if s.index%4 == 1 {
		s.values[attributeCart] = []string{"Cart 1"}
		s.values[attributeMobile] = []string{"Cart 2"}
	}
	if len(s.EthernetMACs) > 0 {
		s.values[attributeDock] = []string{"desk dock"}
	}
}

func purchased(added time.Time, index int) purchase {
	if added.IsZero() || index%6 == 5 {
		return purchase{Purchased: true}
	}
	day := added.Truncate(24 * time.Hour)
	return purchase{
		Purchased: index%9 != 0, Leased: index%9 == 0,
		Order: "PO-" + day.Format("2006") + "-" + strconv.Itoa(100+index%50), Vendor: "Example IT GmbH",
		Price:   []string{"1.299,00 €", "449", "2.249,00"}[index%3],
		Ordered: day, Warranty: day.AddDate(3, 0, 0), Life: 5,
	}
}

// withValue is the extension attributes with one of them set.
func (s *state) withValue(definition string, values []string) map[string][]string {
	next := maps.Clone(s.values)
	next[definition] = slices.Clone(values)
	return next
}

// memberOf lists the groups of a device, those of its kind only.
func (t *tables) memberOf(s *state) []group {
	var list []group
	for _, g := range t.groups {
		if g.kind == s.kind && (g.source == "" && s.Managed || slices.Contains(s.Groups, g.source)) {
			list = append(list, g)
		}
	}
	return list
}

// buildingName is "" for an id that does not exist.
func (t *tables) buildingName(id string) string {
	for i, s := range t.schools {
		if strconv.Itoa(firstBuilding+i) == id {
			return s.Name
		}
	}
	return ""
}

func departmentName(id string) string {
	for _, d := range departments {
		if d.ID == id {
			return d.Name
		}
	}
	return ""
}

// siteName is "None" for no site, and "" for an id that does not exist.
func (t *tables) siteName(id string) string {
	if id == "" || id == "-1" {
		return "None"
	}
	for i, s := range t.schools {
		if strconv.Itoa(i+1) == id {
			return s.Name
		}
	}
	return ""
}
