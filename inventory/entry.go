package inventory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// dataVersion is the version of what this package stores in Entry.Data and
// State.Data. A later version is refused, so that an older program does not
// lose what it does not know.
const dataVersion = 1

// entryData is Entry.Data: this struct as one line of JSON, and the record as
// a second one. Most runs need only the first.
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

	Linked    time.Time          `json:"linked,omitzero"`   // when it was linked
	Serial    string             `json:"serial,omitzero"`   // its serial number then
	Bereft    string             `json:"bereft,omitzero"`   // asset it was linked to and that is not there any more
	Created   bool               `json:"created,omitzero"`  // linking made the asset
	Births    int                `json:"births,omitzero"`   // links to created assets that a person undid
	Written   map[string]written `json:"written,omitempty"` // fields as a sync left them last
	Before    map[string]string  `json:"before,omitempty"`  // fields as they were before the first write
	Decisions []match.Decision   `json:"decisions,omitempty"`

	record []byte // the second line
}

// written says what a connection left in a field.
type written struct {
	Value string    `json:"value"`
	At    time.Time `json:"at"`
	Rank  int       `json:"rank,omitzero"` // of the connection then
}

func decodeEntry(e Entry) (entryData, error) {
	if len(e.Data) == 0 {
		return entryData{Version: dataVersion}, nil
	}
	var d entryData
	head, record, _ := bytes.Cut(e.Data, []byte("\n"))
	if err := json.Unmarshal(head, &d); err != nil {
		return d, fmt.Errorf("inventory: entry of device %s: its data is damaged", e.Device)
	}
	if d.Version > dataVersion {
		return d, fmt.Errorf("inventory: entry of device %s: written by a later version of this library; update the program", e.Device)
	}
	d.record = record
	return d, nil
}

func (d entryData) encode() ([]byte, error) {
	d.Version = dataVersion
	head, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return append(append(head, '\n'), d.record...), nil
}

// stored is the record that was stored; the zero Record if none was.
func (d entryData) stored() (mdm.Record, error) {
	var r mdm.Record
	if len(d.record) == 0 {
		return r, nil
	}
	if err := json.Unmarshal(d.record, &r); err != nil {
		return r, fmt.Errorf("inventory: a stored record is damaged")
	}
	return r, nil
}

func (d *entryData) store(r mdm.Record) error {
	text, err := json.Marshal(r)
	d.record = text
	return err
}

// decided reports whether a person made a decision of one of the kinds.
func (d entryData) decided(kinds ...match.DecisionKind) bool {
	return slices.ContainsFunc(d.Decisions, func(x match.Decision) bool { return slices.Contains(kinds, x.Kind) })
}

// rejected reports whether a person said that the device is not the asset.
func (d entryData) rejected(asset string) bool {
	return slices.ContainsFunc(d.Decisions, func(x match.Decision) bool { return x.Kind == match.Reject && x.Asset == asset })
}

// without drops the decisions of some kinds.
func without(decisions []match.Decision, kinds ...match.DecisionKind) []match.Decision {
	return slices.DeleteFunc(slices.Clone(decisions), func(x match.Decision) bool { return slices.Contains(kinds, x.Kind) })
}

// staged drops what belongs to a link.
func (d entryData) staged() entryData {
	d.Linked, d.Serial, d.Created, d.Written, d.Before = time.Time{}, "", false, nil, nil
	return d
}
