package ade_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

// FuzzService gives any answer to each request of the client: none may panic,
// and what is read must be usable.
func FuzzService(f *testing.F) {
	for _, seed := range []string{
		accountText, `{"auth_session_token":"S"}`, `{"cursor":"C","more_to_follow":false,"devices":[{"serial_number":"A1","imei":"1","op_type":"deleted","op_date":""}]}`,
		`{"devices":{"A1":{"response_status":"SUCCESS"}}}`, `{"devices":{"A1":"THROTTLED"},"retry_after_seconds":1e99,"profile_uuid":7}`,
		`{"profile_name":"P","anchor_certs":[""]}`, `{"serial_number":"A1","original_device_serial_number":"A0","replacement_date":"2026-01-15"}`,
		`{"betaEnrollmentTokens":[{"token":"T"}]}`, `"EXPIRED_CURSOR"`, `[]`, `null`, `{"devices":{}}`, `{"devices":[[[]]],"cursor":{},"more_to_follow":"true"}`,
	} {
		f.Add(200, seed)
	}
	for _, seed := range []string{"FORBIDDEN", `{"code":{}}`, "<html>", "token_expiredForbidden"} {
		f.Add(401, seed)
		f.Add(403, seed)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status == 204 || status > 499 || status == 429 {
			return // what the transport repeats has tests of its own
		}
		s := script(func(e exchange) reply {
			if e.path == "/session" || e.path == "/account" && status == 200 && !strings.Contains(body, "server_uuid") {
				return reply{}
			}
			return reply{status: status, body: body}
		})
		c := client(t, s, destructive, func(cfg *ade.Config) { cfg.Transport.Retry.Disabled, cfg.KeepRaw = true, true })
		if page, err := c.FetchDevices(t.Context(), "C0"); err == nil {
			for _, d := range page.Devices {
				if r := d.Record(); r.ID == "" || r.Serial == "" {
					t.Error("a device without a serial number")
				}
				if d.Raw() != nil && !json.Valid(d.Raw()) {
					t.Error("what was kept is no JSON")
				}
			}
		} else if mdm.Code(err) == "" {
			t.Errorf("an error of no kind: %v", err)
		}
		_, _ = c.Account(t.Context())
		_, _ = c.Device(t.Context(), "A1")
		_, _ = c.AssignProfile(t.Context(), someUUID, "A1")
		_, _ = c.Profile(t.Context(), someUUID)
		_, _ = c.Replacement(t.Context(), "A1")
		_, _ = c.Discovery(t.Context())
		_, _ = c.BetaProgrammes(t.Context())
		_ = c.LockActivation(t.Context(), "A1", ade.Lock{})
	})
}

// FuzzCheckProfile takes any profile, and sends none that is not JSON.
func FuzzCheckProfile(f *testing.F) {
	for _, seed := range []string{`{"profile_name":"P","url":"https://a.example"}`, `{}`, `[]`, `null`, `{"is_mdm_removable":false,"is_supervised":1}`, `{"anchor_certs":[null]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, profile []byte) {
		var members map[string]json.RawMessage
		if err := ade.CheckProfile(profile); err == nil && (json.Unmarshal(profile, &members) != nil || len(members["profile_name"]) == 0 || len(members["url"]) == 0) {
			t.Errorf("accepted: %q", profile)
		}
		var p ade.Profile
		if json.Unmarshal(profile, &p) == nil {
			if _, err := json.Marshal(p); err != nil {
				t.Error(err)
			}
		}
	})
}

// FuzzVendorCode takes any error body, and finds nothing in it but a code.
func FuzzVendorCode(f *testing.F) {
	for _, seed := range []string{"FORBIDDEN", "\"A_B\"", `{"code":"X"}`, "\ufeff", "token_rejected", "{", "'''"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		code := ade.VendorCode(body)
		if len(code) > 64 || strings.ContainsFunc(code, func(r rune) bool {
			return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
		}) {
			t.Errorf("%q", code)
		}
	})
}
