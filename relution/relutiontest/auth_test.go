package relutiontest_test

import (
	"net/http"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

func TestTokens(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	expiry := f.Now().Add(time.Hour)
	f.Expire(f.Token, expiry)
	assert.Equal(t, 200, c.list(all).status)
	f.Advance(time.Hour)
	expired := c.list(all)
	assert.Equal(t, 401, expired.status)
	assert.Equal(t, "ACCESS_TOKEN_EXPIRED", expired.object()["errorCode"])
	f.Expire(f.Token, time.Time{})

	f.Refuse(f.Token, "USER_LOCKED")
	locked := c.list(all)
	assert.Equal(t, 401, locked.status)
	assert.Equal(t, "USER_LOCKED", locked.object()["reason"])
	assert.Equal(t, true, locked.object()["anonymous"])
	f.Refuse(f.Token, "USER_NEEDS_TO_ACCEPT_TERMS")
	terms := c.list(all).object()
	assert.Equal(t, "USER_NEEDS_TO_ACCEPT_TERMS", terms["errorCode"])
	assert.NotEmpty(t, terms["terms"])
	f.Refuse(f.Token, "")
	assert.Equal(t, 200, c.list(all).status)

	f.Revoke(f.Token)
	assert.Equal(t, 401, c.list(all).status)
	assert.Empty(t, f.Violations())
	f.SetWire(relutiontest.Wire{LoginPage: true})
	page := c.list(all)
	assert.Equal(t, 200, page.status)
	assert.Contains(t, page.body, "log in")
}

func TestBasicCredentials(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	c.token = ""
	c.prepare = func(r *http.Request) { r.SetBasicAuth(f.Username, f.Password) }
	assert.Equal(t, 200, c.list(all).status)
	c.prepare = func(r *http.Request) { r.SetBasicAuth(f.Username, "wrong") }
	assert.Equal(t, 401, c.list(all).status)
	assert.Empty(t, f.Violations())
}

func TestBan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := relutiontest.New(small())
		f.SetBan(3, time.Minute)
		ask := func(token string) (*http.Response, error) {
			req, err := http.NewRequest("GET", "https://relution.example/api/v1/devices/baseInfo?limit=1", nil)
			require.NoError(t, err)
			req.Header.Set("X-User-Access-Token", token)
			resp, err := f.Client().Do(req)
			if err == nil {
				require.NoError(t, resp.Body.Close())
			}
			return resp, err
		}
		for range 3 {
			resp, err := ask("wrong")
			require.NoError(t, err)
			assert.Equal(t, 401, resp.StatusCode)
		}
		_, err := ask(f.Token)
		assert.ErrorContains(t, err, "reset", "the address is banned, whatever the token")
		f.Advance(time.Minute)
		resp, err := ask(f.Token)
		require.NoError(t, err)
		assert.Equal(t, 200, resp.StatusCode)

		for range 2 {
			_, err = ask("wrong")
			require.NoError(t, err)
		}
		f.Advance(11 * time.Minute) // attempts of long ago do not count
		_, err = ask("wrong")
		require.NoError(t, err)
		_, err = ask(f.Token)
		assert.NoError(t, err)
	})
}

func TestRights(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	id := c.list(all).find("status", "COMPLIANT")["uuid"].(string)
	f.SetRights(f.Token, "READ_DEVICES")
	assert.Equal(t, 200, c.list(all).status)
	for _, path := range []string{
		"/devices/" + id, "/devices/" + id + "/actions", "/devices/" + id + "/installedApps", "/devices/groups",
		"/devices/autoEnrollments", "/devices/deps/accounts", "/security/users", "/security/groups",
	} {
		refused := c.get(v1 + path)
		assert.Equal(t, 403, refused.status, path)
		assert.Equal(t, "ACCESS_FORBIDDEN", refused.object()["errorCode"])
		assert.Equal(t, false, refused.object()["anonymous"])
	}
	f.SetRights(f.Token, "READ_DEVICES_METAWIDE")
	assert.Equal(t, 200, c.list(all).status)
	f.SetRights(f.Token)
	assert.Equal(t, 403, c.list(all).status)

	f.SetRightsIn(f.Tenant, f.Token, "READ_DEVICES")
	assert.Equal(t, 200, c.list(all).status)
	c.tenant = f.Home
	assert.Equal(t, 403, c.list(all).status)
	assert.Empty(t, f.Violations())
}

// TestOwnDevices has a role that sees what its user uses.
func TestOwnDevices(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	whole := c.list(all)
	var login string
	for _, name := range whole.column("userName") {
		if name != nil {
			login = name.(string)
		}
	}
	f.ActAs(f.Token, login)
	f.SetRights(f.Token, "READ_YOUR_DEVICES")
	own := c.list(all)
	assert.NotEmpty(t, own.results())
	assert.Less(t, len(own.results()), len(whole.results()))
	for _, name := range own.column("userName") {
		assert.Equal(t, login, name)
	}
	assert.Panics(t, func() { f.ActAs(f.Token, "nobody") })
}

func TestGates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := relutiontest.New(small())
		c := newCaller(t, f)
		f.SetLimit(2, time.Minute)
		assert.Equal(t, 200, c.list(all).status)
		assert.Equal(t, 200, c.list(all).status)
		limited := c.list(all)
		assert.Equal(t, 429, limited.status)
		assert.Equal(t, "60", limited.header.Get("Retry-After"))
		time.Sleep(time.Minute)
		assert.Equal(t, 200, c.list(all).status)
		f.SetLimit(0, 0)

		f.SetPostLimit(1, time.Minute)
		assert.Equal(t, 200, c.list(all).status)
		assert.Equal(t, 503, c.list(all).status)
		assert.Equal(t, 200, c.get(v1+"/devices/baseInfo?limit=1").status)
		f.SetPostLimit(0, 0)

		f.SetRedirect("https://sso.example")
		moved := c.list(all)
		assert.Equal(t, 301, moved.status)
		assert.Equal(t, "https://sso.example"+query+"?tenantOrganizationUuid="+f.Tenant, moved.header.Get("Location"))
		f.SetRedirect("")

		f.AllowAddresses(netip.MustParsePrefix("203.0.113.0/24"))
		assert.Equal(t, 403, c.list(all).status)
		f.AllowAddresses()
		assert.Equal(t, 200, c.list(all).status)
		assert.Empty(t, f.Violations())
	})
}
