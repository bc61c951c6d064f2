package intunetest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
)

const (
	root      = "https://graph.microsoft.com"
	loginRoot = "https://login.microsoftonline.com"
)

// caller is a well-behaved client of a fake.
type caller struct {
	t      *testing.T
	f      *intunetest.Fake
	token  string
	header http.Header // of the next request, beside the usual ones
}

type got struct {
	status int
	body   string
	header http.Header
}

func newCaller(t *testing.T, f *intunetest.Fake) *caller {
	t.Helper()
	c := &caller{t: t, f: f, header: http.Header{}}
	c.login()
	return c
}

// login gets a new token.
func (c *caller) login() {
	c.t.Helper()
	res := c.tokenFor(c.f.TenantID, url.Values{"client_id": {c.f.ClientID}, "client_secret": {c.f.ClientSecret}})
	require.Equal(c.t, 200, res.status, res.body)
	c.token = res.object(c.t)["access_token"].(string)
}

// tokenFor asks for a token; what the form lacks is filled in.
func (c *caller) tokenFor(tenant string, form url.Values) got {
	c.t.Helper()
	for name, value := range map[string]string{"scope": root + "/.default", "grant_type": "client_credentials"} {
		if !form.Has(name) {
			form.Set(name, value)
		}
	}
	r, err := http.NewRequest("POST", loginRoot+"/"+tenant+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	require.NoError(c.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	return c.do(r)
}

func (c *caller) get(path string) got { c.t.Helper(); return c.send("GET", path, "") }

func (c *caller) post(path, body string) got { c.t.Helper(); return c.send("POST", path, body) }

// send sends a request; the path may be a whole address.
func (c *caller) send(method, path, body string) got {
	c.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = root + path
	}
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r, err := http.NewRequest(method, path, in)
	require.NoError(c.t, err)
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	c.header = http.Header{}
	return c.do(r)
}

func (c *caller) do(r *http.Request) got {
	c.t.Helper()
	client := c.f.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	require.NoError(c.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(c.t, err)
	return got{res.StatusCode, string(b), res.Header}
}

// object decodes a JSON object.
func (g got) object(t *testing.T) map[string]any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader([]byte(g.body)))
	var v map[string]any
	require.NoError(t, d.Decode(&v), g.body)
	return v
}

// values are the elements of a collection.
func (g got) values(t *testing.T) []map[string]any {
	t.Helper()
	require.Equal(t, 200, g.status, g.body)
	var v struct{ Value []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(g.body), &v), g.body)
	return v.Value
}

// next is the next link; "" = there is none.
func (g got) next(t *testing.T) string {
	t.Helper()
	s, _ := g.object(t)["@odata.nextLink"].(string)
	return s
}

// failure is the code and the message of an error in Graph's shape.
func (g got) failure(t *testing.T) (code, message string) {
	t.Helper()
	var v struct {
		Error struct {
			Code, Message string
			InnerError    struct {
				Date    string
				Request string `json:"request-id"`
				Client  string `json:"client-request-id"`
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(g.body), &v), g.body)
	require.NotEmpty(t, v.Error.InnerError.Request)
	require.NotEmpty(t, v.Error.InnerError.Client)
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`, v.Error.InnerError.Date)
	return v.Error.Code, v.Error.Message
}

func request(t *testing.T, method, address, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	require.NoError(t, err)
	return r
}

// overWire sends a request through a socket.
func overWire(t *testing.T, r *http.Request) got {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return got{res.StatusCode, string(b), res.Header}
}
