package jamfschooltest

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// route is one operation. A segment in braces stands for any one segment.
type route struct {
	method string
	path   string
	since  int               // the protocol version it appeared with
	query  []string          // the parameters it knows
	serve  func(*call) reply // runs under the lock
}

var deviceFilters = []string{
	"serialnumber", "assettag", "name", "owner", "hasOwner", "groups", "ownergroups", "model", "location",
	"supervised", "managed", "inTrash", "enrollType", "bootstrapTokenStored", "includeApps",
}

// routes has literal paths in front of those that would swallow them.
var routes = []route{
	{"GET", "devices", 1, deviceFilters, (*call).listDevices},
	{"PUT", "devices/migrate", 1, nil, (*call).migrateMany},
	{"GET", "devices/groups", 1, nil, (*call).listGroups},
	{"POST", "devices/groups", 1, nil, (*call).createGroup},
	{"POST", "devices/groups/add", 1, nil, (*call).addMembers},
	{"POST", "devices/groups/remove", 1, nil, (*call).removeMembers},
	{"GET", "devices/groups/{id}", 1, nil, (*call).showGroup},
	{"PUT", "devices/groups/{id}", 1, nil, (*call).updateGroup},
	{"DELETE", "devices/groups/{id}", 1, nil, (*call).deleteGroup},
	{"GET", "devices/{udid}", 1, []string{"includeApps"}, (*call).showDevice},
	{"DELETE", "devices/{udid}", 1, nil, (*call).trash},
	{"GET", "devices/{udid}/apps", 1, nil, (*call).deviceApps},
	{"POST", "devices/{udid}/details", 1, nil, (*call).setDetails},
	{"PUT", "devices/{udid}/owner", 1, nil, (*call).setOwner},
	{"PUT", "devices/{udid}/migrate", 1, nil, (*call).migrateOne},
	{"POST", "devices/{udid}/refresh", 1, []string{"clearErrors"}, (*call).refresh},
	{"POST", "devices/{udid}/restart", 1, []string{"clearPasscode"}, (*call).restart},
	{"POST", "devices/{udid}/wipe", 1, []string{"clearActivationLock"}, (*call).wipe},
	{"POST", "devices/{udid}/unenroll", 1, nil, (*call).unenroll},
	{"POST", "devices/{udid}/restore", 1, nil, (*call).restore},
	{"POST", "devices/{udid}/activationlock/clear", 1, nil, (*call).clearLock},
	{"POST", "devices/{udid}/cellularPlan", 1, nil, (*call).cellularPlan},
	{"GET", "users", 1, []string{"inTrash", "hasDevice", "memberOf", "locationId"}, (*call).listUsers},
	{"GET", "users/groups", 1, nil, (*call).listUserGroups},
	{"GET", "users/groups/{id}", 1, nil, (*call).showUserGroup},
	{"GET", "users/{id}", 1, nil, (*call).showUser},
	{"GET", "locations", 2, nil, (*call).listLocations},
	{"GET", "locations/{id}", 2, nil, (*call).showLocation},
	{"GET", "apps", 2, nil, (*call).listApps},
	{"GET", "apps/{id}", 2, nil, (*call).showApp},
	{"GET", "profiles", 2, nil, (*call).listProfiles},
	{"GET", "profiles/{id}", 2, nil, (*call).showProfile},
	{"GET", "dep", 3, nil, (*call).listPlaceholders},
	{"POST", "dep/placeholders/profile", 3, nil, (*call).assignProfile},
	{"GET", "dep/{serial}", 3, nil, (*call).showPlaceholder},
	{"POST", "dep/{serial}", 3, nil, (*call).updatePlaceholder},
	{"GET", "classes", 3, nil, (*call).listClasses},
	{"GET", "classes/{id}", 3, nil, (*call).showClass},
	{"GET", "classes/{id}/devices", 3, nil, (*call).classDevices},
}

// call is one request that is allowed and understood.
type call struct {
	f     *Fake
	r     *http.Request
	vars  map[string]string
	query url.Values
	body  []byte
}

// serve is what faults are put in front of.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Set-Cookie", "hash=0badc0ffee; Path=/; HttpOnly")
	w.Header().Set("X-Server-Instance", "school-fake-"+strconv.Itoa(len(r.URL.Path)%3))
	c := &call{f: f, r: r, query: r.URL.Query()}
	c.handle().write(w)
}

// handle finds the answer. Nothing is sent while the lock is held.
func (c *call) handle() reply {
	version, err := c.manners()
	if err != nil {
		return c.refuse(err)
	}
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	rights, turnedAway := c.f.admit(c.r)
	if turnedAway != nil {
		return *turnedAway
	}
	rt := c.route(version)
	if rt == nil {
		return reply{status: http.StatusNotFound, text: "Not Found"}
	}
	if rights&rightOf[c.r.Method] == 0 {
		return reply{status: http.StatusMethodNotAllowed, body: map[string]any{"error": failure{
			Code: http.StatusMethodNotAllowed, Message: "Requested method (" + c.r.Method + ") not allowed using this API key",
		}}}
	}
	if err := c.parameters(rt); err != nil {
		return c.refuse(err)
	}
	return rt.serve(c)
}

// route finds the operation; nil = it does not exist for that version.
func (c *call) route(version int) *route {
	segments, ok := c.segments()
	if !ok {
		return nil
	}
	for i := range routes {
		rt := &routes[i]
		if vars, ok := match(rt.path, segments); ok && rt.method == c.r.Method {
			if c.vars = vars; version < rt.since {
				c.violate("needs protocol version %d, sent %d", rt.since, version)
				return nil
			}
			return rt
		}
	}
	c.violate("no such operation")
	return nil
}

// segments takes the path apart. An empty last segment of a read is what a
// listing with a trailing slash and a detail with an empty UDID have in
// common: the real server answers with the whole list.
func (c *call) segments() ([]string, bool) {
	path := strings.TrimPrefix(c.f.Path(c.r), "/")
	segments := strings.Split(path, "/")
	if n := len(segments); c.r.Method == http.MethodGet && n > 1 && segments[n-1] == "" {
		c.violate("empty last path segment: an empty id would list everything")
		segments = segments[:n-1]
	}
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil || plain == "" {
			c.violate("empty path segment")
			return nil, false
		}
		segments[i] = plain
	}
	return segments, true
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

// ignored are parameters that clients tried and that change nothing.
var ignored = []string{"page", "pageSize", "limit"}

// parameters checks the query.
func (c *call) parameters(rt *route) error {
	for name, values := range c.query {
		switch {
		case slices.Contains(ignored, name):
			c.violate("parameter %q has no effect", name)
		case !slices.Contains(rt.query, name):
			return fmt.Errorf("unknown parameter %q", name)
		case len(values) > 1:
			return fmt.Errorf("parameter %q more than once", name)
		}
	}
	return nil
}

var udidForm = regexp.MustCompile(`^[0-9A-Fa-f-]{8,64}$`)

// device finds the device of the path; nil = there is none.
func (c *call) device() *device {
	udid := c.vars["udid"]
	if !udidForm.MatchString(udid) {
		c.violate("%q is no UDID", udid)
		return nil
	}
	d := c.f.byUDID[strings.ToUpper(udid)]
	if d != nil && d.state.UDID != udid {
		c.violate("UDID in other letters than the server gave it")
	}
	return d
}

// id reads a numeric id from the path; -1 = it is none.
func (c *call) id() int {
	n, err := strconv.Atoi(c.vars["id"])
	if err != nil || n < 0 {
		return -1
	}
	return n
}
