package jamfpro_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fixture reads an example answer that was typed in from the reference.
func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("jamfprotest", "testdata", name))
	require.NoError(t, err)
	return string(text)
}

func fixtureComputers(t *testing.T) []*jamfpro.Device {
	t.Helper()
	tn := &tenant{}
	tn.script = scripted{"GET " + v4: {body: fixture(t, "computers.json")}}
	return clienttest.Collect(t, tn.client(t).Computers(t.Context(), nil))
}

func fixtureMobiles(t *testing.T) []*jamfpro.Device {
	t.Helper()
	tn := &tenant{script: scripted{"GET /api/v2/mobile-devices/detail": {body: fixture(t, "mobile_details.json")}}}
	return clienttest.Collect(t, tn.client(t).MobileDevices(t.Context(), nil))
}

func TestComputerFixture(t *testing.T) {
	t.Parallel()
	all := fixtureComputers(t)
	require.Len(t, all, 1)
	r := all[0].Record()
	assert.Equal(t, "computer:41", r.ID)
	assert.Equal(t, mdm.ClassComputer, r.Class)
	assert.Equal(t, "XQ4T7M2KVP", r.Serial)
	assert.Equal(t, managementID, r.ManagementID)
	assert.Equal(t, []mdm.Interface{{Kind: mdm.InterfaceWiFi, MAC: "02:1A:4C:00:AF:10"}, {Kind: mdm.InterfaceEthernet, MAC: "02:1A:4C:00:AF:11"},
		{IPs: []string{"10.20.4.117"}}}, r.Interfaces)
	assert.Equal(t, mdm.OS{Name: "macOS", Version: "15.5", Build: "24F74"}, r.OS)
	assert.Equal(t, mdm.Capacity{Total: 500_277_000_000, Free: 301_844_000_000}, r.Storage, "quirk 51: partitions are not added up")
	assert.Equal(t, mdm.Capacity{Total: 18432 << 20}, r.Memory)
	assert.Equal(t, mdm.Yes, r.Flags.Encrypted)
	assert.Equal(t, mdm.User{Name: "Mara Keller", Login: "m.keller", Email: "m.keller@school.example"}, r.User)
	assert.Equal(t, mdm.Purchase{Date: time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC), WarrantyEnd: time.Date(2028, 8, 1, 0, 0, 0, 0, time.UTC),
		Vendor: "Example IT GmbH", Order: "PO-2025-118", Price: "2.249,00"}, r.Purchase)
	assert.Equal(t, map[string]string{"Dock": "none"}, r.Custom)
	assert.Contains(t, r.Blank, mdm.CustomKey("Cart"), "reported without a value")
	assert.Equal(t, mdm.EnrolmentAutomated, r.Enrolment.Method)
	assert.Equal(t, "Staff Macs", r.Enrolment.Profile)
	assert.Equal(t, []string{"All Managed Clients"}, r.Groups)
	ghost := oneComputer(t, `{"id":"42","udid":null,"general":{"name":"ghost","remoteManagement":{"managed":false},"assetTag":null},"hardware":{"serialNumber":""}}`).Record()
	assert.Empty(t, ghost.Serial)
	assert.Equal(t, mdm.StatusRetired, ghost.Status)
	assert.Contains(t, ghost.Blank, mdm.KeyAssetTag)
}

func TestMobileFixture(t *testing.T) {
	t.Parallel()
	all := fixtureMobiles(t)
	require.Len(t, all, 2)
	r := all[0].Record()
	assert.Equal(t, mdm.ClassPhone, r.Class)
	assert.Equal(t, mdm.PlatformIOS, r.Platform)
	assert.Equal(t, "F4GTEST9Q1ZX", r.Serial)
	assert.Equal(t, "MLPF3ZD", r.PartNumber)
	assert.Equal(t, []string{"350000001234567", "350000007654321"}, r.IMEIs)
	assert.Equal(t, []mdm.SIM{{ICCID: "89490200000012345678", Phone: "+49305550100", Carrier: "Example Mobile"}}, r.SIMs)
	assert.Equal(t, mdm.Flags{Managed: mdm.Yes, Supervised: mdm.Yes, Passcode: mdm.Yes, PasscodeCompliant: mdm.Yes, Encrypted: mdm.Yes,
		Jailbroken: mdm.No, LostMode: mdm.Yes, ActivationLock: mdm.No}, r.Flags)
	assert.Equal(t, mdm.OwnershipOrganisation, r.Ownership)
	assert.Equal(t, "IT", r.Department)
	assert.Equal(t, time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC), r.Purchase.WarrantyEnd)
	assert.Equal(t, time.Date(2026, 5, 4, 5, 44, 10, 112e6, time.UTC), r.LastSeen)
	assert.Contains(t, r.Blank, mdm.KeyBuilding)
	assert.NotContains(t, fmt.Sprintf("%+v", *all[0]), "35.0", "where it was lost is not kept")
}

