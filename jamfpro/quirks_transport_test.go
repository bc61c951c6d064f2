package jamfpro_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk01Address shows that the address is accepted with and without
// https and /api, and stored in one form.
//
//mdm:feature 2.10
func TestQuirk01Address(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"school.jamfcloud.com":                                 "https://school.jamfcloud.com",
		"https://School.jamfcloud.com/":                        "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/api":                     "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/api/":                    "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/api/v1":                  "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/JSSResource":             "https://school.jamfcloud.com",
		"https://school.jamfcloud.com/computers.html?id=3&o=r": "https://school.jamfcloud.com",
		"jamf.example.com/view/computers":                      "https://jamf.example.com",
		"jamf.example.com/dashboard":                           "https://jamf.example.com",
		"https://jamf.example.com:8443/jamf/api":               "https://jamf.example.com:8443/jamf",
		"http://jamf.example.com":                              "",
		"ftp://jamf.example.com":                               "",
		"https://user:pass@jamf.example.com":                   "",
		"":                                                     "",
		"us.api.jamfcloud.com":                                 "",
		"https://eu.apigw.jamf.com/api":                        "",
	} {
		tn := &tenant{}
		c, err := jamfpro.New(jamfpro.Config{Address: address, ClientID: clientID, ClientSecret: mdm.NewSecret("S"), Transport: clienttest.Quick(tn)})
		if want == "" {
			require.ErrorIs(t, err, mdm.ErrInvalid, address)
			continue
		}
		require.NoError(t, err, address)
		assert.Equal(t, want, c.Info().Origin.Address, address)
		_, _ = c.Version(t.Context())
		for _, r := range tn.asked {
			assert.Equal(t, 1, strings.Count(r.URL.Path, "/api/"), "%s asks %s", address, r.URL)
		}
	}
	_, err := jamfpro.New(jamfpro.Config{Address: "us.api.jamfcloud.com", ClientID: clientID, ClientSecret: mdm.NewSecret("S")})
	require.ErrorContains(t, err, "Platform Gateway")
}

func TestQuirk02ContextPath(t *testing.T) {
	t.Parallel()
	tn := &tenant{}
	tn.hook = func(r *http.Request) *answer {
		path, found := strings.CutPrefix(r.URL.Path, "/jamf")
		if assert.True(t, found, r.URL.Path) {
			r.URL.Path = path
		}
		return nil
	}
	tn.computers = computers(1)
	c := tn.client(t, func(cfg *jamfpro.Config) { cfg.Address = "https://h.example:8443/jamf" })
	all := clienttest.Collect(t, c.Computers(t.Context(), nil))
	assert.Equal(t, "https://h.example:8443/jamf/computers.html?id=1&o=r", all[0].Record().Link)
	assert.NotEmpty(t, tn.requests("POST", "/api/oauth/token"))
}

func TestQuirk15Generations(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		version       string
		oldest, tries int
		want          string
	}{
		{"11.30.1-t1784555528405", 4, 1, "/api/v4/"}, {"11.26.1-t1", 3, 1, "/api/v3/"}, {"10.50.0-t1", 1, 1, "/api/v1/"},
		{"11.30.0", 3, 2, "/api/v3/"}, {"11.25.0", 1, 3, "/api/v1/"}, {"production", 2, 3, "/api/v2/"},
	} {
		tn := &tenant{version: tt.version, oldest: tt.oldest, computers: computers(5)}
		if tt.version == "production" { // a server that does not tell
			tn.version, tn.script = "", scripted{"GET /api/v1/jamf-pro-version": {status: 404}}
		}
		c := tn.client(t, size(2))
		assert.Len(t, clienttest.Collect(t, c.Computers(t.Context(), nil)), 5, tt.version)
		for _, r := range pagesOf(tn, tt.want+"computers-inventory") {
			assert.Contains(t, r.URL.Path, tt.want)
		}
		assert.Len(t, pagesOf(tn, tt.want+"computers-inventory"), 3, "%s reads its pages there", tt.version)
		tn.forget()
		clienttest.Collect(t, c.Computers(t.Context(), nil))
		for _, r := range tn.asked {
			assert.Contains(t, r.URL.Path, tt.want, "%s remembers it", tt.version)
		}
	}
}

// TestQuirk15UnknownID keeps an id that does not exist apart from a generation
// that does not.
func TestQuirk15UnknownID(t *testing.T) {
	t.Parallel()
	tn := &tenant{oldest: 3, computers: computers(1), script: scripted{
		"GET /api/v3/computers-inventory/1": {body: computer(1).json},
		"GET /api/v3/computers-inventory/9": {status: 404, body: `{"httpStatus":404,"errors":[{"code":"INVALID_ID"}]}`},
	}}
	c := tn.client(t)
	_, err := c.Computer(t.Context(), "9")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	d, err := c.Computer(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, "Mac 1", d.Name)
	_, err = c.Computer(t.Context(), "../1")
	require.ErrorIs(t, err, mdm.ErrInvalid)
}

