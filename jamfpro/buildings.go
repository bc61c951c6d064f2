package jamfpro

import (
	"context"
	"iter"

	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
)

// Building is a building. Computers name it by its id.
//
// Source: reference/jamfpro.md 2.4
type Building struct {
	ID      string
	Name    string
	Street  string // both lines
	City    string
	State   string
	Zip     string
	Country string
}

// Department is a department. Computers name it by its id.
type Department struct {
	ID   string
	Name string
}

// lookupPage is the size of a page of a look-up table.
const lookupPage = 1000

// Buildings lists the buildings. One that cannot be read comes as an error
// between the others; a failure of the list is the last element. A list that
// changes while it is read, again and again, ends with mdm.ErrConflict.
//
//mdm:endpoint GET /api/v1/buildings
func (c *Client) Buildings(ctx context.Context) iter.Seq2[Building, error] {
	return table[wire.Building, Building]{op: opBuildings, path: "/api/v1/buildings", sort: "id:asc", size: lookupPage,
		convert: newBuilding, id: func(b Building) string { return b.ID }}.paged(ctx, c)
}

// Departments lists the departments, like Buildings.
//
//mdm:endpoint GET /api/v1/departments
func (c *Client) Departments(ctx context.Context) iter.Seq2[Department, error] {
	return table[wire.Named, Department]{op: opDepartments, path: "/api/v1/departments", sort: "id:asc", size: lookupPage,
		convert: newDepartment, id: func(d Department) string { return d.ID }}.paged(ctx, c)
}

func newBuilding(w wire.Building) Building {
	b := Building{ID: clean(w.ID), Name: clean(w.Name), Street: clean(w.Street1), City: clean(w.City), State: clean(w.State),
		Zip: clean(w.Zip), Country: clean(w.Country)}
	if second := clean(w.Street2); second != "" {
		b.Street += "\n" + second
	}
	return b
}

func newDepartment(w wire.Named) Department { return Department{ID: clean(w.ID), Name: clean(w.Name)} }
