package relutiontest

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// gates keep callers out before anybody asks who they are.
type gates struct {
	allowed  []netip.Prefix
	limit    traffic.Limit
	posts    traffic.Limit
	tries    int           // failed logins that lead to a ban; 0 = none does
	ban      time.Duration // how long it lasts
	attempts map[string]attempts
	cut      int // a page never has more items; 0 = no maximum
}

// attempts are the failed logins from one address.
type attempts struct {
	n     int
	since time.Time
	until time.Time // banned until; zero = not banned
}

// window is how long a failed login counts.
const window = 10 * time.Minute

func newGates() gates {
	return gates{tries: 10, ban: 10 * time.Minute, attempts: map[string]attempts{}}
}

// SetBan breaks the connections of an address for some time after it sent so
// many requests with bad credentials within ten minutes, as Fail2Ban does. At
// first it takes ten, and lasts ten minutes. 0 = nobody is banned.
func (f *Fake) SetBan(tries int, lasts time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries, f.ban, f.attempts = tries, lasts, map[string]attempts{}
}

// AllowAddresses answers callers from everywhere else with 403. Without any
// prefix everybody may call. Requests through Transport come from 127.0.0.1.
func (f *Fake) AllowAddresses(prefixes ...netip.Prefix) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.allowed = prefixes
}

// SetLimit answers more than n requests in each span of time with 429 and a
// Retry-After header in whole seconds. 0 = no limit.
func (f *Fake) SetLimit(n int, per time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.limit = traffic.Limit{N: n, Per: per}
}

// SetPostLimit answers more than n POST requests in each span of time with
// 503 and a page of HTML, as a proxy does with a zone for POST. 0 = no limit.
func (f *Fake) SetPostLimit(n int, per time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.posts = traffic.Limit{N: n, Per: per}
}

// SetPageLimit lets no page have more than n items, whatever was asked.
// Nothing tells the client. 0 = no maximum.
func (f *Fake) SetPageLimit(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cut = n
}

// closed is the answer of whatever stands in front of the server; nil = the
// request gets through.
func (c *call) closed() *reply {
	f := c.f
	switch {
	case f.redirect != "":
		return &reply{status: http.StatusMovedPermanently, location: f.redirect + c.r.URL.RequestURI(), html: errorPage("301 Moved Permanently")}
	case !f.fromAllowed(c.r):
		return &reply{status: http.StatusForbidden, html: errorPage("403 Forbidden")}
	case c.r.Method == http.MethodPost && f.posts.Wait(f.Now()) > 0:
		return &reply{status: http.StatusServiceUnavailable, html: errorPage("503 Service Temporarily Unavailable")}
	}
	if wait := f.limit.Wait(f.Now()); wait > 0 {
		seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
		return &reply{status: http.StatusTooManyRequests, html: errorPage("429 Too Many Requests"), retryAfter: seconds}
	}
	return nil
}

// banned reports whether the caller's address is banned.
func (f *Fake) banned(r *http.Request) bool { return f.Now().Before(f.attempts[address(r)].until) }

// failedLogin counts a request with bad credentials.
func (f *Fake) failedLogin(r *http.Request) {
	from, now := address(r), f.Now()
	a := f.attempts[from]
	if now.Sub(a.since) > window {
		a = attempts{since: now}
	}
	if a.n++; f.tries > 0 && a.n >= f.tries {
		a = attempts{until: now.Add(f.ban)}
	}
	f.attempts[from] = a
}

// address is that of a caller, without the port.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func (f *Fake) fromAllowed(r *http.Request) bool {
	if len(f.allowed) == 0 {
		return true
	}
	from, err := netip.ParseAddr(address(r))
	for _, p := range f.allowed {
		if err == nil && p.Contains(from.Unmap()) {
			return true
		}
	}
	return false
}
