package ident

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRulesSIM(t *testing.T) {
	const eid = "89049032000001000000012345678954"
	tests := map[string]struct {
		kind      Kind
		raw, text string
		quality   Quality
		reasons   Reasons
	}{
		"iccid":               {KindICCID, "8949 0200 0012 3456 781", "8949020000123456781", Weak, ReasonAttribute},
		"iccid, filled":       {KindICCID, "8949020000123456781f", "8949020000123456781", Weak, ReasonAttribute},
		"iccid, other":        {KindICCID, "1249020000123456781", "1249020000123456781", Junk, ReasonShape},
		"iccid, short":        {KindICCID, "8949", "8949", Junk, ReasonShape},
		"iccid, eights":       {KindICCID, "88888888888888888888", "88888888888888888888", Junk, ReasonShape | ReasonRepeated},
		"iccid, spreadsheet":  {KindICCID, "8.94902E+18", "8.94902E+18", Junk, ReasonScientific},
		"imsi":                {KindIMSI, "262011234098765", "262011234098765", Weak, ReasonAttribute},
		"imsi, counting":      {KindIMSI, "123456789012345", "123456789012345", Junk, ReasonSequence},
		"imsi, none":          {KindIMSI, "n/a", "N/A", Junk, ReasonPlaceholder},
		"phone":               {KindPhone, "+49 (0) 30 / 900-1820", "+49309001820", Weak, ReasonAttribute},
		"phone, zeros":        {KindPhone, "0049 30 9001820", "+49309001820", Weak, ReasonAttribute},
		"phone, national":     {KindPhone, "030 9001820", "0309001820", Weak, ReasonAttribute},
		"phone, same digits":  {KindPhone, "0000000", "+00000", Junk, ReasonRepeated},
		"phone, text":         {KindPhone, "ask Anna", "ask Anna", Junk, ReasonShape},
		"eid":                 {KindEID, eid, eid, Weak, ReasonAttribute},
		"eid, wrong":          {KindEID, "89049032000001000000012345678955", "89049032000001000000012345678955", Weak, ReasonAttribute | ReasonBadCheckDigit},
		"eid, short":          {KindEID, "8904903200000100", "8904903200000100", Junk, ReasonShape},
		"absent":              {KindEID, " ", "", Absent, 0},
		"absent phone":        {KindPhone, "", "", Absent, 0},
		"of no kind":          {KindUnknown, "x", "", Absent, 0},
		"scientific eid":      {KindEID, "8.9E+31", "8.9E+31", Junk, ReasonScientific},
		"directory, absent":   {KindDirectoryID, "", "", Absent, 0},
		"iccid, not a number": {KindICCID, "unknown", "UNKNOWN", Junk, ReasonPlaceholder},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := Default().Read(test.kind, test.raw, Hints{})
			assert.Equal(t, test.kind, id.Kind)
			assert.Equal(t, test.text, id.Text)
			assert.Equal(t, test.quality, id.Quality)
			assert.Equal(t, test.reasons.Codes(), id.Reasons.Codes())
		})
	}
}
