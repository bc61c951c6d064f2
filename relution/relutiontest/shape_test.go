package relutiontest_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

var upperUUID = regexp.MustCompile(`^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$`)

// sameTypes holds an answer against an example: every member of the example
// is there, and of its type unless one of them is null.
func sameTypes(t *testing.T, path string, example, answer any) {
	t.Helper()
	switch example := example.(type) {
	case map[string]any:
		o, ok := answer.(map[string]any)
		require.True(t, ok, "%s is an object", path)
		for name, v := range example {
			assert.Contains(t, o, name, path)
			if v != nil && o[name] != nil {
				sameTypes(t, path+"."+name, v, o[name])
			}
		}
	case []any:
		list, ok := answer.([]any)
		require.True(t, ok, "%s is a list", path)
		if len(example) > 0 && len(list) > 0 {
			sameTypes(t, path+"[]", example[0], list[0])
		}
	default:
		assert.IsType(t, example, answer, path)
	}
}

// example reads an example that was typed by hand.
func example(t *testing.T, text string) map[string]any {
	t.Helper()
	var o map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &o))
	return o
}

const iPadInList = `{
	"uuid":"A","organizationUuid":"A","name":"A","description":"A","status":"COMPLIANT","deviceConnectionState":"NORMAL",
	"platform":"IOS","enrollmentType":"IOS","autoEnrollmentType":"DEP","isDep":true,"manufacturer":"Apple",
	"model":"iPad12,1","osVersion":"18.1.1","serialNumber":"A","imei":"A","deviceId":"A",
	"simSlots":[{"imei":"1","meid":null,"iccId":"1","phoneNumber":"1","carrierName":"A","eid":"1","label":null,"labelId":null,
		"slot":"A","roaming":false,"dataPreferred":true,"voicePreferred":true}],
	"ownership":"COD","userUuid":"A","userName":"A","userGivenName":"A","userSurname":"A","userEmail":"A",
	"supervised":true,"multiUser":false,"fdeEnabled":null,"lostModeStatus":"DISABLED","wifiMac":"a4:83:e7:00:11:22",
	"ethernetMac":null,"batteryLevel":0.87,"lastIpAddress":"203.0.113.7","lastIpAddressCountry":"DE",
	"lastConnectionDate":1763791200000,"enrollmentDate":1725170400000,"creationDate":1693548000000,
	"custom1":"4711","custom2":"Raum 2.14","custom3":null,"custom4":null,"custom5":null,
	"deviceGroups":[{"uuid":"A","name":"Klasse 7","type":"STATIC","scope":"LOCAL","deviceCount":28}],
	"openActions":0,"complianceViolatedCount":0,"roaming":false,"deletedBy":null,"deletionDate":null}`

func TestShapeOfTheLightList(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	answer := c.list(all)
	sameTypes(t, "answer", example(t, `{"status":"0","message":null,"errors":{},"exception":null,"total":3,"extras":{},"results":[]}`), answer.object())
	seen := 0
	for _, o := range answer.results() {
		assert.Regexp(t, upperUUID, o["uuid"])
		assert.Regexp(t, upperUUID, o["organizationUuid"])
		if o["platform"] == "IOS" {
			seen++
			sameTypes(t, "device", example(t, iPadInList), o)
		}
	}
	assert.Greater(t, seen, 20)

	pc := answer.find("platform", "WINDOWS")
	sameTypes(t, "PC", example(t, `{"uuid":"A","organizationUuid":"A","name":"A","status":"INACTIVE","platform":"WINDOWS",
		"enrollmentType":"WINDOWS","manufacturer":"LENOVO","model":"21H4","osVersion":"10.0.26100.2314",
		"windowsVersion":"V_24H2_11","osEdition":"EDUCATION","serialNumber":"A","deviceId":"A","ownership":"COD",
		"userUuid":null,"userName":null,"wifiMac":"0C-7A-15-AA-BB-CC","batteryLevel":null,"lastConnectionDate":1758093000000}`), pc)
	assert.Regexp(t, `^[0-9A-F]{32}$`, pc["deviceId"])
	assert.Regexp(t, `^([0-9A-F]{2}-){5}[0-9A-F]{2}$`, pc["wifiMac"])

	own := answer.find("enrollmentType", "ANDROID_ENTERPRISE_PROFILE_OWNER")
	assert.Nil(t, own["serialNumber"])
	assert.Nil(t, own["imei"])
	assert.Equal(t, "BYOD", own["ownership"])
	assert.Regexp(t, `^\d{4}-\d\d-\d\d$`, own["securityPatchLevel"])
}

