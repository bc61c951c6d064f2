package ident

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kindLists pairs the lists with the kind that reads them.
func kindLists(l Lists) map[Kind][]Entry {
	return map[Kind][]Entry{
		KindSerial: l.Serials, KindUUID: l.UUIDs, KindMAC: l.MACs, KindIMEI: l.IMEIs,
		KindAssetTag: l.AssetTags, KindName: l.Names, KindModel: l.Models,
	}
}

func TestStandardKeepsItsPromises(t *testing.T) {
	r := Default()
	check := func(t *testing.T, kind Kind, value string, e Entry) {
		t.Helper()
		v, err := e.verdict()
		require.NoError(t, err)
		id := r.Read(kind, value, Hints{})
		assert.Subset(t, id.Reasons.Codes(), v.reasons.Codes(), value)
		assert.Subset(t, id.Traits.Codes(), v.traits.Codes(), value)
		assert.LessOrEqual(t, id.Quality, v.quality, value)
		assert.Equal(t, id.Quality > Junk, id.Usable(), value)
	}
	for kind, entries := range kindLists(Standard().Lists) {
		t.Run(kind.String(), func(t *testing.T) {
			for _, e := range entries {
				assert.NotEmpty(t, e.Why, "%v", e)
				for _, value := range e.Values {
					if kind == KindMAC {
						value = strings.ReplaceAll(value, "x", "7")
					}
					check(t, kind, value, e)
				}
				for _, part := range slices.Concat(e.Prefixes, e.Contains) {
					if kind == KindMAC {
						if part == "82:B7:7F" {
							continue
						}
						part += ":12:34:56:78:9a"[:17-len(part)]
					}
					check(t, kind, part+"", e)
				}
			}
		})
	}
}

func TestStandardAllowWins(t *testing.T) {
	id := Default().MAC("82:B7:7F:01:02:03")
	assert.Equal(t, Strong, id.Quality)
	assert.Zero(t, id.Reasons)
	assert.True(t, id.Traits.Has(TraitVirtual))
}

func TestStandardRoundTrip(t *testing.T) {
	want := Standard()
	text, err := json.Marshal(want)
	require.NoError(t, err)
	got, err := Parse(text)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Regexp(t, `^20\d\d-\d\d/\d+$`, want.Version)
	assert.Equal(t, want.Version, Default().Version())
}

func TestStandardIsACopy(t *testing.T) {
	d := Standard()
	d.Serials[0].Values[0] = "changed"
	assert.NotEqual(t, "changed", Standard().Serials[0].Values[0])
	assert.Same(t, Default(), Default())
}

func TestDataWith(t *testing.T) {
	base := Standard()
	host := Data{
		Version: "school-17/3",
		Lists: Lists{
			Serials:   []Entry{{Values: []string{"ab-12345"}}, {Patterns: []string{"TEST[0-9]+"}, Quality: Weak}},
			UUIDs:     []Entry{{Values: []string{"564D1A2B-3C4D-5E6F-7081-92A3B4C5D6E7"}, Prefixes: []string{"ABCDEF00"}}},
			MACs:      []Entry{{Values: []string{"3c5a.b410.2xxx"}, Reasons: ReasonDock, Quality: Weak}, {Patterns: []string{".*:99:99"}}},
			IMEIs:     []Entry{{Values: []string{"35209900 176148"}, Prefixes: []string{"99999"}}},
			AssetTags: []Entry{{Contains: []string{"demo"}}},
			Names:     []Entry{{Prefixes: []string{"Loan "}}},
			Models:    []Entry{{Values: []string{"Virtual Machine"}, Quality: Strong, Traits: TraitVirtual}},
		},
		Owners: []string{"Klasse"},
		Allow: Lists{
			Serials: []Entry{{Values: []string{"SYS-1234567890", "A1"}, Prefixes: []string{"DIP-"}, Contains: []string{"dimm"}, Patterns: []string{"0+7"}}},
			MACs:    []Entry{{Prefixes: []string{"9C:EB:E8"}}},
			Names:   []Entry{{Values: []string{"student (2)"}}},
			IMEIs:   []Entry{{Values: []string{"004999010640000"}}},
		},
	}
	r, err := base.With(host).Rules()
	require.NoError(t, err)
	assert.Equal(t, "2026-11/1+school-17/3", r.Version())
	assert.Equal(t, Standard(), base, "the base stays")

	tests := map[string]struct {
		id      ID
		quality Quality
		reasons Reasons
	}{
		"listed":               {r.Serial("AB 12345", Hints{}), Junk, ReasonListed},
		"pattern":              {r.Serial("test77421", Hints{}), Weak, ReasonListed},
		"pattern, whole value": {r.Serial("test77421b", Hints{}), Strong, 0},
		"shipped":              {r.Serial("EVAL", Hints{}), Junk, ReasonPlaceholder | ReasonShort},
		"uuid, swapped":        {r.UUID("2B1A4D56-4D3C-6F5E-7081-92A3B4C5D6E7"), Junk, ReasonListed},
		"uuid prefix":          {r.UUID("abcdef00-3C4D-5E6F-7081-92A3B4C5D6E7"), Junk, ReasonListed},
		"mac":                  {r.MAC("3c:5a:b4:10:29:99"), Weak, ReasonDock},
		"mac pattern":          {r.MAC("3c:5a:b4:33:99:99"), Junk, ReasonListed},
		"imei":                 {r.IMEI("352099001761481", Hints{}), Junk, ReasonListed},
		"imei prefix":          {r.IMEI("999991234567893", Hints{}), Junk, ReasonListed | ReasonBadCheckDigit},
		"tag":                  {r.AssetTag("X-Demo-7", Hints{}), Junk, ReasonListed},
		"name":                 {r.Name("LOAN 7", Hints{}), Junk, ReasonListed},
		"owner":                {r.Name("iPad von Klasse", Hints{}), Junk, ReasonDefaultName},
		"model":                {r.Model("virtual machine", ""), Weak, ReasonAttribute},
		"allowed":              {r.Serial("sys-1234567890", Hints{}), Strong, 0},
		"allowed, too short":   {r.Serial("a1", Hints{}), Strong, 0},
		"allowed, hints":       {r.Serial("a1", Hints{Model: "A1"}), Strong, 0},
		"allowed prefix":       {r.Serial("DIP-7188", Hints{}), Strong, 0},
		"allowed part":         {r.Serial("NO DIMM", Hints{}), Strong, 0},
		"allowed pattern":      {r.Serial("0007", Hints{}), Strong, 0},
		"allowed mac":          {r.MAC("9c:eb:e8:01:02:03"), Strong, 0},
		"allowed name":         {r.Name("Student", Hints{}), Weak, ReasonAttribute},
		"allowed imei":         {r.IMEI("004999010640000", Hints{}), Strong, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.quality, test.id.Quality)
			assert.Equal(t, test.reasons.Codes(), test.id.Reasons.Codes())
			assert.True(t, test.id.Usable() == (test.quality > Junk))
		})
	}
	assert.True(t, r.Model("virtual machine", "").Traits.Has(TraitVirtual))
	assert.Equal(t, Junk, Default().Serial("SYS-1234567890", Hints{}).Quality, "the shipped rules stay")
}

