package abm_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/internal/faulty"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk33KeyFiles shows every shape of a private key file, and what is said
// about other files.
func TestQuirk33KeyFiles(t *testing.T) {
	t.Parallel()
	key, file := newKey()
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	sec1, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	labelled := func(label string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
	}
	for name, good := range map[string]string{
		"PKCS #8 labelled as EC": file,
		"SEC 1":                  labelled("EC PRIVATE KEY", sec1),
		"PKCS #8":                labelled("PRIVATE KEY", pkcs8),
		"CRLF":                   "\r\n\r\n" + strings.ReplaceAll(file, "\n", "\r\n"),
		"BOM":                    "\ufeff" + file,
		"parameters in front":    "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + labelled("EC PRIVATE KEY", sec1),
		"bare base64":            base64.StdEncoding.EncodeToString(pkcs8),
		"in one line":            strings.ReplaceAll(file, "\n", `\n`),
		"line breaks lost":       strings.ReplaceAll(file, "\n", " "),
	} {
		assert.NoError(t, abm.CheckKey(good), name)
		p := newPortal(t, 1)
		assert.Len(t, listDevices(t, p.connect(func(cfg *abm.Config) { cfg.Key = mdm.NewSecret(good) })), 1, name)
	}

	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	other, err := x509.MarshalPKCS8PrivateKey(p384)
	require.NoError(t, err)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for bad, want := range map[string]string{
		labelled("PRIVATE KEY", other):                                       "another curve than P-256",
		labelled("EC PRIVATE KEY", explicit(t, key)):                         "openssl ec -param_enc named_curve",
		labelled("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)):     "an RSA key",
		labelled("CERTIFICATE", []byte("x")):                                 "a certificate",
		labelled("PUBLIC KEY", []byte("x")):                                  "a public key",
		labelled("ENCRYPTED PRIVATE KEY", []byte("x")):                       "protected with a password",
		file[:len(file)/2]:                                                   "not whole",
		"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n":  "a server token",
		base64.StdEncoding.EncodeToString([]byte(`{"token":"T","exp":"x"}`)): "a content token",
		"<!DOCTYPE html><html></html>":                                       "a web page",
		"":                                                                   "empty",
		"?":                                                                  "damaged",
		strings.Repeat("A", 1<<20):                                           "too large",
	} {
		err := abm.CheckKey(bad)
		e := requireKind(t, err, mdm.ErrInvalid)
		assert.ErrorContains(t, err, want)
		assert.Contains(t, e.Advice, ".pem")
	}
}

// explicit is the key with its curve as parameters.
func explicit(t *testing.T, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	curve := key.Params()
	type field struct {
		ID asn1.ObjectIdentifier
		P  *big.Int
	}
	type coefficients struct{ A, B []byte }
	type parameters struct {
		Version int
		Field   field
		Curve   coefficients
		Base    []byte
		Order   *big.Int
	}
	private, err := key.Bytes()
	require.NoError(t, err)
	public, err := key.PublicKey.Bytes()
	require.NoError(t, err)
	a := new(big.Int).Sub(curve.P, big.NewInt(3))
	der, err := asn1.Marshal(struct {
		Version    int
		Private    []byte
		Parameters parameters     `asn1:"explicit,tag:0"`
		Public     asn1.BitString `asn1:"explicit,tag:1"`
	}{1, private, parameters{1, field{asn1.ObjectIdentifier{1, 2, 840, 10045, 1, 1}, curve.P}, coefficients{a.Bytes(), curve.B.Bytes()},
		public, curve.N}, asn1.BitString{Bytes: public, BitLength: 8 * len(public)}})
	require.NoError(t, err)
	return der
}

// TestQuirk34Assertion checks a thousand signatures, or more until
// one has leading zero bytes; the portal checks the claims of each.
func TestQuirk34Assertion(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	zeros := 0
	for i := 0; i < 1000 || zeros == 0; i++ {
		p.asked = nil
		_, err := p.connect().Device(t.Context(), "DMPX00000000")
		require.NoError(t, err, i)
		form, err := url.ParseQuery(p.asked[0].body)
		require.NoError(t, err)
		parts := strings.Split(form.Get("client_assertion"), ".")
		signature, err := base64.RawURLEncoding.DecodeString(parts[2])
		require.NoError(t, err)
		require.Len(t, signature, 64)
		if signature[0] == 0 || signature[32] == 0 {
			zeros++
		}
		var claims struct {
			Aud      string
			Iat, Exp int64
		}
		require.NoError(t, decodePart(parts[1], &claims))
		require.Equal(t, "https://account.apple.com/auth/oauth2/v2/token", claims.Aud)
		require.InDelta(t, 900, claims.Exp-claims.Iat, 300)
	}
}

// TestQuirk35Token shows that a token is kept, fetched once by many, renewed
// five minutes early, and replaced once after a 401.
func TestQuirk35Token(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPortal(t, 1)
		c := p.connect()
		read := func() error { _, err := c.Device(t.Context(), "DMPX00000000"); return err }
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() { assert.NoError(t, read()) })
		}
		wait.Wait()
		assert.Equal(t, 1, p.count(tokenRoute))
		time.Sleep(54 * time.Minute)
		require.NoError(t, read())
		assert.Equal(t, 1, p.count(tokenRoute))
		time.Sleep(2 * time.Minute)
		require.NoError(t, read())
		assert.Equal(t, 2, p.count(tokenRoute))

		clear(p.tokens)
		require.NoError(t, read())
		assert.Equal(t, 3, p.count(tokenRoute))
		p.instead["GET /v1/orgDevices/DMPX00000000"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
		before := len(p.requests())
		requireKind(t, read(), mdm.ErrUnauthorized)
		assert.Len(t, p.requests(), before+2)
	})
}

