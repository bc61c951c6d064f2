package jamfschooltest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func (g got) devices(t *testing.T) []map[string]any {
	t.Helper()
	require.Equal(t, 200, g.status, g.body)
	var list struct {
		Count   int              `json:"count"`
		Devices []map[string]any `json:"devices"`
	}
	require.NoError(t, json.Unmarshal([]byte(g.body), &list))
	require.Len(t, list.Devices, list.Count)
	return list.Devices
}

func (g got) device(t *testing.T) map[string]any {
	t.Helper()
	require.Equal(t, 200, g.status, g.body)
	return decode(t, g.body)["device"].(map[string]any)
}

func TestServerAddresses(t *testing.T) {
	srv := jamfschooltest.NewServer(small())
	defer srv.Close()
	for _, prefix := range []string{"", "/api"} {
		req, err := http.NewRequest("GET", srv.URL+prefix+"/locations", nil)
		require.NoError(t, err)
		req.SetBasicAuth(srv.NetworkID, srv.Key)
		req.Header.Set("Accept", "application/json")
		req.Header.Set("X-Server-Protocol-Version", "3")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, 200, resp.StatusCode)
		assert.NotEmpty(t, resp.Header.Get("X-Server-Instance"))
		assert.Contains(t, resp.Header.Get("Set-Cookie"), "hash=")
	}
	assert.Empty(t, srv.Violations())
	assert.Equal(t, 2, srv.Count("GET", "/locations"))
	assert.Equal(t, 200, srv.Requests()[0].Status)
}

func TestFilters(t *testing.T) {
	d := fleet.New(fleet.Options{})
	f := jamfschooltest.New(d)
	c := newCaller(t, f)
	all := c.get("/devices").devices(t)
	require.Len(t, all, len(d.Devices))
	first := all[0]
	serials := func(query string) []string {
		var list []string
		for _, dev := range c.get("/devices?" + query).devices(t) {
			list = append(list, dev["serialNumber"].(string))
		}
		return list
	}
	count := func(keep func(map[string]any) bool) int {
		n := 0
		for _, dev := range all {
			if keep(dev) {
				n++
			}
		}
		return n
	}
	serial := first["serialNumber"].(string)
	assert.Equal(t, []string{serial}, serials("serialnumber="+strings.ToLower(serial)))
	assert.Empty(t, serials("serialnumber="+serial[:5]), "no partial match")
	assert.Empty(t, serials("name="+url.QueryEscape(first["name"].(string))), "the filter is for the owner's name")
	assert.Empty(t, serials("model=iPad99,9"))
	assert.Len(t, serials("location=0"), count(func(m map[string]any) bool { return m["locationId"].(float64) == 0 }))
	owned := func(m map[string]any) bool { return m["owner"].(map[string]any)["id"].(float64) != 0 }
	assert.Len(t, serials("hasOwner=true"), count(owned))
	assert.Len(t, serials("hasOwner=0"), len(all)-count(owned))
	assert.Len(t, serials("enrollType=ac2"), count(func(m map[string]any) bool { return m["enrollType"] == "ac2" }))
	assert.Len(t, serials("supervised=1"), count(func(m map[string]any) bool { return m["isSupervised"] == true }))
	assert.Len(t, serials("inTrash=1"), len(all))
	managed := count(func(m map[string]any) bool { return m["isManaged"] == true })
	assert.Less(t, len(serials("managed=1")), managed, "only some of the managed ones")
	assert.Len(t, serials("managed=0"), len(all)-len(serials("managed=1")))
	for _, dev := range c.get("/devices?groups=12,13").devices(t) {
		assert.NotEmpty(t, dev["groups"])
	}
	assert.Empty(t, f.Violations())
}

func TestFiltersByOwner(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	for query, n := range map[string]int{
		"name=mira": 1, "name=MIRA%20FALK": 1, "name=nobody": 0, "owner=36": 1, "owner=0": 2, "ownergroups=6,99": 1, "ownergroups=99": 0,
		"groups=12": 2, "groups=12,13": 2, "assettag=LIB-0042": 1, "assettag=LIB": 0, "bootstrapTokenStored=1": 1,
	} {
		assert.Len(t, c.get("/devices?"+query).devices(t), n, query)
	}
}

