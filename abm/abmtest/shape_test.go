package abmtest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/abmtest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

const (
	padSerial   = "DMPXQ1ZZHK5N"
	macSerial   = "C02YX0ZZLVDM"
	tvSerial    = "G6TWTEST77"
	phoneSerial = "F4GTEST9Q1ZX"
	stockSerial = "HX9TEST001"
	goneSerial  = "DMPGONE00001"
)

// small is a district like the one of the fixtures: an iPad, a Mac mini from
// Apple Configurator, an Apple TV, an iPhone, a Mac that was enrolled by hand,
// an iPad in its box, and one that only the inventory knows.
func small() *fleet.District {
	now := time.Date(2026, 5, 4, 8, 2, 0, 0, time.UTC)
	bought := time.Date(2025, 11, 30, 0, 0, 0, 0, time.UTC)
	return &fleet.District{
		Now:     now,
		Schools: []fleet.School{{ID: "main", Name: "Main building"}, {ID: "two", Name: "Second school"}},
		People: []fleet.Person{
			{ID: "j.ott", School: "main", Username: "j.ott", Email: "j.ott@school.example", First: "Jonas", Last: "Ott", Teacher: true, Groups: []string{"Staff"}},
			{ID: "m.lee", School: "two", Username: "m.lee", First: "Mia", Last: "Lee", Groups: []string{"Year 7"}},
		},
		Devices: []fleet.Device{
			{Truth: "1", UDID: "00008030-000A1B2C3D4E0001", Serial: padSerial, Platform: fleet.IPadOS, Class: fleet.Tablet, Line: "iPad",
				Model: "iPad (9th Generation) (Cellular)", Identifier: "iPad12,2", Color: "Space Gray", Capacity: 63e9,
				WiFiMAC: "3c:22:fb:10:9a:4e", BluetoothMAC: "3c:22:fb:10:9a:4f", Enrolment: fleet.Automated, Added: bought,
				SIMs: []fleet.SIM{{IMEI: "356938035643809", EID: "89049032007108882600012345678901"}}, Managed: true},
			{Truth: "1", UDID: "00008030-000A1B2C3D4E0002", Serial: padSerial, Platform: fleet.IPadOS, Enrolment: fleet.Automated},
			{Truth: "2", UDID: "7B1F5C2E-90AA-5D3B-8C44-0E6F1A2B3C4D", Serial: macSerial, Platform: fleet.MacOS, Class: fleet.Desktop, Line: "Mac mini",
				Model: "Mac mini (2024)", Identifier: "Mac16,10", Capacity: 250e9, WiFiMAC: "3c:22:fb:20:aa:01", BluetoothMAC: "3c:22:fb:20:aa:02",
				EthernetMACs: []string{"00:1b:63:84:45:e6"}, Enrolment: fleet.Configurator, Added: bought.AddDate(0, -11, -17)},
			{Truth: "3", UDID: "3f0c9be1d2a34c5e8f7a6b5c4d3e2f1a0b9c8d7e", Serial: tvSerial, Platform: fleet.TVOS, Class: fleet.TVBox, Line: "Apple TV",
				Model: "Apple TV HD", Identifier: "AppleTV5,3", Enrolment: fleet.Automated, Added: bought},
			{Truth: "4", UDID: "B0B0B0B0-0000-4000-8000-000000000002", Serial: "BYHAND0001", Platform: fleet.MacOS, Enrolment: fleet.Manual},
			{Truth: "5", UDID: "B0B0B0B0-0000-4000-8000-000000000001", Serial: "PC1", Platform: fleet.Windows, Enrolment: fleet.Automated},
			{Truth: "6", UDID: "00008110-001C0D0E22F3801E", Serial: phoneSerial, Platform: fleet.IOS, Class: fleet.Phone, Line: "iPhone",
				Model: "iPhone 13", Identifier: "iPhone14,5", OSVersion: "18.4.1", Name: "Service phone 4", Capacity: 119e9, Free: 80e9,
				WiFiMAC: "02:9f:33:7b:00:01", BluetoothMAC: "02:9f:33:7b:00:02", Owner: "j.ott", LastSeen: now, Enrolment: fleet.Automated,
				Added: bought, SIMs: []fleet.SIM{{IMEI: "350000001234567"}, {IMEI: "350000007654321"}}},
		},
		Stock: []fleet.Device{{Truth: "7", Serial: stockSerial, Platform: fleet.IPadOS, Class: fleet.Tablet, Line: "iPad",
			Model: "iPad (10th Generation) (WiFi)", Identifier: "iPad13,18", Enrolment: fleet.Automated, Added: bought}},
		Assets: []fleet.Asset{{Manufacturer: "Apple", Model: "iPad (5th Generation) (WiFi)", Serial: goneSerial, Purchased: bought.AddDate(-5, 0, 0)}},
	}
}

func fixture(t *testing.T, name string) any {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	var v any
	require.NoError(t, json.Unmarshal(b, &v))
	return v
}

