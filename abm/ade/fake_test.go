package ade_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const apple = "https://mdmenrollment.apple.com"

// newFake is the service with so many iPads, and nothing else.
func newFake(t testing.TB, devices int) *adetest.Fake {
	t.Helper()
	f := adetest.New(&fleet.District{})
	for i := range devices {
		f.Add(f.Main, tablet(i))
	}
	t.Cleanup(func() { assert.Empty(t, f.Violations()) })
	return f
}

func serial(i int) string { return fmt.Sprintf("DMPX%08d", i) }

// tablet is the device of a number.
func tablet(i int) adetest.Device {
	return adetest.Device{Serial: serial(i), Model: "iPad (9th generation)", Description: "IPAD 9 WI-FI 64GB", Color: "SPACE GRAY",
		Family: "iPad", OS: "iPadOS", Assigned: time.Date(2025, 11, 30, 14, 20, 0, 0, time.UTC), AssignedBy: "it-admin@example-school.org",
		WiFiMAC: fmt.Sprintf("3C:22:FB:%02X:%02X:%02X", i>>16, i>>8&255, i&255)}
}

// tokenOf is the token of an entry as a client gets it.
func tokenOf(e *adetest.Entry) ade.Token {
	t := e.Token()
	return ade.Token{ConsumerKey: mdm.NewSecret(t.ConsumerKey), ConsumerSecret: mdm.NewSecret(t.ConsumerSecret),
		AccessToken: mdm.NewSecret(t.AccessToken), AccessSecret: mdm.NewSecret(t.AccessSecret), Expiry: t.Expiry}
}

// connect returns a client of the fake's main entry, without a socket between
// them.
func connect(t testing.TB, f *adetest.Fake, configure ...func(*ade.Config)) *ade.Client {
	t.Helper()
	return client(t, f.Transport(), append([]func(*ade.Config){func(cfg *ade.Config) {
		cfg.Token, cfg.Server = tokenOf(f.Main), f.Main.UUID()
	}}, configure...)...)
}

func client(t testing.TB, base http.RoundTripper, configure ...func(*ade.Config)) *ade.Client {
	t.Helper()
	secret := mdm.NewSecret
	cfg := ade.Config{Server: "4F1C2B7A90DE43B8A6E5D4C3B2A19087", Transport: clienttest.Quick(base), Token: ade.Token{
		ConsumerKey: secret("CK_1"), ConsumerSecret: secret("CS_2"), AccessToken: secret("AT_3"), AccessSecret: secret("AS_4")}}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := ade.New(cfg)
	require.NoError(t, err)
	return c
}

// pageSize makes pages of so many records.
func pageSize(n int) func(*ade.Config) {
	return func(cfg *ade.Config) { cfg.Transport.PageSize = n }
}

// asked counts the requests of a path.
func asked(f *adetest.Fake, path string) int {
	n := 0
	for _, r := range f.Requests() {
		if r.Path == path {
			n++
		}
	}
	return n
}

// scripted is a server of single exchanges: a path, the header of the session
// included, gives what its function says.
type scripted struct {
	mu       sync.Mutex
	requests []exchange
	answer   func(exchange) reply
}

type exchange struct {
	method, path, session, body string
	header                      http.Header
}

type reply struct {
	status int
	body   string
	header []string // names and values
}

const accountText = `{"server_name":"Inventory Sync","server_uuid":"4F1C2B7A90DE43B8A6E5D4C3B2A19087","admin_id":"it-admin@example-school.org",
	"org_name":"Example School District","org_id":"10203040","org_type":"edu","org_version":"v2",
	"urls":[{"uri":"/server/devices","http_method":["POST"],"limit":{"default":100,"maximum":1000}}]}`

// script answers a session, an account, and what answer says for the rest; an
// empty reply leaves it to the former.
func script(answer func(exchange) reply) *scripted { return &scripted{answer: answer} }

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	e := exchange{method: r.Method, path: r.URL.RequestURI(), session: r.Header.Get("X-ADM-Auth-Session"), header: r.Header.Clone()}
	if r.Body != nil {
		body, _ := io.ReadAll(r.Body)
		e.body = string(body)
	}
	s.mu.Lock()
	s.requests = append(s.requests, e)
	n := 0
	for _, made := range s.requests {
		if made.path == "/session" {
			n++
		}
	}
	s.mu.Unlock()
	a := s.answer(e)
	switch {
	case a.status != 0:
	case e.path == "/session":
		a = reply{status: 200, body: fmt.Sprintf(`{"auth_session_token":"S%d"}`, n)}
	case e.path == "/account":
		a = reply{status: 200, body: accountText}
	default:
		a = reply{status: 404, body: "NOT_FOUND"}
	}
	h := http.Header{}
	for i := 0; i+1 < len(a.header); i += 2 {
		h.Set(a.header[i], a.header[i+1])
	}
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: -1,
		Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}, nil
}

// of returns the requests of a path.
func (s *scripted) of(path string) []exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []exchange
	for _, e := range s.requests {
		if e.path == path {
			found = append(found, e)
		}
	}
	return found
}

const someUUID = "0D9C8B7A6F5E4D3C2B1A099887766554"

// monitor notes what it is told.
type monitor struct {
	mu        sync.Mutex
	refuse    error
	allowed   int
	confirmed []ade.Identity
	failed    []string
}

func (m *monitor) Allow(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.allowed++
	return m.refuse
}

func (m *monitor) Confirmed(_ context.Context, live ade.Identity) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.confirmed = append(m.confirmed, live)
	return nil
}

func (m *monitor) Failed(_ context.Context, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed = append(m.failed, mdm.Code(err))
}
