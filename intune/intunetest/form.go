package intunetest

import (
	"encoding/json"
	"fmt"
	"slices"
)

// form is the JSON object of a body. Its first failure sticks.
type form struct {
	raw map[string]json.RawMessage
	err error
}

// form reads the body as one JSON object with no other keys than these. No
// body is an empty object.
func (c *call) form(keys ...string) *form {
	fm := &form{}
	if len(c.body) > 0 && (json.Unmarshal(c.body, &fm.raw) != nil || fm.raw == nil) {
		fm.fail("The body is no JSON object.")
	}
	for key := range fm.raw {
		if !slices.Contains(keys, key) {
			fm.fail("The property '%s' does not exist on the type of the body.", key)
		}
	}
	return fm
}

func (fm *form) fail(format string, args ...any) {
	if fm.err == nil {
		fm.err = fmt.Errorf(format, args...)
	}
}

// field reads a member as a T; zero if it is not there or null.
func field[T any](fm *form, key string) T {
	var v T
	if raw := fm.raw[key]; raw != nil && fm.err == nil && json.Unmarshal(raw, &v) != nil {
		fm.fail("The property '%s' has the wrong type.", key)
	}
	return v
}
