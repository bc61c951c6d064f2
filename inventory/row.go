package inventory

import (
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// Row is what an entry tells a person: a line of the staging table, or what is
// known of a linked device.
type Row struct {
	Connection string
	Device     string // id of the device
	State      EntryState
	Asset      string     // id of the linked asset; "" = none
	Record     mdm.Record // what was stored of the device, limited to Connection.Keep

	Outcome    match.Kind
	Rung       match.Rung
	Reasons    []match.Reason
	Candidates []match.Candidate // suggestions, best first
	Primary    string            // of an alias: the device that stands for both
	Decisions  []match.Decision  // what persons decided

	First   time.Time // when a run first listed the device
	Missing time.Time // since when complete listings lack it; zero = listed
	Linked  time.Time // when it was linked
}

// ReadRow reads an entry that a Store holds.
func ReadRow(e Entry) (Row, error) {
	d, err := decodeEntry(e)
	if err != nil {
		return Row{}, err
	}
	return Row{Connection: e.Connection, Device: e.Device, State: e.State, Asset: e.Asset, Record: d.Record,
		Outcome: d.Outcome, Rung: d.Rung, Reasons: d.Reasons, Candidates: d.Candidates, Primary: d.Primary,
		Decisions: d.Decisions, First: d.First, Missing: d.Missed, Linked: d.Linked}, nil
}
