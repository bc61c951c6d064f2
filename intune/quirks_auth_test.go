package intune_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

// tokenPlace is where the tokens of the tests' tenant are made.
const tokenPlace = "POST login.microsoftonline.com/" + tenantID + "/oauth2/v2.0/token"

func tokenFailure(code int, kind string) answer {
	return answer{status: 401, body: fmt.Sprintf(`{"error":%q,"error_description":"AADSTS%d: text with names","error_codes":[%d]}`, kind, code, code)}
}

// TestQuirk04NoRoles takes a token without roles for a missing consent or
// permission, and does not fetch tokens without end.
func TestQuirk04NoRoles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer answer
		kind   error
	}{
		{failure(401, "Authorization_IdentityNotFound", "The identity of the calling application could not be established."), mdm.ErrConsentMissing},
		{failure(403, "Forbidden", "Either scp or roles claim need to be present"), mdm.ErrPermissionMissing},
		{failure(401, "UnknownError", `{"ErrorCode":"Forbidden","Message":"{}"}`), mdm.ErrPermissionMissing},
	} {
		client, tn := scripted{"GET /v1.0" + devices: c.answer}.client(t)
		for _, err := range client.Devices(t.Context(), nil) {
			require.ErrorIs(t, err, c.kind)
			assert.NotEmpty(t, mdm.Advice(err))
		}
		assert.LessOrEqual(t, len(tn.requests(http.MethodPost, "/token")), 2)
		assert.LessOrEqual(t, len(tn.requests(http.MethodGet, devices)), 2)
	}
}

// TestQuirk05OldTokenIsDropped drops a token that knows nothing of a later
// consent, when the host says so, and when it is refused for a right.
func TestQuirk05OldTokenIsDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		forbidden := true
		tn := &tenant{hook: func(r *request) *answer {
			if forbidden && r.URL.Path == "/v1.0/deviceManagement" {
				a := failure(403, "Forbidden", "")
				return &a
			}
			return nil
		}}
		c := tn.client(t)
		_, err := c.Account(t.Context())
		require.ErrorIs(t, err, mdm.ErrPermissionMissing)
		c.ForgetToken()
		forbidden = false
		_, err = c.Account(t.Context())
		require.NoError(t, err)
		assert.Len(t, tn.requests(http.MethodPost, "/token"), 2)
		time.Sleep(5 * time.Minute)
		forbidden = true
		_, err = c.Account(t.Context())
		require.Error(t, err)
		forbidden = false
		_, err = c.Account(t.Context())
		require.NoError(t, err)
		assert.Len(t, tn.requests(http.MethodPost, "/token"), 3)
	})
}

// TestQuirk06SecretIsEncoded sends a secret with characters that forms escape.
func TestQuirk06SecretIsEncoded(t *testing.T) {
	t.Parallel()
	c, tn := scripted{}.client(t)
	_, err := c.Account(t.Context())
	require.NoError(t, err)
	r := tn.requests(http.MethodPost, "/token")[0]
	form, err := url.ParseQuery(r.body)
	require.NoError(t, err)
	assert.Equal(t, url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {clientSecret},
		"scope": {graph + "/.default"}}, form)
	assert.Equal(t, "login.microsoftonline.com/"+tenantID+"/oauth2/v2.0/token", r.URL.Host+r.URL.Path)
}

// TestQuirk07TokenErrors gives each failure of the sign-in its own advice.
func TestQuirk07TokenErrors(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range []struct {
		answer answer
		kind   error
	}{
		{tokenFailure(7000222, "invalid_client"), mdm.ErrCredentialExpired},
		{tokenFailure(7000215, "invalid_client"), mdm.ErrUnauthorized},
		{tokenFailure(700027, "invalid_client"), mdm.ErrUnauthorized},
		{tokenFailure(700016, "unauthorized_client"), mdm.ErrConsentMissing},
		{tokenFailure(650052, "unauthorized_client"), mdm.ErrUnsupported},
		{tokenFailure(90002, "invalid_request"), mdm.ErrWrongTenant},
		{tokenFailure(53003, "access_denied"), mdm.ErrAddressNotAllowed},
		{tokenFailure(1, "invalid_client"), mdm.ErrUnauthorized},
	} {
		client, tn := scripted{tokenPlace: c.answer}.client(t)
		_, err := client.Account(t.Context())
		require.ErrorIs(t, err, c.kind, c.answer.body)
		assert.NotContains(t, err.Error(), "names")
		assert.NotEmpty(t, mdm.Advice(err))
		assert.False(t, seen[mdm.Advice(err)], "advice of its own")
		seen[mdm.Advice(err)] = true
		assert.Len(t, tn.requests(http.MethodPost, "/token"), 1)
	}
	client, _ := scripted{tokenPlace: {status: 400, body: "<html>", header: http.Header{"Content-Type": {"text/html"}}}}.client(t)
	_, err := client.Account(t.Context())
	require.NotEmpty(t, mdm.Code(err))
}

