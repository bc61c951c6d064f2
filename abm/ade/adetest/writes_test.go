package adetest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
)

func TestDetails(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	f.SetStatus("FAILED", tv)
	g := answer[map[string]map[string]map[string]any](c, "POST", "/devices",
		`{"devices":["`+iPad+`","C02ZZ9999999","`+tv+`","`+strings.ToLower(mac)+`"]}`)["devices"]
	assert.Equal(t, "SUCCESS", g[iPad]["response_status"])
	assert.Equal(t, iPad, g[iPad]["serial_number"])
	assert.Equal(t, "iPad (9th generation)", g[iPad]["model"])
	assert.NotContains(t, g[iPad], "op_type")
	assert.Equal(t, map[string]any{"response_status": "NOT_ACCESSIBLE"}, g["C02ZZ9999999"])
	assert.Equal(t, map[string]any{"response_status": "NOT_ACCESSIBLE"}, g[strings.ToLower(mac)])
	assert.Equal(t, map[string]any{"response_status": "FAILED"}, g[tv])
	f.SetStatus(adetest.Absent, iPad)
	assert.JSONEq(t, `{"devices":{}}`, c.post("/devices", `{"devices":["`+iPad+`"]}`).body)
	c.clean()
	assert.Equal(t, "400 DEVICE_ID_REQUIRED", c.code("POST", "/devices", `{"devices":[]}`))
}

func TestDisownIsForEver(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	cursor := c.page("/server/devices", "{}").Cursor
	body := `{"devices":["` + iPad + `","C02ZZ9999999"]}`
	assert.Equal(t, map[string]string{iPad: "SUCCESS", "C02ZZ9999999": "NOT_ACCESSIBLE"},
		answer[statuses](c, "POST", "/devices/disown", body).Devices)
	assert.Equal(t, "NOT_ACCESSIBLE", answer[statuses](c, "POST", "/devices/disown", body).Devices[iPad])
	assert.Equal(t, []string{"deleted"}, c.page("/devices/sync", follow(9, cursor)).column("op_type"))
	_, known := f.Device(iPad)
	assert.False(t, known)
	assert.Equal(t, []string{tv, mac}, f.Main.Serials())
	assert.Zero(t, f.Assign(f.Main, iPad))
	c.clean()
}

func TestProfileLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := adetest.New(small())
		c := newCaller(t, f)
		before := len(f.Main.Profiles())
		cursor := c.page("/server/devices", "{}").Cursor
		define := `{"profile_name":"Library","url":"https://mdm.example.org/enrol","is_supervised":true,"is_mdm_removable":false,` +
			`"language":"de","skip_setup_items":["Siri","FutureScreen"],"devices":["` + mac + `","C02ZZ9999999"]}`
		p := answer[statuses](c, "POST", "/profile", define)
		assert.Regexp(t, "^[0-9A-F]{32}$", p.Profile)
		assert.Equal(t, map[string]string{mac: "SUCCESS", "C02ZZ9999999": "NOT_ACCESSIBLE"}, p.Devices)
		assert.NotEqual(t, p.Profile, answer[statuses](c, "POST", "/profile", define).Profile, "a new uuid each time")
		assert.Len(t, f.Main.Profiles(), before+2)
		assert.Equal(t, json.RawMessage(`"Library"`), f.Main.Profile(p.Profile, "profile_name"))
		shown := answer[map[string]any](c, "GET", "/profile?profile_uuid="+p.Profile, "")
		assert.Equal(t, p.Profile, shown["profile_uuid"])
		assert.Equal(t, []any{"Siri", "FutureScreen"}, shown["skip_setup_items"])
		assert.Equal(t, false, shown["is_mdm_removable"])
		assert.Equal(t, true, shown["allow_pairing"], "the standard value")
		assert.NotContains(t, shown, "devices")

		assign := `{"profile_uuid":"` + p.Profile + `","devices":["` + mac + `","` + tv + `"]}`
		for _, method := range []string{"POST", "PUT"} {
			a := answer[statuses](c, method, "/profile/devices", assign)
			assert.Equal(t, p.Profile, a.Profile)
			assert.Equal(t, map[string]string{mac: "SUCCESS", tv: "SUCCESS"}, a.Devices)
			assert.Zero(t, a.Retry)
		}
		d, _ := f.Device(mac)
		assert.Equal(t, "assigned", d.Status)
		assert.Equal(t, 2, f.Settle())
		assert.Zero(t, f.Settle())
		d, _ = f.Device(mac)
		assert.Equal(t, "pushed", d.Status)
		assert.Equal(t, f.Now(), d.ProfilePushed)
		answer[statuses](c, "PUT", "/profile/devices", `{"profile_uuid":"`+p.Profile+`","devices":["`+tv+`"]}`)

		removed := answer[statuses](c, "DELETE", "/profile/devices", `{"devices":["`+mac+`","`+tv+`"],"profile_uuid":"`+p.Profile+`"}`)
		assert.Equal(t, map[string]string{mac: "SUCCESS", tv: "SUCCESS"}, removed.Devices)
		d, _ = f.Device(mac)
		assert.Equal(t, "removed", d.Status)
		assert.Empty(t, d.Profile)
		d, _ = f.Device(tv)
		assert.Equal(t, "empty", d.Status, "it was not pushed yet")
		assert.Contains(t, c.page("/devices/sync", follow(99, cursor)).column("op_type"), "modified")
		c.clean()
	})
}

