package jamfschooltest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// manners checks what is the same for every request, and reads the protocol
// version.
func (c *call) manners() (version int, err error) {
	for name := range c.r.Header {
		if name != http.CanonicalHeaderKey(name) {
			c.violate("header name %q is not in canonical form", name)
		}
	}
	if !strings.Contains(c.header("Accept"), "application/json") {
		c.violate("Accept does not ask for application/json")
	}
	if c.header("Cookie") != "" {
		c.violate("a cookie came back")
	}
	if err := c.readBody(); err != nil {
		return 0, err
	}
	switch v := c.header("X-Server-Protocol-Version"); v {
	case "":
		c.violate("no X-Server-Protocol-Version")
		return 1, nil
	case "1", "2", "3", "4":
		return strconv.Atoi(v)
	default:
		return 0, fmt.Errorf("protocol version %q", v)
	}
}

// header reads a header whatever the case of its name.
func (c *call) header(name string) string {
	for got, values := range c.r.Header {
		if strings.EqualFold(got, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// readBody reads the body, if there may be one.
func (c *call) readBody() error {
	body, err := io.ReadAll(c.r.Body)
	if err != nil {
		return errors.New("body cannot be read")
	}
	body = bytes.TrimSpace(body)
	switch kind, _, err := mime.ParseMediaType(c.header("Content-Type")); {
	case len(body) == 0:
		return nil
	case c.r.Method == http.MethodGet:
		c.violate("a body on GET is ignored")
		return nil
	case err != nil || kind != "application/json":
		return errors.New("Content-Type of the body is not application/json")
	}
	c.body = body
	return nil
}
