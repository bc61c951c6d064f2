package jamfschool

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// placeholders of a link template.
var placeholders = []string{"{host}", "{udid}", "{serial}", "{assetTag}"}

// checkTemplate refuses a template that could not give a safe link.
func checkTemplate(template string) error {
	if template == "" {
		return nil
	}
	rest := template
	for _, p := range placeholders {
		rest = strings.ReplaceAll(rest, p, "x")
	}
	if strings.ContainsAny(rest, "{}") {
		return fmt.Errorf("has an unknown placeholder; use %s", strings.Join(placeholders, ", "))
	}
	u, err := url.Parse(rest)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("is no address; start with https://{host}/")
	}
	return nil
}

// link returns the deep link of a device: what the template makes of it, or
// the list of devices in the console. A template whose placeholders have no
// value gives no link.
//
// Source: reference/jamfschool.md 8
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	if c.template == "" {
		if c.host == "" {
			return "", mdm.LinkUnknown
		}
		return c.scheme + "://" + c.host + "/devices", mdm.LinkList
	}
	link, target := c.template, mdm.LinkList
	for i, value := range []string{c.host, d.UDID, d.SerialNumber, d.AssetTag} {
		if !strings.Contains(link, placeholders[i]) {
			continue
		}
		if value == "" {
			return "", mdm.LinkUnknown
		}
		if i > 0 {
			value, target = url.PathEscape(value), mdm.LinkDevice
		}
		link = strings.ReplaceAll(link, placeholders[i], value)
	}
	return link, target
}
