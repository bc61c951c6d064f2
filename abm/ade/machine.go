package ade

import "slices"

// next is the state machine: which state follows from a state and an event.
// clock is what the expiry alone says: valid, expiring or expired. A state
// that is bad is left through a definite success or a new token only; another
// error, or none, does not clear it.
//
// Source: reference/apple.md 10.2
func next(s State, e Event, clock State) State {
	switch e {
	case EventStaged:
		if s == StateNone {
			return StatePending
		}
		return s
	case EventDiscarded:
		if s == StatePending {
			return StateNone
		}
		return s
	case EventImported:
		return clock
	case EventUnconfirmed:
		if clock == StateExpired {
			return StateExpired
		}
		return StateUnknown
	}
	if s == StateNone || s == StatePending {
		return s
	}
	return nextWithToken(s, e, clock)
}

func nextWithToken(s State, e Event, clock State) State {
	switch {
	case e == EventWorked:
		return clock
	case e == EventClock && clock == StateExpired, e == EventExpired:
		return StateExpired
	case s == StateExpired:
		return s // no request is made any more
	case e == EventRefused && s != StateRevoked:
		return StateSuperseded
	case e == EventTerms:
		return StateTerms
	case e == EventDenied:
		return StateRevoked
	case e == EventClock && s.Works():
		return clock
	}
	return s
}

// Transition is one change of state that the machine knows.
type Transition struct {
	From  State
	Event Event
	To    State
}

// Transitions returns every change of state that an event can bring about, in
// the order of states and events. A state that an event leaves as it is, is
// left out.
func Transitions() []Transition {
	var all []Transition
	for _, from := range append([]State{StateUnknown}, States()...) {
		for _, e := range Events() {
			for _, clock := range []State{StateValid, StateExpiring, StateExpired} {
				t := Transition{from, e, next(from, e, clock)}
				if t.To != from && !slices.Contains(all, t) && possible(from, e, clock) {
					all = append(all, t)
				}
			}
		}
	}
	return all
}

// possible leaves out what cannot come together: a token past its end is not
// imported, and none is asked with.
func possible(from State, e Event, clock State) bool {
	return e == EventClock || clock != StateExpired && (from != StateExpired || e == EventImported || e == EventUnconfirmed || e == EventWorked)
}
