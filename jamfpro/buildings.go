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

// Buildings lists the buildings. An error is the last element.
//
//mdm:endpoint GET /api/v1/buildings
func (c *Client) Buildings(ctx context.Context) iter.Seq2[Building, error] {
	return paged(ctx, c, opBuildings, "/api/v1/buildings", "id:asc", lookupPage, newBuilding)
}

// Departments lists the departments. An error is the last element.
//
//mdm:endpoint GET /api/v1/departments
func (c *Client) Departments(ctx context.Context) iter.Seq2[Department, error] {
	return paged(ctx, c, opDepartments, "/api/v1/departments", "id:asc", lookupPage, newDepartment)
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