// TestQuirk35FreshToken shows that a token that is refused at its first use is
// replaced too, and once only.
func TestQuirk35FreshToken(t *testing.T) {
	t.Parallel()
	const route = "GET /v1/orgDevices/DMPX00000000"
	p := newPortal(t, 1)
	p.instead[route] = func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		delete(p.instead, route)
		p.mu.Unlock()
		refuse(w, 401, "NOT_AUTHORIZED", "", "")
	}
	_, err := p.connect().Device(t.Context(), "DMPX00000000")
	require.NoError(t, err)
	assert.Equal(t, 2, p.count(tokenRoute))

	p = newPortal(t, 1)
	p.instead[route] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
	_, err = p.connect().Device(t.Context(), "DMPX00000000")
	requireKind(t, err, mdm.ErrUnauthorized)
	assert.Equal(t, 2, p.count(tokenRoute))
	assert.Equal(t, 2, p.count(route))
}

// TestQuirk35TokenErrors tells the refusals of the token endpoint apart, and
// repeats none of their words.
func TestQuirk35TokenErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status int
		body   string
		kind   error
		vendor string
	}{
		{400, `{"error":"invalid_client","error_description":"eyJSECRET"}`, mdm.ErrUnauthorized, "invalid_client"},
		{400, `{"error":"invalid_scope"}`, mdm.ErrUnauthorized, "invalid_scope"},
		{401, ``, mdm.ErrUnauthorized, ""},
		{503, ``, mdm.ErrUnavailable, ""},
		{200, `{}`, mdm.ErrDecode, ""},
		{200, `not json`, mdm.ErrWrongAddress, ""},
		{400, `{"error":"eyJSECRET PERSON"}`, mdm.ErrUnauthorized, ""},
	} {
		p := newPortal(t, 1)
		p.serve(tokenRoute, tc.status, tc.body)
		_, err := p.connect().Device(t.Context(), "DMPX00000000")
		requireKind(t, err, tc.kind)
		assert.NotContains(t, fmt.Sprintf("%+v %#v %s", err, err, mdm.Advice(err)), "SECRET")
		if tc.vendor != "" {
			assert.ErrorContains(t, err, tc.vendor)
		}
		assert.Empty(t, p.requests(), "nothing is asked without a token")
	}
}

// TestQuirk35TokenThrottled waits when the token endpoint asks for it, also
// where it says so with a 400.
func TestQuirk35TokenThrottled(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 429} {
		synctest.Test(t, func(t *testing.T) {
			p := newPortal(t, 1)
			c := p.connect()
			p.instead[tokenRoute] = func(w http.ResponseWriter, _ *http.Request) {
				p.mu.Lock()
				delete(p.instead, tokenRoute)
				p.mu.Unlock()
				w.WriteHeader(status)
				fmt.Fprint(w, `{"error":"invalid_request","error_description":"Too many requests"}`)
			}
			begin := time.Now()
			_, err := c.Device(t.Context(), "DMPX00000000")
			require.NoError(t, err)
			assert.Equal(t, 30*time.Second, time.Since(begin).Truncate(time.Second))
			assert.Equal(t, 2, p.count(tokenRoute))
		})
	}
}

// TestQuirk54ClockSkew names the clock when the token endpoint lives in
// another time.
func TestQuirk54ClockSkew(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	p.instead[tokenRoute] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid_client"}`)
	}
	_, err := p.connect().Device(t.Context(), "DMPX00000000")
	e := requireKind(t, err, mdm.ErrUnauthorized)
	assert.Contains(t, e.Advice, "clock")
}

// TestQuirk36Accept shows that the header is there, and what is said when it
// got lost on the way.
func TestQuirk36Accept(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	listDevices(t, p.connect())
	for _, r := range p.asked {
		assert.Equal(t, "application/json", r.header.Get("Accept"))
	}
	stripped := connect(t, stripping{faulty.Transport(p), "Accept"})
	_, err := stripped.Device(t.Context(), "DMPX00000000")
	assert.Contains(t, requireKind(t, err, mdm.ErrInvalid).Advice, "Accept")
}

// stripping is a proxy that removes a header from requests to the API.
type stripping struct {
	http.RoundTripper
	header string
}

func (s stripping) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Host, "api-") {
		r = r.Clone(r.Context())
		r.Header.Del(s.header)
	}
	return s.RoundTripper.RoundTrip(r)
}

// TestKeyRotates shows that the key is asked for with each token.
func TestKeyRotates(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	_, file := newKey()
	asked := 0
	c := p.connect(func(cfg *abm.Config) {
		cfg.Key = mdm.SecretFunc(func(context.Context) (string, error) { asked++; return file, nil })
	})
	listDevices(t, c)
	clear(p.tokens)
	listDevices(t, c)
	assert.Equal(t, 2, asked)
}

// TestPace keeps to about 20 requests a minute unless the host sets a limiter.
func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPortal(t, 400)
		c := p.connect(func(cfg *abm.Config) { cfg.Transport = transport.Options{Base: cfg.Transport.Base, PageSize: 1} })
		begin := time.Now()
		assert.Len(t, listDevices(t, c), 400)
		perMinute := 400 / time.Since(begin).Minutes()
		assert.InDelta(t, 20, perMinute, 1)
	})
}
