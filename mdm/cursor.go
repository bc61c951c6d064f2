package mdm

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// Cursor is a place in a listing. It is opaque, versioned and bound to the
// source that made it; a host stores it as text. "" is the start.
type Cursor string

const cursorVersion = 1

type cursorBody struct {
	Version  int    `json:"v"`
	Source   []byte `json:"s"`
	Position []byte `json:"p"`
	Sum      []byte `json:"c"` // of the position: a damaged cursor must not skip devices
}

// NewCursor returns a cursor for a position of the vendor's own, bound to the
// source that info describes and to its filter.
func NewCursor(info Info, position string) Cursor {
	text, err := json.Marshal(cursorBody{cursorVersion, info.fingerprint(), []byte(position), digest(position)})
	if err != nil { // cannot happen: the struct holds only bytes and a number
		return ""
	}
	return Cursor(base64.RawURLEncoding.EncodeToString(text))
}

// Position returns the position that a cursor holds. A cursor that is
// damaged, of another version, or made by another source or for another
// filter is ErrCursorInvalid. The position of the empty cursor is "".
func (c Cursor) Position(info Info) (string, error) {
	if c == "" {
		return "", nil
	}
	invalid := func(detail string) error {
		return &Error{Op: "resume", Origin: info.Origin, Kind: ErrCursorInvalid, Detail: detail,
			Advice: "List from the start, with an empty cursor."}
	}
	text, err := base64.RawURLEncoding.DecodeString(string(c))
	if err != nil {
		return "", invalid("it is damaged")
	}
	var body cursorBody
	if err := json.Unmarshal(text, &body); err != nil {
		return "", invalid("it is damaged")
	}
	if body.Version != cursorVersion {
		return "", invalid("it is of another version")
	}
	if !bytes.Equal(body.Source, info.fingerprint()) {
		return "", invalid("it was made by another source or for another filter")
	}
	position := string(body.Position)
	if c != NewCursor(info, position) {
		return "", invalid("it is damaged")
	}
	return position, nil
}

func (i Info) fingerprint() []byte {
	return digest(i.Origin.Kind, i.Origin.Address, i.Origin.Tenant, i.Filter)
}

func digest(parts ...string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return sum[:8]
}
