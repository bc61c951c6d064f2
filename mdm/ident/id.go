package ident

import (
	"html"
	"strings"
)

// MaxLen is the length in bytes up to which a value is considered. No
// identifier is longer, so a longer value is [Junk].
const MaxLen = 256

// ID is one identifier, read and judged. IDs are comparable with ==, but two
// sources rarely write a value alike: compare Kind and Key. The zero ID is an
// absent value of unknown kind.
type ID struct {
	Kind    Kind    `json:"kind"`
	Quality Quality `json:"quality"`
	Reasons Reasons `json:"reasons,omitzero"` // why Quality is not Strong
	Traits  Traits  `json:"traits,omitzero"`  // what else the value shows

	Raw    string `json:"raw,omitzero"`    // as the source gave it
	Text   string `json:"text,omitzero"`   // canonical form, to show and to store; "" = absent or too long
	Key    string `json:"key,omitzero"`    // what equality compares; "" = not to be compared
	Folded string `json:"folded,omitzero"` // looser Key, for suggestions only; "" = the kind has none
}

// Usable reports whether the identifier may be compared at all: it is Weak or
// Strong and has a Key.
func (id ID) Usable() bool { return id.Key != "" }

// Equal reports whether two identifiers are the same value of the same kind.
// What is not usable equals nothing, itself included.
func (id ID) Equal(other ID) bool {
	return id.Usable() && id.Kind == other.Kind && id.Key == other.Key
}

// Hints are other facts about the device whose identifier is read, as its
// source gave them. They sharpen rules such as "a serial equal to the model is
// no serial". A zero field is not known and leaves its rules out.
type Hints struct {
	Apple   bool // Apple makes the device
	Android bool // the device runs Android
	HTML    bool // the source writes & as &amp; in its values; serials, asset tags and names are decoded first

	Serial       string
	Name         string
	Model        string
	Manufacturer string
	OS           string // name of the operating system
	UDID         string
	EnrolmentID  string // the MDM's id of the enrolment
}

func (h *Hints) decode(raw string) string {
	if !h.HTML || len(raw) > MaxLen || strings.IndexByte(raw, '&') < 0 {
		return raw
	}
	return html.UnescapeString(raw)
}

// begin cleans a raw value. The result is Strong if there is something to
// read, and otherwise final.
func begin(kind Kind, raw string, c letterCase) ID {
	id := ID{Kind: kind, Raw: raw, Quality: Strong}
	text, ok := clean(raw, c)
	if !ok {
		id.mark(Junk, ReasonTooLong)
		return id
	}
	id.Text = text
	switch {
	case text == "":
		id.Quality = Absent
	case strings.ContainsRune(text, '\uFFFD'):
		id.mark(Junk, ReasonGarbled)
	}
	return id
}

// mark lowers the quality to q at most and adds the reasons.
func (id *ID) mark(q Quality, r Reasons) {
	id.Quality = min(id.Quality, q)
	id.Reasons |= r
}

// misshapen ends the reading of a value that does not have the form of its
// kind; serials know most texts that stand for a missing value.
func (r *Rules) misshapen(id ID) ID {
	if r.isPlaceholder(id.Text) {
		id.mark(Junk, ReasonPlaceholder)
	} else {
		id.mark(Junk, ReasonShape)
	}
	return id
}

// isPlaceholder reports whether a text stands for a missing value where a
// serial is expected.
func (r *Rules) isPlaceholder(text string) bool {
	text, _ = clean(text, upperCase)
	v, ok := r.known.serials.find(serialKey(text), text)
	return ok && v.reasons.Has(ReasonPlaceholder) || systemWords(text)
}

// settle applies the lists to an identifier that has a Key, then what the host
// allows, and takes the Key from what must not be compared. The form is what
// prefixes and patterns of the lists read.
func (r *Rules) settle(id ID, form string) ID {
	if id.Key != "" {
		if v, ok := r.known.find(&id, form); ok {
			id.apply(v)
		}
		if id.Quality < Strong && r.allow.allows(&id, form) {
			id.Quality, id.Reasons = Strong, 0
		}
	}
	if id.Quality > Junk && id.Kind.attribute() {
		id.mark(Weak, ReasonAttribute)
	}
	if id.Quality <= Junk {
		id.Key, id.Folded = "", ""
	}
	return id
}

func (id *ID) apply(v verdict) {
	id.mark(v.quality, v.reasons)
	id.Traits |= v.traits
}
