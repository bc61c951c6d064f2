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
	at := strings.Index(ref, "/deviceManagement/deviceCategories/")
	if fm.err != nil || at < 0 {
		return c.nestedRefusal("@odata.id does not name a category.")
	}
	cat := c.f.category(ref[at+len("/deviceManagement/deviceCategories/"):])
	if cat == nil {
		return c.notFound()
	}
	d.category = cat
	return noContent()
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
	u := c.f.user(ref[strings.LastIndex(ref, "/")+1:])
	switch {
	case fm.err != nil || !strings.Contains(ref, "/users/"):
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
