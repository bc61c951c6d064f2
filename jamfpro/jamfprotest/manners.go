package jamfprotest

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// maxAddress is the length of path and query that is thought to be safe.
const maxAddress = 8 << 10

// manners checks what is the same for every request, and reads the body.
func (c *call) manners() {
	for name := range c.r.Header {
		if name != http.CanonicalHeaderKey(name) {
			c.violate("header name %q is not in canonical form", name)
		}
	}
	c.accept()
	if n := len(c.r.URL.RequestURI()); n > maxAddress {
		c.violate("address of %d bytes", n)
	}
	body, _ := io.ReadAll(c.r.Body) // held in memory already
	c.body = bytes.TrimSpace(body)
	if c.r.Method == http.MethodGet && len(c.body) > 0 {
		c.violate("a body on GET is ignored")
	}
}

// accept checks what the client wants to have: JSON, but XML for writes of the
// Classic API.
func (c *call) accept() {
	want := []string{"application/json"}
	if c.classic() && c.r.Method != http.MethodGet {
		want = xmlTypes
	}
	given := c.r.Header.Get("Accept")
	if !slices.ContainsFunc(want, func(kind string) bool { return strings.Contains(given, kind) }) {
		c.violate("Accept does not ask for %s", want[0])
	}
}

var xmlTypes = []string{"application/xml", "text/xml"}

// classic reports whether the request is one of the Classic API.
func (c *call) classic() bool { return strings.Contains(c.r.URL.Path, "/JSSResource/") }

// mediaType checks the Content-Type of the body, if there is one.
func (c *call) mediaType(want ...string) error {
	if len(c.body) == 0 || c.r.Method == http.MethodGet {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || !slices.Contains(want, kind) {
		return errors.New("Content-Type of the body is not " + want[0])
	}
	return nil
}

// parameters notes parameters that the operation does not know. The server
// ignores them.
func (c *call) parameters(rt *route) {
	for name, values := range c.query {
		known := slices.Contains(rt.query, name)
		switch {
		case !known && name == "filter" && strings.HasSuffix(rt.path, "/mobile-devices"):
			c.violate("filter has no effect on this list: everything is in it")
		case !known || name == "exception-handling" && c.version.less(lenient):
			c.violate("unknown parameter %q", name)
		case len(values) > 1 && name != "section" && name != "sort":
			c.violate("parameter %q more than once", name)
		}
	}
}
