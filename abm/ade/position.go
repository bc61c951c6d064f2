package ade

import (
	"encoding/json"

	"github.com/mdmlink/mdmlink/mdm"
)

// position is a place in the listing of a source: what a cursor holds.
type position struct {
	Changes bool   `json:"changes,omitempty"` // in a listing of changes
	Cursor  string `json:"at,omitempty"`      // Apple's
	Lost    int    `json:"lost,omitempty"`    // records that could not be read so far
}

func (p position) cursor(info mdm.Info) mdm.Cursor {
	text, err := json.Marshal(p)
	if err != nil { // cannot happen: it holds a number and a text
		return ""
	}
	return mdm.NewCursor(info, string(text))
}

// parsePosition reads a cursor; "" gives the start.
func (c *Client) parsePosition(cursor mdm.Cursor) (position, error) {
	text, err := cursor.Position(c.info)
	if err != nil || text == "" {
		return position{}, err
	}
	var p position
	if json.Unmarshal([]byte(text), &p) != nil || p.Cursor == "" || p.Lost < 0 {
		return position{}, c.fail(opDevices, mdm.ErrCursorInvalid, "it holds no place in a list")
	}
	return p, nil
}
