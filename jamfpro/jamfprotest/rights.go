package jamfprotest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Privileges lists the names of all privileges that the fake knows, sorted.
func Privileges() []string {
	var list []string
	for i := range routes {
		list = append(list, routes[i].needs...)
	}
	for _, k := range commandKinds {
		for _, names := range [][]string{k.computer, k.mobile} {
			list = append(list, names...)
		}
	}
	for _, name := range settingsRights {
		list = append(list, name)
	}
	list = append(list, computerBluetooth, "Read User", "View Mobile Device Lost Mode Location", "Flush MDM Commands",
		"Send Blank Pushes to Mobile Devices")
	slices.Sort(list)
	return slices.Compact(list)
}

// SetRights gives an account, [Fake.ClientID] or [Fake.Username], exactly
// these privileges, by the names that Jamf Pro has for them. An account that
// the fake does not have is a new API client with the secret of the first one.
// It panics if a privilege is not among [Privileges].
func (f *Fake) SetRights(account string, names ...string) {
	all := Privileges()
	for _, n := range names {
		if !slices.Contains(all, n) {
			panic("jamfprotest: no privilege is called " + n)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.holders[account] == nil {
		f.holders[account] = &holder{name: account, secret: f.ClientSecret}
	}
	f.holders[account].rights = slices.Clone(names)
}

// SetLimit answers more than n requests in each span of time with 429 and a
// Retry-After header in whole seconds. 0 = no limit.
func (f *Fake) SetLimit(n int, per time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.limit = traffic.Limit{N: n, Per: per}
}

// admit checks the token and the privileges of a request; it gives the answer
// to a caller who is turned away.
func (c *call) admit(rt *route) *reply {
	var rep reply
	scheme, value, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	t := c.f.tokens[value]
	switch {
	case !strings.EqualFold(scheme, "Bearer"):
		c.violate("no bearer token")
		rep = fail(http.StatusUnauthorized, "", "", "")
	case t == nil:
		rep = fail(http.StatusUnauthorized, "", "", "")
	case t.dead || !c.now.Before(t.expires):
		if rep = fail(http.StatusUnauthorized, "INVALID_TOKEN", "token", "Unauthorized"); c.f.wire.BareExpired {
			rep = fail(http.StatusUnauthorized, "", "", "")
		}
	default:
		c.token, c.rights = t, t.holder.rights
		if c.f.wire.StaleRights {
			c.rights = t.rights
		}
		if c.may(rt.needs...) {
			return nil
		}
		rep = forbidden()
	}
	return &rep
}

// forbidden is the answer to a caller without the privilege. It does not say
// which one is missing.
func forbidden() reply {
	return fail(http.StatusForbidden, "INVALID_PRIVILEGE", "", "Forbidden")
}
