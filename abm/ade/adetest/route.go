package adetest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// route is one operation.
type route struct {
	method, path string
	since        int               // protocol version; 0 = any
	query        []string          // parameters that it knows
	body         bool              // it reads a body
	hidden       bool              // the urls of an account do not list it
	limit        func(*Fake) limit // of the urls; nil = none
	serve        func(*call) reply // runs under the lock
}

// call is one request that is understood.
type call struct {
	f       *Fake
	r       *http.Request
	query   url.Values
	body    []byte
	now     time.Time
	version int
	entry   *Entry // whose session it is; nil on /session
}

// serve is what faults are put in front of.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	rep, form := f.answer(&call{f: f, r: r})
	rep.write(w, form)
}

// answer finds the answer. Nothing is sent while the lock is held.
func (f *Fake) answer(c *call) (reply, ErrorForm) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.now = f.Now()
	return c.handle(), f.wire.Errors
}

func (c *call) handle() reply {
	if wait := c.f.limit.Wait(c.now); wait > 0 {
		return c.tooMany(wait)
	}
	if rep := c.manners(); rep != nil {
		return *rep
	}
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if c.query = query; err != nil {
		c.violate("query cannot be read")
		return fail(http.StatusBadRequest, "")
	}
	rt, missing := c.route()
	if rt == nil {
		return missing
	}
	c.parameters(rt)
	c.body, _ = io.ReadAll(c.r.Body) // held in memory already
	c.body = bytes.TrimSpace(c.body)
	if rt.path == sessionPath || rt.path == simulatorPath {
		return rt.serve(c)
	}
	s, turnedAway := c.admit()
	if turnedAway != nil {
		return *turnedAway
	}
	rep := c.run(rt)
	rep.session = c.f.rotate(s)
	return rep
}

// run serves a route to a caller who was let in.
func (c *call) run(rt *route) reply {
	if rep := c.ordered(); rep != nil {
		return *rep
	}
	if c.version < rt.since {
		c.violate("needs protocol version %d", rt.since)
		return fail(http.StatusNotFound, "NOT_FOUND")
	}
	if err := c.checkBody(rt); err != nil {
		return c.malformed("%v", err)
	}
	return rt.serve(c)
}

// checkBody checks that there is a body exactly where one is read.
func (c *call) checkBody(rt *route) error {
	kind := c.r.Header.Get("Content-Type")
	switch {
	case !rt.body && len(c.body) > 0:
		c.violate("a body where none is read")
	case !rt.body:
	case len(c.body) == 0:
		return errors.New("no body")
	case !isJSON(kind), c.f.wire.Simulator && kind != mediaType:
		return errors.New("Content-Type of the body is not " + mediaType)
	}
	return nil
}

// route finds the operation; nil = there is none, and this is the answer.
func (c *call) route() (*route, reply) {
	known := false
	for i := range c.f.routes {
		rt := &c.f.routes[i]
		if rt.path != c.r.URL.EscapedPath() || rt.path == simulatorPath && !c.f.wire.Simulator {
			continue
		}
		known = true
		if rt.method == c.r.Method && !(c.f.wire.Simulator && rt.path == assignPath && rt.method == http.MethodPost) {
			return rt, reply{}
		}
	}
	if known {
		c.violate("method not allowed")
		return nil, fail(http.StatusMethodNotAllowed, "")
	}
	c.violate("no such operation")
	return nil, fail(http.StatusNotFound, "NOT_FOUND")
}

// parameters notes parameters that the operation does not know.
func (c *call) parameters(rt *route) {
	for name, values := range c.query {
		switch {
		case !slices.Contains(rt.query, name):
			c.violate("unknown parameter %q", name)
		case len(values) > 1:
			c.violate("parameter %q more than once", name)
		}
	}
}

// tooMany is the answer above the limit.
func (c *call) tooMany(wait time.Duration) reply {
	rep := fail(http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	switch wire := c.f.wire; {
	case wire.NoRetryAfter:
	case wire.RetryAfterDate:
		rep.retryAfter = c.f.Wall().Add(wait + time.Second - 1).Format(http.TimeFormat)
	default:
		rep.retryAfter = strconv.Itoa(int((wait + time.Second - 1) / time.Second))
	}
	return rep
}
