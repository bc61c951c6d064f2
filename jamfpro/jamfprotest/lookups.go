package jamfprotest

import "strconv"

const firstBuilding = 2

type lookupBuilding struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Street  *string `json:"streetAddress1"`
	Street2 *string `json:"streetAddress2"`
	City    *string `json:"city"`
	State   *string `json:"stateProvince"`
	Postal  *string `json:"zipPostalCode"`
	Country *string `json:"country"`
}

type lookupDepartment struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type lookupSite struct {
	ID       string  `json:"id"`
	Division *string `json:"divisionId"`
	Name     string  `json:"name"`
}

// idProperty is an id that is a number in a text.
func idProperty[T any](get func(T) string) property[T] {
	return property[T]{both, 0, func(v T) any {
		n, _ := strconv.Atoi(get(v)) // ids of this fake are numbers
		return n
	}}
}

func nameProperty[T any](get func(T) string) property[T] {
	return property[T]{both, "", func(v T) any { return get(v) }}
}

var buildingProperties = properties[lookupBuilding]{
	"id":   idProperty(func(b lookupBuilding) string { return b.ID }),
	"name": nameProperty(func(b lookupBuilding) string { return b.Name }),
}

var departmentProperties = properties[lookupDepartment]{
	"id":   idProperty(func(d lookupDepartment) string { return d.ID }),
	"name": nameProperty(func(d lookupDepartment) string { return d.Name }),
}

func (c *call) listBuildings() reply {
	var list []lookupBuilding
	for i, s := range c.f.schools {
		b := lookupBuilding{ID: strconv.Itoa(firstBuilding + i), Name: s.Name, City: text(s.City), Postal: text(s.PostalCode)}
		if s.Street != "" {
			b.Street = text(s.Street + " " + s.StreetNumber)
		}
		list = append(list, b)
	}
	return listRows(c, list, buildingProperties, "id:asc")
}

func (c *call) listDepartments() reply {
	return listRows(c, departments, departmentProperties, "id:asc")
}

// listSites is an array without an envelope.
func (c *call) listSites() reply {
	list := []lookupSite{}
	for i, s := range c.f.schools {
		list = append(list, lookupSite{strconv.Itoa(i + 1), nil, s.Name})
	}
	return success(list)
}
