package jamfschooltest

import (
	"encoding/json"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// Era is a time whose JSON the fake speaks. The protocol version never
// changed when the JSON did.
type Era uint8

// The eras. The zero value stands for the newest.
const (
	EraUnknown Era = iota // as Era2026
	Era2021               // network flags are texts, iCloudBackupLatest is a text with day and month swapped
	Era2023               // likewise, and iCloudBackupLatest is empty
	Era2026               // network flags are numbers or empty, iCloudBackupLatest is a number, some numbers and dates are texts
)

// String returns the year, or "unknown".
func (e Era) String() string {
	switch e {
	case Era2021:
		return "2021"
	case Era2023:
		return "2023"
	case Era2026:
		return "2026"
	}
	return "unknown"
}

// Wire says how answers about devices are written.
type Wire struct {
	Era    Era
	Zone   *time.Location // of all times; nil = UTC. Lists do not name it, details do
	Values bool           // details give deviceEnrollType, assetTag and notes as {"value": …}
	Arrays bool           // model, os, owner and region are arrays of one element, as the vendor prints them
}

// SetWire changes how answers about devices are written from now on.
func (f *Fake) SetWire(w Wire) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wire = w
}

func (w Wire) old() bool { return w.Era == Era2021 || w.Era == Era2023 }

func (w Wire) zone() *time.Location {
	if w.Zone == nil {
		return time.UTC
	}
	return w.Zone
}

// null is a member that is there and holds nothing.
var null = json.RawMessage("null")

// object is an object, or an array around it.
func (w Wire) object(v any) any {
	if w.Arrays {
		return []any{v}
	}
	return v
}

// scalar is a value of a detail, or an object around it.
func (w Wire) scalar(v any) any {
	if w.Values {
		return map[string]any{"value": v}
	}
	return v
}

// flag is a network flag of a listing. Macs have none of them.
func (w Wire) flag(p fleet.Platform, on bool) any {
	switch {
	case p == fleet.MacOS:
		return ""
	case w.old() && on:
		return "1"
	case w.old():
		return "0"
	case on:
		return 1
	}
	return 0
}

// lastBackup is the date that no one can read.
func (w Wire) lastBackup(t time.Time) any {
	switch {
	case w.Era == Era2023, w.Era == Era2021 && t.IsZero():
		return ""
	case w.Era == Era2021:
		t = t.In(w.zone())
		return t.Format("2006-") + t.Format("02-01 15:04:05")
	}
	return 0
}

func (w Wire) stamp(t time.Time) string { return t.In(w.zone()).Format(time.DateTime) }

// listedCheckin is a check-in in a listing. Nobody has seen one that never
// was, so that each such device shows another form; nil = the member is
// missing.
func (w Wire) listedCheckin(s *state) any {
	if s.LastSeen.IsZero() {
		return []any{"", null, "0000-00-00 00:00:00", "not yet", nil}[s.index%5]
	}
	return w.stamp(s.LastSeen)
}

// phpDate is the way PHP writes a DateTime as JSON.
type phpDate struct {
	Date string `json:"date"`
	Type int    `json:"timezone_type"`
	Zone string `json:"timezone"`
}

// detailCheckin is a check-in in a detail, with several forms of never.
func (w Wire) detailCheckin(s *state) any {
	if s.LastSeen.IsZero() {
		return []any{null, "", phpDate{"-0001-11-30 00:00:00.000000", 3, "UTC"}}[s.index%3]
	}
	return phpDate{s.LastSeen.In(w.zone()).Format("2006-01-02 15:04:05.000000"), 3, w.zone().String()}
}

// gib is bytes as the server counts them.
func gib(bytes int64) float64 {
	return float64(bytes*10000>>30) / 10000
}

// available is the free storage; for some devices it is a text these days.
func (w Wire) available(s *state) any {
	if s.Platform == fleet.TVOS && !w.old() {
		return json.RawMessage(`"` + jsonNumber(gib(s.Free)) + `"`)
	}
	return gib(s.Free)
}

func jsonNumber(v float64) string {
	b, _ := json.Marshal(v) // a finite number never fails
	return string(b)
}

// battery is 0 for devices without one.
func battery(s *state) float64 { return max(0, s.Battery) }
