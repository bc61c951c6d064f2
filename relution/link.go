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
// Source: reference/relution.md 8
const usualLink = "{base}/#/devices/inventory/{uuid}/information"

// usualLinkIn is the usual link in a tenant; "" = that of the token.
func usualLinkIn(tenant string) string {
	if tenant == "" {
		return usualLink
	}
	return usualLink + "?" + tenantParameter + "={tenant}"
}

// link returns the deep link of a device.
//
// Unverified: the composition of the usual link, whose parts were seen.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	return c.template.Fill(c.base, d.UUID, d.SerialNumber, c.tenant)
}
