package adetest_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
)

// with sends another header.
func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// without leaves a header out.
func without(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Del(name) }
}

func TestStrict(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, body string
		prepare            func(*http.Request)
		want               string // status and body, or the beginning of it
		violation          string // part of it; "" = none
	}{
		"no User-Agent":         {path: "/account", prepare: without("User-Agent"), want: "400 USER_AGENT_MISSING", violation: "no User-Agent"},
		"blank User-Agent":      {path: "/account", prepare: with("User-Agent", " "), want: "400 USER_AGENT_INVALID", violation: "blank"},
		"no Accept":             {path: "/account", prepare: without("Accept"), want: "406 ", violation: "Accept"},
		"Accept HTML":           {path: "/account", prepare: with("Accept", "text/html"), want: "406 ", violation: "Accept"},
		"Accept anything":       {path: "/account", prepare: with("Accept", "*/*"), want: "200 ", violation: "Accept"},
		"charset with a hyphen": {path: "/account", prepare: with("Accept", "application/json; charset=UTF-8"), want: "200 ", violation: "Accept"},
		"blank before charset":  {path: "/account", prepare: with("Accept", "application/json; charset=utf8"), want: "200 "},
		"no Content-Type":       {path: "/account", prepare: without("Content-Type"), want: "200 ", violation: "Content-Type"},
		"no version":            {path: "/account", prepare: without("X-Server-Protocol-Version"), want: "200 "},
		"version in words":      {path: "/account", prepare: with("X-Server-Protocol-Version", "ten"), want: "200 ", violation: "no number"},
		"version of tomorrow":   {path: "/account", prepare: with("X-Server-Protocol-Version", "11"), want: "200 ", violation: "not known"},
		"no session":            {path: "/account", prepare: without("X-ADM-Auth-Session"), want: "401 UNAUTHORIZED", violation: "no session"},
		"signature":             {path: "/account", prepare: with("Authorization", "OAuth x"), want: "200 ", violation: "/session only"},
		"cookie":                {path: "/account", prepare: with("Cookie", "a=b"), want: "200 ", violation: "cookie"},
		"raw session header":    {path: "/account", prepare: rawSession, want: "200 "},
		"raw header":            {path: "/account", prepare: func(r *http.Request) { r.Header["x-thing"] = []string{"1"} }, want: "200 ", violation: "canonical"},
		"unknown parameter":     {path: "/account?page=1", want: "200 ", violation: "unknown parameter"},
		"parameter twice":       {path: "/profile?profile_uuid=1&profile_uuid=2", want: "404 ", violation: "more than once"},
		"bad query":             {path: "/profile?profile_uuid=%zz", want: "400 ", violation: "query"},
		"body on GET":           {path: "/account", body: "{}", want: "200 ", violation: "where none is read"},
		"unknown path":          {path: "/devices/details", want: "404 NOT_FOUND", violation: "no such operation"},
		"wrong method":          {path: "/server/devices", want: "405 ", violation: "method"},
		"session by POST":       {method: "POST", path: "/session", want: "405 ", violation: "method"},
		"no simulator":          {path: "/token", want: "404 NOT_FOUND", violation: "no such operation"},
		"no body":               {method: "POST", path: "/server/devices", want: "400 MALFORMED_REQUEST_BODY", violation: "no body"},
		"body as text": {method: "POST", path: "/server/devices", body: "{}", prepare: with("Content-Type", "text/plain"),
			want: "400 MALFORMED_REQUEST_BODY", violation: "Content-Type"},
		"body as plain JSON": {method: "POST", path: "/server/devices", body: "{}", prepare: with("Content-Type", "application/json"),
			want: "200 ", violation: "Content-Type"},
		"array":           {method: "POST", path: "/server/devices", body: "[]", want: "400 MALFORMED_REQUEST_BODY", violation: "no JSON object"},
		"limit as text":   {method: "POST", path: "/server/devices", body: `{"limit":"5"}`, want: "400 MALFORMED_REQUEST_BODY", violation: "wrong type"},
		"limit of 0":      {method: "POST", path: "/server/devices", body: `{"limit":0}`, want: "200 ", violation: "limit is 0"},
		"limit below 0":   {method: "POST", path: "/server/devices", body: `{"limit":-1}`, want: "400 MALFORMED_REQUEST_BODY", violation: "negative"},
		"key in capitals": {method: "POST", path: "/server/devices", body: `{"Limit":5}`, want: "200 ", violation: `unknown key "Limit"`},
		"null":            {method: "POST", path: "/server/devices", body: `{"cursor":null}`, want: "200 "},
		"unknown key in a profile": {method: "POST", path: "/profile", body: `{"profile_name":"x","url":"https://a.example","colour":1}`,
			want: "200 ", violation: `unknown key "colour"`},
		"uuid in a profile": {method: "POST", path: "/profile", body: `{"profile_name":"x","url":"https://a.example","profile_uuid":"1"}`,
			want: "200 ", violation: `unknown key "profile_uuid"`},
		"new field, old version": {method: "POST", path: "/profile", body: `{"profile_name":"x","url":"https://a.example","is_multi_user":true}`,
			prepare: with("X-Server-Protocol-Version", "1"), want: "200 ", violation: "needs protocol version 2"},
	} {
		t.Run(name, func(t *testing.T) {
			caller := newCaller(t, adetest.New(small()))
			if c.prepare != nil {
				caller.prepare = c.prepare
			}
			method := c.method
			if method == "" {
				method = "GET"
			}
			got := caller.code(method, c.path, c.body)
			assert.True(t, strings.HasPrefix(got, c.want), got)
			if c.violation == "" {
				caller.clean()
				return
			}
			require.NotEmpty(t, caller.f.Violations())
			assert.Contains(t, strings.Join(caller.f.Violations(), "\n"), c.violation)
			caller.f.Forget()
			caller.clean()
		})
	}
}

