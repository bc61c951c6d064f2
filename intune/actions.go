package intune

import (
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// ActionResult is how an action on a device stands.
//
// Source: reference/intune.md 5.2
type ActionResult struct {
	Name      string     // "remoteLock", "wipe", "resetPasscode" and others
	State     string     // "none", "pending", "canceled", "active", "done", "failed", "notSupported"
	Started   time.Time  // when it was requested
	Updated   time.Time  // when the state changed last
	UnlockPIN mdm.Secret // unlocks a Mac again, told for 30 days; zero = none, or not yet
	Passcode  mdm.Secret // new passcode of an Android device, told for a week; zero = none, or not yet
	ErrorCode int64      // of the device; 0 = none
	Location  *Location  // where the device was; nil = not told
}

// Location is where a device was.
type Location struct {
	At                  time.Time
	Latitude, Longitude float64 // degrees
	Accuracy            float64 // metres
}

// Done reports whether the device has carried the action out.
func (a ActionResult) Done() bool { return a.State == "done" }

// Ended reports whether the state will not change any more, well or badly.
func (a ActionResult) Ended() bool {
	switch a.State {
	case "done", "failed", "canceled", "notSupported":
		return true
	}
	return false
}

func newActions(value []byte) []ActionResult {
	var rows json.List[wire.ActionResult]
	if json.Unmarshal(value, &rows) != nil {
		return nil
	}
	var all []ActionResult
	for _, w := range rows.Of {
		a := ActionResult{Name: clean(w.Name), State: clean(w.State), Started: moment(clean(w.Started)), Updated: moment(clean(w.Updated)), ErrorCode: w.ErrorCode.N}
		if w.UnlockPIN.Text != "" {
			a.UnlockPIN = mdm.NewSecret(w.UnlockPIN.Text)
		}
		if w.Passcode.Text != "" {
			a.Passcode = mdm.NewSecret(w.Passcode.Text)
		}
		if l := w.Location.Of; w.Location.Present {
			a.Location = &Location{At: moment(clean(l.At)), Latitude: l.Latitude.N, Longitude: l.Longitude.N, Accuracy: l.Accuracy.N}
		}
		all = append(all, a)
	}
	return all
}
