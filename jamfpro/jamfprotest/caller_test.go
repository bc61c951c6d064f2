package jamfprotest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
)

// caller is a well-behaved client of a fake.
type caller struct {
	t       testing.TB
	f       *jamfprotest.Fake
	token   string
	prepare func(*http.Request)
}

type got struct {
	status int
	body   string
	header http.Header
}

// newCaller has a token already.
func newCaller(t testing.TB, f *jamfprotest.Fake) *caller {
	c := &caller{t: t, f: f, prepare: func(*http.Request) {}}
	c.login()
	return c
}

func (c *caller) login() {
	c.t.Helper()
	g := c.ask("/api/oauth/token", c.f.ClientSecret)
	require.Equal(c.t, 200, g.status, g.body)
	c.token = decode[map[string]any](c.t, g)["access_token"].(string)
}

// ask asks for an OAuth token.
func (c *caller) ask(path, secret string) got {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.f.ClientID}, "client_secret": {secret}}
	r := c.request("POST", path, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Del("Authorization")
	return c.do(r)
}

// user asks for a token of the user.
func (c *caller) user(name, password string) got {
	r := c.request("POST", "/api/v1/auth/token", "")
	r.SetBasicAuth(name, password)
	return c.do(r)
}

func (c *caller) get(path string) got { return c.send("GET", path, "") }

func (c *caller) send(method, path, body string) got {
	c.t.Helper()
	r := c.request(method, path, body)
	c.prepare(r)
	return c.do(r)
}

func (c *caller) request(method, path, body string) *http.Request {
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "/", in)
	u, err := r.URL.Parse("http://school.example" + path)
	require.NoError(c.t, err)
	r.URL, r.Host = u, u.Host
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func (c *caller) do(r *http.Request) got {
	rec := httptest.NewRecorder()
	c.f.ServeHTTP(rec, r)
	return got{rec.Code, rec.Body.String(), rec.Header()}
}

func decode[T any](t testing.TB, g got) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal([]byte(g.body), &v), g.body)
	return v
}

// page is what is the same on all pages.
type page struct {
	Total   int              `json:"totalCount"`
	Results []map[string]any `json:"results"`
}

func (c *caller) page(path string) page {
	c.t.Helper()
	g := c.get(path)
	require.Equal(c.t, 200, g.status, g.body)
	return decode[page](c.t, g)
}

// column lists one member of all rows.
func (p page) column(key string) []any {
	list := []any{}
	for _, r := range p.Results {
		list = append(list, r[key])
	}
	return list
}

// query is a path with parameters.
func query(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return path + "?" + q.Encode()
}
