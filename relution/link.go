package relution

import (
	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/mdm"
)

// places are the placeholders of a link template.
var places = deeplink.Places{{Name: "{base}", Kind: deeplink.Base}, {Name: "{uuid}", Kind: deeplink.Device},
	{Name: "{serial}", Kind: deeplink.Value}, {Name: "{tenant}", Kind: deeplink.Value}}

// usualLink opens the page of a device in the portal. Its query stands inside
// the fragment.
//
// Source: reference/relution.md 1.4, 8
const usualLink = "{base}/#/devices/inventory/{uuid}/information"

// usualLinkIn is the usual link in a tenant; "" = that of the token.
func usualLinkIn(tenant string) string {
	if tenant == "" {
		return usualLink
	}
	return usualLink + "?" + tenantParameter + "={tenant}"
}

// link returns the deep link of a device. The portal of the oldest generation
// is another one, whose page of a device is not known: it has a link only by a
// template of the host's own.
//
// Unverified: the composition of the usual link, whose parts were seen.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	if g, _ := c.api.get(); c.usual && (g.prefix == PrefixLegacy || c.fixed.prefix == PrefixLegacy) {
		return "", mdm.LinkUnknown
	}
	return c.template.Fill(c.base, d.UUID, d.SerialNumber, c.tenant)
}