func TestIncludeApps(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	assert.NotContains(t, c.get("/devices").body, `"apps"`)
	assert.Contains(t, c.get("/devices?includeApps=1").body, `"apps"`)
	assert.NotContains(t, c.get("/devices/"+iPadUDID).body, `"apps"`)
	assert.Contains(t, c.get("/devices/"+iPadUDID+"?includeApps=true").body, `"apps"`)
	assert.Empty(t, f.Violations())
	assert.Contains(t, c.get("/devices?includeApps=false").body, `"apps"`, "presence counts")
	assert.NotContains(t, c.get("/devices/"+iPadUDID+"?includeApps=1").body, `"apps"`)
	assert.Len(t, f.Violations(), 2)
}

func TestWritesAreVisible(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	path := "/devices/" + macUDID
	assert.JSONEq(t, `{"code":200,"message":"DeviceUpdated"}`, c.send("POST", path+"/details", `{"notes":"dented"}`).body)
	assert.JSONEq(t, `{"code":200,"message":"DeviceSaved"}`, c.send("PUT", path+"/owner", `{"user":"36"}`).body)
	dev := c.get(path).device(t)
	assert.Equal(t, "dented", dev["notes"])
	assert.Equal(t, "", dev["assetTag"])
	assert.EqualValues(t, 2, dev["owner"].(map[string]any)["deviceCount"])
	c.send("PUT", path+"/owner", `{"user":0}`)
	assert.Empty(t, c.get(path).device(t)["owner"])
	assert.JSONEq(t, `{"code":404,"message":"UserNotFound"}`, c.send("PUT", path+"/owner", `{"user":9}`).body)
	assert.Empty(t, f.Violations())
}

func TestTrashAndRestore(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	assert.JSONEq(t, `{"code":200,"message":"DeviceTrashed"}`, c.send("DELETE", "/devices/"+tvUDID, "").body)
	assert.Len(t, c.get("/devices").devices(t), 2)
	assert.Equal(t, true, c.get("/devices/" + tvUDID).device(t)["inTrash"])
	assert.Equal(t, 404, c.send("POST", "/devices/"+tvUDID+"/refresh", "").status)
	assert.Contains(t, c.send("POST", "/devices/"+tvUDID+"/restore", "").body, `"message":"DeviceRestored"`)
	assert.Len(t, c.get("/devices").devices(t), 3)
}

func TestMigrate(t *testing.T) {
	setUp := func(t *testing.T) (*jamfschooltest.Fake, *caller, func(string) float64) {
		f := jamfschooltest.New(small())
		c := newCaller(t, f)
		c.send("PUT", "/devices/"+tvUDID+"/owner", `{"user":36}`)
		return f, c, func(udid string) float64 { return c.get("/devices/" + udid).device(t)["locationId"].(float64) }
	}
	t.Run("only the device", func(t *testing.T) {
		_, c, at := setUp(t)
		c.send("PUT", "/devices/"+iPadUDID+"/migrate", `{"locationId":0,"onlyDevice":true}`)
		assert.Zero(t, at(iPadUDID))
		assert.EqualValues(t, 2, at(tvUDID))
	})
	t.Run("with the owner and everything the owner has", func(t *testing.T) {
		_, c, at := setUp(t)
		assert.JSONEq(t, `{"code":200,"message":"DeviceMoved"}`, c.send("PUT", "/devices/"+iPadUDID+"/migrate", `{"locationId":0}`).body)
		assert.Zero(t, at(iPadUDID))
		assert.Zero(t, at(tvUDID))
		assert.Zero(t, decode(t, c.get("/users/36").body)["user"].(map[string]any)["locationId"])
	})
	t.Run("many", func(t *testing.T) {
		f, c, _ := setUp(t)
		body := fmt.Sprintf(`{"udids":[%q,%q,"DEADBEEF"],"locationId":0,"onlyDevice":true}`, iPadUDID, macUDID)
		assert.JSONEq(t, fmt.Sprintf(`{"code":200,"devicesMoved":[%q],"devicesNotFound":["DEADBEEF"],"devicesLocationSame":[%q],"devicesMoveFailed":[]}`,
			iPadUDID, macUDID), c.send("PUT", "/devices/migrate", body).body)
		assert.Empty(t, f.Violations())
		assert.Equal(t, 404, c.send("PUT", "/devices/migrate", `{"udids":[],"locationId":77}`).status)
		udids, _ := json.Marshal(make([]string, 21))
		assert.Equal(t, 400, c.send("PUT", "/devices/migrate", `{"udids":`+string(udids)+`,"locationId":0}`).status)
		assert.Len(t, f.Violations(), 1)
	})
}