// compare demands the same members and the same JSON types. Null stands for a
// value of any type, an array is judged by its elements.
func compare(t *testing.T, path string, want, ours any) {
	t.Helper()
	if want == nil || ours == nil {
		return
	}
	require.IsType(t, want, ours, path)
	switch want := want.(type) {
	case map[string]any:
		ours := ours.(map[string]any)
		assert.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(ours)), path)
		for key, v := range want {
			compare(t, path+"."+key, v, ours[key])
		}
	case []any:
		for i, v := range ours.([]any) {
			if len(want) > 0 {
				compare(t, fmt.Sprintf("%s[%d]", path, i), want[min(i, len(want)-1)], v)
			}
		}
	}
}

func compareWith(t *testing.T, name string, g got) {
	t.Helper()
	compare(t, name, fixture(t, name), decode[any](t, g))
}

func TestShapes(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	main := f.ServerID(abmtest.MainServer)
	f.SetPolls(0)
	activity := decode[struct{ Data resource }](t, c.send("POST", movements, assign(main, padSerial, "UNKNOWN"))).Data
	require.Equal(t, 1, f.Settle())
	expired := c.form(c.sign(f.ClientID, set("exp", time.Now().Unix()-1)))
	managed := c.page("/v1/mdmDevices").Data[0]
	for name, g := range map[string]got{
		"token.json":         c.ask(c.form(c.sign(f.ClientID, nil))),
		"token_refused.json": c.ask(expired),
		"servers.json":       c.get(servers),
		"links.json":         c.get(servers + "/" + main + "/relationships/devices"),
		"link.json":          c.get(devices + "/" + padSerial + "/relationships/assignedServer"),
		"coverage.json":      c.get(devices + "/" + phoneSerial + "/appleCareCoverage"),
		"activity.json":      c.get(movements + "/" + activity.ID),
		"managed.json":       c.get("/v1/mdmDevices/" + managed.ID + "/details"),
	} {
		t.Run(name, func(t *testing.T) { compareWith(t, name, g) })
	}
	require.True(t, f.Release(padSerial))
	span := []string{"filter[startTimestamp]", "2020-01-01T00:00:00Z", "filter[endTimestamp]", "2099-01-01T00:00:00Z"}
	compareWith(t, "audit.json", c.get(query("/v1/auditEvents", append(span, "filter[type]", "DEVICE_REMOVED_FROM_ORG", "limit", "1000")...)))
	assert.Empty(t, f.Violations())
	compareWith(t, "error.json", c.get(devices+"?limit=2000"))
}

// TestShapeOfDevices compares values too: those that the reference has.
func TestShapeOfDevices(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	f.Remove(tvSerial, phoneSerial, stockSerial)
	f.Assign("", macSerial)
	g := c.get(devices)
	compareWith(t, "devices.json", g)
	want := fixture(t, "devices.json").(map[string]any)["data"].([]any)
	for i, ours := range decode[page](t, g).Data {
		attributes := want[i].(map[string]any)["attributes"].(map[string]any)
		for name, value := range attributes {
			switch name {
			case "partNumber", "updatedDateTime", "color": // derived
			case "orderNumber":
				assert.Len(t, ours.Attributes[name], len(value.(string)), ours.ID)
			default:
				assert.Equal(t, value, ours.Attributes[name], "%s of %s", name, ours.ID)
			}
		}
	}
	assert.Empty(t, f.Violations())
}

func TestVersionsOfTheAPI(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	lacks := func(serial string, names ...string) {
		t.Helper()
		a := c.one(devices + "/" + serial).Attributes
		for _, name := range names {
			assert.NotContains(t, a, name)
		}
	}
	f.SetVersion("1.1")
	lacks(padSerial, "wifiMacAddress", "releasedFromOrgDateTime", "isMdmMigrationCapable")
	assert.Equal(t, 403, c.get(devices+"/"+padSerial+"/appleCareCoverage").status)
	f.SetVersion("1.2")
	lacks(macSerial, "wifiMacAddress", "ethernetMacAddress")
	assert.Contains(t, c.one(devices+"/"+padSerial).Attributes, "wifiMacAddress")
	f.SetVersion("1.4")
	assert.Equal(t, "356938035643809", c.one(devices + "/" + padSerial).Attributes["imei"])
	assert.Equal(t, "001B638445E6", c.one(devices + "/" + macSerial).Attributes["ethernetMacAddress"])
	assert.Equal(t, 400, c.get(query(devices, "fields[orgDevices]", "releasedFromOrgDateTime")).status)
	f.Forget()
	f.SetVersion("2.0")
	g := c.get(servers + "/" + f.ServerID(abmtest.MainServer))
	assert.Equal(t, 403, g.status)
	assert.Equal(t, "FORBIDDEN_ERROR", g.code(t))
	assert.NotContains(t, c.page(servers).Data[0].Attributes, "deviceCount")
	assert.Equal(t, 403, c.get("/v1/organizationalUnits").status)
	assert.Empty(t, f.Violations())
	assert.Panics(t, func() { f.SetVersion("1.6") })
	abmtest.NewSchool(small()).SetVersion("1.6")
}
