package wire

import (
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
)

// Time is a time as a list writes it (no zone) or as PHP writes a DateTime.
type Time struct {
	Date string // date and time; "" = none
	Type int64  // how Zone is to be read: 1 offset, 2 abbreviation, 3 IANA name; 0 = no zone given
	Zone string
}

// UnmarshalJSONFrom reads any JSON value.
func (t *Time) UnmarshalJSONFrom(dec *json.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*t = Time{}
	var object json.Object[struct {
		Date json.Text `json:"date"`
		Type json.Int  `json:"timezone_type"`
		Zone json.Text `json:"timezone"`
	}]
	if kind := value.Kind(); kind == '{' || kind == '[' {
		if json.Read(value, &object) && object.Present {
			*t = Time{object.Of.Date.Text, object.Of.Type.N, object.Of.Zone.Text}
		}
		return nil
	}
	var text json.Text
	if json.Read(value, &text) {
		t.Date = text.Text
	}
	return nil
}

// In returns the moment, read in the zone that the time carries or else in
// assumed. Zero is returned for never and for what is no date.
func (t Time) In(assumed *time.Location) time.Time {
	zone := t.location(assumed)
	text := strings.TrimSpace(t.Date)
	if strings.HasPrefix(text, "0000") || strings.HasPrefix(text, "-") {
		return time.Time{}
	}
	for _, layout := range []string{"2006-01-02 15:04:05", time.RFC3339} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil && at.Year() > 1970 {
			return at.UTC()
		}
	}
	return time.Time{}
}

// HasZone reports whether the time says in which zone it is.
func (t Time) HasZone() bool { return t.location(nil) != nil }

func (t Time) location(assumed *time.Location) *time.Location {
	switch {
	case t.Zone == "" || t.Type == 0:
		return assumed
	case t.Type == 1:
		if at, err := time.Parse("-07:00", t.Zone); err == nil {
			return at.Location()
		}
	case t.Type == 2:
		if seconds, ok := abbreviations[strings.ToUpper(t.Zone)]; ok {
			return time.FixedZone(t.Zone, seconds)
		}
	}
	if zone, err := time.LoadLocation(t.Zone); err == nil && t.Zone != "Local" {
		return zone
	}
	return assumed
}

// abbreviations are the zone names that PHP writes and that mean one thing in
// the countries where Jamf School is sold.
var abbreviations = map[string]int{
	"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 3600, "BST": 3600, "CET": 3600, "CEST": 7200,
	"EET": 7200, "EEST": 10800, "EST": -18000, "EDT": -14400, "CST": -21600, "CDT": -18000,
	"MST": -25200, "MDT": -21600, "PST": -28800, "PDT": -25200, "JST": 32400,
	"AEST": 36000, "AEDT": 39600, "NZST": 43200, "NZDT": 46800,
}
