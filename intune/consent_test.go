package intune_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

const customer = "3c1b5a90-4b2d-4f6a-9e83-d05b1a7c6e24"

func consentRequest(t *testing.T) intune.ConsentRequest {
	t.Helper()
	state, err := intune.NewState()
	require.NoError(t, err)
	return intune.ConsentRequest{ClientID: clientID, RedirectURI: "https://host.example/cb?x=1", State: state}
}

func callback(r intune.ConsentRequest, pairs ...string) url.Values {
	q := url.Values{"state": {r.State}, "tenant": {customer}, "admin_consent": {"True"}}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "-" {
			q.Del(pairs[i])
			continue
		}
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

// TestConsent sends an administrator to Microsoft and tells what comes back
// apart.
//
//mdm:feature 1.35
func TestConsent(t *testing.T) {
	t.Parallel()
	r := consentRequest(t)
	text, err := r.URL()
	require.NoError(t, err)
	u, err := url.Parse(text)
	require.NoError(t, err)
	assert.Equal(t, "https://login.microsoftonline.com/organizations/v2.0/adminconsent", u.Scheme+"://"+u.Host+u.Path)
	assert.Equal(t, url.Values{"client_id": {clientID}, "scope": {graph + "/.default"}, "redirect_uri": {r.RedirectURI}, "state": {r.State}}, u.Query())

	granted := r.Verify(callback(r), time.Now())
	assert.Equal(t, intune.Consent{Outcome: intune.ConsentGranted, TenantID: customer}, granted)
	for name, c := range map[string]struct {
		pairs   []string
		outcome intune.ConsentOutcome
	}{
		"declined":           {[]string{"error", "consent_required", "error_description", "AADSTS65004: User declined\r\nTrace ID: 1"}, intune.ConsentDenied},
		"cancelled":          {[]string{"error", "permission_denied"}, intune.ConsentDenied},
		"no administrator":   {[]string{"error", "server_error", "error_description", "AADSTS90094: no"}, intune.ConsentFailed},
		"needed for another": {[]string{"error", "consent_required", "error_description", "AADSTS65001: no"}, intune.ConsentFailed},
		"says nothing":       {[]string{"admin_consent", "-"}, intune.ConsentFailed},
		"another state":      {[]string{"state", strings.Repeat("x", 43)}, intune.ConsentForged},
		"no state":           {[]string{"state", "-"}, intune.ConsentForged},
		"forged error":       {[]string{"state", "x", "error", "consent_required"}, intune.ConsentForged},
	} {
		got := r.Verify(callback(r, c.pairs...), time.Now())
		assert.Equal(t, c.outcome, got.Outcome, name)
		assert.Empty(t, got.TenantID, name)
		assert.Error(t, got.Err, name)
		assert.NotEmpty(t, mdm.Advice(got.Err), name)
	}
	assert.Equal(t, "AADSTS65004", r.Verify(callback(r, "error", "consent_required", "error_description", "AADSTS65004: x"), time.Now()).Code)
}

// TestQuirk01ErrorBeforeConsent takes an error for what it is although the
// answer claims a consent.
func TestQuirk01ErrorBeforeConsent(t *testing.T) {
	t.Parallel()
	r := consentRequest(t)
	got := r.Verify(callback(r, "admin_consent", "True", "error", "consent_required", "error_description", "AADSTS65004: x"), time.Now())
	assert.Equal(t, intune.ConsentDenied, got.Outcome)
}

// TestQuirk02StateBinds refuses a state that is unknown, used, too old or of
// another customer. What was used was deleted by the host: it has no request.
func TestQuirk02StateBinds(t *testing.T) {
	t.Parallel()
	r, other := consentRequest(t), consentRequest(t)
	assert.Equal(t, intune.ConsentForged, other.Verify(callback(r), time.Now()).Outcome)
	assert.Equal(t, intune.ConsentForged, intune.ConsentRequest{}.Verify(callback(r), time.Now()).Outcome)
	assert.Equal(t, intune.ConsentForged, intune.ConsentRequest{}.Verify(url.Values{"tenant": {customer}, "admin_consent": {"True"}, "state": {""}}, time.Now()).Outcome)
	r.Expires = time.Now()
	assert.Equal(t, intune.ConsentForged, r.Verify(callback(r), r.Expires).Outcome)
	r.Expires = time.Time{}
	r.TenantID = tenantID
	assert.Equal(t, intune.ConsentForged, r.Verify(callback(r), time.Now()).Outcome, "another tenant than the one that was entered")
	assert.NotEqual(t, r.State, other.State)
	r.State = "guess"
	_, err := r.URL()
	require.ErrorIs(t, err, mdm.ErrInvalid)
}

// TestQuirk03TenantIsGUID refuses a tenant that could lead elsewhere.
func TestQuirk03TenantIsGUID(t *testing.T) {
	t.Parallel()
	r := consentRequest(t)
	for _, tenant := range []string{"../common", "{" + customer + "}", "", "common", "00000000-0000-0000-0000-000000000000", customer + "\n"} {
		assert.Equal(t, intune.ConsentForged, r.Verify(callback(r, "tenant", tenant), time.Now()).Outcome, tenant)
	}
	assert.Equal(t, customer, r.Verify(callback(r, "tenant", strings.ToUpper(customer)), time.Now()).TenantID)
	for _, tenant := range []string{"../x", "common", "organizations", "a/b.example"} {
		_, err := intune.New(intune.Config{TenantID: tenant, ClientID: clientID, ClientSecret: mdm.NewSecret("S")})
		require.ErrorContains(t, err, "TenantID", tenant)
	}
}

// walk sends an administrator's browser to the consent page, and returns what
// it comes back with.
func walk(t *testing.T, fake *intunetest.Fake, r intune.ConsentRequest) url.Values {
	t.Helper()
	address, err := r.URL()
	require.NoError(t, err)
	browser := fake.Client()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	response, err := browser.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusFound, response.StatusCode)
	back, err := response.Location()
	require.NoError(t, err)
	require.Equal(t, r.RedirectURI, "https://"+back.Host+back.Path)
	return back.Query()
}

