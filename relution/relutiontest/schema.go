package relutiontest

import (
	"cmp"
	"strings"
	"time"
)

// kind is what a field holds.
type kind uint8

// The kinds of fields. The zero value stands for fields that do not exist.
const (
	unknown kind = iota
	text
	enum
	number
	date
	flag
	nested
	many
	anything
)

// schema says which fields an object has, by accessor path.
type schema map[string]kind

// schemaOf reads a table of field names, one line for each kind.
func schemaOf(table map[kind]string) schema {
	s := schema{}
	for k, names := range table {
		for name := range strings.FieldsSeq(names) {
			s[name] = k
		}
	}
	return s
}

// kind is that of a field; what lies below a field of any kind may be
// anything.
func (s schema) kind(path string) kind {
	if k, ok := s[path]; ok {
		return k
	}
	for {
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			return unknown
		}
		path = path[:i]
		if s[path] == anything {
			return anything
		}
	}
}

// below is the schema of the elements of a list.
func (s schema) below(path string) schema {
	inner := schema{}
	for name, k := range s {
		if rest, ok := strings.CutPrefix(name, path+"."); ok {
			inner[rest] = k
		}
	}
	return inner
}

// at finds the values under an accessor path. Lists on the way are entered,
// and a list at the end gives its elements; null gives nothing.
func at(v any, path string) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []object:
		var values []any
		for _, element := range v {
			if path == "" {
				values = append(values, element)
			} else {
				values = append(values, at(element, path)...)
			}
		}
		return values
	case []any:
		var values []any
		for _, element := range v {
			values = append(values, at(element, path)...)
		}
		return values
	case object:
		if path == "" {
			return []any{v}
		}
		name, rest, _ := strings.Cut(path, ".")
		return at(v[name], rest)
	}
	if path != "" {
		return nil
	}
	return []any{v}
}

// value is the first value under an accessor path; nil = there is none.
func value(o object, path string) any {
	switch v := o[path].(type) {
	case string, bool, int, int64, float64: // the usual case, made quick
		return v
	}
	values := at(o, path)
	if len(values) == 0 {
		return nil
	}
	return values[0]
}

// convert reads a value as the type that a filter compares.
func convert[T any](v any) (T, bool) {
	var want any = *new(T)
	switch want.(type) {
	case int64:
		n, ok := asNumber(v)
		if !ok || n != float64(int64(n)) {
			return *new(T), false
		}
		return any(int64(n)).(T), true
	case float64:
		n, ok := asNumber(v)
		return any(n).(T), ok
	}
	typed, ok := v.(T)
	return typed, ok
}

// asNumber reads numbers, and times as milliseconds since 1970.
func asNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case string: // dates of older releases
		t, err := time.Parse(time.RFC3339, v)
		return float64(t.UnixMilli()), err == nil
	}
	return 0, false
}

// order compares two values of one field; none comes first.
func order(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	if x, ok := a.(string); ok {
		y, _ := b.(string)
		return strings.Compare(x, y)
	}
	if x, ok := a.(bool); ok {
		y, _ := b.(bool)
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	}
	x, _ := asNumber(a)
	y, _ := asNumber(b)
	return cmp.Compare(x, y)
}
