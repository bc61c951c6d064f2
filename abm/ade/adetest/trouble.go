package adetest

import (
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// SetLimit allows n requests in each span of time, in windows that begin with
// the first request; more are answered with 429 and Retry-After. n = 0 = no
// limit.
func (f *Fake) SetLimit(n int, per time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.limit = traffic.Limit{N: n, Per: per}
}

// refusal is an answer that was ordered.
type refusal struct {
	path   string
	left   int
	status int
	code   string
}

// Refuse answers the next n requests of a path, such as "/profile", with a
// status and an error code, such as 403 and "T_C_NOT_SIGNED", in the form that
// Wire.Errors says. They have been let in before that: on paths other than
// "/session" the session token is looked at first, and may be renewed by the
// answer. The path "" stands for all but "/session". n = 0 takes back what was
// ordered for the path.
func (f *Fake) Refuse(path string, n, status int, code string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var kept []refusal
	for _, r := range f.refused {
		if r.path != path {
			kept = append(kept, r)
		}
	}
	if n > 0 {
		kept = append(kept, refusal{path, n, status, code})
	}
	f.refused = kept
}

// ordered is the answer that was ordered for a request, if any.
func (c *call) ordered() *reply {
	for i := range c.f.refused {
		r := &c.f.refused[i]
		if r.left > 0 && (r.path == c.r.URL.Path || r.path == "" && c.r.URL.Path != sessionPath) {
			r.left--
			rep := fail(r.status, r.code)
			return &rep
		}
	}
	return nil
}
