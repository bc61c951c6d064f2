package jamfschool

import (
	"context"
	"iter"

	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
)

// Location is a school, or the district itself.
//
// Source: reference/jamfschool.md 2.5
type Location struct {
	ID            int64 // 0 is a location like any other, usually the district
	Name          string
	District      bool
	Street        string
	StreetNumber  string
	PostalCode    string
	City          string
	Source        string // "default", "asm" and others, as reported
	ASMIdentifier string // id in Apple School Manager; "" = none
	SchoolNumber  string // free text; "" = none
}

// Locations lists the locations of the organisation. An error is the last
// element.
//
//mdm:endpoint GET /locations
func (c *Client) Locations(ctx context.Context) iter.Seq2[Location, error] {
	return list(ctx, c, "locations", "/locations", nil, newLocation, "locations")
}

// Location reads one location.
//
//mdm:endpoint GET /locations/{id}
func (c *Client) Location(ctx context.Context, id int64) (Location, error) {
	return one(ctx, c, "location", "/locations/"+formatID(id), newLocation, "")
}

func newLocation(w wire.Location) Location {
	return Location{ID: w.ID.N, Name: clean(w.Name), District: w.IsDistrict.Yes, Street: clean(w.Street),
		StreetNumber: clean(w.StreetNumber), PostalCode: clean(w.PostalCode), City: clean(w.City),
		Source: clean(w.Source), ASMIdentifier: clean(w.ASMIdentifier), SchoolNumber: clean(w.SchoolNumber)}
}
