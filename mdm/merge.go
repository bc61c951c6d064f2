package mdm

import (
	"maps"
	"slices"
)

// Or returns the record with what it does not report taken from other. It
// joins what a listing and the detail of the same device tell: call it on the
// detail. An attribute that is Blank stays blank.
func (r Record) Or(other Record) Record {
	for _, a := range catalogue() {
		if a.keep != nil && a.Value(&r).State == NotReported {
			a.keep(&r, &other)
			if other.Blank.Has(a.Key) {
				r.Blank = r.Blank.With(a.Key)
			}
		}
	}
	r.Origin, r.ID = or(r.Origin, other.Origin), or(r.ID, other.ID)
	r.Interfaces = mergeInterfaces(r.Interfaces, other.Interfaces)
	if len(r.SIMs) == 0 {
		r.SIMs = other.SIMs
	}
	if len(other.Custom) > 0 {
		custom := maps.Clone(other.Custom)
		maps.Copy(custom, r.Custom)
		r.Custom = custom
	}
	return r
}

// mergeInterfaces adds the interfaces that only other has. One of the same
// kind and address is the same interface, whatever else it tells.
func mergeInterfaces(own, other []Interface) []Interface {
	merged := slices.Clone(own)
	for _, o := range other {
		same := func(i Interface) bool { return i.Kind == o.Kind && (i.MAC == o.MAC || o.MAC == "") }
		if !slices.ContainsFunc(own, same) {
			merged = append(merged, o)
		}
	}
	slices.SortStableFunc(merged, func(a, b Interface) int { return int(rank(a.Kind)) - int(rank(b.Kind)) })
	return merged
}

// rank puts Wi-Fi first and Bluetooth last.
func rank(kind InterfaceKind) InterfaceKind {
	if kind == InterfaceUnknown {
		return InterfaceCellular
	}
	return kind
}

func or[T comparable](a, b T) T {
	var zero T
	if a == zero {
		return b
	}
	return a
}
