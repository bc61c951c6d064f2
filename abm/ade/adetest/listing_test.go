package adetest_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// follow is the body that goes on with a cursor.
func follow(limit int, cursor string) string {
	return fmt.Sprintf(`{"limit":%d,"cursor":%q}`, limit, cursor)
}

func TestFetchThenSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := adetest.New(small())
		c := newCaller(t, f)
		first := c.page("/server/devices", `{"limit":2}`)
		assert.True(t, first.More)
		assert.Equal(t, []string{iPad, tv}, first.column("serial_number"), "oldest first")
		last := c.page("/server/devices", follow(2, first.Cursor))
		assert.False(t, last.More)
		assert.Equal(t, []string{mac}, last.column("serial_number"))
		assert.NotContains(t, last.Devices[0], "op_type")
		assert.Equal(t, f.Now().Format(time.RFC3339), last.Until)
		assert.Equal(t, "400 EXHAUSTED_CURSOR", c.code("POST", "/server/devices", follow(2, last.Cursor)))

		nothing := c.page("/devices/sync", follow(2, last.Cursor))
		assert.False(t, nothing.More)
		assert.Empty(t, nothing.Devices)
		time.Sleep(time.Minute)
		f.Edit(mac, func(d *adetest.Device) { d.AssetTag = "INV-7" })
		f.Assign(nil, iPad)
		f.Add(f.Main, adetest.Device{Serial: "dmpnew000001", Model: "iPad Air", Family: "iPad", OS: "iPadOS"})
		changes := c.page("/devices/sync", follow(2, nothing.Cursor))
		assert.True(t, changes.More)
		assert.Equal(t, []string{mac, iPad}, changes.column("serial_number"))
		assert.Equal(t, []string{"modified", "deleted"}, changes.column("op_type"))
		assert.Len(t, changes.Devices[1], 3, "a deleted device has no more than three fields")
		more := c.page("/devices/sync", follow(2, changes.Cursor))
		assert.Equal(t, []string{"DMPNEW000001"}, more.column("serial_number"))
		assert.Equal(t, more.column("device_assigned_date"), more.column("op_date"))
		assert.Equal(t, changes.Devices, c.page("/devices/sync", follow(2, nothing.Cursor)).Devices, "a replayed cursor gives the same page")
		assert.Equal(t, "400 EXHAUSTED_CURSOR", c.code("POST", "/server/devices", follow(2, more.Cursor)))
		c.clean()
	})
}

func TestCursorErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := adetest.New(small())
		c := newCaller(t, f)
		cursor := c.page("/server/devices", "{}").Cursor
		assert.Equal(t, "400 CURSOR_REQUIRED", c.code("POST", "/devices/sync", `{"limit":5}`))
		f.Forget()
		for _, wrong := range []string{"x", "MDow", cursor[:len(cursor)-4] + "AAA=", "ZmV0Y2g6MDowOjA6MDowMA=="} {
			assert.Equal(t, "400 INVALID_CURSOR", c.code("POST", "/devices/sync", follow(5, wrong)), wrong)
		}
		library := f.AddEntry("Library")
		other := stranger(t, f)
		other.login(library.Token())
		assert.Equal(t, "400 INVALID_CURSOR", other.code("POST", "/devices/sync", follow(5, cursor)), "another entry's")

		f.Main.Issue()
		c.login(f.Main.Token())
		assert.Equal(t, 200, c.post("/devices/sync", follow(5, cursor)).status, "a new token of the entry does no harm")
		time.Sleep(7 * 24 * time.Hour)
		c.login(f.Main.Token())
		assert.Equal(t, 200, c.post("/devices/sync", follow(5, cursor)).status)
		f.Advance(time.Second)
		assert.Equal(t, "400 EXPIRED_CURSOR", c.code("POST", "/devices/sync", follow(5, cursor)))
		assert.Equal(t, "400 EXPIRED_CURSOR", c.code("POST", "/server/devices", follow(5, cursor)))
		cursor = c.page("/server/devices", "{}").Cursor
		f.Main.DropCursors()
		assert.Equal(t, "400 INVALID_CURSOR", c.code("POST", "/devices/sync", follow(5, cursor)))
		c.clean()
	})
}

