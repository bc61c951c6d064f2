package jamfpro

import (
	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/mdm"
)

// places are the placeholders of a link template.
var places = deeplink.Places{{Name: "{base}", Kind: deeplink.Base}, {Name: "{page}", Kind: deeplink.Part}, {Name: "{id}", Kind: deeplink.Device},
	{Name: "{serial}", Kind: deeplink.Device}, {Name: "{udid}", Kind: deeplink.Device}, {Name: "{managementId}", Kind: deeplink.Device}}

// usualLink opens the page of a device in the console.
//
// Source: reference/jamfpro.md 8
const usualLink = "{base}/{page}?id={id}&o=r"

// link returns the deep link of a device.
//
// Unverified: that the page of a mobile device takes o=r too.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	page := "mobileDevices.html"
	if d.Kind == Computer {
		page = "computers.html"
	}
	return c.template.Fill(c.base, page, d.ID, d.SerialNumber, d.UDID, d.ManagementID)
}
