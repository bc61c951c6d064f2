package intune

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// placeholders of a link template.
var placeholders = []string{"{base}", "{tenant}", "{id}", "{serial}"}

// usualLink opens the page of a device in the console.
//
// Source: reference/intune.md 8
const usualLink = "{base}/#view/Microsoft_Intune_Devices/DeviceSettingsMenuBlade/~/overview/mdmDeviceId/{id}"

// checkTemplate refuses a template that could not give a safe link.
func checkTemplate(template string) error {
	if template == "" {
		return nil
	}
	rest := strings.ReplaceAll(template, "{base}", "https://x")
	for _, p := range placeholders {
		rest = strings.ReplaceAll(rest, p, "x")
	}
	if strings.ContainsAny(rest, "{}") {
		return fmt.Errorf("has an unknown placeholder; use %s", strings.Join(placeholders, ", "))
	}
	u, err := url.Parse(rest)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("is no address; start with {base}/")
	}
	return nil
}

// link returns the deep link of a device. A template whose placeholders have
// no value gives no link.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	if c.cfg.Link == "" { // the usual case, without a look for placeholders
		return clouds[c.cfg.Cloud].portal + usualLink[len("{base}"):len(usualLink)-len("{id}")] + url.PathEscape(d.ID), mdm.LinkDevice
	}
	link, target := c.cfg.Link, mdm.LinkList
	for i, value := range []string{clouds[c.cfg.Cloud].portal, c.cfg.TenantID, d.ID, d.SerialNumber} {
		if !strings.Contains(link, placeholders[i]) {
			continue
		}
		if value == "" {
			return "", mdm.LinkUnknown
		}
		if i > 0 {
			value = url.QueryEscape(value)
		}
		if i > 1 {
			target = mdm.LinkDevice
		}
		link = strings.ReplaceAll(link, placeholders[i], value)
	}
	return link, target
}
