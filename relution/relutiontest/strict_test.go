package relutiontest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

func TestStrict(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, body string
		prepare            func(*http.Request)
		status             int
		want               string // part of the violation
	}{
		"unknown parameter":        {method: "GET", path: v1 + "/devices?page=1", status: 400, want: `unknown parameter "page"`},
		"fields in the URL":        {method: "GET", path: v1 + "/devices?fields=uuid", status: 400, want: `unknown parameter "fields"`},
		"parameter twice":          {method: "GET", path: v1 + "/devices?limit=1&limit=2", status: 400, want: "more than once"},
		"limit is no number":       {method: "GET", path: v1 + "/devices?limit=all", status: 400, want: `"limit" is no number`},
		"negative offset":          {method: "GET", path: v1 + "/devices?offset=-1", status: 400, want: `"offset" is no number`},
		"flag is a number":         {method: "GET", path: v1 + "/devices?getItems=1", status: 400, want: "neither true nor false"},
		"plus not encoded":         {method: "GET", path: v1 + "/devices?sortOrder=-uuid,+name", status: 400, want: "+ was not encoded"},
		"sort without sign":        {method: "GET", path: v1 + "/devices?sortOrder=uuid", status: 400, want: "has no sign"},
		"sort by unknown field":    {method: "GET", path: v1 + "/devices?sortOrder=-serial", status: 400, want: "unknown field"},
		"unknown field":            {method: "GET", path: v1 + "/devices/baseInfo?field=pushUdid", status: 400, want: `unknown field "pushUdid"`},
		"filter is no JSON":        {method: "GET", path: v1 + "/devices?filter=status%3DDELETED", status: 400, want: "no JSON object"},
		"keepApp on a read":        {method: "GET", path: v1 + "/devices/baseInfo?keepApp=true", status: 400, want: `unknown parameter "keepApp"`},
		"limit 0":                  {method: "GET", path: v1 + "/devices/baseInfo?limit=0", status: 200, want: "limit 0"},
		"body on GET":              {method: "GET", path: v1 + "/devices/baseInfo", body: all, status: 200, want: "body on GET"},
		"parameter beside a query": {method: "POST", path: query + "?limit=3", body: all, status: 400, want: `unknown parameter "limit"`},
		"no body":                  {method: "POST", path: query, status: 400, want: "no JSON object"},
		"garbage behind":           {method: "POST", path: query, body: `{}{}`, status: 400, want: "garbage"},
		"field of the URL":         {method: "POST", path: query, body: `{"field":["uuid"]}`, status: 400, want: `unknown field "field"`},
		"sort order of the URL":    {method: "POST", path: query, body: `{"sortOrder":"-uuid"}`, status: 400, want: "sortOrder"},
		"sort without direction":   {method: "POST", path: query, body: `{"sortOrder":{"sortFields":[{"name":"uuid"}]}}`, status: 400, want: "without direction"},
		"limit as text":            {method: "POST", path: query, body: `{"limit":"10"}`, status: 400, want: "limit"},
		"negative limit":           {method: "POST", path: query, body: `{"limit":-1}`, status: 400, want: "limit -1"},
		"form body":                {method: "POST", path: query, body: `a=b`, prepare: set("Content-Type", "application/x-www-form-urlencoded"), status: 415, want: "Content-Type"},
		"no content type":          {method: "POST", path: query, body: all, prepare: set("Content-Type", ""), status: 415, want: "Content-Type"},
		"no token":                 {method: "POST", path: query, body: all, prepare: drop("X-User-Access-Token"), status: 401, want: "no X-User-Access-Token"},
		"bearer":                   {method: "GET", path: v1 + "/devices", prepare: bearer, status: 401, want: "no X-User-Access-Token"},
		"blank behind the token": {method: "GET", path: v1 + "/devices", prepare: func(r *http.Request) {
			r.Header.Set("X-User-Access-Token", r.Header.Get("X-User-Access-Token")+" ")
		}, status: 401, want: "blanks around"},
		"cookie": {method: "GET", path: v1 + "/devices/baseInfo", prepare: set("Cookie", "JSESSIONID=1"), status: 200, want: "cookie"},
		"lower-case header": {method: "GET", path: v1 + "/devices/baseInfo", prepare: func(r *http.Request) {
			r.Header["x-user-access-token"] = r.Header.Values("X-User-Access-Token")
			r.Header.Del("X-User-Access-Token")
		}, status: 200, want: "not in canonical form"},
		"trailing slash": {method: "GET", path: v1 + "/devices/", status: 404, want: "no such operation"},
		"empty id":       {method: "GET", path: v1 + "/devices//actions", status: 404, want: "no such operation"},
		"PUT on devices": {method: "PUT", path: v1 + "/gadgets", body: "{}", status: 404, want: "no such operation"},
	} {
		t.Run(name, func(t *testing.T) {
			f := relutiontest.New(small())
			caller := newCaller(t, f)
			if c.prepare != nil {
				caller.prepare = c.prepare
			}
			g := caller.send(c.method, c.path, c.body)
			assert.Equal(t, c.status, g.status, g.body)
			require.NotEmpty(t, f.Violations())
			assert.Contains(t, strings.Join(f.Violations(), "\n"), c.want)
			f.Forget()
			assert.Empty(t, f.Violations())
		})
	}
}

func set(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func drop(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Del(name) }
}

func bearer(r *http.Request) {
	r.Header.Set("Authorization", "Bearer "+r.Header.Get("X-User-Access-Token"))
	r.Header.Del("X-User-Access-Token")
}

func TestUUIDsInOtherLetters(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	id := strings.ToLower(f.UUIDs(f.Tenant)[0])
	assert.Equal(t, 200, c.get(v1+"/devices/"+id).status)
	require.Len(t, f.Violations(), 1)
	assert.Contains(t, f.Violations()[0], "other letters")
	f.SetWire(relutiontest.Wire{CaseSensitive: true})
	assert.Equal(t, 404, c.get(v1+"/devices/"+id).status)
}

func TestRequestsAreRecorded(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	c.list(`{"limit":1,"getItems":true}`)
	r := f.Requests()[0]
	assert.Equal(t, "POST", r.Method)
	assert.Equal(t, query, r.Path)
	assert.Equal(t, `{"limit":1,"getItems":true}`, r.Body)
	assert.Equal(t, f.Tenant, r.Query.Get("tenantOrganizationUuid"))
	assert.Equal(t, 200, r.Status)
	assert.Equal(t, 1, f.Count("POST", query))
}
