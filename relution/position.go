package relution

import (
	"encoding/json"

	"github.com/mdmlink/mdmlink/mdm"
)

// position is a place in the listing of a source: what a cursor holds. It
// carries what the proof at the end needs to know of the part before it.
type position struct {
	Size     int    `json:"size"`
	Rows     int    `json:"rows,omitempty"` // rows read
	Distinct int    `json:"n,omitempty"`    // devices among them, each counted once
	Lost     int    `json:"lost,omitempty"` // records that could not be read
	Total    int    `json:"total,omitempty"`
	Last     string `json:"last,omitempty"` // UUID of the last row; "" = it has none
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
	if json.Unmarshal([]byte(text), &p) != nil || p.Rows < 1 || p.Size < 1 || p.Size > maxPageSize || p.Distinct < 0 || p.Lost < 0 || p.Total < 0 {
		return position{}, &mdm.Error{Op: opDevices, Origin: info.Origin, Kind: mdm.ErrCursorInvalid, Detail: "it holds no place in a list"}
	}
	return p, nil
}
