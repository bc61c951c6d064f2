package relution_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk16Times reads milliseconds, in whatever form, and never as zero.
func TestQuirk16Times(t *testing.T) {
	t.Parallel()
	want := time.Date(2025, 11, 22, 6, 0, 0, 0, time.UTC)
	for text, at := range map[string]time.Time{`1763791200000`: want, `"1763791200000"`: want, `1763791200`: want, `"2025-11-22T06:00:00Z"`: want,
		`"2025-11-22T07:00:00.000+0100"`: want, `1763791200000.0`: want, `0`: {}, `null`: {}, `-1`: {}, `""`: {}, `"x"`: {}, `{}`: {}, `1e300`: {}} {
		d := one(t, `"lastConnectionDate":`+text)
		assert.Equal(t, at, d.LastContact, text)
		assert.Equal(t, at, d.Record().LastSeen, text)
	}
}

// TestQuirk17Contacts keeps the three times apart.
func TestQuirk17Contacts(t *testing.T) {
	t.Parallel()
	d := one(t, `"lastConnectionDate":1763791200000,"lastCompanionConnectionDate":1763794800000,"lastDeviceDetailsRefreshDate":1763787600000`)
	assert.Equal(t, 6, d.Record().LastSeen.Hour())
	assert.Equal(t, 7, d.LastAgent.Hour())
	assert.Equal(t, 5, d.LastRefresh.Hour())
}

// TestQuirk18Battery reads both scales.
func TestQuirk18Battery(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"0.87": 87, "87": 87, "1": 100, "1.0": 100, "-1": 0, "null": 0, "0": 0, `"0.5"`: 50, "101": 0, "1e99": 0, "100": 100} {
		assert.Equal(t, want, one(t, `"batteryLevel":`+text).Record().Battery, text)
	}
	assert.Equal(t, 42, detailOf(t, `"platform":"IOS","details":{"batteryLevel":0.42}`).Battery)
}

// TestQuirk19Model reads Apple's identifier from the model and the system of
// an iPad from the identifier.
func TestQuirk19Model(t *testing.T) {
	t.Parallel()
	r := one(t, `"platform":"IOS","model":"iPad12,1","osVersion":"18.1.1"`).Record()
	assert.Equal(t, mdm.PlatformIPadOS, r.Platform)
	assert.Equal(t, mdm.ClassTablet, r.Class)
	assert.Equal(t, "iPad12,1", r.ModelID)
	assert.Empty(t, r.Model)
	assert.Equal(t, mdm.OS{Name: "iPadOS", Version: "18.1.1"}, r.OS)
	r = one(t, `"platform":"IOS","model":"iPhone14,7"`).Record()
	assert.Equal(t, mdm.PlatformIOS, r.Platform)
	r = one(t, `"platform":"WINDOWS","model":"21H4","manufacturer":"LENOVO"`).Record()
	assert.Equal(t, "21H4", r.Model)
	assert.Empty(t, r.ModelID)
}

// TestQuirk20UDID takes the UDID from the detail, never from the device id nor
// from an account-driven enrolment.
func TestQuirk20UDID(t *testing.T) {
	t.Parallel()
	r := one(t, `"platform":"WINDOWS","deviceId":"9F0E1D2C3B4A59687786958473625140"`).Record()
	assert.Empty(t, r.UDID)
	assert.Equal(t, "9F0E1D2C3B4A59687786958473625140", r.ManagementID)
	assert.Equal(t, "00008030-000A1B2C3D4E5F67", detailOf(t, `"platform":"IOS","pushUdid":"00008030-000A1B2C3D4E5F67"`).Record().UDID)
	assert.Equal(t, "U", detailOf(t, `"platform":"MACOS","details":{"system":{"udid":"U"}}`).UDID)
	assert.Empty(t, detailOf(t, `"platform":"IOS","enrollmentType":"IOS_USER_ENROLLMENT","pushUdid":"X"`).UDID)
}

