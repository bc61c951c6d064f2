package jamfschooltest

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Rights are what a key may do. Each right stands for one HTTP method.
type Rights uint8

// The rights of a key. The zero value allows nothing.
const (
	Read   Rights = 1 << iota // GET
	Add                       // POST, which all commands are
	Edit                      // PUT
	Delete                    // DELETE

	All = Read | Add | Edit | Delete
)

// rightOf is the right that a method needs; 0 = no key has it.
var rightOf = map[string]Rights{
	http.MethodGet: Read, http.MethodPost: Add, http.MethodPut: Edit, http.MethodDelete: Delete,
}

// SetRights gives a key exactly these rights. A key that the fake does not
// have yet is added.
func (f *Fake) SetRights(key string, r Rights) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys[key] = r
}

// Revoke removes a key: requests with it are answered with 401.
func (f *Fake) Revoke(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.keys, key)
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

// admit checks the caller: address, credentials and rate. It gives the
// rights of the key, or the answer to a caller who is turned away. The caller
// holds the lock.
func (f *Fake) admit(r *http.Request) (Rights, *reply) {
	if !f.fromAllowed(r) {
		return 0, &reply{status: http.StatusForbidden, text: "Forbidden"}
	}
	user, key, _ := r.BasicAuth()
	rights, known := f.keys[key]
	if !known || user != f.NetworkID {
		return 0, &reply{status: http.StatusUnauthorized, text: "Unauthorized"}
	}
	if wait := f.limit.Wait(time.Now()); wait > 0 {
		seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
		return 0, &reply{status: http.StatusTooManyRequests, text: "Too Many Requests", retryAfter: seconds}
	}
	return rights, nil
}

func (f *Fake) fromAllowed(r *http.Request) bool {
	if len(f.allowed) == 0 {
		return true
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	for _, p := range f.allowed {
		if err == nil && p.Contains(from.Addr().Unmap()) {
			return true
		}
	}
	return false
}
