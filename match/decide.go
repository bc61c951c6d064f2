package match

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// verdicts are the decisions in force, by the device they hold for now.
type verdicts struct {
	pin     map[uint32]*Decision
	ignore  map[uint32]*Decision
	pairs   map[[2]uint32]pairVerdict
	touched map[uint32]bool // devices with a pair in pairs
	notes   map[uint32][]Reason
}

// pairVerdict is what was decided about a device and an asset.
type pairVerdict struct {
	reject, accept *Decision
	reopened       bool // a rejection or an acceptance waits for the person
}

// standing is a decision with the device that it holds for.
type standing struct {
	*Decision
	device   uint32
	followed bool // found by the serial, under another id
	reopened bool // the device has another serial now
}

// decide finds out which decisions are in force. Of decisions that contradict
// each other the later one holds, whatever their order in the input.
func (m *Matching) decide() {
	v := &m.verdicts
	v.pin, v.ignore = map[uint32]*Decision{}, map[uint32]*Decision{}
	v.pairs, v.touched, v.notes = map[[2]uint32]pairVerdict{}, map[uint32]bool{}, map[uint32][]Reason{}
	for _, st := range m.standing(func(k DecisionKind) bool { return k != MergeAlias }) {
		d := m.primary[st.device]
		switch {
		case !st.Until.IsZero() && !st.Until.After(m.now):
			v.note(d, Reason{Code: CodeExpired, Other: st.name()})
			continue
		case st.reopened:
			v.note(d, Reason{Code: CodeReopened, Other: st.name()})
		case st.followed:
			v.note(d, Reason{Code: CodeDecisionFollowed, Other: st.name(), Value: st.Device})
		}
		m.apply(d, st)
	}
}

func (m *Matching) apply(d uint32, st standing) {
	v := &m.verdicts
	asset := none
	if st.Asset != "" {
		asset = m.findAsset(st.Asset)
	}
	pair := [2]uint32{d, asset}
	switch st.Kind {
	case Ignore:
		if !st.reopened {
			v.ignore[d] = st.Decision
		}
	case Pin:
		if !st.reopened {
			v.pin[d] = st.Decision
			delete(v.ignore, d)
			delete(v.pairs, pair)
		}
	case Reject:
		if old := v.pin[d]; old != nil && old.Asset == st.Asset {
			delete(v.pin, d)
		}
		if asset == none {
			return
		}
		if !st.reopened && st.Evidence != "" && m.evidence(d, asset).String() != st.Evidence {
			st.reopened = true
			v.note(d, Reason{Code: CodeReopened, Other: st.name()})
		}
		v.setPair(pair, pairVerdict{reject: st.Decision, reopened: st.reopened})
	case AcceptReplacement:
		if asset != none {
			v.setPair(pair, pairVerdict{accept: st.Decision, reopened: st.reopened})
		}
	}
}

func (v *verdicts) setPair(pair [2]uint32, p pairVerdict) {
	v.pairs[pair] = p
	v.touched[pair[0]] = true
}

func (v *verdicts) note(d uint32, r Reason) {
	if !slices.Contains(v.notes[d], r) {
		v.notes[d] = append(v.notes[d], r)
	}
}

// pair returns what was decided about a device and an asset.
func (v *verdicts) pair(d, a uint32) pairVerdict {
	if !v.touched[d] {
		return pairVerdict{}
	}
	return v.pairs[[2]uint32{d, a}]
}

// name is how reasons name a decision.
func (d *Decision) name() string { return firstOf(d.ID, d.Who) }

// standing returns the decisions that have a device, the earlier ones first.
func (m *Matching) standing(want func(DecisionKind) bool) []standing {
	var all []standing
	for i := range m.in.Decisions {
		dec := &m.in.Decisions[i]
		if dec.Connection != "" && dec.Connection != m.in.Connection || !want(dec.Kind) {
			continue
		}
		if st, ok := m.stand(dec); ok {
			all = append(all, st)
		}
	}
	slices.SortFunc(all, func(a, b standing) int {
		return cmp.Or(a.At.Compare(b.At), m.byRank(a.device, b.device), cmp.Compare(a.Kind, b.Kind),
			strings.Compare(a.Asset, b.Asset), strings.Compare(a.ID, b.ID), strings.Compare(a.Who, b.Who),
			strings.Compare(a.Serial, b.Serial), strings.Compare(a.Device, b.Device), strings.Compare(a.Primary, b.Primary),
			a.Until.Compare(b.Until), strings.Compare(a.Evidence, b.Evidence))
	})
	return all
}

// stand finds the device that a decision holds for: the one that has its
// serial, or the one that has its id and no other serial.
func (m *Matching) stand(dec *Decision) (standing, bool) {
	named := m.findDevice(dec.Device)
	st := standing{Decision: dec, device: named}
	serial := m.rules.Serial(dec.Serial, ident.Hints{})
	if serial.Quality != ident.Strong {
		return st, named != none
	}
	if d := m.deviceOfSerial(serial); d != none && (named == none || m.primary[named] != d) {
		st.device, st.followed = d, true
		return st, true
	}
	if named == none {
		return st, false
	}
	st.reopened = strongDiffer(serial, m.deviceSerial(named)) && !strongDiffer(m.deviceSerial(named), m.deviceSerial(m.primary[named]))
	return st, true
}

// deviceOfSerial returns the only device that has a serial; none if there is
// none or more.
func (m *Matching) deviceOfSerial(serial ident.ID) uint32 {
	records, _ := m.devices.bySerial.records(textKey(serial), nil)
	found := none
	for _, r := range records {
		if !bothStrong(serial, m.deviceSerial(r)) {
			continue
		}
		if found != none && m.primary[r] != found {
			return none
		}
		found = m.primary[r]
	}
	return found
}

// mergeDecided unites the records that people merged.
func (m *Matching) mergeDecided(c *collapser) {
	m.groups.merged = map[uint32]string{}
	type pair struct{ alias, primary uint32 }
	var pairs []pair
	for _, st := range m.standing(func(k DecisionKind) bool { return k == MergeAlias }) {
		primary := m.findDevice(st.Primary)
		if st.reopened || primary == none || primary == st.device || !st.Until.IsZero() && !st.Until.After(m.now) {
			continue
		}
		alias := st.device
		c.unite([]uint32{alias, primary})
		m.groups.merged[alias] = st.name()
		delete(m.groups.merged, primary)
		pairs = append(pairs, pair{alias, primary})
	}
	c.heads = make(map[uint32]uint32, len(pairs))
	for _, p := range pairs {
		c.heads[c.root(p.primary)] = p.primary
	}
}