func TestShapeOfOneDevice(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	id := c.list(`{"getItems":true,"filter":{"type":"string","fieldName":"platform","value":"IOS"}}`).find("status", "COMPLIANT")["uuid"].(string)
	answer := c.get(v1 + "/devices/" + id)
	assert.EqualValues(t, 1, answer.object()["total"])
	o := answer.result()
	sameTypes(t, "device", example(t, `{
		"uuid":"A","organizationUuid":"A","user":"A","userName":"A","name":"A","status":"COMPLIANT","platform":"IOS",
		"enrollmentType":"IOS","manufacturer":"Apple","model":"iPad12,1","os":"18.1.1","serialNumber":"A","ownership":"COD",
		"pushUdid":"A","imei":null,"meid":null,"pushToken":"A","pushMagic":"A","lastConnectionDate":1763791200000,
		"lastDeviceDetailsRefreshDate":1763787600000,"creationDate":1693548000000,"enrollmentDate":1725170400000,
		"modificationDate":1763791200500,"jailbroken":false,"custom1":"4711",
		"installedApps":[{"identifier":"A","name":"Pages","version":"7043","shortVersion":"14.2","managed":true,
			"bundleSize":561000000,"dynamicSize":4096}],
		"details":{"platform":"IOS","batteryLevel":0.87,"wifiMac":"A","ethernetMac":null,"lostModeStatus":"DISABLED",
			"supervised":true,"multiUser":false,"batteryHealth":"NORMAL",
			"system":{"osVersion":"18.1.1","buildVersion":"22B91","modelName":"iPad","model":"MK2K3FD",
				"productName":"iPad12,1","serialNumber":"A","name":"A","deviceCapacity":64.0,
				"availableDeviceCapacity":38.4,"isActivationLockEnabled":false},
			"network":{"bluetoothMAC":"A","iccID":null,"phoneNumber":null,"isRoaming":false},
			"securityInfo":{"passcodePresent":true,"passcodeCompliant":true,"hardwareEncryptionCaps":3,
				"managementStatus":{"enrolledViaDEP":true,"isUserEnrollment":false}}}}`), o)
	for _, secret := range f.Secrets(id) {
		assert.Contains(t, answer.body, secret)
		assert.NotContains(t, c.list(all).body, secret)
	}
	assert.Len(t, f.Secrets(id), 3)
	assert.Less(t, o["lastDeviceDetailsRefreshDate"], o["lastConnectionDate"])
	assert.Equal(t, 404, c.get(v1+"/devices/7C1E0B52-9A40-4D0F-8C55-2F3B6D1A9E01").status)
	assert.Empty(t, f.Violations())
}

