package abm

import (
	"encoding/json"

	"github.com/mdmlink/mdmlink/mdm"
)

// position is a place in the listing of a source: what a cursor holds. It
// carries what the proof at the end needs to know of the part before it.
type position struct {
	Place    place `json:"at"`
	Distinct int   `json:"n,omitempty"`     // devices delivered
	Lost     int   `json:"lost,omitempty"`  // records that could not be read
	Again    int   `json:"again,omitempty"` // devices that came twice
}

func (p position) cursor(info mdm.Info) mdm.Cursor {
	text, err := json.Marshal(p)
	if err != nil { // cannot happen: it holds numbers and texts
		return ""
	}
	return mdm.NewCursor(info, string(text))
}

// parsePosition reads a cursor; "" gives the start.
func (c *Client) parsePosition(cursor mdm.Cursor, l listRequest) (position, error) {
	text, err := cursor.Position(c.info)
	if err != nil || text == "" {
		return position{}, err
	}
	var p position
	if json.Unmarshal([]byte(text), &p) != nil || p.Place == (place{}) || p.Distinct < 0 || p.Lost < 0 || p.Again < 0 ||
		c.checkLink(l, p.Place.Link) != nil {
		return position{}, c.fail(l.op, mdm.ErrCursorInvalid, "it holds no place in a list")
	}
	return p, nil
}
