package jamfschooltest

import (
	"fmt"
	"slices"
)

type wireCatalogueApp struct {
	ID        int      `json:"id"`
	Location  int      `json:"locationId"`
	Bundle    string   `json:"bundleId"`
	Name      string   `json:"name"`
	Vendor    string   `json:"vendor"`
	Version   string   `json:"version"`
	Short     string   `json:"shortVersion"`
	Ext       string   `json:"extVersion"`
	Platform  string   `json:"platform"`
	Type      string   `json:"type"`
	Icon      string   `json:"icon"`
	Total     *int     `json:"totalLicenses,omitempty"`
	Used      *int     `json:"usedLicenses,omitempty"`
	Available *int     `json:"availableLicenses,omitempty"`
	AdamID    *int64   `json:"adamId,omitempty"`
	Price     float64  `json:"price"`
	Book      bool     `json:"isBook"`
	Deleted   bool     `json:"isDeleted"`
	Families  []string `json:"deviceFamilies"`
	Text      *string  `json:"description"`
}

// catalogueApps are the apps that any device has. Every other one was bought
// through Apple; its number needs 64 bits.
func (w *world) catalogueApps() []wireCatalogueApp {
	var list []wireCatalogueApp
	seen := map[string]bool{}
	for _, d := range w.devices {
		for _, a := range d.state.Apps {
			if seen[a.Identifier] {
				continue
			}
			seen[a.Identifier] = true
			app := wireCatalogueApp{
				ID: 7001 + len(list), Bundle: a.Identifier, Name: a.Name, Vendor: a.Vendor,
				Version: a.Version, Short: a.Version, Ext: "0", Platform: osOf(d.state).Prefix, Type: "inHouse",
			}
			if len(list)%2 == 0 {
				total, used, adam := 500, 120, int64(6444049000+len(list))
				free := total - used
				app.Type, app.Total, app.Used, app.Available, app.AdamID = "appStore", &total, &used, &free, &adam
				app.Families = []string{"iPad"}
			}
			list = append(list, app)
		}
	}
	return list
}

func (c *call) listApps() reply {
	return success(map[string]any{"apps": append([]wireCatalogueApp{}, c.f.catalogueApps()...)})
}

func (c *call) showApp() reply {
	id := c.id()
	for _, a := range c.f.catalogueApps() {
		if a.ID == id {
			return success(a)
		}
	}
	return missing("AppNotFound")
}

type wireValue struct {
	Value string `json:"value"`
}

type wireProfile struct {
	ID         int       `json:"id"`
	Location   int       `json:"locationId"`
	Type       wireValue `json:"type"`
	Status     wireValue `json:"status"`
	Identifier string    `json:"identifier"`
	Name       string    `json:"name"`
	Text       string    `json:"description"`
	Platform   string    `json:"platform"`
	Days       []string  `json:"daysOfTheWeek"`
	Template   bool      `json:"isTemplate"`
	Start      *string   `json:"startTime"`
	End        *string   `json:"endTime"`
	Holidays   bool      `json:"useHolidays"`
	Weekend    bool      `json:"restrictedWeekendUse"`
}

func (w *world) renderProfiles() []wireProfile {
	list := []wireProfile{}
	for i, name := range w.profiles() {
		p := wireProfile{
			ID: firstProfile + i, Type: wireValue{"manual"}, Status: wireValue{"enabled"},
			Identifier: fmt.Sprintf("example.lindental.profile.%d", i+1), Name: name, Platform: "iOS", Days: []string{},
		}
		if i%2 == 1 {
			start, end := "8:00", "13:15"
			p.Days, p.Start, p.End = []string{"1", "2", "3", "4", "5"}, &start, &end
		}
		list = append(list, p)
	}
	return list
}

func (c *call) listProfiles() reply {
	return success(map[string]any{"profiles": c.f.renderProfiles()})
}

func (c *call) showProfile() reply {
	for _, p := range c.f.renderProfiles() {
		if p.ID == c.id() {
			return success(p)
		}
	}
	return missing("ProfileNotFound")
}

type wireID struct {
	ID int `json:"id"`
}

type wireClass struct {
	UUID         string    `json:"uuid"`
	Name         string    `json:"name"`
	Description  string    `json:"description"`
	Location     int       `json:"locationId"`
	Source       string    `json:"source"`
	Image        *string   `json:"image"`
	UserGroup    int       `json:"userGroupId"`
	StudentCount int       `json:"studentCount"`
	TeacherCount int       `json:"teacherCount"`
	DeviceGroup  int       `json:"deviceGroupId"`
	DeviceCount  int       `json:"deviceCount"`
	Students     *[]wireID `json:"students,omitempty"` // single classes only
	Teachers     *[]wireID `json:"teachers,omitempty"`
}

// classes has one class for each location: its first thirty pupils.
func (w *world) classes() []wireClass {
	list := []wireClass{}
	for i, l := range w.locations {
		k := wireClass{
			UUID: fmt.Sprintf("C1A55000-0000-4000-8000-%012d", l.id), Name: fmt.Sprintf("%s 7a", l.school.Name),
			Location: l.id, Source: "manual", UserGroup: firstUserGroup, DeviceGroup: firstGroup + i,
		}
		students, teachers := []wireID{}, []wireID{}
		for _, u := range w.users {
			switch {
			case u.location != l.id:
			case u.person.Teacher && len(teachers) < 2:
				teachers = append(teachers, wireID{u.id})
			case !u.person.Teacher && len(students) < 30:
				students = append(students, wireID{u.id})
			}
		}
		k.Students, k.Teachers = &students, &teachers
		k.StudentCount, k.TeacherCount = len(students), len(teachers)
		k.DeviceCount = len(w.devicesOf(students))
		list = append(list, k)
	}
	return list
}

func (w *world) devicesOf(users []wireID) []*state {
	var list []*state
	for _, d := range w.devices {
		if s := d.state; !s.inTrash && s.owner != 0 && slices.Contains(users, wireID{s.owner}) {
			list = append(list, s)
		}
	}
	return list
}

func (c *call) listClasses() reply {
	list := c.f.classes()
	for i := range list {
		list[i].Students, list[i].Teachers = nil, nil
	}
	return success(map[string]any{"code": 200, "classes": list})
}

// class finds the class of the path.
func (c *call) class() (wireClass, bool) {
	for _, k := range c.f.classes() {
		if k.UUID == c.vars["id"] {
			return k, true
		}
	}
	return wireClass{}, false
}

func (c *call) showClass() reply {
	k, found := c.class()
	if !found {
		return missing("ClassNotFound")
	}
	return success(map[string]any{"code": 200, "class": k})
}

// classDevices leaves the devices out when there are none.
func (c *call) classDevices() reply {
	k, found := c.class()
	if !found {
		return missing("ClassNotFound")
	}
	type one struct {
		UDID   string `json:"UDID"`
		Serial string `json:"serialNumber"`
		Name   string `json:"name"`
	}
	var list []one
	for _, s := range c.f.devicesOf(*k.Students) {
		list = append(list, one{s.UDID, s.Serial, s.Name})
	}
	body := map[string]any{"code": 200, "count": len(list)}
	if list != nil {
		body["devices"] = list
	}
	return success(body)
}
