package ident

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRulesModel(t *testing.T) {
	tests := map[string]struct {
		raw, maker, text string
		quality          Quality
		reasons          Reasons
		traits           Traits
	}{
		"product type":     {"iPad13,18", "Apple", "iPad13,18", Weak, ReasonAttribute, TraitProductType},
		"marketing name":   {"Apple iPad (9th generation)", "Apple Inc.", "iPad (9th generation)", Weak, ReasonAttribute, 0},
		"maker":            {"LENOVO 20XW", "Lenovo", "20XW", Weak, ReasonAttribute, 0},
		"maker twice":      {"HP HP EliteBook 840", "HP", "EliteBook 840", Weak, ReasonAttribute, 0},
		"another maker":    {"HPX 7", "HP", "HPX 7", Weak, ReasonAttribute, 0},
		"the maker itself": {"Medion", "MEDION", "Medion", Junk, ReasonEqualsManufacturer, 0},
		"maker before oem": {"Acme To be filled by O.E.M.", "Acme", "To be filled by O.E.M.", Junk, ReasonPlaceholder, 0},
		"empty":            {"", "HP", "", Absent, 0, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := Default().Model(test.raw, test.maker)
			assert.Equal(t, test.text, id.Text)
			assert.Equal(t, test.quality, id.Quality)
			assert.Equal(t, test.reasons.Codes(), id.Reasons.Codes())
			assert.Equal(t, test.traits.Codes(), id.Traits.Codes())
		})
	}
	for _, raw := range []string{"Unknown", "Unknow", "To Be Filled By O.E.M.", "*", "System Product Name",
		"Product Name", "System Name", "All Series", "Default string", "System manufacturer", "None", "OEM"} {
		assert.Equal(t, Junk, Default().Model(raw, "").Quality, raw)
	}
}

func TestBestModel(t *testing.T) {
	r := Default()
	name, kind, junk := r.Model("iPad (9th generation)", ""), r.Model("iPad12,1", ""), r.Model("OEM", "")
	assert.Equal(t, kind, BestModel(junk, name, kind))
	assert.Equal(t, name, BestModel(name, junk))
	assert.Equal(t, junk, BestModel(ID{}, junk))
	assert.Zero(t, BestModel())
}