func TestQuirk16LastContact(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 5, 4, 8, 1, 59, 0, time.UTC)
	for _, general := range []string{`"lastContactTime":"2026-05-04T08:01:59Z"`, `"lastCheckIn":"2026-05-04T08:01:59Z","lastContact":null`,
		`"lastCheckIn":"2026-05-04T07:58:03.348Z","lastContact":"2026-05-04T08:01:59Z"`} {
		assert.Equal(t, want, oneComputer(t, `{"id":"7","general":{`+general+`}}`).Record().LastSeen, general)
	}
}

func TestQuirk17UnknownKeys(t *testing.T) {
	t.Parallel()
	d := oneComputer(t, `{"id":"7","plugins":[{"name":"x"}],"fonts":[],"future":{"a":[1]},"general":{"name":"A","what":{}}}`)
	assert.Equal(t, "A", d.Name)
}

func TestQuirk30NotCollected(t *testing.T) {
	t.Parallel()
	d := oneComputer(t, `{"id":"7","general":{"name":"A"},"userAndLocation":null,"purchasing":null,"groupMemberships":null,"applications":null}`)
	assert.Empty(t, d.Record().Blank, "what was not asked for is not blank")
	assert.False(t, d.AppsCollected)
	d = oneComputer(t, `{"id":"7","general":{"name":"A"},"userAndLocation":{"username":null,"room":""},"groupMemberships":[],"applications":[]}`)
	assert.Equal(t, mdm.Keys{mdm.KeyGroups, mdm.KeyRoom, mdm.KeyUserLogin}, d.Record().Blank)
	assert.True(t, d.AppsCollected)
}

func TestQuirk31HardwareAlways(t *testing.T) {
	t.Parallel()
	tn := &tenant{mobiles: mobiles(1)}
	clienttest.List(t, tn.client(t, only("mobile devices")).Source(), mdm.Query{Want: mdm.Keys{mdm.KeyName}})
	for _, r := range pagesOf(tn, "/api/v2/mobile-devices/detail") {
		assert.Equal(t, []string{"GENERAL", "HARDWARE"}, r.URL.Query()["section"])
	}
	assert.NotContains(t, oneMobile(t, `{"mobileDeviceId":"7","deviceType":"iOS","general":{},"hardware":null}`).Record().Blank, mdm.KeySerial)
}

// TestQuirk32Shapes reads the four shapes of a mobile device.
func TestQuirk32Shapes(t *testing.T) {
	t.Parallel()
	c, _ := scripted{
		"GET /api/v2/mobile-devices":           {body: fixture(t, "mobiles.json")},
		"GET /api/v2/mobile-devices/21/detail": {body: fixture(t, "mobile_detail.json")},
		"GET /api/v2/mobile-device-groups/smart-group-membership/5": {body: `{"totalCount":1,"results":[{"mobileDeviceId":"21","udid":"U","displayName":"Service phone 4",
			"assetTag":"A1","osVersion":"18.4.1","deviceOwnershipType":"institutional","airPlayPassword":"HUSH","lastContactDate":"2026-05-04T05:44:10.112Z"}]}`},
	}.client(t, func(cfg *jamfpro.Config) { cfg.KeepRaw = true })
	short := clienttest.Collect(t, c.ShortMobileDevices(t.Context()))
	require.NotEmpty(t, short)
	assert.Equal(t, "8", short[0].ID)
	assert.Equal(t, mdm.ClassTablet, short[0].Record().Class)

	single, err := c.MobileDeviceDetail(t.Context(), "21")
	require.NoError(t, err)
	listed := fixtureMobiles(t)[0]
	assert.Equal(t, listed.SerialNumber, single.SerialNumber)
	assert.Equal(t, listed.Record().ID, single.Record().ID)
	assert.Equal(t, mdm.EnrolmentAutomated, single.Record().Enrolment.Method)
	assert.Equal(t, mdm.Unknown, single.LostMode, "this shape does not tell")
	assert.NotContains(t, string(single.Raw()), "UkVEQUNURUQ=")
	assert.NotContains(t, string(single.Raw()), "bootstrapToken")
	assert.Contains(t, string(single.Raw()), "iPhone14,5")

	members := clienttest.Collect(t, c.MobileDeviceGroupMembers(t.Context(), jamfpro.DeviceGroup{ID: "5", Smart: true}))
	require.Len(t, members, 1)
	assert.Equal(t, "A1", members[0].AssetTag)
	assert.Equal(t, mdm.OwnershipOrganisation, members[0].Record().Ownership)
}

