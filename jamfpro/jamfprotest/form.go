package jamfprotest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// form is a JSON object of a request, the body or one inside it. Its error
// sticks: after the first mistake it reads zeros.
type form struct {
	c    *call
	path string // of the object, with a dot behind it; "" = the body
	raw  map[string]json.RawMessage
	err  *error // shared with all forms of the body
}

// form reads the body as one JSON object with no other keys than these.
func (c *call) form(keys ...string) *form {
	raw, err := parse(c.body)
	fm := &form{c: c, raw: raw, err: &err}
	fm.only(keys)
	return fm
}

func parse(body []byte) (map[string]json.RawMessage, error) {
	if len(body) == 0 {
		return nil, errors.New("no body")
	}
	var v map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&v); err != nil || v == nil {
		return nil, errors.New("body is no JSON object")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("garbage behind the JSON object")
	}
	return v, nil
}

// failed is the first mistake; nil = there is none.
func (fm *form) failed() error { return *fm.err }

func (fm *form) fail(format string, args ...any) {
	if *fm.err == nil {
		*fm.err = fmt.Errorf(format, args...)
	}
}

// only makes other keys than these a mistake.
func (fm *form) only(keys []string) {
	for key := range fm.raw {
		if !slices.Contains(keys, key) {
			fm.fail("unknown key %q", fm.path+key)
		}
	}
}

// has reports whether a member is there and not null. Nobody knows what null
// means in a write, so it is a violation.
func (fm *form) has(key string) bool {
	raw := fm.raw[key]
	if string(raw) == "null" {
		fm.c.violate("%s is null, whose meaning is not known", fm.path+key)
		return false
	}
	return raw != nil
}

// need makes the absence of a member a mistake.
func (fm *form) need(keys ...string) {
	for _, key := range keys {
		if !fm.has(key) {
			fm.fail("%s is missing", fm.path+key)
		}
	}
}

// within reads a member that is an object with no other keys than these; it
// is empty if the member is not there.
func (fm *form) within(key string, keys ...string) *form {
	inner := &form{c: fm.c, path: fm.path + key + ".", err: fm.err, raw: member[map[string]json.RawMessage](fm, key)}
	inner.only(keys)
	return inner
}

// each reads a member that is an array of objects.
func (fm *form) each(key string, keys ...string) []*form {
	var list []*form
	for i, raw := range member[[]map[string]json.RawMessage](fm, key) {
		inner := &form{c: fm.c, path: fmt.Sprintf("%s%s[%d].", fm.path, key, i), err: fm.err, raw: raw}
		inner.only(keys)
		list = append(list, inner)
	}
	return list
}

// member reads a member of a form as a T, and nothing else than a T; zero if
// it is not there.
func member[T any](fm *form, key string) T {
	var v T
	if *fm.err != nil || !fm.has(key) {
		return v
	}
	if json.Unmarshal(fm.raw[key], &v) != nil {
		fm.fail("%s has the wrong type", fm.path+key)
	}
	return v
}

// put reads a member into a place, which stays as it is if the member is not
// there.
func put[T any](fm *form, key string, place *T) {
	if v := member[T](fm, key); *fm.err == nil && fm.raw[key] != nil && string(fm.raw[key]) != "null" {
		*place = v
	}
}
