package jamfschool_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fixture reads an example answer that was typed in from the reference.
func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := readFixture(name)
	require.NoError(t, err)
	return text
}

func readFixture(name string) (string, error) {
	text, err := os.ReadFile(filepath.Join("jamfschooltest", "testdata", name))
	return string(text), err
}

func TestQuirk12Fixtures(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /devices": {body: fixture(t, "devices.json")}}.client(t)
	devices := collect(t, c, nil)
	require.Len(t, devices, 3)
	ipad, mac, tv := devices[0], devices[1], devices[2]
	assert.Equal(t, "DMPXT0001ABC", ipad.SerialNumber)
	assert.Equal(t, &jamfschool.Owner{ID: 36, LocationID: 2, Username: "mira.falk", Email: "mira.falk@school.example",
		FirstName: "Mira", LastName: "Falk", Name: "Mira Falk"}, ipad.Owner)
	assert.Equal(t, 87, ipad.Battery)
	assert.Equal(t, time.Date(2026, 3, 18, 20, 48, 54, 0, time.UTC), ipad.LastCheckin)
	assert.Len(t, ipad.Apps, 2)
	assert.Nil(t, mac.Owner)
	assert.True(t, mac.HasLocation)
	assert.Equal(t, mdm.Unknown, mac.Tethered, "an empty flag is not known")
	assert.Equal(t, mdm.No, tv.Tethered)
	assert.Zero(t, tv.Battery, "an Apple TV has no battery")
	assert.InDelta(t, 21.03*(1<<30), tv.StorageAvailable, 1)

	c, _ = scripted{"GET /devices": {body: fixture(t, "devices_2023.json")}}.client(t)
	old := collect(t, c, nil)
	require.Len(t, old, 1)
	assert.Equal(t, mdm.No, old[0].Tethered, "the same flag as a text")
	assert.Equal(t, "02:00:5e:10:00:21", old[0].WiFiMAC)
}

func TestQuirk12Flags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]mdm.Flag{`"0"`: mdm.No, `0`: mdm.No, `"1"`: mdm.Yes, `1`: mdm.Yes, `""`: mdm.Unknown,
		`null`: mdm.Unknown, `true`: mdm.Yes, `"false"`: mdm.No, `"[redacted]"`: mdm.Unknown, `{}`: mdm.Unknown, `[]`: mdm.Unknown} {
		d := oneDevice(t, `{"UDID":"`+someUDID+`","networkInformation":{"isNetworkTethered":`+text+`}}`)
		assert.Equal(t, want, d.Tethered, text)
	}
}

func TestQuirk13ModelType(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{`"type":"iPad"`: "iPad", `"type":{"value":"iPad"}`: "iPad",
		`"type":{"name":"iPad","type":"x"}`: "iPad", `"x":1`: ""} {
		d := oneDevice(t, `{"UDID":"`+someUDID+`","model":{`+text+`}}`)
		assert.Equal(t, want, d.ModelType, text)
	}
}

func TestQuirk14LastCheckin(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 3, 18, 20, 48, 54, 0, time.UTC)
	for text, at := range map[string]time.Time{
		`"2026-03-18 20:48:54"`: want,
		`{"date":"2026-03-18 21:48:54.000000","timezone_type":1,"timezone":"+01:00"}`:       want,
		`{"date":"2026-03-18 21:48:54.0","timezone_type":2,"timezone":"CET"}`:               want,
		`{"date":"2026-03-18 21:48:54","timezone_type":3,"timezone":"Europe/Amsterdam"}`:    want,
		`{"date":"2026-03-18 20:48:54.123456","timezone_type":3,"timezone":"UTC"}`:          want.Add(123456 * time.Microsecond),
		`{"date":"2026-03-18 20:48:54.000000","timezone_type":3,"timezone":"Nowhere/Land"}`: want,
		`null`: {}, `""`: {}, `0`: {}, `"0000-00-00 00:00:00"`: {}, `"No date"`: {}, `"[redacted]"`: {}, `[]`: {}, `{}`: {},
		`"-0001-11-30 00:00:00"`: {},
		`{"date":"-0001-11-30 00:00:00.000000","timezone_type":3,"timezone":"UTC"}`: {},
	} {
		d := oneDevice(t, `{"UDID":"`+someUDID+`","lastCheckin":`+text+`}`)
		assert.True(t, at.Equal(d.LastCheckin), "%s gives %s", text, d.LastCheckin)
	}
	assert.Zero(t, oneDevice(t, `{"UDID":"`+someUDID+`"}`).LastCheckin)
}

