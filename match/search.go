package match

import (
	"slices"
	"sync/atomic"
)

// weakKind is a kind of agreement that is looked for only where nothing better
// decides.
type weakKind uint8

const (
	weakNumber   weakKind = iota // serial in the asset's other number
	weakFolded                   // serial but for characters that look alike
	weakReplaces                 // serial of the device that was replaced
	weakTag
	weakName
	weakSkeleton
	weakEnd
)

// search finds weak agreements the other way round: the few devices that need
// them are indexed, and all assets pass by once.
type search struct {
	by    [weakEnd]weakIndex
	pairs []uint64 // position in Matching.colds and asset, ascending
	of    []uint32 // by position: first pair, and at the end their number

	touched []touched
}

type weakIndex struct {
	col             column
	index           *index
	devices, assets []uint32 // by entry: how many have the value; only that of the first entry of a value counts
}

type weakKeys [weakEnd]uint64

func (m *Matching) deviceWeakKeys(d uint32) (k weakKeys) {
	dev := m.device(d)
	k[weakNumber] = m.devices.serial.key[d]
	k[weakFolded] = foldedKey(m.rules, dev.Serial, dev.HTML)
	k[weakReplaces] = serialKey(m.rules, dev.Replaces, dev.HTML)
	k[weakTag] = m.devices.tag.key[d]
	k[weakName], k[weakSkeleton] = nameKeys(m.rules, dev.Name, dev.HTML)
	return k
}

// nearKeys calls f for the serials and the other number of an asset.
func (m *Matching) nearKeys(as *Asset, f func(weakKind, uint64)) {
	serial := foldedKey(m.rules, as.Serial, false)
	f(weakFolded, serial)
	if as.Number == "" {
		return
	}
	f(weakNumber, serialKey(m.rules, as.Number, false))
	if number := foldedKey(m.rules, as.Number, false); number != serial {
		f(weakFolded, number)
	}
}

// assetWeakKeys calls f for each value of an asset by which a device may be
// found. The serial of an asset that is clearly another device's is left out.
func (m *Matching) assetWeakKeys(a uint32, clear bool, f func(weakKind, uint64)) {
	as := m.asset(a)
	f(weakReplaces, m.assets.serial.key[a])
	if !clear {
		m.nearKeys(as, f)
	}
	f(weakTag, m.assets.tag.key[a])
	name, skeleton := nameKeys(m.rules, as.Name, false)
	f(weakName, name)
	f(weakSkeleton, skeleton)
}

// weakRungs are the rungs that each kind leads to.
var weakRungs = [weakEnd][]Rung{
	weakNumber: {RungNearSerial}, weakFolded: {RungNearSerial}, weakReplaces: {RungReplacement},
	weakTag: {RungAssetTag}, weakName: {RungName, RungSimilarName}, weakSkeleton: {RungSimilarName},
}

func (m *Matching) searchWeak() {
	s := &m.search
	s.touched = make([]touched, max(chunks(len(m.order)), chunks(len(m.in.Assets))))
	n := len(m.colds)
	for k := range s.by {
		s.by[k].col.key = make([]uint64, n)
		s.by[k].devices, s.by[k].assets = make([]uint32, n), make([]uint32, n)
	}
	parallel(n, func(_, from, to int) {
		for i := from; i < to; i++ {
			apple := index01(m.device(m.colds[i]).Apple)
			for k, key := range m.deviceWeakKeys(m.colds[i]) {
				if slices.ContainsFunc(weakRungs[k], func(r Rung) bool { return m.steps[apple][r] != Off }) {
					s.by[k].col.key[i] = key
				}
			}
		}
	})
	for k := range s.by {
		s.by[k].index = newIndex(&s.by[k].col, false)
	}
	if n > 0 {
		m.countDevices()
	}
	s.arrange(m.passAssets(), n)
}

// countDevices counts how many devices have each value that is looked for.
func (m *Matching) countDevices() {
	near := m.deciding(RungNearSerial)
	parallel(len(m.order), func(p, from, to int) {
		var t touched
		batches(from, to, func(from, to int) {
			for d := from; d < to; d++ {
				t.text(m.device(uint32(d)).Name)
			}
			for d := from; d < to; d++ {
				if m.primary[d] == uint32(d) {
					m.count(uint32(d), near)
				}
			}
		})
		m.search.touched[p] = t
	})
}

