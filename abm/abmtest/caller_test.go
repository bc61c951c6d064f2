package abmtest_test

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/abmtest"
)

const (
	tokenURL  = "https://account.apple.com/auth/oauth2/token"
	audience  = "https://account.apple.com/auth/oauth2/v2/token"
	bearer    = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	devices   = "/v1/orgDevices"
	servers   = "/v1/mdmServers"
	movements = "/v1/orgDeviceActivities"
)

// caller is a well-behaved client of a fake.
type caller struct {
	t       testing.TB
	f       *abmtest.Fake
	host    string
	scope   string
	token   string
	prepare func(*http.Request)
}

type got struct {
	status int
	body   string
	header http.Header
}

// newCaller has a token already.
func newCaller(t testing.TB, f *abmtest.Fake) *caller {
	c := &caller{t: t, f: f, host: "https://api-business.apple.com", scope: "business.api", prepare: func(*http.Request) {}}
	if strings.HasPrefix(f.ClientID, "SCHOOLAPI.") {
		c.host, c.scope = "https://api-school.apple.com", "school.api"
	}
	c.login(f.ClientID)
	return c
}

func (c *caller) login(clientID string) {
	c.t.Helper()
	g := c.ask(c.form(c.sign(clientID, nil)))
	require.Equal(c.t, 200, g.status, g.body)
	c.token = decode[map[string]any](c.t, g)["access_token"].(string)
}

// sign makes a good assertion, apart from what edit does to it.
func (c *caller) sign(clientID string, edit func(header, claims map[string]any)) string {
	now := time.Now()
	claims := jwt.MapClaims{"iss": clientID, "sub": clientID, "aud": audience, "iat": now.Unix(), "exp": now.Add(15 * time.Minute).Unix(), "jti": rand.Text()}
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	key := c.f.KeyOf(clientID)
	token.Header["kid"] = key.ID
	if edit != nil {
		edit(token.Header, claims)
	}
	text, err := token.SignedString(key.Private())
	require.NoError(c.t, err)
	return text
}

func (c *caller) form(assertion string) url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_id": {c.f.ClientID}, "client_assertion_type": {bearer},
		"client_assertion": {assertion}, "scope": {c.scope},
	}
}

// ask asks for a token.
func (c *caller) ask(form url.Values) got {
	r := c.request("POST", tokenURL, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Del("Authorization")
	return c.do(r)
}

func (c *caller) get(path string) got { return c.send("GET", path, "") }

func (c *caller) send(method, path, body string) got {
	c.t.Helper()
	r := c.request(method, c.host+path, body)
	c.prepare(r)
	return c.do(r)
}

func (c *caller) request(method, address, body string) *http.Request {
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "/", in)
	u, err := url.Parse(address)
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

type resource struct {
	Type          string         `json:"type"`
	ID            string         `json:"id"`
	Attributes    map[string]any `json:"attributes"`
	Relationships map[string]any `json:"relationships"`
}

// page is a list.
type page struct {
	Data  []resource     `json:"data"`
	Links map[string]any `json:"links"`
	Meta  *struct {
		Paging map[string]any `json:"paging"`
	} `json:"meta"`
}

func (p page) ids() []string {
	ids := []string{}
	for _, r := range p.Data {
		ids = append(ids, r.ID)
	}
	return ids
}

func (c *caller) page(path string) page {
	c.t.Helper()
	g := c.get(path)
	require.Equal(c.t, 200, g.status, g.body)
	return decode[page](c.t, g)
}

func (c *caller) one(path string) resource {
	c.t.Helper()
	g := c.get(path)
	require.Equal(c.t, 200, g.status, g.body)
	return decode[struct{ Data resource }](c.t, g).Data
}

// all follows the links of a list.
func (c *caller) all(path string) []resource {
	c.t.Helper()
	var list []resource
	for path != "" {
		p := c.page(path)
		list = append(list, p.Data...)
		next, _ := p.Links["next"].(string)
		path = strings.TrimPrefix(next, c.host)
	}
	return list
}

// code is the code of the first error.
func (g got) code(t testing.TB) string {
	t.Helper()
	e := decode[struct {
		Errors []struct{ Code, Status string }
	}](t, g)
	require.NotEmpty(t, e.Errors, g.body)
	return e.Errors[0].Code
}

// query is a path with parameters.
func query(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return path + "?" + q.Encode()
}
