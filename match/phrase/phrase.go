package phrase

import (
	"strconv"
	"strings"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm/ident"
)

// Language is a language of the phrases. The zero Language is English.
type Language uint8

const (
	English Language = iota
	German
)

// Languages returns all languages.
func Languages() []Language { return []Language{English, German} }

// In returns the language of a BCP 47 tag such as "de-CH"; English for those
// that there are no phrases in.
func In(tag string) Language {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if base == "de" {
		return German
	}
	return English
}

// text is one phrase in both languages.
type text struct{ en, de string }

func (t text) in(l Language) string {
	if l == German {
		return t.de
	}
	return t.en
}

// Kind returns what became of a device, such as "linked automatically".
func Kind(k match.Kind, l Language) string { return kinds[k].in(l) }

// Rung returns what a rung compares, such as "serial number".
func Rung(r match.Rung, l Language) string { return rungs[r].in(l) }

// Field returns the name of a field with its article, such as "the serial
// number".
func Field(f match.Field, l Language) string { return fields[f].in(l) }

// Flaw returns what is wrong with a value, such as "it stands where a value is
// missing". Of several flaws the first is named; "" if there is none.
func Flaw(r ident.Reasons, l Language) string {
	for _, code := range r.Codes() {
		return flaws[code].in(l)
	}
	return ""
}

// Reason returns a reason as part of a sentence, without a full stop.
func Reason(r match.Reason, l Language) string {
	pattern := codes[r.Code].in(l)
	if r.Code == match.CodeClassDiffers {
		r.Value, r.Other = classWord(r.Value, l), classWord(r.Other, l)
	}
	if r.Code == match.CodeUnused && r.Why == 0 {
		pattern = unusedShared.in(l)
	}
	return fill(pattern, map[string]string{
		"{field}": Field(r.Field, l), "{value}": quote(r.Value, l), "{other}": quote(r.Other, l),
		"{count}": strconv.Itoa(r.Count), "{why}": Flaw(r.Why, l),
	})
}

// Sign returns what one field says about a pair, as part of a sentence.
func Sign(s match.Sign, l Language) string {
	code := map[match.State]match.Code{match.Agrees: match.CodeAgrees, match.Differs: match.CodeDiffers,
		match.Unused: match.CodeUnused, match.Unclear: match.CodeUnclear}[s.State]
	if code == match.CodeUnknown {
		return fill(missing.in(l), map[string]string{"{field}": Field(s.Field, l)})
	}
	phrase := Reason(match.Reason{Code: code, Field: s.Field, Why: s.Why, Count: s.Shared}, l)
	if s.State == match.Agrees && s.Shared > 1 {
		phrase += fill(alsoShared.in(l), map[string]string{"{count}": strconv.Itoa(s.Shared)})
	}
	return phrase
}

// Candidate returns what speaks for an asset and what against it, one phrase
// each.
func Candidate(c match.Candidate, l Language) []string {
	var all []string
	for _, s := range c.Evidence {
		all = append(all, Sign(s, l))
	}
	for _, r := range c.Vetoes {
		all = append(all, Reason(r, l))
	}
	for _, r := range c.Held {
		all = append(all, Reason(r, l))
	}
	return all
}

// Outcome returns what became of a device and why, in one sentence.
func Outcome(o match.Outcome, l Language) string {
	var b strings.Builder
	b.WriteString(upper(Kind(o.Kind, l)))
	for i, r := range o.Reasons {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		b.WriteString(separator + Reason(r, l))
	}
	b.WriteString(".")
	return b.String()
}

// Explanation returns all that there is to say about a device and an asset,
// with the values that were compared, one phrase each.
func Explanation(e match.Explanation, l Language) []string {
	var all []string
	for _, s := range e.Evidence {
		phrase := Sign(s, l)
		if s.Device != "" || s.Asset != "" {
			phrase += fill(values.in(l), map[string]string{"{value}": quote(s.Device, l), "{other}": quote(s.Asset, l)})
		}
		all = append(all, phrase)
	}
	for _, r := range e.Vetoes {
		all = append(all, Reason(r, l))
	}
	for _, r := range e.Held {
		all = append(all, Reason(r, l))
	}
	return all
}

// fill puts values into the places of a pattern. It never looks into a value
// again, whatever that holds.
func fill(pattern string, values map[string]string) string {
	var b strings.Builder
	for rest := pattern; ; {
		before, after, found := strings.Cut(rest, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, tail, _ := strings.Cut(after, "}")
		b.WriteString(values["{"+name+"}"])
		rest = tail
	}
}

func quote(value string, l Language) string {
	switch {
	case value == "":
		return "–"
	case l == German:
		return "„" + value + "“"
	}
	return "“" + value + "”"
}

// classWord returns the word for a class that package match names in English.
func classWord(word string, l Language) string {
	var c match.Class
	if c.UnmarshalText([]byte(word)) != nil || c == match.ClassUnknown {
		return word
	}
	return classes[c].in(l)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
