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
	slots []uint64 // high half of the key, and entry + 1
	more  map[uint32]*shared
}

// shared holds the entries of a key that has more than one.
type shared struct {
	entries []uint32 // up to maxShared
	count   int
}

func newIndex(col *column) *index {
	x := &index{col: col}
	n := 0
	for _, k := range col.key {
		if k != 0 {
			n++
		}
	}
	if n == 0 {
		return x
	}
	size := bits.Len(uint(n + n/2))
	x.shift = uint(64 - size)
	x.slots = make([]uint64, 1<<size)
	for entry, k := range col.key {
		if k != 0 {
			x.add(uint32(entry), k*prime1)
		}
	}
	return x
}

func (x *index) add(entry uint32, h uint64) {
	mask := uint64(len(x.slots) - 1)
	tag := h << 16 >> 32 << 32
	for i := h >> x.shift; ; i = (i + 1) & mask {
		s := x.slots[i]
		if s == 0 {
			x.slots[i] = tag | uint64(entry+1)
			return
		}
		if s>>32 == tag>>32 && x.col.key[uint32(s)-1] == x.col.key[entry] {
			x.share(uint32(s)-1, entry)
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
	tag := h << 16 >> 32
	for i := h >> x.shift; ; i = (i + 1) & mask {
		s := x.slots[i]
		if s == 0 {
			return none
		}
		if s>>32 == tag && x.col.key[uint32(s)-1] == key {
			return uint32(s) - 1
		}
	}
}

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