// identity makes a certificate with its key.
func identity(tb testing.TB) (text []byte, cert *x509.Certificate) {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(tb, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "app"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(365 * 24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(tb, err)
	cert, err = x509.ParseCertificate(der)
	require.NoError(tb, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(tb, err)
	text = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
	return append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...), cert
}

// TestQuirk08Assertion signs in with a certificate, in each cloud.
func TestQuirk08Assertion(t *testing.T) {
	t.Parallel()
	text, cert := identity(t)
	certificate, err := intune.ParseCertificate(text)
	require.NoError(t, err)
	assert.Equal(t, "[redacted]", fmt.Sprintf("%v", certificate))
	ids := map[string]bool{}
	for cloud, host := range map[intune.Cloud]string{intune.Public: "login.microsoftonline.com", intune.China: "login.partner.microsoftonline.cn"} {
		tn := &tenant{}
		c := tn.client(t, func(cfg *intune.Config) {
			cfg.ClientSecret, cfg.Certificate, cfg.Cloud = mdm.Secret{}, certificate, cloud
		})
		_, _ = c.Account(t.Context())
		form, err := url.ParseQuery(tn.requests(http.MethodPost, "/token")[0].body)
		require.NoError(t, err)
		assert.Equal(t, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form.Get("client_assertion_type"))
		assert.False(t, form.Has("client_secret"))
		claims := jwt.MapClaims{}
		token, err := jwt.ParseWithClaims(form.Get("client_assertion"), claims, func(*jwt.Token) (any, error) { return cert.PublicKey, nil }, jwt.WithValidMethods([]string{"PS256"}))
		require.NoError(t, err)
		digest := sha256.Sum256(cert.Raw)
		assert.Equal(t, base64.RawURLEncoding.EncodeToString(digest[:]), token.Header["x5t#S256"])
		assert.Equal(t, "https://"+host+"/"+tenantID+"/oauth2/v2.0/token", claims["aud"])
		assert.Equal(t, clientID, claims["iss"])
		assert.Equal(t, clientID, claims["sub"])
		assert.LessOrEqual(t, claims["exp"].(float64)-claims["iat"].(float64), 600.0)
		ids[claims["jti"].(string)] = true
	}
	assert.Len(t, ids, 2)
}

// TestCertificateWithFake signs in with a certificate that the fake verifies.
func TestCertificateWithFake(t *testing.T) {
	t.Parallel()
	text, cert := identity(t)
	certificate, err := intune.ParseCertificate(text)
	require.NoError(t, err)
	c, fake := fakeTenant(t, func(cfg *intune.Config) { cfg.ClientSecret, cfg.Certificate = mdm.Secret{}, certificate })
	fake.AddCertificate(fake.ClientID, cert)
	_, err = c.Account(t.Context())
	require.NoError(t, err)
}

// TestParseCertificate refuses what the service would refuse.
func TestParseCertificate(t *testing.T) {
	t.Parallel()
	one, _ := identity(t)
	_, other := identity(t)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(ec)
	require.NoError(t, err)
	block, _ := pem.Decode(one)
	key := pem.EncodeToMemory(block)
	for name, text := range map[string][]byte{
		"no private key": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: other.Raw}),
		"belongs":        append(key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: other.Raw})...),
		"not RSA":        pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		"damaged":        pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}),
		"encrypted":      pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")}),
	} {
		_, err := intune.ParseCertificate(text)
		require.ErrorContains(t, err, name)
	}
}

// TestQuirk09CloudsDoNotMix has no configuration in which they could: one value
// names sign-in, API and console.
func TestQuirk09CloudsDoNotMix(t *testing.T) {
	t.Parallel()
	for cloud, hosts := range map[intune.Cloud][2]string{
		intune.Public: {"login.microsoftonline.com", "graph.microsoft.com"}, intune.Government: {"login.microsoftonline.us", "graph.microsoft.us"},
		intune.Defense: {"login.microsoftonline.us", "dod-graph.microsoft.us"},
		intune.China:   {"login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"},
	} {
		tn := &tenant{}
		c := tn.client(t, func(cfg *intune.Config) { cfg.Cloud = cloud })
		_, _ = c.Account(t.Context())
		assert.Equal(t, hosts, [2]string{tn.asked[0].URL.Host, tn.asked[1].URL.Host})
		read, err := intune.ParseCloud(cloud.String())
		require.NoError(t, err)
		assert.Equal(t, cloud, read)
	}
	_, err := intune.New(intune.Config{TenantID: tenantID, ClientID: clientID, ClientSecret: mdm.NewSecret("S"), Cloud: 9})
	require.ErrorContains(t, err, "Cloud")
}

type hostTokens struct{}

func (hostTokens) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: "Token-of-the-host"}, nil
}

// TestHostTokens signs with tokens that the host makes, without a secret here.
func TestHostTokens(t *testing.T) {
	t.Parallel()
	c, tn := scripted{}.client(t, func(cfg *intune.Config) {
		cfg.ClientID, cfg.ClientSecret, cfg.TokenSource = "", mdm.Secret{}, hostTokens{}
	})
	_, err := c.Account(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Bearer Token-of-the-host", tn.asked[0].Header.Get("Authorization"))
}
