package intunetest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/url"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
)

func TestTokenShape(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	res := c.tokenFor(f.Domain, url.Values{"client_id": {f.ClientID}, "client_secret": {f.ClientSecret}})
	require.Equal(t, 200, res.status)
	token := res.object(t)
	assert.Equal(t, "Bearer", token["token_type"])
	assert.Equal(t, 3599.0, token["expires_in"])
	assert.Equal(t, 3599.0, token["ext_expires_in"])
	assert.NotContains(t, token, "refresh_token")
	assert.NotEmpty(t, res.header.Get("x-ms-request-id"))
	assert.NotEmpty(t, res.header.Get("x-ms-ests-server"))
	assert.Nil(t, f.Violations())
}

func TestTokenRefusals(t *testing.T) {
	good := func(f *intunetest.Fake) url.Values {
		return url.Values{"client_id": {f.ClientID}, "client_secret": {f.ClientSecret}}
	}
	for name, one := range map[string]struct {
		tenant  string // "" = the right one
		prepare func(f *intunetest.Fake, form url.Values)
		status  int
		code    string
		number  float64
		clean   bool
	}{
		"wrong secret":   {"", func(f *intunetest.Fake, form url.Values) { form.Set("client_secret", "other") }, 401, "invalid_client", 7000215, true},
		"expired secret": {"", func(f *intunetest.Fake, _ url.Values) { f.ExpireSecret(f.ClientID) }, 401, "invalid_client", 7000222, true},
		"rotated secret": {"", func(f *intunetest.Fake, _ url.Values) { f.RotateSecret(f.ClientID) }, 401, "invalid_client", 7000215, true},
		"unknown app": {"", func(f *intunetest.Fake, form url.Values) {
			form.Set("client_id", "00000000-1111-4222-8333-444444444444")
		}, 400, "unauthorized_client", 700016, true},
		"no consent":     {"", func(f *intunetest.Fake, _ url.Values) { f.Withdraw(f.TenantID, f.ClientID) }, 400, "unauthorized_client", 700016, true},
		"disabled":       {"", func(f *intunetest.Fake, _ url.Values) { f.Revoke(f.ClientID) }, 400, "unauthorized_client", 7000112, true},
		"unknown tenant": {"11111111-2222-4333-8444-555555555555", func(*intunetest.Fake, url.Values) {}, 400, "invalid_request", 90002, true},
		"other cloud":    {"", func(f *intunetest.Fake, _ url.Values) { f.SetCloud(intunetest.China) }, 400, "invalid_request", 900382, true},
		"common":         {"common", func(*intunetest.Fake, url.Values) {}, 400, "invalid_request", 9001023, false},
		"named scope": {"", func(_ *intunetest.Fake, form url.Values) {
			form.Set("scope", "https://graph.microsoft.com/User.Read.All")
		}, 400, "invalid_scope", 70011, false},
		"scope of another cloud": {"", func(_ *intunetest.Fake, form url.Values) {
			form.Set("scope", "https://graph.microsoft.us/.default")
		}, 400, "invalid_resource", 500011, false},
		"other grant": {"", func(_ *intunetest.Fake, form url.Values) { form.Set("grant_type", "password") }, 400, "unsupported_grant_type", 70003, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := intunetest.New(nil)
			c := &caller{t: t, f: f}
			form, tenant := good(f), one.tenant
			one.prepare(f, form)
			if tenant == "" {
				tenant = f.TenantID
			}
			res := c.tokenFor(tenant, form)
			body := res.object(t)
			assert.Equal(t, one.status, res.status)
			assert.Equal(t, one.code, body["error"])
			assert.Equal(t, []any{one.number}, body["error_codes"])
			assert.Regexp(t, `^AADSTS\d+: .* Trace ID: \S+ Correlation ID: \S+ Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$`, body["error_description"])
			for _, key := range []string{"timestamp", "trace_id", "correlation_id", "error_uri"} {
				assert.NotEmpty(t, body[key], key)
			}
			assert.Equal(t, one.clean, f.Violations() == nil, f.Violations())
		})
	}
}

