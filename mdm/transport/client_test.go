package transport_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNew(t *testing.T) {
	t.Run("every bad field at once", func(t *testing.T) {
		_, err := transport.New(
			transport.Options{
				Concurrency: -1, PageSize: 900, AttemptTimeout: -time.Second, BodyLimit: -1,
				UserAgent: "a\r\nb", Retry: transport.Retry{Attempts: -1},
			},
			transport.Profile{
				Address: &url.URL{Scheme: "http", Host: "mdm.example.com"}, MaxPageSize: 500,
				Auth: transport.Basic("", mdm.Secret{}),
			},
		)
		require.ErrorIs(t, err, mdm.ErrInvalid)
		for _, field := range []string{
			"Options.Concurrency", "Options.PageSize: 900 is above the maximum of 500", "Options.AttemptTimeout",
			"Options.BodyLimit", "Options.UserAgent", "Options.Retry", "Profile.Address", "Profile.Auth",
		} {
			assert.ErrorContains(t, err, field)
		}
	})
	for name, u := range map[string]*url.URL{
		"no address":        nil,
		"no host":           {Scheme: "https"},
		"password":          {Scheme: "https", Host: "a.example", User: url.UserPassword("u", "p")},
		"query":             {Scheme: "https", Host: "a.example", RawQuery: "a=b"},
		"http elsewhere":    {Scheme: "http", Host: "10.0.0.1"},
		"http, like a loop": {Scheme: "http", Host: "localhost.example.com"},
		"another scheme":    {Scheme: "ftp", Host: "a.example"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := transport.New(transport.Options{}, transport.Profile{Address: u})
			assert.ErrorContains(t, err, "Profile.Address")
		})
	}
	for _, good := range []string{"https://a.example", "http://localhost:8080/api", "http://127.0.0.2", "http://[::1]:80"} {
		t.Run(good, func(t *testing.T) {
			c, err := transport.New(transport.Options{}, transport.Profile{Address: address(t, good)})
			require.NoError(t, err)
			assert.Equal(t, good, c.Address().String())
		})
	}
	t.Run("page size", func(t *testing.T) {
		for _, tt := range []struct{ host, vendor, limit, want int }{
			{0, 0, 0, 0}, {0, 100, 500, 100}, {0, 0, 500, 500}, {50, 100, 500, 50}, {500, 100, 500, 500},
		} {
			c := client(t, nil, func(o *transport.Options, p *transport.Profile) {
				o.PageSize, p.PageSize, p.MaxPageSize = tt.host, tt.vendor, tt.limit
			})
			assert.Equal(t, tt.want, c.PageSize(), "%+v", tt)
		}
	})
}

