package inventory

import (
	"errors"
	"fmt"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Status is what a connection does now and will do next.
type Status struct {
	Phase   StatusPhase
	Started time.Time // of the run under way; zero if none is
	Doing   Progress  // of the run under way, as of its last sign of life
	Last    *Run      // report of the last run; nil = there was none
	Failure string    // code of the failure of the last run; "" = none
	Next    time.Time // when the next automatic run is due; zero = never
	Paused  string    // why automatic runs do not take place or are put off, see the Paused constants; "" = they do
	Until   time.Time // until when they are put off; zero = until somebody does something
	Holds   []Hold    // what waits for approval
}

// StatusPhase is what a connection does.
type StatusPhase string

const (
	StatusIdle    StatusPhase = "idle"    // nothing is under way, and the last run went well
	StatusRunning StatusPhase = "running" // a run is under way
	StatusFailed  StatusPhase = "failed"  // nothing is under way, and the last run failed
)

// Reasons why automatic runs do not take place.
const (
	PausedDisabled   = "disabled"        // the connection is disabled
	PausedOnce       = "once"            // the connection is for imports by hand
	PausedCredential = "credential"      // a credential is broken or expired
	PausedBackoff    = "remote_failures" // the remote system failed again and again
	PausedSchedule   = "no_schedule"     // the schedule is off
)

// ErrPaused says that a scheduled run does not take place now; see
// [PausedError]. A run by hand is possible.
var ErrPaused = errors.New("inventory: scheduled runs are paused; runs by hand are possible")

// PausedError says why a scheduled run does not take place. It Is ErrPaused.
type PausedError struct {
	Reason string    // one of the Paused constants
	Until  time.Time // zero = until somebody does something
}

// Error names the reason.
func (e *PausedError) Error() string {
	if e.Until.IsZero() {
		return fmt.Sprintf("%v: %s", ErrPaused, e.Reason)
	}
	return fmt.Sprintf("%v: %s, until %s", ErrPaused, e.Reason, e.Until.UTC().Format(time.RFC3339))
}

// Is reports whether target is ErrPaused, or ErrDisabled for a disabled
// connection.
func (e *PausedError) Is(target error) bool {
	return target == ErrPaused || target == ErrDisabled && e.Reason == PausedDisabled
}

// Status says what the connection does and when it runs next. It is pure: it
// reads what Store.State returned, and nothing else.
func (c Connection) Status(s State, now time.Time) (Status, error) {
	d, err := decodeState(s)
	if err != nil {
		return Status{}, err
	}
	status := Status{Phase: StatusIdle, Last: d.Last}
	if d.Last != nil {
		status.Failure, status.Holds = d.Last.Error, d.Last.Holds
	}
	switch {
	case d.Running.alive(now):
		status.Phase, status.Started = StatusRunning, d.Running.Started
		status.Doing = Progress{d.Running.Phase, d.Running.Done, d.Running.Total}
	case d.Running != nil: // it died
		status.Phase, status.Failure = StatusFailed, "interrupted"
	case status.Failure != "":
		status.Phase = StatusFailed
	}
	status.Paused, status.Until = c.paused(d, now)
	if status.Paused == "" || !status.Until.IsZero() {
		status.Next = c.Schedule.Next(c.ID, c.Created, d.Automatic)
		if !status.Next.IsZero() && status.Until.After(status.Next) {
			status.Next = status.Until
		}
	}
	return status, nil
}

// paused says why automatic runs do not take place now.
func (c Connection) paused(d stateData, now time.Time) (reason string, until time.Time) {
	switch {
	case c.Disabled:
		return PausedDisabled, time.Time{}
	case c.Mode == ModeOnce:
		return PausedOnce, time.Time{}
	case c.unfit(d.Health, now):
		return PausedCredential, time.Time{}
	case c.Schedule.Off():
		return PausedSchedule, time.Time{}
	case now.Before(d.Until):
		return PausedBackoff, d.Until
	}
	return "", time.Time{}
}

// unfit reports whether a credential stops automatic runs.
func (c Connection) unfit(all []health, now time.Time) bool {
	for _, h := range all {
		expired := !h.Expires.IsZero() && !now.Before(h.Expires)
		if h.State == mdm.HealthBroken || expired || c.PauseOnWarn && h.State == mdm.HealthWarn {
			return true
		}
	}
	return false
}

// The waiting after remote failures doubles from one run to the next.
const (
	firstBackoff = time.Hour
	mostBackoff  = 72 * time.Hour
)

// backoff is how long scheduled runs wait after so many failures in a row.
// One failure alone delays nothing, unless the system asked for patience.
func backoff(failures int, asked time.Duration) time.Duration {
	wait := time.Duration(0)
	if failures > 1 {
		wait = min(firstBackoff<<min(failures-1, 10), mostBackoff)
	}
	return max(wait, asked)
}
