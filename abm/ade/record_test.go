package ade_test

import (
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSourceRecord shows what of a device reaches its record.
//
//mdm:feature 3.18 5.2
func TestSourceRecord(t *testing.T) {
	t.Parallel()
	s := fetched(`{"serial_number":"DMPXQ1ZZHK5N","model":"iPad (9th generation)","description":"IPAD 9 WI-FI 64GB","color":"SPACE GRAY","asset_tag":"",
		"profile_status":"pushed","profile_uuid":"0d9c8b7a-6f5e4d3c2b1a099887766554","profile_assign_time":"2026-01-12T08:00:11Z","profile_push_time":"2026-01-13T10:02:45Z",
		"device_assigned_date":"2025-11-30T14:20:00Z","device_assigned_by":"it-admin@example-school.org","device_family":"iPad","os":"iPadOS",
		"imei":["01 129600 314225 1"],"meid":["01129600314225"],"eid":"89049032007108882600012345670077","wifi_mac_address":"3C:22:FB:10:9A:4E",
		"bluetooth_mac_address":"3C:22:FB:10:9A:4F","ethernet_mac_address":"","mdm_migration_deadline":"2026-05-01T00:00:00Z","released_by_replacement":true}`)
	c := client(t, s, func(cfg *ade.Config) { cfg.Link = "https://school.example/devices/{serial}" })
	d := clienttest.Collect(t, c.Devices(t.Context()))[0]
	assert.Equal(t, ade.ProfilePushed, d.ProfileStatus)
	assert.Equal(t, "pushed", d.ProfileStatus.String())
	assert.Equal(t, time.Date(2026, 1, 13, 10, 2, 45, 0, time.UTC), d.ProfilePushed)
	r := d.Record()
	assert.Equal(t, mdm.Record{
		Origin: mdm.Origin{Kind: "ade", Address: apple, Tenant: "4F1C2B7A90DE43B8A6E5D4C3B2A19087"}, ID: "DMPXQ1ZZHK5N",
		Class: mdm.ClassTablet, Platform: mdm.PlatformIPadOS, PlatformText: "iPad", Serial: "DMPXQ1ZZHK5N",
		Interfaces: []mdm.Interface{{Kind: mdm.InterfaceWiFi, MAC: "3C:22:FB:10:9A:4E"}, {Kind: mdm.InterfaceBluetooth, MAC: "3C:22:FB:10:9A:4F"}},
		IMEIs:      []string{"011296003142251"}, MEID: "01129600314225", EID: "89049032007108882600012345670077",
		Manufacturer: "Apple", Model: "iPad (9th generation)", Colour: "SPACE GRAY", OS: mdm.OS{Name: "iPadOS"}, Ownership: mdm.OwnershipOrganisation,
		Added: time.Date(2025, 11, 30, 14, 20, 0, 0, time.UTC),
		Custom: map[string]string{"assigned_server": "Inventory Sync", "assigned_server_id": "4F1C2B7A90DE43B8A6E5D4C3B2A19087", "assignment": "ASSIGNED",
			"released_by": "REPLACEMENT", "order_text": "IPAD 9 WI-FI 64GB", "profile_status": "pushed",
			"profile_uuid": someUUID, "migration_deadline": "2026-05-01T00:00:00Z"},
		Blank: mdm.Keys{mdm.KeyAssetTag, mdm.KeyMACEthernet},
		Link:  "https://school.example/devices/DMPXQ1ZZHK5N", LinkTarget: mdm.LinkDevice,
	}, r)
	assert.Equal(t, mdm.RoleOwns, c.Info().Role)
	assert.NotContains(t, r.Custom, "it-admin@example-school.org")
}

// TestClassify maps product lines and systems.
func TestClassify(t *testing.T) {
	t.Parallel()
	for device, want := range map[string]struct {
		class    mdm.Class
		platform mdm.Platform
	}{
		`"device_family":"iPad","os":"iOS"`:          {mdm.ClassTablet, mdm.PlatformIPadOS},
		`"device_family":"iPhone","os":"iOS"`:        {mdm.ClassPhone, mdm.PlatformIOS},
		`"device_family":"iPod"`:                     {mdm.ClassMediaPlayer, mdm.PlatformIOS},
		`"device_family":"Mac","os":"OSX"`:           {mdm.ClassComputer, mdm.PlatformMacOS},
		`"device_family":"AppleTV"`:                  {mdm.ClassTV, mdm.PlatformTVOS},
		`"device_family":"Apple TV"`:                 {mdm.ClassTV, mdm.PlatformTVOS},
		`"device_family":"Watch"`:                    {mdm.ClassWatch, mdm.PlatformWatchOS},
		`"device_family":"Vision"`:                   {mdm.ClassHeadset, mdm.PlatformVisionOS},
		`"device_family":"Something new","os":"OSX"`: {mdm.ClassUnknown, mdm.PlatformMacOS},
		`"model":"iPad"`:                             {mdm.ClassUnknown, mdm.PlatformUnknown},
	} {
		r := clienttest.Collect(t, client(t, fetched(`{"serial_number":"A1",`+device+`}`)).Devices(t.Context()))[0].Record()
		assert.Equal(t, want.class, r.Class, device)
		assert.Equal(t, want.platform, r.Platform, device)
	}
}

// TestSourceReplacement names the device that another stands in for.
//
//mdm:feature 3.19
func TestSourceReplacement(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2)
	spare := tablet(5)
	spare.Replaces, spare.ReplacedOn = serial(99), time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	f.Add(f.Main, spare)
	for _, documented := range []bool{false, true} {
		f.SetWire(adetest.Wire{MissingIs404: documented})
		c := connect(t, f)
		d, err := c.Source().Device(t.Context(), serial(5))
		require.NoError(t, err)
		assert.Equal(t, serial(99), d.Record().Replaces)
		assert.Equal(t, serial(99), mdm.Value(d, mdm.KeyReplaces).Text)
		d, err = c.Source().Device(t.Context(), serial(1))
		require.NoError(t, err)
		assert.Empty(t, d.Record().Replaces)
		r, err := c.Replacement(t.Context(), serial(5))
		require.NoError(t, err)
		assert.Equal(t, ade.Replacement{SerialNumber: serial(5), Original: serial(99), Date: spare.ReplacedOn}, r)
		_, err = c.Replacement(t.Context(), "NOSUCHDEVICE")
		require.ErrorIs(t, err, mdm.ErrNotFound)
	}
	before := asked(f, "/device/replacementDetails")
	clienttest.Collect(t, mdm.Details(t.Context(), connect(t, f).Source(), []string{serial(0), serial(5), serial(1)}))
	assert.Equal(t, before+1, asked(f, "/device/replacementDetails"), "only of what stands in")
	f.Refuse("/device/replacementDetails", 1, 404, "NOT_FOUND")
	d, err := connect(t, f).Source().Device(t.Context(), serial(5))
	require.NoError(t, err, "the device is read all the same")
	assert.Empty(t, d.Record().Replaces)
	_, err = client(t, answering("/device/replacementDetails?device=A1", `{"serial_number":"A1"}`)).Replacement(t.Context(), "A1")
	require.ErrorIs(t, err, mdm.ErrNotFound)
}