func TestClientRequest(t *testing.T) {
	var got *http.Request
	var body string
	c := client(t, trip(func(r *http.Request) (*http.Response, error) {
		got, body = r, ""
		if r.Body != nil {
			b, _ := io.ReadAll(r.Body)
			body = string(b)
		}
		return answer(200, `{}`), nil
	}), func(o *transport.Options, p *transport.Profile) {
		o.UserAgent = "inventory/3.1"
		p.Header = http.Header{"X-Server-Protocol-Version": {"3"}}
		p.Address = address(t, "https://mdm.example.com/api/")
	})
	send := func(t *testing.T, r transport.Request) {
		t.Helper()
		_, err := do(t.Context(), c, r)
		require.NoError(t, err)
	}
	t.Run("read", func(t *testing.T) {
		send(t, transport.Request{Path: "/devices/a%2Fb", Query: url.Values{"q": {"ü &"}}})
		assert.Equal(t, "https://mdm.example.com/api/devices/a%2Fb?q=%C3%BC+%26", got.URL.String())
		assert.Equal(t, "GET", got.Method)
		assert.Equal(t, "inventory/3.1 mdmlink", got.Header.Get("User-Agent"))
		assert.Equal(t, "application/json", got.Header.Get("Accept"))
		assert.Equal(t, "3", got.Header.Get("X-Server-Protocol-Version"))
		assert.Zero(t, got.ContentLength)
		assert.Empty(t, got.Header.Get("Content-Type"))
	})
	t.Run("json, and a header of its own", func(t *testing.T) {
		send(t, transport.Request{
			Method: "POST", Path: "apps", Body: map[string]any{"a": 1},
			Header: http.Header{"x-server-protocol-version": {"4"}},
		})
		assert.Equal(t, `{"a":1}`, body)
		assert.EqualValues(t, len(body), got.ContentLength)
		assert.Equal(t, "application/json", got.Header.Get("Content-Type"))
		assert.Equal(t, []string{"4"}, got.Header.Values("X-Server-Protocol-Version"))
	})
	t.Run("form", func(t *testing.T) {
		send(t, transport.Request{Method: "POST", Body: url.Values{"a": {"b c"}}})
		assert.Equal(t, "a=b+c", body)
		assert.Equal(t, "application/x-www-form-urlencoded", got.Header.Get("Content-Type"))
		assert.Equal(t, "/api", got.URL.Path)
	})
	t.Run("bytes", func(t *testing.T) {
		send(t, transport.Request{Method: "PUT", Body: []byte("<x/>"), Header: http.Header{"Content-Type": {"text/xml"}}})
		assert.Equal(t, "<x/>", body)
		assert.Equal(t, "text/xml", got.Header.Get("Content-Type"))
	})
	t.Run("next link", func(t *testing.T) {
		send(t, transport.Request{
			Path:  "HTTPS://MDM.example.com:443/api/devices?$skiptoken=a%20b#top",
			Query: url.Values{"n": {"1"}},
		})
		assert.Equal(t, "/api/devices", got.URL.Path)
		assert.Equal(t, "$skiptoken=a%20b&n=1", got.URL.RawQuery)
		assert.Empty(t, got.URL.Fragment)
	})
}

func TestClientRequestRefused(t *testing.T) {
	c := client(t, trip(func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return answer(200, `{}`), nil
	}))
	for name, tt := range map[string]struct {
		r    transport.Request
		want error
	}{
		"foreign link":      {transport.Request{Path: "https://evil.example/api?token=1"}, mdm.ErrWrongAddress},
		"another port":      {transport.Request{Path: "https://mdm.example.com:8443/api"}, mdm.ErrWrongAddress},
		"downgrade":         {transport.Request{Path: "http://mdm.example.com/api"}, mdm.ErrWrongAddress},
		"user in link":      {transport.Request{Path: "https://u:p@mdm.example.com/api"}, mdm.ErrWrongAddress},
		"another scheme":    {transport.Request{Path: "file:///etc/passwd"}, mdm.ErrWrongAddress},
		"query in path":     {transport.Request{Path: "/devices?x=1"}, mdm.ErrInvalid},
		"dots":              {transport.Request{Path: "/devices/../users"}, mdm.ErrInvalid},
		"escaped dots":      {transport.Request{Path: "/devices/%2e%2E"}, mdm.ErrInvalid},
		"bad escape":        {transport.Request{Path: "/devices/%zz"}, mdm.ErrInvalid},
		"control character": {transport.Request{Path: "/devices/\n"}, mdm.ErrInvalid},
		"get with a body":   {transport.Request{Body: map[string]int{}}, mdm.ErrInvalid},
		"unmarshallable":    {transport.Request{Method: "POST", Body: func() {}}, mdm.ErrInvalid},
		"bad method":        {transport.Request{Method: "A B"}, mdm.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			tt.r.Op = "devices"
			_, err := c.Do(t.Context(), tt.r)
			require.ErrorIs(t, err, tt.want)
			assert.ErrorContains(t, err, "nothing was sent")
			assert.NotContains(t, err.Error(), "example")
		})
	}
}

