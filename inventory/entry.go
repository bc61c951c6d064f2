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
	Stage  Stage     `json:"stage,omitzero"`  // where it stands in its life
	Missed time.Time `json:"missed,omitzero"` // since when it is not listed any more; zero = listed
	Round  int       `json:"round,omitzero"`  // which complete listing missed it first
	Moved  string    `json:"moved,omitzero"`  // connection that lists it now, or listed it before
	Ceded  time.Time `json:"ceded,omitzero"`  // when another record took over its link
	Forgot bool      `json:"forgot,omitzero"` // what was known was forgotten

	Wiped    time.Time `json:"wiped,omitzero"`     // since when a wipe is confirmed; zero = none is
	Requests []Request `json:"requests,omitempty"` // commands that were requested, newest last

	Outcome    match.Kind        `json:"outcome,omitzero"`
	Rung       match.Rung        `json:"rung,omitzero"`
	Reasons    []match.Reason    `json:"reasons,omitempty"`
	Candidates []match.Candidate `json:"candidates,omitempty"`
	Primary    string            `json:"primary,omitzero"` // of an alias: the device that stands for both

	Linked    time.Time        `json:"linked,omitzero"`  // when it was linked
	Serial    string           `json:"serial,omitzero"`  // its serial number then
	Bereft    string           `json:"bereft,omitzero"`  // asset it was linked to and that is not there any more
	Created   bool             `json:"created,omitzero"` // linking made the asset
	Births    int              `json:"births,omitzero"`  // links to created assets that a person undid
	Decisions []match.Decision `json:"decisions,omitempty"`

	fields []byte // the second line; empty = none
	record []byte // the third line; empty = none
}

// left is what syncs left in a field of the asset.
type left struct {
	Field  string  `json:"f"`
	Value  string  `json:"v"`          // as a sync left it last
	At     int64   `json:"t"`          // when, in nanoseconds since 1970
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
	d.fields, d.record, d.Reasons = bytes.Clone(d.fields), bytes.Clone(d.record), slices.Clone(d.Reasons)
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

func (d *entryData) encode() ([]byte, error) {
	head, err := d.head()
	if err != nil {
		return nil, err
	}
	data := make([]byte, 0, len(head)+len(d.fields)+len(d.record)+2)
	data = append(append(data, head...), '\n')
	data = append(append(data, d.fields...), '\n')
	return append(data, d.record...), nil
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
	return l, nil
}

func (d *entryData) leave(l lefts) error {
	text, err := json.Marshal(l)
	d.fields = text
	return err
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

func (d *entryData) store(r *mdm.Record) error {
	text, err := json.Marshal(r)
	d.record = text
	return err
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
