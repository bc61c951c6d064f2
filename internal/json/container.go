package json

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Object is an object. It accepts an object and an array that holds one.
// Anything else, such as null or PHP's empty array, is as if it were not
// there.
type Object[T any] struct {
	Of      T
	Present bool // there was an object
}

// UnmarshalJSONFrom reads any JSON value.
func (o *Object[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*o = Object[T]{}
	if value.Kind() == '[' {
		var elements []jsontext.Value
		if Unmarshal(value, &elements) != nil || len(elements) != 1 {
			return nil
		}
		value = elements[0]
	}
	if value.Kind() == '{' && Unmarshal(value, &o.Of) == nil {
		o.Present = true
	}
	return nil
}

// List is an array. It accepts an array, and an object as the array of its
// values, which is how PHP writes an array with gaps. An element that makes no
// sense is left out. Anything else is as if it were not there.
type List[T any] struct {
	Of      []T
	Present bool // there was an array, even an empty one
}

// UnmarshalJSONFrom reads any JSON value.
func (l *List[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	l.Of, l.Present = nil, false
	open := dec.PeekKind()
	if open != '[' && open != '{' {
		return dec.SkipValue()
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	l.Present = true
	for kind := dec.PeekKind(); kind != ']' && kind != '}'; kind = dec.PeekKind() {
		if open == '{' {
			if _, err := dec.ReadToken(); err != nil {
				return err
			}
		}
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		var element T
		if Unmarshal(value, &element) == nil {
			l.Of = append(l.Of, element)
		}
	}
	_, err := dec.ReadToken()
	return err
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

func unmarshalFolded(data []byte, v any) error {
	return json.Unmarshal(data, v, append(lenient(), json.MatchCaseInsensitiveNames(true))...)
}