//mdm:feature 2.13
func TestClientStatus(t *testing.T) {
	for _, tt := range []struct {
		status  int
		want    error
		body    string
		headers []string
	}{
		{status: 400, want: mdm.ErrInvalid},
		{status: 401, want: mdm.ErrUnauthorized},
		{status: 403, want: mdm.ErrPermissionMissing},
		{status: 404, want: mdm.ErrNotFound, body: `{}`},
		{status: 404, want: mdm.ErrWrongAddress, body: "\n<!DOCTYPE html><p>"},
		{status: 404, want: mdm.ErrWrongAddress, headers: []string{"Content-Type", "text/html; charset=utf-8"}},
		{status: 405, want: mdm.ErrUnsupported},
		{status: 409, want: mdm.ErrConflict},
		{status: 410, want: mdm.ErrNotFound},
		{status: 422, want: mdm.ErrInvalid},
		{status: 429, want: mdm.ErrRateLimited},
		{status: 500, want: mdm.ErrUnavailable},
		{status: 501, want: mdm.ErrUnsupported},
		{status: 503, want: mdm.ErrUnavailable},
	} {
		t.Run(fmt.Sprint(tt.status), func(t *testing.T) {
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder("GET", "https://mdm.example.com/api/devices",
				func(*http.Request) (*http.Response, error) {
					return answer(tt.status, tt.body, append(tt.headers, "X-Request-Id", "7f3a", "Retry-After", "1.5")...), nil
				})
			_, err := get(t.Context(), client(t, mock, noRetry))
			require.ErrorIs(t, err, tt.want)
			e, ok := errors.AsType[*mdm.Error](err)
			require.True(t, ok)
			assert.Equal(t, tt.status, e.Status)
			assert.Equal(t, "devices", e.Op)
			assert.Equal(t, origin, e.Origin)
			assert.Equal(t, "7f3a", e.RequestID)
			assert.Equal(t, 1500*time.Millisecond, e.RetryAfter)
		})
	}
}

func noRetry(o *transport.Options, _ *transport.Profile) { o.Retry.Disabled = true }

func TestClientRequestID(t *testing.T) {
	for _, tt := range []struct{ header, value, want string }{
		{"Request-Id", "a-1", "a-1"}, {"client-request-id", "b", "b"}, {"X-Server-Instance", "pod", ""},
		{"X-Request-Id", "two words", ""}, {"X-Request-Id", strings.Repeat("a", 200), ""},
	} {
		c := client(t, trip(func(*http.Request) (*http.Response, error) { return answer(200, `{}`, tt.header, tt.value), nil }))
		resp, err := c.Do(t.Context(), transport.Request{Op: "devices"})
		require.NoError(t, err)
		assert.Equal(t, tt.want, resp.RequestID)
		assert.Equal(t, tt.want, resp.Fail(mdm.ErrConflict).RequestID)
		assert.Equal(t, "devices", resp.Fail(mdm.ErrConflict).Op)
		require.NoError(t, resp.Body.Close())
	}
}

