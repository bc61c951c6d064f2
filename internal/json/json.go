package json

import (
	"bytes"
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

// Unmarshal reads one JSON value into what into points to, as Read does. Its
// error says that data is no JSON, or a value of another kind than expected.
func Unmarshal(data []byte, into any) error {
	return Decode(bytes.NewBuffer(data), into)
}

// Decode reads one JSON value from r, up to its end, like Unmarshal.
func Decode(r io.Reader, into any) error {
	dec := jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	value, err := dec.ReadValue()
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	fits := Read(value, into)
	switch _, err := dec.ReadToken(); {
	case err == nil:
		return errMore
	case err != io.EOF:
		return err
	case !fits:
		return errMisfit
	}
	return nil
}

var (
	errMisfit = errors.New("json: a value of another kind than expected")
	errMore   = errors.New("json: more than one value")
)

// Restore reads what Marshal wrote: unlike with foreign data, a member that
// does not fit its field is an error.
func Restore(data []byte, into any) error {
	return json.Unmarshal(data, into, lenient()...)
}

// Marshal writes v. Bytes that are not UTF-8 are replaced.
func Marshal(v any) ([]byte, error) {
	return json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
}

// MarshalTo writes v to the end of b, as Marshal does.
func MarshalTo(b *bytes.Buffer, v any) error {
	return json.MarshalWrite(b, v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
}

// ErrTooLarge says that one element of a stream is larger than allowed.
var ErrTooLarge = errors.New("json: element too large")
