package abmtest_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/abmtest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func TestOrganisationOfTheDistrict(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	assert.Equal(t, []string{padSerial, macSerial, tvSerial, phoneSerial, stockSerial}, c.page(devices).ids(), "each once, and no device that was enrolled by hand")
	assert.Equal(t, []string{goneSerial}, f.Released())
	assert.Equal(t, "UNASSIGNED", c.one(devices + "/" + stockSerial).Attributes["status"])
	assert.Equal(t, f.ServerID(abmtest.BuiltInServer), f.ServerOf(phoneSerial))

	d := fleet.New(fleet.Options{})
	f = abmtest.New(d)
	assert.NotEmpty(t, f.Released())
	ids := map[string]bool{}
	for _, id := range f.IDs() {
		assert.NotContains(t, []string{"", "unknown", "Not Available"}, id)
		assert.False(t, ids[id], "%s comes twice", id)
		ids[id] = true
	}
	for i := range d.Stock {
		assert.True(t, ids[d.Stock[i].Serial], "bought and never enrolled")
	}
	c = newCaller(t, f)
	adapters := 0
	for i := range d.Devices {
		if dev := &d.Devices[i]; dev.Class == fleet.Laptop && len(dev.EthernetMACs) > 0 && ids[dev.Serial] {
			adapters++
			assert.Empty(t, c.one(devices + "/" + dev.Serial).Attributes["ethernetMacAddress"], "an adapter is not built in")
		}
	}
	assert.Positive(t, adapters)
	byHand := 0
	for i := range d.Devices {
		if dev := &d.Devices[i]; dev.Enrolment == fleet.Manual {
			byHand++
			assert.False(t, ids[dev.Serial], "enrolled and not owned")
		}
	}
	assert.Positive(t, byHand)
}

// TestReleasedDevices go in three steps: from the list, and later altogether.
func TestReleasedDevices(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	require.True(t, f.Release(padSerial))
	assert.False(t, f.Release(padSerial))
	assert.NotContains(t, c.page(devices).ids(), padSerial)
	a := c.one(devices + "/" + padSerial).Attributes
	assert.Equal(t, "UNASSIGNED", a["status"])
	at, err := time.Parse(time.RFC3339, a["releasedFromOrgDateTime"].(string))
	require.NoError(t, err)
	assert.WithinDuration(t, f.Now(), at, time.Minute)
	f.Remove(padSerial)
	assert.Equal(t, "NOT_FOUND", c.get(devices+"/"+padSerial).code(t))
	assert.Empty(t, f.Violations())
}

func TestReplacement(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	id := f.Replace(padSerial, fleet.Device{Serial: "NEWPAD0001", Platform: fleet.IPadOS, Identifier: "iPad12,2", Added: f.Now()})
	assert.Equal(t, f.ServerID(abmtest.MainServer), f.ServerOf(id))
	a := c.one(devices + "/" + padSerial).Attributes
	assert.Equal(t, []any{"REPLACEMENT", "NEWPAD0001"}, []any{a["releaserEntityType"], a["releaserId"]})
	from, to := f.Now().Add(-time.Hour).Format(time.RFC3339), f.Now().Add(time.Hour).Format(time.RFC3339)
	list := c.page(query("/v1/auditEvents", "filter[startTimestamp]", from, "filter[endTimestamp]", to)).Data
	require.Len(t, list, 2)
	assert.Equal(t, "DEVICE_ADDED_TO_ORG", list[0].Attributes["type"])
	data := list[1].Attributes["eventDataDeviceRemovedFromOrg"].(map[string]any)
	assert.Equal(t, "REPLACEMENT", data["releaseEntityType"])
	f.Advance(48 * time.Hour)
	f.SetRetention(24 * time.Hour)
	c.login(f.ClientID)
	assert.Empty(t, c.page(query("/v1/auditEvents", "filter[startTimestamp]", from, "filter[endTimestamp]", to)).Data)
	assert.Empty(t, f.Violations())
}