// TestQuirk21Details reads flat details of old servers and nested ones of new
// ones alike.
func TestQuirk21Details(t *testing.T) {
	t.Parallel()
	flat := detailOf(t, `"platform":"IOS","details":{"platform":"IOS","serialNumber":"DMPXK1ABQ1GC","osVersion":"13.3","modelName":"iPad","productName":"iPad7,11","batteryLevel":0.42,"isSupervised":true,"wifiMAC":"a4:83:e7:00:11:22","bluetoothMAC":"a4:83:e7:00:11:23","ethernetMACs":["a4:83:e7:00:11:24"],"deviceCapacity":32.0,"availableDeviceCapacity":20.1,"isMDMLostModeEnabled":true,"isMultiUser":false}`)
	nested := detailOf(t, `"platform":"IOS","details":{"platform":"IOS","batteryLevel":0.42,"wifiMac":"a4:83:e7:00:11:22","ethernetMac":"a4:83:e7:00:11:24","lostModeStatus":"ENABLED","supervised":true,"multiUser":false,"system":{"serialNumber":"DMPXK1ABQ1GC","osVersion":"13.3","modelName":"iPad","productName":"iPad7,11","deviceCapacity":32.0,"availableDeviceCapacity":20.1},"network":{"bluetoothMAC":"a4:83:e7:00:11:23"}}`)
	assert.Equal(t, nested, flat)
	r := flat.Record()
	assert.Equal(t, "DMPXK1ABQ1GC", r.Serial)
	assert.Equal(t, mdm.Yes, r.Flags.Supervised)
	assert.Equal(t, mdm.Yes, r.Flags.LostMode)
	assert.Equal(t, mdm.Capacity{Total: 32e9, Free: 20.1e9}, r.Storage)
	assert.Equal(t, "a4:83:e7:00:11:22", r.MAC())
	require.Len(t, r.Interfaces, 3)
	mac := detailOf(t, `"platform":"MACOS","details":{"system":{"isSupervised":true,"deviceName":"Mac"},"network":{"wifiMAC":"a4:83:e7:00:11:22"},"securityInfo":{"fdeEnabled":true}}`).Record()
	assert.Equal(t, mdm.Yes, mac.Flags.Supervised)
	assert.Equal(t, mdm.Yes, mac.Flags.Encrypted)
	assert.Equal(t, "a4:83:e7:00:11:22", mac.MAC())
}

// TestQuirk22Spelling reads the vendor's own spelling.
func TestQuirk22Spelling(t *testing.T) {
	t.Parallel()
	d := detailOf(t, `"platform":"ANDROID","details":{"bluetoothMacAdress":"a4:83:e7:00:11:23","currentWifi":{"mac":"a4:83:e7:00:11:22","ip":"10.0.0.7"},"rooted":true}`)
	assert.Equal(t, "a4:83:e7:00:11:23", d.BluetoothMAC)
	assert.Equal(t, "a4:83:e7:00:11:22", d.WiFiMAC)
	assert.Equal(t, []string{"10.0.0.7"}, d.IPAddresses)
	assert.Equal(t, mdm.Yes, d.Jailbroken)
}

// TestQuirk23MACs keeps addresses as they are reported; what is worth matching
// by is judged elsewhere. All platforms' places are read.
func TestQuirk23MACs(t *testing.T) {
	t.Parallel()
	for _, mac := range []string{"0C-7A-15-AA-BB-CC", "a4:83:e7:00:11:22", "a483e7001122"} {
		assert.Equal(t, mac, one(t, `"platform":"WINDOWS","wifiMac":"`+mac+`"`).Record().MAC())
	}
	chrome := detailOf(t, `"platform":"CHROMEOS","details":{"macAddress":"a483e7001122","ethernetMacAddress":"a483e7001124","lastKnownNetwork":[{"ipAddress":"10.0.0.8"}],"diskVolumeReports":[{"volumeInfo":[{"storageTotal":"100","storageFree":"40"},{"storageTotal":"1","storageFree":"1"}]}]}`)
	assert.Equal(t, "a483e7001122", chrome.WiFiMAC)
	assert.Equal(t, []string{"a483e7001124"}, chrome.EthernetMACs)
	assert.EqualValues(t, 101, chrome.StorageTotal)
	windows := detailOf(t, `"platform":"WINDOWS","details":{"system":{"smBiosSerialNumber":"PF4ZZ9Q1"},"network":{"networkIdentifiers":[{"type":"WIRED","macAddress":"0C-7A-15-AA-BB-CD","ipv4Address":"10.0.0.9"},{"type":"WIRELESS","macAddress":"0C-7A-15-AA-BB-CC"}]},"lastLoggedInUserFullName":"M. Muster"}`)
	assert.Equal(t, "0C-7A-15-AA-BB-CC", windows.Record().MAC())
	assert.Equal(t, "PF4ZZ9Q1", windows.SerialNumber)
	assert.Equal(t, "M. Muster", windows.LoggedIn)
	android := detailOf(t, `"platform":"ANDROID_ENTERPRISE","details":{"hardwareInfo":{"serialNumber":"R58","manufacturer":"samsung","model":"SM-T505"},"softwareInfo":{"androidVersion":"13","securityPatchLevel":"2026-10-01"},"networkInfo":{"imei":"35 209900 176148 1","wifiMacAddress":"a4:83:e7:00:11:22","telephonyInfos":[{"iccId":"8949","phoneNumber":"+491","carrierName":"C"}]},"memoryInfo":{"totalRam":3000000000,"totalInternalStorage":32000000000,"internalStorageByteCount":9000000000},"deviceSettings":{"isEncrypted":true,"isDeviceSecure":false}}`).Record()
	assert.Equal(t, []string{"352099001761481"}, android.IMEIs)
	assert.Equal(t, []mdm.SIM{{ICCID: "8949", Phone: "+491", Carrier: "C"}}, android.SIMs)
	assert.Equal(t, mdm.Capacity{Total: 32e9, Free: 9e9}, android.Storage)
	assert.Equal(t, mdm.OS{Name: "Android", Version: "13", Patch: "2026-10-01"}, android.OS)
	assert.Equal(t, mdm.No, android.Flags.Passcode)
}

