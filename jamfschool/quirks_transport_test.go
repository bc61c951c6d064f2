package jamfschool_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests named TestQuirk are the rows of the reference's section 11, by
// number: each is something that a naive client gets wrong.

// TestQuirk01BaseURL also shows that a domain is accepted with and without
// https.
//
//mdm:feature 1.22 1.23
func TestQuirk01BaseURL(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]string{
		"t.jamfcloud.com":                     "https://t.jamfcloud.com/api/locations",
		"https://t.jamfcloud.com":             "https://t.jamfcloud.com/api/locations",
		"https://t.jamfcloud.com/":            "https://t.jamfcloud.com/api/locations",
		"https://t.jamfcloud.com/api":         "https://t.jamfcloud.com/api/locations",
		"https://t.jamfcloud.com/api/":        "https://t.jamfcloud.com/api/locations",
		" https://t.jamfcloud.com/devices?x ": "https://t.jamfcloud.com/api/locations",
		"https://apiv6.zuludesk.com":          "https://apiv6.zuludesk.com/locations",
		"api.zuludesk.com/":                   "https://api.zuludesk.com/locations",
	} {
		var got string
		base := roundTripper(func(r *http.Request) (*http.Response, error) {
			got = r.URL.String()
			return answer{body: `{"locations":[]}`}.response(r), nil
		})
		c, err := jamfschool.New(jamfschool.Config{Domain: domain, NetworkID: "1234567", Key: mdm.NewSecret("K"), Transport: clienttest.Quick(base)})
		require.NoError(t, err, domain)
		for range c.Locations(t.Context()) {
		}
		assert.Equal(t, want, got, domain)
	}
	_, err := jamfschool.New(jamfschool.Config{Domain: "http://t.jamfcloud.com"})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, field := range []string{"Domain", "NetworkID", "Key"} {
		assert.ErrorContains(t, err, field, "all bad fields at once")
	}
}

func TestQuirk02ProtocolVersion(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	for _, err := range c.Placeholders(t.Context()) {
		require.NoError(t, err)
	}
	assert.Equal(t, 1, fake.Count("GET", "/dep"))

	stripped := roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Header.Del("X-Server-Protocol-Version")
		return fake.Transport().RoundTrip(r)
	})
	old := clientOf(t, fake, func(cfg *jamfschool.Config) { cfg.Transport = clienttest.Quick(stripped) })
	for _, err := range old.Placeholders(t.Context()) {
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
		assert.NotErrorIs(t, err, mdm.ErrNotFound, "a missing route is no missing object")
		assert.ErrorContains(t, err, "protocol version")
	}
	fake.Forget()
}

func TestQuirk03CredentialsNowhere(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c, fake := fakeTenant(t, func(cfg *jamfschool.Config) {
		cfg.Transport.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	collect(t, c, nil)
	fake.Revoke(fake.Key)
	var errs []string
	for _, err := range c.Devices(t.Context(), nil) {
		require.ErrorIs(t, err, mdm.ErrUnauthorized)
		errs = append(errs, err.Error(), fmt.Sprintf("%+v %#v", err, err))
	}
	everything := log.String() + strings.Join(errs, "\n") + fmt.Sprintf("%+v %v", c.Info(), c.Source().Info())
	assert.NotEmpty(t, log.String())
	assert.NotContains(t, everything, fake.Key)
	assert.NotContains(t, everything, fake.NetworkID)
	for _, r := range fake.Requests() {
		assert.NotContains(t, r.Path+r.Query.Encode(), fake.Key)
		assert.Contains(t, r.Headers, "Authorization")
	}
}

func TestQuirk04CookieNotReplayed(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	collect(t, c, nil)
	collect(t, c, nil)
	for _, r := range fake.Requests() {
		assert.NotContains(t, r.Headers, "Cookie")
	}
}

func TestQuirk05SlowLargeAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		base := roundTripper(func(r *http.Request) (*http.Response, error) {
			resp := answer{}.response(r)
			resp.Body = &slowList{n: 400, pause: time.Second}
			return resp, nil
		})
		c, err := jamfschool.New(jamfschool.Config{Domain: "t.jamfcloud.com", NetworkID: "1", Key: mdm.NewSecret("K"), Transport: clienttest.Quick(base)})
		require.NoError(t, err)
		begin, n := time.Now(), 0
		for _, err := range c.Devices(t.Context(), nil) {
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, 400, n)
		assert.Greater(t, time.Since(begin), 5*time.Minute, "no time-out bounds a list that keeps coming")
	})
}

