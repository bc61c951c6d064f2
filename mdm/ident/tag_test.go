package ident

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRulesAssetTag(t *testing.T) {
	tests := map[string]struct {
		raw     string
		hints   Hints
		key     string
		quality Quality
		reasons Reasons
	}{
		"plain":         {"inv-0042", Hints{}, "INV-0042", Strong, 0},
		"short number":  {"17", Hints{}, "17", Strong, 0},
		"same digits":   {"7777", Hints{}, "7777", Strong, 0},
		"placeholder":   {"No Asset Tag", Hints{}, "", Junk, ReasonPlaceholder},
		"serial list":   {"Asset-1234567890", Hints{}, "", Junk, ReasonPlaceholder},
		"zeros":         {"0000", Hints{}, "", Junk, ReasonRepeated},
		"words":         {"System Tag", Hints{}, "", Junk, ReasonPlaceholder},
		"punctuation":   {"--", Hints{}, "", Junk, ReasonPunctuation},
		"generated":     {"jamfid-17", Hints{}, "", Junk, ReasonGenerated},
		"generated m":   {"JAMFID-M-17", Hints{}, "", Junk, ReasonGenerated},
		"equals serial": {"c02zx90aklmn", Hints{Serial: "C02ZX90AKLMN"}, "", Junk, ReasonEqualsSerial},
		"equals name":   {"LG-TAB-044", Hints{Name: "lg-tab-044"}, "", Junk, ReasonEqualsName},
		"azure":         {"7783-7084-3265-9085-8269-3286-77", Hints{}, "", Junk, ReasonCloud},
		"empty":         {"", Hints{}, "", Absent, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := Default().AssetTag(test.raw, test.hints)
			assert.Equal(t, test.key, id.Key)
			assert.Equal(t, test.quality, id.Quality)
			assert.Equal(t, test.reasons.Codes(), id.Reasons.Codes())
		})
	}
	assert.True(t, Default().AssetTag("3135-4298-3414-7021-8716-7514-85", Hints{}).Traits.Has(TraitVirtual))
	a, b := Default().AssetTag("1-23", Hints{}), Default().AssetTag("12-3", Hints{})
	assert.False(t, a.Equal(b))
}
