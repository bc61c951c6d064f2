package wire

import (
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
)

// Time is a moment: milliseconds since 1970 as a number or a text, or a
// date-time.
type Time struct{ json.Text }

// seconds is the number below which a time counts seconds.
const seconds = 100_000_000_000

// layouts are the forms of date-times; a fraction of a second fits all.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", time.DateOnly}

// At returns the moment in UTC. Zero is returned for never, which the API
// writes as 0 or null, and for what is no time.
//
// Source: reference/relution.md 3, 11 row 16
func (t Time) At() time.Time {
	text := strings.TrimSpace(t.Text.Text)
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		if number <= 0 || number >= 1<<53 {
			return time.Time{}
		}
		n := int64(number)
		if n < seconds {
			n *= 1000
		}
		return plausible(time.UnixMilli(n))
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return plausible(at)
		}
	}
	return time.Time{}
}

func plausible(at time.Time) time.Time {
	if at = at.UTC(); at.Year() <= 1970 || at.Year() > 9999 {
		return time.Time{}
	}
	return at
}
