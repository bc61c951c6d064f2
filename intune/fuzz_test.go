package intune_test

import (
	"encoding/pem"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// once are options that do not repeat what fails.
func once(cfg *intune.Config) { cfg.Transport.Retry = transport.Retry{Disabled: true} }

// coded demands that an error is one of the vocabulary.
func coded(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		assert.NotEmpty(t, mdm.Code(err), "%v", err)
	}
}

// FuzzBatch reads any bytes as the answers to several requests.
func FuzzBatch(f *testing.F) {
	f.Add(`{"responses":[{"id":"2","status":429,"headers":{"retry-after":"17"},"body":{"error":{"code":"TooManyRequests"}}},{"id":1,"status":"200","headers":[],"body":{"id":"00000000-0000-4000-8000-000000000000"}}]}`)
	f.Add(`{"responses":[{"id":"1","status":404,"headers":{"a":{"b":[]}},"body":"x"},null,7]}`)
	f.Fuzz(func(t *testing.T, body string) {
		synctest.Test(t, func(t *testing.T) {
			c, _ := scripted{"POST /beta/$batch": {body: body}}.client(t, once)
			n := 0
			for d, err := range c.DevicesByID(t.Context(), ids(2)) {
				n++
				coded(t, err)
				assert.Equal(t, err == nil, d != nil)
			}
			assert.Equal(t, 2, n, "one for each id")
		})
	})
}

// FuzzFailure reads any bytes as an error of the service, and of the sign-in.
func FuzzFailure(f *testing.F) {
	f.Add(401, `{"error":{"code":"UnknownError","message":"{\"ErrorCode\":\"Forbidden\",\"Message\":\"{\\\"Message\\\":\\\"{}\\\",\\\"RetryAfter\\\":2.5}\"}"}}`)
	f.Add(400, `{"error":{"code":"BadRequest","message":"Request not applicable to target tenant."}}`)
	f.Add(403, `{"error":{"code":"ApprovalRequired","message":"x-msft-approval-code: 3c1b5a90-4b2d-4f6a-9e83-d05b1a7c6e24"}}`)
	f.Add(401, `{"error":"invalid_client","error_description":"AADSTS7000222: x","error_codes":[7000222,"x"]}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		a := answer{status: 400 + max(0, status)%200, body: body}
		for _, place := range []string{accountPlace, tokenPlace} {
			c, _ := scripted{place: a}.client(t, once)
			_, err := c.Account(t.Context())
			require.Error(t, err)
			coded(t, err)
			if code := intune.ApprovalCode(err); code != "" {
				assert.Len(t, code, 36)
			}
		}
	})
}

// FuzzToken reads any bytes as a token.
func FuzzToken(f *testing.F) {
	f.Add(`{"token_type":"Bearer","expires_in":3599,"access_token":"Token-of-the-tests-1"}`)
	f.Add(`{"token_type":["Bearer"],"expires_in":"-9e99","access_token":"a\u0000b"}`)
	f.Fuzz(func(t *testing.T, body string) {
		c, tn := scripted{tokenPlace: {body: body}}.client(t, once)
		_, err := c.Account(t.Context())
		coded(t, err)
		assert.LessOrEqual(t, len(tn.requests(http.MethodPost, "/token")), 2)
	})
}

// FuzzLists reads any bytes as each of the smaller answers.
func FuzzLists(f *testing.F) {
	f.Add(`{"value":[{"id":"a","displayName":null,"version":7,"tokenExpirationDateTime":"9999-12-31T23:59:59.9999999Z"},7],"@odata.nextLink":null}`)
	f.Add(`{"enrolledDeviceCount":-1,"intuneAccountId":{},"expirationDateTime":[],"requestId":1,"value":{"a":{"@odata.type":"#microsoft.graph.group"}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		tn := &tenant{hook: func(r *request) *answer {
			if r.Method != http.MethodGet || r.URL.Query().Has("$skiptoken") {
				return nil
			}
			return &answer{body: body}
		}}
		c := tn.client(t, once)
		ctx := t.Context()
		for _, read := range []func() error{
			func() error { _, err := c.Account(ctx); return err },
			func() error { _, err := c.Subscription(ctx); return err },
			func() error { _, err := c.Organization(ctx); return err },
			func() error { _, err := c.Enrolled(ctx); return err },
			func() error { _, err := c.PushCertificate(ctx); return err },
			func() error { _, err := c.User(ctx, deviceID); return err },
			func() error { _, err := c.PrimaryUser(ctx, deviceID); return err },
			func() error { _, err := c.Approval(ctx, deviceID); return err },
			func() error { return ended(c.Apps(ctx)) },
			func() error { return ended(c.Categories(ctx)) },
			func() error { return ended(c.Groups(ctx, deviceID)) },
			func() error { return ended(c.AutopilotDevices(ctx)) },
			func() error { return ended(c.AppleTokens(ctx)) },
			func() error { return ended(c.AppleDevices(ctx, deviceID)) },
		} {
			coded(t, read())
		}
	})
}

// ended is the error with which a list ends, if it has one.
func ended[T any](all func(func(T, error) bool)) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// FuzzExportJob reads any bytes as a report in the making.
func FuzzExportJob(f *testing.F) {
	f.Add(`{"id":"Devices_1","status":"completed","url":"https://store.example/x.zip?sig=a"}`)
	f.Add(`{"id":"a/../b?c","status":"inProgress","url":null}`)
	f.Add(`{"id":"1","status":"completed","url":"http://user:password@store.example/"}`)
	f.Fuzz(func(t *testing.T, body string) {
		synctest.Test(t, func(t *testing.T) {
			tn := &tenant{hook: func(r *request) *answer {
				switch {
				case r.URL.Path == "/v1.0/deviceManagement/reports/exportJobs" && r.Method == http.MethodPost:
					return &answer{status: http.StatusCreated, body: body}
				case r.URL.Host == "graph.microsoft.com":
					return &answer{body: body}
				}
				return nil
			}}
			coded(t, tn.client(t, once).Report(t.Context(), "Devices", []string{"DeviceId"}, func([]string) error { return nil }))
			for _, r := range tn.asked {
				if r.URL.Host != "graph.microsoft.com" && r.URL.Host != "login.microsoftonline.com" {
					assert.Empty(t, r.Header.Get("Authorization"))
					assert.Equal(t, "https", r.URL.Scheme)
				}
			}
		})
	})
}

// FuzzReport reads any bytes as the file of a report, packed and not.
func FuzzReport(f *testing.F) {
	f.Add([]byte("\ufeff\"Device ID\",\"Device name\"\r\nA,\"x\"\"y\"\r\n"), true)
	f.Add([]byte("Device ID\n\"A\nB\",,,\n\n"), true)
	f.Add(zipped(f, "a.csv", "Device ID\nA\n"), false)
	f.Add([]byte("PK\x03\x04"), false)
	f.Fuzz(func(t *testing.T, file []byte, pack bool) {
		if pack {
			file = zipped(t, "a.csv", string(file))
		}
		c, _ := scripted{
			"POST /v1.0/deviceManagement/reports/exportJobs": {status: 201, body: `{"id":"D_1","status":"completed","url":"https://store.example/x.zip"}`},
			"GET store.example/x.zip":                        {body: string(file), header: http.Header{"Content-Type": {"application/octet-stream"}}},
		}.client(t, once, byReport)
		for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
			coded(t, err)
			for _, d := range page.Devices {
				assert.NotEmpty(t, d.Record().ID)
			}
		}
	})
}

