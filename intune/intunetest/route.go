package intunetest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// route is one operation of Graph. A segment in braces stands for any one
// segment. A key in parentheses counts as a segment.
type route struct {
	method string
	path   string // below the version
	beta   bool   // only beta has it
	needs  []string
	limit  Limit
	query  []string // system query options without the $
	serve  func(*call) reply
	flags  flags
}

type flags uint8

const (
	directoryCall flags = 1 << iota // of Entra ID, not of Intune
	deviceAction                    // may need another administrator's approval
	ofHome                          // other tenants have none of it
)

// call is one request to Graph that is understood.
type call struct {
	f         *Fake
	r         *http.Request
	root      string // of links to this Graph
	in        []Cloud
	version   string // "v1.0" or "beta"
	path      string // with the version, keys as segments
	vars      map[string]string
	query     url.Values
	body      []byte
	now       time.Time
	token     *token
	requestID string
	batched   bool

	clientRequestID string
}

// beta reports whether the call is one to the beta version.
func (c *call) beta() bool { return c.version == "beta" }

// serve is what faults are put in front of.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // held in memory already
	f.mu.Lock()
	rep := f.answer(r, bytes.TrimSpace(body))
	f.mu.Unlock()
	rep.write(w)
}

// answer finds the answer. The caller holds the lock.
func (f *Fake) answer(r *http.Request, body []byte) reply {
	for name := range r.Header {
		if name != http.CanonicalHeaderKey(name) {
			f.Violate(r, "header name %q is not in canonical form", name)
		}
	}
	s, in, root := place(r)
	switch s {
	case login:
		return (&visit{f: f, r: r, in: in, root: root, body: body, now: f.Now()}).handle()
	case blob:
		return f.download(r)
	case graph:
		return f.newCall(r, body, in, root).handle()
	}
	f.Violate(r, "no service has the host %q", r.Host)
	return reply{status: http.StatusNotFound}
}

func (f *Fake) newCall(r *http.Request, body []byte, in []Cloud, root string) *call {
	f.serial++
	c := &call{f: f, r: r, in: in, root: root, body: body, now: f.Now()}
	c.requestID = uuid("request", fmt.Sprint(f.serial))
	if c.clientRequestID = r.Header.Get("Client-Request-Id"); c.clientRequestID == "" {
		c.clientRequestID = c.requestID
	} else if !isGUID(c.clientRequestID) {
		c.violate("client-request-id is no GUID")
	}
	return c
}

// handle answers a call, alone or in a batch, with the headers that every
// answer has.
func (c *call) handle() reply {
	rep := c.run()
	rep = rep.set("Request-Id", c.requestID).set("Client-Request-Id", c.clientRequestID)
	return rep.set("X-Ms-Ags-Diagnostic", `{"ServerInfo":{"DataCenter":"Example West","Slice":"E","Ring":"4","ScaleUnit":"001","RoleInstance":"EX1PEPF00000001"}}`)
}

func (c *call) run() reply {
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if c.query = query; err != nil {
		return c.refuse("The query cannot be read.")
	}
	if !strings.Contains(c.r.Header.Get("Accept"), "application/json") && !c.batched {
		c.violate("Accept does not ask for application/json")
	}
	if refusal := c.admit(); refusal != nil {
		return *refusal
	}
	segments, refusal := c.segments()
	if refusal != nil {
		return *refusal
	}
	rt, refusal := c.find(segments)
	if refusal != nil {
		return *refusal
	}
	return c.dispatch(rt)
}

// dispatch runs an operation if limits, licence and permissions allow it.
func (c *call) dispatch(rt *route) reply {
	if refusal := c.throttle(rt); refusal != nil {
		return *refusal
	}
	if rt.flags&directoryCall == 0 && (!c.f.licensed || c.token.tenant != c.f.home()) && rt.path != "$batch" {
		return c.fail(http.StatusBadRequest, "BadRequest", "Request not applicable to target tenant.")
	}
	if rt.flags&ofHome != 0 && c.token.tenant != c.f.home() {
		return c.fail(http.StatusNotFound, "Request_ResourceNotFound", "Resource does not exist in this tenant.")
	}
	if refusal := c.permit(rt); refusal != nil {
		return *refusal
	}
	if refusal := c.shape(rt); refusal != nil {
		return *refusal
	}
	if rt.flags&deviceAction != 0 {
		if refusal := c.approve(); refusal != nil {
			return *refusal
		}
	}
	return rt.serve(c)
}

