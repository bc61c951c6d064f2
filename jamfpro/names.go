package jamfpro

import (
	"context"
	"errors"
	"iter"

	"github.com/mdmlink/mdmlink/mdm"
)

// names are the look-up tables of what records name by id. A nil one was not
// read.
type names struct {
	sites, buildings, departments map[string]string
}

// names reads the look-up tables that the wanted attributes need. One that may
// not be read is left out, and so are rows that cannot be: the listing goes on
// without these names.
func (c *Client) names(ctx context.Context, want mdm.Keys) (names, error) {
	var n names
	err := errors.Join(
		lookUp(c, want.Has(mdm.KeySiteName), &n.sites, c.Sites(ctx), func(s Site) (string, string) { return s.ID, s.Name }),
		lookUp(c, want.Has(mdm.KeyBuilding), &n.buildings, c.Buildings(ctx), func(b Building) (string, string) { return b.ID, b.Name }),
		lookUp(c, want.Has(mdm.KeyDepartment), &n.departments, c.Departments(ctx), func(d Department) (string, string) { return d.ID, d.Name }))
	if ctx.Err() != nil {
		return n, ctx.Err()
	}
	return n, err
}

func lookUp[T any](c *Client, wanted bool, into *map[string]string, rows iter.Seq2[T, error], split func(T) (id, name string)) error {
	if !wanted {
		return nil
	}
	found := map[string]string{}
	for row, err := range rows {
		if errors.Is(err, mdm.ErrPermissionMissing) {
			c.http.Logger().Warn("names are missing in the listing", "source", Kind, "error", err.Error())
			return nil
		}
		if errors.Is(err, errLost) || errors.Is(err, mdm.ErrConflict) {
			c.http.Logger().Warn("a name is missing in the listing", "source", Kind, "error", err.Error())
			continue
		}
		if err != nil {
			return err
		}
		id, name := split(row)
		found[id] = name
	}
	*into = found
	return nil
}

// resolve gives a device the names of what its record names by id. An id that
// is in no table stands for itself.
func (n names) resolve(c *Client, d *Device) {
	d.SiteName = resolved(c, n.sites, d.SiteID, d.SiteName, "site")
	d.Building = resolved(c, n.buildings, d.BuildingID, d.Building, "building")
	d.Department = resolved(c, n.departments, d.DepartmentID, d.Department, "department")
}

func resolved(c *Client, table map[string]string, id, name, what string) string {
	if name != "" || id == "" || table == nil {
		return name
	}
	if known := table[id]; known != "" {
		return known
	}
	c.http.Logger().Warn("a record names something that is not listed", "source", Kind, "what", what, "id", id)
	table[id] = id // said once
	return id
}
