package intune

import (
	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/mdm"
)

// places are the placeholders of a link template.
var places = deeplink.Places{{Name: "{base}", Kind: deeplink.Base}, {Name: "{tenant}", Kind: deeplink.Value},
	{Name: "{id}", Kind: deeplink.Device}, {Name: "{serial}", Kind: deeplink.Device}}

// usualLink opens the page of a device in the console.
//
// Source: reference/intune.md 8
const usualLink = "{base}/#view/Microsoft_Intune_Devices/DeviceSettingsMenuBlade/~/overview/mdmDeviceId/{id}"

// link returns the deep link of a device.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	return c.template.Fill(clouds[c.cfg.Cloud].portal, c.cfg.TenantID, d.ID, d.SerialNumber)
}
