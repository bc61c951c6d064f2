package jamfschool_test

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fakeTenant is a client of a fake server, without a socket between them. The
// test fails at its end if the client did anything that the API does not
// allow.
func fakeTenant(t *testing.T, configure ...func(*jamfschool.Config)) (*jamfschool.Client, *jamfschooltest.Fake) {
	t.Helper()
	fake := jamfschooltest.New(nil)
	t.Cleanup(func() { assert.Empty(t, fake.Violations()) })
	return clientOf(t, fake, configure...), fake
}

func clientOf(t *testing.T, fake *jamfschooltest.Fake, configure ...func(*jamfschool.Config)) *jamfschool.Client {
	t.Helper()
	cfg := jamfschool.Config{Domain: "school.jamfcloud.com", NetworkID: fake.NetworkID, Key: mdm.NewSecret(fake.Key),
		Transport: clienttest.Quick(fake.Transport())}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := jamfschool.New(cfg)
	require.NoError(t, err)
	return c
}

// scripted is a server that answers by method and path; "" in place of a
// status is 200.
type scripted map[string]answer

type answer struct {
	status int
	body   string
	header http.Header
}

// client is a client of the scripted server, with what it asked.
func (s scripted) client(t *testing.T, configure ...func(*jamfschool.Config)) (*jamfschool.Client, *[]*http.Request) {
	t.Helper()
	var asked []*http.Request
	base := roundTripper(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r)
		a, ok := s[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api")]
		if !ok {
			a = answer{status: http.StatusNotFound, body: "Not Found"}
		}
		return a.response(r), nil
	})
	cfg := jamfschool.Config{Domain: "school.jamfcloud.com", NetworkID: "12345678", Key: mdm.NewSecret("SECRETKEY"), Transport: clienttest.Quick(base)}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := jamfschool.New(cfg)
	require.NoError(t, err)
	return c, &asked
}

func (a answer) response(r *http.Request) *http.Response {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.header == nil {
		a.header = http.Header{"Content-Type": {"application/json"}}
	}
	return &http.Response{StatusCode: a.status, Header: a.header, Body: newBody(a.body), Request: r, ContentLength: -1,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func newBody(text string) *body { return &body{strings.NewReader(text)} }

type body struct{ *strings.Reader }

func (*body) Close() error { return nil }

// one lists a single device given as JSON.
func oneDevice(t *testing.T, element string) *jamfschool.Device {
	t.Helper()
	c, _ := scripted{"GET /devices": {body: `{"code":200,"count":1,"devices":[` + element + `]}`}}.client(t)
	devices := collect(t, c, nil)
	require.Len(t, devices, 1)
	return devices[0]
}

func oneDetail(t *testing.T, element string) *jamfschool.Device {
	t.Helper()
	c, _ := scripted{"GET /devices/" + someUDID: {body: `{"code":200,"device":` + element + `}`}}.client(t)
	d, err := c.Device(t.Context(), someUDID, false)
	require.NoError(t, err)
	return d
}

const someUDID = "00008101-000A1B2C3D4E001F"

// collect lists devices and demands that none is lost.
func collect(t *testing.T, c *jamfschool.Client, o *jamfschool.DevicesOptions) []*jamfschool.Device {
	t.Helper()
	var all []*jamfschool.Device
	for d, err := range c.Devices(t.Context(), o) {
		require.NoError(t, err)
		all = append(all, d)
	}
	return all
}

// firstDevice returns a device of the fake's district that fits.
func firstDevice(t *testing.T, c *jamfschool.Client, fits func(*jamfschool.Device) bool) *jamfschool.Device {
	t.Helper()
	for _, d := range collect(t, c, nil) {
		if fits(d) {
			return d
		}
	}
	require.Fail(t, "no such device in the district")
	return nil
}

func prefix(text string) netip.Prefix { return netip.MustParsePrefix(text) }

func id(n int64) string { return strconv.FormatInt(n, 10) }

// fixtureElement is the first device of the reference's example list.
func fixtureElement(t *testing.T) string {
	t.Helper()
	var list struct {
		Devices []json.RawMessage `json:"devices"`
	}
	require.NoError(t, json.Unmarshal([]byte(fixture(t, "devices.json")), &list))
	return string(list.Devices[0])
}

func otherLocation(t *testing.T, c *jamfschool.Client, than int64) int64 {
	t.Helper()
	for l, err := range c.Locations(t.Context()) {
		require.NoError(t, err)
		if l.ID != than {
			return l.ID
		}
	}
	require.Fail(t, "there is only one location")
	return 0
}