func TestQuirk33UnknownDevice(t *testing.T) {
	t.Parallel()
	d := fixtureMobiles(t)[1]
	assert.True(t, d.Incomplete)
	r := d.Record()
	assert.Equal(t, "mobile:22", r.ID)
	assert.Equal(t, mdm.ClassUnknown, r.Class)
	assert.Empty(t, r.Blank)
}

func TestQuirk34Types(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"ios", "iOS"} {
		assert.Equal(t, mdm.PlatformIOS, oneMobile(t, `{"mobileDeviceId":"7","deviceType":"`+word+`","general":{}}`).Record().Platform)
	}
	for id, want := range map[string]mdm.Class{"iPad12,1": mdm.ClassTablet, "iPhone14,5": mdm.ClassPhone, "AppleTV6,2": mdm.ClassTV, "Watch6,1": mdm.ClassWatch,
		"RealityDevice14,1": mdm.ClassHeadset, "iPod9,1": mdm.ClassMediaPlayer} {
		assert.Equal(t, want, oneMobile(t, `{"mobileDeviceId":"7","deviceType":"iOS","hardware":{"modelIdentifier":"`+id+`"}}`).Record().Class, id)
	}
}

func TestQuirk35AssetTag(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{`"assetTag":null`: "", `"assetTag":""`: "", `"x":1`: "", `"assetTag":" INV-1 "`: "INV-1"} {
		assert.Equal(t, want, oneMobile(t, `{"mobileDeviceId":"7","general":{`+text+`}}`).AssetTag, text)
		r := oneComputer(t, `{"id":"7","general":{`+text+`}}`).Record()
		assert.Equal(t, want, r.AssetTag, text)
		assert.Equal(t, want == "" && strings.HasPrefix(text, `"asset`), r.Blank.Has(mdm.KeyAssetTag), text)
	}
}

func TestQuirk36NoSite(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"id":"-1","name":"None"}`, `{"id":-1,"name":"None"}`, `null`, `{"id":null,"name":"None"}`} {
		assert.Empty(t, oneComputer(t, `{"id":"7","general":{"site":`+text+`}}`).Record().Site, text)
	}
	for _, text := range []string{`null`, `"-1"`, `-1`, `""`} {
		assert.Empty(t, oneMobile(t, `{"mobileDeviceId":"7","general":{"siteId":`+text+`}}`).Record().Site, text)
	}
	assert.Equal(t, mdm.Site{ID: "2", Name: "North"}, oneComputer(t, `{"id":"7","general":{"site":{"id":"2","name":"North"}}}`).Record().Site)
}

func TestQuirk37Buildings(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"-1"`, `"0"`, `null`, `-1`} {
		r := oneComputer(t, `{"id":"7","userAndLocation":{"buildingId":`+text+`}}`).Record()
		assert.Empty(t, r.Building, text)
		assert.True(t, r.Blank.Has(mdm.KeyBuilding), text)
	}
	tn := &tenant{computers: []row{{7, `{"id":"7","userAndLocation":{"buildingId":"2","departmentId":"99"}}`}}, script: scripted{
		"GET /api/v1/buildings":   {body: `{"totalCount":1,"results":[{"id":"2","name":"Main building"}]}`},
		"GET /api/v1/departments": {body: `{"totalCount":1,"results":[{"id":"3","name":"IT"}]}`},
	}}
	l := clienttest.List(t, tn.client(t).Source(), mdm.Query{Want: mdm.Keys{mdm.KeyBuilding, mdm.KeyDepartment}})
	assert.Equal(t, "Main building", l.Records[0].Building)
	assert.Equal(t, "99", l.Records[0].Department, "what is not listed stands for itself")
	tn.forget()
	clienttest.List(t, tn.client(t).Source(), mdm.Query{})
	assert.Empty(t, tn.requests("GET", "/api/v1/buildings"), "names that nobody wants are not asked for")
}

