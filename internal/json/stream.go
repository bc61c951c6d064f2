package json

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Stream reads a JSON object of which one member is an array that may be very
// long. Memory is bounded by the largest element.
type Stream struct {
	// Array says whether the member of this name is the array. An object in
	// its place is read as the array of its values, which is how PHP writes an
	// array with gaps; null is an empty array.
	Array func(name string) bool

	// Element gets each element. The value is valid during the call. An error
	// ends the stream and is returned as it is.
	Element func(Value) error

	// Member gets each other member; nil skips them. An error ends the stream
	// and is returned as it is.
	Member func(name string, value Value) error

	// MaxElement is the size in bytes that a single element, or other member,
	// may have; 0 = 8 MiB. A larger one ends the stream with ErrTooLarge.
	MaxElement int64
}

var (
	errNoObject = errors.New("json: not an object")
	errNoArray  = errors.New("json: not an array")
)

// Read reads the stream. It returns whether the array was there; the error is
// nil only if the whole object was read. io.ErrUnexpectedEOF says that the
// answer broke off.
func (s Stream) Read(r io.Reader) (found bool, err error) {
	guard := &guard{Reader: r, limit: s.MaxElement}
	if guard.limit == 0 {
		guard.limit = 8 << 20
	}
	defer func() {
		if guard.failed != nil && err != nil { // what the reader says tells more than how the JSON looks without the rest
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
		isArray, err := s.member(dec, guard)
		found = found || isArray
		if err != nil {
			return found, err
		}
	}
	_, err = dec.ReadToken()
	return found, err
}

// firstError prefers what reading says to our own wording.
func firstError(dec *jsontext.Decoder, otherwise error) error {
	if _, err := dec.ReadToken(); err != nil {
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	return otherwise
}

func (s Stream) member(dec *jsontext.Decoder, guard *guard) (isArray bool, err error) {
	guard.mark()
	token, err := dec.ReadToken()
	if err != nil {
		return false, err
	}
	name := token.String()
	if s.Array(name) {
		return true, s.elements(dec, guard)
	}
	value, err := dec.ReadValue()
	if err != nil || s.Member == nil {
		return false, err
	}
	return false, s.Member(name, value)
}

func (s Stream) elements(dec *jsontext.Decoder, guard *guard) error {
	open := dec.PeekKind()
	switch open {
	case '[', '{':
	case 'n':
		return dec.SkipValue()
	default:
		return firstError(dec, errNoArray)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for kind := dec.PeekKind(); kind != ']' && kind != '}'; kind = dec.PeekKind() {
		guard.mark()
		if open == '{' {
			if _, err := dec.ReadToken(); err != nil {
				return err
			}
		}
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := s.Element(value); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// guard is a reader that refuses to go on while a single element grows beyond
// all bounds.
type guard struct {
	io.Reader
	limit  int64
	read   int64
	from   int64
	offset func() int64
	failed error // of the reader below, besides its end
}

// mark says that an element begins here.
func (g *guard) mark() { g.from = g.offset() }

func (g *guard) Read(p []byte) (int, error) {
	if g.read-g.from > g.limit {
		return 0, ErrTooLarge
	}
	n, err := g.Reader.Read(p)
	g.read += int64(n)
	if err != nil && err != io.EOF {
		g.failed = err
	}
	return n, err
}

// IsSyntax reports whether err says that the JSON itself is damaged or broke
// off, as opposed to an error of the reader below.
func IsSyntax(err error) bool {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, ErrTooLarge) || errors.Is(err, errMisfit) || errors.Is(err, errMore) ||
		errors.Is(err, errNoObject) || errors.Is(err, errNoArray) {
		return true
	}
	_, syntactic := errors.AsType[*jsontext.SyntacticError](err)
	_, semantic := errors.AsType[*json.SemanticError](err)
	return syntactic || semantic
}