// asked is a tenant that knows nothing of the application yet, and a request
// for the consent of its administrator.
func asked(t *testing.T) (*intune.Client, *intunetest.Fake, intune.ConsentRequest) {
	t.Helper()
	c, fake := fakeTenant(t)
	state, err := intune.NewState()
	require.NoError(t, err)
	r := intune.ConsentRequest{ClientID: fake.ClientID, RedirectURI: "https://host.example/consent/callback", State: state, Expires: time.Now().Add(10 * time.Minute)}
	fake.AddRedirect(fake.ClientID, r.RedirectURI)
	fake.Withdraw(fake.TenantID, fake.ClientID)
	_, err = c.Account(t.Context())
	require.ErrorIs(t, err, mdm.ErrConsentMissing)
	return c, fake, r
}

// TestConsentGranted goes the whole way: the tenant does not know the
// application, its administrator consents, and after a while the connection
// works. A token of the time between is of no use for ever, however the service
// says so; it is dropped, by the client or by the host.
//
//mdm:feature 1.35
func TestConsentGranted(t *testing.T) {
	t.Parallel()
	const lag = 5 * time.Minute
	for _, wire := range []intunetest.Wire{{}, {ForbiddenAs401: true}, {ForbiddenAs403: true}} {
		for _, told := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				_, fake, r := asked(t)
				fake.SetWire(wire)
				fake.SetConsent(intunetest.Granted, lag)
				consent := r.Verify(walk(t, fake, r), time.Now())
				require.NoError(t, consent.Err)
				assert.Equal(t, intune.Consent{Outcome: intune.ConsentGranted, TenantID: fake.TenantID}, consent)
				c := clientOf(t, fake, func(cfg *intune.Config) { cfg.TenantID = consent.TenantID })
				_, err := c.Enrolled(t.Context())
				require.ErrorIs(t, err, mdm.ErrPermissionMissing, "not yet")
				time.Sleep(lag)
				if told {
					c.ForgetToken()
				} else {
					_, _ = c.Enrolled(t.Context()) // may still be made with the old token
				}
				report := mdm.Summarise(c.Source().Check(t.Context()))
				assert.True(t, report.OK, "%+v", report)
				assert.Len(t, clienttest.List(t, c.Source(), mdm.Query{}).Records, len(fake.IDs()))
			})
		}
	}
}

