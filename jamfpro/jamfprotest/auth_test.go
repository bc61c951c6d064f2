package jamfprotest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
)

func TestTokenExpires(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	g := c.ask("/api/oauth/token", f.ClientSecret)
	assert.Equal(t, 59.0, decode[map[string]any](t, g)["expires_in"])
	require.Equal(t, 200, c.get("/api/v1/sites").status)

	f.Advance(time.Minute)
	g = c.get("/api/v1/sites")
	assert.Equal(t, 401, g.status)
	assert.Contains(t, g.body, "INVALID_TOKEN")
	f.SetWire(jamfprotest.Wire{BareExpired: true})
	assert.JSONEq(t, `{"httpStatus":401,"errors":[]}`, c.get("/api/v1/sites").body)

	c.login()
	assert.Equal(t, 200, c.get("/api/v1/sites").status)
	f.DropTokens()
	assert.Equal(t, 401, c.get("/api/v1/sites").status)
	c.token = "never-given"
	assert.Equal(t, 401, c.get("/api/v1/sites").status)
	assert.Empty(t, f.Violations())
}

func TestDateHeaderTellsThePresent(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	f.Advance(time.Hour)
	at, err := http.ParseTime(c.get("/api/v1/health-check").header.Get("Date"))
	require.NoError(t, err)
	assert.WithinDuration(t, small().Now.Add(time.Hour), at, 10*time.Second)
}

func TestSecretRotates(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	secret := f.RotateSecret()
	assert.Equal(t, 401, c.ask("/api/oauth/token", f.ClientSecret).status)
	assert.Equal(t, 200, c.ask("/api/oauth/token", secret).status)
	assert.Equal(t, 200, c.get("/api/v1/sites").status, "tokens live on")

	g := c.send("POST", "/api/v1/api-integrations/1/client-credentials", "")
	next := decode[map[string]string](t, g)
	assert.Equal(t, f.ClientID, next["clientId"])
	assert.Equal(t, 200, c.ask("/api/oauth/token", next["clientSecret"]).status)

	f.Revoke(f.ClientID)
	assert.Equal(t, 401, c.ask("/api/oauth/token", next["clientSecret"]).status)
	assert.Equal(t, 200, c.get("/api/v1/sites").status)
	f.SetWire(jamfprotest.Wire{TokenStatus: 400})
	assert.Equal(t, 400, c.ask("/api/oauth/token", secret).status)
	assert.Empty(t, f.Violations())
}

func TestUserTokens(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	client := c.token
	assert.Equal(t, 401, c.user(f.Username, "wrong").status)
	c.token = decode[map[string]string](t, c.user(f.Username, f.Password))["token"]
	f.Advance(29 * time.Minute)
	old := c.token
	g := c.send("POST", "/api/v1/auth/keep-alive", "")
	require.Equal(t, 200, g.status, g.body)
	assert.Equal(t, 401, c.get("/api/v1/sites").status, "the old token is dead")
	c.token = decode[map[string]string](t, g)["token"]
	assert.NotEqual(t, old, c.token)
	assert.Equal(t, 200, c.get("/api/v1/auth").status)
	assert.Equal(t, 204, c.send("POST", "/api/v1/auth/invalidate-token", "").status)
	assert.Equal(t, 401, c.get("/api/v1/auth").status)
	assert.Empty(t, f.Violations())

	assert.Equal(t, 401, c.user(f.ClientID, f.ClientSecret).status)
	c.login()
	assert.NotEqual(t, client, c.token)
	assert.Equal(t, 401, c.send("POST", "/api/v1/auth/keep-alive", "").status)
	assert.Len(t, f.Violations(), 2)
}

func TestRights(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	f.SetRights(f.ClientID, "Read Computers")
	assert.Equal(t, 200, c.get("/api/v4/computers-inventory").status)
	g := c.get("/api/v2/mobile-devices")
	assert.Equal(t, 403, g.status)
	assert.Contains(t, g.body, "INVALID_PRIVILEGE")
	assert.Equal(t, 200, c.get("/api/v1/jamf-pro-version").status)
	assert.Contains(t, c.get("/api/v1/auth").body, `"privilegesBySite":{"-1":["Read Computers"]}`)

	f.SetWire(jamfprotest.Wire{StaleRights: true})
	assert.Equal(t, 200, c.get("/api/v2/mobile-devices").status, "the token is older than the change")
	c.login()
	assert.Equal(t, 403, c.get("/api/v2/mobile-devices").status)
	assert.Panics(t, func() { f.SetRights(f.ClientID, "Read Everything") })
	assert.Empty(t, f.Violations())
}

