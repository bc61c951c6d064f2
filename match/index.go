package match

import "math/bits"

// none is the index of nothing.
const none = ^uint32(0)

// maxShared is the number of records up to which a value that several of them
// have is looked into. A value of more is no identifier, whatever it looks
// like.
const maxShared = 64

// column holds one kind of key for all records of a side. A record has none,
// one or, if off is set, several entries.
type column struct {
	key   []uint64 // by entry
	owner []uint32 // record of each entry; nil = entry and record are the same
	off   []uint32 // first entry of each record and, last, the number of entries; nil as owner
}

func (c *column) of(record uint32) (first, end uint32) {
	if c.off != nil {
		return c.off[record], c.off[record+1]
	}
	if c.key == nil {
		return 0, 0
	}
	return record, record + 1
}

func (c *column) record(entry uint32) uint32 {
	if c.owner == nil {
		return entry
	}
	return c.owner[entry]
}

// index finds the entries of a column that have a key. Look-ups allocate
// nothing.
type index struct {
	col   *column
	shift uint
	slots []uint64 // low bits of the multiplied key, and entry + 1 in as many bits as it needs
	entry uint64   // mask of the entry
	width uint     // bits of the mask
	more  map[uint32]*shared
}

// shared holds the entries of a key that has more than one.
type shared struct {
	entries []uint32 // up to maxShared
	count   int
}

// newIndex indexes a column. With few, it holds all entries of a value that
// occurs more than once, and hardly any others.
func newIndex(col *column, few bool) *index {
	x := &index{col: col}
	keep := func(uint64) bool { return true }
	if few {
		keep = newRepeats(col.key).may
	}
	n := 0
	for _, k := range col.key {
		if k != 0 && keep(k) {
			n++
		}
	}
	if n == 0 {
		return x
	}
	size := bits.Len(uint(n + n/2))
	x.shift = uint(64 - size)
	x.slots = make([]uint64, 1<<size)
	x.width = uint(bits.Len(uint(len(col.key) + 1)))
	x.entry = 1<<x.width - 1
	for entry, k := range col.key {
		if k != 0 && keep(k) {
			x.add(uint32(entry), k*prime1)
		}
	}
	return x
}

// add and find take two keys for one if they are multiplied to the same low
// bits and near the same place, which is all but 64 bits.
func (x *index) add(entry uint32, h uint64) {
	mask := uint64(len(x.slots) - 1)
	tag := x.tag(h)
	for i := h >> x.shift; ; i = (i + 1) & mask {
		s := x.slots[i]
		if s == 0 {
			x.slots[i] = tag | uint64(entry+1)
			return
		}
		if s&^x.entry == tag {
			x.share(uint32(s&x.entry)-1, entry)
			return
		}
	}
}

func (x *index) share(head, entry uint32) {
	s := x.more[head]
	if s == nil {
		if x.more == nil {
			x.more = make(map[uint32]*shared)
		}
		s = &shared{entries: []uint32{head}, count: 1}
		x.more[head] = s
	}
	s.count++
	if len(s.entries) <= maxShared {
		s.entries = append(s.entries, entry)
	}
}

// find returns the first entry of a key; none if there is none.
func (x *index) find(key uint64) uint32 {
	if key == 0 || x.slots == nil {
		return none
	}
	h := key * prime1
	mask := uint64(len(x.slots) - 1)
	tag := x.tag(h)
	for i := h >> x.shift; ; i = (i + 1) & mask {
		s := x.slots[i]
		if s == 0 {
			return none
		}
		if s&^x.entry == tag {
			return uint32(s&x.entry) - 1
		}
	}
}

// tag puts the low bits of a multiplied key above the place of the entry; the
// high ones say where to look.
func (x *index) tag(h uint64) uint64 { return h << x.width }

// records appends the records that have a key, and returns how many there
// are. Of more than maxShared none is appended.
func (x *index) records(key uint64, to []uint32) ([]uint32, int) {
	head := x.find(key)
	if head == none {
		return to, 0
	}
	s := x.more[head]
	switch {
	case s == nil:
		return append(to, x.col.record(head)), 1
	case s.count > maxShared:
		return to, s.count
	}
	for _, e := range s.entries {
		to = append(to, x.col.record(e))
	}
	return to, s.count
}

// one returns the only record that has a key; none if there is none or more.
func (x *index) one(key uint64) (record uint32, count int) {
	head := x.find(key)
	if head == none {
		return none, 0
	}
	if x.more != nil {
		if s := x.more[head]; s != nil {
			return none, s.count
		}
	}
	return x.col.record(head), 1
}

// first returns the first key of a record; 0 if it has none.
func (c *column) first(record uint32) uint64 {
	if e, end := c.of(record); e < end {
		return c.key[e]
	}
	return 0
}

// repeats tells which keys may occur more than once. It fits into a cache that
// an index does not fit into.
type repeats struct {
	once, again []uint64
	shift       uint
}

func newRepeats(keys []uint64) *repeats {
	size := max(bits.Len(uint(len(keys)))+3, 6)
	r := &repeats{once: make([]uint64, 1<<(size-6)), again: make([]uint64, 1<<(size-6)), shift: uint(64 - size)}
	for _, k := range keys {
		if k == 0 {
			continue
		}
		bit := k * prime3 >> r.shift
		word, mask := bit>>6, uint64(1)<<(bit&63)
		r.again[word] |= r.once[word] & mask
		r.once[word] |= mask
	}
	return r
}

func (r *repeats) may(k uint64) bool {
	bit := k * prime3 >> r.shift
	return r.again[bit>>6]>>(bit&63)&1 != 0
}
