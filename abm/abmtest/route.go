package abmtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// route is one operation. A segment in braces stands for any one segment.
type route struct {
	method   string
	path     string // below /v1/
	needs    Right
	since    version
	business bool     // a school does not have it, and clients know
	query    []string // parameters that it takes
	serve    func(*call) reply
}

// call is one request that is understood. It is served under the lock.
type call struct {
	f      *Fake
	r      *http.Request
	vars   map[string]string
	query  url.Values
	body   []byte
	now    time.Time
	holder *holder
	fields fields // that were selected
}

// serve is what faults are put in front of.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	c := &call{f: f, r: r}
	c.read()
	c.handle().write(w)
}

// handle finds the answer. Nothing is sent while the lock is held.
func (c *call) handle() reply {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	c.now = c.f.Now()
	path := c.r.URL.EscapedPath()
	switch {
	case strings.HasPrefix(path, storagePath):
		return c.download()
	case path == tokenPath || path == tokenPathV2:
		if rep := c.misplaced(tokenHost); rep != nil {
			return *rep
		}
		return c.grant()
	case strings.HasPrefix(path, "/v1/"):
		if rep := c.misplaced(c.f.host()); rep != nil {
			return *rep
		}
		return c.api(strings.Split(strings.TrimPrefix(path, "/v1/"), "/"))
	}
	c.violate("no address of the API")
	return c.notFound()
}

const tokenHost = "account.apple.com"

// host is where Apple serves the organisation's API.
func (f *Fake) host() string {
	if f.school {
		return "api-school.apple.com"
	}
	return "api-business.apple.com"
}

// misplaced answers a request to one of Apple's hosts that serves something
// else.
func (c *call) misplaced(want string) *reply {
	if host, _, _ := strings.Cut(c.r.Host, ":"); host == want || !strings.HasSuffix(host, ".apple.com") {
		return nil
	}
	c.violate("%s does not serve this", c.r.Host)
	rep := c.notFound()
	return &rep
}

// api serves a request to the API.
func (c *call) api(segments []string) reply {
	rt, allowed := c.find(segments)
	for _, gate := range []func(*route) *reply{c.accept, c.admit, c.exists, c.permit, c.content, c.parameters} {
		if rt == nil {
			break
		}
		if rep := gate(rt); rep != nil {
			return *rep
		}
	}
	switch {
	case rt != nil:
		return rt.serve(c)
	case len(allowed) > 0:
		return c.forbidden("The resource does not allow this operation. Allowed operations are: " + strings.Join(allowed, ", "))
	}
	c.violate("no such operation")
	return c.notFound()
}

// find finds the operation, and without one the methods that the path has.
func (c *call) find(segments []string) (*route, []string) {
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil || plain == "" {
			return nil, nil
		}
		segments[i] = plain
	}
	var allowed []string
	for i := range c.f.routes {
		rt := &c.f.routes[i]
		vars, ok := match(rt.path, segments)
		switch {
		case !ok:
		case rt.method == c.r.Method:
			c.vars = vars
			return rt, nil
		default:
			allowed = append(allowed, rt.method)
		}
	}
	if len(allowed) > 0 {
		c.violate("the path does not have this method")
	}
	return nil, allowed
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

// admit checks the bearer token, and the limit of those who have one.
func (c *call) admit(*route) *reply {
	scheme, value, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	t := c.f.tokens[value]
	if !strings.EqualFold(scheme, "Bearer") {
		c.violate("no bearer token")
		t = nil
	}
	if t == nil || t.dead || !c.now.Before(t.expires) {
		rep := c.fail(http.StatusUnauthorized, "NOT_AUTHORIZED", "Authentication credentials are missing or invalid.",
			"Provide a properly configured and signed bearer token.", source{})
		return &rep
	}
	c.holder = t.holder
	return c.throttle()
}

// exists refuses what the organisation or the version does not have.
func (c *call) exists(rt *route) *reply {
	if c.f.school && rt.business {
		c.violate("a school does not have this")
	}
	if c.f.has(rt.since) {
		return nil
	}
	rep := c.forbidden("The resource does not allow this operation")
	return &rep
}

// permit checks the rights of the account. Operations that need different
// ones by their content look for themselves.
func (c *call) permit(rt *route) *reply {
	if rt.needs == RightUnknown || c.may(rt.needs) {
		return nil
	}
	rep := c.forbidden("The role of the account does not allow this operation")
	return &rep
}

// may reports whether the account has a right.
func (c *call) may(r Right) bool { return slices.Contains(c.holder.rights, r) }