func TestTokenWithBasicCredentials(t *testing.T) {
	f := intunetest.New(nil)
	r := request(t, "POST", loginRoot+"/"+f.TenantID+"/oauth2/v2.0/token", "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(f.ClientID), url.QueryEscape(f.ClientSecret))
	res := (&caller{t: t, f: f}).do(r)
	assert.Equal(t, 200, res.status, res.body)
	assert.Nil(t, f.Violations())
}

func TestTokensAgeAndAreOfOneCloud(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	assert.Equal(t, 200, c.get("/v1.0/deviceManagement").status)
	f.Advance(time.Hour)
	res := c.get("/v1.0/deviceManagement")
	code, _ := res.failure(t)
	assert.Equal(t, 401, res.status)
	assert.Equal(t, "InvalidAuthenticationToken", code)

	c.login()
	assert.Equal(t, 401, c.get("https://graph.microsoft.us/v1.0/deviceManagement").status)
	f.DropTokens()
	assert.Equal(t, 401, c.get("/v1.0/deviceManagement").status)
	c.token = "junk"
	_, message := c.get("/v1.0/deviceManagement").failure(t)
	assert.Equal(t, "CompactToken parsing failed with error code: 80049217", message)
	assert.Nil(t, f.Violations())
}

func TestEachCloudHasItsHosts(t *testing.T) {
	for name, one := range map[string]struct {
		cloud        intunetest.Cloud
		login, graph string
		scope        string
	}{
		"public":            {intunetest.Public, "login.microsoftonline.com", "graph.microsoft.com", "https://graph.microsoft.com/.default"},
		"gov":               {intunetest.USGov, "login.microsoftonline.us", "graph.microsoft.us", "https://graph.microsoft.us/.default"},
		"dod":               {intunetest.USGovDoD, "login.microsoftonline.us", "dod-graph.microsoft.us", "https://dod-graph.microsoft.us/.default"},
		"dod, scope of gov": {intunetest.USGovDoD, "login.microsoftonline.us", "dod-graph.microsoft.us", "https://graph.microsoft.us/.default"},
		"china":             {intunetest.China, "login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn/.default"},
		"china, old":        {intunetest.China, "login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn/.default"},
	} {
		t.Run(name, func(t *testing.T) {
			f := intunetest.New(nil)
			f.SetCloud(one.cloud)
			form := url.Values{"client_id": {f.ClientID}, "client_secret": {f.ClientSecret}, "scope": {one.scope}, "grant_type": {"client_credentials"}}
			r := request(t, "POST", "https://"+one.login+"/"+f.TenantID+"/oauth2/v2.0/token", form.Encode())
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			c := &caller{t: t, f: f}
			res := c.do(r)
			require.Equal(t, 200, res.status, res.body)
			c.token = res.object(t)["access_token"].(string)
			page := c.get("https://" + one.graph + "/v1.0/deviceManagement/managedDevices?$top=1")
			assert.Contains(t, page.next(t), "https://"+one.graph+"/v1.0/")
			assert.Nil(t, f.Violations())
		})
	}
}

func TestForeignHostIsAViolation(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	assert.Equal(t, 404, c.get("https://evil.example/v1.0/deviceManagement/managedDevices").status)
	assert.Len(t, f.Violations(), 1)
}

// signer has a key and its certificate.
type signer struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
}

func newSigner(t *testing.T) signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "app.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return signer{key, cert}
}

func (s signer) sign(t *testing.T, method jwt.SigningMethod, claims jwt.MapClaims) string {
	token := jwt.NewWithClaims(method, claims)
	long, short := sha256.Sum256(s.cert.Raw), sha1.Sum(s.cert.Raw)
	if method == jwt.SigningMethodPS256 {
		token.Header["x5t#S256"] = base64.RawURLEncoding.EncodeToString(long[:])
	} else {
		token.Header["x5t"] = base64.RawURLEncoding.EncodeToString(short[:])
	}
	text, err := token.SignedString(s.key)
	require.NoError(t, err)
	return text
}

