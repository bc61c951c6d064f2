package jamfschool

import (
	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/mdm"
)

// places are the placeholders of a link template.
var places = deeplink.Places{{Name: "{host}", Kind: deeplink.Part}, {Name: "{udid}", Kind: deeplink.Device},
	{Name: "{serial}", Kind: deeplink.Device}, {Name: "{assetTag}", Kind: deeplink.Device}}

// link returns the deep link of a device: what the template makes of it, or
// the list of devices in the console.
//
// Source: reference/jamfschool.md 8
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	switch {
	case !c.template.IsZero():
		return c.template.Fill(c.host, d.UDID, d.SerialNumber, d.AssetTag)
	case c.host == "":
		return "", mdm.LinkUnknown
	}
	return c.scheme + "://" + c.host + "/devices", mdm.LinkList
}
