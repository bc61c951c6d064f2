package abmtest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// SetLimit answers more than n reads of the API in each span of time with 429
// and a Retry-After header in whole seconds. 0 = no limit.
func (f *Fake) SetLimit(n int, per time.Duration) { f.limit(&f.reads, n, per) }

// SetWriteLimit does so for all other requests to the API.
func (f *Fake) SetWriteLimit(n int, per time.Duration) { f.limit(&f.writes, n, per) }

// SetTokenLimit does so for requests for a token.
func (f *Fake) SetTokenLimit(n int, per time.Duration) { f.limit(&f.grants, n, per) }

func (f *Fake) limit(l *traffic.Limit, n int, per time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*l = traffic.Limit{N: n, Per: per}
}

// retryAfter is the header for a wait, in the form of the Wire.
func (f *Fake) retryAfter(wait time.Duration) string {
	seconds := (wait + time.Second - 1) / time.Second
	switch f.wire.Retry {
	case "":
		return strconv.Itoa(int(seconds))
	case "none":
		return ""
	case "date":
		return f.Wall().Add(seconds * time.Second).Format(http.TimeFormat)
	}
	return f.wire.Retry
}

// throttle answers a request above the limit; nil = it is below.
func (c *call) throttle() *reply {
	l := &c.f.writes
	if c.r.Method == http.MethodGet {
		l = &c.f.reads
	}
	wait := l.Wait(c.now)
	if wait <= 0 {
		return nil
	}
	rep := c.fail(http.StatusTooManyRequests, "RATE_LIMIT_EXCEEDED", "Too many requests", "The rate limit was exceeded", source{})
	rep.retryAfter = c.f.retryAfter(wait)
	return &rep
}

// CutAfter breaks the connection instead of serving a page of a list, each
// time n pages were served since the last cut, as Apple does after about
// twenty. 0 = never.
func (f *Fake) CutAfter(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pages, f.served = n, 0
}

// cut reports whether the connection breaks at this page.
func (f *Fake) cut() bool {
	if f.pages <= 0 {
		return false
	}
	if f.served < f.pages {
		f.served++
		return false
	}
	f.served = 0
	return true
}
