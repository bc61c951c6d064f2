package match

import (
	"cmp"
	"slices"
	"strings"
)

// offer lists the candidates of a device, best first, and its trace. It
// returns why others are not among them.
func (w *writer) offer(d uint32, o *Outcome) (refused []Reason) {
	m := w.m
	f := m.factsOf(d)
	var list []pairing
	for _, a := range m.near(d, &f) {
		p := m.compare(&f, d, a, false)
		switch {
		case p.rung == RungNone:
		case m.rejects(d, a):
			refused = append(refused, Reason{Code: CodeRejected, Other: m.pair(d, a).reject.name(), Value: m.asset(a).ID})
		case len(p.vetoes) > 1 && p.strong&strongRungs == 0:
			refused = append(refused, Reason{Code: CodeRejectedByVetoes, Value: m.asset(a).ID, Count: len(p.vetoes)})
		default:
			list = append(list, p)
		}
	}
	slices.SortFunc(list, m.byWeight)
	o.Trace = m.trace(&f, d, list)
	for i, p := range list {
		if i == m.policy.Candidates {
			break
		}
		as := m.asset(p.asset)
		o.Candidates = append(o.Candidates, Candidate{Asset: as.ID, Rung: p.rung, Bits: p.bits, Evidence: p.evidence,
			Vetoes: p.vetoes, Held: p.held, Site: as.Site, Archived: as.Archived})
	}
	if o.Rung == RungNone && len(o.Candidates) > 0 {
		o.Rung = o.Candidates[0].Rung
	}
	slices.SortFunc(refused, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), strings.Compare(a.Value, b.Value))
	})
	return refused
}

// strongRungs are those whose find is worth telling, whatever speaks against
// it: an asset with the serial of the device must not be made a second time.
const strongRungs rungSet = 1<<RungKnown | 1<<RungSerial | 1<<RungIMEI | 1<<RungWiFi

// byWeight orders candidates: those without a veto first, then by weight.
func (m *Matching) byWeight(a, b pairing) int {
	return cmp.Or(cmp.Compare(min(len(a.vetoes), 1), min(len(b.vetoes), 1)), -cmp.Compare(a.bits, b.bits),
		cmp.Compare(m.place[a.rung], m.place[b.rung]), strings.Compare(m.asset(a.asset).ID, m.asset(b.asset).ID),
		comparePlain(m.asset(a.asset), m.asset(b.asset)))
}

// comparePlain orders assets of one id.
func comparePlain(a, b *Asset) int {
	return cmp.Or(strings.Compare(a.Serial, b.Serial), strings.Compare(a.Name, b.Name), strings.Compare(a.UDID, b.UDID),
		slices.Compare(a.MACs, b.MACs), slices.Compare(a.IMEIs, b.IMEIs), strings.Compare(a.AssetTag, b.AssetTag),
		strings.Compare(a.Number, b.Number), strings.Compare(a.Model, b.Model), strings.Compare(a.Site, b.Site))
}

// near returns the assets that have anything in common with a device, without
// those that have only what too many have.
func (m *Matching) near(d uint32, f *facts) []uint32 {
	var all []uint32
	if l := m.ownLink(d); l != nil {
		if a := m.findAsset(l.Asset); a != none {
			all = append(all, a)
		}
	}
	for _, c := range m.linkClaims(d, f, nil) {
		all = append(all, c.asset)
	}
	if asset := m.claim[d]; asset != none && asset != undecided {
		all = append(all, asset)
	}
	all, _ = m.assets.bySerial.records(m.devices.serial.key[d], all)
	all, _ = m.assets.byUUID.records(m.devices.uuid.key[d], all)
	all, _ = m.assets.byDirectory.records(m.devices.directory.key[d], all)
	for e, end := m.devices.imei.of(d); e < end; e++ {
		all, _ = m.assets.byIMEI.records(m.devices.imei.key[e], all)
	}
	for e, end := m.devices.mac.of(d); e < end; e++ {
		all, _ = m.assets.byMAC.records(m.devices.mac.key[e], all)
	}
	all = m.found(d, all)
	slices.Sort(all)
	return slices.Compact(all)
}

// trace says what each rung found among the pairs.
func (m *Matching) trace(f *facts, d uint32, list []pairing) []Step {
	all := make([]Step, 0, len(m.policy.Ladder))
	for _, rung := range m.policy.Ladder {
		st := Step{Rung: rung.Rung, Mode: m.steps[index01(f.apple)][rung.Rung]}
		if st.Mode == Off {
			st.Why = []Code{CodeRungOff}
			all = append(all, st)
			continue
		}
		for _, p := range list {
			if p.rungs.has(rung.Rung) {
				st.Hits++
			}
		}
		if rung.Rung != RungKnown && !f.good && st.Mode > m.policy.NoSerial.of(f.apple) {
			st.Mode, st.Why = m.policy.NoSerial.of(f.apple), append(st.Why, CodeNeedsSerial)
		}
		if f.virtual && st.Mode > m.policy.Virtual.of(f.apple) {
			st.Mode, st.Why = m.policy.Virtual.of(f.apple), append(st.Why, CodeVirtual)
		}
		if rung.Rung == RungSerial && !f.serial.Usable() {
			st.Why = append(st.Why, CodeUnused)
		}
		all = append(all, st)
	}
	return all
}
