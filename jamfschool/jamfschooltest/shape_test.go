package jamfschooltest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

const (
	iPadUDID = "00008101-000A1B2C3D4E001F"
	macUDID  = "9F1C2D3E-4A5B-5C6D-8E7F-001122334455"
	tvUDID   = "1f2e3d4c5b6a79880011223344556677889900aa"
)

// small is a district like the one of the fixtures.
func small() *fleet.District {
	now := time.Date(2026, 3, 18, 21, 0, 0, 0, time.UTC)
	north := fleet.School{ID: "north", Name: "North School", Street: "Elm Road", StreetNumber: "4b", PostalCode: "1000",
		City: "Sampletown", Number: "12AB", Region: "Main campus", Coordinates: "51.0500,3.7300"}
	return &fleet.District{
		Now:     now,
		Schools: []fleet.School{{ID: "office", Name: "District"}, north},
		Groups:  []fleet.Group{{ID: "y7", School: "north", Name: "Year 7 iPads"}, {ID: "lib", School: "office", Name: "Library", Smart: true}},
		People: []fleet.Person{{ID: "mira", School: "north", Username: "mira.falk", Email: "mira.falk@school.example",
			First: "Mira", Last: "Falk ", Groups: []string{"Students", "Year 7"}}},
		Devices: []fleet.Device{
			{Truth: "1", UDID: iPadUDID, Serial: "DMPXT0001ABC", AssetTag: "LIB-0042", Platform: fleet.IPadOS, Class: fleet.Tablet,
				Line: "iPad", Model: "iPad (9th Generation) (Cellular)", Identifier: "iPad12,2", OSVersion: "17.6.1", Name: "lib-ipad-07",
				WiFiMAC: "02:00:5e:10:00:01", BluetoothMAC: "02:00:5e:10:00:02", IP: "198.51.100.23",
				SIMs:  []fleet.SIM{{IMEI: "356938035643809", EID: "89049032004008882600000000000042", ICCID: "89014103211118510720"}},
				Owner: "mira", School: "north", Groups: []string{"y7", "lib"}, Capacity: 61 << 30, Free: 33<<30 + 1<<29, Battery: 0.87,
				Supervised: true, Managed: true, Passcode: true, Encrypted: true, Enrolment: fleet.Automated, Profile: "Students 1:1",
				LastSeen: now.Add(-time.Hour), Region: "Main campus", Notes: "screen protector replaced",
				Apps: []fleet.App{{Name: "Numbers", Vendor: "Apple", Identifier: "com.apple.Numbers", Version: "14.1"}}},
			{Truth: "2", UDID: macUDID, Serial: "K7Q2XT90LM", Platform: fleet.MacOS, Class: fleet.Laptop, Line: "MacBook Air",
				Model: "MacBook Air (M2, 2022)", Identifier: "Mac14,2", OSVersion: "14.5.0", Name: "cart-b-mac-03",
				WiFiMAC: "02:00:5e:10:00:11", BluetoothMAC: "02:00:5e:10:00:12", EthernetMACs: []string{"02:00:5e:10:00:13"},
				School: "office", Capacity: 245 << 30, Free: 140 << 30, Battery: 1, Supervised: true, Managed: true,
				Enrolment: fleet.Manual, LastSeen: now.AddDate(0, -3, 0)},
			{Truth: "3", UDID: tvUDID, Serial: "C07XT0ATV001", AssetTag: "AppleTV", Platform: fleet.TVOS, Class: fleet.TVBox,
				Line: "Apple TV", Model: "Apple TV HD", Identifier: "AppleTV5,3", OSVersion: "17.5", Name: "Room 12",
				BluetoothMAC: "02:00:5e:10:00:22", EthernetMACs: []string{"02:00:5e:10:00:23"}, School: "north", Groups: []string{"y7"},
				Capacity: 25 << 30, Free: 21 << 30, Battery: -1, Supervised: true, Managed: true, Enrolment: fleet.Configurator,
				LastSeen: now.Add(-3 * time.Hour)},
		},
		Stock: []fleet.Device{
			{Truth: "5", Serial: "C07XT0ATV002", Model: "Apple TV", Color: "Black", School: "office", Enrolment: fleet.Automated, Added: now},
			{Truth: "4", Serial: "DMPXT0001ABD", Model: "iPad (9th generation)", Color: "Space Grey", School: "north",
				Enrolment: fleet.Automated, Profile: "Students 1:1", Added: now},
		},
	}
}

// shape lists the members of a document with their JSON types, arrays by
// their elements. Each line is "path type".
func shape(prefix string, v any, out map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		out[prefix+" object"] = true
		for k, e := range v {
			shape(prefix+"."+k, e, out)
		}
	case []any:
		out[prefix+" array"] = true
		for _, e := range v {
			shape(prefix+"[]", e, out)
		}
	default:
		out[fmt.Sprintf("%s %s", prefix, strings.NewReplacer("<nil>", "null", "float64", "number").Replace(fmt.Sprintf("%T", v)))] = true
	}
}

func shapeOf(v any) []string {
	out := map[string]bool{}
	shape("", v, out)
	list := make([]string, 0, len(out))
	for line := range out {
		list = append(list, line)
	}
	slices.Sort(list)
	return list
}

func decode(t *testing.T, doc string) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(doc), &v), doc)
	return v
}

func fixture(t *testing.T, name string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return decode(t, string(b))
}

