package relutiontest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

func TestTenants(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	for _, org := range c.list(all).column("organizationUuid") {
		assert.Equal(t, f.Tenant, org)
	}
	c.tenant = strings.ToLower(f.Tenant)
	assert.Equal(t, 200, c.list(all).status)

	c.tenant = ""
	home := c.list(all)
	assert.Len(t, home.results(), 3)
	for _, org := range home.column("organizationUuid") {
		assert.Equal(t, f.Home, org)
	}
	assert.Equal(t, f.Home, c.get(v1 + "/security/currentAuthorization/user").object()["organizationUuid"])
	assert.ElementsMatch(t, []any{f.Home, f.Tenant}, c.get(v1+"/security/tenantOrganizations").column("uuid"))
	assert.Empty(t, f.Violations())

	f.SetHome(f.Token, f.Tenant)
	assert.Greater(t, len(c.list(all).results()), 40)
}

func TestTenantOnUnscopedCalls(t *testing.T) {
	for _, path := range []string{"/currentAuthorization/user", "/currentAuthorization", "/tenantOrganizations"} {
		f := relutiontest.New(small())
		c := newCaller(t, f)
		assert.Equal(t, 404, c.get(v1+"/security"+path).status)
		assert.Contains(t, f.Violations()[0], "a tenant must not be sent here")
		c.tenant = ""
		assert.Equal(t, 200, c.get(v1+"/security"+path).status)
	}
}

func TestWrongTenant(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	c.tenant = "3B9D5A10-77C2-4E61-9F0B-6A1D0C2E4F88"
	unknown := c.list(all)
	assert.Equal(t, 404, unknown.status)
	assert.Equal(t, "UNKNOWN_ORGANIZATION", unknown.object()["errorCode"])

	c.tenant = f.AddOrganisation("Gesamtschule Berg")
	barred := c.list(all)
	assert.Equal(t, 403, barred.status)
	assert.Equal(t, "USER_BELONGS_TO_DIFFERENT_ORGANIZATION", barred.object()["reason"])
	f.SetRightsIn(c.tenant, f.Token, "READ_DEVICES")
	assert.Empty(t, c.list(all).results())
	f.Bar(c.tenant, f.Token)
	assert.Equal(t, 403, c.list(all).status)

	f.SetWire(relutiontest.Wire{EmptyTenant: true})
	assert.Empty(t, c.list(all).results())

	f.SetWire(relutiontest.Wire{CaseSensitive: true})
	c.tenant = strings.ToLower(f.Tenant)
	assert.Equal(t, 404, c.list(all).status)
	assert.Empty(t, f.Violations())
}

func TestTenantInTheWrongPlace(t *testing.T) {
	for name, ask := range map[string]func(*caller) got{
		"header": func(c *caller) got {
			c.prepare = func(r *http.Request) { r.Header.Set("Tenantorganizationuuid", c.fake.Tenant) }
			return c.list(all)
		},
		"body": func(c *caller) got {
			return c.list(`{"getItems":true,"tenantOrganizationUuid":"` + c.fake.Tenant + `"}`)
		},
		"empty": func(c *caller) got { return c.get(v1 + "/devices/baseInfo?tenantOrganizationUuid=") },
		"twice": func(c *caller) got {
			return c.get(v1 + "/devices/baseInfo?tenantOrganizationUuid=" + c.fake.Home + "&tenantOrganizationUuid=" + c.fake.Tenant)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := relutiontest.New(small())
			c := newCaller(t, f)
			c.tenant = ""
			g := ask(c)
			assert.NotEmpty(t, f.Violations())
			if name == "header" {
				assert.Len(t, g.results(), 3, "the header changes nothing")
				return
			}
			assert.Equal(t, 400, g.status, g.body)
		})
	}
}

// TestMeta has a token in an organisation above the schools'.
func TestMeta(t *testing.T) {
	f := relutiontest.New(small())
	schools := f.Split()
	assert.Len(t, schools, 2)
	c := newCaller(t, f)
	above := c.list(all)
	seen := map[any]int{}
	for _, org := range above.column("organizationUuid") {
		seen[org]++
	}
	assert.Len(t, seen, 2)
	for _, school := range schools {
		c.tenant = school
		assert.Len(t, c.list(all).results(), seen[school])
		assert.Greater(t, seen[school], 10)
	}
	c.tenant = ""
	organisations := c.get(v1 + "/security/tenantOrganizations")
	assert.Equal(t, true, organisations.find("uuid", f.Tenant)["meta"])
	assert.Equal(t, false, organisations.find("uuid", schools[0])["meta"])
	assert.Empty(t, f.Violations())
}

func TestNamesOfOrganisations(t *testing.T) {
	f := relutiontest.New(small())
	first, second := f.AddOrganisation("Realschule"), f.AddOrganisation("Realschule")
	f.SetRightsIn(first, f.Token)
	f.SetRightsIn(second, f.Token)
	c := newCaller(t, f)
	c.tenant = ""
	list := c.get(v1 + "/security/tenantOrganizations")
	assert.Equal(t, map[string]any{
		"uuid": first, "name": "Realschule", "uniqueName": "realschule", "isSystem": false, "meta": false, "duplicateName": true,
	}, list.find("uuid", first))
	assert.Equal(t, "realschule-2", list.find("uuid", second)["uniqueName"])
	assert.Equal(t, false, list.find("uuid", f.Home)["duplicateName"])
}
