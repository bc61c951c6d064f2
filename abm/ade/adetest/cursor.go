package adetest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// cursorLife is how old a cursor may become.
const cursorLife = 7 * 24 * time.Hour

// fullCursor is the documented maximum of characters.
const fullCursor = 1000

// cursor is a place in the log of an entry.
type cursor struct {
	phase   string    // "fetch", "done" = all was fetched, or "sync"
	horizon int       // where the changes begin that a fetch may have missed
	at      int       // where to go on
	made    time.Time // in whole milliseconds
}

// text is the cursor as clients see it.
func (e *Entry) text(c cursor) string {
	plain := fmt.Sprintf("%s:%d:%d:%d:%d", c.phase, c.horizon, c.at, c.made.UnixMilli(), e.epoch)
	plain += ":" + e.seal(plain)
	if e.f.wire.FullCursor {
		plain += ":" + strings.Repeat("0", fullCursor/4*3-len(plain)-1)
	}
	return base64.StdEncoding.EncodeToString([]byte(plain))
}

// seal binds a cursor to its entry.
func (e *Entry) seal(plain string) string {
	sum := digest("cursor", e.uuid, plain)
	return fmt.Sprintf("%x", sum[:6])
}

// cursor reads a cursor; false = it is none of this entry, or none any more.
func (e *Entry) cursor(text string) (cursor, bool) {
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return cursor{}, false
	}
	var c cursor
	var made int64
	var epoch int
	parts := strings.Split(string(plain), ":")
	if len(parts) < 6 {
		return c, false
	}
	head := strings.Join(parts[:5], ":")
	if _, err := fmt.Sscanf(strings.Join(parts[1:5], " "), "%d %d %d %d", &c.horizon, &c.at, &made, &epoch); err != nil {
		return c, false
	}
	c.phase, c.made = parts[0], time.UnixMilli(made)
	return c, parts[5] == e.seal(head) && epoch == e.epoch
}

// DropCursors makes all cursors of the entry that are out invalid.
func (e *Entry) DropCursors() {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.epoch++
}
