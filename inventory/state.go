package inventory

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// stateData is State.Data.
type stateData struct {
	Version  int        `json:"v"`
	Running  *running   `json:"running,omitempty"`
	Last     *Run       `json:"last,omitempty"`     // the last run that ended
	Origin   mdm.Origin `json:"origin,omitzero"`    // of the last complete listing
	Filter   string     `json:"filter,omitzero"`    // of the last complete listing
	Approved []Hold     `json:"approved,omitempty"` // holds that a person let pass, until the next run
	Failures int        `json:"failures,omitzero"`  // runs in a row that the remote system failed
}

// running says that a run is under way.
type running struct {
	Run   string    `json:"run"`
	Since time.Time `json:"since"` // last sign of life
}

func decodeState(s State) (stateData, error) {
	var d stateData
	if len(s.Data) == 0 {
		return stateData{Version: dataVersion}, nil
	}
	if err := json.Unmarshal(s.Data, &d); err != nil {
		return d, fmt.Errorf("inventory: state of the connection: its data is damaged: %w", err)
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
