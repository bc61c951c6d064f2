package json

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Text is a text. It accepts a string, a number, a boolean, null, an object
// that wraps a scalar as value, date or name, and an array that holds one.
// Anything else is as if it were not there.
type Text struct {
	Text    string
	Present bool // the member was there, even if null or empty
}

// UnmarshalJSONFrom reads any JSON value.
func (t *Text) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return readFrom(dec, t) }

func (t *Text) read(value Value) { t.Text, t.Present = scalarText(value) }

// Int is a whole number. It accepts a number without a fraction, a quoted
// one, and a boolean as 1 or 0. Anything else is as if it were not there.
type Int struct {
	N       int64
	Present bool // there was a number
}

// UnmarshalJSONFrom reads any JSON value.
func (i *Int) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return readFrom(dec, i) }

func (i *Int) read(value Value) {
	*i = Int{}
	if value.Kind() == '0' {
		if n, err := strconv.ParseInt(string(value), 10, 64); err == nil {
			*i = Int{n, true}
			return
		}
	}
	text, _ := scalarText(value)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		*i = Int{n, true}
	} else if f, ok := parseFloat(text); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		*i = Int{int64(f), true}
	} else if b, ok := parseBool(text); ok {
		*i = Int{Present: true}
		if b {
			i.N = 1
		}
	}
}

// Float is a number. It accepts a number and a quoted one. Anything else is as
// if it were not there.
type Float struct {
	N       float64
	Present bool // there was a number
}

// UnmarshalJSONFrom reads any JSON value.
func (f *Float) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return readFrom(dec, f) }

func (f *Float) read(value Value) {
	text, _ := scalarText(value)
	f.N, f.Present = parseFloat(text)
}

// Bool is yes or no. It accepts a boolean, a number (0 is no, any other is
// yes) and either as a string. Anything else is as if it were not there.
type Bool struct {
	Yes     bool
	Present bool // there was a yes or a no
}

// UnmarshalJSONFrom reads any JSON value.
func (b *Bool) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return readFrom(dec, b) }

func (b *Bool) read(value Value) {
	switch value.Kind() {
	case 't':
		*b = Bool{true, true}
		return
	case 'f':
		*b = Bool{false, true}
		return
	}
	text, _ := scalarText(value)
	b.Yes, b.Present = parseBool(text)
	if n, ok := parseFloat(text); ok {
		b.Yes, b.Present = n != 0, true
	}
}

// readFrom lets r read the next value.
func readFrom(dec *jsontext.Decoder, r reader) error {
	value, err := dec.ReadValue()
	if err == nil {
		r.read(value)
	}
	return err
}

func parseBool(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "true", "yes":
		return true, true
	case "false", "no":
		return false, true
	}
	return false, false
}

func parseFloat(text string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// scalarText returns what a JSON value says as a text. present is false for
// values that say nothing a text could hold.
func scalarText(value jsontext.Value) (text string, present bool) {
	switch value.Kind() {
	case '"':
		if inner := value[1 : len(value)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
			return string(inner), true
		}
		unquoted, err := jsontext.AppendUnquote(nil, value)
		if err != nil && unquoted == nil {
			return "", false
		}
		return strings.ToValidUTF8(string(unquoted), "\uFFFD"), true
	case '0', 't', 'f':
		return string(value), true
	case 'n':
		return "", true
	case '{', '[':
		return wrapped(value)
	}
	return "", false
}

// wrapped looks for the scalar that an object or an array wraps.
func wrapped(value jsontext.Value) (text string, present bool) {
	var found Value
	if value.Kind() == '[' {
		n := 0
		elements(value, func(v Value) { n, found = n+1, v })
		if n != 1 || isNested(found) {
			return "", false
		}
		return scalarText(found)
	}
	best := len(wrappers)
	members(value, func(name []byte, v Value) {
		for i, w := range wrappers[:best] {
			if v.Kind() != 'n' && !isNested(v) && strings.EqualFold(string(name), w) {
				best, found = i, v
			}
		}
	})
	if found == nil {
		return "", false
	}
	return scalarText(found)
}

// wrappers are the names of members that hold what a text says, best first.
var wrappers = []string{"value", "date", "name"}

func isNested(value jsontext.Value) bool {
	kind := value.Kind()
	return kind == '{' || kind == '['
}
