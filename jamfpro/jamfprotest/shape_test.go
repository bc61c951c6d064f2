package jamfprotest_test

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

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

const (
	macUDID   = "7B1F5C2E-90AA-5D3B-8C44-0E6F1A2B3C4D"
	phoneUDID = "00008110-001C0D0E22F3801E"
)

// small is a district like the one of the fixtures: a Mac, an iPhone with two
// SIMs, an Apple TV and an iPad that never checked in.
func small() *fleet.District {
	now := time.Date(2026, 5, 4, 8, 2, 0, 0, time.UTC)
	enrolled := now.AddDate(0, -8, 0)
	sim := func(imei string) fleet.SIM {
		return fleet.SIM{IMEI: imei, EID: "89049032000000000000000000012345", ICCID: "89490200000012345678", Phone: "+49 30 5550100", Carrier: "Example Mobile"}
	}
	return &fleet.District{
		Now:     now,
		Schools: []fleet.School{{ID: "main", Name: "Main building", Short: "MB", City: "Sampletown"}, {ID: "two", Name: "Second school", Short: "SS"}},
		Groups:  []fleet.Group{{ID: "phones", School: "main", Name: "Phones", Smart: true}, {ID: "cart", School: "two", Name: "Cart"}},
		People:  []fleet.Person{{ID: "j.ott", School: "main", Username: "j.ott", Email: "j.ott@school.example", First: "Jonas", Last: "Ott", Teacher: true}},
		Devices: []fleet.Device{
			{Truth: "1", UDID: macUDID, Serial: "XQ4T7M2KVP", AssetTag: "INV-00417", Platform: fleet.MacOS, Class: fleet.Laptop, Manufacturer: "Apple",
				Line: "MacBook Pro", Model: "MacBook Pro (14-inch, Nov 2023)", Identifier: "Mac15,6", OSVersion: "15.5", Name: "LAB-MAC-07",
				WiFiMAC: "02:1a:4c:00:af:10", EthernetMACs: []string{"02:1a:4c:00:af:11"}, IP: "203.0.113.24", Owner: "j.ott", School: "main",
				Groups: []string{"cart"}, Capacity: 500 << 30, Free: 300 << 30, Battery: 0.97, Supervised: true, Managed: true, Encrypted: true,
				Enrolment: fleet.Automated, Profile: "Staff Macs", Added: enrolled, Enrolled: enrolled, LastSeen: now,
				Apps: []fleet.App{{Name: "Safari", Vendor: "Apple", Identifier: "com.apple.Safari", Version: "18.5"}}},
			{Truth: "2", UDID: phoneUDID, Serial: "F4GTEST9Q1ZX", Platform: fleet.IOS, Class: fleet.Phone, Manufacturer: "Apple", Line: "iPhone",
				Model: "iPhone 13", Identifier: "iPhone14,5", OSVersion: "18.4.1", Name: "Service phone 4", WiFiMAC: "02:9f:33:7b:00:01",
				BluetoothMAC: "02:9f:33:7b:00:02", IP: "198.51.100.77", SIMs: []fleet.SIM{sim("350000001234567"), sim("350000007654321")},
				Owner: "j.ott", School: "main", Groups: []string{"phones"}, Capacity: 119e9, Free: 80e9, Battery: 0.64, Supervised: true,
				Managed: true, Passcode: true, Encrypted: true, Enrolment: fleet.Automated, Profile: "School phones", Added: enrolled,
				Enrolled: enrolled, LastSeen: now.Add(-time.Hour),
				Apps: []fleet.App{{Name: "Pages", Vendor: "Apple", Identifier: "com.apple.Pages", Version: "14.4"}}},
			{Truth: "3", UDID: "3f0c9be1d2a34c5e8f7a6b5c4d3e2f1a0b9c8d7e", Serial: "G6TWTEST77", Platform: fleet.TVOS, Class: fleet.TVBox,
				Manufacturer: "Apple", Line: "Apple TV", Model: "Apple TV HD", Identifier: "AppleTV5,3", OSVersion: "17.5", Name: "Room 12",
				School: "two", Capacity: 25e9, Free: 21e9, Battery: -1, Supervised: true, Managed: true, Enrolled: enrolled, LastSeen: now},
			{Truth: "4", UDID: "00008030-000A1B2C3D4E0001", Serial: "DMPX0TEST12A", Platform: fleet.IPadOS, Class: fleet.Tablet, Line: "iPad",
				Model: "iPad (9th generation)", Identifier: "iPad12,1", School: "two", Battery: -1, Enrolment: fleet.Automated, Added: enrolled},
			{Truth: "5", UDID: "b0b0b0b0-0000-4000-8000-000000000001", Serial: "PC1", Platform: fleet.Windows, Name: "PC", School: "two"},
		},
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
// value of any type, an array is judged by its elements. With more set we may
// have members that the fixture, being shortened, leaves out.
func compare(t *testing.T, path string, want, ours any, more bool) {
	t.Helper()
	if want == nil || ours == nil {
		return
	}
	require.IsType(t, want, ours, path)
	switch want := want.(type) {
	case map[string]any:
		ours := ours.(map[string]any)
		for key, v := range want {
			require.Contains(t, ours, key, path)
			compare(t, path+"."+key, v, ours[key], more)
		}
		if !more {
			assert.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(ours)), path)
		}
	case []any:
		for i, v := range ours.([]any) {
			if len(want) > 0 {
				compare(t, fmt.Sprintf("%s[%d]", path, i), want[min(i, len(want)-1)], v, more)
			}
		}
	}
}