// TestQuirk24Serial reports no serial number where there is none; two devices
// without one are two devices.
func TestQuirk24Serial(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"null", `""`, `"  "`} {
		assert.Empty(t, one(t, `"platform":"ANDROID_ENTERPRISE","serialNumber":`+text).Record().Serial)
	}
	nameless := `{"uuid":"` + id(2) + `","platform":"ANDROID_ENTERPRISE","serialNumber":null}`
	c := (&tenant{devices: []string{device(1, ""), nameless, strings.Replace(nameless, id(2), id(3), 1)}}).client(t)
	assert.Len(t, live(t, c), 3)
	_, err := c.DeviceBySerial(t.Context(), "  ")
	require.ErrorIs(t, err, mdm.ErrInvalid)
}

// TestQuirk25Pending lists devices that never checked in.
func TestQuirk25Pending(t *testing.T) {
	t.Parallel()
	r := one(t, `"name":"Neu","status":"ENROLLMENT_PENDING","platform":"UNKNOWN","serialNumber":null`).Record()
	assert.Equal(t, mdm.StatusPending, r.Status)
	assert.Equal(t, mdm.No, r.Flags.Managed)
	assert.Equal(t, mdm.ClassUnknown, r.Class)
	assert.Zero(t, r.LastSeen)
}

// TestQuirk26PseudoUser takes nobody for nobody.
func TestQuirk26PseudoUser(t *testing.T) {
	t.Parallel()
	r := detailOf(t, `"userName":"SCHULE Device User","user":"972C0000-0000-4000-8000-000000000001"`).Record()
	assert.Zero(t, r.User)
	assert.Contains(t, r.Blank, mdm.KeyUserLogin)
	r = one(t, `"userUuid":"U","userName":"m.muster","userGivenName":"Mia","userSurname":"Muster","userEmail":"m.muster@schule.example"`).Record()
	assert.Equal(t, mdm.User{ID: "U", Login: "m.muster", Name: "Mia Muster", Email: "m.muster@schule.example"}, r.User)
	r = one(t, `"userUuid":null,"userName":null`).Record()
	assert.Contains(t, r.Blank, mdm.KeyUserLogin)
}

// TestQuirk27Ownership reads the codes.
func TestQuirk27Ownership(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]mdm.Ownership{"COD": mdm.OwnershipOrganisation, "BYOD": mdm.OwnershipPersonal, "UNKNOWN": mdm.OwnershipUnknown, "CORPORATE": mdm.OwnershipUnknown} {
		assert.Equal(t, want, one(t, `"ownership":"`+text+`"`).Record().Ownership, text)
	}
}

// TestQuirk28Statuses tells compliance from the stage of life, and bears words
// that no release has yet.
func TestQuirk28Statuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		status             mdm.Status
		managed, compliant mdm.Flag
	}{
		"COMPLIANT":          {mdm.StatusEnrolled, mdm.Yes, mdm.Yes},
		"NONCOMPLIANT":       {mdm.StatusEnrolled, mdm.Yes, mdm.No},
		"INACTIVE":           {mdm.StatusEnrolled, mdm.Yes, mdm.Unknown},
		"ENROLLMENT_PENDING": {mdm.StatusPending, mdm.No, mdm.Unknown},
		"WITHDRAW_PENDING":   {mdm.StatusRetirePending, mdm.No, mdm.Unknown},
		"WITHDRAWN":          {mdm.StatusRetired, mdm.No, mdm.Unknown},
		"DELETION_PENDING":   {mdm.StatusRetirePending, mdm.No, mdm.Unknown},
		"FUTURE":             {mdm.StatusUnknown, mdm.Unknown, mdm.Unknown},
	} {
		d := one(t, `"status":"`+text+`","platform":"QUANTUM","enrollmentType":"NEW"`)
		r := d.Record()
		assert.Equal(t, want.status, r.Status, text)
		assert.Equal(t, want.managed, r.Flags.Managed, text)
		assert.Equal(t, want.compliant, r.Flags.Compliant, text)
		assert.Equal(t, "QUANTUM", r.PlatformText)
	}
}

