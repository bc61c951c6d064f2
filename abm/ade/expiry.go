package ade

import "time"

const day = 24 * time.Hour

// DefaultWindow is how long before its end a credential is about to expire,
// where nothing else is said.
const DefaultWindow = 30 * day

// Expiry is the end of a credential and the warnings before it. It is not
// bound to server tokens. The zero Expiry has no end.
type Expiry struct {
	At     time.Time       // the end; zero = none
	Window time.Duration   // how long before the end it is about to expire; 0 = DefaultWindow
	Warn   []time.Duration // how long before the end to warn; nil = 60, 30, 14, 7, 3 and 1 days, empty = never
}

var defaultWarnings = []time.Duration{60 * day, 30 * day, 14 * day, 7 * day, 3 * day, day}

// window is the warning window.
func (e Expiry) window() time.Duration {
	if e.Window <= 0 {
		return DefaultWindow
	}
	return e.Window
}

// State says by the clock alone whether the credential is StateValid,
// StateExpiring or StateExpired.
func (e Expiry) State(now time.Time) State {
	switch {
	case e.At.IsZero():
		return StateValid
	case !now.Before(e.At):
		return StateExpired
	case !now.Before(e.At.Add(-e.window())):
		return StateExpiring
	}
	return StateValid
}

// Due returns the warning that is due now, as the time before the end that it
// belongs to; 0 = none. warned is what Due returned the last time, 0 for the
// first: no warning is due twice, and of several that were missed only the
// most urgent is. There is none after the end.
func (e Expiry) Due(now time.Time, warned time.Duration) time.Duration {
	if e.At.IsZero() || !now.Before(e.At) {
		return 0
	}
	warnings := e.Warn
	if warnings == nil {
		warnings = defaultWarnings
	}
	due := time.Duration(0)
	for _, w := range warnings {
		reached := w > 0 && !now.Before(e.At.Add(-w))
		if reached && (warned == 0 || w < warned) && (due == 0 || w < due) {
			due = w
		}
	}
	return due
}
