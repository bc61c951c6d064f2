package ade

import (
	"errors"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// placeholders of a link template. The serial number is the id.
var placeholders = []string{"{id}", "{serial}"}

// checkTemplate refuses a template that could not give a safe link.
func checkTemplate(template string) error {
	if template == "" {
		return nil
	}
	rest := strings.NewReplacer(placeholders[0], "x", placeholders[1], "x").Replace(template)
	if strings.ContainsAny(rest, "{}") {
		return errors.New("has an unknown placeholder; use " + strings.Join(placeholders, ", "))
	}
	if u, err := url.Parse(rest); err != nil || u.Scheme != "https" || u.Host == "" {
		return errors.New("is no address; start with https://")
	}
	return nil
}

// link returns the deep link of a device.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	if c.template == "" {
		return "", mdm.LinkUnknown
	}
	link := strings.NewReplacer(placeholders[0], url.PathEscape(d.id()), placeholders[1], url.PathEscape(d.SerialNumber)).Replace(c.template)
	if link == c.template {
		return link, mdm.LinkList
	}
	return link, mdm.LinkDevice
}
