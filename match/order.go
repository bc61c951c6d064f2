package match

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// byID returns the indices of all devices in the order of their ids.
func byID(devices []Device) []uint32 {
	order := make([]uint32, len(devices))
	for i := range order {
		order[i] = uint32(i)
	}
	before := func(a, b Device) int { return strings.Compare(a.ID, b.ID) }
	if slices.IsSortedFunc(devices, before) {
		return order
	}
	skip := commonPrefix(devices)
	type item struct {
		head  uint64 // the first bytes that differ
		index uint32
	}
	items := make([]item, len(devices))
	for i := range devices {
		var head [8]byte
		copy(head[:], devices[i].ID[skip:])
		items[i] = item{binary.BigEndian.Uint64(head[:]), uint32(i)}
	}
	slices.SortFunc(items, func(a, b item) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return strings.Compare(devices[a.index].ID, devices[b.index].ID)
	})
	for i, it := range items {
		order[i] = it.index
	}
	return order
}

func commonPrefix(devices []Device) int {
	first := devices[0].ID
	n := len(first)
	for i := range devices {
		id := devices[i].ID
		n = min(n, len(id))
		for id[:n] != first[:n] {
			n--
		}
		if n == 0 {
			break
		}
	}
	return n
}

// higherID compares ids that count up: digits as numbers, others as text.
func higherID(a, b string) int {
	if isNumber(a) && isNumber(b) {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if len(a) != len(b) {
			return len(a) - len(b)
		}
	}
	return strings.Compare(a, b)
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