// TestConsentOfNamedTenant consents for the tenant that was entered.
func TestConsentOfNamedTenant(t *testing.T) {
	t.Parallel()
	_, fake, r := asked(t)
	r.TenantID = fake.TenantID
	back := walk(t, fake, r)
	assert.Equal(t, intune.ConsentGranted, r.Verify(back, time.Now()).Outcome)
	r.TenantID = customer
	assert.Equal(t, intune.ConsentForged, r.Verify(back, time.Now()).Outcome, "another tenant's answer")
	assert.Equal(t, intune.ConsentForged, intune.ConsentRequest{}.Verify(back, time.Now()).Outcome, "the host deleted the request: it was used")
	assert.Equal(t, intune.ConsentForged, r.Verify(back, r.Expires).Outcome, "too late")
}

// TestConsentDeclined changes nothing.
//
//mdm:feature 1.35
func TestConsentDeclined(t *testing.T) {
	t.Parallel()
	c, fake, r := asked(t)
	fake.SetConsent(intunetest.Declined, 0)
	consent := r.Verify(walk(t, fake, r), time.Now())
	assert.Equal(t, intune.ConsentDenied, consent.Outcome)
	assert.Equal(t, "denied", consent.Outcome.String())
	assert.Equal(t, "AADSTS65004", consent.Code)
	assert.Empty(t, consent.TenantID)
	require.ErrorIs(t, consent.Err, mdm.ErrConsentMissing)
	assert.NotContains(t, consent.Err.Error(), "Trace")
	assert.NotEmpty(t, mdm.Advice(consent.Err))
	c.ForgetToken()
	_, err := c.Account(t.Context())
	require.ErrorIs(t, err, mdm.ErrConsentMissing)
}

// hoard is a token source of a host that keeps its token.
type hoard struct {
	made, dropped int
	token         *oauth2.Token
}

func (h *hoard) Token(context.Context) (*oauth2.Token, error) {
	if h.token == nil {
		h.made++
		h.token = &oauth2.Token{AccessToken: fmt.Sprintf("Token-%d", h.made)}
	}
	return h.token, nil
}

func (h *hoard) Discard(t *oauth2.Token) {
	if h.dropped++; h.token == t {
		h.token = nil
	}
}

// TestForgetTokenOfHost makes a host's source drop a token that knows nothing of
// a later consent, when the host says so, and when it is refused for a right.
func TestForgetTokenOfHost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source, forbidden := &hoard{}, false
		tn := &tenant{hook: func(r *request) *answer {
			if a := failure(403, "Forbidden", ""); forbidden {
				return &a
			}
			return nil
		}}
		c := tn.client(t, func(cfg *intune.Config) { cfg.ClientID, cfg.ClientSecret, cfg.TokenSource = "", mdm.Secret{}, source })
		c.ForgetToken() // there is none
		_, err := c.Account(t.Context())
		require.NoError(t, err)
		c.ForgetToken()
		_, err = c.Account(t.Context())
		require.NoError(t, err)
		time.Sleep(5 * time.Minute)
		forbidden = true
		_, err = c.Account(t.Context())
		require.ErrorIs(t, err, mdm.ErrPermissionMissing)
		forbidden = false
		_, err = c.Account(t.Context())
		require.NoError(t, err)
		var used []string
		for _, r := range tn.asked {
			used = append(used, r.Header.Get("Authorization"))
		}
		assert.Equal(t, []string{"Bearer Token-1", "Bearer Token-2", "Bearer Token-2", "Bearer Token-3"}, used)
		assert.Equal(t, 2, source.dropped)
	})
}