// TestNothingIsLostWhileFetching changes devices between the pages of a fetch:
// fetch and sync together end at what is there.
func TestNothingIsLostWhileFetching(t *testing.T) {
	f := adetest.New(fleet.New(fleet.Options{Devices: 60}))
	c := newCaller(t, f)
	seen := map[string]bool{}
	read := func(l listing) {
		for _, d := range l.Devices {
			seen[d["serial_number"].(string)] = d["op_type"] != "deleted"
		}
	}
	first := c.page("/server/devices", `{"limit":10}`)
	read(first)
	gone := first.column("serial_number")
	f.Assign(nil, gone[0])
	f.Edit(gone[1], func(d *adetest.Device) { d.AssetTag = "x" })
	f.Release(gone[2])
	f.Assign(nil, gone[3])
	f.Assign(f.Main, gone[3])
	l := first
	for l.More {
		l = c.page("/server/devices", follow(10, l.Cursor))
		read(l)
	}
	for l = c.page("/devices/sync", follow(3, l.Cursor)); ; l = c.page("/devices/sync", follow(3, l.Cursor)) {
		read(l)
		if !l.More {
			break
		}
	}
	var present []string
	for serial, here := range seen {
		if here {
			present = append(present, serial)
		}
	}
	assert.ElementsMatch(t, f.Main.Serials(), present)
	assert.NotContains(t, present, gone[0])
	assert.Contains(t, present, gone[3])
	c.clean()
}

func TestMovesBetweenEntries(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	library := f.AddEntry("Library")
	f.SetWire(adetest.Wire{MovedModified: true})
	other := stranger(t, f)
	other.login(library.Token())
	mine, theirs := c.page("/server/devices", "{}"), other.page("/server/devices", "{}")
	assert.Equal(t, 1, f.Assign(library, iPad, "UNKNOWN", iPad))
	assert.Equal(t, 1, f.Assign(f.Main, iPad))
	assert.Equal(t, []string{"deleted", "modified"}, c.page("/devices/sync", follow(9, mine.Cursor)).column("op_type"))
	l := other.page("/devices/sync", follow(9, theirs.Cursor))
	assert.Equal(t, []string{"modified", "deleted"}, l.column("op_type"))
	assert.Equal(t, "empty", l.Devices[0]["profile_status"], "the profile belongs to the other entry")
	dates := l.column("op_date")
	assert.Less(t, dates[0], dates[1])
	f.SetWire(adetest.Wire{})
	f.Assign(library, tv)
	assert.Equal(t, []string{"added"}, other.page("/devices/sync", follow(9, l.Cursor)).column("op_type"))
	c.clean()
}

func TestProtocolVersions(t *testing.T) {
	f := adetest.New(small())
	f.Edit(iPad, func(d *adetest.Device) { d.Migrate = f.Now().AddDate(0, 3, 0) })
	c := newCaller(t, f)
	for _, v := range []struct {
		version  string
		os       any
		has, not []string
	}{
		{"", nil, []string{"model", "profile_uuid"}, []string{"device_family", "imei"}},
		{"1", nil, []string{"color"}, []string{"os", "mdm_migration_deadline"}},
		{"2", "iOS", []string{"device_family"}, []string{"mdm_migration_deadline"}},
		{"6", "iOS", nil, []string{"mdm_migration_deadline"}},
		{"7", "iPadOS", nil, []string{"mdm_migration_deadline"}},
		{"8", "iPadOS", []string{"mdm_migration_deadline"}, []string{"imei"}},
		{"9", "iPadOS", nil, []string{"eid", "is_replacement_device"}},
		{"10", "iPadOS", []string{"imei", "meid", "eid", "wifi_mac_address", "bluetooth_mac_address", "is_replacement_device"}, nil},
	} {
		c.version = v.version
		d := answer[map[string]map[string]map[string]any](c, "POST", "/devices", `{"devices":["`+iPad+`"]}`)["devices"][iPad]
		assert.Equal(t, v.os, d["os"], v.version)
		for _, key := range v.has {
			assert.Contains(t, d, key, v.version)
		}
		for _, key := range v.not {
			assert.NotContains(t, d, key, v.version)
		}
	}
	c.clean()
}