func TestQuirk38MissingRight(t *testing.T) {
	t.Parallel()
	denied := answer{status: 403, body: `{"httpStatus":403,"errors":[{"code":"INVALID_PRIVILEGE","field":null,"description":"Forbidden","id":"0"}]}`}
	tn := &tenant{computers: []row{{7, `{"id":"7","userAndLocation":{"buildingId":"2"}}`}}, script: scripted{"GET /api/v1/buildings": denied}}
	l := clienttest.List(t, tn.client(t).Source(), mdm.Query{Want: mdm.Keys{mdm.KeyBuilding}})
	require.Len(t, l.Records, 1)
	assert.Empty(t, l.Records[0].Building)
	assert.True(t, l.End.Complete)
}

func TestQuirk39Times(t *testing.T) {
	t.Parallel()
	at := func(nanoseconds int) time.Time { return time.Date(2026, 5, 4, 1, 0, 6, nanoseconds, time.UTC) }
	for text, want := range map[string]time.Time{
		`"2026-05-04T01:00:06Z"`: at(0), `"2026-05-04T01:00:06.21Z"`: at(210e6), `"2026-05-04T01:00:06.348Z"`: at(348e6),
		`"2026-05-04T01:00:06.706+0000"`: at(706e6), `"2026-05-04T01:00:06-00:00"`: at(0), `"2026-05-04 01:00:06 UTC"`: at(0),
		`"2026-05-04"`: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC), `1777856406000`: at(0),
		`"1970-01-01T00:00:00Z"`: {}, `null`: {}, `""`: {}, `"soon"`: {}, `{}`: {}, `-1`: {},
	} {
		d := oneComputer(t, `{"id":"7","general":{"name":"A","reportDate":`+text+`}}`)
		assert.Equal(t, want, d.LastInventory, text)
		assert.Equal(t, "A", d.Name)
	}
}

func TestQuirk40Nulls(t *testing.T) {
	t.Parallel()
	for _, section := range []string{"general", "hardware", "operatingSystem", "userAndLocation", "purchasing", "storage", "diskEncryption", "security",
		"groupMemberships", "applications", "extensionAttributes"} {
		for _, value := range []string{"null", "{}", "[]", `""`, "7", `[null]`, `{"disks":[null],"enrollmentMethod":null}`} {
			d := oneComputer(t, `{"id":"7","`+section+`":`+value+`}`)
			assert.Equal(t, "computer:7", d.Record().ID)
		}
	}
}

// TestQuirk41NoSerial keeps two devices without a serial number apart.
func TestQuirk41NoSerial(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: []row{{1, `{"id":"1","hardware":{"serialNumber":""}}`}, {2, `{"id":"2","hardware":{"serialNumber":null}}`}}}
	l := clienttest.List(t, tn.client(t).Source(), mdm.Query{})
	assert.Equal(t, []string{"computer:1", "computer:2"}, l.IDs())
	_, err := tn.client(t).ComputerBySerial(t.Context(), "  ")
	require.ErrorIs(t, err, mdm.ErrInvalid)
}

// TestQuirk42SharedDock says of an adapter no more than is known, so that a
// matcher can see that two computers share it.
func TestQuirk42SharedDock(t *testing.T) {
	t.Parallel()
	const hardware = `"macAddress":"02:00:00:00:00:0%d","networkAdapterType":"IEEE80211","altMacAddress":"02:00:00:00:00:DD","altNetworkAdapterType":"Ethernet"`
	tn := &tenant{computers: []row{{1, `{"id":"1","hardware":{` + fmt.Sprintf(hardware, 1) + `}}`}, {2, `{"id":"2","hardware":{` + fmt.Sprintf(hardware, 2) + `}}`}}}
	l := clienttest.List(t, tn.client(t).Source(), mdm.Query{})
	require.Len(t, l.Records, 2)
	for _, r := range l.Records {
		assert.Equal(t, mdm.InterfaceEthernet, r.Interfaces[1].Kind)
		assert.NotEqual(t, "02:00:00:00:00:DD", r.MAC(), "the shared one represents nobody")
	}
}

