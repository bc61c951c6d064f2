package jamfschooltest_test

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func TestStrict(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, body string
		prepare            func(*http.Request)
		status             int
		want               string // part of the violation
	}{
		"unknown parameter":        {method: "GET", path: "/devices?serial=X", status: 400, want: `unknown parameter "serial"`},
		"parameter twice":          {method: "GET", path: "/devices?owner=1&owner=2", status: 400, want: "more than once"},
		"paging is ignored":        {method: "GET", path: "/devices?page=2", status: 200, want: `"page" has no effect`},
		"bad number":               {method: "GET", path: "/devices?location=north", status: 400, want: "location cannot be"},
		"bad enrolment type":       {method: "GET", path: "/devices?enrollType=ade", status: 400, want: "enrollType cannot be"},
		"users by location":        {method: "GET", path: "/users?location=2", status: 400, want: `unknown parameter "location"`},
		"body on GET":              {method: "GET", path: "/devices", body: `{"owner":1}`, status: 200, want: "body on GET"},
		"empty UDID lists all":     {method: "GET", path: "/devices/", status: 200, want: "empty last path segment"},
		"empty UDID in a command":  {method: "POST", path: "/devices//wipe", status: 404, want: "empty path segment"},
		"empty UDID deletes none":  {method: "DELETE", path: "/devices/", status: 404, want: "empty path segment"},
		"illegal UDID":             {method: "GET", path: "/devices/DMPXT0001ABC", status: 404, want: "is no UDID"},
		"path as UDID":             {method: "GET", path: "/devices/%2E%2E%2Fusers", status: 404, want: "is no UDID"},
		"reserved word as UDID":    {method: "GET", path: "/devices/migrate", status: 404, want: "is no UDID"},
		"UDID in other letters":    {method: "GET", path: "/devices/" + strings.ToLower(macUDID), status: 200, want: "other letters"},
		"unknown key":              {method: "POST", path: "/devices/" + macUDID + "/details", body: `{"asset_tag":"x"}`, status: 400, want: `unknown key "asset_tag"`},
		"null":                     {method: "POST", path: "/devices/" + macUDID + "/details", body: `{"assetTag":null}`, status: 400, want: "wrong type"},
		"nothing to set":           {method: "POST", path: "/devices/" + macUDID + "/details", body: `{}`, status: 400, want: "neither"},
		"garbage behind":           {method: "PUT", path: "/devices/" + macUDID + "/owner", body: `{"user":36}x`, status: 400, want: "garbage"},
		"owner missing":            {method: "PUT", path: "/devices/" + macUDID + "/owner", body: `{}`, status: 400, want: "user is missing"},
		"no object":                {method: "PUT", path: "/devices/" + macUDID + "/owner", body: `[36]`, status: 400, want: "no JSON object"},
		"unknown operation":        {method: "POST", path: "/devices/" + macUDID + "/lock", status: 404, want: "no such operation"},
		"unknown method":           {method: "PATCH", path: "/devices/" + macUDID, status: 404, want: "no such operation"},
		"no Accept":                {method: "GET", path: "/locations", prepare: without("Accept"), status: 200, want: "Accept"},
		"cookie":                   {method: "GET", path: "/locations", prepare: with("Cookie", "hash=1"), status: 200, want: "cookie"},
		"form body":                {method: "POST", path: "/devices/" + macUDID + "/wipe", body: `a=b`, prepare: with("Content-Type", "application/x-www-form-urlencoded"), status: 400, want: "Content-Type"},
		"no version":               {method: "GET", path: "/devices", prepare: without("X-Server-Protocol-Version"), status: 200, want: "no X-Server-Protocol-Version"},
		"no version for locations": {method: "GET", path: "/locations", prepare: without("X-Server-Protocol-Version"), status: 404, want: "no X-Server-Protocol-Version"},
		"version too low":          {method: "GET", path: "/dep", prepare: with("X-Server-Protocol-Version", "2"), status: 404, want: "needs protocol version 3"},
		"version unknown":          {method: "GET", path: "/dep", prepare: with("X-Server-Protocol-Version", "5"), status: 400, want: "protocol version"},
		"lower-case header": {method: "GET", path: "/dep", prepare: func(r *http.Request) {
			r.Header.Del("X-Server-Protocol-Version")
			r.Header["x-server-protocol-version"] = []string{"3"}
		}, status: 200, want: "not in canonical form"},
	} {
		t.Run(name, func(t *testing.T) {
			f := jamfschooltest.New(small())
			caller := newCaller(t, f)
			if c.prepare != nil {
				caller.prepare = c.prepare
			}
			g := caller.send(c.method, c.path, c.body)
			assert.Equal(t, c.status, g.status, g.body)
			require.NotEmpty(t, f.Violations())
			assert.Contains(t, strings.Join(f.Violations(), "\n"), c.want)
			if c.status == 404 && !strings.HasPrefix(c.path, "/devices/") {
				assert.Equal(t, "Not Found\n", g.body)
			}
			f.Forget()
			assert.Empty(t, f.Violations())
		})
	}
}

// with sends another header.
func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// without leaves a header out.
func without(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Del(name) }
}

func TestUnknownDeviceIsNoViolation(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	for path, method := range map[string]string{"": "GET", "/refresh": "POST", "/details": "POST"} {
		body := ""
		if path == "/details" {
			body = `{"notes":""}`
		}
		g := c.send(method, "/devices/00008101-FFFFFFFFFFFFFFFF"+path, body)
		assert.Equal(t, 404, g.status)
		assert.JSONEq(t, `{"code":404,"message":"DeviceNotFound"}`, g.body)
	}
	assert.Empty(t, f.Violations())
}

func TestRequestsAreRecorded(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	c.send("POST", "/api/devices/"+iPadUDID+"/details", `{"notes":"x"}`)
	r := f.Requests()[0]
	assert.Equal(t, "POST", r.Method)
	assert.Equal(t, "/devices/"+iPadUDID+"/details", r.Path)
	assert.Equal(t, `{"notes":"x"}`, r.Body)
	assert.Equal(t, []string{"Accept", "Authorization", "Content-Type", "X-Server-Protocol-Version"}, r.Headers)
	assert.Equal(t, 200, r.Status)
}

// TestManyDevices lists a large district through a socketless client and
// stops in the middle of another listing.
func TestManyDevices(t *testing.T) {
	f := jamfschooltest.New(fleet.New(fleet.Options{Devices: 10_000, Schools: 30}))
	body := openList(t, f)
	n, err := io.Copy(io.Discard, body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	assert.Greater(t, n, int64(15_000_000))

	body = openList(t, f)
	_, err = io.CopyN(io.Discard, body, 1<<16)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	assert.Empty(t, f.Violations())
}

func openList(t testing.TB, f *jamfschooltest.Fake) io.ReadCloser {
	req, err := http.NewRequest("GET", "https://school.example/api/devices?includeApps=1", nil)
	require.NoError(t, err)
	req.SetBasicAuth(f.NetworkID, f.Key)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Server-Protocol-Version", "3")
	resp, err := f.Client().Do(req)
	require.NoError(t, err)
	return resp.Body
}

func BenchmarkList50000(b *testing.B) {
	f := jamfschooltest.New(fleet.New(fleet.Options{Devices: 50_000, Schools: 40}))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		body := openList(b, f)
		n, err := io.Copy(io.Discard, body)
		require.NoError(b, err)
		require.NoError(b, body.Close())
		b.SetBytes(n)
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapSys-before.HeapSys)/(1<<20), "MB-grown")
}
