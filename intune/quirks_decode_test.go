package intune_test

import (
	"fmt"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk23MemoryZeroIsUnknown takes 0 of a list for not reported.
func TestQuirk23MemoryZeroIsUnknown(t *testing.T) {
	t.Parallel()
	assert.Zero(t, one(t, `"physicalMemoryInBytes":0`).Record().Memory.Total)
	assert.Equal(t, int64(17179869184), single(t, `"physicalMemoryInBytes":17179869184`).Record().Memory.Total)
	assert.False(t, one(t, `"physicalMemoryInBytes":0`).Record().Blank.Has(mdm.KeyMemoryTotal), "never clears what is known")
}

// TestListsLeaveNothingBlank takes the defaults of a list for no word on what
// only single devices tell, also where raw answers are kept.
func TestListsLeaveNothingBlank(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, func(cfg *intune.Config) { cfg.KeepRaw = true })
	id, notes := fake.IDs()[0], "Spare"
	require.NoError(t, c.SetDevice(t.Context(), id, intune.Details{Notes: &notes}, ""))
	for _, beta := range []bool{false, true} {
		for _, d := range clienttest.Collect(t, c.Devices(t.Context(), &intune.DevicesOptions{Beta: beta})) {
			assert.False(t, d.Record().Blank.Has(mdm.KeyNotes))
			for _, name := range []string{"notes", "udid", "iccid", "ethernetMacAddress", "physicalMemoryInBytes", "hardwareInformation", "chassisType"} {
				assert.Equal(t, mdm.NotReported, mdm.Value(d, mdm.Key("raw:/"+name)).State, name)
			}
			assert.Equal(t, d.ID, mdm.Value(d, "raw:/id").Text)
		}
	}
	d, err := c.Device(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, notes, mdm.Value(d, "raw:/notes").Text)
	none := ""
	require.NoError(t, c.SetDevice(t.Context(), id, intune.Details{Notes: &none}, ""))
	d, err = c.Device(t.Context(), id)
	require.NoError(t, err)
	assert.True(t, d.Record().Blank.Has(mdm.KeyNotes), "the single device tells")
}

// TestQuirk26HardwareDefaults never lets the defaults of the hardware win.
func TestQuirk26HardwareDefaults(t *testing.T) {
	t.Parallel()
	d := single(t, `"serialNumber":"K4TESTQ6VN","isEncrypted":true,"isSupervised":true,"operatingSystem":"iOS","totalStorageSpaceInBytes":68719476736,
		"hardwareInformation":{"serialNumber":"","isEncrypted":false,"isSupervised":false,"totalStorageSpace":0,"deviceGuardVirtualizationBasedSecurityState":"running","ipAddressV4":null}`)
	r := d.Record()
	assert.Equal(t, mdm.Yes, r.Flags.Encrypted)
	assert.Equal(t, mdm.Yes, r.Flags.Supervised)
	assert.Equal(t, int64(68719476736), r.Storage.Total)
	assert.Equal(t, "K4TESTQ6VN", r.Serial)
}

// TestQuirk27NoDates has no date for the years 1 and 9999.
func TestQuirk27NoDates(t *testing.T) {
	t.Parallel()
	d := one(t, `"lastSyncDateTime":"0001-01-01T00:00:00Z","enrolledDateTime":"9999-12-31T23:59:59.9999999Z"`)
	assert.True(t, d.LastSync.IsZero())
	assert.True(t, d.Enrolled.IsZero())
}

// TestQuirk28Fractions reads times with and without fractions of a second.
func TestQuirk28Fractions(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-03-02T17:40:11Z", "2026-03-02T17:40:11.1234567Z", "2026-03-02T17:40:11.1Z"} {
		assert.Equal(t, "2026-03-02T17:40:11Z", one(t, `"lastSyncDateTime":"`+text+`"`).LastSync.Format("2006-01-02T15:04:05Z"))
	}
	assert.True(t, one(t, `"lastSyncDateTime":"soon"`).LastSync.IsZero())
}

// TestQuirk29BareMACs reads addresses without separators in both cases.
func TestQuirk29BareMACs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"a4cf99010203": "a4:cf:99:01:02:03", "3C06A7111213": "3c:06:a7:11:12:13", "": "", "000000000000": "",
		"a4cf9901020": "", "a4cf990102034": "", "not a mac": ""} {
		assert.Equal(t, want, one(t, `"wiFiMacAddress":"`+text+`"`).Record().MAC(), text)
	}
}

