package mdm

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
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
	Sum      []byte `json:"c"` // of all the rest: a damaged cursor must not skip devices
}

func (b cursorBody) sum() []byte {
	return digest(strconv.Itoa(b.Version), string(b.Source), string(b.Position))
}

// cursorText refuses the texts that differ only in bits that mean nothing.
var cursorText = base64.RawURLEncoding.Strict()

// NewCursor returns a cursor for a position of the vendor's own, bound to the
// source that info describes and to its filter.
func NewCursor(info Info, position string) Cursor {
	body := cursorBody{Version: cursorVersion, Source: info.fingerprint(), Position: []byte(position)}
	body.Sum = body.sum()
	text, err := json.Marshal(body)
	if err != nil { // cannot happen: the struct holds only bytes and a number
		return ""
	}
	return Cursor(cursorText.EncodeToString(text))
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
	text, err := cursorText.DecodeString(string(c))
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
	if !bytes.Equal(body.Sum, body.sum()) {
		return "", invalid("it is damaged")
	}
	if !bytes.Equal(body.Source, info.fingerprint()) {
		return "", invalid("it was made by another source or for another filter")
	}
	return string(body.Position), nil
}

func (i Info) fingerprint() []byte {
	return digest(i.Origin.Kind, i.Origin.Address, i.Origin.Tenant, i.Filter)
}

func digest(parts ...string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return sum[:8]
}