func TestRightsForGroups(t *testing.T) {
	f := jamfprotest.New(nil)
	c := newCaller(t, f)
	all := c.page("/api/v2/groups?page-size=200")
	f.SetRights(f.ClientID, "Read Smart Computer Groups")
	some := c.page("/api/v2/groups?page-size=200")
	assert.Less(t, some.Total, all.Total)
	for _, g := range some.Results {
		assert.Equal(t, "COMPUTER", g["groupType"])
		assert.Equal(t, true, g["smart"])
	}
	assert.Equal(t, 403, c.get("/api/v1/computer-groups").status, "needs both")
}

func TestVersions(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	for version, want := range map[string][]int{ // by generation of the computers
		"10.50.0":                {200, 404, 404, 404},
		"11.7.1-t1720000000":     {200, 404, 404, 404},
		"11.26.1":                {200, 200, 200, 404},
		"11.30.1-t1784555528405": {200, 200, 200, 200},
	} {
		f.SetVersion(version)
		assert.Contains(t, c.get("/api/v1/jamf-pro-version").body, `"`+version+`"`)
		for i, status := range want {
			g := c.get("/api/v" + string(rune('1'+i)) + "/computers-inventory?section=GENERAL")
			assert.Equal(t, status, g.status, "%s v%d", version, i+1)
			if status == 404 {
				assert.JSONEq(t, `{"httpStatus":404,"errors":[]}`, g.body)
			}
		}
	}
	f.SetVersion("11.7.1")
	assert.Equal(t, 404, c.ask("/api/v1/oauth/token", f.ClientSecret).status)
	assert.Equal(t, 200, c.ask("/api/oauth/token", f.ClientSecret).status)
	general := c.page(query("/api/v2/mobile-devices/detail", "section", "GENERAL")).Results[0]["general"].(map[string]any)
	assert.NotContains(t, general, "lastContactDate")
	assert.NotContains(t, general, "managementId")
	assert.Empty(t, f.Violations())
	assert.Panics(t, func() { f.SetVersion("nine") })
	assert.Panics(t, func() { f.SetVersion("10.2.0") })
}

func TestGenerationsOfComputers(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	general := func(gen string) map[string]any {
		return decode[map[string]any](t, c.get("/api/"+gen+"/computers-inventory/41"))["general"].(map[string]any)
	}
	v3, v4 := general("v3"), general("v4")
	assert.Equal(t, v4["lastContact"], v3["lastContactTime"])
	assert.Contains(t, v3, "lastReportedIp")
	assert.NotContains(t, v4, "lastContactTime")
	app := func(gen string) map[string]any {
		all := decode[map[string]any](t, c.get("/api/"+gen+"/computers-inventory-detail/41"))
		return all["applications"].([]any)[0].(map[string]any)
	}
	assert.Contains(t, app("v3"), "cfBundleVersion")
	assert.NotContains(t, app("v2"), "cfBundleVersion")
	v1 := decode[map[string]any](t, c.get("/api/v1/computers-inventory-detail/41"))
	assert.Contains(t, v1, "plugins")

	f.SetWire(jamfprotest.Wire{Deprecated: true})
	assert.NotEmpty(t, c.get("/api/v3/computers-inventory/41").header.Get("Deprecation"))
	assert.Empty(t, c.get("/api/v4/computers-inventory/41").header.Get("Deprecation"))
	assert.Equal(t, 400, c.get("/api/v4/computers-inventory?sort=general.lastContactTime:asc").status)
	assert.Equal(t, 200, c.get("/api/v3/computers-inventory?sort=general.lastContactTime:asc").status)
}

func TestGateway(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	c.prepare = func(r *http.Request) { r.Host = "eu.api.jamfcloud.com" }
	g := c.get("/api/v1/jamf-pro-version")
	assert.Equal(t, 404, g.status)
	assert.Contains(t, g.body, "traceId")
	assert.Contains(t, f.Violations()[0], "Gateway")
}

func TestContextPath(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	f.SetContext("/jamf")
	assert.Equal(t, 200, c.get("/jamf/api/v1/sites").status)
	assert.Empty(t, f.Violations())
	assert.Equal(t, 404, c.get("/api/v1/sites").status)
	assert.Equal(t, 404, c.get("/jamf/api/api/v1/sites").status)
	assert.Len(t, f.Violations(), 2)
}
