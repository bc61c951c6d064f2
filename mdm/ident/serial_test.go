package ident

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRulesSerial(t *testing.T) {
	tests := map[string]struct {
		raw     string
		hints   Hints
		text    string
		quality Quality
		reasons Reasons
		traits  Traits
	}{
		"spaces and case":      {" c02zx90aklmn\u00a0", Hints{Apple: true}, "C02ZX90AKLMN", Strong, 0, 0},
		"printed s":            {"SC02ZX90AKLMN", Hints{}, "SC02ZX90AKLMN", Strong, 0, 0},
		"to be filled":         {"To be filled by O.E.M", Hints{}, "TO BE FILLED BY O.E.M", Junk, ReasonPlaceholder, 0},
		"to be filled, joined": {"TobefilledbyO.E.M.", Hints{}, "TOBEFILLEDBYO.E.M.", Junk, ReasonPlaceholder, 0},
		"to be filled, inside": {"X To Be Filled Y", Hints{}, "X TO BE FILLED Y", Junk, ReasonPlaceholder, 0},
		"dot":                  {".", Hints{}, ".", Junk, ReasonPunctuation, 0},
		"12 dots":              {"............", Hints{}, "............", Junk, ReasonPunctuation, 0},
		"18 dots":              {strings.Repeat(".", 18), Hints{}, strings.Repeat(".", 18), Junk, ReasonPunctuation, 0},
		"14 underscores":       {strings.Repeat("_", 14), Hints{}, strings.Repeat("_", 14), Junk, ReasonPunctuation, 0},
		"dashes":               {"- -", Hints{}, "- -", Junk, ReasonPunctuation, 0},
		"version":              {"1.0", Hints{}, "1.0", Junk, ReasonVersion | ReasonShort, 0},
		"version of three":     {"1.2.3", Hints{}, "1.2.3", Junk, ReasonVersion | ReasonShort, 0},
		"version inside":       {"AB1.2.3", Hints{}, "AB1.2.3", Strong, 0, 0},
		"short":                {"A12", Hints{}, "A12", Weak, ReasonShort, 0},
		"short of five":        {"A12B7", Hints{}, "A12B7", Weak, ReasonShort, 0},
		"six":                  {"A12B78", Hints{}, "A12B78", Strong, 0, 0},
		"too short":            {"A7", Hints{}, "A7", Junk, ReasonTooShort, 0},
		"azure":                {"7783-7084-3265-9085-8269-3286-77", Hints{}, "7783-7084-3265-9085-8269-3286-77", Junk, ReasonCloud, TraitVirtual},
		"hyper-v":              {"3135-4298-3414-7021-8716-7514-85", Hints{}, "3135-4298-3414-7021-8716-7514-85", Strong, 0, TraitVirtual},
		"esxi mac":             {"VM5vodACsc+k", Hints{}, "VM5VODACSC+K", Strong, 0, TraitVirtual},
		"esxi mac, no":         {"VM5000ACSC0K", Hints{}, "VM5000ACSC0K", Strong, 0, 0},
		"unknown":              {"unknown", Hints{}, "UNKNOWN", Junk, ReasonPlaceholder, 0},
		"android id":           {"7ab16cdcab605a9b", Hints{Android: true}, "7AB16CDCAB605A9B", Weak, ReasonAndroidID, 0},
		"hex elsewhere":        {"7ab16cdcab605a9b", Hints{}, "7AB16CDCAB605A9B", Strong, 0, 0},
		"equals name":          {"PF-3ABCDE", Hints{Name: "pf3abcde"}, "PF-3ABCDE", Weak, ReasonEqualsName, 0},
		"equals model":         {"20XW0055GE", Hints{Model: "20xw0055ge"}, "20XW0055GE", Junk, ReasonEqualsModel, 0},
		"equals manufacturer":  {"Medion AG", Hints{Manufacturer: "MEDION AG"}, "MEDION AG", Junk, ReasonEqualsManufacturer, 0},
		"equals os":            {"Windows 11", Hints{OS: "windows 11"}, "WINDOWS 11", Junk, ReasonEqualsOS, 0},
		"equals enrolment":     {"a1b2c3d4-0001", Hints{EnrolmentID: "A1B2C3D4-0001"}, "A1B2C3D4-0001", Junk, ReasonEqualsEnrolmentID, 0},
		"equals udid":          {"00008030001a2b3c", Hints{UDID: "00008030-001A2B3C"}, "00008030001A2B3C", Junk, ReasonEqualsUDID, 0},
		"one character":        {"RRRRRRRRR", Hints{}, "RRRRRRRRR", Junk, ReasonRepeated, 0},
		"x and dots":           {"XXXXXXXXX..", Hints{}, "XXXXXXXXX..", Junk, ReasonRepeated, 0},
		"virtualbox":           {"0", Hints{}, "0", Junk, ReasonPlaceholder | ReasonRepeated, 0},
		"zero and one":         {"1001101", Hints{}, "1001101", Junk, ReasonBinary, 0},
		"ascending":            {"34567", Hints{}, "34567", Junk, ReasonSequence | ReasonShort, 0},
		"ascending over 9":     {"7890123", Hints{}, "7890123", Junk, ReasonSequence, 0},
		"descending":           {"876543", Hints{}, "876543", Junk, ReasonSequence, 0},
		"descending over 0":    {"21098", Hints{}, "21098", Junk, ReasonSequence | ReasonShort, 0},
		"run of four":          {"3456", Hints{}, "3456", Weak, ReasonShort, 0},
		"sequence inside":      {"AB123456789", Hints{}, "AB123456789", Weak, ReasonSequence, 0},
		"sequence, no letters": {"55123456789", Hints{}, "55123456789", Junk, ReasonSequence, 0},
		"order code":           {"DIP-71F0-00N", Hints{}, "DIP-71F0-00N", Junk, ReasonProductCode, 0},
		"order code and tail":  {"DIP-71F0-00N-044123976511", Hints{}, "DIP-71F0-00N-044123976511", Strong, 0, 0},
		"system word":          {"Some System Thing", Hints{}, "SOME SYSTEM THING", Junk, ReasonPlaceholder, 0},
		"system in a word":     {"ECOSYSTEM 77A4", Hints{}, "ECOSYSTEM 77A4", Strong, 0, 0},
		"serial number words":  {"serial number xxxxxx", Hints{}, "SERIAL NUMBER XXXXXX", Junk, ReasonPlaceholder, 0},
		"serial numbers":       {"SERIAL NUMBERS7", Hints{}, "SERIAL NUMBERS7", Strong, 0, 0},
		"inject":               {"OEM default string injectxxxxxx", Hints{}, "OEM DEFAULT STRING INJECTXXXXXX", Junk, ReasonPlaceholder, 0},
		"spreadsheet":          {"1.23457E+11", Hints{}, "1.23457E+11", Junk, ReasonScientific, 0},
		"number with e":        {"5E10", Hints{}, "5E10", Weak, ReasonShort, 0},
		"apple, odd":           {"COZZX90AKLMN", Hints{Apple: true}, "COZZX90AKLMN", Strong, 0, TraitOddShape},
		"apple, random":        {"H4Q7XK2M1L", Hints{Apple: true}, "H4Q7XK2M1L", Strong, 0, 0},
		"apple, long":          {"ABCDEFGH12345678", Hints{Apple: true}, "ABCDEFGH12345678", Strong, 0, TraitOddShape},
		"entities kept":        {"Ser&amp;ial", Hints{}, "SER&AMP;IAL", Strong, 0, 0},
		"entities decoded":     {"Ser&amp;ial", Hints{HTML: true}, "SER&IAL", Strong, 0, 0},
		"em dashes":            {"——————", Hints{}, "——————", Weak, ReasonShape, 0},
		"cyrillic letter":      {"В02ZX90AKLMN", Hints{}, "В02ZX90AKLMN", Weak, ReasonShape, 0},
		"zero width":           {"\ufeffPF3\u200bABCDE", Hints{}, "PF3ABCDE", Strong, 0, 0},
		"full width":           {"ＰＦ３ＡＢＣＤＥ", Hints{}, "PF3ABCDE", Strong, 0, 0},
		"control":              {"PF3\x00AB\tCDE\r\n", Hints{}, "PF3AB CDE", Strong, 0, 0},
		"not utf-8":            {"PF3\xffABCDE", Hints{}, "PF3\ufffdABCDE", Junk, ReasonGarbled, 0},
		"too long":             {strings.Repeat("A7", 200), Hints{}, "", Junk, ReasonTooLong, 0},
		"too long, decomposed": {strings.Repeat("\ufdfa", 80), Hints{}, "", Junk, ReasonTooLong, 0},
		"empty":                {"", Hints{}, "", Absent, 0, 0},
		"space":                {" \t", Hints{Apple: true}, "", Absent, 0, 0},
		"zero width only":      {"\u200b", Hints{}, "", Absent, 0, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := Default().Serial(test.raw, test.hints)
			assert.Equal(t, KindSerial, id.Kind)
			assert.Equal(t, test.raw, id.Raw)
			assert.Equal(t, test.text, id.Text)
			assert.Equal(t, test.quality, id.Quality)
			assert.Equal(t, test.reasons.Codes(), id.Reasons.Codes())
			assert.Equal(t, test.traits.Codes(), id.Traits.Codes())
			assert.Equal(t, test.quality >= Weak, id.Usable())
		})
	}
}