// TestQuirk15Zone shows that the time is that of the check-in with the MDM.
//
//mdm:feature 4.47
func TestQuirk15Zone(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	c, _ := scripted{
		"GET /devices":             {body: `{"devices":[{"UDID":"` + someUDID + `","lastCheckin":"2026-03-18 21:48:54"}]}`},
		"GET /devices/" + someUDID: {body: `{"device":{"UDID":"` + someUDID + `","lastCheckin":{"date":"2026-03-18 20:48:54.000000","timezone_type":3,"timezone":"UTC"}}}`},
	}.client(t, func(cfg *jamfschool.Config) { cfg.Zone = berlin })
	listed := collect(t, c, nil)[0]
	detail, err := c.Device(t.Context(), someUDID, false)
	require.NoError(t, err)
	assert.True(t, listed.LastCheckin.Equal(detail.LastCheckin))
	assert.True(t, listed.ZoneAssumed)
	assert.False(t, detail.ZoneAssumed)
	assert.Equal(t, detail.LastCheckin, detail.Record().LastSeen)
}

func TestQuirk16Owner(t *testing.T) {
	t.Parallel()
	full := `{"id":36,"username":"m"}`
	for text, want := range map[string]bool{`{}`: false, `{"id":0,"locationId":2,"name":"","vpp":[]}`: false, `[]`: false, `null`: false,
		`[` + full + `]`: true, full: true, `"x"`: false} {
		d := oneDevice(t, `{"UDID":"`+someUDID+`","owner":`+text+`}`)
		assert.Equal(t, want, d.Owner != nil, text)
		assert.Equal(t, want, d.Record().User.ID == "36", text)
	}
	assert.Nil(t, oneDevice(t, `{"UDID":"`+someUDID+`"}`).Owner)
}

func TestQuirk17Arrays(t *testing.T) {
	t.Parallel()
	plain := oneDevice(t, `{"UDID":"`+someUDID+`","model":{"name":"iPad","identifier":"iPad12,2"},"os":{"prefix":"iOS","version":"17.1"},"region":{"string":"R"}}`)
	arrays := oneDevice(t, `{"UDID":"`+someUDID+`","model":[{"name":"iPad","identifier":"iPad12,2"}],"os":[{"prefix":"iOS","version":"17.1"}],"region":[{"string":"R"}]}`)
	assert.Equal(t, plain, arrays)
	assert.Equal(t, "17.1", arrays.OSVersion)
	assert.Equal(t, "R", arrays.Region)
}

func TestQuirk18Numbers(t *testing.T) {
	t.Parallel()
	d := oneDevice(t, `{"UDID":"`+someUDID+`","model":{"type":"iPad"},"totalCapacity":64,"availableCapacity":"25.5"}`)
	assert.EqualValues(t, 64<<30, d.StorageTotal)
	assert.EqualValues(t, 51<<29, d.StorageAvailable)
	for text, want := range map[string]int{`1`: 100, `0`: 0, `0.988`: 99, `-1`: 0, `87`: 87, `"0.5"`: 50, `null`: 0, `1e9`: 0} {
		d := oneDevice(t, `{"UDID":"`+someUDID+`","model":{"type":"iPad"},"batteryLevel":`+text+`}`)
		assert.Equal(t, want, d.Battery, text)
	}
	assert.Zero(t, oneDevice(t, `{"UDID":"`+someUDID+`","model":{"type":"iMac"},"batteryLevel":1}`).Battery)
	assert.Equal(t, 100, oneDevice(t, `{"UDID":"`+someUDID+`","model":{"type":"MacBook Air"},"batteryLevel":1}`).Battery)
}