// TestShapeBeforeTheChange has a 4.x and a 5.5.
func TestShapeBeforeTheChange(t *testing.T) {
	flat := `{"uuid":"A","platform":"IOS","userName":"A","lastConnectionDate":1584619200000,"user":"A","unlockToken":"A",
		"details":{"platform":"IOS","serialNumber":"A","osVersion":"13.3","modelName":"iPad","productName":"iPad7,11",
		"batteryLevel":0.42,"isSupervised":true,"wifiMAC":"A","bluetoothMAC":"A","deviceCapacity":32.1,
		"availableDeviceCapacity":20.1,"ethernetMACs":[],"isMDMLostModeEnabled":false,"isMultiUser":false}}`
	for version, path := range map[string]string{"4.88.0": "/relution/api/v1/devices", "5.5.4": "/api/v1/devices"} {
		f := relutiontest.New(small())
		f.SetVersion(version)
		c := newCaller(t, f)
		list := c.get(path)
		tablets := 0
		for _, o := range list.results() {
			if o["platform"] != "IOS" || o["details"] == nil {
				continue
			}
			tablets++
			sameTypes(t, "device", example(t, flat), o)
			assert.NotContains(t, o["details"], "system")
			assert.NotContains(t, o["details"], "wifiMac")
			assert.NotContains(t, o["details"], "supervised")
		}
		assert.Greater(t, tablets, 20)
		mac := list.find("platform", "MACOS")["details"].(map[string]any)
		assert.Contains(t, mac["system"], "isSupervised")
		assert.Contains(t, mac["network"], "wifiMAC")
	}
	f := relutiontest.New(small())
	f.SetVersion("5.5.4")
	light := newCaller(t, f).get("/api/v1/devices/baseInfo").results()[0]
	for _, name := range []string{
		"organizationUuid", "userUuid", "userGivenName", "userSurname", "userEmail", "creationDate", "lastIpAddress",
		"ethernetMac", "deviceGroups", "deviceConnectionState", "lostModeStatus",
	} {
		assert.NotContains(t, light, name)
	}
	assert.Contains(t, light, "msisdn")
}

func TestPseudoUser(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	assert.NotContains(t, c.list(all).body, "Device User")
	f.SetWire(relutiontest.Wire{DeviceUser: true})
	assert.Contains(t, c.list(all).body, "Device User")
	f.SetWire(relutiontest.Wire{})
	f.SetVersion("5.5.4")
	groups := c.get("/api/v1/security/groups").object()["items"].([]any)
	pseudo := ""
	for _, g := range groups {
		if o := g.(map[string]any); o["groupSubtype"] == "DEVICE_USER" {
			pseudo = o["uuid"].(string)
		}
	}
	nobody := c.get("/api/v1/devices").find("userName", "Lindental School District Device User")
	assert.Equal(t, pseudo, nobody["user"], "the group stands where the user would")
}

func TestDetailsOfOtherPlatforms(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	list := c.list(all)
	detail := func(platform string) map[string]any {
		return c.get(v1 + "/devices/" + list.find("platform", platform)["uuid"].(string)).result()
	}
	sameTypes(t, "enterprise", example(t, `{"platform":"A","managementMode":"DEVICE_OWNER","state":"ACTIVE",
		"softwareInfo":{"androidVersion":"14","securityPatchLevel":"A"},
		"hardwareInfo":{"brand":"A","manufacturer":"A","model":"A","serialNumber":"A"},
		"networkInfo":{"wifiMacAddress":"A","telephonyInfos":[]},"memoryInfo":{"totalRam":1,"totalInternalStorage":1},
		"internalStorageByteCount":1,"deviceSettings":{"isDeviceSecure":true,"isEncrypted":true}}`), detail("ANDROID_ENTERPRISE")["details"])
	sameTypes(t, "classic", example(t, `{"platform":"A","osLabel":"A","rooted":false,"bluetoothMacAdress":"A","ramAvailable":"A",
		"freeInternalStorage":1,"currentWifi":{"mac":"A"},"ethernet":{"ethernetMacAddress":null}}`), detail("ANDROID")["details"])
	pc := detail("WINDOWS")
	sameTypes(t, "PC", example(t, `{"system":{"smBiosSerialNumber":"A","deviceName":"A","totalRAM":1},
		"network":{"wifiMAC":"A","networkIdentifiers":[{"macAddress":"A","type":"WIRELESS","connected":true}]}}`), pc["details"])
	assert.Nil(t, pc["pushUdid"])
	assert.IsType(t, "", pc["windowsVersion"])
	mac := detail("MACOS")
	assert.Equal(t, mac["pushUdid"], mac["details"].(map[string]any)["system"].(map[string]any)["udid"])
}