// TestQuirk30ZeroDirectoryID is nobody's id.
func TestQuirk30ZeroDirectoryID(t *testing.T) {
	t.Parallel()
	assert.Empty(t, one(t, `"azureADDeviceId":"00000000-0000-0000-0000-000000000000"`).Record().DirectoryID)
}

// TestQuirk31DirectoryIDOfItsOwn is the device's own id in place of none.
func TestQuirk31DirectoryIDOfItsOwn(t *testing.T) {
	t.Parallel()
	const own = `"azureADDeviceId":"00000000-0000-4000-8000-000000000007"`
	assert.Empty(t, one(t, own+`,"azureADRegistered":null`).Record().DirectoryID)
	assert.NotEmpty(t, one(t, own+`,"azureADRegistered":true`).Record().DirectoryID)
}

// TestQuirk32NoUser has two words for no user.
func TestQuirk32NoUser(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "00000000-0000-0000-0000-000000000000"} {
		assert.Empty(t, one(t, `"userId":"`+text+`"`).Record().User.ID)
	}
}

// TestQuirk33UnknownCategory is no category.
func TestQuirk33UnknownCategory(t *testing.T) {
	t.Parallel()
	assert.Empty(t, one(t, `"deviceCategoryDisplayName":"Unknown"`).Record().Custom)
	assert.NotEmpty(t, one(t, `"deviceCategoryDisplayName":"Library"`).Record().Custom)
}

// TestQuirk34MaskedPhone is no number.
func TestQuirk34MaskedPhone(t *testing.T) {
	t.Parallel()
	assert.Empty(t, one(t, `"phoneNumber":"******0142"`).Record().SIMs)
	assert.Equal(t, "+49301234", one(t, `"phoneNumber":"+49301234"`).Record().SIMs[0].Phone)
}

// TestQuirk35JunkSerials never become serial numbers.
//
//mdm:feature 1.33
func TestQuirk35JunkSerials(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "0", "none", "unknown", "Default string", "Defaultstring", "To Be Filled By O.E.M.", "SystemSerialNumber",
		"System Serial Number", "0123456789", "123456789", "....", "0000000", "Not Specified", "N/A", "INVALID", "Chassis Serial Number"} {
		assert.Empty(t, one(t, fmt.Sprintf(`"operatingSystem":"Windows","serialNumber":%q`, text)).Record().Serial, text)
	}
	assert.Equal(t, "PF3TEST9", one(t, `"serialNumber":" PF3TEST9 "`).Record().Serial)
}

// TestQuirk37MEIDOfIMEI is no identifier of its own.
func TestQuirk37MEIDOfIMEI(t *testing.T) {
	t.Parallel()
	r := one(t, `"imei":"356789104455669","meid":"35678910445566"`).Record()
	assert.Empty(t, r.MEID)
	assert.Equal(t, []string{"356789104455669"}, r.IMEIs)
	assert.Empty(t, one(t, `"imei":"0"`).Record().IMEIs)
}

// TestQuirk38EthernetIsWiFi drops an Ethernet address that is the Wi-Fi one.
func TestQuirk38EthernetIsWiFi(t *testing.T) {
	t.Parallel()
	assert.Len(t, single(t, `"wiFiMacAddress":"a4cf99010203","ethernetMacAddress":"A4CF99010203"`).Record().Interfaces, 1)
	r := single(t, `"wiFiMacAddress":"a4cf99010203","ethernetMacAddress":"a4cf99010204"`).Record()
	assert.Equal(t, []string{"Wi-Fi", "Ethernet"}, []string{r.Interfaces[0].Adapter, r.Interfaces[1].Adapter})
}

// TestQuirk39VersionWithBuild parts version and build.
func TestQuirk39VersionWithBuild(t *testing.T) {
	t.Parallel()
	assert.Equal(t, mdm.OS{Name: "macOS", Version: "15.3.1", Build: "24D70"}, one(t, `"operatingSystem":"macOS","osVersion":"15.3.1 (24D70)"`).Record().OS)
	assert.Equal(t, mdm.OS{Name: "iPadOS", Version: "18.3"}, one(t, `"operatingSystem":"iPadOS","osVersion":"18.3"`).Record().OS)
}

// TestQuirk40Windows11 tells Windows 11 by its build.
func TestQuirk40Windows11(t *testing.T) {
	t.Parallel()
	for version, name := range map[string]string{"10.0.22000.1": "Windows 11", "10.0.26100.1": "Windows 11", "10.0.19045.4412": "Windows 10"} {
		assert.Equal(t, name, one(t, `"operatingSystem":"Windows","osVersion":"`+version+`"`).Record().OS.Name)
	}
}