// slowList is a body that gives one device after each pause.
type slowList struct {
	n, given int
	pause    time.Duration
	rest     []byte
	ended    bool
}

func (s *slowList) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		switch {
		case s.given == 0 && !s.ended:
			s.rest = []byte(`{"code":200,"devices":[`)
			s.given = 1
		case s.given <= s.n:
			time.Sleep(s.pause)
			comma := ","
			if s.given == 1 {
				comma = ""
			}
			s.rest = fmt.Appendf(nil, `%s{"UDID":"%08X-%016X","serialNumber":"S%07d"}`, comma, s.given, s.given, s.given)
			s.given++
		case !s.ended:
			s.rest, s.ended = []byte(`]}`), true
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (*slowList) Close() error { return nil }

func TestQuirk06OneListRequest(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, func(cfg *jamfschool.Config) { cfg.Transport.PageSize = 7 })
	pages := 0
	for _, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		pages++
	}
	assert.Greater(t, pages, 10)
	assert.Equal(t, 1, fake.Count("GET", "/devices"))
	for _, r := range fake.Requests() {
		assert.Empty(t, r.Query, "no page, pageSize or limit is asked for")
	}
}

// TestQuirk07MissingRight also shows that a missing right is named.
//
//mdm:feature 1.25 2.3
func TestQuirk07MissingRight(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.SetRights(fake.Key, 0)
	ctx := t.Context()
	_, readErr := c.Device(ctx, someUDID, false)
	for right, err := range map[string]error{
		"Read":   readErr,
		"Add":    c.Restart(ctx, someUDID, false),
		"Edit":   c.SetOwner(ctx, someUDID, 36),
		"Delete": c.Trash(ctx, someUDID),
	} {
		require.ErrorIs(t, err, mdm.ErrPermissionMissing, right)
		assert.ErrorContains(t, err, "lacks the right "+right)
		assert.Contains(t, mdm.Advice(err), right)
	}
}

func TestQuirk08Errors(t *testing.T) {
	t.Parallel()
	html := http.Header{"Content-Type": {"text/html"}}
	for name, tt := range map[string]struct {
		answer answer
		want   error
	}{
		"text 401":       {answer{status: 401, body: "Unauthorized", header: http.Header{}}, mdm.ErrUnauthorized},
		"text 404":       {answer{status: 404, body: "Not Found", header: http.Header{}}, mdm.ErrWrongAddress},
		"device missing": {answer{status: 404, body: `{"code":404,"message":"DeviceNotFound"}`}, mdm.ErrNotFound},
		"page 200":       {answer{body: "<!doctype html><html>Sign in</html>", header: html}, mdm.ErrWrongAddress},
		"empty 200":      {answer{body: ""}, mdm.ErrDecode},
		"array 200":      {answer{body: "[]"}, mdm.ErrDecode},
		"page 502":       {answer{status: 502, body: "<html>Bad gateway</html>", header: html}, mdm.ErrUnavailable},
		"jamf pro 401":   {answer{status: 401, body: `{"httpStatus":401,"errors":[{"code":"INVALID_TOKEN"}]}`}, mdm.ErrWrongAddress},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := scripted{"GET /devices/" + someUDID: tt.answer}.client(t)
			d, err := c.Device(t.Context(), someUDID, false)
			require.ErrorIs(t, err, tt.want)
			assert.Nil(t, d)
			assert.NotContains(t, err.Error(), "Sign in")
		})
	}
}