func TestQuirk43Adapters(t *testing.T) {
	t.Parallel()
	for _, h := range []string{`"macAddress":"A","networkAdapterType":"IEEE80211","altMacAddress":"B","altNetworkAdapterType":"Ethernet"`,
		`"macAddress":"B","networkAdapterType":"Ethernet","altMacAddress":"A","altNetworkAdapterType":"IEEE80211"`} {
		r := oneComputer(t, `{"id":"7","hardware":{`+h+`}}`).Record()
		assert.Equal(t, []mdm.Interface{{Kind: mdm.InterfaceWiFi, MAC: "A"}, {Kind: mdm.InterfaceEthernet, MAC: "B"}}, r.Interfaces)
	}
	assert.Equal(t, mdm.InterfaceUnknown, oneComputer(t, `{"id":"7","hardware":{"macAddress":"A","networkAdapterType":null}}`).Record().Interfaces[0].Kind)
}

func TestQuirk44IMEI(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		`"network":{"imei":"35 000000 123456 7"}`:                                                                     {"350000001234567"},
		`"network":{"imei":"35 000000 123456 7"},"serviceSubscriptions":[{"imei":"35 000000 765432 1"}]`:              {"350000001234567", "350000007654321"},
		`"serviceSubscriptions":[{"imei":"35 000000 123456 7"},{"imei":"350000001234567"}]`:                           {"350000001234567"},
		`"network":{"imei":"1","iccid":"8949 02"},"serviceSubscriptions":[{"imei":"1","iccid":""},{"imei":"","x":1}]`: {"1"},
	} {
		r := oneMobile(t, `{"mobileDeviceId":"7",`+body+`}`).Record()
		assert.Equal(t, want, r.IMEIs, body)
	}
	assert.Equal(t, []mdm.SIM{{Phone: "+49 1"}}, oneMobile(t, `{"mobileDeviceId":"7","network":{"phoneNumber":"+49 1"}}`).Record().SIMs)
}

func TestQuirk45Numbers(t *testing.T) {
	t.Parallel()
	d := oneMobile(t, `{"mobileDeviceId":"7","hardware":{"capacityMb":-1,"availableSpaceMb":"80211","batteryLevel":-1},
		"security":{"hardwareEncryption":-1,"lostModeLocation":{"lostModeLocationAltitudeMeters":41.5,"lostModeLocationSpeedMetersPerSecond":-1.0}},
		"applications":[{"name":"A","bundleSize":"1024","shortVersion":"","version":"2"}]}`)
	assert.Zero(t, d.StorageTotal)
	assert.EqualValues(t, 80_211_000_000, d.StorageFree)
	assert.Zero(t, d.Battery)
	assert.Equal(t, mdm.Unknown, d.Encrypted)
	assert.Equal(t, []jamfpro.App{{Name: "A", Version: "2"}}, d.Apps)
	for text, want := range map[string]int{"97": 97, "0": 0, "101": 0, "null": 0, `"50"`: 50} {
		assert.Equal(t, want, oneComputer(t, `{"id":"7","hardware":{"batteryCapacityPercent":`+text+`}}`).Battery, text)
	}
}

func TestQuirk46GroupIDs(t *testing.T) {
	t.Parallel()
	for _, id := range []string{`5`, `"5"`} {
		assert.Equal(t, []jamfpro.Group{{ID: "5", Name: "G", Smart: true}}, oneMobile(t, `{"mobileDeviceId":7,"groups":[{"groupId":`+id+`,"groupName":"G","smart":true}]}`).Groups)
		assert.Equal(t, []jamfpro.Group{{ID: "5", Name: "G", Smart: true}}, oneComputer(t, `{"id":7,"groupMemberships":[{"groupId":`+id+`,"groupName":"G","smartGroup":true}]}`).Groups)
	}
}

