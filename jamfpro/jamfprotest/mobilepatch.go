package jamfprotest

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// patchMobile changes what an administrator can. A name is sent to the device
// as a command.
func (c *call) patchMobile() reply {
	d, bad := c.device(Mobile)
	if bad != nil {
		return *bad
	}
	fm := c.form("name", "enforceName", "assetTag", "siteId", "timeZone", "location", "updatedExtensionAttributes", "ios", "tvos")
	next, name := *d.state, ""
	if len(fm.raw) == 0 {
		fm.fail("nothing to change")
	}
	put(fm, "name", &name)
	member[bool](fm, "enforceName") // understood, with no effect
	put(fm, "assetTag", &next.AssetTag)
	put(fm, "timeZone", &next.timeZone)
	put(fm, "siteId", &next.site)
	next.site = c.reference(fm, "siteId", next.site, func(id string) bool { return c.f.siteName(id) != "" })
	c.patchUser(fm, &next, "location", "realName", "emailAddress", "phoneNumber")
	c.patchMobileAttributes(fm, &next)
	c.patchPlatform(fm, &next)
	if err := fm.failed(); err != nil {
		return c.refuse("", err)
	}
	if name != "" && !next.Supervised {
		return c.refuse("name", errors.New("only supervised devices can be renamed"))
	}
	c.change(d, func(s *state) { *s = next })
	if name != "" {
		c.enqueue(d, "SETTINGS", renaming(name))
	}
	return success(c.painter(nil).flat(c.look(d)))
}

// renaming is the data of the command that renames a device.
func renaming(name string) json.RawMessage {
	b, err := json.Marshal(map[string]string{"commandType": "SETTINGS", "deviceName": name})
	if err != nil {
		panic(err) // texts can always be written
	}
	return b
}

func (c *call) patchMobileAttributes(fm *form, s *state) {
	for _, a := range fm.each("updatedExtensionAttributes", "name", "type", "value") {
		a.need("name", "value")
		if member[string](a, "name") != "Cart" {
			a.fail("no extension attribute has the name %q", member[string](a, "name"))
			continue
		}
		if kind := member[string](a, "type"); a.has("type") && kind != "STRING" {
			a.fail("extension attribute Cart is no %q", kind)
		}
		s.values = s.withValue(attributeMobile, member[[]string](a, "value"))
	}
}

// patchPlatform reads the part for one kind of device, which must be its own.
func (c *call) patchPlatform(fm *form, s *state) {
	own, other, keys := "ios", "tvos", []string{"purchasing"}
	if s.Platform == fleet.TVOS {
		own, other, keys = "tvos", "ios", []string{"purchasing", "airplayPassword"}
	}
	if fm.has(other) {
		fm.fail("%s is for another kind of device", other)
	}
	inner := fm.within(own, keys...)
	member[string](inner, "airplayPassword") // understood, with no effect
	p := inner.within("purchasing", append([]string{"warrantyExpiresDate", "leaseExpiresDate"}, purchaseKeys...)...)
	patchPurchase(p, &s.purchase)
	putTime(p, "poDate", time.RFC3339Nano, &s.purchase.Ordered)
	putTime(p, "warrantyExpiresDate", time.RFC3339Nano, &s.purchase.Warranty)
	putTime(p, "leaseExpiresDate", time.RFC3339Nano, &s.purchase.Lease)
}

// classicInventory asks a device for a new inventory, over the Classic API.
func (c *call) classicInventory() reply {
	d, bad := c.device(Mobile)
	if bad != nil {
		return page(http.StatusNotFound)
	}
	uuid := c.enqueue(d, "DEVICE_INFORMATION", nil).UUID
	return reply{status: http.StatusCreated, xml: `<?xml version="1.0" encoding="UTF-8"?><mobile_device_command><uuid>` + uuid +
		`</uuid><command>UpdateInventory</command></mobile_device_command>`}
}