// shape checks the body's type and the query options.
func (c *call) shape(rt *route) *reply {
	var rep reply
	switch {
	case c.r.Method == http.MethodGet && len(c.body) > 0:
		c.violate("a body on GET is ignored")
	case len(c.body) > 0 && c.r.Method != http.MethodGet:
		if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
			rep = c.refuse("Content-Type of the body is not application/json.")
			return &rep
		}
	}
	for name, values := range c.query {
		bare := strings.TrimPrefix(name, "$")
		switch {
		case len(values) > 1:
			rep = c.refuse("Query option '" + name + "' was specified more than once.")
		case !slices.Contains(rt.query, bare) && (strings.HasPrefix(name, "$") || slices.Contains(systemOptions, bare)):
			rep = c.refuse("Query option '" + name + "' is not allowed.")
		case !slices.Contains(rt.query, bare):
			c.violate("unknown query parameter %q", name)
			continue
		default:
			continue
		}
		return &rep
	}
	return nil
}

var systemOptions = []string{"select", "filter", "top", "skip", "orderby", "expand", "count", "search", "skiptoken", "format"}

// option is the value of a system query option.
func (c *call) option(name string) string {
	if v := c.query.Get("$" + name); v != "" {
		return v
	}
	return c.query.Get(name)
}

var keyed = regexp.MustCompile(`^([A-Za-z.]+)\((?:([A-Za-z]+)=)?'((?:[^']|'')*)'\)$`)

// segments splits the path below the version. A key in parentheses becomes a
// segment of its own, an alternate key one with its name in front.
func (c *call) segments() ([]string, *reply) {
	parts := strings.Split(strings.TrimPrefix(c.r.URL.EscapedPath(), "/"), "/")
	if c.version = parts[0]; c.version != "v1.0" && c.version != "beta" {
		rep := c.refuse("Invalid version: " + c.version)
		return nil, &rep
	}
	var list []string
	for _, p := range parts[1:] {
		plain, err := url.PathUnescape(p)
		if err != nil || plain == "" {
			rep := c.refuse("Resource not found for the segment ''.")
			return nil, &rep
		}
		if m := keyed.FindStringSubmatch(plain); m != nil {
			key := strings.ReplaceAll(m[3], "''", "'")
			if m[2] != "" {
				key = m[2] + "=" + key
			}
			list = append(list, m[1], key)
			continue
		}
		list = append(list, plain)
	}
	c.path = "/" + c.version + "/" + strings.Join(list, "/")
	return list, nil
}

// find finds the operation, or the answer if there is none.
func (c *call) find(segments []string) (*route, *reply) {
	var other *route
	var lacking bool // beta has it
	for _, rt := range c.f.table {
		vars, ok := match(rt.path, segments)
		if !ok {
			continue
		}
		if rt.beta && !c.beta() {
			lacking = lacking || rt.method == c.r.Method
			continue
		}
		if rt.method == c.r.Method {
			c.vars = vars
			return rt, nil
		}
		other = rt
	}
	if other != nil && !lacking {
		c.violate("no such operation")
		rep := c.fail(http.StatusMethodNotAllowed, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
		return nil, &rep
	}
	last := ""
	if len(segments) > 0 {
		last = segments[len(segments)-1]
	}
	rep := c.refuse("Resource not found for the segment '" + last + "'.")
	return nil, &rep
}

func match(pattern string, segments []string) (map[string]string, bool) {
	parts := strings.Split(pattern, "/")
	if len(parts) != len(segments) {
		return nil, false
	}
	var vars map[string]string
	for i, p := range parts {
		if p == segments[i] {
			continue
		}
		if p[0] != '{' {
			return nil, false
		}
		if vars == nil {
			vars = map[string]string{}
		}
		vars[strings.Trim(p, "{}")] = segments[i]
	}
	return vars, true
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func isGUID(s string) bool { return guid.MatchString(s) }
