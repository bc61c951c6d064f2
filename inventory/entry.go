package inventory

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// dataVersion is the version of what this package stores in Entry.Data and
// State.Data. A later version is refused, so that an older program does not
// lose what it does not know.
const dataVersion = 1

// entryData is Entry.Data: this struct as one line of JSON, what syncs left in
// the fields of the asset as a second, and the record as a third one. Most
// devices of most runs need only the first.
type entryData struct {
	Version int `json:"v"`

	Print    string    `json:"print,omitzero"`    // of the record as it was read, without what is volatile
	More     bool      `json:"more,omitzero"`     // the stored record tells more than the last reading did
	Part     string    `json:"part,omitzero"`     // of the system that was listed when the device was read last
	Detailed time.Time `json:"detailed,omitzero"` // when the detail was read last

	First  time.Time `json:"first,omitzero"`  // when a run first listed the device
	Back   time.Time `json:"back,omitzero"`   // when it was listed again after it had been missing
	Stage  Stage     `json:"stage,omitzero"`  // where it stands in its life
	Missed time.Time `json:"missed,omitzero"` // since when it is not listed any more; zero = listed
	Round  int       `json:"round,omitzero"`  // which complete listing missed it first
	Moved  string    `json:"moved,omitzero"`  // connection that lists it now, or listed it before
	Ceded  time.Time `json:"ceded,omitzero"`  // when another record took over its link
	Forgot bool      `json:"forgot,omitzero"` // what was known was forgotten

	Wiped    time.Time `json:"wiped,omitzero"`     // since when a wipe is confirmed; zero = none is
	Requests []Request `json:"requests,omitempty"` // commands that were requested, newest last

	Outcome    match.Kind               `json:"outcome,omitzero"`
	Rung       match.Rung               `json:"rung,omitzero"`
	Reasons    carried[match.Reason]    `json:"reasons,omitzero"`
	Candidates carried[match.Candidate] `json:"candidates,omitzero"`
	Primary    string                   `json:"primary,omitzero"` // of an alias: the device that stands for both

	Linked    time.Time        `json:"linked,omitzero"`  // when it was linked
	Serial    string           `json:"serial,omitzero"`  // its serial number then
	Bereft    string           `json:"bereft,omitzero"`  // asset it was linked to and that is not there any more
	Created   bool             `json:"created,omitzero"` // linking made the asset
	Births    int              `json:"births,omitzero"`  // links to created assets that a person undid
	Decisions []match.Decision `json:"decisions,omitempty"`

	fields []byte // the second line; empty = none
	record []byte // the third line; empty = none
}

// carried is a list that most runs carry along without a look at it: one that
// was read stays JSON until somebody asks.
type carried[T any] struct {
	text  []byte // as it was read
	fresh []T    // in place of text
}

func (c carried[T]) list() ([]T, error) {
	if len(c.text) == 0 {
		return c.fresh, nil
	}
	var list []T
	if err := json.Restore(c.text, &list); err != nil {
		return nil, errors.New("what was stored of an outcome is damaged")
	}
	return list, nil
}

// IsZero reports whether the list is empty.
func (c carried[T]) IsZero() bool { return len(c.text)+len(c.fresh) == 0 }

// MarshalJSON writes the list.
func (c carried[T]) MarshalJSON() ([]byte, error) {
	if len(c.text) > 0 {
		return c.text, nil
	}
	return json.Marshal(c.fresh)
}

// UnmarshalJSON keeps the list.
func (c *carried[T]) UnmarshalJSON(text []byte) error {
	c.text = bytes.Clone(text)
	return nil
}

// left is what syncs left in a field of the asset.
type left struct {
	Field  string  `json:"f"`
	Value  string  `json:"v"`          // as a sync left it last
	At     int64   `json:"t,omitzero"` // when, in nanoseconds since 1970; zero as stored = as of the one before
	Rank   int     `json:"r,omitzero"` // of the connection then
	Before *string `json:"b,omitzero"` // as it was before the first write; nil = none was needed, since both agreed
}

// lefts are what syncs left in the fields of an asset, by field.
type lefts []left

func (l lefts) search(field string) (int, bool) {
	return slices.BinarySearchFunc(l, field, func(l left, field string) int { return cmp.Compare(l.Field, field) })
}

// of is what syncs left in a field; false = nothing.
func (l lefts) of(field string) (left, bool) {
	i, ok := l.search(field)
	if !ok {
		return left{}, false
	}
	return l[i], true
}

// with adds what a sync leaves in a field. What was there before the first
// write stays.
func (l lefts) with(now left) lefts {
	i, ok := l.search(now.Field)
	if !ok {
		return slices.Insert(l, i, now)
	}
	now.Before = cmp.Or(l[i].Before, now.Before)
	l[i] = now
	return l
}