func TestFields(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	only := c.page(query(devices, "fields[orgDevices]", "serialNumber,status")).Data[0]
	assert.Equal(t, map[string]any{"serialNumber": padSerial, "status": "ASSIGNED"}, only.Attributes)
	assert.Empty(t, only.Relationships)
	assert.NotContains(t, c.get(devices+"/"+padSerial+"?fields%5BorgDevices%5D=color").body, "partNumber")
	f.SetWire(abmtest.Wire{RefuseFields: []string{"releaserId"}, HideConnected: true})
	g := c.get(query(devices, "fields[orgDevices]", "serialNumber,releaserId"))
	assert.Equal(t, 400, g.status)
	assert.Contains(t, g.body, "'releaserId' is not a valid field name")
	assert.NotContains(t, c.page(servers).Data[0].Attributes, "lastConnectedIp")
	assert.Equal(t, "192.0.2.17", c.page(query(servers, "fields[mdmServers]", "lastConnectedIp")).Data[0].Attributes["lastConnectedIp"])
	assert.Empty(t, f.Violations())
}

func TestFormsOfAddresses(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	wifi := func() any { return c.one(devices + "/" + padSerial).Attributes["wifiMacAddress"] }
	assert.Equal(t, "3C22FB109A4E", wifi())
	f.SetWire(abmtest.Wire{MACs: abmtest.MACsArray})
	assert.Equal(t, []any{"3C22FB109A4E"}, wifi())
	f.SetWire(abmtest.Wire{MACs: abmtest.MACsText})
	assert.Equal(t, "3C22FB20AA01", c.one(devices + "/" + macSerial).Attributes["wifiMacAddress"])
	f.SetWire(abmtest.Wire{OpaqueIDs: true})
	first := c.page(devices).Data[0]
	assert.NotEqual(t, padSerial, first.ID)
	assert.Equal(t, 404, c.get(devices+"/"+padSerial).status)
	assert.Equal(t, padSerial, c.one(devices + "/" + first.ID).Attributes["serialNumber"])
}

func TestPlanted(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	f.Plant(json.RawMessage(`{"type":"orgDevices","id":"ODD","attributes":{"imei":5}}`))
	f.PlantDetail("ODD", json.RawMessage(`{"data":[]}`))
	f.PlantCoverage(padSerial, json.RawMessage(`{"type":"appleCareCoverage","id":"odd"}`))
	p := c.page(devices)
	assert.Equal(t, "ODD", p.Data[0].ID)
	assert.EqualValues(t, 6, p.Meta.Paging["total"])
	assert.Equal(t, `{"data":[]}`, c.get(devices+"/ODD").body)
	assert.Equal(t, []string{"odd"}, c.page(devices+"/"+padSerial+"/appleCareCoverage").ids())
}

func TestCoverage(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	manual := devices + "/" + macSerial + "/appleCareCoverage"
	assert.Empty(t, c.page(manual).Data)
	f.SetWire(abmtest.Wire{Coverage: abmtest.NoneFound})
	assert.Equal(t, 404, c.get(manual).status)
	assert.Equal(t, 404, c.get(devices+"/UNKNOWN/appleCareCoverage").status)
	assert.Equal(t, "abe-"+tvSerial, c.page(devices + "/" + tvSerial + "/appleCareCoverage").Data[1].ID)
	assert.Empty(t, f.Violations())
}

func TestPeople(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	assert.Equal(t, []string{"j.ott", "m.lee"}, c.page("/v1/users").ids())
	assert.Equal(t, "Jonas", c.one("/v1/users/j.ott").Attributes["firstName"])
	groups := c.page("/v1/userGroups").Data
	require.Len(t, groups, 2)
	assert.EqualValues(t, 1, c.one("/v1/userGroups/" + groups[1].ID).Attributes["totalMemberCount"])
	assert.Equal(t, []string{"m.lee"}, c.page("/v1/userGroups/"+groups[1].ID+"/relationships/users").ids())
	assert.Equal(t, "Second school", c.one("/v1/organizationalUnits/two").Attributes["name"])
	assert.Equal(t, []string{"m.lee"}, c.page("/v1/organizationalUnits/two/relationships/users").ids())
	assert.Equal(t, "j.ott", c.page("/v1/mdmDevices").Data[0].Attributes["enrolledUserId"])
	for _, path := range []string{"users/x", "userGroups/x", "organizationalUnits/x", "mdmDevices/x/details", "apps/x", "blueprints/x"} {
		assert.Equal(t, 404, c.get("/v1/"+path).status, path)
	}
	assert.Empty(t, c.page("/v1/packages").Data)
	assert.Empty(t, f.Violations())
}
