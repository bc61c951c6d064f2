package mdm

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// State says what a value is worth. The zero State is not reported.
type State uint8

const (
	NotReported State = iota // the system said nothing: an earlier value stays
	Blank                    // the system said that there is no value
	Reported                 // there is a value
)

var stateNames = names{"", "blank", "reported"}

// String returns "blank", "reported" or "".
func (s State) String() string { return stateNames.text(int(s)) }

// AttributeValue is what a device says about one attribute, as text in the
// form that the attribute's [Type] names. The zero value is not reported.
type AttributeValue struct {
	State State
	Text  string // several values stand on lines of their own
}

// Lines returns the single values of a list.
func (v AttributeValue) Lines() []string {
	if v.Text == "" {
		return nil
	}
	return strings.Split(v.Text, "\n")
}

// Raw is the ability of a device that keeps the vendor's answer, where the
// vendor's Config asks for it.
type Raw interface {
	Raw() []byte // JSON, without unlock tokens, bypass codes and passcodes; nil = not kept
}

// Value returns what a device says about an attribute of the catalogue, a
// custom field or, where the vendor's answer was kept, a part of that answer.
// A key that does not exist is not reported.
func Value(d Device, key Key) AttributeValue {
	if pointer, ok := key.pointer(); ok {
		if raw, ok := As[Raw](d); ok && raw.Raw() != nil {
			return follow(raw.Raw(), pointer)
		}
	}
	record := d.Record()
	return record.value(key)
}

func (r *Record) value(key Key) AttributeValue {
	if _, ok := key.pointer(); ok {
		return r.field(string(key), key)
	}
	if name, ok := key.custom(); ok {
		return r.field(name, key)
	}
	a, ok := Lookup(key)
	if !ok {
		return AttributeValue{}
	}
	return a.Value(r)
}

// field reads an entry of Custom.
func (r *Record) field(name string, key Key) AttributeValue {
	text, ok := r.Custom[name]
	switch {
	case text != "":
		return AttributeValue{Reported, text}
	case ok || r.Blank.Has(key):
		return AttributeValue{State: Blank}
	}
	return AttributeValue{}
}

// Value returns what a record says about the attribute.
func (a Attribute) Value(r *Record) AttributeValue {
	if a.read == nil {
		return AttributeValue{}
	}
	if text := a.read(r); text != "" {
		return AttributeValue{Reported, text}
	}
	if r.Blank.Has(a.Key) {
		return AttributeValue{State: Blank}
	}
	return AttributeValue{}
}

// follow reads a part of a JSON document. What is not a scalar is returned as
// JSON.
func follow(document []byte, pointer string) AttributeValue {
	var at any
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if decoder.Decode(&at) != nil {
		return AttributeValue{}
	}
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if pointer == "" {
			break
		}
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		var ok bool
		if at, ok = child(at, step); !ok {
			return AttributeValue{}
		}
	}
	return scalar(at)
}

func child(at any, step string) (any, bool) {
	switch at := at.(type) {
	case map[string]any:
		value, ok := at[step]
		return value, ok
	case []any:
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(at) || strconv.Itoa(i) != step { // RFC 6901: no sign, no leading zero
			return nil, false
		}
		return at[i], true
	}
	return nil, false
}

func scalar(at any) AttributeValue {
	switch at := at.(type) {
	case nil:
		return AttributeValue{State: Blank}
	case string:
		if at == "" {
			return AttributeValue{State: Blank}
		}
		return AttributeValue{Reported, at}
	case bool:
		return AttributeValue{Reported, FlagOf(at).String()}
	case json.Number:
		return AttributeValue{Reported, at.String()}
	}
	text, err := json.Marshal(at)
	if err != nil {
		return AttributeValue{}
	}
	return AttributeValue{Reported, string(text)}
}