// rawSession spells the header as the documentation does, which a transport
// without a socket keeps.
func rawSession(r *http.Request) {
	r.Header["X-ADM-Auth-Session"] = r.Header["X-Adm-Auth-Session"]
	delete(r.Header, "X-Adm-Auth-Session")
}

func TestSyncFromAnUnfinishedFetch(t *testing.T) {
	c := newCaller(t, adetest.New(small()))
	cursor := c.page("/server/devices", `{"limit":1}`).Cursor
	assert.Equal(t, 200, c.post("/devices/sync", follow(5, cursor)).status)
	require.Len(t, c.f.Violations(), 1)
	assert.Contains(t, c.f.Violations()[0], "before everything was fetched")
}

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := adetest.New(small())
		c := newCaller(t, f)
		f.SetLimit(2, time.Minute)
		assert.Equal(t, 200, c.get("/account").status)
		assert.Equal(t, 200, c.get("/account").status)
		time.Sleep(1500 * time.Millisecond)
		g := c.get("/account")
		assert.Equal(t, "429 TOO_MANY_REQUESTS", text(g))
		assert.Equal(t, "59", g.header.Get("Retry-After"))
		f.SetWire(adetest.Wire{RetryAfterDate: true})
		at, err := http.ParseTime(c.get("/account").header.Get("Retry-After"))
		require.NoError(t, err)
		assert.InDelta(t, 59, time.Until(at).Seconds(), 1)
		f.SetWire(adetest.Wire{NoRetryAfter: true})
		assert.Empty(t, c.get("/account").header.Get("Retry-After"))
		time.Sleep(time.Minute)
		assert.Equal(t, 200, c.get("/account").status)
		c.clean()
	})
}

func TestRefuse(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	f.Refuse("", 2, 403, "T_C_NOT_SIGNED")
	f.Refuse("/session", 1, 403, "FORBIDDEN")
	f.Refuse("/profile", 1, 400, "DESCRIPTION_INVALID")
	assert.Equal(t, "403 FORBIDDEN", text(c.ask(f.Main.Token())))
	assert.Equal(t, 200, c.ask(f.Main.Token()).status)
	assert.Equal(t, "403 T_C_NOT_SIGNED", c.code("GET", "/account", ""))
	f.Refuse("", 0, 0, "")
	assert.Equal(t, "400 DESCRIPTION_INVALID", c.code("POST", "/profile", "{}"))
	assert.Equal(t, 200, c.get("/account").status)
	c.session = "another"
	f.Refuse("", 1, 500, "")
	assert.Equal(t, "403 FORBIDDEN", c.code("GET", "/account", ""), "the session comes first")
	c.login(f.Main.Token())
	assert.Equal(t, "500 ", c.code("GET", "/account", ""))
	c.clean()
}

func TestSimulator(t *testing.T) {
	f := adetest.New(small())
	f.SetWire(adetest.Wire{Simulator: true})
	c := stranger(t, f)
	token := answer[adetest.Token](c, "GET", "/token", "")
	assert.Equal(t, f.Main.Token(), token)
	c.prepare = with("Content-Type", "application/json")
	assert.Equal(t, `400 "MALFORMED_REQUEST_BODY"`, text(c.ask(token)))
	c.prepare = func(*http.Request) {}
	c.login(token)
	f.Forget()
	assert.Equal(t, `400 "DEPARTMENT_REQUIRED"`, c.code("POST", "/profile", `{"profile_name":"x","url":"https://a.example"}`))
	assert.Equal(t, `400 "SUPPORT_PHONE_REQUIRED"`, c.code("POST", "/profile", `{"profile_name":"x","url":"https://a.example","department":"IT"}`))
	body := `{"profile_uuid":"` + f.Main.Profiles()[0] + `","devices":["` + mac + `"]}`
	assert.Equal(t, "200", c.code("PUT", "/profile/devices", body)[:3])
	c.clean()
	assert.Equal(t, "405 ", c.code("POST", "/profile/devices", body))
}

func TestFaultsAndHook(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	f.Faults().FailNext(1, 503, http.Header{"Retry-After": {"7"}})
	g := c.get("/account")
	assert.Equal(t, 503, g.status)
	assert.Equal(t, "7", g.header.Get("Retry-After"))
	assert.NotEmpty(t, g.header.Get("Date"))
	f.Before(func(*http.Request) { f.Assign(nil, iPad) })
	assert.Equal(t, []string{tv, mac}, c.page("/server/devices", "{}").column("serial_number"))
	f.Before(nil)
	assert.Equal(t, 1, f.Count("POST", "/server/devices"))
	c.clean()
}
