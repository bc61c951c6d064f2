package json

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Value is one JSON value as it was read. It may share memory with the reader
// and is valid until the next read; Clone keeps it.
type Value = jsontext.Value

// Decoder is what a type of a vendor's own reads itself from, in a method
// UnmarshalJSONFrom.
type Decoder = jsontext.Decoder

// Remote systems repeat names and send bytes that are not UTF-8; both are
// their own business.
func lenient() []json.Options {
	return []json.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
}

// Unmarshal reads one JSON value into v.
func Unmarshal(data []byte, v any) error {
	return json.Unmarshal(data, v, lenient()...)
}

// Decode reads one JSON value from r, up to its end, into v.
func Decode(r io.Reader, v any) error {
	return json.UnmarshalRead(r, v, lenient()...)
}

// Marshal writes v.
func Marshal(v any) ([]byte, error) {
	return json.Marshal(v, json.Deterministic(true))
}

// ErrTooLarge says that one element of a stream is larger than allowed.
var ErrTooLarge = errors.New("json: element too large")
