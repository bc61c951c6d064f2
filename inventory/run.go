package inventory

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// ErrRunning says that another run of the connection is under way.
var ErrRunning = errors.New("inventory: another run of this connection is under way")

// Run is the report of one sync. It holds counts, ids and codes, and no
// personal data besides the names in its warnings' arguments.
type Run struct {
	ID         string         `json:"run_id"`
	Connection string         `json:"connection"`
	Started    time.Time      `json:"started"`
	Finished   time.Time      `json:"finished,omitzero"`
	Listing    Listing        `json:"listing"`
	Outcomes   map[string]int `json:"outcomes,omitempty"` // devices by outcome, such as "auto_linked"
	Attributes Attributes     `json:"attributes"`
	Life       map[string]int `json:"lifecycle,omitempty"` // devices by life stage, such as "missing"
	Created    int            `json:"created"`             // assets created
	Writes     int            `json:"writes"`              // changes carried out
	Refused    []Refusal      `json:"refused,omitempty"`   // changes that the host did not want
	Holds      []Hold         `json:"held,omitempty"`
	Warnings   []Warning      `json:"warnings,omitempty"`
	Throttle   *Throttle      `json:"throttle,omitempty"`   // nil = not known
	Credential *Credential    `json:"credential,omitempty"` // nil = not known
	Health     []mdm.Health   `json:"-"`                    // of every credential, where the source tells
	Details    int            `json:"details,omitzero"`     // details read
	Stale      int            `json:"stale,omitzero"`       // changes of a stored plan that were overtaken, see Apply
	Advice     string         `json:"advice,omitzero"`      // what a person can do about Error
	Software   int            `json:"software,omitzero"`    // rows of software read
	Error      string         `json:"error,omitzero"`       // code of the failure that ended the listing; "" = none
}

// Listing says what was read.
type Listing struct {
	Complete bool   `json:"complete"`          // every device was listed: what is absent is missing
	Whole    bool   `json:"whole,omitzero"`    // every device was listed, or every change, but for the lost ones
	Changes  bool   `json:"changes,omitzero"`  // changes were listed; the other devices are known from before
	Expected int    `json:"expected,omitzero"` // 0 = not known
	Received int    `json:"received"`
	Lost     int    `json:"lost,omitzero"` // records that could not be read
	Pages    int    `json:"pages"`
	EndedBy  string `json:"ended_by"`         // "last_page", "error", or why it is not complete
	Resumed  int    `json:"resumed,omitzero"` // how often it went on after a page that failed
}

// Throttle says how a run was slowed down by the remote system.
type Throttle struct {
	Limited int           `json:"http_429"` // answers that asked for patience
	Waited  time.Duration `json:"-"`        // how long was waited in all; in JSON "waited_s", in seconds
}

// MarshalJSON writes the waiting in seconds.
func (t Throttle) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"http_429":%d,"waited_s":%d}`, t.Limited, int(t.Waited.Seconds())), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Throttle) UnmarshalJSON(data []byte) error {
	var raw struct {
		Limited int   `json:"http_429"`
		Waited  int64 `json:"waited_s"`
	}
	err := json.Unmarshal(data, &raw)
	*t = Throttle{raw.Limited, time.Duration(raw.Waited) * time.Second}
	return err
}

// Credential is the worst state of the credentials of a source.
type Credential struct {
	State   mdm.HealthState `json:"state"`
	Kind    string          `json:"kind,omitzero"`             // what it is, such as "API key"
	Expires time.Time       `json:"expires,omitzero"`          // zero = not known, or never
	Days    *int            `json:"expires_in_days,omitempty"` // full days left; nil = not known
	Next    string          `json:"next,omitzero"`             // what a person should do; "" = nothing
}

// Attributes counts what became of the mapped attributes of linked devices.
type Attributes struct {
	Changed     int `json:"changed"`
	Unchanged   int `json:"unchanged"`
	LocalEdit   int `json:"kept_local_edit"`
	Blank       int `json:"skipped_blank"`
	OtherSource int `json:"kept_other_source,omitzero"` // written by another source of the same or a higher rank
}

// Refusal is a change that the host did not want.
type Refusal struct {
	Device string `json:"device"`
	Reason string `json:"reason"`
}

// Warning is something worth a person's look.
type Warning struct {
	Code    string         `json:"code"`
	Device  string         `json:"device,omitzero"`
	Others  []string       `json:"others,omitempty"` // ids of further devices that it is about
	Reasons []match.Reason `json:"reasons,omitempty"`
}

// Phase is what a run is doing.
type Phase string

const (
	PhaseRead    Phase = "read"    // reading devices from the source
	PhaseDetails Phase = "details" // reading details of single devices
	PhaseLoad    Phase = "load"    // reading the inventory
	PhasePlan    Phase = "plan"    // matching and planning
	PhaseApply   Phase = "apply"   // writing changes
)

// Progress tells how far a run is.
type Progress struct {
	Phase Phase
	Done  int
	Total int // 0 = not known
}

// Observer is told of progress, often; it must be quick. It is called from
// the goroutine that called Sync.
type Observer func(Progress)

func (o Observer) tell(phase Phase, done, total int) {
	if o != nil {
		o(Progress{phase, done, total})
	}
}
