package abm

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// placeholders of a link template.
var placeholders = []string{"{id}", "{serial}"}

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
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return errors.New("is no address; start with https://")
	}
	return nil
}

// link returns the deep link of a device. A template whose placeholders have
// no value gives none.
func (c *Client) link(d *Device) (string, mdm.LinkTarget) {
	link, target := c.template, mdm.LinkList
	if link == "" {
		return "", mdm.LinkUnknown
	}
	for i, value := range []string{d.ID, d.SerialNumber} {
		if !strings.Contains(link, placeholders[i]) {
			continue
		}
		if value == "" {
			return "", mdm.LinkUnknown
		}
		link, target = strings.ReplaceAll(link, placeholders[i], url.PathEscape(value)), mdm.LinkDevice
	}
	return link, target
}
