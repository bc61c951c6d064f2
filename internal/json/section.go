package json

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Section is an Object that is read without a second look at its text, for
// large records of many sections. Every member of T has to be of a type of this
// package, or made of such types: one that can fail would fail the record, and
// not only the section. Anything but an object is as if it were not there.
type Section[T any] struct {
	Of      T
	Present bool // there was an object
}

// UnmarshalJSONFrom reads any JSON value.
func (s *Section[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*s = Section[T]{}
	if dec.PeekKind() != '{' {
		return dec.SkipValue()
	}
	s.Present = true
	return json.UnmarshalDecode(dec, &s.Of)
}

// Rows is a List of objects that is read without a second look at its text,
// under the same condition as a Section. An element that is no object is left
// out.
type Rows[T any] struct {
	Of      []T
	Present bool // there was an array, even an empty one
}

// UnmarshalJSONFrom reads any JSON value.
func (r *Rows[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*r = Rows[T]{}
	if dec.PeekKind() != '[' {
		return dec.SkipValue()
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	r.Present = true
	for dec.PeekKind() != ']' {
		var row Section[T]
		if err := row.UnmarshalJSONFrom(dec); err != nil {
			return err
		}
		if row.Present {
			r.Of = append(r.Of, row.Of)
		}
	}
	_, err := dec.ReadToken()
	return err
}
