package adetest_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
)

// FuzzRequest sends what no client should: the fake answers it.
func FuzzRequest(f *testing.F) {
	for _, seed := range [][4]string{
		{"POST", "/server/devices", `{"limit":1,"cursor":"MDow"}`, ""},
		{"POST", "/devices/sync", `{"cursor":"ZmV0Y2g6MDowOjA6MDowMA=="}`, ""},
		{"POST", "/profile", `{"profile_name":"x","url":"https://a.example","devices":["` + mac + `"]}`, ""},
		{"DELETE", "/profile/devices", `{"devices":[""]}`, ""},
		{"GET", "/session", "", `OAuth realm="ADM", oauth_nonce="%zz", oauth_token=",`},
		{"GET", "/session", "", `OAuth oauth_consumer_key="`},
		{"POST", "/device/activationlock", `{"device":"` + mac + `","escrow_key":"zz"}`, ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, method, path, body, authorization string) {
		if method == "" || strings.ContainsAny(method, "()<>@,;:\\\"/[]?={} \t\r\n") || !strings.HasPrefix(path, "/") {
			return
		}
		c := newCaller(t, adetest.New(small()))
		r := c.request("GET", "/", body)
		r.Method, r.URL.Path = method, path
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		rec := httptest.NewRecorder()
		c.f.ServeHTTP(rec, r)
		if rec.Code < 200 || rec.Code >= 500 {
			t.Fatalf("status %d", rec.Code)
		}
	})
}
