package abmtest

import (
	"encoding/json"
	"fmt"
)

// listCoverage serves the warranties of one device.
func (c *call) listCoverage() reply {
	d := c.f.find(c.vars["id"])
	if d == nil {
		return c.notFound()
	}
	rows := c.f.covers[c.vars["id"]]
	if rows == nil {
		for _, it := range c.f.coverageOf(d, c.f.idOf(d)) {
			rows = append(rows, encode(c.trim(it)))
		}
	}
	if len(rows) == 0 && c.f.wire.Coverage == NoneFound {
		return c.notFound()
	}
	return c.page(len(rows), func(i int) json.RawMessage { return rows[i] })
}

// coverageOf derives the coverage: a year of warranty for what was bought, a
// subscription without an end for some, and a plan that was paid for others.
func (f *Fake) coverageOf(d *device, id string) []item {
	if d.sourceType == "MANUALLY_ADDED" || !d.released.IsZero() {
		return nil
	}
	status := func(active bool) string {
		return map[bool]string{true: "ACTIVE", false: "INACTIVE"}[active]
	}
	year := d.ordered.AddDate(1, 0, 0)
	list := []item{{Type: "appleCareCoverage", ID: id, Attributes: map[string]any{
		"status": status(f.district.Before(year)), "paymentType": "NONE", "description": "Limited Warranty",
		"startDateTime": stamp(d.ordered), "endDateTime": stamp(year), "isRenewable": false, "isCanceled": false,
		"contractCancelDateTime": nil, "agreementNumber": nil,
	}}}
	number := fmt.Sprintf("%010d", 123456+d.index)
	switch d.index % 5 {
	case 1:
		list = append(list, item{Type: "appleCareCoverage", ID: number, Attributes: map[string]any{
			"status": "ACTIVE", "paymentType": "SUBSCRIPTION", "description": "AppleCare+ for " + d.family,
			"startDateTime": stamp(d.ordered), "endDateTime": nil, "isRenewable": true, "isCanceled": false,
			"contractCancelDateTime": nil, "agreementNumber": number,
		}})
	case 2:
		end := d.ordered.AddDate(3, 0, 0)
		list = append(list, item{Type: "appleCareCoverage", ID: "abe-" + d.serial, Attributes: map[string]any{
			"status": status(f.district.Before(end)), "paymentType": "ABE_SUBSCRIPTION", "description": "AppleCare+ for Business Essentials",
			"startDateTime": stamp(d.ordered), "endDateTime": stamp(end), "isRenewable": false, "isCanceled": false,
			"contractCancelDateTime": nil, "agreementNumber": number,
		}})
	}
	return list
}
