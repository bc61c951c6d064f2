package inventory

import (
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// farewell plans what is to be noted of a device that is not there; without an
// action it is nothing. Only a complete listing of the same tenant and the
// same part of it says that a device is missing, or a listing of changes that
// names it. Nothing is ever deleted.
func (p *planner) farewell(m *move, k *known) {
	m.known, m.old, m.next, m.data = k, k.Entry, k.Entry, k.data
	m.Step = Step{Device: k.Device, Name: k.Name, Asset: k.Asset, Outcome: k.data.Outcome}
	proved := p.Listing.Complete && k.data.Part == p.Part || p.removed[k.Device]
	for _, r := range p.requests[k.Device] {
		m.data.note(r)
		m.Action = ActionNote
	}
	switch {
	case p.succeeded(k):
		m.next.State, m.next.Asset, m.Action, m.Asset = EntryAlias, "", ActionAlias, ""
		m.data.Ceded = p.Now
		m.data = m.data.staged()
		if proved && m.data.Missed.IsZero() {
			m.data.Missed, m.data.Round, m.data.Stage = p.Now, p.Round, StageMissing
		}
	case proved && m.data.Missed.IsZero():
		m.data.Missed, m.data.Round, m.data.Stage, m.Action = p.Now, p.Round, StageMissing, ActionMiss
		p.movedAway(m)
	case m.data.Missed.IsZero():
		return
	case m.data.Stage == StageMissing && p.movedAway(m):
	case p.Connection.Life.forgotten(m.data.Missed, p.Now) && m.data.Stage != StageMissing && !m.data.Forgot:
		p.forget(m)
	case m.data.Stage == StageMissing && p.Listing.Complete && p.Connection.Life.gone(m.data.Missed, p.Round-m.data.Round+1, p.Now):
		m.data.Stage, m.Action = StageGone, ActionGone
	}
	if m.next.State != EntryAlias {
		p.life[m.data.Stage.String()]++
	}
}

// inherited notes that a device has the link that another one of this
// connection had.
func (p *planner) inherited(m *move) {
	if m.next.State != EntryLinked || m.next.Asset == "" {
		return
	}
	for k := p.byAsset[m.next.Asset]; k != nil; k = k.also {
		if k.Connection == p.Connection.ID && k.Device != m.Device {
			p.heirs[m.next.Asset] = m.Device
		}
	}
}

// succeeded reports whether a link of this connection went over to another
// device: the MDM gave the device another id.
func (p *planner) succeeded(k *known) bool {
	heir, ok := p.heirs[k.Asset]
	return ok && k.State == EntryLinked && heir != k.Device
}

// movedAway notes that another connection lists the device since about the time
// when this one lost it. One that listed it all along, such as the programme it
// was bought through, says nothing about where it went.
func (p *planner) movedAway(m *move) bool {
	if m.old.Serial == "" {
		return false
	}
	before := m.data.Missed.Add(-p.Connection.Life.grace())
	for _, k := range p.serials[m.old.Serial] {
		if k.Connection != p.Connection.ID && k.data.Missed.IsZero() && latest(k.data.First, k.data.Back).After(before) {
			m.data.Stage, m.data.Moved, m.Action = StageMoved, k.Connection, ActionMove
			return true
		}
	}
	return false
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// forget empties what is stored of a device.
func (p *planner) forget(m *move) {
	m.Action = ActionForget
	if (m.old.State == EntryStaged || m.old.State == EntryAlias) && len(m.data.Decisions) == 0 {
		m.Change.Remove = true
	}
	m.Name, m.next.Name = "", ""
	if len(m.data.Decisions) == 0 {
		m.next.Serial, m.data.Serial = "", ""
	}
	m.data.Forgot, m.data.Print, m.data.More, m.data.Detailed = true, "", false, time.Time{}
	m.data.Reasons, m.data.Candidates = carried[match.Reason]{}, carried[match.Candidate]{}
	m.data.fields, m.data.Requests = nil, nil
	if r, err := m.data.stored(); err == nil {
		m.record = &mdm.Record{Origin: r.Origin, ID: r.ID, Class: r.Class, Platform: r.Platform}
	}
}
