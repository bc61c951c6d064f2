package mdm

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Type is the shape of an attribute's value. The zero Type is unknown.
type Type uint8

const (
	TypeUnknown Type = iota
	TypeText         // any text
	TypeFlag         // "yes" or "no"
	TypeTime         // RFC 3339 in UTC
	TypeBytes        // a decimal number of bytes
	TypePercent      // a decimal number from 0 to 100
	TypeURL          // an address
)

var typeNames = names{"", "text", "flag", "time", "bytes", "percent", "url"}

// String returns an English word, or "" for unknown.
func (t Type) String() string { return typeNames.text(int(t)) }

// Text is a text in the languages that the library speaks.
type Text struct {
	EN string `json:"en"` // English; never empty
	DE string `json:"de"` // German
}

// In returns the text in a language given as a BCP 47 tag such as "de-CH";
// English where there is no other.
func (t Text) In(tag string) string {
	if base, _, _ := strings.Cut(strings.ToLower(tag), "-"); base == "de" && t.DE != "" {
		return t.DE
	}
	return t.EN
}

// Attribute describes one attribute of a [Record].
type Attribute struct {
	Key      Key
	Label    Text
	About    string // what it is, in one English phrase
	Type     Type
	List     bool // may have several values
	Volatile bool // changes without anybody's doing, such as the battery level
	Writable bool // some vendor lets it be written; a vendor's Settings says which

	read func(*Record) string   // several values stand on lines of their own; "" = none
	keep func(to, from *Record) // nil: kept by another rule, see Limit
}

// Catalogue returns all attributes, in the order in which a form would show
// them. The caller may change the slice.
func Catalogue() []Attribute { return slices.Clone(catalogue()) }

// Lookup returns the attribute of a key. Keys of customers' own fields and of
// vendors' answers are not in the catalogue.
func Lookup(key Key) (Attribute, bool) {
	i, ok := catalogueIndex()[key]
	if !ok {
		return Attribute{}, false
	}
	return catalogue()[i], true
}

var catalogueIndex = sync.OnceValue(func() map[Key]int {
	index := make(map[Key]int)
	for i, a := range catalogue() {
		index[a.Key] = i
	}
	return index
})

var catalogue = sync.OnceValue(func() []Attribute {
	return slices.Concat(identityAttributes(), networkAttributes(), hardwareAttributes(),
		stateAttributes(), lifeAttributes(), belongingAttributes())
})

// text makes the attribute of a text field.
func text(key Key, en, de, about string, field func(*Record) *string) Attribute {
	return Attribute{Key: key, Label: Text{en, de}, About: about, Type: TypeText,
		read: func(r *Record) string { return *field(r) },
		keep: func(to, from *Record) { *field(to) = *field(from) }}
}

// flag makes the attribute of a Flag.
func flag(key Key, en, de, about string, field func(*Record) *Flag) Attribute {
	return Attribute{Key: key, Label: Text{en, de}, About: about, Type: TypeFlag,
		read: func(r *Record) string { return field(r).String() },
		keep: func(to, from *Record) { *field(to) = *field(from) }}
}

// moment makes the attribute of a time.
func moment(key Key, en, de, about string, field func(*Record) *time.Time) Attribute {
	return Attribute{Key: key, Label: Text{en, de}, About: about, Type: TypeTime,
		read: func(r *Record) string {
			if t := *field(r); !t.IsZero() {
				return t.UTC().Format(time.RFC3339)
			}
			return ""
		},
		keep: func(to, from *Record) { *field(to) = *field(from) }}
}

// amount makes the attribute of an amount of storage.
func amount(key Key, en, de, about string, field func(*Record) *int64) Attribute {
	return Attribute{Key: key, Label: Text{en, de}, About: about, Type: TypeBytes,
		read: func(r *Record) string {
			if n := *field(r); n > 0 {
				return strconv.FormatInt(n, 10)
			}
			return ""
		},
		keep: func(to, from *Record) { *field(to) = *field(from) }}
}

// enum makes the attribute of an enumeration.
func enum[T interface{ String() string }](key Key, en, de, about string, field func(*Record) *T) Attribute {
	return Attribute{Key: key, Label: Text{en, de}, About: about, Type: TypeText,
		read: func(r *Record) string { return (*field(r)).String() },
		keep: func(to, from *Record) { *field(to) = *field(from) }}
}

// list makes the attribute of a list of texts.
func list(key Key, en, de, about string, field func(*Record) *[]string) Attribute {
	return Attribute{Key: key, Label: Text{en, de}, About: about, Type: TypeText, List: true,
		read: func(r *Record) string { return lines(*field(r)) },
		keep: func(to, from *Record) { *field(to) = *field(from) }}
}

// parts makes an attribute that is collected from the interfaces or SIMs of a
// record; Limit keeps those itself.
func parts(key Key, en, de, about string, read func(*Record) []string) Attribute {
	return Attribute{Key: key, Label: Text{en, de}, About: about, Type: TypeText, List: true,
		read: func(r *Record) string { return lines(read(r)) }}
}

func (a Attribute) volatile() Attribute { a.Volatile = true; return a }

func (a Attribute) writable() Attribute { a.Writable = true; return a }

// lines puts texts on lines of their own, those that hold something.
func lines(texts []string) string { return strings.Join(nonEmpty(texts...), "\n") }

// nonEmpty returns the texts that hold something, or nil.
func nonEmpty(texts ...string) []string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return kept
}