func TestQuirk47ExtensionAttributes(t *testing.T) {
	t.Parallel()
	for _, empty := range []string{`[]`, `[""]`, `null`} {
		r := oneComputer(t, `{"id":"7","general":{"extensionAttributes":[{"definitionId":"1","name":"Cart","values":`+empty+`}]}}`).Record()
		assert.Equal(t, mdm.Blank, mdm.Value(r, mdm.CustomKey("Cart")).State, empty)
		r = oneMobile(t, `{"mobileDeviceId":"7","extensionAttributes":[{"id":"1","name":"Cart","value":`+empty+`}]}`).Record()
		assert.Equal(t, mdm.Blank, mdm.Value(r, mdm.CustomKey("Cart")).State, empty)
	}
	ea := func(id, values string) string {
		return `{"extensionAttributes":[{"definitionId":"` + id + `","name":"N` + id + `","values":[` + values + `]}]}`
	}
	r := oneComputer(t, `{"id":"7","general":`+ea("1", `"a"`)+`,"hardware":`+ea("2", `3`)+`,"operatingSystem":`+ea("3", `"x","y"`)+
		`,"userAndLocation":`+ea("4", `"b"`)+`,"purchasing":`+ea("5", `"c"`)+`,"extensionAttributes":[{"definitionId":"6","name":"N1","values":["d"]}]}`).Record()
	assert.Equal(t, map[string]string{"N1": "a", "N2": "3", "N3": "x\ny", "N4": "b", "N5": "c", "N1 (6)": "d"}, r.Custom, "from all sections")
}

func TestQuirk48SameNumber(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: []row{computer(12)}, mobiles: []row{mobile(12)}}
	assert.Equal(t, []string{"computer:12", "mobile:12"}, clienttest.List(t, tn.client(t).Source(), mdm.Query{}).IDs())
}

func TestQuirk49UserNames(t *testing.T) {
	t.Parallel()
	want := mdm.User{Name: "A B", Login: "a", Email: "a@x.example"}
	assert.Equal(t, want, oneComputer(t, `{"id":"7","userAndLocation":{"username":"a","realname":"A B","email":"a@x.example"}}`).Record().User)
	assert.Equal(t, want, oneMobile(t, `{"mobileDeviceId":"7","userAndLocation":{"username":"a","realName":"A B","emailAddress":"a@x.example"}}`).Record().User)
}

func TestQuirk51Partitions(t *testing.T) {
	t.Parallel()
	d := oneComputer(t, `{"id":"7","storage":{"disks":[{"sizeMegabytes":2000000,"partitions":[{"partitionType":"OTHER","sizeMegabytes":2000000}]},
		{"sizeMegabytes":500277,"partitions":[{"partitionType":"RECOVERY","sizeMegabytes":5000},{"partitionType":"BOOT","sizeMegabytes":494384,"availableMegabytes":301844}]}]}}`)
	assert.EqualValues(t, 500_277_000_000, d.StorageTotal)
	assert.EqualValues(t, 301_844_000_000, d.StorageFree)
}

func TestQuirk66LostModeText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]mdm.Flag{`"Unsupervised Device"`: mdm.Unknown, `"Unsupported OS Version"`: mdm.Unknown, `"true"`: mdm.Yes, `"false"`: mdm.No, `true`: mdm.Yes, `null`: mdm.Unknown} {
		assert.Equal(t, want, oneMobile(t, `{"mobileDeviceId":"7","security":{"lostModeEnabled":`+text+`}}`).LostMode, text)
	}
}

// TestDamagedRecord loses one record of a page and nothing else.
func TestDamagedRecord(t *testing.T) {
	t.Parallel()
	for _, damaged := range []string{`7`, `"x"`, `{}`, `{"id":null}`, `[]`} {
		tn := &tenant{computers: []row{computer(1), {2, damaged}, computer(3)}}
		l := clienttest.List(t, tn.client(t, only("computers")).Source(), mdm.Query{})
		assert.Equal(t, []string{"computer:1", "computer:3"}, l.IDs(), damaged)
		require.Len(t, l.Lost, 1)
		require.ErrorIs(t, l.Lost[0], mdm.ErrDecode)
		assert.False(t, l.End.Complete)
	}
}
