package inventory

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// stateData is State.Data.
type stateData struct {
	Version int      `json:"v"`
	Running *running `json:"running,omitempty"`

	Last      *Run      `json:"last,omitempty"`     // the last run that ended
	Automatic time.Time `json:"automatic,omitzero"` // when the last run started, by schedule or by hand

	Origin   mdm.Origin `json:"origin,omitzero"`    // of the last complete listing
	Filter   string     `json:"filter,omitzero"`    // of the last complete listing
	Round    int        `json:"round,omitzero"`     // how many complete listings there were
	Since    mdm.Cursor `json:"since,omitzero"`     // lists what changed since the last run
	Wanted   string     `json:"wanted,omitzero"`    // the attributes that were read then
	Approved []Hold     `json:"approved,omitempty"` // holds that a person let pass, until a run that applied everything

	Failures int       `json:"failures,omitzero"` // runs in a row that the remote system failed
	Failure  string    `json:"failure,omitzero"`  // code of the last failure
	Until    time.Time `json:"until,omitzero"`    // scheduled runs wait until then
	Health   []health  `json:"health,omitempty"`  // of the credentials, as the last run saw them
}

// running says that a run is under way.
type running struct {
	Run     string    `json:"run"`
	Since   time.Time `json:"since"` // last sign of life
	Started time.Time `json:"started"`
	Lease   int64     `json:"lease,omitzero"` // seconds without a sign of life after which the run counts as dead
	Phase   Phase     `json:"phase,omitzero"`
	Done    int       `json:"done,omitzero"`
	Total   int       `json:"total,omitzero"`
}

// alive reports whether the run still gives signs of life.
func (r *running) alive(now time.Time) bool {
	return r != nil && now.Sub(r.Since) < time.Duration(r.Lease)*time.Second
}

// health is what is stored of a credential's health.
type health struct {
	Credential string          `json:"credential"`
	State      mdm.HealthState `json:"state"`
	Expires    time.Time       `json:"expires,omitzero"`
	Next       string          `json:"next,omitzero"`
}

func decodeState(s State) (stateData, error) {
	var d stateData
	if len(s.Data) == 0 {
		return stateData{Version: dataVersion}, nil
	}
	if err := json.Unmarshal(s.Data, &d); err != nil {
		return d, fmt.Errorf("inventory: state of the connection: its data is damaged")
	}
	if d.Version > dataVersion {
		return d, fmt.Errorf("inventory: state of the connection: written by a later version of this library; update the program")
	}
	return d, nil
}

func (d stateData) encode() ([]byte, error) {
	d.Version = dataVersion
	return json.Marshal(d)
}
