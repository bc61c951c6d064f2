package relution

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// placeholders of a link template.
var placeholders = []string{"{base}", "{uuid}", "{serial}", "{tenant}"}

// usualLink opens the page of a device in the portal. Its query stands inside
// the fragment.
//
// Source: reference/relution.md 8
const usualLink = "{base}/#/devices/inventory/{uuid}/information"

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
//
// Unverified: the composition of the usual link, whose parts were seen.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	link, target := c.template, mdm.LinkList
	if link == "" {
		link = usualLink
		if c.tenant != "" {
			link += "?" + tenantParameter + "={tenant}"
		}
	}
	for i, value := range []string{c.base, d.UUID, d.SerialNumber, c.tenant} {
		if !strings.Contains(link, placeholders[i]) {
			continue
		}
		if value == "" {
			return "", mdm.LinkUnknown
		}
		if i > 0 {
			value = url.QueryEscape(value)
		}
		if i == 1 {
			target = mdm.LinkDevice
		}
		link = strings.ReplaceAll(link, placeholders[i], value)
	}
	return link, target
}
