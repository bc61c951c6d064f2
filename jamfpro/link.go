package jamfpro

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// placeholders of a link template.
var placeholders = []string{"{base}", "{page}", "{id}", "{serial}", "{udid}", "{managementId}"}

// usualLink opens the page of a device in the console.
//
// Source: reference/jamfpro.md 8
const usualLink = "{base}/{page}?id={id}&o=r"

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
// Unverified: that the page of a mobile device takes o=r too.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	link, target := c.template, mdm.LinkList
	if link == "" {
		link = usualLink
	}
	page := "mobileDevices.html"
	if d.Kind == Computer {
		page = "computers.html"
	}
	for i, value := range []string{c.base, page, d.ID, d.SerialNumber, d.UDID, d.ManagementID} {
		if !strings.Contains(link, placeholders[i]) {
			continue
		}
		if value == "" {
			return "", mdm.LinkUnknown
		}
		if i > 1 {
			value, target = url.QueryEscape(value), mdm.LinkDevice
		}
		link = strings.ReplaceAll(link, placeholders[i], value)
	}
	return link, target
}
