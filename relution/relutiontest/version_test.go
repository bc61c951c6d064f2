package relutiontest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

func TestPathsByRelease(t *testing.T) {
	type request struct{ method, path string }
	probes := []request{
		{"POST", "/api/management/v2/devices/baseInfo/query"},
		{"POST", "/api/v2/devices/baseInfo/query"},
		{"GET", "/api/management/v1/devices/baseInfo"},
		{"GET", "/api/v1/devices/baseInfo"},
		{"GET", "/api/v1/devices"},
		{"GET", "/relution/api/v1/devices/baseInfo"},
		{"GET", "/relution/api/v1/devices"},
	}
	for version, want := range map[string][]int{
		"3.9.1":                      {404, 404, 404, 404, 404, 404, 200},
		"4.88.0":                     {404, 404, 404, 404, 404, 404, 200},
		"5.0.2":                      {404, 404, 404, 200, 200, 200, 200},
		"5.5.4-740-geff8e877@master": {404, 404, 404, 200, 200, 404, 404},
		"5.33.1":                     {404, 404, 404, 200, 200, 404, 404},
		"5.34.0":                     {200, 200, 200, 200, 200, 404, 404},
		"25.2.0":                     {200, 200, 200, 200, 200, 404, 404},
		"26.1.1":                     {200, 200, 200, 200, 200, 404, 404},
	} {
		t.Run(version, func(t *testing.T) {
			f := relutiontest.New(small())
			f.SetVersion(version)
			c := newCaller(t, f)
			var got []int
			for _, p := range probes {
				path, body := p.path+"?limit=1", ""
				if p.method == "POST" {
					path, body = p.path, `{"limit":1,"getItems":true}`
				}
				got = append(got, c.send(p.method, path, body).status)
			}
			assert.Equal(t, want, got)
			assert.Empty(t, f.Violations(), "a client that looks for the release breaks no rule")
			c.tenant = ""
			assert.Contains(t, c.get("/openapi.json").body, `"version":"`+version+`"`)
		})
	}
	assert.Panics(t, func() { relutiontest.New(small()).SetVersion("newest") })
}

func TestNoAlias(t *testing.T) {
	f := relutiontest.New(small())
	f.SetWire(relutiontest.Wire{NoAlias: true})
	c := newCaller(t, f)
	assert.Equal(t, 404, c.get("/api/v1/devices").status)
	assert.Equal(t, 200, c.get(v1+"/devices").status)
}

// TestAccountCalls are there in every release, or in none: what old ones have
// is not known.
func TestAccountCalls(t *testing.T) {
	for version, prefix := range map[string]string{"4.88.0": "/relution/api/v1", "5.5.4": "/api/v1", "26.1.1": v1} {
		f := relutiontest.New(small())
		f.SetVersion(version)
		c := newCaller(t, f)
		c.tenant = ""
		for _, path := range []string{"/security/tenantOrganizations", "/security/currentAuthorization/user"} {
			f.SetWire(relutiontest.Wire{})
			assert.Equal(t, 200, c.get(prefix+path).status)
			f.SetWire(relutiontest.Wire{NoAccountCalls: true})
			assert.Equal(t, 404, c.get(prefix+path).status)
		}
		assert.Empty(t, f.Violations())
	}
}

func TestUnknownPaths(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	assert.Equal(t, 404, c.get("/api/v1/management/devices").status, "management stands in front of the version")
	assert.Equal(t, 404, c.get(v1+"/gadgets").status)
	require.Len(t, f.Violations(), 2)
	assert.Contains(t, f.Violations()[1], "no such operation")
	assert.Equal(t, 405, c.send("PUT", v1+"/devices/baseInfo", "{}").status)

	for _, path := range []string{"/", "/web-api/index.html", "/portal/devices"} {
		page := c.get(path)
		assert.Equal(t, 200, page.status)
		assert.Contains(t, page.header.Get("Content-Type"), "text/html")
	}
	f.SetWire(relutiontest.Wire{MissingAsHTML: true})
	page := c.get("/relution/api/v1/devices")
	assert.Equal(t, 200, page.status)
	assert.Contains(t, page.body, "<!DOCTYPE html>")
}

// TestQueryByGet has the light list in both ways that the vendor showed.
func TestQueryByGet(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	assert.Len(t, c.get(query+"?limit=2").results(), 2)
	f.SetWire(relutiontest.Wire{GetOnly: true})
	assert.Equal(t, 405, c.list(all).status)
	assert.Len(t, c.get(query+"?limit=2").results(), 2)
}

// TestProgrammesByRelease has Windows in no programme that older servers know.
func TestProgrammesByRelease(t *testing.T) {
	f := relutiontest.New(fleet.New(fleet.Options{Devices: 40, Windows: 20, Android: 20}))
	kinds := func(version, path string) map[any]int {
		f.SetVersion(version)
		found := map[any]int{}
		for _, o := range newCaller(t, f).get(path).results() {
			found[o["autoEnrollmentType"]]++
		}
		return found
	}
	assert.Contains(t, kinds("26.1.1", v1+"/devices/baseInfo"), "AUTOPILOT")
	old := kinds("5.5.4", "/api/v1/devices/baseInfo")
	assert.NotContains(t, old, "AUTOPILOT")
	assert.Contains(t, old, "DEP")
}
