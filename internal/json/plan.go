package json

import (
	"bytes"
	"reflect"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// reader is a type of this package: it reads itself from any value, and what
// makes no sense is as if it were not there.
type reader interface{ read(Value) }

// Read reads a value that was read as a whole before, such as an element of a
// Stream, into what into points to: a type of this package, or a struct of
// such types, of further structs and of anything else that JSON can be read
// into. A member that does not fit its field leaves it empty. Read reports
// whether the value fits as a whole: a struct needs an object.
//
// Names of members are compared exactly, and the last of several counts.
func Read(value Value, into any) bool {
	if r, ok := into.(reader); ok {
		r.read(value)
		return true
	}
	v := reflect.ValueOf(into).Elem()
	if v.Kind() != reflect.Struct || customary(into) {
		return json.Unmarshal(value, into, lenient()...) == nil
	}
	if value.Kind() != '{' {
		return false
	}
	p := planFor(v.Type())
	members(value, func(name []byte, value Value) {
		if bytes.IndexByte(name, '\\') >= 0 {
			name = unescaped(name)
		}
		if index, ok := p[string(name)]; ok {
			Read(value, v.FieldByIndex(index).Addr().Interface())
		}
	})
	return true
}

// customary reports whether a type says itself how it is read.
func customary(into any) bool {
	switch into.(type) {
	case json.UnmarshalerFrom, json.Unmarshaler:
		return true
	}
	return false
}

// plan says in which field of a struct the member of a name belongs.
type plan map[string][]int

var plans sync.Map // reflect.Type to plan, since finding one out is slow

func planFor(t reflect.Type) plan {
	if p, ok := plans.Load(t); ok {
		return p.(plan)
	}
	p := plan{}
	p.add(t, nil)
	plans.Store(t, p)
	return p
}

// add adds the fields of a struct, those of embedded structs first, so that
// the outer one wins.
func (p plan) add(t reflect.Type, at []int) {
	var own []reflect.StructField
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "" && field.Type.Kind() == reflect.Struct && !customary(reflect.New(field.Type).Interface()):
			p.add(field.Type, append(at[:len(at):len(at)], field.Index...))
		case field.IsExported() && name != "-":
			own = append(own, field)
		}
	}
	for _, field := range own {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			name = field.Name
		}
		p[name] = append(at[:len(at):len(at)], field.Index...)
	}
}

func unescaped(name []byte) []byte {
	text, err := jsontext.AppendUnquote(nil, append(append([]byte{'"'}, name...), '"'))
	if err != nil && text == nil {
		return name
	}
	return text
}