func TestCommandsAreOnlyScheduled(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	path := "/devices/" + iPadUDID
	before := c.get(path).body
	assert.JSONEq(t, `{"message":"DeviceWipeScheduled","device":"`+iPadUDID+`"}`, c.send("POST", path+"/wipe", `{"clearActivationLock":"true"}`).body)
	assert.Equal(t, before, c.get(path).body, "scheduled is not done")
	assert.Equal(t, []jamfschooltest.Command{{UDID: iPadUDID, Name: "wipe", Option: true}}, f.Queue())

	assert.Equal(t, 1, f.Settle())
	dev := c.get(path).device(t)
	assert.Equal(t, "depPending", dev["deviceEnrollType"])
	assert.Equal(t, false, dev["isManaged"])
	assert.Equal(t, "iPad", dev["name"])
	assert.NotEmpty(t, dev["owner"], "the owner survives")
	assert.Nil(t, dev["lastCheckin"])

	assert.Contains(t, c.send("POST", path+"/refresh", "").body, `"CommandScheduled","UUID":"`)
	f.Settle()
	assert.Equal(t, "dep", c.get(path).device(t)["deviceEnrollType"])

	assert.JSONEq(t, `{"code":200,"message":"DeviceUnenrolled"}`, c.send("POST", path+"/unenroll", "").body)
	f.Settle()
	c.send("POST", path+"/restart?clearPasscode=true", "")
	assert.Zero(t, f.Settle(), "an unenrolled device obeys no more")
	assert.Equal(t, false, c.get(path).device(t)["isManaged"])
	assert.Empty(t, f.Violations())
}

func TestCommandOptions(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	path := "/devices/" + iPadUDID
	c.send("POST", path+"/restart", `{"clearPasscode":true}`)
	c.send("POST", path+"/wipe", `{"clearActivationLock":false}`)
	assert.Empty(t, f.Violations())
	c.send("POST", path+"/restart", `{"clearPasscode":"false"}`)
	c.send("POST", path+"/refresh?clearErrors=false", "")
	require.Len(t, f.Violations(), 2)
	c.send("POST", path+"/wipe", `{"udids":["x"]}`)
	require.Len(t, f.Violations(), 3)
	var options []bool
	for _, q := range f.Queue() {
		options = append(options, q.Option)
	}
	assert.Equal(t, []bool{true, false, true, true, false}, options, `"false" counts as true, and a wipe needs no body`)
}

func TestActivationLock(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	path := "/devices/" + iPadUDID + "/activationlock/clear"
	assert.JSONEq(t, `{"message":"Unlocked","device":"`+iPadUDID+`"}`, c.send("POST", path, "").body)
	f.FailUnlock(iPadUDID, "Device offline")
	g := c.send("POST", path, "")
	assert.Equal(t, 200, g.status)
	assert.JSONEq(t, `{"code":400,"message":"UnlockFailed","reason":"Device offline"}`, g.body)
}

func TestCellularPlan(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	g := c.send("POST", "/devices/"+iPadUDID+"/cellularPlan", `{"serverUrl":"https://esim.example","requiresNetworkTether":false}`)
	assert.JSONEq(t, `{"code":200,"message":"RefreshCellularPlanScheduled"}`, g.body)
	assert.Empty(t, f.Violations())
	assert.Equal(t, 400, c.send("POST", "/devices/"+iPadUDID+"/cellularPlan", `{}`).status)
}

func TestStaleReads(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	f.SetStaleReads(2)
	tag := func() any { return c.get("/devices/" + iPadUDID).device(t)["assetTag"] }
	c.send("POST", "/devices/"+iPadUDID+"/details", `{"assetTag":"NEW"}`)
	assert.Equal(t, "LIB-0042", tag())
	assert.Equal(t, "LIB-0042", c.get("/devices").devices(t)[0]["assetTag"])
	assert.Equal(t, "NEW", tag())
}

