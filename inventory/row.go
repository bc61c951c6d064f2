package inventory

import (
	"fmt"
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
	Stage   Stage     // where it stands in its life, as the latest run saw it
	Missing time.Time // since when it is not listed any more; zero = listed
	Moved   string    // connection that lists it now, or listed it before; "" = none
	Linked  time.Time // when it was linked

	Wiped    time.Time // when a wipe was confirmed; zero = none was, or it was enrolled anew since
	Requests []Request // commands that were requested, oldest first
}

// ReadRow reads an entry that a Store holds.
func ReadRow(e Entry) (Row, error) {
	d, err := decodeEntry(e)
	if err != nil {
		return Row{}, err
	}
	record, err := d.stored()
	if err != nil {
		return Row{}, err
	}
	reasons, err := d.Reasons.list()
	if err != nil {
		return Row{}, fmt.Errorf("inventory: device %s: %w", e.Device, err)
	}
	candidates, err := d.Candidates.list()
	if err != nil {
		return Row{}, fmt.Errorf("inventory: device %s: %w", e.Device, err)
	}
	return Row{Connection: e.Connection, Device: e.Device, State: e.State, Asset: e.Asset, Record: record,
		Outcome: d.Outcome, Rung: d.Rung, Reasons: reasons, Candidates: candidates, Primary: d.Primary, Decisions: d.Decisions,
		First: d.First, Stage: d.Stage, Missing: d.Missed, Moved: d.Moved, Linked: d.Linked, Wiped: d.Wiped, Requests: d.Requests}, nil
}
