package relution_test

import (
	"fmt"
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInterfaces keeps each interface once, however its address is written, with
// its name and the addresses that came with it.
func TestInterfaces(t *testing.T) {
	t.Parallel()
	for members, want := range map[string][]mdm.Interface{
		`"platform":"WINDOWS","wifiMac":"0C-7A-15-AA-BB-CC","ethernetMac":"0C:7A:15:AA:BB:CD","details":{"network":{"wifiMAC":"0c7a15aabbcc","wifiIPv4Address":"10.0.0.7","wifiIPv6Address":"2001:db8::7","networkIdentifiers":[
			{"type":"WIRED","macAddress":"0C7A15AABBCD","ipv4Address":"10.0.0.9","ipv6Address":"2001:db8::9"},{"type":"WIRELESS","macAddress":"0C7A15AABBCC","ipv4Address":"10.0.0.7"},
			{"type":"UNKNOWN","macAddress":"0C7A15AABBCE","ipv4Address":null}]}}`: {
			{Kind: mdm.InterfaceWiFi, MAC: "0C-7A-15-AA-BB-CC", IPs: []string{"10.0.0.7", "2001:db8::7"}},
			{Kind: mdm.InterfaceEthernet, MAC: "0C:7A:15:AA:BB:CD", IPs: []string{"10.0.0.9", "2001:db8::9"}},
			{MAC: "0C7A15AABBCE"}},
		`"platform":"LINUX","details":{"network":{"networkInterfaces":[{"name":"lo","ipAddress":"127.0.0.1","macAddress":"00:00:00:00:00:00","type":"LOOPBACK"},
			{"name":"docker0","ipAddress":"172.17.0.1","macAddress":"02:42:00:00:00:01","type":"BRIDGE"},{"name":"eth0","ipAddress":"10.0.0.4","macAddress":"a4:83:e7:00:11:24","type":"ETHERNET"},
			{"name":"wlan0","ipAddress":null,"macAddress":"a4:83:e7:00:11:22","type":"WIRELESS"}]}}`: {
			{Kind: mdm.InterfaceWiFi, Adapter: "wlan0", MAC: "a4:83:e7:00:11:22"},
			{Kind: mdm.InterfaceEthernet, Adapter: "eth0", MAC: "a4:83:e7:00:11:24", IPs: []string{"10.0.0.4"}},
			{Adapter: "docker0", MAC: "02:42:00:00:00:01", IPs: []string{"172.17.0.1"}}},
		`"platform":"ANDROID","details":{"currentWifi":{"mac":"a4:83:e7:00:11:22","ip":"10.0.0.7"},"ethernet":{"ethernetMacAddress":"a4:83:e7:00:11:24","ethernetIpAddress":"10.0.0.8"},"bluetoothMacAdress":"a4:83:e7:00:11:23"}`: {
			{Kind: mdm.InterfaceWiFi, MAC: "a4:83:e7:00:11:22", IPs: []string{"10.0.0.7"}},
			{Kind: mdm.InterfaceEthernet, MAC: "a4:83:e7:00:11:24", IPs: []string{"10.0.0.8"}},
			{Kind: mdm.InterfaceBluetooth, MAC: "a4:83:e7:00:11:23"}},
		`"platform":"ANDROID_ENTERPRISE","details":{"wifiMac":"a4:83:e7:00:11:22","networkInfo":{"wifiMacAddress":"A483E7001122","macAddress":"A4-83-E7-00-11-22","ipAddress":"10.0.0.7"}}`: {
			{Kind: mdm.InterfaceWiFi, MAC: "a4:83:e7:00:11:22", IPs: []string{"10.0.0.7"}}},
		`"platform":"WINDOWS","details":{"wifiMac":"a4:83:e7:00:11:22","network":{"wifiIPv4Address":"10.0.0.7","networkIdentifiers":[{"type":"WIRED","macAddress":"a4:83:e7:00:11:24"},{"type":"WIRELESS","macAddress":"a4:83:e7:00:11:25"}]}}`: {
			{Kind: mdm.InterfaceWiFi, MAC: "a4:83:e7:00:11:22"},
			{Kind: mdm.InterfaceWiFi, MAC: "a4:83:e7:00:11:25", IPs: []string{"10.0.0.7"}},
			{Kind: mdm.InterfaceEthernet, MAC: "a4:83:e7:00:11:24"}},
		`"platform":"CHROMEOS","wifiMac":"a483e7001122","details":{"macAddress":"A4:83:E7:00:11:22","lastKnownNetwork":[{"ipAddress":"10.0.0.8"}]}`: {
			{Kind: mdm.InterfaceWiFi, MAC: "a483e7001122", IPs: []string{"10.0.0.8"}}},
	} {
		assert.Equal(t, want, detailOf(t, members).Record().Interfaces, members)
	}
	d := detailOf(t, `"ethernetMac":"0C:7A:15:AA:BB:CD","details":{"ethernetMACs":["0C7A15AABBCD"],"network":{"ethernetMAC":"0c-7a-15-aa-bb-cd"}}`)
	assert.Equal(t, []string{"0C:7A:15:AA:BB:CD"}, d.EthernetMACs)
}

// TestSIMs takes what is told in several places for one SIM, unless it cannot
// be.
func TestSIMs(t *testing.T) {
	t.Parallel()
	for members, want := range map[string][]relution.SIM{
		`"platform":"IOS","simSlots":[{"imei":"1"}],"details":{"network":{"iccID":"8949 1","phoneNumber":"+491","simCarrierNetwork":"C","currentCarrierNetwork":"D"}}`: {
			{IMEI: "1", ICCID: "89491", Phone: "+491", Carrier: "C"}},
		`"platform":"IOS","simSlots":[{"imei":"1","iccId":"A"},{"imei":"2","iccId":"B"}],"details":{"network":{"iccID":"B","phoneNumber":"+492","currentCarrierNetwork":"D"}}`: {
			{IMEI: "1", ICCID: "A"}, {IMEI: "2", ICCID: "B", Phone: "+492", Carrier: "D"}},
		`"platform":"IOS","simSlots":[{"imei":"1","iccId":"A"}],"details":{"iccID":"B"}`: {{IMEI: "1", ICCID: "A"}, {ICCID: "B"}},
		`"platform":"ANDROID_ENTERPRISE","simSlots":[{"imei":"1"},{"imei":"2"}],"details":{"networkInfo":{"imei":"1","telephonyInfos":[{"carrierName":"C","phoneNumber":"+491"},{"carrierName":"D","iccId":"B"}]}}`: {
			{IMEI: "1", Phone: "+491", Carrier: "C"}, {IMEI: "2", ICCID: "B", Carrier: "D"}},
		`"platform":"ANDROID","imei":"1","details":{"subscriptions":[{"iccId":"A","number":"+491","carrierName":"C"}]}`: {{IMEI: "1", ICCID: "A", Phone: "+491", Carrier: "C"}},
		`"platform":"WINDOWS","simSlots":[{"iccId":"A"}],"details":{"network":{"imsi":"262 01"}}`:                       {{ICCID: "A", IMSI: "26201"}},
		`"platform":"IOS","details":{"network":{"currentCarrierNetwork":"D"}}`:                                          nil,
	} {
		assert.Equal(t, want, detailOf(t, members).SIMs, members)
	}
	assert.Equal(t, []mdm.SIM{{IMSI: "26201"}}, detailOf(t, `"platform":"WINDOWS","details":{"network":{"imsi":"26201"}}`).Record().SIMs)
	assert.Equal(t, []mdm.SIM{{ICCID: "A", Phone: "+491"}}, one(t, `"msisdn":"+491","simSlots":[{"iccId":"A"}]`).Record().SIMs)
	assert.Equal(t, []mdm.SIM{{Phone: "+491"}}, one(t, `"msisdn":"+491"`).Record().SIMs)
}

// TestDetailFacts reads what has a place of its own in a record.
func TestDetailFacts(t *testing.T) {
	t.Parallel()
	const person, group = "A0F4C9D2-1B33-4C0E-9B57-0D5E7A6B8C11", "972C0000-0000-4000-8000-000000000001"
	assert.Equal(t, person, detailOf(t, `"userName":"m.muster","user":"`+person+`"`).Record().User.ID)
	assert.Empty(t, detailOf(t, `"userName":null,"user":"`+group+`"`).UserUUID, "the group of those without a user")
	assert.Empty(t, detailOf(t, `"userName":"SCHULE Device User","user":"`+group+`"`).UserUUID)
	assert.Contains(t, detailOf(t, `"userName":null,"user":null`).Record().Blank, mdm.KeyUserID)

	for members, want := range map[string]mdm.Flag{
		`"status":"INACTIVE","complianceViolatedCount":2`: mdm.No, `"status":"INACTIVE","complianceViolatedCount":0`: mdm.Yes, `"status":"INACTIVE"`: mdm.Unknown,
		`"status":"COMPLIANT","complianceViolatedCount":1`: mdm.Yes, `"status":"WITHDRAWN","complianceViolatedCount":0`: mdm.Unknown, `"complianceViolatedCount":1`: mdm.No,
	} {
		assert.Equal(t, want, one(t, members).Record().Flags.Compliant, members)
	}

	tag := func(cfg *relution.Config) { cfg.AssetTag = "custom1" }
	assert.Equal(t, "4711", detailOf(t, `"platform":"CHROMEOS","custom1":null,"details":{"annotatedAssetId":"4711"}`, tag).Record().AssetTag)
	assert.NotContains(t, detailOf(t, `"platform":"CHROMEOS","custom1":null,"details":{"annotatedAssetId":"4711"}`, tag).Record().Blank, mdm.KeyAssetTag)
	assert.Equal(t, "1", detailOf(t, `"platform":"CHROMEOS","custom1":"1","details":{"annotatedAssetId":"4711"}`, tag).Record().AssetTag, "the named field goes first")
	assert.Empty(t, detailOf(t, `"platform":"WINDOWS","details":{"annotatedAssetId":"4711"}`).Record().AssetTag)

	assert.Equal(t, mdm.Capacity{Free: 20e9}, detailOf(t, `"platform":"ANDROID_ENTERPRISE","details":{"externalStorageByteCount":20000000000}`).Record().ExternalStorage)
	assert.Equal(t, mdm.Capacity{Free: 20e9}, detailOf(t, `"platform":"ANDROID","details":{"freeExternalStorage":20000000000}`).Record().ExternalStorage)

	for members, want := range map[string]mdm.Flag{
		`"jailbroken":false,"details":{"rooted":true}`: mdm.Yes, `"jailbroken":true,"details":{"rooted":false}`: mdm.Yes,
		`"details":{"rooted":false}`: mdm.No, `"jailbroken":false`: mdm.No, `"details":{}`: mdm.Unknown,
	} {
		assert.Equal(t, want, detailOf(t, `"platform":"ANDROID",`+members).Jailbroken, members)
	}
	enterprise := detailOf(t, `"platform":"ANDROID_ENTERPRISE","details":{"name":"enterprises/LC01/devices/3a"}`)
	assert.Empty(t, enterprise.Name)
	assert.Equal(t, "enterprises/LC01/devices/3a", enterprise.ExternalID)
	assert.Equal(t, "iPad 7", detailOf(t, `"platform":"IOS","details":{"name":"iPad 7"}`).Name)
}

// TestDetailsFilled loses nothing that the list told when the detail is read as
// well.
func TestDetailsFilled(t *testing.T) {
	t.Parallel()
	entry := fmt.Sprintf(`{"uuid":%q,"platform":"IOS","status":"INACTIVE","name":"A","custom1":"4711","custom2":null,"supervised":true,"multiUser":true,"fdeEnabled":true,"lostModeStatus":"ENABLED",
		"msisdn":"+491","meid":"35","serialNumber":"DMPXK1","complianceViolatedCount":1,"enrollmentDate":1725170400000,"description":null,"userName":null,"userUuid":null}`, id(1))
	tn := &tenant{devices: []string{entry}, script: scripted{"GET /api/management/v1/devices/" + id(1): {
		body: fmt.Sprintf(`{"status":"0","results":[{"uuid":%q,"platform":"IOS","details":{"system":{"modelName":"iPad"}}}]}`, id(1))}}}
	c := tn.client(t, func(cfg *relution.Config) { cfg.AssetTag, cfg.Link = "custom1", "{base}/{serial}" })
	var filled *relution.Device
	for d, err := range c.Devices(t.Context(), &relution.DevicesOptions{Details: 1}) {
		require.NoError(t, err)
		filled = d
	}
	require.True(t, filled.Detailed)
	r := filled.Record()
	assert.Equal(t, "iPad", r.Model)
	assert.Equal(t, mdm.Flags{Managed: mdm.Yes, Supervised: mdm.Yes, Encrypted: mdm.Yes, LostMode: mdm.Yes, Compliant: mdm.No}, r.Flags)
	assert.Equal(t, mdm.Yes, filled.MultiUser)
	assert.Equal(t, "+491", filled.Phone)
	assert.Equal(t, "35", r.MEID)
	assert.Equal(t, "A", r.Name)
	assert.Equal(t, "4711", r.AssetTag)
	assert.Equal(t, "https://relution.example.de/DMPXK1", r.Link)
	assert.NotZero(t, r.Enrolment.At)
	for _, key := range []mdm.Key{mdm.KeyNotes, mdm.KeyUserLogin, mdm.KeyUserID, mdm.CustomKey("custom2")} {
		assert.Contains(t, r.Blank, key)
	}
	assert.NotContains(t, r.Blank, mdm.KeyAssetTag)
}