func TestQuirk18Deprecation(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	tn := &tenant{computers: computers(9)}
	tn.hook = func(r *http.Request) *answer {
		a := tn.usual(r)
		a.header = http.Header{"Content-Type": {"application/json"}, "Sunset": {"Tue, 14 Jul 2026 00:00:00 GMT"}, "Deprecation": {"true"}}
		return &a
	}
	c := tn.client(t, size(2), func(cfg *jamfpro.Config) { cfg.Transport.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	clienttest.Collect(t, c.Computers(t.Context(), nil))
	assert.Equal(t, 1, strings.Count(log.String(), "end of an endpoint"))
}

func TestQuirk55WebPages(t *testing.T) {
	t.Parallel()
	html := http.Header{"Content-Type": {"text/html"}}
	for name, tt := range map[string]struct {
		answer answer
		want   error
	}{
		"firewall":    {answer{status: 403, body: "<html>Request blocked</html>", header: html}, mdm.ErrAddressNotAllowed},
		"login page":  {answer{body: "<!doctype html><html>Sign in</html>", header: html}, mdm.ErrWrongAddress},
		"jamf school": {answer{status: 404, body: `{"code":404,"message":"Not found"}`}, mdm.ErrWrongAddress},
		"other JSON":  {answer{body: `{"hello":"world"}`}, mdm.ErrWrongAddress},
		"empty 200":   {answer{}, mdm.ErrDecode},
		"empty 404":   {answer{status: 404, header: http.Header{}}, mdm.ErrNotFound}, // quirk 56
	} {
		c, _ := scripted{"GET /api/v1/jamf-pro-version": tt.answer}.client(t)
		_, err := c.Version(t.Context())
		require.ErrorIs(t, err, tt.want, name)
		assert.NotContains(t, err.Error(), "Sign in")
	}
}

func TestQuirk56EmptyNotFound(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(1), script: scripted{"GET /api/v4/computers-inventory/9": {status: 404, header: http.Header{}}}}
	d, err := tn.client(t).Computer(t.Context(), "9")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	assert.Nil(t, d)
}

func TestQuirk64Busy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		busy := 1
		tn := &tenant{computers: computers(1), script: scripted{"POST /api/v4/computers-inventory/1/remove-mdm-profile": {status: 503, body: "<html>busy</html>"}}}
		tn.hook = func(r *http.Request) *answer {
			if busy > 0 && r.URL.Path == v4 {
				busy--
				return &answer{status: 503, body: "<html>busy</html>", header: http.Header{"Content-Type": {"text/html"}, "Retry-After": {"7"}}}
			}
			return nil
		}
		c := tn.client(t)
		begin := time.Now()
		assert.Len(t, clienttest.Collect(t, c.Computers(t.Context(), nil)), 1)
		assert.GreaterOrEqual(t, time.Since(begin), 7*time.Second)
		_, err := c.RemoveProfile(t.Context(), "1")
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
		assert.Len(t, tn.requests("POST", "/api/v4/"), 1, "a write is not repeated")
	})
}

// TestStickyCookie replays the cookie of a write for a minute, and never pins a
// listing.
func TestStickyCookie(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cookie := http.Header{"Set-Cookie": {"jpro-ingress=abc; Path=/; Secure; HttpOnly", "JSESSIONID=x"}}
		tn := &tenant{computers: computers(1), script: scripted{
			"PATCH /api/v4/computers-inventory-detail/1": {status: 204, header: cookie},
			"GET /api/v4/computers-inventory/1":          {body: computer(1).json},
		}}
		c := tn.client(t)
		tag := "INV-1"
		require.NoError(t, c.SetComputerDetails(t.Context(), "1", jamfpro.Details{AssetTag: &tag}))
		read := func() string {
			tn.forget()
			_, err := c.Computer(t.Context(), "1")
			require.NoError(t, err)
			return tn.requests("GET", "/api/v4/computers-inventory/1")[0].Header.Get("Cookie")
		}
		assert.Equal(t, "jpro-ingress=abc", read())
		clienttest.Collect(t, c.Computers(t.Context(), nil))
		for _, r := range tn.requests("GET", v4) {
			assert.Empty(t, r.Header.Get("Cookie"))
		}
		time.Sleep(61 * time.Second)
		assert.Empty(t, read())
	})
}

// TestStickyReads pins all reads but listings, and goes on after a write whose
// answer does not set the cookie anew.
func TestStickyReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := "/api/v2/mobile-devices/7"
		tn := &tenant{computers: computers(7), mobiles: mobiles(7), script: scripted{
			"PATCH " + path: {status: 204, header: http.Header{"Set-Cookie": {"jpro-ingress=abc; Path=/"}}},
		}}
		c, tag := tn.client(t), "INV-1"
		write := func() {
			require.NoError(t, c.SetMobileDeviceDetails(t.Context(), "7", jamfpro.Details{AssetTag: &tag}))
		}
		cookies := func() []string {
			tn.forget()
			_, err := c.MobileDevice(t.Context(), "7")
			require.NoError(t, err)
			_, err = c.MobileDeviceBySerial(t.Context(), "M0000007")
			require.NoError(t, err)
			_, err = c.ComputerBySerial(t.Context(), "C0000007")
			require.NoError(t, err)
			clienttest.Collect(t, c.Source().DeviceBatch(t.Context(), []string{"mobile:7", "computer:7"}))
			var all []string
			for _, r := range tn.requests("GET", "/api/") {
				all = append(all, r.Header.Get("Cookie"))
			}
			return slices.Compact(all)
		}
		assert.Equal(t, []string{""}, cookies())
		write()
		assert.Equal(t, []string{"jpro-ingress=abc"}, cookies())
		tn.script["PATCH "+path] = answer{status: 204}
		time.Sleep(40 * time.Second)
		write()
		time.Sleep(40 * time.Second)
		assert.Equal(t, []string{"jpro-ingress=abc"}, cookies(), "a minute from the last write")
		tn.forget()
		clienttest.Collect(t, c.MobileDevices(t.Context(), nil))
		for _, r := range tn.requests("GET", "/api/v2/mobile-devices/detail") {
			assert.Empty(t, r.Header.Get("Cookie"))
		}
		time.Sleep(61 * time.Second)
		assert.Equal(t, []string{""}, cookies())
	})
}