// TestShapeOfDevices compares each device of the listing with its model in
// the fixture: the same members, the same types.
func TestShapeOfDevices(t *testing.T) {
	f := jamfschooltest.New(small())
	want := fixture(t, "devices.json")
	got := decode(t, newCaller(t, f).get("/devices?includeApps=1").body)
	assert.Equal(t, want["count"], got["count"])
	for i, d := range want["devices"].([]any) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			assert.Equal(t, shapeOf(d), shapeOf(got["devices"].([]any)[i]))
		})
	}
	delete(want, "devices")
	delete(got, "devices")
	assert.Equal(t, shapeOf(want), shapeOf(got))
}

func TestShapeOfDevices2023(t *testing.T) {
	d := small()
	d.Devices = d.Devices[2:]
	d.Devices[0].EthernetMACs, d.Devices[0].WiFiMAC = nil, "02:00:5e:10:00:21"
	f := jamfschooltest.New(d)
	f.SetWire(jamfschooltest.Wire{Era: jamfschooltest.Era2023})
	got := decode(t, newCaller(t, f).get("/devices").body)
	assert.Equal(t, shapeOf(fixture(t, "devices_2023.json")), shapeOf(got))
}

func TestShapeOfOtherAnswers(t *testing.T) {
	for name, path := range map[string]string{
		"device.json":         "/devices/" + iPadUDID + "?includeApps=true",
		"device_unowned.json": "/devices/" + macUDID,
		"locations.json":      "/locations",
		"device_groups.json":  "/devices/groups",
		"placeholders.json":   "/dep",
		"users.json":          "/users",
	} {
		t.Run(name, func(t *testing.T) {
			f := jamfschooltest.New(small())
			c := newCaller(t, f)
			if name == "placeholders.json" {
				c.send("POST", "/dep/C07XT0ATV002", `{"deviceName":"Room 14"}`)
			}
			assert.Equal(t, shapeOf(fixture(t, name)), shapeOf(decode(t, c.get(path).body)))
			assert.Empty(t, f.Violations())
		})
	}
	t.Run("devices_migrate.json", func(t *testing.T) {
		c := newCaller(t, jamfschooltest.New(small()))
		got := c.send("PUT", "/devices/migrate", `{"udids":["`+iPadUDID+`"],"locationId":0,"onlyDevice":true}`)
		assert.Equal(t, shapeOf(fixture(t, "devices_migrate.json")), shapeOf(decode(t, got.body)))
	})
}

// TestValuesOfTheSmallDistrict holds some values against the fixtures too.
func TestValuesOfTheSmallDistrict(t *testing.T) {
	c := newCaller(t, jamfschooltest.New(small()))
	want, got := fixture(t, "devices.json"), decode(t, c.get("/devices").body)
	for i, d := range want["devices"].([]any) {
		g := got["devices"].([]any)[i].(map[string]any)
		for _, key := range []string{
			"UDID", "locationId", "serialNumber", "assetTag", "class", "model", "os", "name", "isManaged", "enrollType", "depProfile",
			"batteryLevel", "region",
		} {
			assert.Equal(t, d.(map[string]any)[key], g[key], key)
		}
	}
	ipad := got["devices"].([]any)[0].(map[string]any)
	sub := ipad["networkInformation"].(map[string]any)["ServiceSubscription"].([]any)[0].(map[string]any)
	assert.Equal(t, "35 693803 564380 9", sub["IMEI"])
	assert.Equal(t, "8901 4103 2111 1851 0720", sub["ICCID"])
}

func TestShapeOfRecordedAnswers(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "real", "jamfschool")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("needs the recorded answers in ../shared/real beside the repository")
	}
	h := jamfschooltest.Answers(os.DirFS(folder))
	c := newCaller(t, h)
	for path, status := range map[string]int{
		"/devices": 200, "/api/devices?includeApps=1": 200, "/devices/groups": 200, "/locations": 200, "/users": 200,
		"/devices/" + tvUDID: 200, "/apps": 404,
	} {
		assert.Equal(t, status, c.get(path).status, path)
	}
	assert.Equal(t, 200, c.send("POST", "/devices/"+tvUDID+"/wipe", "").status)
	assert.Equal(t, 200, c.send("PUT", "/devices/"+tvUDID+"/owner", `{"user":1}`).status)

	// Members of the recorded answers that the fake never sends would be news.
	for _, path := range []string{"/devices?includeApps=1", "/devices/groups", "/locations", "/users", "/devices/"} {
		ours := newOld(t)
		if path == "/devices/" {
			assertKnown(t, c.get("/devices/"+tvUDID).body, detailsOf(t, ours)...)
			continue
		}
		assertKnown(t, c.get(path).body, ours.get(path).body)
	}
}

// newOld is a caller of a fake of the time of the recordings.
func newOld(t *testing.T) *caller {
	f := jamfschooltest.New(nil)
	f.SetWire(jamfschooltest.Wire{Era: jamfschooltest.Era2021})
	return newCaller(t, f)
}

// detailsOf reads some details.
func detailsOf(t *testing.T, c *caller) []string {
	var list []string
	for _, d := range decode(t, c.get("/devices").body)["devices"].([]any)[:80] {
		list = append(list, c.get("/devices/"+d.(map[string]any)["UDID"].(string)).body)
	}
	return list
}

// assertKnown demands that every member of a document occurs, with its type,
// in one of ours.
func assertKnown(t *testing.T, theirs string, ours ...string) {
	t.Helper()
	known := map[string]bool{}
	for _, doc := range ours {
		for _, line := range shapeOf(decode(t, doc)) {
			known[line] = true
		}
	}
	for _, line := range shapeOf(decode(t, theirs)) {
		assert.True(t, known[line], line)
	}
}
