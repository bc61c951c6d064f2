package wire

import (
	"maps"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
)

// Tree is an object whose members are looked up by path, whatever the case of
// their names, since releases spell them differently: the details of a device.
// Of members whose names differ in their case alone, the first in order counts
// that is not null.
type Tree struct {
	members map[string]json.Value
	inner   map[string]*Tree
}

// UnmarshalJSONFrom reads any JSON value; what is no object has no members.
func (t *Tree) UnmarshalJSONFrom(dec *json.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*t = treeOf(value)
	return nil
}

func treeOf(value json.Value) Tree {
	var members map[string]json.Value
	if value.Kind() != '{' || json.Unmarshal(value, &members) != nil {
		return Tree{}
	}
	t := Tree{members: make(map[string]json.Value, len(members)), inner: map[string]*Tree{}}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		folded := strings.ToLower(name)
		if before := t.members[folded]; len(before) == 0 || before.Kind() == 'n' {
			t.members[folded] = members[name]
		}
	}
	return t
}

// Present reports whether there was an object with members.
func (t *Tree) Present() bool { return len(t.members) > 0 }

// At returns the value at a path such as "system.serialNumber"; nil if there
// is none.
func (t *Tree) At(path string) json.Value {
	name, rest, deeper := strings.Cut(strings.ToLower(path), ".")
	if !deeper {
		return t.members[name]
	}
	if t.inner[name] == nil {
		if len(t.members[name]) == 0 {
			return nil
		}
		inner := treeOf(t.members[name])
		t.inner[name] = &inner
	}
	return t.inner[name].At(rest)
}

// read reads the first value at one of the paths that makes sense.
func read[T any](t *Tree, good func(T) bool, paths []string) T {
	var none T
	for _, path := range paths {
		var v T
		if value := t.At(path); len(value) > 0 && json.Unmarshal(value, &v) == nil && good(v) {
			return v
		}
	}
	return none
}

// Text returns the first text that holds something, without blanks around it.
func (t *Tree) Text(paths ...string) string {
	v := read(t, func(v json.Text) bool { return strings.TrimSpace(v.Text) != "" }, paths)
	return strings.TrimSpace(v.Text)
}

// Bool returns the first yes or no.
func (t *Tree) Bool(paths ...string) json.Bool {
	return read(t, func(v json.Bool) bool { return v.Present }, paths)
}

// Float returns the first number.
func (t *Tree) Float(paths ...string) json.Float {
	return read(t, func(v json.Float) bool { return v.Present }, paths)
}

// Trees returns the objects of the array at a path.
func (t *Tree) Trees(path string) []Tree {
	var list json.List[Tree]
	if value := t.At(path); len(value) == 0 || json.Unmarshal(value, &list) != nil {
		return nil
	}
	return list.Of
}
