package intune

import (
	"encoding/json"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// position is a place in the listing of a source: what a cursor holds.
type position struct {
	Link string `json:"link"` // to the page, as the service gave it
}

func (p position) cursor(info mdm.Info) mdm.Cursor {
	text, err := json.Marshal(p)
	if err != nil { // cannot happen: it holds a text
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
	if json.Unmarshal([]byte(text), &p) != nil || !strings.HasPrefix(p.Link, info.Origin.Address+"/") {
		return position{}, &mdm.Error{Op: opDevices, Origin: info.Origin, Kind: mdm.ErrCursorInvalid, Detail: "it holds no place in a list"}
	}
	return p, nil
}
