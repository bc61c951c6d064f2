package jamfpro_test

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/require"
)

const (
	clientID     = "7c1f0c2e-5b1d-4c9a-8a53-0c7a4f1b2d3e"
	clientSecret = "s3cr+t&=/%plus"
	managementID = "c1a7d2e4-3b58-4f06-9d21-77aa10bb20cc"
)

// scripted is a server that answers by method and path. Unless scripted
// otherwise it gives tokens and says that it is of version 11.30.
type scripted map[string]answer

type answer struct {
	status int // 0 = 200
	body   string
	header http.Header
	err    error // instead of an answer
	drop   bool  // as if there were no entry
}

// tenant is a server with devices in it, whose lists are paged by offset. The
// hook sees each request first; it may change the tenant, or answer itself.
type tenant struct {
	script    scripted
	version   string // "" = 11.30.1
	oldest    int    // generation of computers that exists at least up to; 0 = all
	computers []row
	mobiles   []row
	cut       int // most rows of a page; 0 = 2000
	hook      func(r *http.Request) *answer

	mu    sync.Mutex
	asked []*request
}

// row is a device in a list.
type row struct {
	id   int
	json string
}

// request is what the client asked.
type request struct {
	*http.Request
	body string
}

func (t *tenant) client(tb testing.TB, configure ...func(*jamfpro.Config)) *jamfpro.Client {
	tb.Helper()
	cfg := jamfpro.Config{Address: "school.jamfcloud.com", ClientID: clientID, ClientSecret: mdm.NewSecret(clientSecret), Transport: clienttest.Quick(t)}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := jamfpro.New(cfg)
	require.NoError(tb, err)
	return c
}

func (s scripted) client(tb testing.TB, configure ...func(*jamfpro.Config)) (*jamfpro.Client, *tenant) {
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
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked = append(t.asked, &request{r, string(body)})
	a := t.answer(r)
	if a.err != nil {
		return nil, a.err
	}
	return a.response(r), nil
}

func (t *tenant) answer(r *http.Request) answer {
	if t.hook != nil {
		if a := t.hook(r); a != nil {
			return *a
		}
	}
	if a, ok := t.script[r.Method+" "+r.URL.Path]; ok && !a.drop {
		return a
	}
	return t.usual(r)
}

var computersPath = regexp.MustCompile(`^/api/v(\d)/computers-inventory$`)

func (t *tenant) usual(r *http.Request) answer {
	version := cmp.Or(t.version, "11.30.1-t1784555528405")
	switch path := r.URL.Path; {
	case path == "/api/oauth/token":
		return answer{body: `{"access_token":"Token-of-the-tests-1","token_type":"Bearer","scope":"api-role:3","expires_in":599}`}
	case path == "/api/v1/jamf-pro-version":
		return answer{body: `{"version":"` + version + `"}`}
	case path == "/api/v2/mobile-devices/detail":
		return t.page(r, t.mobiles, "mobileDeviceId")
	}
	if m := computersPath.FindStringSubmatch(r.URL.Path); m != nil && t.has(m[1]) {
		return t.page(r, t.computers, "id")
	}
	return noRoute
}

// noRoute is how an unknown path is answered.
var noRoute = answer{status: 404, body: "<!doctype html><html><title>HTTP Status 404</title></html>", header: http.Header{"Content-Type": {"text/html"}}}

func (t *tenant) has(generation string) bool {
	n, _ := strconv.Atoi(generation)
	return t.oldest == 0 || n <= t.oldest
}

var (
	inFilter     = regexp.MustCompile(`=in=\((.*)\)$`)
	serialFilter = regexp.MustCompile(`erialNumber==("(?:[^"\\]|\\.)*")$`)
)

