package adetest_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dghubble/oauth1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
)

// TestSignatureVectors holds the fake's own signer against those of RFC 5849
// and of the reference.
func TestSignatureVectors(t *testing.T) {
	ade := func(more ...string) map[string]string {
		m := map[string]string{
			"oauth_consumer_key": "CK_00112233445566778899aabbccddeeff", "oauth_signature_method": "HMAC-SHA1",
			"oauth_token":     "AT_O12345678901O0123456789abcdef0123456789abcdef01234567O1767225600000",
			"oauth_timestamp": "1767226000", "oauth_nonce": "7d8f3e4a5b6c", "realm": "ADM",
		}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	const cs, as = "CS_1111111111111111111111111111111111111111", "AS_2222222222222222222222222222222222222222"
	photos := map[string]string{"realm": "Photos", "oauth_consumer_key": "dpf43f3p2l4k3l03", "oauth_token": "nnch734d00sl2jdk",
		"oauth_signature_method": "HMAC-SHA1", "oauth_timestamp": "137131202", "oauth_nonce": "chapoH"}
	initiate := map[string]string{"realm": "Photos", "oauth_consumer_key": "dpf43f3p2l4k3l03", "oauth_signature_method": "HMAC-SHA1",
		"oauth_timestamp": "137131200", "oauth_nonce": "wIjqoS", "oauth_callback": "http://printer.example.com/ready"}
	for name, c := range map[string]struct {
		method, address string
		params          map[string]string
		query           url.Values
		consumer, token string
		want            string
	}{
		"RFC 5849 photos": {"GET", "http://photos.example.net/photos", photos, url.Values{"file": {"vacation.jpg"}, "size": {"original"}},
			"kd94hf93k423kf44", "pfkkdhi9sl3r4s00", "MdpQcU8iPSUjWoN/UDMsK2sui9I="},
		"RFC 5849 initiate": {"POST", "https://photos.example.net/initiate", initiate, nil, "kd94hf93k423kf44", "", "74KNZJeDHnMBp0EMJ9ZHt/XKycU="},
		"ADE": {"GET", "https://mdmenrollment.apple.com/session", ade("oauth_version", "1.0"), nil, cs, as,
			"1CFfV1gnSYaIKrq4Row2ratuzf0="},
		"ADE without version": {"GET", "https://mdmenrollment.apple.com/session", ade(), nil, cs, as, "a1SEZYcmR5aA1MysQ8MV0asfmdE="},
		"ADE on a port":       {"GET", "http://127.0.0.1:8080/session", ade("oauth_version", "1.0"), nil, cs, as, "9HVl1s4VokxQ7p540dJP8sqdtDY="},
	} {
		t.Run(name, func(t *testing.T) {
			got := adetest.Sign(adetest.BaseString(c.method, c.address, c.params, c.query), c.consumer, c.token)
			assert.Equal(t, c.want, got)
		})
	}
	base := adetest.BaseString("GET", "https://mdmenrollment.apple.com/session", ade("oauth_version", "1.0"), nil)
	assert.Equal(t, "GET&https%3A%2F%2Fmdmenrollment.apple.com%2Fsession&oauth_consumer_key%3DCK_00112233445566778899aabbccddeeff"+
		"%26oauth_nonce%3D7d8f3e4a5b6c%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1767226000"+
		"%26oauth_token%3DAT_O12345678901O0123456789abcdef0123456789abcdef01234567O1767225600000%26oauth_version%3D1.0", base)
}

// TestRealmInTheBaseStringIsRefused signs as the negative vector does.
func TestRealmInTheBaseStringIsRefused(t *testing.T) {
	c := stranger(t, adetest.New(small()))
	token := c.f.Main.Token()
	g := c.ask(token, func(o *oauth) {
		params := map[string]string{}
		for _, p := range o.params {
			params[p[0]] = p[1]
		}
		base := adetest.BaseString("GET", "https://mdmenrollment.apple.com/session", params, url.Values{"realm": {"ADM"}})
		o.signature = adetest.Sign(base, o.consumerSecret, o.tokenSecret)
	})
	assert.Equal(t, "401 oauth_problem_adviceUnauthorized", text(g))
}

// TestAnotherSignerIsAccepted lets an independent implementation sign, through
// a port and without a socket, with and without a realm.
func TestAnotherSignerIsAccepted(t *testing.T) {
	srv := adetest.NewServer(small())
	defer srv.Close()
	token := srv.Main.Token()
	for name, c := range map[string]struct {
		base    http.RoundTripper
		address string
		realm   string
	}{
		"port":              {http.DefaultTransport, srv.URL, "ADM"},
		"no socket":         {srv.Transport(), "https://mdmenrollment.apple.com", "ADM"},
		"the scheme's port": {srv.Transport(), "https://MDMenrollment.apple.com:443", "ADM"},
		"no TLS":            {srv.Transport(), "http://localhost:8080", "ADM"},
		"no realm":          {srv.Transport(), "https://mdmenrollment.apple.com", ""},
	} {
		t.Run(name, func(t *testing.T) {
			config := oauth1.NewConfig(token.ConsumerKey, token.ConsumerSecret)
			config.Realm = c.realm
			ctx := context.WithValue(t.Context(), oauth1.HTTPClient, &http.Client{Transport: c.base})
			req, err := http.NewRequestWithContext(ctx, "GET", c.address+"/session", nil)
			require.NoError(t, err)
			req.Header.Set("User-Agent", "adetest/1.0")
			req.Header.Set("Accept", jsonType)
			req.Header.Set("Content-Type", jsonType)
			resp, err := config.Client(ctx, oauth1.NewToken(token.AccessToken, token.AccessSecret)).Do(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			assert.Equal(t, 200, resp.StatusCode)
			assert.Empty(t, srv.Violations())
		})
	}
}

// TestTokenDiesOfAgeInABubble lets a year pass by the clock of the bubble.
func TestTokenDiesOfAgeInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := adetest.New(nil)
		token := f.Main.Token()
		ctx := context.WithValue(t.Context(), oauth1.HTTPClient, f.Client())
		client := oauth1.NewConfig(token.ConsumerKey, token.ConsumerSecret).Client(ctx, oauth1.NewToken(token.AccessToken, token.AccessSecret))
		ask := func() string {
			req, err := http.NewRequestWithContext(ctx, "GET", "https://mdmenrollment.apple.com/session", nil)
			require.NoError(t, err)
			for _, name := range []string{"User-Agent", "Accept", "Content-Type"} {
				req.Header.Set(name, jsonType)
			}
			resp, err := client.Do(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			return resp.Status + " " + string(body)
		}
		time.Sleep(time.Until(token.Expiry) - time.Second)
		assert.Contains(t, ask(), "200 OK")
		time.Sleep(time.Second)
		assert.Equal(t, "403 Forbidden token_expiredForbidden", ask())
		assert.Empty(t, f.Violations())
	})
}