// The allow list of Jamf School's and similar keys is told by a vendor's text.
//
//mdm:feature 1.26
func TestClientClassify(t *testing.T) {
	vendor := func(f transport.Failure) error {
		switch {
		case strings.Contains(string(f.Body), "IP"):
			return &mdm.Error{Kind: mdm.ErrAddressNotAllowed, Vendor: "IpBlocked", Advice: "Allow the address of this server."}
		case f.Status == 418:
			return mdm.ErrTermsNotAccepted
		case f.Status == 404:
			return fmt.Errorf("vendor: %w", &mdm.Error{Kind: mdm.ErrNotFound, Vendor: "Gone"})
		case f.Status == 400:
			return errors.New("odd")
		case f.Status == 429:
			return mdm.ErrRateLimited
		}
		return nil
	}
	var status int
	var body string
	c := client(t, trip(func(*http.Request) (*http.Response, error) {
		return answer(status, body, "X-Request-Id", "r1"), nil
	}), noRetry, func(o *transport.Options, p *transport.Profile) {
		p.Classify, o.Retry.BaseWait = vendor, time.Millisecond
	})
	for _, tt := range []struct {
		status int
		body   string
		want   error
		text   string
	}{
		{403, "IP 10.1.2.3 not allowed", mdm.ErrAddressNotAllowed, "toy: devices: caller address not allowed (403, IpBlocked, request r1)"},
		{403, "other", mdm.ErrPermissionMissing, "toy: devices: permission missing (403, request r1)"},
		{418, "", mdm.ErrTermsNotAccepted, "toy: devices: terms not accepted (418, request r1)"},
		{404, "", mdm.ErrNotFound, "toy: devices: not found (404, Gone, request r1)"},
		{400, "", mdm.ErrInvalid, "toy: devices: invalid (400, request r1)"},
		{429, "", mdm.ErrRateLimited, "toy: devices: rate limited (429, request r1)"},
	} {
		t.Run(fmt.Sprint(tt.status, tt.body), func(t *testing.T) {
			status, body = tt.status, tt.body
			_, err := get(t.Context(), c)
			require.ErrorIs(t, err, tt.want)
			assert.EqualError(t, err, tt.text)
		})
	}
	assert.NotEmpty(t, mdm.Advice(func() error { status = 429; _, err := get(t.Context(), c); return err }()))
}

func TestClientErrorBody(t *testing.T) {
	t.Run("only the beginning is read", func(t *testing.T) {
		seen := 0
		c := client(t, trip(func(*http.Request) (*http.Response, error) {
			return answer(400, strings.Repeat("x", 1<<20)), nil
		}), func(_ *transport.Options, p *transport.Profile) {
			p.Classify = func(f transport.Failure) error { seen = len(f.Body); return nil }
		})
		_, err := get(t.Context(), c)
		require.ErrorIs(t, err, mdm.ErrInvalid)
		assert.Equal(t, 64<<10, seen)
	})
	t.Run("a broken one is no other error", func(t *testing.T) {
		c := client(t, trip(func(*http.Request) (*http.Response, error) {
			resp := answer(403, "")
			resp.Body = io.NopCloser(io.MultiReader(strings.NewReader("x"), brokenReader{}))
			return resp, nil
		}))
		_, err := get(t.Context(), c)
		require.ErrorIs(t, err, mdm.ErrPermissionMissing)
	})
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestClientLeaksNothing(t *testing.T) {
	const secret = "s3cr3t-value"
	c := client(t, trip(func(r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("broken")}
	}), noRetry, func(_ *transport.Options, p *transport.Profile) {
		p.Auth = transport.Basic("user", mdm.NewSecret(secret))
	})
	_, err := do(t.Context(), c, transport.Request{Op: "devices", Query: url.Values{"serial": {"C02PRIVATE"}}})
	require.ErrorIs(t, err, mdm.ErrUnavailable)
	for _, text := range []string{
		err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err),
		fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", transport.Basic("user", mdm.NewSecret(secret))),
		fmt.Sprintf("%+v", transport.Key("X-Key", mdm.NewSecret(secret))),
	} {
		assert.NotContains(t, text, secret)
		assert.NotContains(t, text, "C02PRIVATE")
	}
}

func TestClientNoCookies(t *testing.T) {
	c := client(t, trip(func(r *http.Request) (*http.Response, error) {
		assert.Empty(t, r.Header.Get("Cookie"))
		return answer(200, `{}`, "Set-Cookie", "hash=1"), nil
	}))
	for range 2 {
		_, err := get(t.Context(), c)
		require.NoError(t, err)
	}
}

func TestClientOddBase(t *testing.T) {
	for name, base := range map[string]trip{
		"neither answer nor error": func(*http.Request) (*http.Response, error) { return nil, nil },
		"no body and no header":    func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 200}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := get(context.Background(), client(t, base, noRetry))
			_, ok := errors.AsType[*mdm.Error](err)
			assert.True(t, ok, "%v", err)
		})
	}
}