func TestRulesSerialPlaceholders(t *testing.T) {
	values := []string{
		"N/A", "NA", "n.a.", "None", "none", "null", "(null)", "(null string)", "nil", "Unknow", "undefined",
		"Undefined Serial Number", "empty", "Empty", "INVALID", "Not Specified", "Not Available", "Not Present",
		"Not Installed", "Not Applicable", "Not Settable", "To Be Filled By O.E.M.", "Default string", "Default",
		"System Serial Number", "SystemSerialNumber", "SystemSerialNumb", "Serial Number", "OEM_Serial",
		"Chassis Serial Number", "Chassis Asset Tag", "Base Board Serial Number", "Type2 - Board Serial Number",
		"Main Board", "Type3SerialNumber", "System Product Name", "System Name", "Product Name",
		"System manufacturer", "System Version", "Chassis Version", "Chassis manufacture", "Chassis manufacturer",
		"No Asset Tag", "Asset Tag", "Asset-1234567890", "EVAL", "IATPASS", "Tulip Computers", "Simatic",
		"Varian", "Tangent197", "ISD_PCS", "Unidentified System", "CBX3___", ".PCIE2", "SYS-1234567890",
		"SYS-9876543210", "SN-12345", "SN-1234567890", "SN-123456fvgv3i0b8o5n6n7k", "MB-1234567890",
		"Serial Number xxxxxx", "0", "1", "0123456789", "012345678", "12345", "123456", "1234567", "12345678",
		"123456789", "1234567890", "123456789000", "12345678901234567", "123-1234-123", "9876543210", "000000",
		"0000000000000", "1111111", "1111111111", "NNNNNNN", "XXXXXXX", "XXXXXXXXXX", "FFFFFFFF", "<BAD INDEX>",
		"<OUT OF SPEC>", "<OUT OF SPEC><OUT OF SPEC>", "<OUT OF SPEC> <OUT OF SPEC>",
		"oem default string injectxxxxxxxx", "0123456789ABCDEF", "0123456789012345678901234567890", "NO DIMM",
		"SerNum0", "SerNum7", "SerNum00", "SerNum03", "0x00000000", "OEM Define 3",
	}
	for _, value := range values {
		for _, raw := range []string{value, strings.ToLower(value), "  " + strings.ToUpper(value) + "\n"} {
			id := Default().Serial(raw, Hints{})
			assert.Equal(t, Junk, id.Quality, raw)
			assert.Empty(t, id.Key, raw)
		}
	}
}

