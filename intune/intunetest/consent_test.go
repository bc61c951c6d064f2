package intunetest_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
)

const back = "https://host.example/cb"

// visit opens the consent page and returns the query of the redirect.
func visit(t *testing.T, f *intunetest.Fake, address string) (url.Values, string) {
	t.Helper()
	res := (&caller{t: t, f: f}).do(request(t, "GET", address, ""))
	require.Equal(t, 302, res.status, res.body)
	u, err := url.Parse(res.header.Get("Location"))
	require.NoError(t, err)
	assert.Equal(t, "host.example", u.Host)
	return u.Query(), u.RawQuery
}

func newPage(f *intunetest.Fake) string {
	f.AddRedirect(f.ClientID, back)
	f.Withdraw(f.TenantID, f.ClientID)
	return "?client_id=" + f.ClientID + "&scope=https://graph.microsoft.com/.default&redirect_uri=" + url.QueryEscape(back) + "&state=Zm9v"
}

func TestConsentGranted(t *testing.T) {
	f := intunetest.New(nil)
	query := newPage(f)
	f.SetConsent(intunetest.Granted, time.Minute)
	q, raw := visit(t, f, loginRoot+"/organizations/v2.0/adminconsent"+query)
	assert.Equal(t, url.Values{"admin_consent": {"True"}, "tenant": {f.TenantID}, "state": {"Zm9v"},
		"scope": {"https://graph.microsoft.com/.default"}}, q)
	assert.Contains(t, raw, "admin_consent=True&tenant=")

	c := newCaller(t, f) // at once: the token has no role, and never will
	assert.Equal(t, 401, c.get("/v1.0/deviceManagement/managedDevices?$top=1").status)
	f.Advance(time.Minute)
	assert.Equal(t, 401, c.get("/v1.0/deviceManagement/managedDevices?$top=1").status)
	c.login()
	assert.Equal(t, 200, c.get("/v1.0/deviceManagement/managedDevices?$top=1").status)
	assert.Nil(t, f.Violations())
}

func TestConsentDeclined(t *testing.T) {
	f := intunetest.New(nil)
	query := newPage(f)
	f.SetConsent(intunetest.Declined, 0)
	q, _ := visit(t, f, loginRoot+"/"+f.TenantID+"/v2.0/adminconsent"+query)
	assert.Equal(t, "True", q.Get("admin_consent"))
	assert.Equal(t, "consent_required", q.Get("error"))
	assert.Regexp(t, "(?s)^AADSTS65004: .*\r\nTrace ID: .*\r\nCorrelation ID: .*\r\nTimestamp: ", q.Get("error_description"))
	assert.Equal(t, "Zm9v", q.Get("state"))
	assert.False(t, q.Has("tenant"))

	q, _ = visit(t, f, loginRoot+"/common/adminconsent?client_id="+f.ClientID+"&state=Zm9v&redirect_uri="+url.QueryEscape(back))
	assert.Equal(t, "permission_denied", q.Get("error"))
	assert.False(t, q.Has("admin_consent"))
	assert.Nil(t, f.Violations())
}

func TestConsentRefusals(t *testing.T) {
	for name, address := range map[string]string{
		"other redirect":  "/organizations/v2.0/adminconsent?client_id=CLIENT&scope=https://graph.microsoft.com/.default&state=a&redirect_uri=https://evil.example/cb",
		"delegated scope": "/organizations/v2.0/adminconsent?client_id=CLIENT&scope=https://graph.microsoft.com/DeviceManagementManagedDevices.Read.All&state=a&redirect_uri=" + back,
		"no scope":        "/organizations/v2.0/adminconsent?client_id=CLIENT&state=a&redirect_uri=" + back,
		"unknown app":     "/organizations/v2.0/adminconsent?client_id=nobody&scope=https://graph.microsoft.com/.default&state=a&redirect_uri=" + back,
	} {
		t.Run(name, func(t *testing.T) {
			f := intunetest.New(nil)
			newPage(f)
			u, err := url.Parse(loginRoot + address)
			require.NoError(t, err)
			q := u.Query()
			if q.Get("client_id") == "CLIENT" {
				q.Set("client_id", f.ClientID)
			}
			u.RawQuery = q.Encode()
			res := (&caller{t: t, f: f}).do(request(t, "GET", u.String(), ""))
			assert.Equal(t, 400, res.status)
			assert.NotNil(t, f.Violations())
		})
	}
}

func TestConsentOfAnotherTenant(t *testing.T) {
	const other = "9d8c7b6a-5f4e-4d3c-8b2a-190817263544"
	f := intunetest.New(nil)
	f.AddTenant(other, "other.example")
	q, _ := visit(t, f, loginRoot+"/other.example/v2.0/adminconsent"+newPage(f))
	assert.Equal(t, other, q.Get("tenant"))
	c := &caller{t: t, f: f}
	res := c.tokenFor(other, url.Values{"client_id": {f.ClientID}, "client_secret": {f.ClientSecret}})
	require.Equal(t, 200, res.status)
	c.token = res.object(t)["access_token"].(string)
	assert.Equal(t, other, c.get("/v1.0/organization").values(t)[0]["id"])
	assert.Equal(t, 400, c.get("/v1.0/deviceManagement/managedDevices").status)
	assert.Equal(t, 404, c.get("/v1.0/users").status)
}
