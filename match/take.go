package match

import (
	"maps"
	"slices"
)

// takers are the devices that have assets.
type takers struct {
	first []uint32            // by asset: its device + 1; nil if no asset has one
	all   map[uint32][]uint32 // assets that several devices have, by id, since links contradict each other
}

func (t *takers) add(a, d uint32, assets int) {
	if t.first == nil {
		t.first, t.all = make([]uint32, assets), make(map[uint32][]uint32)
	}
	switch old := t.first[a]; {
	case old == 0:
		t.first[a] = d + 1
	case old != d+1 && t.all[a] == nil:
		t.all[a] = []uint32{old - 1, d}
	case old != d+1 && !slices.Contains(t.all[a], d):
		t.all[a] = append(t.all[a], d)
	}
}

// other returns a device that has an asset and is not d; none if nobody has.
func (t *takers) other(d, a uint32) uint32 {
	if t.first == nil {
		return none
	}
	for _, taker := range t.all[a] {
		if taker != d {
			return taker
		}
	}
	if taker := t.first[a]; taker != 0 && taker != d+1 {
		return taker - 1
	}
	return none
}

// take notes which device has which asset: by a pin, or by a link that no
// decision speaks against. A pin takes an asset away from a link.
func (m *Matching) take() {
	n := len(m.in.Assets)
	pinned, by := map[uint32]*Decision{}, map[uint32]uint32{}
	for _, d := range slices.SortedFunc(maps.Keys(m.pin), m.byRank) {
		dec := m.pin[d]
		a := m.findAsset(dec.Asset)
		if a == none {
			continue
		}
		if old := pinned[a]; old == nil || dec.At.After(old.At) {
			pinned[a], by[a] = dec, d
		}
	}
	for a, d := range by {
		m.takers.add(a, d, n)
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
		m.takers.add(a, d, n)
	}
	for _, all := range m.takers.all {
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
func (m *Matching) otherTaker(d, a uint32) uint32 { return m.takers.other(d, a) }
