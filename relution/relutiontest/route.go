package relutiontest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// route is one operation. A segment in braces stands for any one segment.
type route struct {
	method string
	path   string // below the prefix, such as "v1/devices/{uuid}"
	since  [2]int // the release it came with; zero = it was always there
	until  [2]int // the release it went with; zero = it never went
	right  string // the permission it needs; "" = none
	query  []string
	global bool              // about the account: a tenant must not be sent
	serve  func(*call) reply // runs under the lock
}

// exists reports whether a release has the operation.
func (rt *route) exists(v version) bool {
	return v.from(rt.since[0], rt.since[1]) && (rt.until[0] == 0 || !v.from(rt.until[0], rt.until[1]))
}

// call is one request.
type call struct {
	f       *Fake
	r       *http.Request
	vars    map[string]string
	query   url.Values
	body    []byte
	account *account
	tenant  string   // UUID of the organisation that the request is about; "" = one that does not exist
	reach   []string // UUIDs of the organisations whose data it sees
}

// serve is what faults are put in front of.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	banned := f.banned(r)
	f.mu.Unlock()
	if banned {
		panic(http.ErrAbortHandler)
	}
	c := &call{f: f, r: r, query: r.URL.Query()}
	c.handle().write(w)
}

// handle finds the answer. Nothing is sent while the lock is held.
func (c *call) handle() reply {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	if rep := c.closed(); rep != nil {
		return *rep
	}
	if rep := c.static(); rep != nil {
		return *rep
	}
	account, turnedAway := c.caller()
	if turnedAway != nil {
		return *turnedAway
	}
	c.account = account
	if rep := c.due(); rep != nil {
		return *rep
	}
	rt, rep := c.route()
	if rt == nil {
		return rep
	}
	for _, step := range []func(*route) *reply{c.manners, c.scope, c.parameters} {
		if rep := step(rt); rep != nil {
			return *rep
		}
	}
	if rep := c.lacks(rt.right); rep != nil {
		return *rep
	}
	return rt.serve(c)
}

// static answers what needs no credentials: the description of the API, and
// the portal for every path that is not the API's.
func (c *call) static() *reply {
	path := c.r.URL.Path
	if strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/relution/api/") {
		return nil
	}
	rep := portal()
	if path == "/openapi.json" {
		rep = bare(object{"openapi": "3.0.1", "info": object{"title": "Relution", "version": c.f.version.text}, "paths": object{}})
	}
	return &rep
}

// route finds the operation, or the answer if there is none.
func (c *call) route() (*route, reply) {
	if rest, served := c.rest(c.f.prefixes()); served {
		if rt, allowed := c.find(rest); rt != nil {
			return rt, reply{}
		} else if allowed {
			return nil, reply{status: http.StatusMethodNotAllowed}
		}
	}
	// A client that looks for the generation of the API asks for what other
	// releases have.
	rest, _ := c.rest([]string{"/api/management/", "/relution/api/", "/api/"})
	if !slices.ContainsFunc(routes, func(rt route) bool { _, ok := match(rt.path, rest); return ok }) {
		c.violate("no such operation")
	}
	if c.f.wire.MissingAsHTML {
		return nil, portal()
	}
	return nil, c.fail(http.StatusNotFound, "RESOURCE_NOT_FOUND", "HTTP 404 Not Found")
}

// rest is the path below the first of these prefixes that it has.
func (c *call) rest(prefixes []string) ([]string, bool) {
	for _, prefix := range prefixes {
		below, ok := strings.CutPrefix(c.r.URL.EscapedPath(), prefix)
		if !ok {
			continue
		}
		segments := strings.Split(below, "/")
		for i, s := range segments {
			plain, err := url.PathUnescape(s)
			if err != nil || plain == "" {
				return nil, false
			}
			segments[i] = plain
		}
		return segments, true
	}
	return nil, false
}

// find looks for a route of this release; literal paths are in front of those
// that would swallow them, even in releases that do not have them. Without a
// route it says whether the path allows another method.
func (c *call) find(segments []string) (found *route, otherMethod bool) {
	path := "" // of the first route that matches: it hides others
	for i := range routes {
		rt := &routes[i]
		vars, ok := match(rt.path, segments)
		if !ok || path != "" && rt.path != path {
			continue
		}
		path = rt.path
		if !rt.exists(c.f.version) || rt.global && c.f.wire.NoAccountCalls {
			continue
		}
		hidden := c.f.wire.GetOnly && rt.method == http.MethodPost && strings.HasSuffix(rt.path, "/query")
		if rt.method == c.r.Method && !hidden {
			c.vars = vars
			return rt, false
		}
		otherMethod = true
	}
	return nil, otherMethod
}

func match(pattern string, segments []string) (map[string]string, bool) {
	parts := strings.Split(pattern, "/")
	if len(parts) != len(segments) {
		return nil, false
	}
	vars := map[string]string{}
	for i, p := range parts {
		switch {
		case strings.HasPrefix(p, "{"):
			vars[strings.Trim(p, "{}")] = segments[i]
		case p != segments[i]:
			return nil, false
		}
	}
	return vars, true
}

// parameters checks the query.
func (c *call) parameters(rt *route) *reply {
	for name, values := range c.query {
		var err error
		switch {
		case name == tenantParameter:
		case !slices.Contains(rt.query, name):
			err = fmt.Errorf("unknown parameter %q", name)
		case len(values) > 1 && name != "field":
			err = fmt.Errorf("parameter %q more than once", name)
		}
		if err != nil {
			rep := c.refuse(err)
			return &rep
		}
	}
	return nil
}