// count counts the values of one device.
func (m *Matching) count(d uint32, near bool) {
	for k, key := range m.countedKeys(d, near) {
		w := &m.search.by[k]
		if e := w.index.find(key); e != none {
			atomic.AddUint32(&w.devices[e], 1)
		}
	}
}

// countedKeys returns the keys of a device whose number matters: names and
// labels, and what is near a serial only if that may decide.
func (m *Matching) countedKeys(d uint32, near bool) (k weakKeys) {
	if near {
		return m.deviceWeakKeys(d)
	}
	dev := m.device(d)
	k[weakTag] = m.devices.tag.key[d]
	k[weakName], k[weakSkeleton] = nameKeys(m.rules, dev.Name, dev.HTML)
	return k
}

// deciding reports whether the policy lets a rung decide.
func (m *Matching) deciding(r Rung) bool { return max(m.steps[0][r], m.steps[1][r]) == Auto }

// clearAssets returns, by asset, whether it is clearly some device's.
func (m *Matching) clearAssets() []bool {
	all := make([]bool, len(m.in.Assets))
	for _, a := range m.claim {
		if a < undecided {
			all[a] = true
		}
	}
	return all
}

// weakHit is an asset that has a value which is looked for.
type weakHit struct {
	kind         weakKind
	entry, asset uint32
}

func (m *Matching) passAssets() []weakHit {
	n := len(m.in.Assets)
	if len(m.colds) == 0 {
		return nil
	}
	parts := make([][]weakHit, chunks(n))
	clear := make([]bool, n)
	if !m.deciding(RungNearSerial) {
		clear = m.clearAssets()
	}
	parallel(n, func(p, from, to int) {
		var hits []weakHit
		var a uint32
		try := func(k weakKind, key uint64) {
			w := &m.search.by[k]
			e := w.index.find(key)
			if e != none && atomic.AddUint32(&w.assets[e], 1) <= maxShared {
				hits = append(hits, weakHit{k, e, a})
			}
		}
		var t touched
		for i := from; i < to; i++ {
			if i%batch == 0 {
				for j := i; j < min(i+batch, to); j++ {
					t.text(m.asset(uint32(j)).Name)
				}
				m.search.touched[p] = t
			}
			a = uint32(i)
			m.assetWeakKeys(a, clear[a], try)
		}
		parts[p] = hits
	})
	return slices.Concat(parts...)
}

// arrange turns hits into pairs. A value that too many assets or devices have
// gives none.
func (s *search) arrange(hits []weakHit, n int) {
	var buf []uint32
	for _, h := range hits {
		w := &s.by[h.kind]
		if w.assets[h.entry] > maxShared {
			continue
		}
		buf, _ = w.index.records(w.col.key[h.entry], buf[:0])
		for _, position := range buf {
			s.pairs = append(s.pairs, uint64(position)<<32|uint64(h.asset))
		}
	}
	slices.Sort(s.pairs)
	s.pairs = slices.Compact(s.pairs)
	s.of = make([]uint32, n+1)
	for _, p := range s.pairs {
		s.of[p>>32+1]++
	}
	for i := range n {
		s.of[i+1] += s.of[i]
	}
}

// found appends the assets that a device agrees with weakly.
func (m *Matching) found(d uint32, to []uint32) []uint32 {
	cold := m.cold[d]
	if cold == nil {
		return to
	}
	i := cold.pos
	for _, p := range m.search.pairs[m.search.of[i]:m.search.of[i+1]] {
		to = append(to, uint32(p))
	}
	return to
}

// counts returns how many devices and assets have a value.
func (m *Matching) counts(kind weakKind, key uint64) (devices, assets int) {
	w := &m.search.by[kind]
	if e := w.index.find(key); e != none {
		return int(w.devices[e]), int(w.assets[e])
	}
	if key == 0 {
		return 0, 0
	}
	for d := range m.order {
		if m.primary[d] == uint32(d) && m.deviceWeakKey(uint32(d), kind) == key {
			devices++
		}
	}
	for a := range m.in.Assets {
		m.assetWeakKeys(uint32(a), kind >= weakTag, func(k weakKind, other uint64) {
			if k == kind && other == key {
				assets++
			}
		})
	}
	return devices, assets
}

func (m *Matching) deviceWeakKey(d uint32, kind weakKind) uint64 {
	if kind >= weakTag {
		return m.countedKeys(d, false)[kind]
	}
	return m.deviceWeakKeys(d)[kind]
}
