package jamfpro

import (
	"encoding/json"
	"strconv"

	"github.com/mdmlink/mdmlink/mdm"
)

// position is a place in the listing of a source: what a cursor holds. It
// carries what the proof at the end needs to know of the part before it.
type position struct {
	Kind     DeviceKind `json:"kind"`
	Page     int        `json:"page"`
	Size     int        `json:"size"`
	Mark     mark       `json:"mark,omitzero"`
	Rows     int        `json:"rows,omitempty"`  // rows read of this kind
	Distinct int        `json:"n,omitempty"`     // devices delivered of this kind
	Lost     int        `json:"lost,omitempty"`  // records of this kind that could not be read
	Other    int        `json:"other,omitempty"` // devices of the other kind
	Flaw     string     `json:"flaw,omitempty"`  // why the other kind is not complete
}

func (p position) cursor(info mdm.Info) mdm.Cursor {
	text, err := json.Marshal(p)
	if err != nil { // cannot happen: it holds numbers and texts
		return ""
	}
	return mdm.NewCursor(info, string(text))
}

// parsePosition reads a cursor; "" gives the start.
func parsePosition(c mdm.Cursor, info mdm.Info) (position, error) {
	text, err := c.Position(info)
	if err != nil || text == "" {
		return position{}, err
	}
	var p position
	if json.Unmarshal([]byte(text), &p) != nil || p.Kind != Computer && p.Kind != MobileDevice ||
		p.Page < 0 || p.Size < 1 || p.Size > maxPageSize {
		return position{}, &mdm.Error{Op: "devices", Origin: info.Origin, Kind: mdm.ErrCursorInvalid, Detail: "it holds no place in a list"}
	}
	return p, nil
}

// idSet is a set of ids, small for numbers.
type idSet struct {
	numbers map[uint32]struct{}
	texts   map[string]struct{}
}

// add reports whether the id is new.
func (s *idSet) add(id string) bool {
	if n, err := strconv.ParseUint(id, 10, 32); err == nil && (id[0] != '0' || id == "0") {
		return add(&s.numbers, uint32(n))
	}
	return add(&s.texts, id)
}

func add[K comparable](set *map[K]struct{}, key K) bool {
	if *set == nil {
		*set = map[K]struct{}{}
	}
	if _, there := (*set)[key]; there {
		return false
	}
	(*set)[key] = struct{}{}
	return true
}
