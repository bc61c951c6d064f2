package adetest

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// newest is the highest protocol version that is known.
const newest = 10

// manners checks the headers that every request has to have. It gives the
// answer to a request that lacks one the server insists on.
func (c *call) manners() *reply {
	var rep reply
	switch agent := c.r.Header.Values("User-Agent"); {
	case len(agent) == 0 || agent[0] == "":
		rep = c.refuse("USER_AGENT_MISSING", "no User-Agent")
		return &rep
	case strings.TrimSpace(agent[0]) == "":
		rep = c.refuse("USER_AGENT_INVALID", "User-Agent is blank")
		return &rep
	}
	for name := range c.r.Header {
		if name != http.CanonicalHeaderKey(name) && !strings.EqualFold(name, sessionHeader) {
			c.violate("header name %q is not in canonical form", name)
		}
	}
	if c.r.Header.Get("Cookie") != "" {
		c.violate("a cookie was sent")
	}
	if !accepts(c.r.Header.Get("Accept")) {
		c.violate("Accept %q does not take application/json", c.r.Header.Get("Accept"))
		rep = fail(http.StatusNotAcceptable, "")
		return &rep
	}
	for _, name := range []string{"Accept", "Content-Type"} {
		if got := c.r.Header.Get(name); !exact(got) {
			c.violate("%s is %q, not %q", name, got, mediaType)
		}
	}
	c.readVersion()
	return nil
}

// readVersion reads the protocol version. None is the oldest.
func (c *call) readVersion() {
	text := c.r.Header.Get("X-Server-Protocol-Version")
	n, err := strconv.Atoi(text)
	switch {
	case text == "":
		n = 1
	case err != nil || n < 1 || strconv.Itoa(n) != text:
		c.violate("protocol version %q is no number", text)
		n = 1
	case n > newest:
		c.violate("protocol version %d is not known", n)
		n = newest
	}
	c.version = n
}

// accepts reports whether an Accept header takes JSON.
func accepts(header string) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(one string) bool {
		kind, _, _ := mime.ParseMediaType(strings.TrimSpace(one))
		return kind == "application/json" || kind == "application/*" || kind == "*/*"
	})
}

// isJSON reports whether a Content-Type says JSON.
func isJSON(header string) bool {
	kind, _, err := mime.ParseMediaType(header)
	return err == nil && kind == "application/json"
}

// exact reports whether a header has the media type with the charset that the
// documentation asks for. Upper or lower case and blanks do not matter.
func exact(header string) bool {
	kind, params, err := mime.ParseMediaType(header)
	return err == nil && kind == "application/json" && len(params) == 1 && strings.EqualFold(params["charset"], "UTF8")
}
