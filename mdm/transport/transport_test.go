package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

var origin = mdm.Origin{Kind: "toy", Address: "https://mdm.example.com"}

// trip is a RoundTripper without a network, which works in synctest bubbles.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := f(r)
	if r.Body != nil {
		r.Body.Close()
	}
	return resp, err
}

// answer makes a response. headers are name, value, name, value.
func answer(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// script answers with one response after the other, the last one for ever.
func script(calls *int, steps ...func() (*http.Response, error)) trip {
	return func(*http.Request) (*http.Response, error) {
		step := steps[min(*calls, len(steps)-1)]
		*calls++
		return step()
	}
}

func gives(status int, body string, headers ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return answer(status, body, headers...), nil }
}

func fails(err error) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, err }
}

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	require.NoError(t, err)
	return u
}

func profile(t *testing.T) transport.Profile {
	return transport.Profile{Origin: origin, Address: address(t, "https://mdm.example.com/api")}
}

func client(t *testing.T, base http.RoundTripper, change ...func(*transport.Options, *transport.Profile)) *transport.Client {
	t.Helper()
	o, p := transport.Options{Base: base}, profile(t)
	for _, f := range change {
		f(&o, &p)
	}
	c, err := transport.New(o, p)
	require.NoError(t, err)
	return c
}

// get asks for devices and reads the answer.
func get(ctx context.Context, c *transport.Client) (string, error) {
	return do(ctx, c, transport.Request{Op: "devices", Path: "/devices"})
}

// wipe asks for a write.
func wipe(ctx context.Context, c *transport.Client) (string, error) {
	return do(ctx, c, transport.Request{Op: "wipe", Method: "POST", Path: "/devices/1/wipe", Body: map[string]int{"pin": 1}})
}

func do(ctx context.Context, c *transport.Client, r transport.Request) (string, error) {
	resp, err := c.Do(ctx, r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// tokens is a TokenSource made of a function.
type tokens func(context.Context) (*oauth2.Token, error)

func (f tokens) Token(ctx context.Context) (*oauth2.Token, error) { return f(ctx) }