// TestQuirk41JailBrokenIsText reads yes, no and unknown from a text.
func TestQuirk41JailBrokenIsText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]mdm.Flag{"True": mdm.Yes, "False": mdm.No, "Unknown": mdm.Unknown, "": mdm.Unknown} {
		assert.Equal(t, want, one(t, `"jailBroken":"`+text+`"`).Record().Flags.Jailbroken)
	}
}

// TestQuirk42UnknownMembers keeps members of enumerations that nobody knows yet,
// and takes the word that stands for such members for none.
func TestQuirk42UnknownMembers(t *testing.T) {
	t.Parallel()
	d := one(t, `"deviceEnrollmentType":"byMagic","complianceState":"quiteFine","managementAgent":"somethingNew","managementState":"dreaming"`)
	assert.Equal(t, "quiteFine", d.ComplianceState)
	assert.Equal(t, mdm.Unknown, d.Record().Flags.Compliant)
	assert.Equal(t, "byMagic", d.Record().Enrolment.Source)
	assert.Empty(t, one(t, `"deviceEnrollmentType":"unknownFutureValue"`).Record().Enrolment.Source)
}

// TestQuirk43NoSystem reads a device without an operating system.
func TestQuirk43NoSystem(t *testing.T) {
	t.Parallel()
	assert.Equal(t, mdm.PlatformUnknown, one(t, `"operatingSystem":null`).Record().Platform)
}

// TestQuirk44PrefixedLogin drops the digits that stand before a login.
func TestQuirk44PrefixedLogin(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"5d0f2c119a774b6e8f330c1d2e3f4a5blena@school.example": "lena@school.example",
		"lena@school.example": "lena@school.example", "5d0f2c119a774b6e8f330c1d2e3f4a5b@school.example": "5d0f2c119a774b6e8f330c1d2e3f4a5b@school.example"} {
		assert.Equal(t, want, one(t, `"userPrincipalName":"`+text+`"`).Record().User.Login)
	}
}

// TestQuirk46Battery reads a battery level as number, text and null.
func TestQuirk46Battery(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"87.0": 87, `"4.2"`: 4, "null": 0, "400": 0} {
		assert.Equal(t, want, single(t, `"hardwareInformation":{"batteryLevelPercentage":`+text+`}`).Record().Battery, text)
	}
}

// TestQuirk47LargeNumbers keeps every digit of a size.
func TestQuirk47LargeNumbers(t *testing.T) {
	t.Parallel()
	assert.Equal(t, int64(9007199254740993), one(t, `"totalStorageSpaceInBytes":9007199254740993`).StorageTotal)
}

// TestQuirk48Names keeps names that are not ASCII, also as escapes.
func TestQuirk48Names(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`Lena’s iPad`, `Lena\u2019s iPad`} {
		assert.Equal(t, "Lena’s iPad", one(t, `"deviceName":"`+text+`"`).Record().Name)
	}
}

// TestWrongTypes lose one field only, and a damaged record itself only.
func TestWrongTypes(t *testing.T) {
	t.Parallel()
	for _, value := range []string{`{"a":[{"b":"}"}]}`, `[]`, `[1,{}]`, `7`, `-1.5e3`, `true`, `null`, `"x\\\"y"`} {
		for _, name := range []string{"serialNumber", "isSupervised", "totalStorageSpaceInBytes", "lastSyncDateTime", "deviceActionResults", "more"} {
			assert.Equal(t, "Apple", one(t, fmt.Sprintf("%q:%s,%q:%q", name, value, "manufacturer", "Apple")).Manufacturer, "%s: %s", name, value)
		}
	}
	l := clienttest.List(t, paged(pageOf("", deviceRow(1, ""), `7`, `{"deviceName":"x"}`, `null`, deviceRow(2, ""))).client(t).Source(), mdm.Query{})
	assert.Len(t, l.Records, 2)
	assert.Len(t, l.Lost, 3)
	assert.False(t, l.End.Complete)
}

// FuzzDevices reads any bytes as a list.
func FuzzDevices(f *testing.F) {
	f.Add(`{"value":[{"id":"a","deviceName":"b\u2019","hardwareInformation":{"x":[1]}},null],"@odata.nextLink":null}`)
	f.Add(`{"value":[{"id":"\`)
	f.Fuzz(func(t *testing.T, body string) {
		c, _ := scripted{"GET /v1.0" + devices: {body: body}, "GET /beta" + devices + "/" + deviceID: {body: body}}.client(t)
		for d, err := range c.Devices(t.Context(), nil) {
			if err == nil {
				_ = d.Record()
			}
		}
		if d, err := c.Device(t.Context(), deviceID); err == nil {
			require.NotNil(t, d)
		}
	})
}