// TestQuirk29Names reads what has two names, in the list and in the detail.
func TestQuirk29Names(t *testing.T) {
	t.Parallel()
	assert.NotZero(t, one(t, `"deletionDate":1763791200000`).Deleted)
	assert.NotZero(t, detailOf(t, `"deletedDate":1763791200000`).Deleted)
	assert.Equal(t, mdm.Yes, one(t, `"multiUser":true`).MultiUser)
	assert.Equal(t, mdm.Yes, one(t, `"isMultiUser":true`).MultiUser)
	assert.Equal(t, mdm.Yes, one(t, `"isMDMLostModeEnabled":true`).LostMode)
	assert.Equal(t, mdm.No, one(t, `"lostModeStatus":"ENABLE_PENDING"`).LostMode)
	for _, text := range []string{`"V_24H2_11"`, `"10.0.26100"`, `7`} {
		assert.Equal(t, "10.0.26100.2314", one(t, `"platform":"WINDOWS","osVersion":"10.0.26100.2314","windowsVersion":`+text).OSVersion)
	}
}

// TestQuirk31Custom keeps the custom fields by their numbers; one of them, or
// the description, may be the asset tag.
func TestQuirk31Custom(t *testing.T) {
	t.Parallel()
	const members = `"custom1":"4711","custom2":"Raum 2.14","custom3":null,"description":"INV 4711"`
	r := one(t, members).Record()
	assert.Equal(t, map[string]string{"custom1": "4711", "custom2": "Raum 2.14"}, r.Custom)
	assert.Contains(t, r.Blank, mdm.CustomKey("custom3"))
	assert.Empty(t, r.AssetTag)
	assert.Equal(t, "INV 4711", r.Notes)
	tag := func(field string) func(*relution.Config) {
		return func(cfg *relution.Config) { cfg.AssetTag = field }
	}
	assert.Equal(t, "4711", one(t, members, tag("custom1")).Record().AssetTag)
	assert.Equal(t, "INV 4711", one(t, members, tag("description")).Record().AssetTag)
	assert.Contains(t, one(t, members, tag("custom3")).Record().Blank, mdm.KeyAssetTag)
}

// TestQuirk41PublicAddress keeps the address of the school out of what devices
// are known by.
func TestQuirk41PublicAddress(t *testing.T) {
	t.Parallel()
	d := one(t, `"lastIpAddress":"203.0.113.7","wifiMac":"a4:83:e7:00:11:22"`)
	assert.Equal(t, "203.0.113.7", d.PublicIP)
	assert.Equal(t, mdm.NotReported, mdm.Value(d, mdm.KeyIP).State)
}

// TestLinks makes links from the usual template and from the host's own.
func TestLinks(t *testing.T) {
	t.Parallel()
	const members = `"serialNumber":"A/B C"`
	template := func(text string) func(*relution.Config) {
		return func(cfg *relution.Config) { cfg.Link, cfg.Tenant = text, organisation }
	}
	for text, want := range map[string]string{
		"": "https://relution.example.de/#/devices/inventory/" + id(1) + "/information?tenantOrganizationUuid=" + organisation,
		"{base}/#/devices/inventory?page=0&limit=100&search={serial}": "https://relution.example.de/#/devices/inventory?page=0&limit=100&search=A%2FB%20C",
		"{base}/relution/portal/#/x?t={tenant}":                       "https://relution.example.de/relution/portal/#/x?t=" + organisation,
	} {
		assert.Equal(t, want, one(t, `"organizationUuid":"`+organisation+`",`+members, template(text)).Record().Link)
	}
	old := &tenant{devices: numbered(1), prefix: relution.PrefixLegacy, listing: relution.ListFull}
	for text, want := range map[string]string{"": "", "{base}/relution/portal/#/{uuid}": "https://relution.example.de/relution/portal/#/" + id(1)} {
		r := clienttest.Collect(t, old.client(t, template(text)).Devices(t.Context(), nil))[0].Record()
		assert.Equal(t, want, r.Link, "the oldest portal is another one")
		assert.Equal(t, want == "", r.LinkTarget == mdm.LinkUnknown)
	}
	r := one(t, members).Record()
	assert.Equal(t, mdm.LinkDevice, r.LinkTarget)
	assert.NotContains(t, r.Link, "tenant")
	assert.Empty(t, one(t, `"serialNumber":null,"organizationUuid":"`+organisation+`"`, template("{base}/{serial}")).Record().Link)
	for _, bad := range []string{"{base}/{id}", "javascript:{uuid}", "/x"} {
		_, err := relution.New(relution.Config{Address: "a.example", Token: mdm.NewSecret(token), Link: bad})
		require.ErrorIs(t, err, mdm.ErrInvalid, bad)
	}
}
