package match

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// groups says which records are one device.
type groups struct {
	primary  []uint32            // by record: the record that stands for its device
	aliases  map[uint32][]uint32 // by primary: the other records, in the order of their ids
	collided map[uint64]bool     // keys of serials that several living devices have
	merged   map[uint32]string   // by alias: the decision that made it one
}

// collapse finds the records of one device. Records with one serial are one
// device, unless they show to be several. UDID and IMEI join only records that
// no serial tells apart, and that did not live at the same time: both are
// copied from device to device at times.
func (m *Matching) collapse() {
	g := &m.groups
	g.primary = make([]uint32, len(m.order))
	for i := range g.primary {
		g.primary[i] = uint32(i)
	}
	g.collided = make(map[uint64]bool)
	c := collapser{m: m, parent: map[uint32]uint32{}}
	c.join(m.devices.bySerial, c.serial)
	c.join(m.devices.byUUID, c.other(c.strongUDID))
	c.join(m.devices.byIMEI, c.other(c.strongIMEI))
	m.mergeDecided(&c)
	c.choose()
}

// collapser is a union of records while it grows.
type collapser struct {
	m      *Matching
	parent map[uint32]uint32
	heads  map[uint32]uint32 // root: primary that a person chose
}

func (c *collapser) root(d uint32) uint32 {
	for {
		p, ok := c.parent[d]
		if !ok || p == d {
			return d
		}
		d = p
	}
}

func (c *collapser) unite(all []uint32) {
	first := slices.Min(all)
	for _, d := range all {
		a, b := c.root(first), c.root(d)
		c.parent[a], c.parent[b] = min(a, b), min(a, b)
	}
}

// join calls f for the records of each value that several have.
func (c *collapser) join(x *index, f func(records []uint32, key uint64)) {
	for _, head := range x.sharedHeads() {
		same := x.more[head]
		if same.count > maxShared {
			if x == c.m.devices.bySerial {
				c.m.collided[x.col.key[head]] = true
			}
			continue
		}
		records := make([]uint32, 0, len(same.entries))
		for _, e := range same.entries {
			if d := x.col.record(e); !c.m.twiceDevice[d] {
				records = append(records, d)
			}
		}
		slices.Sort(records)
		if records = slices.Compact(records); len(records) > 1 {
			f(records, x.col.key[head])
		}
	}
}

func (c *collapser) serial(records []uint32, key uint64) {
	records = slices.DeleteFunc(records, func(d uint32) bool {
		return c.m.deviceSerial(d).Quality != ident.Strong
	})
	if len(records) < 2 {
		return
	}
	if c.modelsDiffer(records) || c.liveApart(records) {
		c.m.collided[key] = true
		return
	}
	c.unite(records)
}

// other joins the records of a UDID or an IMEI, as strong tells.
func (c *collapser) other(strong func(d uint32, key uint64) bool) func([]uint32, uint64) {
	return func(records []uint32, key uint64) {
		records = slices.DeleteFunc(records, func(d uint32) bool { return !strong(d, key) })
		if len(records) > 1 && c.oneSerial(records) && !c.anyOverlap(records) && !c.modelsDiffer(records) {
			c.unite(records)
		}
	}
}

func (c *collapser) strongUDID(d uint32, _ uint64) bool {
	return c.m.rules.UUID(c.m.device(d).UDID).Quality == ident.Strong
}

func (c *collapser) strongIMEI(d uint32, key uint64) bool {
	return withKey(c.m.deviceIMEIs(d), key, imeiTextKey).Quality == ident.Strong
}

// oneSerial reports whether no two records have different serials.
func (c *collapser) oneSerial(records []uint32) bool {
	serial := ""
	for _, d := range records {
		id := c.m.deviceSerial(d)
		if id.Quality != ident.Strong {
			continue
		}
		if serial != "" && id.Key != serial || c.m.collided[c.m.devices.serial.key[d]] {
			return false
		}
		serial = id.Key
	}
	return true
}

// anyOverlap reports whether two records that no serial joined lived at the
// same time.
func (c *collapser) anyOverlap(records []uint32) bool {
	for i, d := range records {
		for _, e := range records[:i] {
			if c.root(d) != c.root(e) && c.overlap(d, e) {
				return true
			}
		}
	}
	return false
}

func shareStrong(a, b []ident.ID) bool {
	return slices.ContainsFunc(a, func(x ident.ID) bool {
		return slices.ContainsFunc(b, func(y ident.ID) bool { return bothStrong(x, y) })
	})
}

