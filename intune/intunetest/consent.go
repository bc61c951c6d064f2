package intunetest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Consent is what the administrator at the consent page does.
type Consent uint8

// What an administrator does. The zero value is nothing.
const (
	ConsentUnknown Consent = iota
	Granted
	Declined
)

// SetConsent says what administrators do from now on; at first they grant.
// Permissions that are granted begin to work after a lag: tokens that were
// issued before then have no roles, and stay so.
func (f *Fake) SetConsent(c Consent, lag time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answerC, f.lag = c, lag
}

// Withdraw removes the consent of an app from a tenant, as if it had never
// been given. Running tokens live on, see [Fake.DropTokens].
func (f *Fake) Withdraw(tenantID, clientID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if t := f.tenants[tenantID]; t != nil {
		delete(t.granted, clientID)
	}
}

// consent is the page of the administrator, who answers at once.
func (v *visit) consent(name string, second bool) reply {
	q := v.r.URL.Query()
	a := v.f.apps[q.Get("client_id")]
	if a == nil {
		v.f.Violate(v.r, "no app has this client_id")
		return page(http.StatusBadRequest, "AADSTS700016: Application was not found")
	}
	if !slices.Contains(a.redirects, q.Get("redirect_uri")) {
		v.f.Violate(v.r, "redirect_uri is not registered")
		return page(http.StatusBadRequest, "AADSTS50011: The redirect URI does not match")
	}
	t, refusal := v.consentTenant(name, second)
	if refusal != nil {
		return *refusal
	}
	if q.Get("state") == "" {
		v.f.Violate(v.r, "state is missing")
	}
	v.known(q, second)
	if second && !slices.Contains(clouds[v.f.cloud].scopes, q.Get("scope")) && q.Get("scope") != v.root+"/.default" {
		v.f.Violate(v.r, "scope %q does not ask for application permissions", q.Get("scope"))
		return page(http.StatusBadRequest, "AADSTS70011: The provided value for the input parameter 'scope' is not valid")
	}
	return v.redirect(t, a, q, second)
}

func (v *visit) known(q url.Values, second bool) {
	for name, values := range q {
		known := []string{"client_id", "redirect_uri", "state"}
		if second {
			known = append(known, "scope")
		}
		if !slices.Contains(known, name) || len(values) > 1 {
			v.f.Violate(v.r, "parameter %q unknown or repeated", name)
		}
	}
}

// consentTenant is whose administrator signs in. Where the address leaves it
// open it is the tenant of the devices.
func (v *visit) consentTenant(name string, second bool) (*tenant, *reply) {
	var rep reply
	switch {
	case !slices.Contains(v.in, v.f.cloud):
		rep = page(http.StatusBadRequest, "AADSTS90002: Tenant not found")
		return nil, &rep
	case name == "organizations" || name == "common" && !second:
		return v.f.home(), nil
	case name == "common":
		v.f.Violate(v.r, "common is for the older consent page only")
		return v.f.home(), nil
	}
	t := v.f.tenantOf(name)
	if t == nil {
		rep = page(http.StatusBadRequest, "AADSTS90002: Tenant not found")
		return nil, &rep
	}
	return t, nil
}

// redirect sends the administrator back.
func (v *visit) redirect(t *tenant, a *app, q url.Values, second bool) reply {
	var pairs []string
	add := func(name, value string) { pairs = append(pairs, name+"="+url.QueryEscape(value)) }
	if v.f.answerC == Granted {
		t.granted[a.id], t.since[a.id] = slices.Clone(a.roles), v.now.Add(v.f.lag)
		add("admin_consent", "True")
		add("tenant", t.id)
		if second {
			add("scope", q.Get("scope"))
		}
	} else {
		code, number, message := "permission_denied", 65004, "The admin canceled the request."
		if second {
			add("admin_consent", "True")
			code, message = "consent_required", "User declined to consent to access the app."
		}
		v.f.serial++
		add("error", code)
		add("error_description", fmt.Sprintf("AADSTS%d: %s\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %s", number, message,
			uuid("trace", fmt.Sprint(v.f.serial)), uuid("correlation", fmt.Sprint(v.f.serial)), v.now.Format("2006-01-02 15:04:05Z")))
	}
	if state := q.Get("state"); state != "" {
		add("state", state)
	}
	sep := "?"
	if strings.Contains(q.Get("redirect_uri"), "?") {
		sep = "&"
	}
	return reply{status: http.StatusFound}.set("Location", q.Get("redirect_uri")+sep+strings.Join(pairs, "&"))
}
