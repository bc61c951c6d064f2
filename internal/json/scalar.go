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
func (t *Text) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err == nil {
		t.Text, t.Present = scalarText(value)
	}
	return err
}

// Int is a whole number. It accepts a number without a fraction, a quoted
// one, and a boolean as 1 or 0. Anything else is as if it were not there.
type Int struct {
	N       int64
	Present bool // there was a number
}

// UnmarshalJSONFrom reads any JSON value.
func (i *Int) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*i = Int{}
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
	return nil
}

// Float is a number. It accepts a number and a quoted one. Anything else is as
// if it were not there.
type Float struct {
	N       float64
	Present bool // there was a number
}

// UnmarshalJSONFrom reads any JSON value.
func (f *Float) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	text, _ := scalarText(value)
	f.N, f.Present = parseFloat(text)
	return nil
}

// Bool is yes or no. It accepts a boolean, a number (0 is no, any other is
// yes) and either as a string. Anything else is as if it were not there.
type Bool struct {
	Yes     bool
	Present bool // there was a yes or a no
}

// UnmarshalJSONFrom reads any JSON value.
func (b *Bool) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	text, _ := scalarText(value)
	b.Yes, b.Present = parseBool(text)
	if n, ok := parseFloat(text); ok {
		b.Yes, b.Present = n != 0, true
	}
	return nil
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
func wrapped(value jsontext.Value) (string, bool) {
	var scalars struct{ Value, Date, Name *jsontext.Value }
	if value.Kind() == '[' {
		var elements []jsontext.Value
		if Unmarshal(value, &elements) != nil || len(elements) != 1 || isNested(elements[0]) {
			return "", false
		}
		return scalarText(elements[0])
	}
	if unmarshalFolded(value, &scalars) != nil {
		return "", false
	}
	for _, s := range []*jsontext.Value{scalars.Value, scalars.Date, scalars.Name} {
		if s != nil && !isNested(*s) {
			return scalarText(*s)
		}
	}
	return "", false
}

func isNested(value jsontext.Value) bool {
	kind := value.Kind()
	return kind == '{' || kind == '['
}
