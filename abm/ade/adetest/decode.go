package adetest

import (
	"encoding/json"
	"reflect"
	"strings"
)

// decode reads the body of a request. Keys that it does not know are noted and
// ignored, as are those in ignored without a note.
func decode[T any](c *call, ignored ...string) (T, *reply) {
	var v T
	var members map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &members); err != nil || members == nil {
		rep := c.malformed("the body is no JSON object")
		return v, &rep
	}
	known := keys(reflect.TypeFor[T]())
	for _, name := range ignored {
		delete(members, name)
	}
	for name := range members {
		if !known[name] {
			c.violate("unknown key %q", name)
			delete(members, name)
		}
	}
	if err := json.Unmarshal(encode(members), &v); err != nil {
		rep := c.malformed("a value of the body has the wrong type")
		return v, &rep
	}
	return v, nil
}

// keys are the names that the fields of a struct have in JSON.
func keys(t reflect.Type) map[string]bool {
	known := map[string]bool{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		known[name] = true
	}
	return known
}
