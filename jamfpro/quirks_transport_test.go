package jamfpro_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk01Address shows that the address is accepted with and without
// https and /api, and stored in one form.
//
//mdm:feature 2.10
func TestQuirk01Address(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"school.jamfcloud.com":                                 "https://school.jamfcloud.com",
		"https://School.jamfcloud.com/":                        "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/api":                     "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/api/":                    "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/api/v1":                  "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/JSSResource":             "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/computers.html?id=3&o=r": "https://school.jamfcloud.com",
		"jamf.example.com/view/computers":                      "https://jamf.example.com",
		"jamf.example.com/dashboard":                           "https://jamf.example.com",
		"https://jamf.example.com:8443/jamf/api":               "https://jamf.example.com:8443/jamf",
		"http://jamf.example.com":                              "",
		"ftp://jamf.example.com":                               "",
		"https://user:pass@jamf.example.com":                   "",
		"":                                                     "",
		"us.api.jamfcloud.com":                                 "",
		"https://eu.apigw.jamf.com/api":                        "",
	} {
		tn := &tenant{}
		c, err := jamfpro.New(jamfpro.Config{Address: address, ClientID: clientID, ClientSecret: mdm.NewSecret("S"), Transport: quick(tn)})
		if want == "" {
			require.ErrorIs(t, err, mdm.ErrInvalid, address)
			continue
		}
		require.NoError(t, err, address)
		assert.Equal(t, want, c.Info().Origin.Address, address)
		_, _ = c.Version(t.Context())
		for _, r := range tn.asked {
			assert.Equal(t, 1, strings.Count(r.URL.Path, "/api/"), "%s asks %s", address, r.URL)
		}
	}
	_, err := jamfpro.New(jamfpro.Config{Address: "us.api.jamfcloud.com", ClientID: clientID, ClientSecret: mdm.NewSecret("S")})
	require.ErrorContains(t, err, "Platform Gateway")
}

func TestQuirk02ContextPath(t *testing.T) {
	t.Parallel()
	tn := &tenant{}
	tn.hook = func(r *http.Request) *answer {
		path, found := strings.CutPrefix(r.URL.Path, "/jamf")
		if assert.True(t, found, r.URL.Path) {
			r.URL.Path = path
		}
		return nil
	}
	tn.computers = computers(1)
	c := tn.client(t, func(cfg *jamfpro.Config) { cfg.Address = "https://h.example:8443/jamf" })
	all := collect(t, c.Computers(t.Context(), nil))
	assert.Equal(t, "https://h.example:8443/jamf/computers.html?id=1&o=r", all[0].Record().Link)
	assert.NotEmpty(t, tn.requests("POST", "/api/oauth/token"))
}

// TestQuirk03Secret also shows that a secret appears nowhere.
//
//mdm:feature 2.6
func TestQuirk03Secret(t *testing.T) {
	t.Parallel()
	tn := &tenant{}
	var log bytes.Buffer
	c := tn.client(t, func(cfg *jamfpro.Config) {
		cfg.Transport.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	_, err := c.Version(t.Context())
	require.NoError(t, err)
	asked := tn.requests("POST", "/api/oauth/token")
	require.Len(t, asked, 1)
	assert.Equal(t, "application/x-www-form-urlencoded", asked[0].Header.Get("Content-Type"))
	form, err := url.ParseQuery(asked[0].body)
	require.NoError(t, err)
	assert.Equal(t, url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {clientSecret}}, form)
	assert.Empty(t, asked[0].URL.RawQuery)
	assert.NotEmpty(t, log.String())
	for _, secret := range []string{clientSecret, url.QueryEscape(clientSecret), "T1"} {
		assert.NotContains(t, log.String()+fmt.Sprintf("%+v %v", c.Info(), c.Source().Info()), secret)
	}
}

// tokens answers the token endpoint with tokens of its own, of which only the
// newest is accepted.
func tokens(tn *tenant, life time.Duration) *atomic.Int32 {
	var n atomic.Int32
	var born time.Time
	tn.hook = func(r *http.Request) *answer {
		if r.URL.Path == "/api/oauth/token" {
			born = time.Now()
			return &answer{body: fmt.Sprintf(`{"access_token":"T%d","token_type":"bearer","expires_in":%d}`, n.Add(1), int(life/time.Second)-1)}
		}
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer T%d", n.Load()) || time.Since(born) >= life {
			return &answer{status: 401, body: `{"httpStatus":401,"errors":[{"code":"INVALID_TOKEN","field":null,"description":"x","id":"0"}]}`}
		}
		return nil
	}
	return &n
}