func TestCertificateAssertions(t *testing.T) {
	own, other := newSigner(t), newSigner(t)
	const kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	for name, one := range map[string]struct {
		by     signer
		method jwt.SigningMethod
		change func(jwt.MapClaims)
		number float64 // 0 = a token
		clean  bool
	}{
		"PS256":          {own, jwt.SigningMethodPS256, func(jwt.MapClaims) {}, 0, true},
		"RS256":          {own, jwt.SigningMethodRS256, func(jwt.MapClaims) {}, 0, true},
		"foreign key":    {other, jwt.SigningMethodPS256, func(jwt.MapClaims) {}, 700027, true},
		"other audience": {own, jwt.SigningMethodPS256, func(m jwt.MapClaims) { m["aud"] = "https://login.microsoftonline.com/common/oauth2/v2.0/token" }, 700023, false},
		"audience of another cloud": {own, jwt.SigningMethodPS256, func(m jwt.MapClaims) {
			m["aud"] = "https://login.microsoftonline.us/7c1e5a90-4b2d-4f6a-9e83-d05b1a7c6e24/oauth2/v2.0/token"
		}, 700023, false},
		"expired":       {own, jwt.SigningMethodPS256, func(m jwt.MapClaims) { m["exp"] = time.Now().Add(-time.Minute).Unix() }, 700024, true},
		"clock ahead":   {own, jwt.SigningMethodPS256, func(m jwt.MapClaims) { m["nbf"] = time.Now().Add(time.Hour).Unix() }, 700024, true},
		"too long":      {own, jwt.SigningMethodPS256, func(m jwt.MapClaims) { m["exp"] = time.Now().Add(2 * time.Hour).Unix() }, 0, false},
		"no jti":        {own, jwt.SigningMethodPS256, func(m jwt.MapClaims) { delete(m, "jti") }, 0, false},
		"other subject": {own, jwt.SigningMethodPS256, func(m jwt.MapClaims) { m["sub"] = "somebody" }, 700021, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := intunetest.New(nil)
			f.AddCertificate(f.ClientID, own.cert)
			c := &caller{t: t, f: f}
			claims := jwt.MapClaims{"aud": loginRoot + "/" + f.TenantID + "/oauth2/v2.0/token", "iss": f.ClientID, "sub": f.ClientID,
				"jti": "6b0c7d4e-0a51-4c57-9d3b-2b0f6c0f4f11", "nbf": time.Now().Unix(), "iat": time.Now().Unix(), "exp": time.Now().Add(10 * time.Minute).Unix()}
			one.change(claims)
			res := c.tokenFor(f.TenantID, url.Values{"client_id": {f.ClientID}, "client_assertion_type": {kind}, "client_assertion": {one.by.sign(t, one.method, claims)}})
			if one.number == 0 {
				assert.Equal(t, 200, res.status, res.body)
			} else {
				assert.Equal(t, 401, res.status)
				assert.Equal(t, []any{one.number}, res.object(t)["error_codes"])
			}
			assert.Equal(t, one.clean, f.Violations() == nil, f.Violations())
		})
	}
}

func TestAssertionIsForOnce(t *testing.T) {
	own, f := newSigner(t), intunetest.New(nil)
	f.AddCertificate(f.ClientID, own.cert)
	c := &caller{t: t, f: f}
	text := own.sign(t, jwt.SigningMethodPS256, jwt.MapClaims{"aud": loginRoot + "/" + f.TenantID + "/oauth2/v2.0/token", "iss": f.ClientID,
		"sub": f.ClientID, "jti": "once", "nbf": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix()})
	for range 2 {
		c.tokenFor(f.TenantID, url.Values{"client_id": {f.ClientID}, "client_assertion": {text},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}})
	}
	assert.Len(t, f.Violations(), 1)
}

func TestRolesAreBakedIntoTokens(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	f.SetRights(f.ClientID)
	assert.Equal(t, 200, c.get("/v1.0/deviceManagement/managedDevices?$top=1").status)
	c.login()
	res := c.get("/v1.0/deviceManagement/managedDevices?$top=1")
	assert.Equal(t, 401, res.status)
	code, message := res.failure(t)
	assert.Equal(t, "UnknownError", code)
	assert.Equal(t, "Forbidden", unwrap(t, message)["ErrorCode"])
	inner := unwrap(t, unwrap(t, message)["Message"].(string))
	assert.Equal(t, 3.0, inner["_version"])
	assert.Contains(t, unwrap(t, inner["HttpHeaders"].(string)), "WWW-Authenticate")

	res = c.get("/v1.0/organization")
	code, _ = res.failure(t)
	assert.Equal(t, 401, res.status)
	assert.Equal(t, "Authorization_IdentityNotFound", code)
}

func unwrap(t *testing.T, text string) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &v), text)
	return v
}

func TestWhatLibrariesAskTheLoginService(t *testing.T) {
	f := intunetest.New(nil)
	c := &caller{t: t, f: f}
	found := c.do(request(t, "GET", loginRoot+"/"+f.TenantID+"/v2.0/.well-known/openid-configuration", "")).object(t)
	assert.Equal(t, loginRoot+"/"+f.TenantID+"/oauth2/v2.0/token", found["token_endpoint"])
	for scope, status := range map[string]int{
		"https://graph.microsoft.com/.default openid offline_access profile":         200,
		"https://graph.microsoft.com/.default https://vault.example/.default":        400,
		"openid https://graph.microsoft.com/DeviceManagementManagedDevices.Read.All": 400,
	} {
		res := c.tokenFor(f.TenantID, url.Values{"client_id": {f.ClientID}, "client_secret": {f.ClientSecret}, "scope": {scope}})
		assert.Equal(t, status, res.status, scope)
	}
	assert.Len(t, f.Violations(), 2)
}
