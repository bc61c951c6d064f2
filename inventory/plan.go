package inventory

import (
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// PlanInput is everything that planning reads.
type PlanInput struct {
	Connection Connection
	Now        time.Time
	Records    []mdm.Record          // what was listed, each device once
	Details    map[string]mdm.Record // details that were read in addition, by id of the device; nil = none
	Removed    []string              // ids that a listing of changes says have left
	Listing    Listing               // how the reading ended
	Round      int                   // how many complete listings there were, this one included
	Assets     []Asset               // all of the scope
	Entries    []Entry               // all of the scope, of every connection
	Elsewhere  []Entry               // of other scopes, to recognise devices that moved; nil = none
	Requests   []Request             // commands of which something is newly known
	Approved   []Hold                // holds that a person let pass

	// Part stands for the tenant and the part of it that was listed. A device
	// that was last seen in another part is not missing. "" = always the same.
	Part string

	// What a run prepares while it reads; nil = it is in the fields above.
	prints []string // of Records
	assets *assets  // in place of Assets
	known  []*known // in place of Entries
}

// Plan is what a run would change. It is a value: it can be stored as JSON,
// shown (see Text), applied later (see Apply) or thrown away.
type Plan struct {
	Version    int       `json:"v"`
	Connection string    `json:"connection"`
	Scope      string    `json:"scope"`
	At         time.Time `json:"at"`
	Steps      []Step    `json:"steps"` // by device; devices for which nothing changes have none
	Report     Run       `json:"report"`
}

// Action is what a step does.
type Action string

const (
	ActionLink   Action = "link"   // link a device to an asset
	ActionCreate Action = "create" // create an asset and link the device to it
	ActionUpdate Action = "update" // write attributes to a linked asset
	ActionStage  Action = "stage"  // put the device into the staging table, or change its row
	ActionIgnore Action = "ignore" // keep ignoring the device
	ActionAlias  Action = "alias"  // note that the device is another record of one that is there
	ActionDoubt  Action = "doubt"  // keep a link, and note what speaks against it
	ActionMiss   Action = "miss"   // note that the device is missing
	ActionGone   Action = "gone"   // note that the device has been missing for long
	ActionMove   Action = "move"   // note that another connection lists the device now
	ActionReturn Action = "return" // note that a missing device is back
	ActionForget Action = "forget" // empty what is stored of a device that is gone
	ActionNote   Action = "note"   // store what is known of a device, nothing else
)

// Step is what a plan does about one device.
type Step struct {
	Device  string         `json:"device"`
	Action  Action         `json:"action"`
	Name    string         `json:"name,omitzero"`  // of the device
	Asset   string         `json:"asset,omitzero"` // id of the linked asset; "" for one to be created
	Outcome match.Kind     `json:"outcome,omitzero"`
	Rung    match.Rung     `json:"rung,omitzero"`
	Reasons []match.Reason `json:"reasons,omitempty"`
	Fields  []FieldChange  `json:"fields,omitempty"`
	Held    string         `json:"held,omitzero"` // code of the hold that keeps the step back; "" = none
	Change  Change         `json:"change"`
}

// NewPlan compares what was read with what is known. It is pure: the same
// input gives the same plan.
func NewPlan(in PlanInput) (Plan, error) {
	p, err := newPlanner(in)
	if err == nil {
		err = p.judge()
	}
	if err != nil {
		return Plan{}, err
	}
	return p.plan()
}

// plan makes the steps of all verdicts.
func (p *planner) plan() (Plan, error) {
	all := make([]*verdict, len(p.verdicts))
	for i := range p.verdicts {
		all[i] = &p.verdicts[i]
	}
	steps, err := p.steps(all)
	if err != nil {
		return Plan{}, err
	}
	return Plan{Version: dataVersion, Connection: p.Connection.ID, Scope: p.Connection.Scope, At: p.Now, Steps: steps, Report: p.report()}, nil
}

func (p *planner) report() Run {
	report := Run{Connection: p.Connection.ID, Listing: p.Listing, Outcomes: p.outcomes, Attributes: p.attributes,
		Life: p.life, Holds: p.holds, Warnings: p.warnings}
	for _, v := range p.verdicts {
		if v.action == ActionCreate && v.held == "" {
			report.Created++
		}
	}
	return report
}