func TestDeviceGroups(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	body := func(id int) string { return fmt.Sprintf(`{"groupId":%d,"udids":[%q]}`, id, macUDID) }
	assert.JSONEq(t, `{"code":200,"devicesAdded":1}`, c.send("POST", "/devices/groups/add", body(12)).body)
	assert.Len(t, c.get("/devices?groups=12").devices(t), 3)
	assert.JSONEq(t, `{"code":200,"devicesRemoved":1}`, c.send("POST", "/devices/groups/remove", body(12)).body)
	assert.JSONEq(t, `{"code":404,"message":"DeviceGroupNotFound"}`, c.get("/devices/groups/99").body)
	made := decode(t, c.send("POST", "/devices/groups", `{"name":"Choir","locationId":2}`).body)
	path := fmt.Sprintf("/devices/groups/%v", made["id"])
	assert.JSONEq(t, `{"code":200}`, c.send("PUT", path, `{"name":"Orchestra"}`).body)
	assert.Contains(t, c.get(path).body, "Orchestra")
	assert.Equal(t, 200, c.send("DELETE", path, "").status)
	assert.Equal(t, 404, c.get(path).status)
	assert.Empty(t, f.Violations())
	assert.Equal(t, 400, c.send("POST", "/devices/groups/add", body(13)).status, "a smart group")
	assert.Len(t, f.Violations(), 1)
}

func TestUsersAndPlaces(t *testing.T) {
	d := fleet.New(fleet.Options{})
	f := jamfschooltest.New(d)
	c := newCaller(t, f)
	assert.EqualValues(t, len(d.People), decode(t, c.get("/users").body)["count"])
	assert.Less(t, decode(t, c.get("/users?locationId=0&hasDevice=1").body)["count"], float64(len(d.People)))
	assert.NotContains(t, c.get("/users/36").body, `"vpp"`)
	assert.JSONEq(t, `{"code":404,"message":"UserNotFound"}`, c.get("/users/1").body)
	groups := decode(t, c.get("/users/groups").body)["groups"].([]any)
	require.NotEmpty(t, groups)
	assert.IsType(t, map[string]any{}, groups[0].(map[string]any)["acl"])
	assert.Equal(t, 200, c.get("/users/groups/5").status)
	assert.Equal(t, true, decode(t, c.get("/locations/0").body)["isDistrict"])
	assert.Equal(t, 404, c.get("/locations/1").status, "ids have holes")
	assert.Contains(t, c.get("/apps").body, "6444049")
	assert.Equal(t, 200, c.get("/apps/7001").status)
	assert.Equal(t, 200, c.get("/profiles").status)
	assert.Equal(t, 200, c.get("/profiles/301").status)
	class := decode(t, c.get("/classes").body)["classes"].([]any)[0].(map[string]any)["uuid"].(string)
	assert.Contains(t, c.get("/classes/"+class).body, `"students"`)
	assert.Equal(t, 200, c.get("/classes/"+class+"/devices").status)
	assert.Equal(t, 200, c.get("/devices/"+d.Devices[0].UDID+"/apps").status)
	assert.Empty(t, f.Violations())
}

func TestPlaceholders(t *testing.T) {
	d := fleet.New(fleet.Options{})
	f := jamfschooltest.New(d)
	c := newCaller(t, f)
	list := decode(t, c.get("/dep").body)["placeholders"].([]any)
	assert.Greater(t, len(list), len(d.Stock), "some enrolled ones are listed too")
	path := "/dep/" + d.Stock[0].Serial
	c.send("POST", path, `{"deviceName":"Room 9","userId":36,"profileId":301}`)
	p := decode(t, c.get(path).body)["placeholder"].(map[string]any)
	assert.Equal(t, "Room 9", p["deviceName"])
	assert.Equal(t, "assigned", p["status"])
	c.send("POST", path, `{"profileId":0}`)
	assert.Contains(t, c.get(path).body, `"status":"empty"`)
	assert.Equal(t, 200, c.send("POST", "/dep/placeholders/profile", `{"placeholderSerialNumbers":["`+d.Stock[0].Serial+`"],"profileId":301}`).status)
	assert.Equal(t, 404, c.get("/dep/NOSUCHSERIAL").status)
	assert.Empty(t, f.Violations())
}

