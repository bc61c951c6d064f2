package abmtest

import (
	"net/http"
	"strconv"
	"time"
)

// SetLimit answers more than n reads of the API in each span of time with 429
// and a Retry-After header in whole seconds. 0 = no limit.
func (f *Fake) SetLimit(n int, per time.Duration) { f.limit(&f.reads, n, per) }

// SetWriteLimit does so for all other requests to the API.
func (f *Fake) SetWriteLimit(n int, per time.Duration) { f.limit(&f.writes, n, per) }

// SetTokenLimit does so for requests for a token.
func (f *Fake) SetTokenLimit(n int, per time.Duration) { f.limit(&f.grants, n, per) }

func (f *Fake) limit(l *limiter, n int, per time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*l = limiter{n: n, per: per}
}

// limiter counts requests in fixed windows of time.
type limiter struct {
	n     int
	per   time.Duration
	begun time.Time
	used  int
}

// wait is how long to wait before the next request; 0 = it may go now.
func (l *limiter) wait(now time.Time) time.Duration {
	if l.n <= 0 {
		return 0
	}
	if now.Sub(l.begun) >= l.per {
		l.begun, l.used = now, 0
	}
	if l.used >= l.n {
		return l.begun.Add(l.per).Sub(now)
	}
	l.used++
	return 0
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
		return f.wall().Add(seconds * time.Second).Format(http.TimeFormat)
	}
	return f.wire.Retry
}

// throttle answers a request above the limit; nil = it is below.
func (c *call) throttle() *reply {
	l := &c.f.writes
	if c.r.Method == http.MethodGet {
		l = &c.f.reads
	}
	wait := l.wait(c.now)
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
