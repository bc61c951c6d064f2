package inventory

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// dataVersion is the version of what this package stores in Entry.Data and
// State.Data. A later version is refused, so that an older program does not
// lose what it does not know.
const dataVersion = 1

// entryData is Entry.Data.
type entryData struct {
	Version int `json:"v"`

	Record mdm.Record `json:"record"` // limited to Connection.Keep
	Print  string     `json:"print"`  // of the record without what is volatile

	First  time.Time `json:"first,omitzero"`  // when a run first listed the device
	Missed time.Time `json:"missed,omitzero"` // since when complete listings lack it; zero = listed
	Runs   int       `json:"runs,omitzero"`   // complete listings in a row that lack it

	Outcome    match.Kind        `json:"outcome,omitzero"`
	Rung       match.Rung        `json:"rung,omitzero"`
	Reasons    []match.Reason    `json:"reasons,omitempty"`
	Candidates []match.Candidate `json:"candidates,omitempty"`
	Primary    string            `json:"primary,omitzero"` // of an alias: the device that stands for both

	Linked    time.Time         `json:"linked,omitzero"`   // when it was linked
	Serial    string            `json:"serial,omitzero"`   // its serial number then
	Asset     *seenAsset        `json:"asset,omitempty"`   // what a person saw of the linked asset, for undoing
	Written   map[string]string `json:"written,omitempty"` // fields as a sync wrote them last
	Before    map[string]string `json:"before,omitempty"`  // fields as they were before the first write
	Decisions []match.Decision  `json:"decisions,omitempty"`
}

// seenAsset remembers whether linking made the asset.
type seenAsset struct {
	Created bool `json:"created,omitzero"`
}

func decodeEntry(e Entry) (entryData, error) {
	var d entryData
	if len(e.Data) == 0 {
		return entryData{Version: dataVersion}, nil
	}
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return d, fmt.Errorf("inventory: entry of device %s: its data is damaged: %w", e.Device, err)
	}
	if d.Version > dataVersion {
		return d, fmt.Errorf("inventory: entry of device %s: written by a later version of this library; update the program", e.Device)
	}
	return d, nil
}

func (d entryData) encode() ([]byte, error) {
	d.Version = dataVersion
	return json.Marshal(d)
}

// fingerprint of a record without what changes by itself.
func fingerprint(r mdm.Record) (string, error) {
	text, err := json.Marshal(r.Only(stableKeys()))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return base64.RawStdEncoding.EncodeToString(sum[:12]), nil
}

var stableKeys = sync.OnceValue(func() mdm.Keys {
	var keys mdm.Keys
	for _, a := range mdm.Catalogue() {
		if !a.Volatile {
			keys = append(keys, a.Key)
		}
	}
	return append(keys, mdm.KeyCustom)
})

// decided returns the decision of a kind, if a person made one that holds.
func (d entryData) decided(kind match.DecisionKind) (match.Decision, bool) {
	i := slices.IndexFunc(d.Decisions, func(x match.Decision) bool { return x.Kind == kind })
	if i < 0 {
		return match.Decision{}, false
	}
	return d.Decisions[i], true
}

// without drops the decisions of some kinds.
func without(decisions []match.Decision, kinds ...match.DecisionKind) []match.Decision {
	return slices.DeleteFunc(slices.Clone(decisions), func(x match.Decision) bool { return slices.Contains(kinds, x.Kind) })
}