func compareWith(t *testing.T, name string, g got, more bool) {
	t.Helper()
	compare(t, name, fixture(t, name), decode[any](t, g), more)
}

func TestShapes(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	mac := f.ManagementID(jamfprotest.Computer, "41")
	for name, g := range map[string]got{
		"token.json":             c.ask("/api/v1/oauth/token", f.ClientSecret),
		"token_refused.json":     c.ask("/api/oauth/token", "wrong"),
		"user_token.json":        c.user(f.Username, f.Password),
		"mobiles.json":           c.get("/api/v2/mobile-devices"),
		"buildings.json":         c.get("/api/v1/buildings"),
		"sites.json":             c.get("/api/v1/sites"),
		"enrolments.json":        c.get("/api/v1/device-enrollments"),
		"enrolment_devices.json": c.get("/api/v1/device-enrollments/1/devices"),
		"enrolment_syncs.json":   c.get("/api/v1/device-enrollments/syncs"),
		"command_sent.json":      c.send("POST", "/api/v2/mdm/commands", `{"clientData":[{"managementId":"`+mac+`"}],"commandData":{"commandType":"SHUT_DOWN_DEVICE"}}`),
		"wiped.json":             c.send("POST", "/api/v4/computers-inventory/41/erase", `{"pin":"482913"}`),
	} {
		t.Run(name, func(t *testing.T) { compareWith(t, name, g, false) })
	}
	assert.Empty(t, f.Violations())
	f.SetRights(f.ClientID)
	compareWith(t, "error.json", c.get("/api/v1/sites"), false)
}

// sections is the query for some sections.
func sections(path string, names ...string) string {
	var pairs []string
	for _, n := range names {
		pairs = append(pairs, "section", n)
	}
	return query(path, pairs...)
}

func TestShapeOfComputers(t *testing.T) {
	f := jamfprotest.New(small())
	g := newCaller(t, f).get(sections("/api/v4/computers-inventory", "GENERAL", "HARDWARE", "OPERATING_SYSTEM", "USER_AND_LOCATION", "STORAGE",
		"DISK_ENCRYPTION", "PURCHASING", "GROUP_MEMBERSHIPS", "EXTENSION_ATTRIBUTES"))
	compareWith(t, "computers.json", g, false)
	mac := decode[page](t, g).Results[0]
	for _, key := range []string{"applications", "security", "certificates", "contentCaching"} {
		assert.Nil(t, mac[key], key)
		assert.Contains(t, mac, key)
	}
	hw := mac["hardware"].(map[string]any)
	assert.Equal(t, "Ethernet", hw["networkAdapterType"])
	assert.Equal(t, "02:1A:4C:00:AF:11", hw["macAddress"])
	assert.Equal(t, "IEEE80211", hw["altNetworkAdapterType"])
	assert.Empty(t, f.Violations())
}

func TestShapeOfMobileDetails(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	phone := f.ManagementID(jamfprotest.Mobile, "8")
	c.send("POST", "/api/v2/mdm/commands", `{"clientData":[{"managementId":"`+phone+`"}],"commandData":{"commandType":"ENABLE_LOST_MODE","lostModeMessage":"Please call"}}`)
	require.Equal(t, 1, f.Settle())
	f.Remove(jamfprotest.Mobile, "10")
	f.SetDamage("11", jamfprotest.Nowhere)
	path := sections("/api/v2/mobile-devices/detail", "GENERAL", "HARDWARE", "USER_AND_LOCATION", "NETWORK", "SERVICE_SUBSCRIPTIONS", "SECURITY",
		"PURCHASING", "GROUPS", "EXTENSION_ATTRIBUTES") + "&sort=mobileDeviceId:asc"
	compareWith(t, "mobile_details.json", c.get(path), false)
	security := c.page(path).Results[0]["security"].(map[string]any)
	assert.Equal(t, true, security["lostModeEnabled"])
	assert.Contains(t, c.get(path).body, `"lostModeLocationHorizontalAccuracyMeters":35.0`)
	assert.Contains(t, c.get(path).body, `"imei":"35 000000 765432 1"`)
	compareWith(t, "mobile_detail.json", c.get("/api/v2/mobile-devices/8/detail"), true)
	assert.Empty(t, f.Violations())
}

// TestShapeOfTV looks at the sections that an Apple TV does not have.
func TestShapeOfTV(t *testing.T) {
	c := newCaller(t, jamfprotest.New(small()))
	tv := c.page(query("/api/v2/mobile-devices/detail", "section", "GENERAL", "section", "SECURITY", "sort", "mobileDeviceId:asc")).Results[1]
	assert.Equal(t, "tvOS", tv["deviceType"])
	for _, key := range []string{"security", "network", "serviceSubscriptions", "ebooks"} {
		assert.NotContains(t, tv, key)
	}
	assert.Equal(t, "tvos", c.page("/api/v2/mobile-devices").Results[1]["type"])
}
