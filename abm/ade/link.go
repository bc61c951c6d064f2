package ade

import (
	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/mdm"
)

// places are the placeholders of a link template. The serial number is the id.
var places = deeplink.Places{{Name: "{id}", Kind: deeplink.Device}, {Name: "{serial}", Kind: deeplink.Device}}

// link returns the deep link of a device. Without a template there is none.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	return c.template.Fill(d.id(), d.SerialNumber)
}
