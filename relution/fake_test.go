package relution_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
	"github.com/stretchr/testify/require"
)

const (
	token        = "rlt2Abcdefghij" + "K0L1M2N3O4P5Q6R7S8T9U0V1W2X3Y4Z5a6b7c8d9e0f1g2"
	organisation = "3B9D5A10-77C2-4E61-9F0B-6A1D0C2E4F88"
	other        = "4C8E6B21-88D3-4F72-A01C-7B2E1D3F5A99"
)

// tenant is a server whose list of devices is paged by offset, in the newest
// generation unless prefix and listing say otherwise. Everything else is
// scripted by method and path. The hook sees each request first; it may change
// the tenant, or answer itself.
type tenant struct {
	script  scripted
	prefix  string // "" = /api/management
	listing string // "" = post-query
	devices []string
	bare    bool // lists have no total
	cut     int  // most rows of a page; 0 = any number
	hook    func(r *http.Request) *answer

	mu    sync.Mutex
	asked []*request
}

type scripted map[string]answer

type answer struct {
	status int // 0 = 200
	body   string
	header http.Header
	err    error // instead of an answer
}

// request is what the client asked.
type request struct {
	*http.Request
	body string
}

// html is the portal's page.
func html(status int) answer {
	return answer{status: status, body: "<!DOCTYPE html><html><title>Portal</title></html>", header: http.Header{"Content-Type": {"text/html"}}}
}

func (t *tenant) client(tb testing.TB, configure ...func(*relution.Config)) *relution.Client {
	tb.Helper()
	cfg := relution.Config{Address: "relution.example.de", Token: mdm.NewSecret(token), Transport: clienttest.Quick(t)}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := relution.New(cfg)
	require.NoError(tb, err)
	return c
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
	t.mu.Lock()
	defer t.mu.Unlock()
	asked := &request{r, string(body)}
	t.asked = append(t.asked, asked)
	a := t.answer(asked)
	if a.err != nil {
		return nil, a.err
	}
	return a.response(r), nil
}

func (t *tenant) answer(r *request) answer {
	if t.hook != nil {
		if a := t.hook(r.Request); a != nil {
			return *a
		}
	}
	if a, ok := t.script[r.Method+" "+r.URL.Path]; ok {
		return a
	}
	prefix := cmp.Or(t.prefix, relution.PrefixManagement)
	switch cmp.Or(t.listing, relution.ListQuery) {
	case relution.ListQuery:
		if r.Method == http.MethodPost && r.URL.Path == prefix+"/v2/devices/baseInfo/query" {
			var q struct{ Limit, Offset int }
			_ = json.Unmarshal([]byte(r.body), &q)
			return t.page(q.Limit, q.Offset)
		}
	case relution.ListBaseInfo:
		if r.Method == http.MethodGet && r.URL.Path == prefix+"/v1/devices/baseInfo" {
			return t.get(r)
		}
	case relution.ListFull:
		if r.Method == http.MethodGet && r.URL.Path == prefix+"/v1/devices" {
			return t.get(r)
		}
	}
	return answer{status: 404, body: ""}
}

func (t *tenant) get(r *request) answer {
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	return t.page(limit, offset)
}

func (t *tenant) page(limit, offset int) answer {
	if t.cut > 0 {
		limit = min(limit, t.cut)
	}
	kept := t.devices[min(offset, len(t.devices)):min(offset+limit, len(t.devices))]
	total := fmt.Sprintf(`"total":%d,`, len(t.devices))
	if t.bare {
		total = ""
	}
	return answer{body: `{"status":"0","message":null,"errors":{},"exception":null,` + total + `"results":[` + strings.Join(kept, ",") + `]}`}
}

func (a answer) response(r *http.Request) *http.Response {
	if a.header == nil {
		a.header = http.Header{"Content-Type": {"application/json"}}
	}
	return &http.Response{StatusCode: cmp.Or(a.status, http.StatusOK), Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r,
		ContentLength: -1, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
}

// requests returns what was asked at paths that end so; "" = all.
func (t *tenant) requests(end string) []*request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Collect(func(yield func(*request) bool) {
		for _, r := range t.asked {
			if strings.HasSuffix(r.URL.Path, end) && !yield(r) {
				return
			}
		}
	})
}

// id is the UUID of the nth device.
func id(n int) string { return fmt.Sprintf("7C1E0B52-9A40-4D0F-8C55-%012d", n) }

// device is a device of a list, with more members.
func device(n int, more string) string {
	if more != "" {
		more = "," + more
	}
	return fmt.Sprintf(`{"uuid":%q,"organizationUuid":%q,"name":"iPad %d","status":"COMPLIANT","platform":"IOS","model":"iPad12,1","serialNumber":"DMPXK%07d"%s}`,
		id(n), organisation, n, n, more)
}

// one lists a single device given as members of JSON, besides its UUID.
func one(tb testing.TB, members string, configure ...func(*relution.Config)) *relution.Device {
	tb.Helper()
	tn := &tenant{devices: []string{fmt.Sprintf(`{"uuid":%q,%s}`, id(1), members)}}
	all := clienttest.Collect(tb, tn.client(tb, configure...).Devices(tb.Context(), nil))
	require.Len(tb, all, 1)
	return all[0]
}

// detailOf reads a single device given as members of JSON.
func detailOf(tb testing.TB, members string, configure ...func(*relution.Config)) *relution.Device {
	tb.Helper()
	tn := &tenant{script: scripted{"GET /api/management/v1/devices/" + id(1): {
		body: fmt.Sprintf(`{"status":"0","total":1,"results":[{"uuid":%q,%s}]}`, id(1), members)}}}
	d, err := tn.client(tb, configure...).Device(tb.Context(), id(1))
	require.NoError(tb, err)
	return d
}

// failure is the error that a listing ends with.
func failure(tb testing.TB, c *relution.Client) error {
	tb.Helper()
	var last error
	for _, err := range c.Source().Pages(tb.Context(), mdm.Query{}) {
		last = err
	}
	return last
}

func size(n int) func(*relution.Config) {
	return func(cfg *relution.Config) { cfg.Transport.PageSize = n }
}

func of(tenant string) func(*relution.Config) {
	return func(cfg *relution.Config) { cfg.Tenant = tenant }
}

func keepRaw(cfg *relution.Config) { cfg.KeepRaw = true }

func now() time.Time { return time.Now() }

func transportSize(n int) transport.Options { return transport.Options{PageSize: n} }

var wireWithoutAlias = relutiontest.Wire{NoAlias: true}