// modelsDiffer compares the texts of one source, so different texts are
// different models.
func (c *collapser) modelsDiffer(records []uint32) bool {
	var ids, names ident.ID
	for _, d := range records {
		m := c.m.deviceModels(d)
		if ids.Usable() && m.exact.Usable() && !ids.Equal(m.exact) {
			return true
		}
		if m.exact.Usable() {
			ids = m.exact
			continue
		}
		if names.Usable() && m.name.Usable() && !names.Equal(m.name) {
			return true
		}
		if m.name.Usable() {
			names = m.name
		}
	}
	return false
}

// liveApart reports whether two records lived at the same time with different
// hardware.
func (c *collapser) liveApart(records []uint32) bool {
	for i, d := range records {
		for _, e := range records[:i] {
			if c.overlap(d, e) && c.hardwareDiffers(d, e) {
				return true
			}
		}
	}
	return false
}

// overlap reports whether two records lived at the same time: both checked in
// within the policy's hours, or the older one after the newer one was enrolled.
func (c *collapser) overlap(d, e uint32) bool {
	x, y := c.m.device(d), c.m.device(e)
	if x.LastSeen.IsZero() || y.LastSeen.IsZero() {
		return false
	}
	if x.LastSeen.Before(y.LastSeen) {
		x, y = y, x
	}
	hours := time.Duration(c.m.policy.CollapseHours) * time.Hour
	return x.LastSeen.Sub(y.LastSeen) < hours || !x.Enrolled.IsZero() && y.LastSeen.After(x.Enrolled.Add(hours))
}

func (c *collapser) hardwareDiffers(d, e uint32) bool {
	x, y := c.m.device(d), c.m.device(e)
	r := c.m.rules
	if strongDiffer(r.UUID(x.UDID), r.UUID(y.UDID)) || strongDiffer(r.MAC(x.WiFi), r.MAC(y.WiFi)) {
		return true
	}
	a, b := onlyStrong(c.m.deviceIMEIs(d)), onlyStrong(c.m.deviceIMEIs(e))
	return len(a) > 0 && len(b) > 0 && !shareStrong(a, b)
}

func strongDiffer(a, b ident.ID) bool {
	return a.Quality == ident.Strong && b.Quality == ident.Strong && a.Key != b.Key
}

func onlyStrong(all []ident.ID) []ident.ID {
	return slices.DeleteFunc(all, func(id ident.ID) bool { return id.Quality != ident.Strong })
}

// choose makes the newest managed record of each device its primary.
func (c *collapser) choose() {
	g := &c.m.groups
	members := make(map[uint32][]uint32)
	for _, d := range slices.Sorted(maps.Keys(c.parent)) {
		members[c.root(d)] = append(members[c.root(d)], d)
	}
	g.aliases = make(map[uint32][]uint32, len(members))
	for root, all := range members {
		if len(all) < 2 {
			continue
		}
		best, chosen := c.heads[root]
		if !chosen {
			best = slices.MaxFunc(all, func(a, b uint32) int { return newer(c.m.device(a), c.m.device(b)) })
		}
		for _, d := range all {
			g.primary[d] = best
			if d != best {
				g.aliases[best] = append(g.aliases[best], d)
			}
		}
		slices.SortFunc(g.aliases[best], c.m.byRank)
	}
}

func newer(a, b *Device) int {
	switch {
	case a.Managed != b.Managed && a.Managed:
		return 1
	case a.Managed != b.Managed:
		return -1
	}
	if c := a.LastSeen.Compare(b.LastSeen); c != 0 {
		return c
	}
	if c := a.Enrolled.Compare(b.Enrolled); c != 0 {
		return c
	}
	return higherID(a.ID, b.ID)
}

// sharedBy returns how many devices have a value that one of them has.
func (m *Matching) sharedBy(x *index, key uint64) int {
	if len(x.more) == 0 || key == 0 {
		return 1
	}
	head := x.find(key)
	if head == none {
		return 1
	}
	same := x.more[head]
	if same == nil {
		return 1
	}
	if same.count > maxShared {
		return same.count
	}
	var buf [maxShared]uint32
	distinct := buf[:0]
	for _, e := range same.entries {
		distinct = append(distinct, m.primary[x.col.record(e)])
	}
	slices.Sort(distinct)
	return len(slices.Compact(distinct))
}

// sharedHeads returns the heads of values that several entries have, in an
// order that does not depend on that of the records.
func (x *index) sharedHeads() []uint32 {
	return slices.SortedFunc(maps.Keys(x.more), func(a, b uint32) int { return cmp.Compare(x.col.key[a], x.col.key[b]) })
}

// byRank orders devices by their ids.
func (s *snapshot) byRank(a, b uint32) int { return cmp.Compare(s.rank[a], s.rank[b]) }
