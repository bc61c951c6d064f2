package inventory

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// link links a device to an asset, or keeps it linked.
func (p *planner) link(m *move, asset *Asset) {
	linking := m.old.State != EntryLinked || m.old.Asset != asset.ID
	if linking {
		m.data = m.data.staged()
		p.inherit(m, asset.ID)
		m.data.Linked, m.data.Bereft = p.Now, ""
		m.data.Created = m.data.Created || asset.Key != "" && asset.Key == p.Connection.key(m.Device, m.data.Births)
		if p.Connection.keeps(mdm.KeySerial) {
			m.data.Serial = strongSerial(*m.at.record)
		}
		if m.Action == ActionUpdate {
			m.Action = ActionLink
		}
	}
	m.next.State, m.next.Asset, m.Asset = EntryLinked, asset.ID, asset.ID
	p.heirs[asset.ID] = m.Device
	if p.Connection.Mode == ModeOnce && !linking {
		return
	}
	m.Fields = p.fields(m, asset, linking)
	if len(m.Fields) == 0 {
		return
	}
	changed := *asset
	changed.Values = maps.Clone(asset.Values)
	if changed.Values == nil {
		changed.Values = make(map[string]string, len(m.Fields))
	}
	for _, f := range m.Fields {
		changed.Values[f.Field] = f.New
	}
	m.asset = &changed
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
	asset := p.Connection.newAsset(*m.at.record, p.nameOf(m.at.record), m.data.Births)
	m.data = m.data.staged()
	m.data.Linked, m.data.Created, m.data.Bereft = p.Now, true, ""
	if p.Connection.keeps(mdm.KeySerial) {
		m.data.Serial = strongSerial(*m.at.record)
	}
	m.Fields = p.fields(m, &asset, true)
	for _, f := range m.Fields {
		asset.Values[f.Field] = f.New
	}
	m.next.State, m.asset = EntryLinked, &asset
}

// fields compares the mapped attributes and remembers what a sync leaves.
func (p *planner) fields(m *move, asset *Asset, linking bool) []FieldChange {
	var changes, agreed []FieldChange
	volatile := true
	for _, rule := range p.rules {
		ours, theirs := rule.value(m.at.record), asset.Values[rule.Field]
		settled, note := rule.settled(ours, theirs)
		write := false
		if !settled {
			write, note = rule.decide(theirs, p.base(m, asset.ID, rule.Field, theirs), linking)
		}
		p.attributes.count(write, note)
		a, _ := mdm.Lookup(rule.From)
		switch {
		case write:
			if changes == nil {
				changes = make([]FieldChange, 0, len(p.rules))
			}
			changes = append(changes, FieldChange{Field: rule.Field, From: rule.From, Old: theirs, New: ours.Text})
			volatile = volatile && a.Volatile
		case linking && note == noteNone && ours.State == mdm.Reported && theirs != "" && equalValue(rule.From, ours.Text, theirs):
			agreed = append(agreed, FieldChange{Field: rule.Field, New: theirs})
		}
	}
	if len(changes) > 0 && volatile && !linking { // never the only reason to write
		p.attributes.Changed -= len(changes)
		p.attributes.Unchanged += len(changes)
		return nil
	}
	p.leave(m, changes, agreed)
	return changes
}

// leave notes what this sync leaves in the fields.
func (p *planner) leave(m *move, changes, agreed []FieldChange) {
	if len(changes)+len(agreed) == 0 {
		return
	}
	m.touched = true
	all := slices.Grow(p.left(m.Device, m.data), len(changes)+len(agreed))
	for _, f := range agreed {
		all = all.with(left{Field: f.Field, Value: f.New, At: p.Now.UnixNano(), Rank: p.Connection.Rank})
	}
	for i := range changes {
		f := &changes[i]
		all = all.with(left{Field: f.Field, Value: f.New, At: p.Now.UnixNano(), Rank: p.Connection.Rank, Before: &f.Old})
	}
	if err := m.data.leave(all); err != nil && p.damage == nil {
		p.damage = fmt.Errorf("inventory: device %s: %w", m.Device, err)
	}
}

// left is what syncs left in the asset of a device. Nothing is planned if that
// cannot be read: p.damage has the reason.
func (p *planner) left(device string, d entryData) lefts {
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
	mine, ok := p.left(m.Device, m.data).of(field)
	b := base{value: mine.Value, known: ok}
	last := mine
	for k := p.byAsset[asset]; k != nil; k = k.also {
		if k.Connection == p.Connection.ID && k.Device == m.Device {
			continue
		}
		w, wrote := p.left(k.Device, k.data).of(field)
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
