package abmtest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// read reads the query and the body.
func (c *call) read() {
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if c.query = query; err != nil { // what could be read of it is served
		c.violate("query cannot be read")
	}
	body, _ := io.ReadAll(c.r.Body) // held in memory already
	c.body = bytes.TrimSpace(body)
	if c.r.Method == http.MethodGet && len(c.body) > 0 {
		c.violate("a body on GET is ignored")
	}
}

// accept demands that the caller takes JSON.
func (c *call) accept(*route) *reply {
	for part := range strings.SplitSeq(strings.Join(c.r.Header.Values("Accept"), ","), ",") {
		if kind, _, err := mime.ParseMediaType(strings.TrimSpace(part)); err == nil && kind == "application/json" {
			return nil
		}
	}
	c.violate("Accept does not ask for application/json")
	return &reply{status: http.StatusNotAcceptable}
}

// content demands JSON of requests that have a body.
func (c *call) content(*route) *reply {
	if len(c.body) == 0 || c.r.Method == http.MethodGet {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err == nil && kind == "application/json" {
		return nil
	}
	c.violate("Content-Type of the body is not application/json")
	rep := c.fail(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The media type is not supported",
		"The Content-Type must be application/json", source{})
	return &rep
}

// parameters refuses parameters that the operation does not know, and reads
// the fields that are selected.
func (c *call) parameters(rt *route) *reply {
	for name, values := range c.query {
		kind, isFields := strings.CutPrefix(name, "fields[")
		switch {
		case !slices.Contains(rt.query, name):
			return c.badParameter(name, fmt.Sprintf("%q is not a parameter of this operation", name))
		case len(values) > 1:
			return c.badParameter(name, fmt.Sprintf("parameter %q is given more than once", name))
		case isFields:
			if rep := c.choose(strings.TrimSuffix(kind, "]"), values[0]); rep != nil {
				return rep
			}
		}
	}
	return nil
}
