package match

import (
	"time"
)

// Explanation is all that there is to say about one device and one asset, with
// the values that were compared. It holds personal data.
type Explanation struct {
	Device string `json:"device"`
	Asset  string `json:"asset"`

	Outcome Outcome `json:"outcome"` // of the device, whatever the asset

	Rung     Rung     `json:"rung,omitzero"` // best rung that holds for the pair
	Decides  bool     `json:"decides"`       // the rung would link the pair if nothing spoke against it
	Bits     float64  `json:"bits"`
	Evidence Evidence `json:"evidence"`
	Vetoes   []Reason `json:"vetoes,omitempty"`
	Held     []Reason `json:"held,omitempty"` // why the rung does not decide
	Trace    []Step   `json:"trace"`          // for this pair: Hits is 1 where the rung holds

	Decisions []Decision `json:"decisions,omitempty"` // about the device, oldest first

	Policy string    `json:"policy"` // version
	Rules  string    `json:"rules"`  // version of the lists of identifiers
	Now    time.Time `json:"now,omitzero"`
}

// Explain says why a device is or is not an asset; false if one of them is not
// in the input, or its id is there twice. Uniqueness and the decisions are
// those of the whole input.
func (m *Matching) Explain(device, asset string) (Explanation, bool) {
	d, a := m.findDevice(device), m.findAsset(asset)
	if d == none || a == none {
		return Explanation{}, false
	}
	f := m.factsOf(d)
	p := m.compare(&f, d, a, true)
	e := Explanation{
		Device: device, Asset: asset,
		Rung: p.rung, Decides: p.decides, Bits: p.bits, Evidence: p.evidence, Vetoes: p.vetoes, Held: p.held,
		Trace:  m.trace(&f, d, []pairing{p}),
		Policy: m.policy.Version, Rules: m.rules.Version(), Now: m.now,
	}
	e.Outcome, _ = m.Outcome(device)
	if l := m.ownLink(d); l != nil && l.Asset == asset {
		e.Vetoes = m.linkVetoes(d, a, l)
	}
	for _, st := range m.standing(func(DecisionKind) bool { return true }) {
		if m.primary[st.device] == m.primary[d] {
			e.Decisions = append(e.Decisions, *st.Decision)
		}
	}
	return e, true
}

// Explain is [Matching.Explain] for an Input that is used only once. To compare
// just two records, give an Input that holds nothing else.
func Explain(in Input, device, asset string) (Explanation, bool) {
	return New(in).Explain(device, asset)
}

// Difference says what another policy would change.
type Difference struct {
	From   string       `json:"from"`   // version of the policy
	To     string       `json:"to"`     // version of the other one
	Before map[Kind]int `json:"before"` // outcomes by kind
	After  map[Kind]int `json:"after"`  // outcomes by kind under the other policy

	Linked   int      `json:"linked"`            // devices that would be linked and were not
	Unlinked int      `json:"unlinked"`          // devices that would no longer be linked
	Relinked int      `json:"relinked"`          // devices that would be linked to another asset: look at each
	Changes  []Change `json:"changes,omitempty"` // devices whose kind or asset would change, in the order of their ids
}

// Change is what another policy would change about one device.
type Change struct {
	Device      string `json:"device"`
	Before      Kind   `json:"before"`
	After       Kind   `json:"after"`
	BeforeAsset string `json:"before_asset,omitzero"` // for a link
	AfterAsset  string `json:"after_asset,omitzero"`  // for a link
	BeforeRung  Rung   `json:"before_rung,omitzero"`
	AfterRung   Rung   `json:"after_rung,omitzero"`
}

// Compare tries another policy over the same snapshot. It costs less than
// matching anew, since nothing is read again.
func (m *Matching) Compare(p Policy) Difference {
	other := m.snapshot.with(p)
	d := Difference{From: m.policy.Version, To: other.policy.Version, Before: map[Kind]int{}, After: map[Kind]int{}}
	x, y := m.writer(), other.writer()
	for _, i := range m.order {
		d.add(x.outcome(i), y.outcome(i))
	}
	return d
}

func (d *Difference) add(a, b Outcome) {
	d.Before[a.Kind]++
	d.After[b.Kind]++
	c := Change{Device: a.Device, Before: a.Kind, After: b.Kind, BeforeRung: a.Rung, AfterRung: b.Rung}
	if a.Kind.IsLink() {
		c.BeforeAsset = a.Asset
	}
	if b.Kind.IsLink() {
		c.AfterAsset = b.Asset
	}
	if c.Before == c.After && c.BeforeAsset == c.AfterAsset {
		return
	}
	switch {
	case c.BeforeAsset == "" && c.AfterAsset != "":
		d.Linked++
	case c.BeforeAsset != "" && c.AfterAsset == "":
		d.Unlinked++
	case c.BeforeAsset != c.AfterAsset:
		d.Relinked++
	}
	d.Changes = append(d.Changes, c)
}

// Compare matches an Input under two policies and says what the second one
// would change. Input.Policy does not count.
func Compare(in Input, a, b Policy) Difference {
	return newSnapshot(in).with(a).Compare(b)
}

// ReportVersion is the version of the reports that this package writes.
const ReportVersion = "match/1"

// Report sums up a run, for storage. Links are counted, all other outcomes
// listed.
type Report struct {
	Version    string       `json:"version"`
	Connection string       `json:"connection"`
	Policy     string       `json:"policy"` // version
	Rules      string       `json:"rules"`  // version of the lists of identifiers
	Now        time.Time    `json:"now,omitzero"`
	Devices    int          `json:"devices"`
	Assets     int          `json:"assets"`
	Counts     map[Kind]int `json:"counts"`
	Warnings   []Warning    `json:"warnings,omitempty"`
	Outcomes   []Outcome    `json:"outcomes,omitempty"` // those that are neither a link nor an alias
}

// Warning is a warning with the device it is about.
type Warning struct {
	Device string `json:"device"`
	Reason Reason `json:"reason"`
}

// Report sums up the outcomes.
func (m *Matching) Report() Report {
	r := Report{Version: ReportVersion, Connection: m.in.Connection, Policy: m.policy.Version, Rules: m.rules.Version(),
		Now: m.now, Devices: len(m.in.Devices), Assets: len(m.in.Assets), Counts: map[Kind]int{}}
	for o := range m.Outcomes() {
		r.Counts[o.Kind]++
		for _, w := range o.Warnings {
			r.Warnings = append(r.Warnings, Warning{o.Device, w})
		}
		if !o.Kind.IsLink() && o.Kind != Alias {
			r.Outcomes = append(r.Outcomes, o)
		}
	}
	return r
}