// short is the form in which they are stored: most were left by one sync, so
// the time of the one before is not repeated. It takes l.
func (l lefts) short() lefts {
	for i := len(l) - 1; i > 0; i-- {
		if l[i].At == l[i-1].At {
			l[i].At = 0
		}
	}
	return l
}

func decodeEntry(e Entry) (entryData, error) {
	var d entryData
	err := d.decode(e)
	return d, err
}

// decode reads the data of an entry into d, which is empty. It keeps the bytes
// of the second and the third line.
func (d *entryData) decode(e Entry) error {
	if len(e.Data) == 0 {
		d.Version = dataVersion
		return nil
	}
	head, rest, _ := bytes.Cut(e.Data, []byte("\n"))
	d.fields, d.record, _ = bytes.Cut(rest, []byte("\n"))
	if err := json.Restore(head, d); err != nil {
		return fmt.Errorf("inventory: entry of device %s: its data is damaged", e.Device)
	}
	if d.Version > dataVersion {
		return fmt.Errorf("inventory: entry of device %s: written by a later version of this library; update the program", e.Device)
	}
	return nil
}

// shed lets go of the bytes that d was decoded from, and keeps a copy of what
// it still needs of them. The record is not needed if print, of what was read
// now, says that it is the same.
func (d *entryData) shed(print string) {
	if d.Print == print && print != "" && !d.More {
		d.record = nil
	}
	d.fields, d.record = bytes.Clone(d.fields), bytes.Clone(d.record)
}

// head is the first line.
func (d *entryData) head() ([]byte, error) {
	d.Version = dataVersion
	return json.Marshal(d)
}

// same reports whether two are the same, but for the records.
func (d *entryData) same(o *entryData) (bool, error) {
	if !bytes.Equal(d.fields, o.fields) {
		return false, nil
	}
	ours, err := d.head()
	if err != nil {
		return false, err
	}
	theirs, err := o.head()
	return bytes.Equal(ours, theirs), err
}

func (d *entryData) encode() ([]byte, error) { return d.encodeWith(new(bytes.Buffer), nil, nil) }

// encodeWith is the data with another second and third line; nil = as they
// are. It uses b, and keeps nothing of it.
func (d *entryData) encodeWith(b *bytes.Buffer, fields lefts, record *mdm.Record) ([]byte, error) {
	b.Reset()
	d.Version = dataVersion
	if err := json.MarshalTo(b, d); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	if fields == nil {
		b.Write(d.fields)
	} else if err := json.MarshalTo(b, fields.short()); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	if record == nil {
		b.Write(d.record)
	} else if err := json.MarshalTo(b, record); err != nil {
		return nil, err
	}
	return bytes.Clone(b.Bytes()), nil
}

// left is what syncs left in the asset.
func (d *entryData) left() (lefts, error) {
	if len(d.fields) == 0 {
		return nil, nil
	}
	var l lefts
	if err := json.Restore(d.fields, &l); err != nil {
		return nil, errors.New("what was stored of an asset's fields is damaged")
	}
	for i := range l {
		if l[i].At == 0 && i > 0 {
			l[i].At = l[i-1].At
		}
	}
	return l, nil
}

// stored is the record that was stored; the zero Record if none was.
func (d *entryData) stored() (mdm.Record, error) {
	if len(d.record) == 0 {
		return mdm.Record{}, nil
	}
	var r mdm.Record
	if err := json.Restore(d.record, &r); err != nil {
		return r, errors.New("inventory: a stored record is damaged")
	}
	return r, nil
}

// decided reports whether a person made a decision of one of the kinds.
func (d *entryData) decided(kinds ...match.DecisionKind) bool {
	return slices.ContainsFunc(d.Decisions, func(x match.Decision) bool { return slices.Contains(kinds, x.Kind) })
}

// rejected reports whether a person said that the device is not the asset.
func (d *entryData) rejected(asset string) bool {
	return slices.ContainsFunc(d.Decisions, func(x match.Decision) bool { return x.Kind == match.Reject && x.Asset == asset })
}

// without drops the decisions of some kinds.
func without(decisions []match.Decision, kinds ...match.DecisionKind) []match.Decision {
	return slices.DeleteFunc(slices.Clone(decisions), func(x match.Decision) bool { return slices.Contains(kinds, x.Kind) })
}

// staged drops what belongs to a link.
func (d entryData) staged() entryData {
	d.Linked, d.Serial, d.Created, d.fields = time.Time{}, "", false, nil
	return d
}