// FuzzCertificate reads any bytes as PEM, and as what stands inside it.
func FuzzCertificate(f *testing.F) {
	text, cert := identity(f)
	f.Add(text, "")
	f.Add(cert.Raw, "CERTIFICATE")
	f.Add([]byte{0x30, 0x82}, "PRIVATE KEY")
	f.Add([]byte{0x30, 0x82}, "RSA PRIVATE KEY")
	f.Fuzz(func(t *testing.T, text []byte, kind string) {
		if kind != "" {
			text = pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: text})
		}
		if c, err := intune.ParseCertificate(text); err == nil {
			assert.False(t, c.Expires().IsZero())
		}
	})
}

// FuzzConsent reads any query as the answer to a request for consent: without
// its state, nothing of it counts.
func FuzzConsent(f *testing.F) {
	const state = "q8Qs3crtonlyfortests21q8Qs3crtonlyfortests"
	f.Add("state=" + state + "&tenant=" + customer + "&admin_consent=True")
	f.Add("state=" + state + "&admin_consent=True&error=consent_required&error_description=AADSTS65004%3a+x")
	f.Add("state=" + state + "&state=x&tenant=../x")
	f.Fuzz(func(t *testing.T, text string) {
		query, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		r := intune.ConsentRequest{ClientID: clientID, RedirectURI: "https://host.example/cb", State: state}
		c := r.Verify(query, time.Now())
		assert.Equal(t, c.Outcome == intune.ConsentGranted, c.Err == nil)
		assert.Equal(t, c.Outcome == intune.ConsentGranted, c.TenantID != "")
		if query.Get("state") != state {
			assert.Equal(t, intune.ConsentForged, c.Outcome)
		}
		if c.TenantID != "" {
			assert.Len(t, c.TenantID, 36)
		}
		assert.Equal(t, intune.ConsentForged, intune.ConsentRequest{}.Verify(query, time.Now()).Outcome)
	})
}

// FuzzCursor takes any text as a place in the list: it leads to no other
// server.
func FuzzCursor(f *testing.F) {
	f.Add(`{"link":"https://graph.microsoft.com/v1.0/x","rows":1}`)
	f.Add(`{"link":"https://graph.microsoft.com@evil.example/","rows":-1}`)
	f.Add(`{"link":"https://graph.microsoft.com/../../x?$skiptoken=%zz"}`)
	f.Fuzz(func(t *testing.T, text string) {
		c, tn := scripted{}.client(t, once)
		for _, from := range []mdm.Cursor{mdm.Cursor(text), mdm.NewCursor(c.Info(), text)} {
			for _, err := range c.Source().Pages(t.Context(), mdm.Query{From: from}) {
				coded(t, err)
			}
		}
		for _, r := range tn.asked {
			assert.Contains(t, []string{"graph.microsoft.com", "login.microsoftonline.com"}, r.URL.Host)
		}
	})
}
