package jamfprotest

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// patchComputer changes what an administrator can. The answer is empty.
func (c *call) patchComputer() reply {
	d, bad := c.device(Computer)
	if bad != nil {
		return *bad
	}
	fm := c.form("udid", "general", "purchasing", "userAndLocation", "hardware", "operatingSystem", "extensionAttributes")
	next := *d.state
	if len(fm.raw) == 0 {
		fm.fail("nothing to change")
	}
	put(fm, "udid", &next.UDID)
	c.patchGeneral(fm, &next)
	c.patchComputerPurchase(fm, &next)
	c.patchUser(fm, &next, "userAndLocation", "realname", "email", "phone", "extensionAttributes")
	hw := fm.within("hardware", "networkAdapterType", "macAddress", "altNetworkAdapterType", "altMacAddress", "extensionAttributes")
	for _, key := range []string{"networkAdapterType", "macAddress", "altNetworkAdapterType", "altMacAddress"} {
		member[string](hw, key) // understood, with no effect
	}
	patchAttributes(hw, &next)
	patchAttributes(fm.within("operatingSystem", "extensionAttributes"), &next)
	patchAttributes(fm, &next)
	if err := fm.failed(); err != nil {
		return c.refuse("", err)
	}
	c.change(d, func(s *state) { *s = next })
	return noContent()
}

func (c *call) patchGeneral(fm *form, s *state) {
	g := fm.within("general", "name", "lastIpAddress", "barcode1", "barcode2", "assetTag", "managed", "siteId", "extensionAttributes")
	put(g, "name", &s.Name)
	put(g, "lastIpAddress", &s.IP)
	put(g, "barcode1", &s.barcode1)
	put(g, "barcode2", &s.barcode2)
	put(g, "assetTag", &s.AssetTag)
	put(g, "managed", &s.Managed)
	put(g, "siteId", &s.site)
	s.site = c.reference(g, "siteId", s.site, func(id string) bool { return c.f.siteName(id) != "" })
	patchAttributes(g, s)
}

// reference checks an id that a form gives; none is "", "0" or "-1".
func (c *call) reference(fm *form, key, id string, exists func(string) bool) string {
	switch {
	case id == "" || id == "0" || id == "-1":
		return ""
	case !exists(id):
		fm.fail("%s %q does not exist", fm.path+key, id)
	}
	return id
}

// patchUser changes user and place. The two kinds of devices have other names
// for the same.
func (c *call) patchUser(fm *form, s *state, key, realName, email, phone string, more ...string) {
	keys := append([]string{"username", realName, email, "position", phone, "departmentId", "buildingId", "room"}, more...)
	u := fm.within(key, keys...)
	put(u, "username", &s.username)
	put(u, realName, &s.realName)
	put(u, email, &s.email)
	put(u, "position", &s.position)
	put(u, phone, &s.phone)
	put(u, "room", &s.room)
	put(u, "departmentId", &s.department)
	s.department = c.reference(u, "departmentId", s.department, func(id string) bool { return departmentName(id) != "" })
	put(u, "buildingId", &s.building)
	s.building = c.reference(u, "buildingId", s.building, func(id string) bool { return c.f.buildingName(id) != "" })
	if len(more) > 0 {
		patchAttributes(u, s)
	}
}

var purchaseKeys = []string{"leased", "purchased", "poNumber", "vendor", "appleCareId", "purchasePrice", "lifeExpectancy",
	"purchasingAccount", "purchasingContact", "extensionAttributes", "poDate"}

func (c *call) patchComputerPurchase(fm *form, s *state) {
	p := fm.within("purchasing", append([]string{"warrantyDate", "leaseDate"}, purchaseKeys...)...)
	patchPurchase(p, &s.purchase)
	putTime(p, "poDate", time.DateOnly, &s.purchase.Ordered)
	putTime(p, "warrantyDate", time.DateOnly, &s.purchase.Warranty)
	putTime(p, "leaseDate", time.DateOnly, &s.purchase.Lease)
	patchAttributes(p, s)
}

func patchPurchase(fm *form, p *purchase) {
	put(fm, "leased", &p.Leased)
	put(fm, "purchased", &p.Purchased)
	put(fm, "poNumber", &p.Order)
	put(fm, "vendor", &p.Vendor)
	put(fm, "appleCareId", &p.AppleCare)
	put(fm, "purchasePrice", &p.Price)
	put(fm, "lifeExpectancy", &p.Life)
	put(fm, "purchasingAccount", &p.Account)
	put(fm, "purchasingContact", &p.Contact)
}

// putTime reads a time of that form; "" clears it.
func putTime(fm *form, key, layout string, place *time.Time) {
	var value string
	if put(fm, key, &value); fm.raw[key] == nil || fm.failed() != nil || string(fm.raw[key]) == "null" {
		return
	}
	if value == "" {
		*place = time.Time{}
		return
	}
	t, err := time.Parse(layout, value)
	if err != nil {
		fm.fail("%s is %q, want the form %s", fm.path+key, value, layout)
		return
	}
	*place = t.UTC()
}

// patchAttributes sets extension attributes of a computer.
func patchAttributes(fm *form, s *state) {
	for _, a := range fm.each("extensionAttributes", "definitionId", "values") {
		a.need("definitionId", "values")
		definition, values := member[string](a, "definitionId"), member[[]string](a, "values")
		if !slices.Contains([]string{attributeDock, attributeCart}, definition) {
			a.fail("no extension attribute has the id %q", definition)
			continue
		}
		s.values = s.withValue(definition, values)
	}
}

// href is an address as the server makes it, from its own idea of its name.
func (c *call) href(format string, args ...any) string {
	return "https://school.example" + c.f.context + "/api/" + fmt.Sprintf(format, args...)
}

func (s *state) idText() string { return strconv.Itoa(s.id) }
