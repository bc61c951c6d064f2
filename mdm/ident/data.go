package ident

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

//go:embed standard.json
var standardJSON string

// Data are the lists that identifiers are judged by, as versioned data. The
// zero Data knows nothing; the rules that need no list still apply.
type Data struct {
	Version string `json:"version"` // such as "2026-11/1"; results name it
	Lists
	Owners []string `json:"owners,omitempty"` // words that name nobody in "X's iPad" or "iPad von X"
	Allow  Lists    `json:"allow,omitzero"`   // values known to be good, against every list and rule
}

// Lists hold entries for each kind of identifier that has lists. MEIDs are
// judged by rules alone, and so are the numbers of SIMs.
type Lists struct {
	Serials   []Entry `json:"serials,omitempty"` // placeholders among them are placeholders of asset tags, too
	UUIDs     []Entry `json:"uuids,omitempty"`
	MACs      []Entry `json:"macs,omitempty"`
	IMEIs     []Entry `json:"imeis,omitempty"`
	AssetTags []Entry `json:"asset_tags,omitempty"`
	Names     []Entry `json:"names,omitempty"`
	Models    []Entry `json:"models,omitempty"`
}

// Entry names values that share a verdict. Values are read as the identifiers
// themselves are, so case, spaces and the form of an address do not matter.
// Prefixes, Contains and Patterns are held against the canonical form: that is
// ID.Text of a serial (upper case), UUID, MAC address (both lower case) or IMEI,
// ID.Key of an asset tag (upper case) or model (lower case), and ID.Folded of a
// name (lower case).
//
// A value or prefix of a MAC address may have an x for any digit, such as
// 00:09:0f:xx:00:01; MAC addresses have no Contains.
//
// Entries of [Data].Allow say only what they name; they have no verdict.
type Entry struct {
	Values   []string `json:"values,omitempty"`   // whole values
	Prefixes []string `json:"prefixes,omitempty"` // beginnings
	Contains []string `json:"contains,omitempty"` // parts
	Patterns []string `json:"patterns,omitempty"` // regular expressions of package regexp for the whole value

	Quality Quality `json:"quality,omitzero"` // best quality left to them; Absent = Junk, Strong = nothing lost
	Reasons Reasons `json:"reasons,omitzero"` // why; empty = ReasonListed
	Traits  Traits  `json:"traits,omitzero"`  // what they show besides
	Why     string  `json:"why,omitzero"`     // note for people
}

// Standard returns a copy of the lists that ship with this version.
func Standard() Data {
	d, err := decode([]byte(standardJSON))
	if err != nil {
		panic("ident: standard.json: " + err.Error()) // a test reads it
	}
	return d
}

// With returns lists that know what d and more know. The version names both,
// such as "2026-11/1+school-17/3"; the arguments stay as they are. Where two
// entries name a value, the lower quality holds and all reasons count; an
// allowed value stays allowed.
func (d Data) With(more Data) Data {
	return Data{
		Version: d.Version + "+" + more.Version,
		Lists:   d.Lists.with(more.Lists),
		Owners:  slices.Concat(d.Owners, more.Owners),
		Allow:   d.Allow.with(more.Allow),
	}
}

func (l Lists) with(more Lists) Lists {
	return Lists{
		Serials:   slices.Concat(l.Serials, more.Serials),
		UUIDs:     slices.Concat(l.UUIDs, more.UUIDs),
		MACs:      slices.Concat(l.MACs, more.MACs),
		IMEIs:     slices.Concat(l.IMEIs, more.IMEIs),
		AssetTags: slices.Concat(l.AssetTags, more.AssetTags),
		Names:     slices.Concat(l.Names, more.Names),
		Models:    slices.Concat(l.Models, more.Models),
	}
}

// Parse reads lists from JSON, as json.Marshal writes Data. It is strict: a
// field, code or pattern it does not understand is an error that names it, so
// that no entry is lost to a slip of the pen.
func Parse(data []byte) (Data, error) {
	d, err := decode(data)
	if err != nil {
		return Data{}, fmt.Errorf("ident: lists: %w", err)
	}
	if _, err := d.Rules(); err != nil {
		return Data{}, err
	}
	return d, nil
}

func decode(data []byte) (Data, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var d Data
	if err := dec.Decode(&d); err != nil {
		return Data{}, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Data{}, errors.New("more text after the JSON object; remove it")
	}
	return d, nil
}
