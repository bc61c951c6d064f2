package relutiontest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

// The paths of a modern server.
const (
	v1    = "/api/management/v1"
	v2    = "/api/management/v2"
	query = v2 + "/devices/baseInfo/query"
)

func small() *fleet.District {
	return fleet.New(fleet.Options{Devices: 48, Schools: 2, Windows: 4, Android: 8})
}

// caller is a well-behaved client of a fake.
type caller struct {
	t       *testing.T
	fake    *relutiontest.Fake
	token   string
	tenant  string // "" = none is sent
	prepare func(*http.Request)
}

type got struct {
	t      *testing.T
	status int
	body   string
	header http.Header
}

func newCaller(t *testing.T, f *relutiontest.Fake) *caller {
	return &caller{t: t, fake: f, token: f.Token, tenant: f.Tenant, prepare: func(*http.Request) {}}
}

func (c *caller) get(path string) got { return c.send("GET", path, "") }

// list asks for a page of the light list of a modern server.
func (c *caller) list(body string) got { return c.send("POST", query, body) }

// send puts the tenant into the query.
func (c *caller) send(method, path, body string) got {
	c.t.Helper()
	if c.tenant != "" {
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		path += separator + "tenantOrganizationUuid=" + c.tenant
	}
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "/", in)
	u, err := url.Parse("https://relution.example" + path)
	require.NoError(c.t, err)
	r.URL = u
	if c.token != "" {
		r.Header.Set("X-User-Access-Token", c.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	c.prepare(r)
	rec := httptest.NewRecorder()
	c.fake.ServeHTTP(rec, r)
	return got{c.t, rec.Code, rec.Body.String(), rec.Header()}
}

// object reads the answer.
func (g got) object() map[string]any {
	g.t.Helper()
	var o map[string]any
	require.NoError(g.t, json.Unmarshal([]byte(g.body), &o), g.body)
	return o
}

// results are the elements of the wrapper.
func (g got) results() []map[string]any {
	g.t.Helper()
	require.Equal(g.t, 200, g.status, g.body)
	var list []map[string]any
	for _, v := range g.object()["results"].([]any) {
		list = append(list, v.(map[string]any))
	}
	return list
}

// column is one member of all results.
func (g got) column(name string) []any {
	g.t.Helper()
	var list []any
	for _, o := range g.results() {
		list = append(list, o[name])
	}
	return list
}

// result is the only element of the wrapper.
func (g got) result() map[string]any {
	g.t.Helper()
	list := g.results()
	require.Len(g.t, list, 1)
	return list[0]
}

// find is the first result with a value; of platforms, one whose hardware is
// known.
func (g got) find(name string, value any) map[string]any {
	g.t.Helper()
	for _, o := range g.results() {
		if o[name] == value && (name != "platform" || o["status"] != "ENROLLMENT_PENDING") {
			return o
		}
	}
	g.t.Fatalf("no element whose %s is %v", name, value)
	return nil
}
