package inventory

import (
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// move is a device on its way from what is stored to what will be.
type move struct {
	Step
	outcome match.Outcome // of a device that is there
	at      *reading      // of a device that is there; nil = it is not
	serial  string        // strong serial number of a device that is there; "" = none
	known   *known        // what is stored; nil = nothing
	old     Entry
	next    Entry
	data    entryData

	to      int           // the asset that fields are written to, unless it is a new one
	born    bool          // an asset is created
	agreed  []FieldChange // fields that hold already what they should, of which that is not noted yet
	own     lefts         // see planner.mine
	read    bool          // own was read
	touched bool          // what was requested is noted anew
	asset   *Asset        // to write, see planner.write; nil = none
	left    lefts         // what syncs left in the asset then; nil = as before
	record  *mdm.Record   // to store; nil = as before
}

// writes reports whether the move writes an asset.
func (m *move) writes() bool { return m.born || len(m.Fields) > 0 }

// device plans what the outcome of one device asks for.
func (p *planner) device(m *move, o match.Outcome) {
	p.outcomes[o.Kind.String()]++
	p.start(m, o)
	p.warn(o, m)
	m.data.Primary = o.AliasOf
	asset, there := p.assets.find(o.Asset)
	switch kept := p.linkedTo(m, o); {
	case o.Kind == match.Ignored:
		m.next.State, m.Action = EntryIgnored, ActionIgnore
	case o.Kind == match.Alias:
		p.yield(m)
		m.next.State, m.Action = EntryAlias, ActionAlias
	case o.Kind == match.Linked && there:
		m.Action = ActionUpdate
		p.link(m, asset)
	case o.Kind == match.AutoLinked && p.mayLink():
		m.Action = ActionLink
		p.link(m, asset)
	case kept:
		m.next.State, m.next.Asset, m.Asset, m.Action = EntryLinked, m.old.Asset, m.old.Asset, ActionDoubt
	case o.Kind == match.Unmatched && p.mayCreate(m):
		m.Action = ActionCreate
		p.create(m)
	default:
		p.stage(m, o)
	}
	p.settle(m, o)
	p.live(m)
	if m.Action == ActionUpdate && !m.writes() {
		m.Action = ActionNote
	}
}

// start takes up what is stored of a device.
func (p *planner) start(m *move, o match.Outcome) {
	m.outcome, m.at = o, p.readings[o.Device]
	if m.known = p.own[o.Device]; m.known != nil {
		m.old, m.data = m.known.Entry, m.known.data
	}
	r := m.at.record
	m.Step = Step{Device: o.Device, Name: p.nameOf(r), Outcome: o.Kind, Rung: o.Rung, Reasons: o.Reasons, Fields: m.Fields}
	m.next = Entry{Connection: p.Connection.ID, Device: o.Device, Revision: m.old.Revision}
	if p.Connection.Keep == nil || p.Connection.DisplayName != "" || p.Connection.keeps(mdm.KeyName) {
		m.next.Name = m.Name
	}
	if m.serial = strongSerial(r); p.Connection.keeps(mdm.KeySerial) {
		m.next.Serial = m.serial
	}
}

func (p *planner) nameOf(r *mdm.Record) string {
	if p.Connection.DisplayName == "" {
		return r.Name
	}
	return p.display("", *r)
}

// linkedTo reports whether the device has a link that the outcome leaves in
// doubt, but that no run may undo.
func (p *planner) linkedTo(m *move, o match.Outcome) bool {
	return m.old.State == EntryLinked && p.assets.has(m.old.Asset) && (o.Kind != match.AutoLinked || !p.mayLink())
}

// whole says whether the devices that are there are all known: only then is
// anything known to be unique. After a whole listing of changes the others are
// known from earlier runs.
func (p *planner) whole() bool { return p.Listing.Complete || p.Listing.Whole }

// mayLink says whether devices may be linked by a rule.
func (p *planner) mayLink() bool { return p.Connection.OnNew != NewStage && p.whole() }

// mayCreate says whether an asset may be created for a device that resembles
// none. A device that a person decided about, or whose asset a person removed,
// waits for a person, and so does one that the organisation gave away. That is
// so too when the MDM gave the device another id.
func (p *planner) mayCreate(m *move) bool {
	rejected := slices.ContainsFunc(m.outcome.Reasons, func(r match.Reason) bool { return r.Code == match.CodeRejected })
	return p.Connection.OnNew == NewCreate && m.at.record.Status != mdm.StatusReleased && p.whole() && m.old.State != EntryLinked && m.data.Bereft == "" &&
		!rejected && !p.bereft[m.serial] && !m.data.decided(match.Reject, match.Ignore)
}

// stage puts the device into the staging table.
func (p *planner) stage(m *move, o match.Outcome) {
	if m.old.State == EntryLinked {
		m.data.Bereft = m.old.Asset
	}
	m.next.State, m.Action = EntryStaged, ActionStage
	m.data = m.data.staged()
	m.data.Candidates = carried[match.Candidate]{fresh: p.withoutValues(o.Candidates)}
	if o.Kind == match.AutoLinked { // the policy leaves the click to a person
		m.data.Candidates.fresh = []match.Candidate{{Asset: o.Asset, Rung: o.Rung}}
	}
}

// yield notes that another record of the device has taken over its link.
func (p *planner) yield(m *move) {
	if m.old.State == EntryLinked {
		m.data.Ceded = p.Now
	}
	m.data = m.data.staged()
}

// settle stores why the device is where it is. For a link that simply goes on,
// that stays what it was.
func (p *planner) settle(m *move, o match.Outcome) {
	if m.next.State != EntryStaged {
		m.data.Candidates = carried[match.Candidate]{}
	}
	goes := m.next.State == EntryLinked && m.old.State == EntryLinked && m.next.Asset == m.old.Asset && o.Kind == match.Linked
	if goes && (m.data.Outcome == match.Linked || m.data.Outcome == match.AutoLinked) {
		return
	}
	m.data.Outcome, m.data.Rung, m.data.Reasons = o.Kind, o.Rung, carried[match.Reason]{fresh: p.scrubbed(o.Reasons)}
	if m.Action == ActionCreate {
		m.data.Outcome = match.Linked
	}
}

// scrubbed drops values from reasons that must not be stored.
func (p *planner) scrubbed(reasons []match.Reason) []match.Reason {
	if p.Connection.Keep == nil {
		return reasons
	}
	reasons = slices.Clone(reasons)
	for i := range reasons {
		reasons[i].Value, reasons[i].Other = "", ""
	}
	return reasons
}

// withoutValues drops values from candidates that must not be stored.
func (p *planner) withoutValues(candidates []match.Candidate) []match.Candidate {
	if p.Connection.Keep == nil {
		return candidates
	}
	candidates = slices.Clone(candidates)
	for i := range candidates {
		c := &candidates[i]
		c.Vetoes, c.Held = p.scrubbed(c.Vetoes), p.scrubbed(c.Held)
	}
	return candidates
}

// live plans the life of a device that is there.
func (p *planner) live(m *move) {
	back := !m.data.Missed.IsZero()
	m.data.Missed, m.data.Round, m.data.Forgot = time.Time{}, 0, false
	for _, r := range p.requests[m.Device] {
		m.data.note(r)
		m.touched = true
	}
	if m.at.fresh {
		m.data.Part = p.Part
		if !m.data.Wiped.IsZero() && cleared(m.at.record, m.data.Wiped) {
			m.data.Wiped = time.Time{}
		}
		m.data.Stage = p.Connection.Life.stage(m.at.record, m.data.Wiped, p.Now)
	}
	if m.data.First.IsZero() {
		m.data.First = p.Now
		p.arrive(m)
	}
	if m.next.State != EntryAlias {
		p.life[m.data.Stage.String()]++
	}
	if !back {
		return
	}
	m.data.Moved, m.data.Back = "", p.Now
	p.life[LifeReturned]++
	if m.Action == ActionUpdate && !m.writes() {
		m.Action = ActionReturn
	}
}

// arrive notes that a new device was listed by another connection before.
func (p *planner) arrive(m *move) {
	for _, k := range p.serials[m.serial] {
		if m.serial != "" && k.Connection != p.Connection.ID && k.data.Stage == StageMissing {
			m.data.Moved = k.Connection
			p.life[LifeArrived]++
			return
		}
	}
}

// goes reports whether a link simply goes on and nothing about it changes, as
// for most devices of most runs.
func (m *move) goes() bool {
	d, k := &m.data, m.known
	return k != nil && m.at != nil && !m.at.changed && !m.writes() && len(m.agreed) == 0 && !m.touched &&
		m.old.State == EntryLinked && m.next.State == EntryLinked && m.old.Asset == m.next.Asset &&
		m.old.Name == m.next.Name && m.old.Serial == m.next.Serial &&
		m.Outcome == match.Linked && (k.data.Outcome == match.Linked || k.data.Outcome == match.AutoLinked) &&
		k.data.Missed.IsZero() && !k.data.First.IsZero() && !k.data.Forgot && k.data.Candidates.IsZero() &&
		d.Stage == k.data.Stage && d.Part == k.data.Part && d.Primary == k.data.Primary && d.Wiped.Equal(k.data.Wiped)
}

// kept is what may be stored of a record.
func (p *planner) kept(r *mdm.Record) *mdm.Record {
	if p.Connection.Keep == nil {
		return r
	}
	kept := r.Only(p.Connection.Keep)
	return &kept
}

// remember stores what was read of the device.
func (p *planner) remember(m *move) {
	m.record = p.kept(m.at.record)
	if !m.at.changed {
		return
	}
	m.data.Print, m.data.More = m.at.print, false
	if m.at.remembered || p.Details != nil {
		m.data.More = p.printer.fingerprint(m.record) != m.at.print
	}
	if _, ok := p.Details[m.Device]; ok {
		m.data.Detailed = p.Now
	}
}