func (t *tenant) page(r *http.Request, all []row, id string) answer {
	q := r.URL.Query()
	kept := slices.Clone(all)
	slices.SortFunc(kept, func(a, b row) int { return a.id - b.id })
	if q.Get("sort") == id+":desc" {
		slices.Reverse(kept)
	}
	if m := inFilter.FindStringSubmatch(q.Get("filter")); m != nil {
		kept = slices.DeleteFunc(kept, func(r row) bool { return !strings.Contains(m[1], fmt.Sprintf("%q", strconv.Itoa(r.id))) })
	}
	if m := serialFilter.FindStringSubmatch(q.Get("filter")); m != nil {
		kept = slices.DeleteFunc(kept, func(r row) bool { return !strings.Contains(r.json, `"serialNumber":`+m[1]) })
	}
	page, _ := strconv.Atoi(q.Get("page"))
	size, _ := strconv.Atoi(q.Get("page-size"))
	size = min(size, cmp.Or(t.cut, 2000))
	total := len(kept)
	kept = kept[min(page*size, total):min(page*size+size, total)]
	var texts []string
	for _, r := range kept {
		texts = append(texts, r.json)
	}
	return answer{body: fmt.Sprintf(`{"totalCount":%d,"results":[%s]}`, total, strings.Join(texts, ","))}
}

func (a answer) response(r *http.Request) *http.Response {
	if a.header == nil {
		a.header = http.Header{"Content-Type": {"application/json"}}
	}
	return &http.Response{StatusCode: cmp.Or(a.status, http.StatusOK), Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r,
		ContentLength: -1, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
}

// requests returns what was asked at a path, or at all paths below one that
// ends in a slash.
func (t *tenant) requests(method, path string) []*request {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []*request
	for _, r := range t.asked {
		if r.Method == method && (r.URL.Path == path || strings.HasSuffix(path, "/") && strings.HasPrefix(r.URL.Path, path)) {
			all = append(all, r)
		}
	}
	return all
}

func (t *tenant) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked = nil
}

// computers makes rows with ids from 1 on.
func computers(n int) []row {
	var all []row
	for id := 1; id <= n; id++ {
		all = append(all, computer(id))
	}
	return all
}

func computer(id int) row {
	return row{id, fmt.Sprintf(`{"id":"%d","udid":"7B1F5C2E-90AA-5D3B-8C44-%012d","general":{"name":"Mac %d","remoteManagement":{"managed":true},"managementId":"c1a7d2e4-3b58-4f06-9d21-%012d"},"hardware":{"serialNumber":"C%07d"}}`, id, id, id, id, id)}
}

func mobiles(n int) []row {
	var all []row
	for id := 1; id <= n; id++ {
		all = append(all, mobile(id))
	}
	return all
}

func mobile(id int) row {
	return row{id, fmt.Sprintf(`{"mobileDeviceId":"%d","deviceType":"iOS","general":{"displayName":"iPad %d","managed":true,"supervised":true,"managementId":"e8f1d0aa-6f4b-4f0d-b7c8-%012d"},"hardware":{"serialNumber":"M%07d","modelIdentifier":"iPad12,1"}}`, id, id, id, id)}
}

// oneComputer lists a single computer given as JSON.
func oneComputer(tb testing.TB, json string) *jamfpro.Device {
	tb.Helper()
	t := &tenant{computers: []row{{7, json}}}
	all := clienttest.Collect(tb, t.client(tb).Computers(tb.Context(), nil))
	require.Len(tb, all, 1)
	return all[0]
}

func oneMobile(tb testing.TB, json string) *jamfpro.Device {
	tb.Helper()
	t := &tenant{mobiles: []row{{7, json}}}
	all := clienttest.Collect(tb, t.client(tb).MobileDevices(tb.Context(), nil))
	require.Len(tb, all, 1)
	return all[0]
}

func only(kind string) func(*jamfpro.Config) {
	return func(cfg *jamfpro.Config) { cfg.Only = kind }
}

func size(n int) func(*jamfpro.Config) {
	return func(cfg *jamfpro.Config) { cfg.Transport.PageSize = n }
}

// one lets one request be in flight, so that tests know the order.
func one(cfg *jamfpro.Config) { cfg.Transport.Concurrency = 1 }

func quickSize(n int) transport.Options { return transport.Options{PageSize: n} }

func quickConcurrency(n int) transport.Options { return transport.Options{Concurrency: n} }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