func TestPlanted(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	f.Plant(json.RawMessage(`{"UDID":7}`), json.RawMessage(`"what"`))
	list := decode(t, c.get("/devices").body)
	assert.EqualValues(t, 5, list["count"])
	assert.Equal(t, "what", list["devices"].([]any)[1])
	assert.Len(t, c.get("/devices?location=0").devices(t), 1)
	f.PlantDetail("DEADBEEF", json.RawMessage(`{"UDID":[]}`))
	assert.JSONEq(t, `{"code":200,"device":{"UDID":[]}}`, c.get("/devices/DEADBEEF").body)
}

func TestWire(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	zone := time.FixedZone("CET", 3600)
	f.SetWire(jamfschooltest.Wire{Zone: zone, Values: true, Arrays: true})
	dev := c.get("/devices/" + iPadUDID).device(t)
	assert.Equal(t, map[string]any{"value": "dep"}, dev["deviceEnrollType"])
	assert.IsType(t, []any{}, dev["owner"])
	assert.Equal(t, "2026-03-18 21:00:00.000000", dev["lastCheckin"].(map[string]any)["date"])
	assert.Equal(t, "2026-03-18 21:00:00", c.get("/devices").devices(t)[0]["lastCheckin"])
	f.SetWire(jamfschooltest.Wire{Era: jamfschooltest.Era2021})
	listed := c.get("/devices").devices(t)[0]
	assert.Equal(t, "0", listed["networkInformation"].(map[string]any)["isNetworkTethered"])
	assert.Equal(t, "2026-18-03 20:00:00", listed["iCloudBackupLatest"])
	assert.Equal(t, "2021", jamfschooltest.Era2021.String())
}

func TestRightsAndKeys(t *testing.T) {
	f := jamfschooltest.New(small())
	c := newCaller(t, f)
	f.SetRights(f.Key, jamfschooltest.Add)
	g := c.get("/devices")
	assert.Equal(t, 405, g.status)
	assert.JSONEq(t, `{"error":{"code":405,"message":"Requested method (GET) not allowed using this API key"}}`, g.body)
	assert.Equal(t, 200, c.send("POST", "/devices/"+iPadUDID+"/refresh", "").status)
	f.SetRights("SECOND", jamfschooltest.Read)
	c.key = "SECOND"
	assert.Equal(t, 200, c.get("/devices").status)
	assert.Equal(t, 405, c.send("DELETE", "/devices/"+iPadUDID, "").status)
	f.Revoke("SECOND")
	g = c.get("/devices")
	assert.Equal(t, 401, g.status)
	assert.Contains(t, g.header.Get("Content-Type"), "text/plain")
}

func TestAddressesAndLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := jamfschooltest.New(small())
		c := newCaller(t, f)
		f.AllowAddresses(netip.MustParsePrefix("192.0.2.0/24"))
		assert.Equal(t, 403, c.get("/locations").status)
		f.AllowAddresses()
		f.SetLimit(2, 10*time.Second)
		assert.Equal(t, 200, c.get("/locations").status)
		time.Sleep(3500 * time.Millisecond)
		assert.Equal(t, 200, c.get("/locations").status)
		g := c.get("/locations")
		assert.Equal(t, 429, g.status)
		assert.Equal(t, "7", g.header.Get("Retry-After"))
		time.Sleep(7 * time.Second)
		assert.Equal(t, 200, c.get("/locations").status)
	})
}

func TestFaultsAndTransport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := jamfschooltest.New(small())
		f.Faults().FailNext(1, http.StatusBadGateway, nil)
		f.Faults().Slow(time.Minute)
		for _, status := range []int{502, 200} {
			req, err := http.NewRequest("GET", "https://school.example/api/devices", nil)
			require.NoError(t, err)
			req.SetBasicAuth(f.NetworkID, f.Key)
			req.Header.Set("Accept", "application/json")
			req.Header.Set("X-Server-Protocol-Version", "3")
			resp, err := f.Client().Do(req)
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			resp.Body.Close()
			assert.Equal(t, status, resp.StatusCode)
		}
		assert.Equal(t, 2, f.Count("GET", "/devices"))
		assert.Empty(t, f.Violations())
	})
}

func TestCutList(t *testing.T) {
	for name, n := range map[string]int{"in the first piece": 5000, "in a later one": 100_000} {
		t.Run(name, func(t *testing.T) {
			f := jamfschooltest.New(nil)
			f.Faults().CutBody(n)
			body := openList(t, f)
			got, err := io.Copy(io.Discard, body)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.NoError(t, body.Close())
			assert.EqualValues(t, n, got)
		})
	}
}
