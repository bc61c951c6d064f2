package adetest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// caller is a well-behaved client of a fake.
type caller struct {
	t       testing.TB
	f       *adetest.Fake
	session string
	version string
	prepare func(*http.Request)
	nonces  int
}

type got struct {
	status int
	body   string
	header http.Header
}

const jsonType = "application/json;charset=UTF8"

// newCaller has a session already.
func newCaller(t testing.TB, f *adetest.Fake) *caller {
	c := stranger(t, f)
	c.login(f.Main.Token())
	return c
}

// stranger has no session.
func stranger(t testing.TB, f *adetest.Fake) *caller {
	return &caller{t: t, f: f, version: "10", prepare: func(*http.Request) {}}
}

// login opens a session with a token.
func (c *caller) login(token adetest.Token) {
	c.t.Helper()
	g := c.ask(token)
	require.Equal(c.t, 200, g.status, g.body)
	c.session = decode[map[string]string](c.t, g)["auth_session_token"]
	require.NotEmpty(c.t, c.session)
}

// ask asks for a session with a token.
func (c *caller) ask(token adetest.Token, change ...func(*oauth)) got {
	c.t.Helper()
	r := c.request("GET", "/session", "")
	r.Header.Del("X-ADM-Auth-Session")
	c.nonces++
	o := oauth{params: [][2]string{
		{"realm", "ADM"},
		{"oauth_consumer_key", token.ConsumerKey},
		{"oauth_token", token.AccessToken},
		{"oauth_signature_method", "HMAC-SHA1"},
		{"oauth_timestamp", fmt.Sprint(time.Now().Unix())},
		{"oauth_nonce", fmt.Sprintf("%p%d", c, c.nonces)},
		{"oauth_version", "1.0"},
	}, consumerSecret: token.ConsumerSecret, tokenSecret: token.AccessSecret}
	for _, f := range change {
		f(&o)
	}
	r.Header.Set("Authorization", o.header(r))
	c.prepare(r)
	return c.do(r)
}

func (c *caller) get(path string) got            { return c.send("GET", path, "") }
func (c *caller) post(path, body string) got     { return c.send("POST", path, body) }
func (c *caller) page(path, body string) listing { return answer[listing](c, "POST", path, body) }
func (c *caller) code(method, path, b string) string {
	c.t.Helper()
	g := c.send(method, path, b)
	return fmt.Sprintf("%d %s", g.status, g.body)
}

func (c *caller) send(method, path, body string) got {
	c.t.Helper()
	r := c.request(method, path, body)
	c.prepare(r)
	g := c.do(r)
	if renewed := g.header.Get("X-ADM-Auth-Session"); renewed != "" {
		c.session = renewed
	}
	return g
}

func (c *caller) request(method, path, body string) *http.Request {
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "https://mdmenrollment.apple.com"+path, in)
	r.Header.Set("User-Agent", "adetest/1.0")
	r.Header.Set("Accept", jsonType)
	r.Header.Set("Content-Type", jsonType)
	if c.session != "" {
		r.Header.Set("X-ADM-Auth-Session", c.session)
	}
	if c.version != "" {
		r.Header.Set("X-Server-Protocol-Version", c.version)
	}
	return r
}

func (c *caller) do(r *http.Request) got {
	rec := httptest.NewRecorder()
	c.f.ServeHTTP(rec, r)
	return got{rec.Code, rec.Body.String(), rec.Header()}
}

// clean checks that the fake has nothing to complain of.
func (c *caller) clean() {
	c.t.Helper()
	assert.Empty(c.t, c.f.Violations())
}

// answer sends a request that must succeed.
func answer[T any](c *caller, method, path, body string) T {
	c.t.Helper()
	g := c.send(method, path, body)
	require.Equal(c.t, 200, g.status, g.body)
	return decode[T](c.t, g)
}

func decode[T any](t testing.TB, g got) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal([]byte(g.body), &v), g.body)
	return v
}

// listing is the answer of fetch and sync.
type listing struct {
	Cursor  string           `json:"cursor"`
	More    bool             `json:"more_to_follow"`
	Until   string           `json:"fetched_until"`
	Devices []map[string]any `json:"devices"`
}

// column lists one member of all records.
func (l listing) column(key string) []string {
	list := []string{}
	for _, d := range l.Devices {
		list = append(list, fmt.Sprint(d[key]))
	}
	return list
}

// statuses is the answer of writes.
type statuses struct {
	Profile string            `json:"profile_uuid"`
	Devices map[string]string `json:"devices"`
	Retry   int               `json:"retry_after_seconds"`
}

const (
	iPad = "DMPXQ1ZZHK5N"
	mac  = "FVFYX0ABQ6L4"
	tv   = "C07XT0ATV002"
)

// small is a district like the one of the reference: an iPad in use, a new Mac,
// an Apple TV, and a device that a person enrolled and Apple does not know.
func small() *fleet.District {
	now := time.Date(2026, 2, 3, 9, 21, 0, 0, time.UTC)
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 30, 0, 0, time.UTC)
	}
	return &fleet.District{
		Name: "Example School District", Now: now,
		Devices: []fleet.Device{
			{Truth: "1", Serial: iPad, Platform: fleet.IPadOS, Class: fleet.Tablet, Model: "iPad (9th generation)", Color: "Space Gray",
				WiFiMAC: "02:00:5e:10:00:01", BluetoothMAC: "02:00:5e:10:00:02",
				SIMs:      []fleet.SIM{{IMEI: "019876543210987", EID: "89049032004008882600000000000042"}},
				Enrolment: fleet.Automated, Profile: "Students", Added: at(1, 5, 14), Enrolled: at(1, 13, 10), LastSeen: now},
			{Truth: "9", Serial: "K7Q2XT90LM", Platform: fleet.MacOS, Model: "MacBook Air", Enrolment: fleet.Manual, Added: at(1, 1, 1), LastSeen: now},
			{Truth: "8", Serial: "unknown", Platform: fleet.IPadOS, Model: "iPad", Enrolment: fleet.Automated, Added: at(1, 1, 1),
				Flaws: []fleet.Flaw{fleet.JunkSerial}, LastSeen: now},
		},
		Stock: []fleet.Device{
			{Truth: "2", Serial: mac, Platform: fleet.MacOS, Model: "MacBook Air", Color: "Midnight", Enrolment: fleet.Automated, Added: at(2, 2, 7)},
			{Truth: "3", Serial: tv, Platform: fleet.TVOS, Model: "Apple TV 4K", Enrolment: fleet.Automated, Profile: "Rooms", Added: at(1, 20, 7)},
		},
	}
}
