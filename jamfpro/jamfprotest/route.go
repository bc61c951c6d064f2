package jamfprotest

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// route is one operation. A segment in braces stands for any one segment.
type route struct {
	method string
	path   string // below /api/
	since  version
	until  version // the first release without it; zero = none
	needs  []string
	query  []string
	serve  func(*call) reply // runs under the lock
	flags  flags
}

type flags uint8

const (
	open       flags = 1 << iota // needs no token
	deprecated                   // by the newest release
	generic                      // its answer depends on the generation, the first segment
)

// call is one request that is understood.
type call struct {
	f       *Fake
	r       *http.Request
	vars    map[string]string
	query   url.Values
	body    []byte
	node    int
	now     time.Time
	version version
	token   *token // nil on routes that need none
	rights  []string
	gen     int // generation of the endpoint: 4 for /v4/…; 0 = none
}

// serve is what faults are put in front of.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	c := &call{f: f, r: r}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if c.query = query; err != nil { // an unescaped semicolon, most of all
		c.refuse("", errors.New("query cannot be read")).write(w)
		return
	}
	c.manners()
	c.handle(w).write(w)
}

// handle finds the answer. Nothing is sent while the lock is held.
func (c *call) handle(w http.ResponseWriter) reply {
	f := c.f
	f.mu.Lock()
	defer f.mu.Unlock()
	c.now, c.version = f.Now(), f.version
	if isGateway(c.r.Host) {
		c.violate("the Platform Gateway is another product")
		return reply{status: http.StatusNotFound, body: map[string]any{
			"httpStatus": http.StatusNotFound, "traceId": "0badc0ffee0badc0ffee", "errors": []cause{}}}
	}
	if wait := f.limit.Wait(c.now); wait > 0 {
		rep := fail(http.StatusTooManyRequests, "TOO_MANY_REQUESTS", "", "Too many requests")
		rep.retryAfter = strconv.Itoa(int((wait + time.Second - 1) / time.Second))
		return rep
	}
	node, cookie := f.balance(c.r)
	if c.node = node; cookie != nil {
		http.SetCookie(w, cookie)
	}
	rt, missing := c.route()
	if rt == nil {
		return missing
	}
	if rt.flags&deprecated != 0 && f.wire.Deprecated {
		w.Header().Set("Deprecation", "@1780000000")
		w.Header().Set("Sunset", "Fri, 31 Dec 2027 23:59:59 GMT")
	}
	return c.run(rt)
}

// run serves a route if the caller may.
func (c *call) run(rt *route) reply {
	if rt.flags&open == 0 {
		if turnedAway := c.admit(rt); turnedAway != nil {
			if c.classic() { // whose errors are pages
				return page(turnedAway.status)
			}
			return *turnedAway
		}
		want := []string{"application/json"}
		if c.classic() {
			want = xmlTypes
		}
		if err := c.mediaType(want...); err != nil {
			c.violate("%v", err)
			return fail(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "", err.Error())
		}
	}
	c.parameters(rt)
	return rt.serve(c)
}

func isGateway(host string) bool {
	host, _, _ = strings.Cut(host, ":")
	return strings.HasSuffix(host, ".api.jamfcloud.com") || strings.HasSuffix(host, ".apigw.jamf.com")
}

// route finds the operation; nil = there is none, and this is the answer.
func (c *call) route() (*route, reply) {
	path, ok := strings.CutPrefix(c.r.URL.EscapedPath(), c.f.context+"/")
	segments := strings.Split(path, "/")
	if !ok || len(segments) < 2 || segments[0] != "api" && segments[0] != "JSSResource" {
		c.violate("no address of the API")
		return nil, page(http.StatusNotFound)
	}
	if segments[0] == "api" {
		segments = segments[1:]
	}
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil || plain == "" {
			c.violate("empty path segment")
			return nil, page(http.StatusNotFound)
		}
		segments[i] = plain
	}
	return c.find(segments)
}

func (c *call) find(segments []string) (*route, reply) {
	var lacking bool
	for i := range routes {
		rt := &routes[i]
		vars, ok := match(rt.path, segments)
		if !ok || rt.method != c.r.Method {
			continue
		}
		if !c.version.has(rt.since, rt.until) {
			lacking = true
			continue
		}
		c.vars = vars
		if n, err := strconv.Atoi(strings.TrimPrefix(segments[0], "v")); err == nil {
			c.gen = n
		}
		return rt, reply{}
	}
	switch {
	case lacking && c.f.wire.MissingAsHTML:
		return nil, page(http.StatusNotFound)
	case lacking:
		return nil, fail(http.StatusNotFound, "", "", "")
	}
	c.violate("no such operation")
	return nil, page(http.StatusNotFound)
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

// id reads the numeric id of the path. A word is 400, not 404.
func (c *call) id() (int, *reply) {
	n, err := strconv.Atoi(c.vars["id"])
	if err != nil {
		c.violate("%q is no id", c.vars["id"])
		rep := fail(http.StatusBadRequest, "INVALID_ID", "id", "id is not a number")
		return 0, &rep
	}
	return n, nil
}

// may reports whether the caller has all of these privileges.
func (c *call) may(names ...string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(c.rights, n) })
}
