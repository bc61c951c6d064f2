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
	if !strings.Contains(c.r.Header.Get("Accept"), "application/json") {
		c.violate("Accept does not ask for application/json")
	}
	if n := len(c.r.URL.RequestURI()); n > maxAddress {
		c.violate("address of %d bytes", n)
	}
	body, _ := io.ReadAll(c.r.Body) // held in memory already
	c.body = bytes.TrimSpace(body)
	if c.r.Method == http.MethodGet && len(c.body) > 0 {
		c.violate("a body on GET is ignored")
	}
}

// mediaType checks the Content-Type of the body, if there is one.
func (c *call) mediaType(want string) error {
	if len(c.body) == 0 || c.r.Method == http.MethodGet {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || kind != want {
		return errors.New("Content-Type of the body is not " + want)
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
