package jamfpro_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
	for _, secret := range []string{clientSecret, url.QueryEscape(clientSecret), "Token-of-the-tests-1"} {
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
			cfg.Transport = clienttest.Quick(slow)
			cfg.Transport.PageSize, cfg.Transport.Concurrency, cfg.Only = 10, 1, "computers"
		})
		assert.Len(t, clienttest.List(t, c.Source(), mdm.Query{}).Records, 500)
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
		l := clienttest.List(t, tn.client(t, size(10), only("computers"), one).Source(), mdm.Query{})
		assert.Len(t, l.Records, 50, "no loss, and nothing twice")
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
