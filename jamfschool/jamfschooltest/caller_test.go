package jamfschooltest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
)

// caller is a well-behaved client of a handler.
type caller struct {
	t       *testing.T
	handler http.Handler
	key     string
	prepare func(*http.Request)
}

type got struct {
	status int
	body   string
	header http.Header
}

func newCaller(t *testing.T, h http.Handler) *caller {
	c := &caller{t: t, handler: h, prepare: func(*http.Request) {}}
	if f, ok := h.(*jamfschooltest.Fake); ok {
		c.key = f.Key
	}
	return c
}

func (c *caller) get(path string) got { return c.send("GET", path, "") }

func (c *caller) send(method, path, body string) got {
	c.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "/", in)
	r.RemoteAddr = "127.0.0.1:4000"
	u, err := r.URL.Parse("http://school.example" + path)
	require.NoError(c.t, err)
	r.URL = u
	r.SetBasicAuth("2409871", c.key)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("X-Server-Protocol-Version", "3")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	c.prepare(r)
	rec := httptest.NewRecorder()
	c.handler.ServeHTTP(rec, r)
	return got{rec.Code, rec.Body.String(), rec.Header()}
}