// TestBattery has both scales, and nothing.
func TestBattery(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	seen := func(g got, platform string) (values []any) {
		for _, o := range g.results() {
			if o["platform"] == platform {
				values = append(values, o["batteryLevel"])
			}
		}
		return values
	}
	assert.LessOrEqual(t, seen(c.list(all), "ANDROID")[0], 1.0)
	assert.Contains(t, seen(c.list(all), "TVOS"), -1.0)
	assert.Contains(t, seen(c.list(all), "MACOS"), nil)
	f.SetVersion("5.5.4")
	assert.Greater(t, seen(c.get("/api/v1/devices/baseInfo"), "ANDROID")[0], 1.0)
	assert.LessOrEqual(t, seen(c.get("/api/v1/devices/baseInfo"), "ANDROID_ENTERPRISE")[0], 1.0)
	f.SetWire(relutiontest.Wire{PercentBattery: true})
	assert.Greater(t, seen(c.get("/api/v1/devices/baseInfo"), "ANDROID_ENTERPRISE")[0], 1.0)
}

func TestLivesOfDevices(t *testing.T) {
	d := small()
	f := relutiontest.New(d)
	c := newCaller(t, f)
	states := map[any]int{}
	list := c.list(all)
	for _, o := range list.results() {
		states[o["status"]]++
		switch o["status"] {
		case "ENROLLMENT_PENDING":
			for _, name := range []string{"serialNumber", "model", "wifiMac", "lastConnectionDate", "batteryLevel"} {
				assert.Nil(t, o[name], name)
			}
		case "DELETED":
			assert.NotNil(t, o["deletionDate"])
		}
	}
	assert.Contains(t, slices.Collect(maps.Keys(states)), "ENROLLMENT_PENDING")
	assert.Greater(t, states["DELETED"], 0)
	id := list.find("status", "COMPLIANT")["uuid"].(string)

	gone := c.send("DELETE", v1+"/devices/"+id+"?keepApp=false", "")
	assert.Equal(t, 200, gone.status)
	after := c.list(all).find("uuid", id)
	assert.Equal(t, "DELETED", after["status"])
	assert.Equal(t, "sync.example", after["deletedBy"])
	assert.NotNil(t, c.get(v1 + "/devices/" + id).result()["deletedDate"])

	f.SetStatus(id, "HIBERNATING")
	assert.Equal(t, "HIBERNATING", c.list(all).find("uuid", id)["status"])
	f.Remove(id)
	assert.NotContains(t, f.UUIDs(f.Tenant), id)
	dev := d.Devices[0]
	dev.Truth, dev.UDID = "X1", "00008030-0000000000000001"
	again := f.Enrol(f.Tenant, dev)
	assert.Equal(t, dev.Serial, c.list(all).find("uuid", again)["serialNumber"])
	assert.Equal(t, again, f.UUIDOf(dev.UDID))
	assert.Empty(t, f.Violations())
}

// TestAndroidSerials has serials that lie.
func TestAndroidSerials(t *testing.T) {
	d := small()
	truth := map[string]string{}
	for _, dev := range d.Devices {
		truth[dev.Name] = dev.Serial
	}
	f := relutiontest.New(d)
	missing, wrong, right := 0, 0, 0
	for _, o := range newCaller(t, f).list(all).results() {
		if !strings.HasPrefix(o["platform"].(string), "ANDROID") {
			continue
		}
		switch o["serialNumber"] {
		case nil:
			missing++
		case truth[o["name"].(string)]:
			right++
		default:
			wrong++
		}
	}
	assert.Equal(t, 2, missing)
	assert.GreaterOrEqual(t, wrong, 1)
	assert.GreaterOrEqual(t, right, 3)
}
