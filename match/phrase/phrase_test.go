package phrase_test

import (
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/match/phrase"
	"github.com/mdmlink/mdmlink/mdm/ident"
	"github.com/stretchr/testify/assert"
)

// TestEveryCode walks all that package match can say, in both languages.
func TestEveryCode(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	check := func(what, en, de string) {
		for _, s := range []string{en, de} {
			assert.NotEmpty(t, strings.TrimSpace(s), what)
			assert.NotContains(t, s, "{", what)
			assert.NotContains(t, s, "  ", what)
		}
		assert.Empty(t, seen[en], "%s has the phrase of %s", what, seen[en])
		seen[en] = what
		if what != "field imei" && what != "rung imei" {
			assert.NotEqual(t, en, de, what)
		}
	}
	for _, k := range match.Kinds() {
		check("kind "+k.String(), phrase.Kind(k, phrase.English), phrase.Kind(k, phrase.German))
	}
	for _, r := range match.Rungs() {
		check("rung "+r.String(), phrase.Rung(r, phrase.English), phrase.Rung(r, phrase.German))
	}
	for _, f := range match.Fields() {
		check("field "+f.String(), phrase.Field(f, phrase.English), phrase.Field(f, phrase.German))
	}
	for _, c := range match.Codes() {
		r := match.Reason{Code: c, Field: match.FieldSerial, Why: ident.ReasonDock, Value: "one", Other: "two", Count: 3}
		check("code "+c.String(), phrase.Reason(r, phrase.English), phrase.Reason(r, phrase.German))
	}
	for _, code := range ident.AllReasons().Codes() {
		var one ident.Reasons
		assert.NoError(t, one.UnmarshalJSON([]byte(`["`+code+`"]`)))
		check("flaw "+code, phrase.Flaw(one, phrase.English), phrase.Flaw(one, phrase.German))
	}
	for _, s := range match.States() {
		for _, l := range phrase.Languages() {
			assert.NotEmpty(t, phrase.Sign(match.Sign{Field: match.FieldWiFi, State: s, Why: ident.ReasonDock}, l), s)
		}
	}
	assert.Empty(t, phrase.Flaw(0, phrase.English))
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	o := match.Outcome{Kind: match.AutoLinked, Reasons: []match.Reason{
		{Code: match.CodeAgrees, Field: match.FieldSerial}, {Code: match.CodeAgrees, Field: match.FieldModel},
		{Code: match.CodeUnused, Field: match.FieldWiFi, Why: ident.ReasonDock},
	}}
	assert.Equal(t, "Linked automatically: the serial number is the same; the model is the same; the Wi-Fi address was not used: it is a dock's or dongle's, and those wander.",
		phrase.Outcome(o, phrase.English))
	assert.Equal(t, "Automatisch verknüpft: die Seriennummer ist gleich; das Modell ist gleich; die WLAN-Adresse wurde nicht verwendet: sie ist die eines Docks oder Adapters, und die wandern.",
		phrase.Outcome(o, phrase.In("de-AT")))
	assert.Equal(t, phrase.English, phrase.In("nl"))
}

// TestValues shows that values are quoted and never read as patterns.
func TestValues(t *testing.T) {
	t.Parallel()
	r := match.Reason{Code: match.CodeSerialDiffers, Value: "{other}", Other: "B{"}
	assert.Equal(t, "the serial numbers “{other}” and “B{” are different", phrase.Reason(r, phrase.English))
	r = match.Reason{Code: match.CodeUnused, Field: match.FieldSerial, Count: 4}
	assert.Equal(t, "die Seriennummer wurde nicht verwendet, da 4 dasselbe haben", phrase.Reason(r, phrase.German))
}

func TestClasses(t *testing.T) {
	t.Parallel()
	for _, c := range match.Classes() {
		r := match.Reason{Code: match.CodeClassDiffers, Value: c.String(), Other: match.ClassPhone.String()}
		assert.NotContains(t, phrase.Reason(r, phrase.German), "„“", c)
		assert.Contains(t, phrase.Reason(r, phrase.German), "Telefon")
		assert.Contains(t, phrase.Reason(r, phrase.English), "phone")
	}
}

func TestCandidate(t *testing.T) {
	t.Parallel()
	c := match.Candidate{
		Evidence: match.Evidence{{Field: match.FieldName, State: match.Agrees, Shared: 2}, {Field: match.FieldModel, State: match.Agrees}},
		Vetoes:   []match.Reason{{Code: match.CodeSiteDiffers, Value: "a", Other: "b"}},
		Held:     []match.Reason{{Code: match.CodeRungSuggests}},
	}
	assert.Equal(t, []string{"the name is the same, but 2 have it", "the model is the same", "the device is at “a”, the object at “b”", "this is only ever a suggestion"},
		phrase.Candidate(c, phrase.English))
	e := match.Explanation{Evidence: match.Evidence{{Field: match.FieldName, State: match.Differs, Device: "x", Asset: "y"}}, Vetoes: c.Vetoes, Held: c.Held}
	assert.Equal(t, "the name is not the same (“x” and “y”)", phrase.Explanation(e, phrase.English)[0])
	assert.Len(t, phrase.Explanation(e, phrase.German), 3)
}
