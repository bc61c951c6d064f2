package abmtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/abm/abmtest"
)

func TestStrict(t *testing.T) {
	without := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Del(name) }
	}
	with := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for name, c := range map[string]struct {
		method, path, body string
		prepare            func(*http.Request)
		status             int
		want               string // part of the violation
	}{
		"no Accept":            {path: devices, prepare: without("Accept"), status: 406, want: "Accept"},
		"Accept of anything":   {path: devices, prepare: with("Accept", "*/*"), status: 406, want: "Accept"},
		"no token":             {path: devices, prepare: without("Authorization"), status: 401, want: "no bearer"},
		"basic":                {path: devices, prepare: with("Authorization", "Basic eDp5"), status: 401, want: "no bearer"},
		"unknown parameter":    {path: devices + "?page=2", status: 400, want: `"page" is not a parameter`},
		"parameter twice":      {path: devices + "?limit=2&limit=3", status: 400, want: "more than once"},
		"limit above 1000":     {path: devices + "?limit=2000", status: 400, want: "'2000' is not a valid value for 'limit'"},
		"limit 0":              {path: devices + "?limit=0", status: 400, want: "'0' is not"},
		"limit of a word":      {path: servers + "?limit=all", status: 400, want: "'all' is not"},
		"limit of one device":  {path: devices + "/DMPXQ1ZZHK5N?limit=1", status: 400, want: "not a parameter"},
		"unknown field":        {path: query(devices, "fields[orgDevices]", "serialNumber,name"), status: 400, want: "'name' is not a valid field name"},
		"fields of others":     {path: query(devices, "fields[mdmServers]", "serverName"), status: 400, want: "not a parameter"},
		"cursor of nobody":     {path: devices + "?cursor=xyz", status: 400, want: "cursor"},
		"unknown path":         {path: "/v1/devices", status: 404, want: "no such operation"},
		"trailing slash":       {path: devices + "/", status: 404, want: "no such operation"},
		"other version":        {path: "/v2/orgDevices", status: 404, want: "no address"},
		"wrong method":         {method: "DELETE", path: devices + "/DMPXQ1ZZHK5N", status: 403, want: "this method"},
		"related devices":      {path: servers + "/X/devices", status: 403, want: "relationship"},
		"school's host":        {path: devices, prepare: host("api-school.apple.com"), status: 404, want: "does not serve this"},
		"token host":           {path: devices, prepare: host("account.apple.com"), status: 404, want: "does not serve this"},
		"body of another kind": {method: "POST", path: movements, body: "{}", prepare: with("Content-Type", "text/plain"), status: 415, want: "Content-Type"},
		"body on GET":          {path: devices, body: "{}", status: 200, want: "body on GET"},
		"no JSON":              {method: "POST", path: movements, body: "{", status: 400, want: "body"},
		"unknown member":       {method: "POST", path: movements, body: `{"data":{"type":"orgDeviceActivities","x":1}}`, status: 400, want: "unknown field"},
		"garbage behind":       {method: "POST", path: movements, body: `{"data":{"type":"orgDeviceActivities"}} {}`, status: 400, want: "garbage"},
		"other type":           {method: "POST", path: movements, body: `{"data":{"type":"orgDevices"}}`, status: 409, want: "/data/type"},
		"audit without span":   {path: "/v1/auditEvents", status: 400, want: "filter[startTimestamp] is missing"},
		"audit of no time":     {path: query("/v1/auditEvents", "filter[startTimestamp]", "monday", "filter[endTimestamp]", "2026-01-01T00:00:00Z"), status: 400, want: "'monday'"},
		"configuration":        {method: "POST", path: "/v1/configurations", body: "{}", status: 501, want: "makes none"},
	} {
		t.Run(name, func(t *testing.T) {
			f := abmtest.New(small())
			caller := newCaller(t, f)
			if c.prepare != nil {
				caller.prepare = c.prepare
			}
			if c.method == "" {
				c.method = "GET"
			}
			assert.Equal(t, c.status, caller.send(c.method, c.path, c.body).status)
			assert.Contains(t, strings.Join(f.Violations(), "\n"), c.want)
		})
	}
}

func TestSchoolHasLess(t *testing.T) {
	f := abmtest.NewSchool(small())
	c := newCaller(t, f)
	for _, path := range []string{devices, devices + "/DMPXQ1ZZHK5N", devices + "/DMPXQ1ZZHK5N/appleCareCoverage", servers} {
		assert.Equal(t, 200, c.get(path).status, path)
	}
	assert.Equal(t, 403, c.get(servers+"/"+f.ServerID(abmtest.MainServer)).status)
	assert.Empty(t, f.ServerID(abmtest.BuiltInServer))
	assert.Empty(t, f.Violations())
	for _, path := range []string{"users", "userGroups", "organizationalUnits", "apps", "packages", "configurations", "blueprints", "auditEvents", "mdmDevices"} {
		f.Forget()
		g := c.get("/v1/" + path)
		assert.Equal(t, 403, g.status, path)
		assert.Equal(t, "FORBIDDEN_ERROR", g.code(t), path)
		assert.Contains(t, f.Violations()[0], "a school does not have this", path)
	}
}

func TestErrorForms(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	unknown := devices + "/UNKNOWN"
	f.SetWire(abmtest.Wire{NullErrors: true})
	assert.JSONEq(t, `{"errors":null}`, c.get(unknown).body)
	f.SetWire(abmtest.Wire{HTMLErrors: true})
	assert.Contains(t, c.get(unknown).header.Get("Content-Type"), "text/html")
	f.SetWire(abmtest.Wire{TwoErrors: true})
	assert.Len(t, decode[struct{ Errors []any }](t, c.get(unknown)).Errors, 2)
	assert.Empty(t, f.Violations())
}