func TestParseRefuses(t *testing.T) {
	tests := map[string]struct{ text, say string }{
		"nothing":          {``, "EOF"},
		"no object":        {`[]`, "array"},
		"two objects":      {`{"version":"1"} {}`, "more text"},
		"unknown field":    {`{"version":"1","serial":[]}`, `"serial"`},
		"unknown in entry": {`{"version":"1","serials":[{"value":"x"}]}`, `"value"`},
		"no version":       {`{"serials":[{"values":["x"]}]}`, `"version"`},
		"bad pattern":      {`{"version":"1","serials":[{"patterns":["A("]}]}`, `serials, entry 1: pattern "A("`},
		"closing pattern":  {`{"version":"1","serials":[{"patterns":["A)(B"]}]}`, `pattern "A)(B"`},
		"unknown reason":   {`{"version":"1","serials":[{"values":["x"],"reasons":["bad"]}]}`, `unknown reason "bad"`},
		"reason, no list":  {`{"version":"1","serials":[{"values":["x"],"reasons":"vpn"}]}`, "list of codes"},
		"unknown trait":    {`{"version":"1","serials":[{"values":["x"],"traits":["bad"]}]}`, `unknown trait "bad"`},
		"unknown quality":  {`{"version":"1","serials":[{"values":["x"],"quality":"bad"}]}`, `"bad" is not a quality`},
		"strong, reason":   {`{"version":"1","serials":[{"values":["x"],"quality":"strong","reasons":["vpn"]}]}`, "remove vpn"},
		"strong, nothing":  {`{"version":"1","serials":[{"values":["x"],"quality":"strong"}]}`, "allow"},
		"empty entry":      {`{"version":"1","names":[{"why":"x"}]}`, "names, entry 1: names nothing"},
		"empty value":      {`{"version":"1","names":[{"values":[" "]}]}`, `value " "`},
		"empty prefix":     {`{"version":"1","names":[{"prefixes":[""]}]}`, "empty text"},
		"value of dashes":  {`{"version":"1","serials":[{"values":["-"]}]}`, `value "-"`},
		"bad uuid":         {`{"version":"1","uuids":[{"values":["12"]}]}`, `uuids, entry 1: value "12"`},
		"bad imei":         {`{"version":"1","imeis":[{"values":["12"]}]}`, `value "12"`},
		"bad mac":          {`{"version":"1","macs":[{"values":["3c:5a"]}]}`, `"3c:5a"`},
		"bad mac digit":    {`{"version":"1","macs":[{"values":["3c:5a:b4:10:20:3g"]}]}`, "neither"},
		"any mac":          {`{"version":"1","macs":[{"values":["xx:xx:xx:xx:xx:xx"]}]}`, "every address"},
		"long mac prefix":  {`{"version":"1","macs":[{"prefixes":["3c:5a:b4:10:20:30:40"]}]}`, "beginning"},
		"empty mac prefix": {`{"version":"1","macs":[{"prefixes":[""]}]}`, "beginning"},
		"bad mac prefix":   {`{"version":"1","macs":[{"prefixes":["zz"]}]}`, "neither"},
		"mac contains":     {`{"version":"1","macs":[{"contains":["3c"]}]}`, "contains"},
		"allow, reasons":   {`{"version":"1","allow":{"macs":[{"values":["3c5ab4102030"],"reasons":["vpn"]}]}}`, "allow: macs, entry 1"},
		"allow, empty":     {`{"version":"1","allow":{"macs":[{}]}}`, "names nothing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(test.text))
			require.ErrorContains(t, err, test.say)
			assert.True(t, strings.HasPrefix(err.Error(), "ident: "), err)
		})
	}
	_, err := Data{Version: "1"}.With(Data{}).Rules()
	assert.ErrorContains(t, err, "version", "lists that extend need a version, too")
}

func TestRulesZero(t *testing.T) {
	var r Rules
	assert.Equal(t, Strong, r.Serial("EVALUATION", Hints{}).Quality)
	assert.Equal(t, Junk, r.Serial("1.0", Hints{}).Quality)
	assert.Equal(t, Strong, r.MAC("00:50:56:c0:00:08").Quality)
}
