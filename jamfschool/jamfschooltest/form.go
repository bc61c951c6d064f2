package jamfschooltest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// form is the JSON object of a request. Its error sticks: after the first
// mistake it reads zeros.
type form struct {
	c   *call
	raw map[string]json.RawMessage
	err error
}

// form reads the body as one JSON object with no other keys than these. No
// body is an empty object.
func (c *call) form(keys ...string) *form {
	fm := &form{c: c}
	fm.raw, fm.err = parse(c.body)
	for key := range fm.raw {
		if !slices.Contains(keys, key) && fm.err == nil {
			fm.err = fmt.Errorf("unknown key %q", key)
		}
	}
	return fm
}

func parse(body []byte) (map[string]json.RawMessage, error) {
	if len(body) == 0 {
		return nil, nil
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

// has reports whether a member is there.
func (fm *form) has(key string) bool { return fm.raw[key] != nil }

// need makes the absence of a member an error.
func (fm *form) need(keys ...string) {
	for _, key := range keys {
		if !fm.has(key) && fm.err == nil {
			fm.err = fmt.Errorf("%s is missing", key)
		}
	}
}

// member reads a member of a form as a T, and nothing else than a T; zero if
// it is not there.
func member[T any](fm *form, key string) T {
	var v T
	if fm.err != nil || !fm.has(key) {
		return v
	}
	if isNull(fm.raw[key]) || json.Unmarshal(fm.raw[key], &v) != nil {
		fm.err = fmt.Errorf("%s has the wrong type", key)
	}
	return v
}

// isNull tells null from a missing member, which encoding/json does not.
func isNull(raw json.RawMessage) bool { return string(raw) == "null" }

// option reads an option of a command: a JSON boolean or the text "true" in
// the body, or a parameter of the query. The real server takes any text that
// is not empty for true, "false" included.
func (fm *form) option(key string) bool {
	raw := fm.raw[key]
	text, inQuery := fm.c.query.Get(key), fm.c.query.Has(key)
	switch {
	case fm.err != nil:
		return false
	case !inQuery && raw == nil:
		return false
	case !inQuery && raw[0] != '"':
		return member[bool](fm, key)
	case !inQuery:
		text = member[string](fm, key)
	}
	if text != "true" && !(inQuery && text == "1") {
		fm.c.violate("option %s sent as the text %q, which counts as true unless it is empty", key, text)
	}
	return text != ""
}
