package match

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// claimWeak lets weak rungs decide where the policy says so.
func (m *Matching) claimWeak() {
	var auto [2]rungSet
	for _, step := range m.policy.Ladder {
		if step.Rung == RungAssetTag || step.Rung >= RungNearSerial && step.Rung != RungLooseMAC {
			auto[0] |= rungSet(index01(m.steps[0][step.Rung] == Auto)) << step.Rung
			auto[1] |= rungSet(index01(m.steps[1][step.Rung] == Auto)) << step.Rung
		}
	}
	if auto[0]|auto[1] == 0 {
		return
	}
	for _, d := range m.colds {
		want := auto[index01(m.device(d).Apple)]
		if want == 0 {
			continue
		}
		m.claimFound(d, want)
	}
}

func (m *Matching) claimFound(d uint32, want rungSet) {
	f, cold := m.factsOf(d), m.cold[d]
	for _, a := range m.found(d, nil) {
		p := m.compare(&f, d, a, false)
		if p.solid&want == 0 || m.rejects(d, a) {
			continue
		}
		c := claim{asset: a, rungs: p.solid & want}
		for _, s := range p.evidence {
			if s.State == Agrees && rungOf(s.Field) != RungNone {
				c.fields |= 1 << s.Field
			}
		}
		if i := slices.IndexFunc(cold.claims, func(o claim) bool { return o.asset == a }); i >= 0 {
			cold.claims[i].rungs |= c.rungs
			cold.claims[i].fields |= c.fields
		} else {
			cold.claims = append(cold.claims, c)
		}
	}
	if len(cold.claims) == 1 && cold.twins == 0 && m.clear(&f, d, cold.claims[0]) {
		m.claim[d] = cold.claims[0].asset
	}
}

// findRivals finds the assets that several devices claim.
func (m *Matching) findRivals() {
	m.rivals = map[uint32][]uint32{}
	first := make([]uint32, len(m.in.Assets))
	touch := func(d, a uint32) {
		switch f := first[a]; {
		case f == 0:
			first[a] = d + 1
		case f != d+1:
			if m.rivals[a] == nil {
				m.rivals[a] = []uint32{f - 1}
			}
			if !slices.Contains(m.rivals[a], d) {
				m.rivals[a] = append(m.rivals[a], d)
			}
		}
	}
	for i, a := range m.claim {
		switch d := uint32(i); a {
		case none:
		case undecided:
			for _, c := range m.cold[d].claims {
				touch(d, c.asset)
			}
		default:
			touch(d, a)
		}
	}
	for _, all := range m.rivals {
		slices.SortFunc(all, m.byRank)
	}
}

// rival returns a device other than d that claims an asset, too; none if
// there is none.
func (m *Matching) rival(d, a uint32) uint32 {
	for _, r := range m.rivals[a] {
		if r != d {
			return r
		}
	}
	return none
}

// findNews finds the values that several devices have, although they look like
// identifiers. Each is reported with the first of its devices.
func (m *Matching) findNews() {
	m.news = map[uint32][]Reason{}
	for _, side := range [...]struct {
		field Field
		index *index
		read  func(d uint32, key uint64) ident.ID
	}{
		{FieldSerial, m.devices.bySerial, func(d uint32, _ uint64) ident.ID { return m.deviceSerial(d) }},
		{FieldUDID, m.devices.byUUID, func(d uint32, _ uint64) ident.ID { return m.rules.UUID(m.device(d).UDID) }},
		{FieldIMEI, m.devices.byIMEI, func(d uint32, key uint64) ident.ID { return withKey(m.deviceIMEIs(d), key, imeiTextKey) }},
		{FieldWiFi, m.devices.byMAC, func(d uint32, key uint64) ident.ID {
			dev := m.device(d)
			return withKey(readMACs(m.rules, append([]string{dev.WiFi}, dev.Ethernet...)...), key, macTextKey)
		}},
	} {
		for _, head := range side.index.sharedHeads() {
			key := side.index.col.key[head]
			n := m.sharedBy(side.index, key)
			if n < 2 {
				continue
			}
			d := m.firstOf(side.index, head)
			id := side.read(d, key)
			if !id.Usable() {
				continue
			}
			code := CodeNewShared
			if side.field == FieldSerial && m.collided[key] {
				code = CodeSerialCollision
			}
			field := side.field
			if field == FieldWiFi {
				field = m.macField(d, key)
			}
			d = m.primary[d]
			m.news[d] = append(m.news[d], Reason{Code: code, Field: field, Value: id.Text, Count: n})
		}
	}
	for _, all := range m.news {
		slices.SortFunc(all, func(a, b Reason) int {
			return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Field, b.Field), strings.Compare(a.Value, b.Value))
		})
	}
}

// firstOf returns the first device by id that has a value.
func (m *Matching) firstOf(x *index, head uint32) uint32 {
	same, first := x.more[head], x.col.record(head)
	look := func(entry uint32) {
		if d := x.col.record(entry); m.rank[d] < m.rank[first] {
			first = d
		}
	}
	if same.count <= maxShared {
		for _, e := range same.entries {
			look(e)
		}
		return first
	}
	for e, key := range x.col.key {
		if key == x.col.key[head] {
			look(uint32(e))
		}
	}
	return first
}
