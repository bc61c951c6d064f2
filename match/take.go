package match

import (
	"maps"
	"slices"
)

// take notes which device has which asset: by a pin, or by a link that no
// decision speaks against. A pin takes an asset away from a link.
func (m *Matching) take() {
	m.takers = map[uint32][]uint32{}
	pinned := map[uint32]*Decision{}
	for _, d := range slices.SortedFunc(maps.Keys(m.pin), m.byRank) {
		dec := m.pin[d]
		a := m.findAsset(dec.Asset)
		if a == none {
			continue
		}
		if old := pinned[a]; old == nil || dec.At.After(old.At) {
			pinned[a], m.takers[a] = dec, []uint32{d}
		}
	}
	if m.links.own == nil {
		return
	}
	for i := range m.order {
		r := uint32(i)
		l := m.ownLink(r)
		d := m.primary[r]
		if l == nil || m.pin[d] != nil || d != r && m.ownLink(d) != nil {
			continue
		}
		a := m.findAsset(l.Asset)
		if a == none || pinned[a] != nil || m.rejects(d, a) {
			continue
		}
		if !slices.Contains(m.takers[a], d) {
			m.takers[a] = append(m.takers[a], d)
		}
	}
	for _, all := range m.takers {
		slices.SortFunc(all, m.byRank)
	}
}

// rejects reports whether a person said that a device is not an asset, and the
// facts are still the same.
func (m *Matching) rejects(d, a uint32) bool {
	v := m.pair(d, a)
	return v.reject != nil && !v.reopened
}

// otherTaker returns a device that has an asset and is not d; none if nobody
// has.
func (m *Matching) otherTaker(d, a uint32) uint32 {
	for _, t := range m.takers[a] {
		if t != d {
			return t
		}
	}
	return none
}
