package transport

import (
	"context"
	"errors"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"golang.org/x/oauth2"
)

// Auth signs requests. It must be safe for concurrent use.
type Auth interface {
	// Apply adds credentials to r, which is its own copy. Its error must not
	// hold a secret; one of its own kind is returned as it is, any other means
	// that no credentials could be obtained. ctx carries an HTTP client for
	// oauth2.HTTPClient that goes through the host's base.
	Apply(ctx context.Context, r *http.Request) error
}

// Watcher is an Auth that learns from answers.
type Watcher interface {
	// Answered is told of each answer to a request that Apply signed, without
	// reading its body. It reports whether the answer refused the credentials
	// and a new Apply is likely to give better ones; then the request is made
	// once more, and never more than once.
	Answered(r *http.Request, resp *http.Response) bool
}

// Basic signs with a user name and a password. The password is asked for with
// each request, so that it may rotate.
func Basic(user string, password mdm.Secret) Auth { return &basic{user, password} }

type basic struct {
	user     string
	password mdm.Secret
}

func (b *basic) Apply(ctx context.Context, r *http.Request) error {
	password, err := b.password.Reveal(ctx)
	if err != nil {
		return err
	}
	r.SetBasicAuth(b.user, password)
	return nil
}

func (b *basic) valid() error {
	switch {
	case b.user == "" || b.password.IsZero():
		return errors.New("the user name or the password is not set")
	case strings.Contains(b.user, ":"):
		return errors.New("a user name must not contain a colon")
	}
	return nil
}

// Key signs with a key in a header of the vendor's, such as
// X-User-Access-Token. The key is asked for with each request.
func Key(header string, key mdm.Secret) Auth {
	return &headerKey{textproto.CanonicalMIMEHeaderKey(header), key}
}

type headerKey struct {
	header string
	key    mdm.Secret
}

func (k *headerKey) Apply(ctx context.Context, r *http.Request) error {
	key, err := k.key.Reveal(ctx)
	if err != nil {
		return err
	}
	r.Header.Set(k.header, key)
	return nil
}

func (k *headerKey) valid() error {
	if k.header == "" || k.key.IsZero() {
		return errors.New("the header or the key is not set")
	}
	return nil
}

// authLayer signs each request, and lets none pass to another server.
type authLayer struct {
	base   http.RoundTripper
	auth   Auth // nil: requests are not signed
	server *url.URL
	tokens *http.Client // for token sources
	judge  judge
}

func (l *authLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	c := callOf(req.Context())
	if !sameServer(req.URL, l.server) {
		closeBody(req)
		return nil, foreign(c)
	}
	if l.auth == nil {
		return l.base.RoundTrip(req)
	}
	signed := req.Clone(req.Context())
	if err := l.auth.Apply(l.tokenContext(req.Context()), signed); err != nil {
		closeBody(req)
		return nil, l.unsigned(req.Context(), c, err)
	}
	resp, err := l.base.RoundTrip(signed)
	if err != nil {
		return nil, err
	}
	if w, ok := l.auth.(Watcher); ok {
		c.replay = w.Answered(signed, resp)
	}
	return resp, nil
}

// tokenContext returns ctx for a token source: with our HTTP client, unless
// the host put its own there, and without the call that waits.
func (l *authLayer) tokenContext(ctx context.Context) context.Context {
	if ctx.Value(oauth2.HTTPClient) == nil {
		ctx = context.WithValue(ctx, oauth2.HTTPClient, l.tokens)
	}
	return (*call)(nil).with(ctx)
}

// tokenLayer lets requests of token sources pass over https only: their body
// is the client's secret.
type tokenLayer struct{ base http.RoundTripper }

func (l *tokenLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	if !secure(req.URL) {
		closeBody(req)
		return nil, &mdm.Error{
			Op: tokenOp, Kind: mdm.ErrWrongAddress,
			Detail: "the token address is not https; nothing was sent",
			Advice: "Give the token address with https://.",
		}
	}
	return l.base.RoundTrip(req)
}

// foreign refuses a request to another server than the configured one.
func foreign(c *call) *mdm.Error {
	err := c.fail(mdm.ErrWrongAddress)
	err.Detail = "a link to another server was refused; nothing was sent"
	err.Advice = "Check the configured address: the system names itself differently. " +
		"Behind a reverse proxy, use the address that the system knows itself by."
	return err
}