// TestBatteryPerCent shows that a fraction is the per cent that was meant.
func TestBatteryPerCent(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 100; n++ {
		text := fmt.Sprintf(`{"UDID":"%s","class":"ipad","batteryLevel":%d.%02d}`, someUDID, n/100, n%100)
		assert.Equal(t, n, oneDevice(t, text).Battery)
	}
	assert.Equal(t, 1, oneDevice(t, `{"UDID":"`+someUDID+`","class":"ipad","batteryLevel":0.001}`).Battery, "0 would be not reported")
}

func TestQuirk19EnrollType(t *testing.T) {
	t.Parallel()
	listed := oneDevice(t, `{"UDID":"`+someUDID+`","enrollType":"dep"}`)
	detail := oneDetail(t, `{"UDID":"`+someUDID+`","deviceEnrollType":"dep"}`)
	object := oneDetail(t, `{"UDID":"`+someUDID+`","deviceEnrollType":{"value":"dep"}}`)
	for _, d := range []*jamfschool.Device{listed, detail, object} {
		assert.Equal(t, "dep", d.EnrollType)
		assert.Equal(t, mdm.EnrolmentAutomated, d.Record().Enrolment.Method)
	}
	pending := oneDevice(t, `{"UDID":"`+someUDID+`","enrollType":"ac2Pending"}`).Record()
	assert.Equal(t, mdm.EnrolmentConfigurator, pending.Enrolment.Method)
	assert.Equal(t, mdm.StatusPending, pending.Status)
}

func TestQuirk20Profile(t *testing.T) {
	t.Parallel()
	for _, d := range []*jamfschool.Device{oneDevice(t, `{"UDID":"`+someUDID+`","depProfile":""}`), oneDetail(t, `{"UDID":"`+someUDID+`","deviceDepProfile":null}`)} {
		assert.Empty(t, d.DEPProfile)
		assert.Equal(t, mdm.Blank, mdm.Value(d, mdm.KeyEnrolmentProfile).State)
	}
	assert.Equal(t, mdm.NotReported, mdm.Value(oneDevice(t, `{"UDID":"`+someUDID+`"}`), mdm.KeyEnrolmentProfile).State)
}

func TestQuirk21Coordinates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{`{"string":"R"}`: "", `{"string":"R","coordinates":null}`: "",
		`{"string":"R","coordinates":"0.000,-0"}`: "0.000,-0", `{"string":"R","coordinates":"0,-179.99999"}`: "0,-179.99999"} {
		assert.Equal(t, want, oneDevice(t, `{"UDID":"`+someUDID+`","region":`+text+`}`).Coordinates, text)
	}
}

