package inventory

import (
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// ErrRunning says that another run of the connection is under way.
var ErrRunning = errors.New("inventory: another run of this connection is under way")

// Run is the report of one sync. It holds counts, ids and codes, and no
// personal data besides the names in its warnings' arguments.
type Run struct {
	ID         string         `json:"run"`
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
	Health     []mdm.Health   `json:"-"`
	Software   int            `json:"software,omitzero"` // rows of software read
	Error      string         `json:"error,omitzero"`    // code of the failure that ended the listing; "" = none
}

// Listing says what was read.
type Listing struct {
	Complete bool   `json:"complete"`
	Expected int    `json:"expected,omitzero"` // 0 = not known
	Received int    `json:"received"`
	Lost     int    `json:"lost,omitzero"` // records that could not be read
	Pages    int    `json:"pages"`
	EndedBy  string `json:"ended_by"` // "last_page", "error", or why it is not complete
}

// Attributes counts what became of the mapped attributes of linked devices.
type Attributes struct {
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	LocalEdit int `json:"kept_local_edit"`
	Blank     int `json:"skipped_blank"`
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
	Reasons []match.Reason `json:"reasons,omitempty"`
}

// Phase is what a run is doing.
type Phase string

const (
	PhaseRead  Phase = "read"  // reading devices from the source
	PhaseLoad  Phase = "load"  // reading the inventory
	PhasePlan  Phase = "plan"  // matching and planning
	PhaseApply Phase = "apply" // writing changes
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