func TestProfileErrors(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ä", n) }
	good := func(more string) string {
		return `{"profile_name":"x","url":"https://mdm.example.org"` + more + `}`
	}
	for body, want := range map[string]string{
		`{"url":"https://mdm.example.org"}`:                                 "CONFIG_NAME_REQUIRED",
		`{"profile_name":"x"}`:                                              "CONFIG_URL_REQUIRED",
		`{"profile_name":"` + long(126) + `","url":"https://a.example"}`:    "CONFIG_NAME_INVALID",
		`{"profile_name":"x","url":"mdm.example.org"}`:                      "CONFIG_URL_INVALID",
		`{"profile_name":"x","url":"https://a.example/` + long(2000) + `"}`: "CONFIG_URL_INVALID",
		good(`,"configuration_web_url":"nowhere"`):                          "CONFIG_URL_INVALID",
		good(`,"department":"` + long(126) + `"`):                           "DEPARTMENT_INVALID",
		good(`,"org_magic":"` + long(257) + `"`):                            "MAGIC_INVALID",
		good(`,"support_phone_number":"` + strings.Repeat("1", 51) + `"`):   "SUPPORT_PHONE_INVALID",
		good(`,"support_email_address":"` + strings.Repeat("a", 251) + `"`): "SUPPORT_EMAIL_INVALID",
		good(`,"is_mdm_removable":false`):                                   "FLAGS_INVALID",
		good(`,"is_mdm_removable":false,"is_supervised":false`):             "FLAGS_INVALID",
		good(`,"language":"german"`):                                        "LOCALE_INVALID",
		good(`,"region":"D1"`):                                              "LOCALE_INVALID",
		good(`,"is_supervised":"true"`):                                     "MALFORMED_REQUEST_BODY",
		good(`,"anchor_certs":["-----BEGIN"]`):                              "MALFORMED_REQUEST_BODY",
		`[]`:                                                                "MALFORMED_REQUEST_BODY",
		`{`:                                                                 "MALFORMED_REQUEST_BODY",
	} {
		c := newCaller(t, adetest.New(small()))
		assert.Equal(t, "400 "+want, c.code("POST", "/profile", body), body)
		assert.Len(t, c.f.Main.Profiles(), 2, body)
	}
	c := newCaller(t, adetest.New(small()))
	assert.Equal(t, 200, c.post("/profile", good(`,"profile_name":"`+long(125)+`"`)).status, "characters, not bytes")
	assert.Equal(t, "404 PROFILE_NOT_FOUND", c.code("GET", "/profile?profile_uuid=00", ""))
	assert.Equal(t, "404 PROFILE_NOT_FOUND", c.code("POST", "/profile/devices", `{"profile_uuid":"00","devices":["`+mac+`"]}`))
	c.clean()
	known := c.f.Main.Profiles()[0]
	assert.Equal(t, "400 PROFILE_UUID_REQUIRED", c.code("GET", "/profile", ""))
	assert.Equal(t, "400 PROFILE_UUID_REQUIRED", c.code("PUT", "/profile/devices", `{"devices":["`+mac+`"]}`))
	assert.Equal(t, "400 DEVICE_ID_REQUIRED", c.code("PUT", "/profile/devices", `{"profile_uuid":"`+known+`"}`))
	assert.Equal(t, "400 DEVICE_ID_REQUIRED", c.code("DELETE", "/profile/devices", `{}`))

	other := stranger(t, c.f)
	other.login(c.f.AddEntry("Library").Token())
	assert.Equal(t, "404 PROFILE_NOT_FOUND", other.code("GET", "/profile?profile_uuid="+known, ""), "it is another entry's")
}

func TestThrottledDevices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := adetest.New(small())
		c := newCaller(t, f)
		f.SetThrottle(2, 10*time.Minute)
		body := `{"profile_uuid":"` + f.Main.Profiles()[0] + `","devices":["` + mac + `"]}`
		try := func(version string) statuses {
			c.version = version
			return answer[statuses](c, "POST", "/profile/devices", body)
		}
		try("10")
		try("10")
		time.Sleep(time.Minute)
		s := try("10")
		assert.Equal(t, "THROTTLED", s.Devices[mac])
		assert.Equal(t, 540, s.Retry)
		s = try("9")
		assert.Equal(t, "THROTTLED", s.Devices[mac])
		assert.Zero(t, s.Retry)
		assert.Equal(t, "FAILED", try("8").Devices[mac])
		f.Advance(9 * time.Minute)
		c.login(f.Main.Token())
		assert.Equal(t, "SUCCESS", try("10").Devices[mac])
		f.SetStatus("THROTTLED", mac)
		assert.Equal(t, 120, try("10").Retry)
		f.SetStatus("", mac)
		assert.Equal(t, "SUCCESS", try("10").Devices[mac])
		c.clean()
	})
}

