package relutiontest_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

// act sends an action with details beside their type.
func (c *caller) act(id, kind, details string) got {
	return c.send("POST", v1+"/devices/"+id+"/actions", fmt.Sprintf(`{"type":"%s","details":{"type":"%s"%s}}`, kind, kind, details))
}

// supervised is a device that obeys everything.
func (c *caller) supervised() string {
	for _, o := range c.list(all).results() {
		if o["status"] == "COMPLIANT" && o["supervised"] == true && o["platform"] == "IOS" && o["ownership"] == "COD" {
			return o["uuid"].(string)
		}
	}
	c.t.Fatal("no supervised device")
	return ""
}

func TestActionsSettle(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	id := c.supervised()
	path := v1 + "/devices/" + id
	before := c.get(path).result()
	for _, a := range []struct{ kind, details string }{
		{"DEVICE_NAME", `,"deviceName":"Neu 1"`},
		{"LOST_MODE_ENABLE", `,"message":"Bitte melden","phoneNumber":"000"`},
		{"LOCATE_DEVICE", ""},
		{"REFRESH_DEVICE_INFO", ""},
	} {
		made := c.act(id, a.kind, a.details).result()
		assert.Equal(t, a.kind, made["type"])
		assert.Equal(t, "NEW", made["state"])
		assert.Equal(t, "sync.example", made["createdBy"])
		assert.EqualValues(t, 0, made["errorCode"])
		assert.Regexp(t, upperUUID, made["uuid"])
		assert.Nil(t, made["deliveredDate"])
	}
	assert.EqualValues(t, 4, c.list(all).find("uuid", id)["openActions"])
	assert.Equal(t, before, c.get(path).result(), "created is not executed")
	assert.Equal(t, 4, f.Deliver())
	assert.Equal(t, []any{"DELIVERED", "DELIVERED", "DELIVERED", "DELIVERED"}, c.get(path+"/actions").column("state"))
	assert.Equal(t, 4, f.Settle())
	assert.Equal(t, []any{"EXECUTED", "EXECUTED", "EXECUTED", "EXECUTED"}, c.get(path+"/actions").column("state"))
	after := c.list(all).find("uuid", id)
	assert.Equal(t, "Neu 1", after["name"])
	assert.Equal(t, "ENABLED", after["lostModeStatus"])
	assert.EqualValues(t, 0, after["openActions"])
	assert.Len(t, c.get(v1+"/devices/actions").results(), 4)

	c.act(id, "WIPE", `,"preserveDataPlan":true`)
	assert.Equal(t, 1, f.Settle())
	assert.Equal(t, "WITHDRAWN", c.list(all).find("uuid", id)["status"])
	gone := c.act(id, "LOCK", "")
	assert.Equal(t, 422, gone.status)
	assert.Equal(t, "ILLEGAL_DEVICE_STATE", gone.object()["errorCode"])
	assert.Empty(t, f.Violations())
}

func TestActionsThatDoNotEndWell(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	id := c.supervised()
	one := v1 + "/devices/" + id + "/actions/"
	lock := one + c.act(id, "LOCK", `,"message":"x"`).result()["uuid"].(string)
	f.Postpone(id, true)
	assert.Equal(t, 0, f.Settle())
	assert.Equal(t, "NOT_NOW", c.get(lock).result()["state"])
	f.Postpone(id, false)
	f.FailActions(id, "The device is busy")
	assert.Equal(t, 1, f.Settle())
	failed := c.get(lock).result()
	assert.Equal(t, "ERROR", failed["state"])
	assert.Equal(t, "The device is busy", failed["errorMessage"])
	assert.Greater(t, failed["errorCode"], 1000.0)
	f.FailActions(id, "")

	locate := one + c.act(id, "LOCATE_DEVICE", "").result()["uuid"].(string)
	f.Settle()
	assert.Less(t, c.get(locate).result()["errorCode"], 1000.0, "a status of HTTP")

	ping := one + c.act(id, "PING", "").result()["uuid"].(string)
	assert.Equal(t, 200, c.send("DELETE", ping, "").status)
	assert.Equal(t, "CANCELLED", c.get(ping).result()["state"])
	assert.Equal(t, 200, c.send("DELETE", ping, "").status)
	assert.Equal(t, 404, c.get(ping).status)
	shutdown := one + c.act(id, "SHUTDOWN", "").result()["uuid"].(string)
	f.Deliver()
	assert.Equal(t, 422, c.send("DELETE", shutdown, "").status, "it is on its way")
	assert.Empty(t, f.Violations())
}