func TestRecordsAreAsDocumented(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := adetest.New(small()) // in a bubble the district lies in the future: it is moved
		c := newCaller(t, f)
		l := c.page("/server/devices", "{}")
		assert.Equal(t, map[string]any{
			"serial_number": iPad, "model": "iPad (9th generation)", "description": "IPAD (9TH GENERATION) SPACE GRAY",
			"color": "SPACE GRAY", "profile_status": "pushed", "profile_uuid": l.Devices[0]["profile_uuid"],
			"profile_assign_time": "1999-12-03T06:09:00Z", "profile_push_time": "1999-12-11T01:09:00Z",
			"device_assigned_date": "1999-12-03T05:09:00Z", "device_assigned_by": "it-admin@example-school.org",
			"device_family": "iPad", "os": "iPadOS", "imei": []any{"01 987654 321098 7"}, "meid": []any{"01987654321098"},
			"eid": "89049032004008882600000000000042", "wifi_mac_address": "02:00:5E:10:00:01",
			"bluetooth_mac_address": "02:00:5E:10:00:02", "is_replacement_device": false, "released_by_replacement": false,
		}, l.Devices[0])
		assert.Regexp(t, "^[0-9A-F]{32}$", l.Devices[0]["profile_uuid"])
		assert.Equal(t, []string{"pushed", "assigned", "empty"}, l.column("profile_status"))
		assert.Equal(t, []string{"iPadOS", "tvOS", "OSX"}, l.column("os"))
		c.clean()
	})
}

func TestFormsOfPages(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	fetch := func(w adetest.Wire, body string) map[string]any {
		f.SetWire(w)
		return answer[map[string]any](c, "POST", "/server/devices", body)
	}
	assert.Equal(t, "true", fetch(adetest.Wire{MoreAsText: true}, `{"limit":1}`)["more_to_follow"])
	full := fetch(adetest.Wire{FullCursor: true}, `{"limit":1}`)["cursor"].(string)
	assert.Len(t, full, 1000)
	next := fetch(adetest.Wire{}, follow(1, full))
	assert.Equal(t, tv, next["devices"].([]any)[0].(map[string]any)["serial_number"])
	stuck := fetch(adetest.Wire{StuckCursor: true}, follow(5, full))
	assert.Equal(t, full, stuck["cursor"])
	assert.Equal(t, true, stuck["more_to_follow"])
	first := fetch(adetest.Wire{EmptyTexts: true, Fractions: true, PlainIMEI: true}, "{}")["devices"].([]any)
	assert.Equal(t, "", first[2].(map[string]any)["profile_status"])
	assert.Equal(t, "", first[2].(map[string]any)["profile_push_time"])
	assert.Regexp(t, `\.\d{3}Z$`, first[0].(map[string]any)["profile_push_time"])
	assert.Equal(t, []any{"019876543210987"}, first[0].(map[string]any)["imei"])

	cursor := fetch(adetest.Wire{}, "{}")["cursor"].(string)
	f.SetWire(adetest.Wire{NoDevices: true})
	assert.NotContains(t, answer[map[string]any](c, "POST", "/devices/sync", follow(5, cursor)), "devices")
	f.SetWire(adetest.Wire{})
	assert.Equal(t, []any{}, answer[map[string]any](c, "POST", "/devices/sync", follow(5, cursor))["devices"])
	c.clean()
}

func TestPlant(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	f.Main.Plant(json.RawMessage(`{"serial_number":"DMPBAD000001","imei":5}`))
	l := c.page("/server/devices", "{}")
	assert.Equal(t, 5.0, l.Devices[3]["imei"])
	f.Main.Plant(json.RawMessage(`{"serial_number":"DMPBAD000002","op_type":"moved"}`))
	assert.Equal(t, []string{"moved"}, c.page("/devices/sync", follow(9, l.Cursor)).column("op_type"))
	f.Main.PlantDetail(mac, json.RawMessage(`"?"`))
	assert.JSONEq(t, `{"devices":{"`+mac+`":"?"}}`, c.post("/devices", `{"devices":["`+mac+`"]}`).body)
	c.clean()
}

func TestLimitsOfPages(t *testing.T) {
	f := adetest.New(fleet.New(fleet.Options{Devices: 60}))
	c := newCaller(t, f)
	f.SetPaging(adetest.Paging{Default: 4, Fetch: 8, Sync: 6})
	assert.Len(t, c.page("/server/devices", "{}").Devices, 4)
	assert.Len(t, c.page("/server/devices", `{"limit":8}`).Devices, 8)
	c.clean()
	assert.Len(t, c.page("/server/devices", `{"limit":9}`).Devices, 8)
	assert.Len(t, f.Violations(), 1)
	f.SetPaging(adetest.Paging{Default: 4, Fetch: 8, Sync: 6, Told: &adetest.Paging{}})
	urls := answer[map[string]any](c, "GET", "/account", "")["urls"].([]any)
	assert.Equal(t, map[string]any{"uri": "/server/devices", "http_method": []any{"POST"},
		"limit": map[string]any{"default": 0.0, "maximum": 0.0}}, urls[1])
}