func TestActivationLock(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	lock := func(serial, more string) string {
		return c.post("/device/activationlock", fmt.Sprintf(`{"device":%q%s}`, serial, more)).body
	}
	key := strings.Repeat("0a", 32)
	assert.JSONEq(t, `{"serial_number":"`+iPad+`","response_status":"SUCCESS"}`,
		lock(iPad, `,"escrow_key":"`+key+`","lost_message":"Call us"`))
	got, ok := f.Locked(iPad)
	assert.True(t, ok)
	assert.Equal(t, adetest.Lock{EscrowKey: key, Message: "Call us"}, got)
	assert.Contains(t, lock(iPad, ""), "DEVICE_ALREADY_LOCKED")
	assert.Contains(t, lock(tv, ""), "DEVICE_NOT_SUPPORTED")
	assert.Contains(t, lock("C02ZZ9999999", ""), "NOT_ACCESSIBLE")
	f.SetStatus("FAILED", mac)
	assert.Contains(t, lock(mac, ""), "FAILED")
	f.SetStatus("", mac)
	org := f.Main.Organisation()
	org.Version = "v1"
	f.Main.SetOrganisation(org)
	assert.Contains(t, lock(mac, ""), "ORG_NOT_SUPPORTED")
	c.clean()
	assert.Equal(t, "400 DEVICE_ID_REQUIRED", c.code("POST", "/device/activationlock", `{}`))
	assert.Equal(t, "400 MALFORMED_REQUEST_BODY", c.code("POST", "/device/activationlock", `{"device":"`+mac+`","escrow_key":"12"}`))
	_, ok = f.Locked(mac)
	assert.False(t, ok)
}

func TestReplacementDetails(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	f.Edit(iPad, func(d *adetest.Device) {
		d.Replaces, d.ReplacedOn = "DMPAA0000001", time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	})
	const path = "/device/replacementDetails"
	assert.JSONEq(t, `{"serial_number":"`+iPad+`","original_device_serial_number":"DMPAA0000001","replacement_date":"2026-01-15"}`,
		c.get(path+"?device="+iPad).body)
	assert.Equal(t, "400 DEVICE_NOT_FOUND", c.code("GET", path+"?device="+mac, ""))
	f.SetWire(adetest.Wire{MissingIs404: true})
	assert.Equal(t, "404 NOT_FOUND", c.code("GET", path+"?device=C02ZZ9999999", ""))
	c.clean()
	assert.Equal(t, "400 DEVICE_ID_REQUIRED", c.code("GET", path, ""))
	c.version = "9"
	assert.Equal(t, "404 NOT_FOUND", c.code("GET", path+"?device="+iPad, ""))
}

func TestDiscovery(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	const path = "/account-driven-enrollment/profile"
	assert.Equal(t, "404 NOT_FOUND", c.code("GET", path, ""))
	assert.Equal(t, "404 NOT_FOUND", c.code("DELETE", path, ""))
	assert.Equal(t, "400 MDM_SERVICE_DISCOVERY_URL_REQUIRED", c.code("POST", path, "{}"))
	assert.Equal(t, "400 MDM_SERVICE_DISCOVERY_URL_NOT_VALID", c.code("POST", path, `{"mdm_service_discovery_url":"http://mdm.example.org"}`))
	const body = `{"mdm_service_discovery_url":"https://mdm.example.org/discovery"}`
	assert.JSONEq(t, body, c.post(path, body).body)
	set := answer[map[string]string](c, "GET", path, "")
	assert.Equal(t, "https://mdm.example.org/discovery", set["mdm_service_discovery_url"])
	assert.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, set["last_updated_timestamp"])
	f.SetWire(adetest.Wire{EmptyWrites: true})
	assert.Equal(t, "200 ", c.code("POST", path, body))
	assert.Equal(t, "200 ", c.code("DELETE", path, ""))
	assert.Equal(t, "404 NOT_FOUND", c.code("GET", path, ""))
	org := f.Main.Organisation()
	org.Type = "tvprovider"
	f.Main.SetOrganisation(org)
	for _, method := range []string{"GET", "DELETE"} {
		assert.Equal(t, "400 ORG_NOT_SUPPORTED", c.code(method, path, ""))
	}
	assert.Equal(t, "400 ORG_NOT_SUPPORTED", c.code("POST", path, body))
	c.clean()
}

func TestBetaTokens(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	assert.JSONEq(t, `{"betaEnrollmentTokens":[{"token":"9e8d7c6b5a4f3e2d1c0b","title":"iOS 27 Public Beta","os":"iOS"},
		{"token":"1f2e3d4c5b6a79880011","title":"macOS 27 Developer Beta","os":"OSX"}],
		"seedBuildTokens":[{"token":"9e8d7c6b5a4f3e2d1c0b","title":"iOS 27 Public Beta","os":"iOS"}]}`,
		c.get("/os-beta-enrollment/tokens").body)
	f.SetSeeding(false)
	assert.Equal(t, "403 APPLE_SEED_FOR_IT_TURNED_OFF", c.code("GET", "/os-beta-enrollment/tokens", ""))
	c.clean()
}
