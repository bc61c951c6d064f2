package ident

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRulesIMEI(t *testing.T) {
	tests := map[string]struct {
		raw       string
		hints     Hints
		text, key string
		quality   Quality
		reasons   Reasons
	}{
		"from the standard":  {"260531793113837", Hints{}, "260531793113837", "26053179311383", Strong, 0},
		"valid 2":            {"352099001761481", Hints{}, "352099001761481", "35209900176148", Strong, 0},
		"valid 3":            {"490154203237518", Hints{}, "490154203237518", "49015420323751", Strong, 0},
		"valid 4":            {"860123456789014", Hints{}, "860123456789014", "86012345678901", Strong, 0},
		"valid 5":            {"357000123456781", Hints{}, "357000123456781", "35700012345678", Strong, 0},
		"bad check digit":    {"352099001761482", Hints{}, "352099001761482", "35209900176148", Weak, ReasonBadCheckDigit},
		"zeros":              {"000000000000000", Hints{}, "000000000000000", "", Junk, ReasonRepeated | ReasonPlaceholder},
		"ones":               {"111111111111119", Hints{}, "111111111111119", "", Junk, ReasonRepeated},
		"sequence":           {"012345678901237", Hints{}, "012345678901237", "", Junk, ReasonSequence | ReasonPlaceholder},
		"spaces":             {"35 209900 176148 1", Hints{}, "352099001761481", "35209900176148", Strong, 0},
		"dashes and slashes": {"35-209900/176148.1", Hints{}, "352099001761481", "35209900176148", Strong, 0},
		"software version":   {"35-209900-176148-1/01", Hints{}, "352099001761481", "35209900176148", Strong, 0},
		"version behind 14":  {"35-209900-176148/01", Hints{}, "3520990017614801", "35209900176148", Weak, ReasonIMEISV},
		"no check digit":     {"35209900176148", Hints{}, "35209900176148", "35209900176148", Weak, ReasonNoCheckDigit | ReasonAmbiguous},
		"network form":       {"352099001761480", Hints{}, "352099001761480", "35209900176148", Weak, ReasonNoCheckDigit},
		"imeisv":             {"3520990017614823", Hints{}, "3520990017614823", "35209900176148", Weak, ReasonIMEISV},
		"emulator":           {"004999010640000", Hints{}, "004999010640000", "", Junk, ReasonPlaceholder},
		"zero tac":           {"000000004712341", Hints{}, "000000004712341", "", Junk, ReasonZeroTAC | ReasonBadCheckDigit},
		"equals serial":      {"352099001761481", Hints{Serial: "352099001761481"}, "352099001761481", "", Junk, ReasonEqualsSerial},
		"scientific":         {"3.52E+14", Hints{}, "3.52E+14", "", Junk, ReasonScientific},
		"scientific, comma":  {"3,52099E+14", Hints{}, "3,52099E+14", "", Junk, ReasonScientific},
		"scientific, short":  {"3e14", Hints{}, "3E14", "", Junk, ReasonScientific},
		"thirteen":           {"3520990017614", Hints{}, "3520990017614", "", Junk, ReasonShape},
		"seventeen":          {"35209900176148101", Hints{}, "35209900176148101", "", Junk, ReasonShape},
		"unknown":            {"unknown", Hints{}, "UNKNOWN", "", Junk, ReasonPlaceholder},
		"empty":              {"", Hints{}, "", "", Absent, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := Default().IMEI(test.raw, test.hints)
			assert.Equal(t, KindIMEI, id.Kind)
			assert.Equal(t, test.text, id.Text)
			assert.Equal(t, test.key, id.Key)
			assert.Equal(t, test.quality, id.Quality)
			assert.Equal(t, test.reasons.Codes(), id.Reasons.Codes())
			assert.Empty(t, id.Folded)
		})
	}
}

func TestRulesMEID(t *testing.T) {
	tests := map[string]struct {
		raw, text string
		quality   Quality
		reasons   Reasons
	}{
		"plain":           {"AF0123450ABCDE", "AF0123450ABCDE", Strong, 0},
		"check digit":     {"af-01-23-45-0a-bc-de-c", "AF0123450ABCDE", Strong, 0},
		"bad check digit": {"AF0123450ABCDEA", "AF0123450ABCDE", Weak, ReasonBadCheckDigit},
		"decimal":         {"293608736500703710", "AF0123450ABCDE", Strong, 0},
		"decimal, large":  {"999999999999999999", "999999999999999999", Junk, ReasonShape},
		"ambiguous":       {"35209900176148", "35209900176148", Weak, ReasonAmbiguous},
		"digit first":     {"9900A10176148B", "9900A10176148B", Weak, ReasonShape},
		"repeated":        {"AAAAAAAAAAAAAA", "AAAAAAAAAAAAAA", Junk, ReasonRepeated},
		"counting":        {"01234567890123", "01234567890123", Junk, ReasonSequence},
		"short":           {"AF01", "AF01", Junk, ReasonShape},
		"scientific":      {"2.9E+17", "2.9E+17", Junk, ReasonScientific},
		"empty":           {"", "", Absent, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := Default().MEID(test.raw)
			assert.Equal(t, test.text, id.Text)
			assert.Equal(t, test.quality, id.Quality)
			assert.Equal(t, test.reasons.Codes(), id.Reasons.Codes())
		})
	}
	id := Default().IMEI("AF 01 23 45 0A BC DE", Hints{})
	assert.Equal(t, KindMEID, id.Kind, "a MEID in the field of an IMEI")
	assert.True(t, id.Equal(Default().MEID("AF0123450ABCDE")))
}