// TestQuirk08AddressRefused shows that a refused address is told apart.
//
//mdm:feature 1.26
func TestQuirk08AddressRefused(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.AllowAddresses(prefix("198.51.100.0/24"))
	for _, err := range c.Devices(t.Context(), nil) {
		require.ErrorIs(t, err, mdm.ErrAddressNotAllowed)
		assert.Contains(t, mdm.Advice(err), "address")
	}
}

func TestQuirk09FailureInside200(t *testing.T) {
	t.Parallel()
	path := "POST /devices/" + someUDID + "/activationlock/clear"
	c, _ := scripted{path: {body: `{"code":400,"message":"UnlockFailed","reason":"Device offline"}`}}.client(t)
	err := c.ClearActivationLock(t.Context(), someUDID)
	require.ErrorIs(t, err, mdm.ErrConflict)
	assert.Equal(t, "Device offline", jamfschool.Reason(err))
	assert.ErrorContains(t, err, "UnlockFailed")
	assert.NotContains(t, err.Error(), "offline", "foreign words are not printed")
}

// TestQuirk09FailureBesideList shows that an empty list beside a failure is no
// empty fleet.
func TestQuirk09FailureBesideList(t *testing.T) {
	t.Parallel()
	c, asked := scripted{"GET /devices": {body: `{"code":500,"message":"InternalError","count":0,"devices":[]}`}}.client(t)
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.ErrorIs(t, err, mdm.ErrUnavailable)
		assert.Nil(t, page.End)
	}
	assert.Len(t, *asked, 1)
	_, err := c.DeviceBySerial(t.Context(), "X1")
	require.ErrorIs(t, err, mdm.ErrUnavailable)
	assert.NotErrorIs(t, err, mdm.ErrNotFound)
}

// TestQuirk09WriteInDoubt shows that nobody knows what became of a write whose
// answer is a failure of the server, or cannot be read.
func TestQuirk09WriteInDoubt(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"code":500,"message":"InternalError"}`, `{"error":{"code":503,"message":"x"}}`, ``, `{"message":"DeviceWipeSch`, `null garbage`, `[]`} {
		c, asked := scripted{"POST /devices/" + someUDID + "/wipe": {body: text}, "GET /devices/" + someUDID: {body: text}}.client(t)
		err := c.Wipe(t.Context(), someUDID, false)
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, text)
		assert.Contains(t, mdm.Advice(err), "Read the device")
		assert.Len(t, *asked, 1)
		_, err = c.Device(t.Context(), someUDID, false)
		require.Error(t, err)
		assert.NotErrorIs(t, err, mdm.ErrOutcomeUnknown, "a read has no outcome")
	}
}

func TestQuirk10SuccessWithoutCode(t *testing.T) {
	t.Parallel()
	path := "POST /devices/" + someUDID + "/wipe"
	for _, text := range []string{`{"message":"DeviceWipeScheduled","device":"x"}`, `{"code":0,"message":"DeviceWipeScheduled"}`, `{"code":"200"}`} {
		c, _ := scripted{path: {body: text}}.client(t)
		assert.NoError(t, c.Wipe(t.Context(), someUDID, false), text)
	}
}

func TestQuirk11Retries(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.Faults().FailNext(1, http.StatusTooManyRequests, http.Header{"Retry-After": {"0"}})
	collect(t, c, nil)
	fake.Faults().FailNext(2, http.StatusTooManyRequests, nil)
	collect(t, c, nil)
	assert.NotEmpty(t, fake.Requests())

	fake.Forget()
	var sent int
	lost := roundTripper(func(r *http.Request) (*http.Response, error) {
		sent++
		return nil, context.DeadlineExceeded
	})
	c = clientOf(t, fake, func(cfg *jamfschool.Config) { cfg.Transport = clienttest.Quick(lost) })
	err := c.Wipe(t.Context(), someUDID, false)
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	assert.Equal(t, 1, sent, "a wipe is never sent twice")
}