func TestActionsThatCannotBe(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	list := c.list(all)
	id, pc := c.supervised(), list.find("platform", "WINDOWS")["uuid"].(string)
	own := list.find("enrollmentType", "ANDROID_ENTERPRISE_PROFILE_OWNER")["uuid"].(string)
	for name, g := range map[string]struct {
		got  got
		code string
	}{
		"platform":   {c.act(pc, "LOST_MODE_ENABLE", ""), "WRONG_DEVICE_PLATFORM"},
		"own device": {c.act(own, "WIPE", ""), "ACTION_NOT_ALLOWED"},
	} {
		assert.Equal(t, 422, g.got.status, name)
		assert.Equal(t, g.code, g.got.object()["errorCode"], name)
	}
	assert.Equal(t, 404, c.act("7C1E0B52-9A40-4D0F-8C55-2F3B6D1A9E01", "LOCK", "").status)
	assert.Empty(t, f.Violations())

	f.SetRights(f.Token, "READ_DEVICES", "UPDATE_DEVICE_ACTIONS", "DEVICE_ACTION_LOCK")
	assert.Equal(t, 200, c.act(id, "LOCK", "").status)
	assert.Equal(t, 403, c.act(id, "REBOOT", "").status)
	f.SetRights(f.Token, relutiontest.AllRights()...)

	f.SetVersion("5.5.4")
	old := c.send("POST", "/api/v1/devices/"+id+"/actions", `{"type":"UNLOCK","details":{"type":"UNLOCK"}}`)
	assert.Equal(t, 422, old.status)
	assert.Equal(t, "-1", old.object()["status"])
	f.SetVersion("26.1.1")

	for body, want := range map[string]string{
		`{"type":"EXPLODE","details":{"type":"EXPLODE"}}`: "unknown type",
		`{"type":"LOCK"}`: "without details",
		`{"type":"LOCK","details":{"message":"x"}}`:                                     `of the type ""`,
		`{"type":"LOCK","details":{"type":"WIPE"}}`:                                     `of the type "WIPE"`,
		`{"type":"LOCK","details":{"type":"LOCK","note":"x"}}`:                          `no detail "note"`,
		`{"type":"DEVICE_NAME","details":{"type":"DEVICE_NAME"}}`:                       `without "deviceName"`,
		`{"type":"WIPE","details":{"type":"WIPE","pin":"12345"}}`:                       "six digits",
		`{"type":"WIPE","details":{"type":"WIPE","preserveDataPlan":"yes"}}`:            "wrong type",
		`{"type":"WIPE","details":{"type":"WIPE","subType":"KEEP"}}`:                    "KEEP",
		`{"type":"WIPE","details":{"type":"WIPE","wipeDataFlags":["ALL"]}}`:             "ALL",
		`{"type":"LOCK","details":{"type":"LOCK"},"deviceUuid":"x"}`:                    `unknown field "deviceUuid"`,
		`{"type":"ALERT","details":{"type":"ALERT","duration":"long"}}`:                 "wrong type",
		`[{"type":"LOCK","details":{"type":"LOCK"}}]`:                                   "no JSON object",
		`{"type":"WITHDRAW","details":{"type":"WITHDRAW","keepApp":"no"}}`:              "wrong type",
		`{"type":"BLUETOOTH","details":{"type":"BLUETOOTH"}}`:                           `without "enabled"`,
		`{"type":"RESET_PASSCODE","details":{"type":"RESET_PASSCODE","newPassword":1}}`: "wrong type",
	} {
		f.Forget()
		assert.GreaterOrEqual(t, c.send("POST", v1+"/devices/"+id+"/actions", body).status, 400, body)
		require.Len(t, f.Violations(), 1, body)
		assert.Contains(t, f.Violations()[0], want)
	}
}

func TestQuotaOfActions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := relutiontest.New(small())
		c := newCaller(t, f)
		id := c.supervised()
		for range 50 {
			assert.Equal(t, 200, c.act(id, "PING", "").status)
		}
		assert.Empty(t, f.Violations())
		assert.Equal(t, 200, c.act(id, "PING", "").status)
		assert.Len(t, f.Violations(), 1)
		time.Sleep(24 * time.Hour)
		c.act(id, "PING", "")
		assert.Len(t, f.Violations(), 1)
	})
}

