package json

import "github.com/go-json-experiment/json/jsontext"

// Object is an object. It accepts an object and an array that holds one.
// Anything else, such as null or PHP's empty array, is as if it were not
// there.
type Object[T any] struct {
	Of      T
	Present bool // there was an object
}

// UnmarshalJSONFrom reads any JSON value.
func (o *Object[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return readFrom(dec, o) }

func (o *Object[T]) read(value Value) {
	*o = Object[T]{}
	switch value.Kind() {
	case '{':
		o.Present = Read(value, &o.Of)
	case '[':
		n := 0
		elements(value, func(element Value) {
			if n++; n == 1 && element.Kind() == '{' {
				o.Present = Read(element, &o.Of)
			}
		})
		if n != 1 {
			*o = Object[T]{}
		}
	}
}

// List is an array. It accepts an array, and an object as the array of its
// values, which is how PHP writes an array with gaps. An element that makes no
// sense is left out. Anything else is as if it were not there.
type List[T any] struct {
	Of      []T
	Present bool // there was an array, even an empty one
}

// UnmarshalJSONFrom reads any JSON value.
func (l *List[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return readFrom(dec, l) }

func (l *List[T]) read(value Value) {
	*l = List[T]{}
	if kind := value.Kind(); kind != '[' && kind != '{' {
		return
	}
	l.Present = true
	elements(value, func(element Value) {
		l.Of = append(l.Of, *new(T))
		if last := len(l.Of) - 1; !Read(element, &l.Of[last]) {
			l.Of = l.Of[:last]
		}
	})
}

// Texts returns the texts of a list, without empty ones.
func Texts(l List[Text]) []string {
	var texts []string
	for _, t := range l.Of {
		if t.Text != "" {
			texts = append(texts, t.Text)
		}
	}
	return texts
}
