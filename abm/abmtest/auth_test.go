package abmtest_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/abmtest"
)

func TestKeyShapes(t *testing.T) {
	key := abmtest.New(small()).Key()
	for shape, want := range map[abmtest.KeyShape]string{
		abmtest.KeyDownloaded: "EC PRIVATE KEY", abmtest.KeySEC1: "EC PRIVATE KEY", abmtest.KeyPKCS8: "PRIVATE KEY",
	} {
		block, rest := pem.Decode(key.File(shape))
		require.NotNil(t, block, shape)
		assert.Empty(t, rest)
		assert.Equal(t, want, block.Type, shape)
		var parsed any
		var err error
		if shape == abmtest.KeySEC1 {
			parsed, err = x509.ParseECPrivateKey(block.Bytes)
		} else {
			parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		}
		require.NoError(t, err, shape)
		assert.True(t, key.Private().Equal(parsed), shape)
	}
	assert.Equal(t, "downloaded", abmtest.KeyDownloaded.String())
	assert.True(t, strings.HasPrefix(base64.StdEncoding.EncodeToString(mustDecode(key.File(abmtest.KeyDownloaded))), "MIGHAgEAMBMGByqGSM49"))
	assert.Panics(t, func() { key.File(abmtest.KeyUnknown) })
}

func mustDecode(file []byte) []byte {
	block, _ := pem.Decode(file)
	return block.Bytes
}

func TestTokenIsAcceptedInAllForms(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	good := func(edit func(header, claims map[string]any)) url.Values { return c.form(c.sign(f.ClientID, edit)) }
	for name, form := range map[string]url.Values{
		"team id as iss":   good(func(_, claims map[string]any) { claims["iss"] = f.TeamID }),
		"180 days":         good(func(_, claims map[string]any) { claims["exp"] = claims["iat"].(int64) + 180*86400 }),
		"iat 30 s earlier": good(func(_, claims map[string]any) { claims["iat"] = claims["iat"].(int64) - 30 }),
		"without typ":      good(func(header, _ map[string]any) { delete(header, "typ") }),
	} {
		assert.Equal(t, 200, c.ask(form).status, name)
	}
	for _, address := range []string{tokenURL, audience} { // parameters in the query
		r := c.request("POST", address+"?"+good(nil).Encode(), "")
		r.Header.Del("Authorization")
		assert.Equal(t, 200, c.do(r).status, address)
	}
	for range 300 { // many signatures begin with a zero byte
		require.Equal(t, 200, c.ask(good(nil)).status)
	}
	assert.Empty(t, f.Violations())
}

func TestTokenIsRefused(t *testing.T) {
	now := time.Now().Unix()
	for name, test := range map[string]struct {
		claims func(header, claims map[string]any)
		form   func(url.Values)
		code   string
		want   string // part of the violation; "" = none
	}{
		"aud without v2":      {claims: set("aud", tokenURL), code: "invalid_client", want: "aud is not"},
		"aud missing":         {claims: set("aud", nil), code: "invalid_client", want: "aud is not"},
		"other sub":           {claims: set("sub", "BUSINESSAPI.other"), code: "invalid_client"},
		"other iss":           {claims: set("iss", "somebody"), code: "invalid_client", want: "iss is neither"},
		"expired":             {claims: set("exp", now-1), code: "invalid_client"},
		"no exp":              {claims: set("exp", nil), code: "invalid_client", want: "exp is missing"},
		"no iat":              {claims: set("iat", nil), code: "invalid_client", want: "iat is missing"},
		"no jti":              {claims: set("jti", nil), code: "invalid_client", want: "jti is missing"},
		"iat in the future":   {claims: set("iat", now+300), code: "invalid_client"},
		"longer than 180 d":   {claims: set("exp", now+181*86400), code: "invalid_client", want: "180 days"},
		"other kid":           {claims: func(h, _ map[string]any) { h["kid"] = "other" }, code: "invalid_client"},
		"no kid":              {claims: func(h, _ map[string]any) { delete(h, "kid") }, code: "invalid_client", want: "kid is missing"},
		"other client":        {form: func(v url.Values) { v.Set("client_id", "BUSINESSAPI.other") }, code: "invalid_client"},
		"damaged signature":   {form: func(v url.Values) { v.Set("client_assertion", v.Get("client_assertion")+"AA") }, code: "invalid_client", want: "64 bytes"},
		"no JWT":              {form: func(v url.Values) { v.Set("client_assertion", "x") }, code: "invalid_client", want: "no JWT"},
		"scope of the school": {form: func(v url.Values) { v.Set("scope", "school.api") }, code: "invalid_scope"},
		"no scope":            {form: func(v url.Values) { v.Del("scope") }, code: "invalid_scope"},
		"other grant":         {form: func(v url.Values) { v.Set("grant_type", "password") }, code: "unsupported_grant_type", want: "grant_type"},
		"other type":          {form: func(v url.Values) { v.Set("client_assertion_type", "x") }, code: "invalid_request", want: "client_assertion_type"},
		"no assertion":        {form: func(v url.Values) { v.Del("client_assertion") }, code: "invalid_request", want: "is missing"},
		"twice":               {form: func(v url.Values) { v.Add("scope", "business.api") }, code: "invalid_request", want: "more than once"},
	} {
		t.Run(name, func(t *testing.T) {
			f := abmtest.New(small())
			c := newCaller(t, f)
			form := c.form(c.sign(f.ClientID, test.claims))
			if test.form != nil {
				test.form(form)
			}
			g := c.ask(form)
			assert.Equal(t, 400, g.status)
			assert.Equal(t, test.code, decode[map[string]string](t, g)["error"])
			if test.want == "" {
				assert.Empty(t, f.Violations())
			} else {
				assert.Contains(t, strings.Join(f.Violations(), "\n"), test.want)
			}
		})
	}
}