// TestSourceRaw shows that what the catalogue lacks can be read too.
func TestSourceRaw(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2)
	const key = "raw:/device_assigned_by"
	for d, err := range mdm.Devices(t.Context(), connect(t, f).Source(), mdm.Query{Want: mdm.Keys{key}}) {
		require.NoError(t, err)
		assert.Equal(t, "it-admin@example-school.org", mdm.Value(d, key).Text)
	}
	kept := connect(t, f, func(cfg *ade.Config) { cfg.KeepRaw = true })
	d, err := kept.Device(t.Context(), serial(1))
	require.NoError(t, err)
	assert.Contains(t, string(d.Raw()), serial(1))
	for _, d := range clienttest.Collect(t, kept.Devices(t.Context())) {
		assert.Contains(t, string(d.Raw()), d.SerialNumber)
	}
	d, err = connect(t, f).Device(t.Context(), serial(1))
	require.NoError(t, err)
	assert.Nil(t, d.Raw())
}

// TestProtocolVersions reads the answers of earlier versions of the protocol.
func TestProtocolVersions(t *testing.T) {
	t.Parallel()
	f := newFake(t, 1)
	for version, want := range map[int]struct{ family, os, mac bool }{1: {}, 2: {true, false, false}, 7: {true, true, false}, 10: {true, true, true}, 0: {true, true, true}} {
		c := connect(t, f, func(cfg *ade.Config) { cfg.Protocol = version })
		r := clienttest.Collect(t, c.Devices(t.Context()))[0].Record()
		assert.Equal(t, want.family, r.Class == mdm.ClassTablet, version)
		assert.Equal(t, want.os, r.OS.Name == "iPadOS", version)
		assert.Equal(t, want.mac, r.MAC() != "", version)
	}
}
