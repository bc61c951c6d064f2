package inventory

import "slices"

// Limits say when a run changes so much that a person has to look first. A
// group of changes is held if it is larger than its share of the devices (or
// assets) that were there before, and larger than Least.
type Limits struct {
	Create  float64 // share of the scope's assets that may be created; 0 = 0.20
	Missing float64 // share of the connection's devices that may go missing; 0 = 0.05
	Unlink  float64 // share of the connection's links that may turn doubtful; 0 = 0.02
	Least   int     // so many changes of a group always pass; 0 = 10
}

// Codes of holds.
const (
	HoldCreate  = "create"        // so many assets would be created
	HoldMissing = "missing"       // so many devices would go missing
	HoldUnlink  = "unlink"        // so many links would turn doubtful
	HoldEmpty   = "empty_listing" // the system lists no device at all, and had some before
)

// Hold is a group of changes that waits for approval. To approve it, hand it
// to the next run in Options.Approve: that run plans afresh, and lets the
// group pass if it holds no other devices.
type Hold struct {
	Code    string   `json:"code"`
	Count   int      `json:"count"`
	Limit   int      `json:"limit"`
	Devices []string `json:"devices"` // ids, sorted
}

// covers reports whether an approved hold lets another pass.
func (h Hold) covers(o Hold) bool {
	return h.Code == o.Code && !slices.ContainsFunc(o.Devices, func(id string) bool {
		_, found := slices.BinarySearch(h.Devices, id)
		return !found
	})
}

// limit returns how many changes of a group pass.
func (l Limits) limit(code string, base int) int {
	share := map[string]float64{HoldCreate: or(l.Create, 0.20), HoldMissing: or(l.Missing, 0.05), HoldUnlink: or(l.Unlink, 0.02)}[code]
	return max(or(l.Least, 10), int(share*float64(base)))
}

func or[T comparable](a, b T) T {
	var zero T
	if a == zero {
		return b
	}
	return a
}
