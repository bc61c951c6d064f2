package jamfprotest

import (
	"fmt"
	"net/http"
)

// listMobiles is the short list. It has no filter.
func (c *call) listMobiles() reply {
	c.query.Del("filter") // noted as a violation before
	rows, total, bad := c.shelfPage(Mobile, nil, listProperties, "id:asc", "id")
	if bad != nil {
		return *bad
	}
	return streamed(total, rows.len(), func(i int) any { return listed(rows.state(i)) })
}

func (c *call) listMobileDetails() reply {
	sections, bad := c.sections(mobileSections)
	if bad != nil {
		return *bad
	}
	strict, bad := c.strict()
	if bad != nil {
		return *bad
	}
	ps := mobileProperties(&c.f.tables, c.version)
	rows, total, bad := c.shelfPage(Mobile, c.f.planted[Mobile], ps, "displayName:asc", "mobileDeviceId")
	if bad != nil {
		return *bad
	}
	damage := make([]Damage, rows.len())
	for i := range damage {
		if rows.raw(i) != nil {
			continue
		}
		if damage[i] = c.f.damage[rows.state(i).idText()]; damage[i] == Broken && strict {
			return fail(http.StatusInternalServerError, "SERVER_ERROR", "", "A record could not be read")
		}
	}
	p := c.painter(sections)
	return streamed(total, rows.len(), func(i int) any {
		if raw := rows.raw(i); raw != nil {
			return raw
		}
		return p.mobile(rows.state(i), damage[i])
	})
}

// strict reports whether one damaged record spoils a page.
func (c *call) strict() (bool, *reply) {
	if c.version.less(lenient) {
		return true, nil
	}
	switch v := c.query.Get("exception-handling"); v {
	case "", "STRICT":
		return true, nil
	case "LENIENT":
		return false, nil
	default:
		rep := c.refuse("exception-handling", fmt.Errorf("exception-handling cannot be %q", v))
		return false, &rep
	}
}

func (c *call) showMobile() reply {
	d, bad := c.device(Mobile)
	if bad != nil {
		return *bad
	}
	return success(listed(c.look(d)))
}

func (c *call) mobileDetail() reply {
	if planted := c.plantedDetail(Mobile); planted != nil {
		return *planted
	}
	d, bad := c.device(Mobile)
	if bad != nil {
		return *bad
	}
	return success(c.painter(nil).flat(c.look(d)))
}