// set changes or removes a claim.
func set(name string, value any) func(_, claims map[string]any) {
	return func(_, claims map[string]any) {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
}

func TestTokenSignatureMustBeRaw(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	signed := c.sign(f.ClientID, nil)
	body := signed[:strings.LastIndex(signed, ".")]
	sum := sha256.Sum256([]byte(body))
	der, err := ecdsa.SignASN1(rand.Reader, f.Key().Private(), sum[:])
	require.NoError(t, err)
	assert.Equal(t, 400, c.ask(c.form(body+"."+base64.RawURLEncoding.EncodeToString(der))).status)
	assert.Contains(t, f.Violations()[0], "64 bytes")

	other := abmtest.New(small()).Key().Private()
	token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{"iss": f.ClientID, "sub": f.ClientID, "aud": audience,
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "jti": "1"})
	token.Header["kid"] = f.Key().ID
	text, err := token.SignedString(other)
	require.NoError(t, err)
	f.Forget()
	g := c.ask(c.form(text))
	assert.Equal(t, 400, g.status, "another private key")
	assert.Contains(t, g.body, text, "the error echoes the assertion, as Apple's can")
	assert.Empty(t, f.Violations())
}

func TestTokenReplay(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	form := c.form(c.sign(f.ClientID, nil))
	require.Equal(t, 200, c.ask(form).status)
	assert.Equal(t, 200, c.ask(form).status)
	assert.Contains(t, f.Violations()[0], "jti was used before")
	f.SetWire(abmtest.Wire{RefuseReplay: true, TokenStatus: 401})
	assert.Equal(t, 401, c.ask(form).status)
}

func TestTokenClock(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	f.SetSkew(time.Hour)
	g := c.ask(c.form(c.sign(f.ClientID, nil)))
	assert.Equal(t, 400, g.status, "expired by the fake's clock")
	at, err := http.ParseTime(g.header.Get("Date"))
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(time.Hour), at, time.Minute)
	f.SetSkew(-time.Hour)
	assert.Equal(t, 400, c.ask(c.form(c.sign(f.ClientID, nil))).status, "made in the future")
	assert.Empty(t, f.Violations())
}

func TestTokenLife(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	assert.Equal(t, 200, c.get(devices).status)
	f.Advance(time.Hour)
	assert.Equal(t, 401, c.get(devices).status)
	c.login(f.ClientID)
	assert.Equal(t, 200, c.get(devices).status)
	f.DropTokens()
	g := c.get(devices)
	assert.Equal(t, 401, g.status)
	assert.Equal(t, "NOT_AUTHORIZED", g.code(t))
	f.SetWire(abmtest.Wire{EmptyErrors: true})
	assert.Empty(t, c.get(devices).body)
	assert.Empty(t, f.Violations())
}

func TestKeysEnd(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	old := c.sign(f.ClientID, nil)
	key := f.RotateKey(f.ClientID)
	assert.NotEqual(t, old, key.ID)
	assert.Equal(t, 400, c.ask(c.form(old)).status, "signed with the revoked key")
	c.login(f.ClientID)
	f.RevokeKey(f.ClientID)
	assert.Equal(t, 400, c.ask(c.form(c.sign(f.ClientID, nil))).status)
	assert.Equal(t, 200, c.get(devices).status, "a token outlives its key")
	assert.Empty(t, f.Violations())
}

func TestRights(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	for _, r := range abmtest.Rights() {
		f.SetRights(f.ClientID, r)
		for right, path := range map[abmtest.Right]string{
			abmtest.ReadDevices: devices, abmtest.ReadServers: servers, abmtest.ReadPeople: "/v1/users", abmtest.ReadManaged: "/v1/mdmDevices",
			abmtest.ReadCoverage: devices + "/DMPXQ1ZZHK5N/appleCareCoverage", abmtest.ReadDeployments: "/v1/apps",
		} {
			want := map[bool]int{true: 200, false: 403}[r == right]
			assert.Equal(t, want, c.get(path).status, "%s with right %d", path, r)
		}
	}
	other := f.AddAccount(abmtest.ReadServers)
	form := c.form(c.sign(other, nil))
	form.Set("client_id", other)
	c.token = decode[map[string]any](t, c.ask(form))["access_token"].(string)
	assert.Equal(t, 200, c.get(servers).status)
	assert.Equal(t, "FORBIDDEN_ERROR", c.get(devices).code(t))
	assert.Empty(t, f.Violations())
}
