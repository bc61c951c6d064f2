package wire

import (
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
)

// Time is a time, or a day, in any of the forms that the API writes.
type Time struct{ json.Text }

// layouts are the forms that were seen. A fraction of a second fits all that
// have seconds.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05",
	"2006-01-02 15:04:05 MST", "2006-01-02 15:04:05"}

// At returns the moment in UTC; of a day, its beginning. Zero is returned for
// never, which the API also writes as the beginning of 1970, and for what is
// no time.
//
// Source: reference/jamfpro.md 3.0
func (t Time) At() time.Time {
	text := strings.TrimSpace(t.Text.Text)
	if text == "" {
		return time.Time{}
	}
	if len(text) == len(time.DateOnly) {
		if at, err := time.Parse(time.DateOnly, text); err == nil {
			return plausible(at)
		}
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return plausible(at)
		}
	}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil && ms > 0 && ms < 1<<43 {
		return plausible(time.UnixMilli(ms))
	}
	return time.Time{}
}

func plausible(at time.Time) time.Time {
	if at = at.UTC(); at.Year() <= 1970 || at.Year() > 9999 {
		return time.Time{}
	}
	return at
}
