package ident

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRulesUUID(t *testing.T) {
	const good = "564d1a2b-3c4d-5e6f-7081-92a3b4c5d6e7"
	tests := map[string]struct {
		raw, text string
		quality   Quality
		reasons   Reasons
	}{
		"canonical":         {good, good, Strong, 0},
		"upper":             {strings.ToUpper(good), good, Strong, 0},
		"braces":            {"{" + good + "}", good, Strong, 0},
		"urn":               {"urn:uuid:" + good, good, Strong, 0},
		"no dashes":         {strings.ReplaceAll(good, "-", ""), good, Strong, 0},
		"spaces around":     {" " + good + "\n", good, Strong, 0},
		"apple 40":          {"A1B2C3D4E5F60718293A4B5C6D7E8F9012345678", "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678", Strong, 0},
		"apple 8-16":        {"00008030-001A2B3C4D5E6F70", "00008030-001a2b3c4d5e6f70", Strong, 0},
		"apple 24":          {"00008030001A2B3C4D5E6F70", "00008030-001a2b3c4d5e6f70", Strong, 0},
		"common":            {"03000200-0400-0500-0006-000700080009", "03000200-0400-0500-0006-000700080009", Junk, ReasonPlaceholder},
		"common, swapped":   {"{00020003-0004-0005-0006-000700080009}", "00020003-0004-0005-0006-000700080009", Junk, ReasonPlaceholder},
		"counted":           {"03020100-0504-0706-0809-0A0B0C0D0E0F", "03020100-0504-0706-0809-0a0b0c0d0e0f", Junk, ReasonPlaceholder | ReasonSequence},
		"counted from 0x20": {"20212223-2425-2627-2829-2a2b2c2d2e2f", "20212223-2425-2627-2829-2a2b2c2d2e2f", Junk, ReasonSequence},
		"counted, apple":    {"000102030405060708090a0b0c0d0e0f10111213", "000102030405060708090a0b0c0d0e0f10111213", Junk, ReasonSequence},
		"zero head":         {"00000000-0000-0000-0000-5e6f92a3b4c5", "00000000-0000-0000-0000-5e6f92a3b4c5", Junk, ReasonHalfEmpty},
		"zero tail":         {"a1b2c3d4-e5f6-0000-0000-000000000000", "a1b2c3d4-e5f6-0000-0000-000000000000", Junk, ReasonHalfEmpty},
		"four digits":       {"12341234-1234-1234-1234-123412341234", "12341234-1234-1234-1234-123412341234", Junk, ReasonFewDigits},
		"not settable":      {"Not Settable", "Not Settable", Junk, ReasonPlaceholder},
		"not present":       {"Not Present", "Not Present", Junk, ReasonPlaceholder},
		"two":               {"2", "2", Junk, ReasonShape},
		"31 digits":         {good[:len(good)-1], good[:len(good)-1], Junk, ReasonShape},
		"open brace":        {"{" + good, "{" + good, Junk, ReasonShape},
		"44 digits":         {good + "abcdefabcdef", good + "abcdefabcdef", Junk, ReasonShape},
		"empty":             {"", "", Absent, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := Default().UUID(test.raw)
			assert.Equal(t, test.text, id.Text)
			assert.Equal(t, test.quality, id.Quality)
			assert.Equal(t, test.reasons.Codes(), id.Reasons.Codes())
		})
	}
	for _, raw := range []string{
		"00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
		"FFFFFF00-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "10000000-0000-8000-0040-000000000000",
		"01010101-0101-0101-0101-010101010101", "6AB5B300-538D-1014-9FB5-B0684D007B53",
		"12345678-1234-5678-90AB-CDDEEFAABBCC", "12345678-1234-5678-1234-567812345678",
		"01020304-0506-0708-090A-0B0C0D0E0F10", "00112233-4455-6677-8899-AABBCCDDEEFF",
		"4C4C4544-0000-1010-8010-C4C04F313233",
	} {
		assert.Equal(t, Junk, Default().UUID(raw).Quality, raw)
	}
}

func TestRulesUUIDSwapped(t *testing.T) {
	a := Default().UUID("564D1A2B-3C4D-5E6F-7081-92A3B4C5D6E7")
	b := Default().UUID("2B1A4D56-4D3C-6F5E-7081-92A3B4C5D6E7")
	assert.True(t, a.Equal(b))
	assert.NotEqual(t, a.Text, b.Text)
	assert.Equal(t, b.Text, a.Key, "the smaller order")
	assert.False(t, a.Equal(Default().UUID("564d1a2b-3c4d-5e6f-7081-92a3b4c5d6e8")))
}

func TestRulesDirectoryID(t *testing.T) {
	r := Default()
	id := r.DirectoryID("{564D1A2B-3C4D-5E6F-7081-92A3B4C5D6E7}")
	assert.Equal(t, "564d1a2b-3c4d-5e6f-7081-92a3b4c5d6e7", id.Key, "never swapped")
	assert.Equal(t, Strong, id.Quality)
	none := r.DirectoryID("00000000-0000-0000-0000-000000000000")
	assert.Equal(t, Junk, none.Quality)
	assert.Equal(t, ReasonNotRegistered, none.Reasons)
	assert.Equal(t, "CN=lab-7", r.DirectoryID(" CN=lab-7 ").Key)
	assert.Equal(t, ReasonPlaceholder, r.DirectoryID("unknown").Reasons)
	assert.Equal(t, Absent, r.DirectoryID(" ").Quality)
}