// TestQuirk04ShortTokens reads a long list with tokens that live for a minute.
//
//mdm:feature 2.7
func TestQuirk04ShortTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{computers: computers(500)}
		n := tokens(tn, time.Minute)
		slow := roundTripper(func(r *http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Second)
			return tn.RoundTrip(r)
		})
		c := tn.client(t, func(cfg *jamfpro.Config) {
			cfg.Transport = quick(slow)
			cfg.Transport.PageSize, cfg.Transport.Concurrency, cfg.Only = 10, 1, "computers"
		})
		assert.Len(t, list(t, c.Source(), mdm.Query{}).records, 500)
		pages := len(pagesOf(tn, v4))
		assert.GreaterOrEqual(t, pages, 50)
		assert.Less(t, int(n.Load()), 20, "far fewer tokens than pages")
	})
}

func TestQuirk05TokenRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"httpStatus":401,"errors":[{"code":"INVALID_TOKEN"}]}`, `{"httpStatus":401,"errors":[]}`} { // the second is quirk 6
		tn := &tenant{computers: computers(50)}
		n := tokens(tn, time.Hour)
		inner := tn.hook
		once := true
		tn.hook = func(r *http.Request) *answer {
			if r.URL.Query().Get("page") == "3" && once {
				once = false
				return &answer{status: 401, body: body}
			}
			return inner(r)
		}
		l := list(t, tn.client(t, size(10), only("computers"), one).Source(), mdm.Query{})
		assert.Len(t, l.records, 50, "no loss, and nothing twice")
		assert.EqualValues(t, 2, n.Load(), "one new token")
	}
}

func TestQuirk06EmptyErrors(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /api/v1/jamf-pro-version": {status: 401, body: `{"httpStatus":401,"errors":[]}`}}.client(t)
	_, err := c.Version(t.Context())
	require.ErrorIs(t, err, mdm.ErrUnauthorized)
}

func TestQuirk07NoLoop(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(3)}
	c := tn.client(t)
	_, err := c.Version(t.Context())
	require.NoError(t, err)
	tn.hook = func(r *http.Request) *answer {
		if r.URL.Path == "/api/oauth/token" {
			return nil
		}
		return &answer{status: 401, body: `{"httpStatus":401,"errors":[]}`}
	}
	tn.forget()
	_, err = c.Version(t.Context())
	require.ErrorIs(t, err, mdm.ErrUnauthorized)
	assert.Len(t, tn.requests("GET", "/"), 2)
	assert.Len(t, tn.requests("POST", "/api/oauth/token"), 1)
}

// TestQuirk08Rejected also shows that refused credentials are told apart from
// a network that fails.
//
//mdm:feature 2.8
func TestQuirk08Rejected(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{`invalid_client`: mdm.ErrUnauthorized, `unauthorized_client`: mdm.ErrUnauthorized, `invalid_scope`: mdm.ErrPermissionMissing} {
		for _, status := range []int{400, 401} {
			c, tn := scripted{"POST /api/oauth/token": {status: status, body: `{"error":"` + body + `","error_description":"Client authentication failed"}`}}.client(t)
			_, err := c.Version(t.Context())
			require.ErrorIs(t, err, want)
			assert.ErrorContains(t, err, body)
			assert.NotEmpty(t, mdm.Advice(err))
			assert.Len(t, tn.asked, 1, "not tried again")
		}
	}
	c, _ := scripted{"POST /api/oauth/token": {err: context.DeadlineExceeded}}.client(t)
	_, err := c.Version(t.Context())
	require.ErrorIs(t, err, mdm.ErrUnavailable)
	assert.NotErrorIs(t, err, mdm.ErrUnauthorized)
}

// TestQuirk08Rotation shows that a host can supply a new secret while a client
// lives.
//
//mdm:feature 2.8
func TestQuirk08Rotation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		current := "first"
		tn := &tenant{}
		tn.hook = func(r *http.Request) *answer {
			if r.URL.Path != "/api/oauth/token" {
				return nil
			}
			form, _ := url.ParseQuery(tn.asked[len(tn.asked)-1].body)
			if form.Get("client_secret") != current {
				return &answer{status: 401, body: `{"error":"invalid_client"}`}
			}
			return &answer{body: `{"access_token":"T","token_type":"Bearer","expires_in":59}`}
		}
		held := current
		c := tn.client(t, func(cfg *jamfpro.Config) {
			cfg.ClientSecret = mdm.SecretFunc(func(context.Context) (string, error) { return held, nil })
		})
		_, err := c.Version(t.Context())
		require.NoError(t, err)
		current = "second"
		_, err = c.Version(t.Context())
		require.NoError(t, err, "a token lives on")
		time.Sleep(time.Minute)
		_, err = c.Version(t.Context())
		require.ErrorIs(t, err, mdm.ErrUnauthorized)
		held = "second"
		_, err = c.Version(t.Context())
		require.NoError(t, err)
	})
}

func TestQuirk09TokenType(t *testing.T) {
	t.Parallel()
	for kind, ok := range map[string]bool{"bearer": true, "Bearer": true, "BEARER": true, "": true, "mac": false} {
		c, _ := scripted{"POST /api/oauth/token": {body: `{"access_token":"T","token_type":"` + kind + `","expires_in":"59"}`}}.client(t)
		_, err := c.Version(t.Context())
		assert.Equal(t, ok, err == nil, kind)
	}
}

func TestQuirk10TokenPaths(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, only := range []string{"/api/oauth/token", "/api/v1/oauth/token"} {
			s := scripted{"POST /api/oauth/token": noRoute, "POST /api/v1/oauth/token": noRoute}
			s["POST "+only] = answer{body: `{"access_token":"T","token_type":"Bearer","expires_in":59}`}
			c, tn := s.client(t)
			_, err := c.Version(t.Context())
			require.NoError(t, err, only)
			tn.forget()
			time.Sleep(time.Minute)
			_, err = c.Version(t.Context())
			require.NoError(t, err)
			assert.Len(t, tn.requests("POST", "/"), 1, "the one that works is remembered")
		}
		c, _ := scripted{"POST /api/oauth/token": noRoute}.client(t)
		_, err := c.Version(t.Context())
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
	})
}

func byUser(cfg *jamfpro.Config) {
	cfg.ClientID, cfg.ClientSecret = "", mdm.Secret{}
	cfg.Username, cfg.Password = "sync", mdm.NewSecret("pa:ss")
}

func TestQuirk11TokenKinds(t *testing.T) {
	t.Parallel()
	oauth := `{"access_token":"T","token_type":"Bearer","expires_in":59}`
	account := `{"token":"U","expires":"2027-05-04T09:41:12.345Z"}`
	for _, tt := range []struct {
		path, body string
		user, ok   bool
	}{
		{"/api/oauth/token", oauth, false, true}, {"/api/oauth/token", account, false, false},
		{"/api/v1/auth/token", account, true, true}, {"/api/v1/auth/token", oauth, true, false},
	} {
		s := scripted{"POST " + tt.path: {body: tt.body}}
		c, tn := s.client(t)
		if tt.user {
			c, tn = s.client(t, byUser)
		}
		_, err := c.Version(t.Context())
		assert.Equal(t, tt.ok, err == nil, "%s %s", tt.path, tt.body)
		if tt.user {
			user, password, _ := tn.requests("POST", "/api/v1/auth/token")[0].BasicAuth()
			assert.Equal(t, "sync pa:ss", user+" "+password)
		}
	}
}

// TestQuirk12KeepAlive renews the tokens of accounts and never those of API
// clients.
func TestQuirk12KeepAlive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{script: scripted{"POST /api/v1/auth/invalidate-token": {status: 204}}}
		tn.hook = func(r *http.Request) *answer {
			expires := time.Now().Add(30*time.Minute - 5*time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
			date := http.Header{"Content-Type": {"application/json"}, "Date": {time.Now().Add(-5 * time.Hour).UTC().Format(http.TimeFormat)}}
			switch r.URL.Path {
			case "/api/v1/auth/token":
				return &answer{body: `{"token":"U1","expires":"` + expires + `"}`, header: date}
			case "/api/v1/auth/keep-alive":
				if r.Header.Get("Authorization") != "Bearer U1" {
					return &answer{status: 401, body: `{"httpStatus":401,"errors":[]}`}
				}
				return &answer{body: `{"token":"U2","expires":"` + expires + `"}`, header: date}
			}
			return nil
		}
		c := tn.client(t, byUser)
		for range 3 {
			_, err := c.Version(t.Context())
			require.NoError(t, err)
			time.Sleep(29*time.Minute + 10*time.Second)
		}
		assert.Len(t, tn.requests("POST", "/api/v1/auth/keep-alive"), 2, "the clock of the server is five hours behind")
		assert.Len(t, tn.requests("POST", "/api/v1/auth/token"), 2, "a refused renewal signs in anew")
		require.NoError(t, c.SignOut(t.Context()))
	})
	tn := &tenant{script: scripted{"POST /api/v1/auth/invalidate-token": {status: 204}}}
	c := tn.client(t)
	tokens(tn, time.Minute)
	require.NoError(t, c.SignOut(t.Context()))
	assert.Empty(t, tn.requests("POST", "/api/v1/auth/keep-alive"))
}

func TestQuirk13SingleFlight(t *testing.T) {
	t.Parallel()
	tn := &tenant{}
	n := tokens(tn, time.Hour)
	c := tn.client(t)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			_, err := c.Version(t.Context())
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, n.Load())
}

func TestQuirk14ClientIDAsUser(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"POST /api/v1/auth/token": {status: 401, body: `{"httpStatus":401,"errors":[]}`}}.client(t, func(cfg *jamfpro.Config) {
		byUser(cfg)
		cfg.Username = clientID
	})
	_, err := c.Version(t.Context())
	require.ErrorIs(t, err, mdm.ErrUnauthorized)
	assert.Contains(t, mdm.Advice(err), "ID of an API client")
	c, _ = scripted{"POST /api/v1/auth/token": {status: 401, body: `{"httpStatus":401,"errors":[{"code":"USER_EXPIRED_PASSWORD"}]}`}}.client(t, byUser)
	_, err = c.Version(t.Context())
	require.ErrorIs(t, err, mdm.ErrCredentialExpired)
}

func TestQuirk15Generations(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		version       string
		oldest, tries int
		want          string
	}{
		{"11.30.1-t1784555528405", 4, 1, "/api/v4/"}, {"11.26.1-t1", 3, 1, "/api/v3/"}, {"10.50.0-t1", 1, 1, "/api/v1/"},
		{"11.30.0", 3, 2, "/api/v3/"}, {"11.25.0", 1, 3, "/api/v1/"}, {"production", 2, 3, "/api/v2/"},
	} {
		tn := &tenant{version: tt.version, oldest: tt.oldest, computers: computers(5)}
		if tt.version == "production" { // a server that does not tell
			tn.version, tn.script = "", scripted{"GET /api/v1/jamf-pro-version": {status: 404}}
		}
		c := tn.client(t, size(2))
		assert.Len(t, collect(t, c.Computers(t.Context(), nil)), 5, tt.version)
		for _, r := range pagesOf(tn, tt.want+"computers-inventory") {
			assert.Contains(t, r.URL.Path, tt.want)
		}
		assert.Len(t, pagesOf(tn, tt.want+"computers-inventory"), 3, "%s reads its pages there", tt.version)
		tn.forget()
		collect(t, c.Computers(t.Context(), nil))
		for _, r := range tn.asked {
			assert.Contains(t, r.URL.Path, tt.want, "%s remembers it", tt.version)
		}
	}
}

// TestQuirk15UnknownID keeps an id that does not exist apart from a generation
// that does not.
func TestQuirk15UnknownID(t *testing.T) {
	t.Parallel()
	tn := &tenant{oldest: 3, computers: computers(1), script: scripted{
		"GET /api/v3/computers-inventory/1": {body: computer(1).json},
		"GET /api/v3/computers-inventory/9": {status: 404, body: `{"httpStatus":404,"errors":[{"code":"INVALID_ID"}]}`},
	}}
	c := tn.client(t)
	_, err := c.Computer(t.Context(), "9")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	d, err := c.Computer(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, "Mac 1", d.Name)
	_, err = c.Computer(t.Context(), "../1")
	require.ErrorIs(t, err, mdm.ErrInvalid)
}

func TestQuirk18Deprecation(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	tn := &tenant{computers: computers(9)}
	tn.hook = func(r *http.Request) *answer {
		a := tn.usual(r)
		a.header = http.Header{"Content-Type": {"application/json"}, "Sunset": {"Tue, 14 Jul 2026 00:00:00 GMT"}, "Deprecation": {"true"}}
		return &a
	}
	c := tn.client(t, size(2), func(cfg *jamfpro.Config) { cfg.Transport.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	collect(t, c.Computers(t.Context(), nil))
	assert.Equal(t, 1, strings.Count(log.String(), "end of an endpoint"))
}

func TestQuirk55WebPages(t *testing.T) {
	t.Parallel()
	html := http.Header{"Content-Type": {"text/html"}}
	for name, tt := range map[string]struct {
		answer answer
		want   error
	}{
		"firewall":    {answer{status: 403, body: "<html>Request blocked</html>", header: html}, mdm.ErrAddressNotAllowed},
		"login page":  {answer{body: "<!doctype html><html>Sign in</html>", header: html}, mdm.ErrWrongAddress},
		"jamf school": {answer{status: 404, body: `{"code":404,"message":"Not found"}`}, mdm.ErrWrongAddress},
		"other JSON":  {answer{body: `{"hello":"world"}`}, mdm.ErrWrongAddress},
		"empty 200":   {answer{}, mdm.ErrDecode},
		"empty 404":   {answer{status: 404, header: http.Header{}}, mdm.ErrNotFound}, // quirk 56
	} {
		c, _ := scripted{"GET /api/v1/jamf-pro-version": tt.answer}.client(t)
		_, err := c.Version(t.Context())
		require.ErrorIs(t, err, tt.want, name)
		assert.NotContains(t, err.Error(), "Sign in")
	}
}

func TestQuirk56EmptyNotFound(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(1), script: scripted{"GET /api/v4/computers-inventory/9": {status: 404, header: http.Header{}}}}
	d, err := tn.client(t).Computer(t.Context(), "9")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	assert.Nil(t, d)
}

func TestQuirk64Busy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		busy := 1
		tn := &tenant{computers: computers(1), script: scripted{"POST /api/v4/computers-inventory/1/remove-mdm-profile": {status: 503, body: "<html>busy</html>"}}}
		tn.hook = func(r *http.Request) *answer {
			if busy > 0 && r.URL.Path == v4 {
				busy--
				return &answer{status: 503, body: "<html>busy</html>", header: http.Header{"Content-Type": {"text/html"}, "Retry-After": {"7"}}}
			}
			return nil
		}
		c := tn.client(t)
		begin := time.Now()
		assert.Len(t, collect(t, c.Computers(t.Context(), nil)), 1)
		assert.GreaterOrEqual(t, time.Since(begin), 7*time.Second)
		_, err := c.RemoveProfile(t.Context(), "1")
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
		assert.Len(t, tn.requests("POST", "/api/v4/"), 1, "a write is not repeated")
	})
}

// TestStickyCookie replays the cookie of a write for a minute, and never pins a
// listing.
func TestStickyCookie(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cookie := http.Header{"Set-Cookie": {"jpro-ingress=abc; Path=/; Secure; HttpOnly", "JSESSIONID=x"}}
		tn := &tenant{computers: computers(1), script: scripted{
			"PATCH /api/v4/computers-inventory-detail/1": {status: 204, header: cookie},
			"GET /api/v4/computers-inventory/1":          {body: computer(1).json},
		}}
		c := tn.client(t)
		tag := "INV-1"
		require.NoError(t, c.SetComputerDetails(t.Context(), "1", jamfpro.Details{AssetTag: &tag}))
		read := func() string {
			tn.forget()
			_, err := c.Computer(t.Context(), "1")
			require.NoError(t, err)
			return tn.requests("GET", "/api/v4/computers-inventory/1")[0].Header.Get("Cookie")
		}
		assert.Equal(t, "jpro-ingress=abc", read())
		collect(t, c.Computers(t.Context(), nil))
		for _, r := range tn.requests("GET", v4) {
			assert.Empty(t, r.Header.Get("Cookie"))
		}
		time.Sleep(61 * time.Second)
		assert.Empty(t, read())
	})
}
