package intunetest

import (
	"net/http"
	"time"
)

// Limit is one of the limits of requests. Those that are rejected count as
// well, each request of a batch counts for itself, and the first limit that is
// hit wins.
type Limit uint8

// The limits. The zero value is none of them.
const (
	LimitUnknown       Limit = iota
	LimitDevices             // requests to the devices service: 2000 in 20 seconds
	LimitDeviceWrites        // those of them that are no GET: 200 in 20 seconds
	LimitServices            // requests to the other services of Intune: 1000 in 20 seconds
	LimitServiceWrites       // those of them that are no GET: 100 in 20 seconds
	LimitDeviceApps          // detected apps of single devices: 120 in 20 seconds, a guess; no Retry-After
	LimitExports             // new export jobs: 48 in a minute
	LimitDirectory           // users, devices and groups of Entra ID: 3500 in 10 seconds
)

// rate is a number of requests in a span of time.
type rate struct {
	n   int
	per time.Duration
}

// meters counts requests: for each limit those of each app, and for those of
// Intune's services those of all apps together, which may be twice as many.
type meters struct {
	rates  map[Limit]rate
	counts map[meterKey]*limiter
}

type meterKey struct {
	limit Limit
	app   string // "" = all together
}

func newMeters() meters {
	const span = 20 * time.Second
	return meters{counts: map[meterKey]*limiter{}, rates: map[Limit]rate{
		LimitDevices: {2000, span}, LimitDeviceWrites: {200, span},
		LimitServices: {1000, span}, LimitServiceWrites: {100, span},
		LimitDeviceApps: {120, span}, LimitExports: {48, time.Minute},
		LimitDirectory: {3500, 10 * time.Second},
	}}
}

// SetLimit answers more than n requests of an app in any span of that length
// with 429. 0 = no limit.
func (f *Fake) SetLimit(l Limit, n int, per time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rates[l] = rate{n, per}
	f.counts = map[meterKey]*limiter{}
}

// wait counts a request of an app and says how long it is too early.
func (m *meters) wait(l Limit, app string, now time.Time) time.Duration {
	r := m.rates[l]
	wait := m.limiter(meterKey{l, app}, r).wait(now)
	if l <= LimitServiceWrites {
		wait = max(wait, m.limiter(meterKey{l, ""}, rate{2 * r.n, r.per}).wait(now))
	}
	return wait
}

func (m *meters) limiter(key meterKey, r rate) *limiter {
	if m.counts[key] == nil {
		m.counts[key] = &limiter{rate: r}
	}
	return m.counts[key]
}

// limiter watches a window that slides: it keeps the times of the last n
// requests in a ring.
type limiter struct {
	rate
	ring []time.Time
	at   int
}

// wait counts a request and says how long it is too early; 0 = it may go.
func (l *limiter) wait(now time.Time) time.Duration {
	if l.n <= 0 {
		return 0
	}
	if len(l.ring) < l.n {
		l.ring = append(l.ring, now)
		return 0
	}
	oldest := l.ring[l.at]
	l.ring[l.at] = now
	l.at = (l.at + 1) % l.n
	if now.Sub(oldest) >= l.per {
		return 0
	}
	return l.ring[l.at].Add(l.per).Sub(now)
}

// throttle counts a call; it gives the answer to one too many.
func (c *call) throttle(rt *route) *reply {
	limits := []Limit{rt.limit}
	switch rt.limit {
	case LimitUnknown:
		return nil // a batch
	case LimitDeviceApps:
		limits = []Limit{LimitDeviceApps, LimitDevices}
	case LimitExports:
		limits = []Limit{LimitServices}
		if rt.method != http.MethodGet {
			limits = []Limit{LimitExports, LimitServices, LimitServiceWrites}
		}
	case LimitDevices, LimitServices:
		if rt.method != http.MethodGet {
			limits = []Limit{rt.limit, rt.limit + 1}
		}
	}
	var worst time.Duration
	var hit Limit
	for _, l := range limits {
		if wait := c.f.meters.wait(l, c.token.app, c.now); wait > worst {
			worst, hit = wait, l
		}
	}
	if worst == 0 {
		return nil
	}
	rep := c.tooMany()
	if value := c.f.wire.retryAfter(worst, c.now); value != "" && hit != LimitDeviceApps {
		rep = rep.set("Retry-After", value)
	}
	return &rep
}

func (c *call) tooMany() reply {
	return c.fail(http.StatusTooManyRequests, "TooManyRequests", "Too Many Requests")
}