func TestQuirk11BrokenList(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	want := collect(t, c, nil)
	fake.Forget()
	fake.Faults().Times(1).CutBody(60_000)
	got := collect(t, c, nil)
	assert.Equal(t, 2, fake.Count("GET", "/devices"), "asked for again within the listing")
	udids := func(all []*jamfschool.Device) []string {
		var ids []string
		for _, d := range all {
			ids = append(ids, d.UDID+d.SerialNumber)
		}
		slices.Sort(ids)
		return ids
	}
	assert.Equal(t, udids(want), udids(got), "none is lost, none comes twice")

	fake.Faults().Times(5).CutBody(60_000)
	var last error
	n := 0
	for d, err := range c.Devices(t.Context(), nil) {
		if last = err; err == nil {
			require.NotNil(t, d)
			n++
		}
	}
	require.ErrorIs(t, last, mdm.ErrUnavailable)
	assert.Positive(t, n)
	fake.Faults().Clear()
}

// TestListGivenUp shows that a list is not asked for again once the transport
// gave up on it.
func TestListGivenUp(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header    http.Header
		configure func(*jamfschool.Config)
	}{
		"retries are off": {http.Header{}, func(cfg *jamfschool.Config) { cfg.Transport.Retry.Disabled = true }},
		"too long a wait": {http.Header{"Retry-After": {"3600"}}, func(*jamfschool.Config) {}},
	} {
		c, asked := scripted{"GET /devices": {status: 503, body: "busy", header: tt.header}}.client(t, tt.configure)
		for _, err := range c.Devices(t.Context(), nil) {
			require.ErrorIs(t, err, mdm.ErrUnavailable, name)
		}
		assert.Len(t, *asked, 1, name)
	}
}

// TestBrokenListTellsLostOnce shows that a record that cannot be read is told
// once, however often the list is asked for.
func TestBrokenListTellsLostOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		base := roundTripper(func(r *http.Request) (*http.Response, error) {
			text := `{"code":200,"count":3,"devices":["damaged",{"UDID":"` + someUDID + `"}`
			if asked++; asked > 1 {
				text += `,7]}`
			}
			return answer{body: text}.response(r), nil
		})
		c := clientOver(t, base)
		devices, lost, end := 0, 0, (*mdm.End)(nil)
		for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
			require.NoError(t, err)
			devices, lost, end = devices+len(page.Devices), lost+len(page.Lost), page.End
		}
		assert.Equal(t, []int{2, 1, 2}, []int{asked, devices, lost})
		assert.Equal(t, &mdm.End{Why: "2 records could not be read"}, end)
	})
}

// TestStopBeforeBreak shows that a list that nobody wants any more stays ended
// when the connection breaks in the same moment.
func TestStopBeforeBreak(t *testing.T) {
	t.Parallel()
	asked := 0
	c := clientOver(t, roundTripper(func(r *http.Request) (*http.Response, error) {
		asked++
		resp := answer{}.response(r)
		resp.Body = &brokenBody{`{"code":200,"devices":[{"UDID":"` + someUDID + `"},{"UDID":"0000`}
		return resp, nil
	}))
	assert.NotPanics(t, func() {
		for range c.Devices(t.Context(), nil) {
			break
		}
	})
	assert.Equal(t, 1, asked)
}

// brokenBody is a body that breaks together with its last bytes.
type brokenBody struct{ rest string }

func (b *brokenBody) Read(p []byte) (int, error) {
	n := copy(p, b.rest)
	if b.rest = b.rest[n:]; b.rest == "" {
		return n, io.ErrUnexpectedEOF
	}
	return n, nil
}

func (*brokenBody) Close() error { return nil }

func clientOver(t *testing.T, base http.RoundTripper) *jamfschool.Client {
	t.Helper()
	c, err := jamfschool.New(jamfschool.Config{Domain: "school.jamfcloud.com", NetworkID: "1", Key: mdm.NewSecret("K"), Transport: clienttest.Quick(base)})
	require.NoError(t, err)
	return c
}

func TestFullEras(t *testing.T) {
	t.Parallel()
	for _, era := range []jamfschooltest.Era{jamfschooltest.Era2021, jamfschooltest.Era2023, jamfschooltest.Era2026} {
		c, fake := fakeTenant(t)
		fake.SetWire(jamfschooltest.Wire{Era: era})
		assert.NotEmpty(t, collect(t, c, nil), era)
	}
}
