package json

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Feed reads what a Stream does, where the elements of the array are objects:
// each is read into a T as it comes, without a second look at its text. The
// condition of a Section holds for T.
type Feed[T any] struct {
	// Array says whether the member of this name is the array; null is an
	// empty one.
	Array func(name string) bool

	// Row gets each element; nil for one that is no object. An error ends the
	// feed and is returned as it is.
	Row func(*T) error

	// Member gets each other member.
	Member func(name string, value Value) error
}

var (
	errNoObject = errors.New("json: not an object")
	errNoArray  = errors.New("json: not an array")
)

// Read reads the feed, like Stream.Read.
func (f Feed[T]) Read(r io.Reader) (found bool, err error) {
	const limit = 8 << 20 // of one element
	guard := &guard{Reader: r, limit: limit}
	defer func() {
		if guard.failed != nil && err != nil {
			err = guard.failed
		}
	}()
	dec := jsontext.NewDecoder(guard, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	guard.offset = dec.InputOffset
	if dec.PeekKind() != '{' {
		return false, firstError(dec, errNoObject)
	}
	if _, err := dec.ReadToken(); err != nil {
		return false, err
	}
	for dec.PeekKind() != '}' {
		guard.mark()
		name, err := dec.ReadToken()
		if err != nil {
			return found, err
		}
		if text := name.String(); f.Array(text) {
			found = true
			err = f.rows(dec, guard)
		} else {
			var value Value
			if value, err = dec.ReadValue(); err == nil {
				err = f.Member(text, value)
			}
		}
		if err != nil {
			return found, err
		}
	}
	_, err = dec.ReadToken()
	return found, err
}

func (f Feed[T]) rows(dec *jsontext.Decoder, guard *guard) error {
	switch dec.PeekKind() {
	case '[':
	case 'n':
		return dec.SkipValue()
	default:
		return firstError(dec, errNoArray)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		guard.mark()
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		element := new(T)
		if !Read(value, element) {
			element = nil
		}
		if err := f.Row(element); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}
