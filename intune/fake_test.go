package intune_test

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	tenantID     = "7c1e5a90-4b2d-4f6a-9e83-d05b1a7c6e24"
	clientID     = "1f0e7c52-93ab-4d18-8c67-2b4a6f1d9035"
	clientSecret = "q8Q~s3cr+t&only.for%21tests"
	deviceID     = "0a9b8c7d-1122-4334-8556-778899aabbcc"
	graph        = "https://graph.microsoft.com"
	devices      = "/deviceManagement/managedDevices"
)

// scripted is a service that answers by method and path, where a host other
// than Graph's stands before the path. Unless scripted otherwise it gives
// tokens, counts no devices, and lists the same in both versions.
type scripted map[string]answer

type answer struct {
	status int // 0 = 200
	body   string
	header http.Header
	err    error // instead of an answer
}

// tenant is a service; the hook sees each request first and may answer it.
type tenant struct {
	script scripted
	hook   func(r *request) *answer

	mu    sync.Mutex
	asked []*request
}

// request is what the client asked.
type request struct {
	*http.Request
	body string
}

func (t *tenant) client(tb testing.TB, configure ...func(*intune.Config)) *intune.Client {
	tb.Helper()
	cfg := intune.Config{TenantID: tenantID, ClientID: clientID, ClientSecret: mdm.NewSecret(clientSecret), Transport: clienttest.Quick(t)}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := intune.New(cfg)
	require.NoError(tb, err)
	return c
}

func (s scripted) client(tb testing.TB, configure ...func(*intune.Config)) (*intune.Client, *tenant) {
	tb.Helper()
	t := &tenant{script: s}
	return t.client(tb, configure...), t
}

func (t *tenant) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body.Close()
	}
	got := &request{r, string(body)}
	t.mu.Lock()
	t.asked = append(t.asked, got)
	t.mu.Unlock()
	a := t.answer(got)
	if a.err != nil {
		return nil, a.err
	}
	return a.response(r), nil
}

func (t *tenant) answer(r *request) answer {
	if t.hook != nil {
		if a := t.hook(r); a != nil {
			return *a
		}
	}
	place := r.URL.Path
	if r.URL.Host != "graph.microsoft.com" {
		place = r.URL.Host + place
	}
	if a, ok := t.script[r.Method+" "+place]; ok {
		return a
	}
	if a, ok := t.script["GET /v1.0"+devices]; ok && r.Method == http.MethodGet && place == "/beta"+devices {
		return a
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/token"):
		return answer{body: `{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"Token-of-the-tests-1"}`}
	case r.URL.Path == "/v1.0/deviceManagement/managedDeviceOverview":
		return answer{body: `{"enrolledDeviceCount":0}`}
	case r.URL.Path == "/v1.0/deviceManagement":
		return answer{body: `{"intuneAccountId":"3c1b0000-0000-4000-8000-000000000001","subscriptionState":"active"}`}
	}
	return answer{status: 404, body: `{"error":{"code":"ResourceNotFound","message":"Resource not found.","innerError":{"date":"2026-03-04T08:00:00"}}}`}
}

func (a answer) response(r *http.Request) *http.Response {
	header := a.header
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Type") == "" {
		header = header.Clone()
		header.Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	}
	return &http.Response{StatusCode: cmp.Or(a.status, http.StatusOK), Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r,
		ContentLength: -1, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
}

// requests returns what was asked with a method at paths that hold a text.
func (t *tenant) requests(method, part string) []*request {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []*request
	for _, r := range t.asked {
		if r.Method == method && strings.Contains(r.URL.Path, part) {
			all = append(all, r)
		}
	}
	return all
}

// pageOf writes a page of a list.
func pageOf(next string, rows ...string) answer {
	link := ""
	if next != "" {
		link = fmt.Sprintf(`"@odata.nextLink":%q,`, next)
	}
	return answer{body: `{"@odata.context":"x","@odata.count":0,` + link + `"value":[` + strings.Join(rows, ",") + `]}`}
}

// deviceRow writes a device of a list, with a number in its id and further
// members.
func deviceRow(n int, members string) string {
	if members != "" {
		members = "," + members
	}
	return fmt.Sprintf(`{"id":"00000000-0000-4000-8000-%012d","deviceName":"Device %d"%s}`, n, n, members)
}

// one lists a single device whose further members are given as JSON.
func one(tb testing.TB, members string) *intune.Device {
	tb.Helper()
	c, _ := scripted{"GET /v1.0" + devices: pageOf("", deviceRow(7, members))}.client(tb)
	all := clienttest.Collect(tb, c.Devices(tb.Context(), nil))
	require.Len(tb, all, 1)
	return all[0]
}

// single reads a single device whose further members are given as JSON.
func single(tb testing.TB, members string) *intune.Device {
	tb.Helper()
	c, _ := scripted{"GET /beta" + devices + "/" + deviceID: {body: `{"id":"` + deviceID + `",` + members + `}`}}.client(tb)
	d, err := c.Device(tb.Context(), deviceID)
	require.NoError(tb, err)
	return d
}

// failure is an error answer of Graph.
func failure(status int, code, message string) answer {
	return answer{status: status, body: fmt.Sprintf(`{"error":{"code":%q,"message":%q,"innerError":{"date":"2026-03-04T08:00:00","request-id":"7f3a"}}}`, code, message)}
}

func size(n int) func(*intune.Config) {
	return func(cfg *intune.Config) { cfg.Transport.PageSize = n }
}

// fakeTenant is a fake and a client of it. The test fails if the fake met what
// the service would not allow.
func fakeTenant(t testing.TB, configure ...func(*intune.Config)) (*intune.Client, *intunetest.Fake) {
	t.Helper()
	fake := intunetest.New(fleet.New(fleet.Options{Devices: 60, Windows: 20, Android: 15}))
	t.Cleanup(func() { assert.Empty(t, fake.Violations()) })
	return clientOf(t, fake, configure...), fake
}

func clientOf(t testing.TB, fake *intunetest.Fake, configure ...func(*intune.Config)) *intune.Client {
	t.Helper()
	cfg := intune.Config{TenantID: fake.TenantID, ClientID: fake.ClientID, ClientSecret: mdm.NewSecret(fake.ClientSecret),
		Transport: clienttest.Quick(fake.Transport())}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := intune.New(cfg)
	require.NoError(t, err)
	return c
}

// upper writes an id as other tools of the service do.
func upper(id string) string { return strings.ToUpper(id) }