func TestQuirk22NoNetwork(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"networkInformation":{"WiFiMAC":null}`, `"networkInformation":{}`, `"x":1`} {
		d := oneDevice(t, `{"UDID":"`+someUDID+`",`+text+`}`)
		assert.Empty(t, d.WiFiMAC, text)
		assert.Empty(t, d.Record().Interfaces, text)
	}
}

func TestQuirk23DetailSpelling(t *testing.T) {
	t.Parallel()
	listed := oneDevice(t, `{"UDID":"`+someUDID+`","networkInformation":{"BluetoothMAC":"b","WiFiMAC":"w","ServiceSubscription":[{"IMEI":"1"}]}}`)
	detail := oneDetail(t, `{"UDID":"`+someUDID+`","bluetoothMAC":"b","WiFiMAC":"w","serviceSubscription":[{"IMEI":"1"}]}`)
	for _, d := range []*jamfschool.Device{listed, detail} {
		assert.Equal(t, "b", d.BluetoothMAC)
		assert.Equal(t, "w", d.WiFiMAC)
		assert.Equal(t, []string{"1"}, d.Record().IMEIs)
	}
}

func TestQuirk24Subscriptions(t *testing.T) {
	t.Parallel()
	r := oneDevice(t, `{"UDID":"`+someUDID+`","networkInformation":{"ServiceSubscription":[
		{"Slot":"CTSubscriptionSlotOne","IMEI":"35 693803 564380 9","ICCID":"8901 4103 2111 1851 0720","PhoneNumber":""},
		{"Slot":"CTSubscriptionSlotTwo","IMEI":"35 693803 564381 7","EID":"89049032004008882600000000000042"}]}}`).Record()
	assert.Equal(t, []string{"356938035643809", "356938035643817"}, r.IMEIs)
	assert.Empty(t, r.MEID)
	assert.Equal(t, []mdm.SIM{{ICCID: "89014103211118510720"}}, r.SIMs)
	assert.Equal(t, "89049032004008882600000000000042", r.EID)
}

func TestQuirk25EthernetMACs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{`"a1"`: {"a1"}, `"a1,a2"`: {"a1", "a2"}, `"a1 a2"`: {"a1", "a2"}, `"a1; a2"`: {"a1", "a2"}, `""`: nil} {
		d := oneDevice(t, `{"UDID":"`+someUDID+`","networkInformation":{"EthernetMACs":`+text+`}}`)
		assert.ElementsMatch(t, want, d.EthernetMACs, text)
	}
}

func TestQuirk26GroupSpelling(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"deviceGroups", "DeviceGroups"} {
		c, _ := scripted{"GET /devices/groups": {body: `{"code":200,"` + name + `":[{"id":12,"name":"Year 7","isSmartGroup":true}]}`}}.client(t)
		n := 0
		for g, err := range c.DeviceGroups(t.Context()) {
			require.NoError(t, err)
			assert.EqualValues(t, 12, g.ID)
			assert.True(t, g.Smart)
			n++
		}
		assert.Equal(t, 1, n)
	}
}

func TestQuirk27PlaceholderDates(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /dep": {body: fixture(t, "placeholders.json")}}.client(t)
	var all []jamfschool.Placeholder
	for p, err := range c.Placeholders(t.Context()) {
		require.NoError(t, err)
		all = append(all, p)
	}
	require.Len(t, all, 2)
	assert.Equal(t, time.Unix(1741600000, 0).UTC(), all[0].Added)
	assert.Equal(t, time.Unix(1741603600, 0).UTC(), all[0].Pushed)
	assert.Equal(t, time.Unix(1741600000, 0).UTC(), all[1].Added)
	assert.Zero(t, all[1].Pushed)
	assert.Zero(t, all[1].Assigned)
	assert.Empty(t, all[1].Profile)
	assert.Empty(t, all[0].DeviceName)
}

func TestQuirk28NoWrapper(t *testing.T) {
	t.Parallel()
	c, _ := scripted{
		"GET /locations":   {body: fixture(t, "locations.json")},
		"GET /locations/2": {body: `{"id":2,"name":"North School"}`},
		"GET /profiles/7":  {body: `{"id":7,"name":"P","type":{"value":"x"}}`},
		"GET /apps/9":      {body: `{"id":9,"name":"A","adamId":6444049874}`},
		"GET /apps/10":     {body: `{"message":"nothing"}`},
	}.client(t)
	n := 0
	for _, err := range c.Locations(t.Context()) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 2, n)
	l, err := c.Location(t.Context(), 2)
	require.NoError(t, err)
	assert.Equal(t, "North School", l.Name)
	p, err := c.Profile(t.Context(), 7)
	require.NoError(t, err)
	assert.Equal(t, "x", p.Type)
	a, err := c.LibraryApp(t.Context(), 9)
	require.NoError(t, err)
	assert.Equal(t, int64(6444049874), a.AdamID)
	_, err = c.LibraryApp(t.Context(), 10)
	assert.ErrorIs(t, err, mdm.ErrDecode)
}

func TestQuirk29DamagedDevice(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	whole := len(collect(t, c, nil))
	fake.Plant([]byte(`"not a device"`), []byte(`{"name":"neither UDID nor serial"}`), []byte(`{"UDID":"`+someUDID+`","owner":7,"os":"x","groups":3,"batteryLevel":{}}`))
	devices, lost := 0, 0
	for d, err := range c.Devices(t.Context(), nil) {
		if err != nil {
			require.ErrorIs(t, err, mdm.ErrDecode)
			assert.Nil(t, d)
			lost++
			continue
		}
		devices++
	}
	assert.Equal(t, whole+1, devices)
	assert.Equal(t, 2, lost)
	var last mdm.Page
	lost = 0
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		last = page
		lost += len(page.Lost)
	}
	assert.Equal(t, 2, lost)
	require.NotNil(t, last.End)
	assert.False(t, last.End.Complete, "what could not be read may be anybody")
}

func TestQuirk30Unknown(t *testing.T) {
	t.Parallel()
	d := oneDevice(t, `{"UDID":"`+someUDID+`","enrollType":"magic","class":"toaster","brandNew":{"x":[1]}}`)
	assert.Equal(t, "magic", d.EnrollType)
	assert.Equal(t, "toaster", d.Class)
	assert.Equal(t, mdm.ClassUnknown, d.Record().Class)
	assert.Equal(t, mdm.EnrolmentUnknown, d.Record().Enrolment.Method)
}

func TestQuirk31AdamID(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`6444049874`, `"6444049874"`} {
		c, _ := scripted{"GET /apps": {body: `{"apps":[{"id":9,"name":"A","adamId":` + text + `}]}`}}.client(t)
		for a, err := range c.LibraryApps(t.Context()) {
			require.NoError(t, err)
			assert.Equal(t, int64(6444049874), a.AdamID, "needs 64 bits")
		}
	}
}

func TestQuirk32Blanks(t *testing.T) {
	t.Parallel()
	d := oneDevice(t, `{"UDID":"`+someUDID+`","name":" Grün ","owner":{"id":3,"lastName":"Falk "}}`)
	assert.Equal(t, "Grün", d.Name)
	assert.Equal(t, "Falk", d.Owner.LastName)
	c, _ := scripted{"GET /users": {body: fixture(t, "users.json")}}.client(t)
	for u, err := range c.Users(t.Context(), nil) {
		require.NoError(t, err)
		assert.Equal(t, "Falk", u.LastName)
		assert.Equal(t, []int64{5, 9}, u.GroupIDs)
	}
}

// TestDetailOfAnother shows that a detail is taken only for the device that was
// asked for.
func TestDetailOfAnother(t *testing.T) {
	t.Parallel()
	for _, device := range []string{`{}`, `{"serialNumber":"A"}`, `{"UDID":"00008101-AAAAAAAAAAAAAAAA","serialNumber":"A"}`} {
		c, _ := scripted{"GET /devices/" + someUDID: {body: `{"code":200,"device":` + device + `}`}}.client(t)
		d, err := c.Device(t.Context(), someUDID, false)
		require.ErrorIs(t, err, mdm.ErrDecode, device)
		assert.Nil(t, d)
	}
	assert.NotNil(t, oneDetail(t, `{"UDID":"`+strings.ToLower(someUDID)+`"}`), "the case is no difference")
}

func TestDetailFixtures(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /devices/" + someUDID: {body: fixture(t, "device.json")}}.client(t)
	d, err := c.Device(t.Context(), someUDID, true)
	require.NoError(t, err)
	r := d.Record()
	assert.Equal(t, mdm.Yes, r.Flags.Passcode)
	assert.Equal(t, mdm.Yes, r.Flags.PasscodeCompliant)
	assert.Equal(t, mdm.Yes, r.Flags.Encrypted)
	assert.Equal(t, []int64{12, 40}, d.GroupIDs)
	assert.Equal(t, "35693803564380", r.MEID)
	assert.Equal(t, mdm.PlatformIPadOS, r.Platform)
	const unowned = "9F1C2D3E-4A5B-5C6D-8E7F-001122334455"
	c, _ = scripted{"GET /devices/" + unowned: {body: fixture(t, "device_unowned.json")}}.client(t)
	d, err = c.Device(t.Context(), unowned, false)
	require.NoError(t, err)
	assert.Nil(t, d.Owner)
	assert.Equal(t, mdm.Unknown, d.Record().Flags.Encrypted, "a Mac's FileVault is something else")
	assert.True(t, d.Record().Blank.Has(mdm.KeyUserName) || d.Owner == nil)
}

// TestRecorded reads the answers of a live system, if they are there.
func TestRecorded(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "shared", "real", "jamfschool")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no recorded answers at ../shared/real/jamfschool")
	}
	read := func(name string) answer {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return answer{body: string(text)}
	}
	for _, name := range []string{"GET_devices__200.json", "GET_devices__200__apps.json"} {
		c, _ := scripted{"GET /devices": read(name)}.client(t)
		assert.NotEmpty(t, collect(t, c, nil), name)
		ids := map[string]bool{}
		for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
			require.NoError(t, err)
			assert.Empty(t, page.Lost)
			for _, d := range page.Devices {
				ids[d.Record().ID] = true
			}
		}
		assert.Len(t, ids, len(collect(t, c, nil)), "no device is dropped, although all UDIDs are redacted alike")
	}
	refused := read("GET_devices__405.json")
	refused.status = 405
	missing := read("GET_devices_udid__404.json")
	missing.status = 404
	detail := read("GET_devices_udid__200.json")
	detail.body = strings.Replace(detail.body, `"UDID": "[redacted]"`, `"UDID": "`+someUDID+`"`, 1)
	c, _ := scripted{
		"GET /devices":                                        refused,
		"GET /devices/" + someUDID:                            detail,
		"GET /devices/00000000":                               missing,
		"GET /devices/groups":                                 read("GET_devices_groups__200.json"),
		"GET /locations":                                      read("GET_locations__200.json"),
		"GET /users":                                          read("GET_users__200.json"),
		"POST /devices/" + someUDID + "/wipe":                 read("POST_devices_udid_wipe__200.json"),
		"POST /devices/" + someUDID + "/refresh":              read("POST_devices_udid_refresh__200.json"),
		"POST /devices/" + someUDID + "/activationlock/clear": read("POST_devices_udid_activationlock_clear__200.json"),
		"PUT /devices/" + someUDID + "/owner":                 read("PUT_devices_udid_owner__200.json"),
	}.client(t)
	ctx := t.Context()
	for _, err := range c.Devices(ctx, nil) {
		require.ErrorIs(t, err, mdm.ErrPermissionMissing)
	}
	d, err := c.Device(ctx, someUDID, false)
	require.NoError(t, err)
	assert.Equal(t, mdm.ClassTablet, d.Record().Class)
	_, err = c.Device(ctx, "00000000", false)
	require.ErrorIs(t, err, mdm.ErrNotFound)
	for _, err := range c.DeviceGroups(ctx) {
		require.NoError(t, err)
	}
	for _, err := range c.Locations(ctx) {
		require.NoError(t, err)
	}
	for _, err := range c.Users(ctx, nil) {
		require.NoError(t, err)
	}
	require.NoError(t, c.Wipe(ctx, someUDID, false))
	require.NoError(t, c.ClearActivationLock(ctx, someUDID))
	require.NoError(t, c.ClearOwner(ctx, someUDID))
	id, err := c.Refresh(ctx, someUDID, false)
	require.NoError(t, err)
	assert.NotEmpty(t, id)
}

// FuzzDevice holds that no device, whatever its JSON, panics or turns up in
// two forms.
func FuzzDevice(f *testing.F) {
	f.Add(`{"UDID":"` + someUDID + `","lastCheckin":{"date":"2026-03-18 20:48:54.000000","timezone_type":3,"timezone":"UTC"}}`)
	f.Add(`{"UDID":7,"owner":[{"id":"3"}],"networkInformation":[{"ServiceSubscription":{"1":{"IMEI":3}}}]}`)
	f.Fuzz(func(t *testing.T, element string) {
		if !json.Valid([]byte(element)) { // the list would break off, and be asked for again after a pause
			return
		}
		c, _ := scripted{"GET /devices": {body: `{"devices":[` + element + `]}`}}.client(t)
		for d, err := range c.Devices(t.Context(), nil) {
			if err != nil {
				assert.NotContains(t, err.Error(), "SECRETKEY")
				continue
			}
			assert.Equal(t, fmt.Sprint(d.Record()), fmt.Sprint(d.Record()))
		}
	})
}