func TestBulkActions(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	list := c.list(`{"getItems":true,"filter":{"type":"string","fieldName":"status","value":"COMPLIANT"}}`)
	a, b := list.results()[0]["uuid"].(string), list.results()[1]["uuid"].(string)
	body := `{"operationType":"ACTION","requestType":"CREATE","operations":[%s],"details":{"type":"ACTION","actionTemplate":{"type":"LOCK","details":{"type":"LOCK"}}}}`
	assert.Equal(t, 404, c.send("POST", v1+"/bulk/actions", fmt.Sprintf(body, `"`+a+`","0"`)).status)
	assert.Empty(t, c.get(v1+"/devices/actions").results(), "all or none")
	assert.Equal(t, 200, c.send("POST", v1+"/bulk/actions", fmt.Sprintf(body, `"`+a+`","`+b+`"`)).status)
	assert.Equal(t, 2, f.Settle())
	assert.Empty(t, f.Violations())
}

func TestBulkDelete(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	ids := f.UUIDs(f.Tenant)
	gone := c.send("DELETE", v1+"/devices/active", `{"values":["`+ids[0]+`","`+ids[1]+`"]}`)
	assert.Equal(t, 204, gone.status)
	assert.Empty(t, gone.body)
	assert.Equal(t, "DELETED", c.get(v1 + "/devices/" + ids[1]).result()["status"])
}

func TestInventoryLags(t *testing.T) {
	f := relutiontest.New(small())
	f.SetWire(relutiontest.Wire{InventoryLags: true})
	c := newCaller(t, f)
	id := c.supervised()
	for _, ending := range []string{"Settle", "REFRESH_DEVICE_INFO"} {
		c.act(id, "DEVICE_NAME", `,"deviceName":"`+ending+`"`)
		assert.Equal(t, 1, f.Settle())
		assert.NotEqual(t, ending, c.list(all).find("uuid", id)["name"], "executed, and not to be seen")
		if ending != "Settle" {
			c.act(id, ending, "")
		}
		f.Settle()
		assert.Equal(t, ending, c.list(all).find("uuid", id)["name"])
	}
	assert.Empty(t, f.Violations())
}

// TestActionsOfOnePlatform asks of Android Enterprise what it asks of no other,
// and lets it alone have a new password.
func TestActionsOfOnePlatform(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	list := c.list(all)
	ipad, android := c.supervised(), ""
	for _, o := range list.results() {
		if o["enrollmentType"] == "ANDROID_ENTERPRISE_DEVICE_OWNER" && o["status"] == "COMPLIANT" {
			android = o["uuid"].(string)
		}
	}
	require.NotEmpty(t, android)
	for _, details := range []string{`,"message":"x"`, `,"phoneNumber":"1"`, `,"email":"a@b.example"`, `,"address":"x","footnote":"y"`} {
		assert.Equal(t, 200, c.act(android, "LOST_MODE_ENABLE", details).status, details)
	}
	assert.Equal(t, 200, c.act(ipad, "LOST_MODE_ENABLE", `,"footnote":"y"`).status)
	assert.Equal(t, 200, c.act(android, "RESET_PASSCODE", `,"newPassword":"x","resetPasswordFlags":["REQUIRE_ENTRY"]`).status)
	assert.Equal(t, 200, c.act(ipad, "RESET_PASSCODE", `,"notifyUser":true`).status)
	assert.Empty(t, f.Violations())
	for details, id := range map[string]string{`,"footnote":"y"`: android, ``: android, `,"message":""`: android} {
		f.Forget()
		assert.Equal(t, 400, c.act(id, "LOST_MODE_ENABLE", details).status)
		require.Len(t, f.Violations(), 1, details)
	}
	for _, details := range []string{`,"newPassword":"x"`, `,"resetPasswordFlags":[]`} {
		f.Forget()
		assert.Equal(t, 400, c.act(ipad, "RESET_PASSCODE", details).status)
		require.Len(t, f.Violations(), 1, details)
		assert.Contains(t, f.Violations()[0], "no new password")
	}
}
