package inventory

import (
	"fmt"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// link links a device to an asset, or keeps it linked.
func (p *planner) link(m *move, asset int) {
	id, key, values := p.assets.matched[asset].ID, p.assets.others[asset].key, p.assets.others[asset].values
	linking := m.old.State != EntryLinked || m.old.Asset != id
	if linking {
		m.data = m.data.staged()
		p.inherit(m, id)
		m.data.Linked, m.data.Bereft = p.Now, ""
		m.data.Created = m.data.Created || key != "" && key == p.Connection.key(m.Device, m.data.Births)
		if p.Connection.keeps(mdm.KeySerial) {
			m.data.Serial = m.serial
		}
		if m.Action == ActionUpdate {
			m.Action = ActionLink
		}
	}
	m.next.State, m.next.Asset, m.Asset = EntryLinked, id, id
	m.to = asset
	if p.Connection.Mode != ModeOnce || linking {
		p.fields(m, id, values, linking)
	}
}

// inherit takes over what an earlier record of the device left in the asset,
// so that edits are still told from what a sync wrote.
func (p *planner) inherit(m *move, asset string) {
	for k := p.byAsset[asset]; k != nil; k = k.also {
		if k.Connection != p.Connection.ID || k.Device == m.Device {
			continue
		}
		m.data.fields, m.data.Created = k.data.fields, k.data.Created
		if !m.data.Ceded.IsZero() { // it had the link before, and has it again
			p.warnings = append(p.warnings, Warning{Code: WarnAlternating, Device: m.Device, Others: []string{k.Device}})
		}
	}
}

// create creates an asset for a device.
func (p *planner) create(m *move) {
	m.data = m.data.staged()
	m.data.Linked, m.data.Created, m.data.Bereft = p.Now, true, ""
	if p.Connection.keeps(mdm.KeySerial) {
		m.data.Serial = m.serial
	}
	p.fields(m, "", nil, true)
	m.next.State, m.born = EntryLinked, true
}

// fields compares the mapped attributes with the values of an asset.
func (p *planner) fields(m *move, asset string, values map[string]string, linking bool) {
	volatile := true
	for i := range p.rules {
		rule := &p.rules[i]
		ours, theirs := rule.value(m.at.record), values[rule.Field]
		settled, note := rule.settled(ours, theirs)
		write := false
		if !settled {
			write, note = rule.decide(theirs, p.base(m, asset, rule.Field, theirs), linking)
		}
		agrees := linking || m.at.changed && p.unnoted(m, rule, theirs)
		p.attributes.count(write, note)
		switch {
		case write:
			if m.Fields == nil {
				m.Fields = make([]FieldChange, 0, len(p.rules))
			}
			m.Fields = append(m.Fields, FieldChange{Field: rule.Field, From: rule.From, Old: theirs, New: ours.Text})
			volatile = volatile && rule.attribute.Volatile
		case agrees && note == noteNone && ours.State == mdm.Reported && theirs != "" && equalValue(rule.From, ours.Text, theirs):
			m.agreed = append(m.agreed, FieldChange{Field: rule.Field, New: theirs})
		}
	}
	if len(m.Fields) > 0 && volatile && !linking { // never the only reason to write
		p.attributes.Changed -= len(m.Fields)
		p.attributes.Unchanged += len(m.Fields)
		m.Fields = nil
	}
	if len(m.Fields)+len(m.agreed) > 0 {
		p.mine(m) // must be readable
	}
}

// unnoted reports whether a sync left another value in a field than what is
// there now, although that is what the MDM says: the run that wrote it stopped
// between the asset and the entry.
func (p *planner) unnoted(m *move, r *rule, theirs string) bool {
	l, wrote := p.mine(m).of(r.Field)
	return wrote && !equalValue(r.From, l.Value, theirs)
}

// leave notes what this sync leaves in the fields.
func (p *planner) leave(m *move) {
	if len(m.Fields)+len(m.agreed) == 0 {
		return
	}
	all := slices.Grow(p.mine(m), len(m.Fields)+len(m.agreed))
	for _, f := range m.agreed {
		all = all.with(left{Field: f.Field, Value: f.New, At: p.Now.UnixNano(), Rank: p.Connection.Rank})
	}
	for i := range m.Fields {
		f := &m.Fields[i]
		all = all.with(left{Field: f.Field, Value: f.New, At: p.Now.UnixNano(), Rank: p.Connection.Rank, Before: &f.Old})
	}
	m.left = all
}

// mine is what syncs left in the asset of the device itself. It is read once.
func (p *planner) mine(m *move) lefts {
	if !m.read {
		m.own, m.read = p.left(m.Device, &m.data), true
	}
	return m.own
}

// left is what syncs left in the asset of a device. Nothing is planned if that
// cannot be read: p.damage has the reason.
func (p *planner) left(device string, d *entryData) lefts {
	all, err := d.left()
	if err != nil && p.damage == nil {
		p.damage = fmt.Errorf("inventory: device %s: %w", device, err)
	}
	return all
}

// base finds what any connection of the scope left in a field. The last one
// counts, and among those the one whose value is there now: it wrote last. A
// live source of the same or a higher rank owns what it wrote, and so does one
// that was left standing against ours.
func (p *planner) base(m *move, asset, field, theirs string) base {
	mine, ok := p.mine(m).of(field)
	b := base{value: mine.Value, known: ok}
	last := mine
	for k := p.byAsset[asset]; k != nil; k = k.also {
		if k.Connection == p.Connection.ID && k.Device == m.Device {
			continue
		}
		w, wrote := p.left(k.Device, &k.data).of(field)
		if !wrote {
			continue
		}
		if !b.known || w.At > last.At || w.Value == theirs && last.Value != theirs {
			b.value, b.known, last = w.Value, true, w
			b.owned = k.Connection != p.Connection.ID && k.data.Missed.IsZero() && w.Rank >= p.Connection.Rank
		}
	}
	return b
}

func (a *Attributes) count(write bool, note fieldNote) {
	switch {
	case write:
		a.Changed++
	case note == noteLocalEdit:
		a.LocalEdit++
	case note == noteBlank:
		a.Blank++
	case note == noteOther:
		a.OtherSource++
	default:
		a.Unchanged++
	}
}