func TestRulesSerialFolded(t *testing.T) {
	pairs := map[string][2]string{
		"printed s":     {"SC02ZX90AKLMN", "C02ZX90AKLMN"},
		"short s":       {"SH4Q7XK2M1L3", "H4Q7XK2M1L3"},
		"letter o":      {"C0ZZX90AKLMN", "COZZX90AKLMN"},
		"letter i":      {"PF1ABCDE", "PFIABCDE"},
		"leading zeros": {"00001234", "1234"},
	}
	for name, pair := range pairs {
		t.Run(name, func(t *testing.T) {
			a, b := Default().Serial(pair[0], Hints{}), Default().Serial(pair[1], Hints{})
			assert.False(t, a.Equal(b))
			assert.Equal(t, a.Folded, b.Folded)
			assert.NotEmpty(t, a.Folded)
		})
	}
	a := Default().Serial("pf-3a bcde", Hints{})
	assert.True(t, a.Equal(Default().Serial("PF3ABCDE", Hints{})), "spaces and dashes do not count")
	assert.Equal(t, "SABC", foldSerial("SABC"), "an s of the serial itself stays")
}

func TestRulesSerialVirtual(t *testing.T) {
	const uuid = "564D1A2B-3C4D-5E6F-7081-92A3B4C5D6E7"
	const swapped = "2B1A4D56-4D3C-6F5E-7081-92A3B4C5D6E7"
	r := Default()
	for _, raw := range []string{
		"VMware-56 4d 1a 2b 3c 4d 5e 6f-70 81 92 a3 b4 c5 d6 e7",
		"VMware-564d1a2b3c4d5e6f708192a3b4c5d6e7",
		"Parallels-56 4D 1A 2B 3C 4D 5E 6F 70 81 92 A3 B4 C5 D6 E7",
		"vmware-2b 1a 4d 56 4d 3c 6f 5e-70 81 92 a3 b4 c5 d6 e7",
	} {
		id := r.Serial(raw, Hints{})
		assert.Equal(t, Strong, id.Quality, raw)
		assert.True(t, id.Traits.Has(TraitVirtual), raw)
		assert.Equal(t, r.UUID(uuid).Key, id.Key, raw)
		assert.Equal(t, r.UUID(swapped).Key, id.Key, raw)
		assert.Empty(t, id.Folded)
	}
	empty := r.Serial("VMware-00 00 00 00 00 00 00 00-00 00 00 00 00 00 00 00", Hints{})
	assert.Equal(t, Junk, empty.Quality)
	assert.True(t, empty.Reasons.Has(ReasonFewDigits|ReasonPlaceholder))
	odd := r.Serial("VMware-42 1", Hints{})
	assert.Equal(t, "VMWARE421", odd.Key)
	assert.True(t, odd.Traits.Has(TraitVirtual))

	host, err := Standard().With(Data{Version: "h", Lists: Lists{
		Serials: []Entry{{Values: []string{"vmware-" + uuid}}},
	}}).Rules()
	require.NoError(t, err)
	assert.Equal(t, Junk, host.Serial("VMware-"+swapped, Hints{}).Quality)
}

func TestSameText(t *testing.T) {
	assert.True(t, sameText("ab-1 2", "AB12"))
	assert.False(t, sameText("ab1", "ab12"))
	assert.False(t, sameText("-", ""))
	assert.True(t, containsText("lg-C02 ZX90-x", "c02zx90"))
	assert.False(t, containsText("c02zx9", "c02zx90"))
}
