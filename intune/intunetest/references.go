package intunetest

import (
	"net/http"
	"strings"
)

// setCategory puts a device into a category.
func (c *call) setCategory() reply {
	d, missing := c.device()
	if d == nil {
		return missing
	}
	fm := c.form("@odata.id")
	ref := field[string](fm, "@odata.id")
	id, ok := c.referred(ref, "deviceManagement/deviceCategories")
	if fm.err != nil || !ok {
		return c.nestedRefusal("@odata.id does not name a category.")
	}
	cat := c.f.category(id)
	if cat == nil {
		return c.notFound()
	}
	d.category = cat
	return noContent()
}

// referred is the id in an address of an entity, which has to be one of the
// same cloud and the same version.
func (c *call) referred(address, collection string) (id string, ok bool) {
	return strings.CutPrefix(address, c.root+"/"+c.version+"/"+collection+"/")
}

func (c *call) clearCategory() reply {
	c.violate("DELETE is not used")
	d, missing := c.device()
	if d == nil {
		return missing
	}
	d.category = nil
	return noContent()
}

// setUser makes somebody the primary user of a PC.
func (c *call) setUser() reply {
	d, missing := c.device()
	if d == nil {
		return missing
	}
	fm := c.form("@odata.id")
	ref := field[string](fm, "@odata.id")
	id, ok := c.referred(ref, "users")
	u := c.f.user(id)
	switch {
	case fm.err != nil || !ok:
		return c.nestedRefusal("@odata.id does not name a user.")
	case u == nil:
		return c.notFound()
	case d.kind != Windows:
		c.violate("the primary user can be changed on Windows only")
		return c.nested(http.StatusBadRequest, "BadRequest", "")
	}
	d.user = u
	return noContent()
}

func (c *call) clearUser() reply {
	c.violate("DELETE is not used")
	d, missing := c.device()
	if d == nil {
		return missing
	}
	d.user = nil
	return noContent()
}
