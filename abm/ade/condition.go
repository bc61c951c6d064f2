package ade

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Condition is what is known of one server token. It is a value that the host
// stores, and its methods are pure. The zero Condition is that of a token of
// which nothing is known.
type Condition struct {
	State State         `json:"state,omitzero"`
	Since time.Time     `json:"since,omitzero"` // when the state began
	Cause Event         `json:"cause,omitzero"` // why
	Code  string        `json:"code,omitzero"`  // Apple's own code for the cause, such as "T_C_NOT_SIGNED"; "" = none
	Terms bool          `json:"terms,omitzero"` // new terms wait; only a definite success clears it
	Asked time.Time     `json:"asked,omitzero"` // when Apple was asked last, whatever came of it
	Warn  time.Duration `json:"warn,omitzero"`  // the last warning before the end that was reported

	// Trouble is EventUnreachable or EventSkewed as long as Apple gives no
	// definite answer; the state is then that of before.
	Trouble Event     `json:"trouble,omitzero"`
	Trying  time.Time `json:"trying,omitzero"` // since when there is trouble
}

// Observation is something that happened to a token.
type Observation struct {
	Event Event
	Code  string // Apple's own code, if it gave one
	At    time.Time
}

// After returns the condition after an observation, and what there is to tell
// a person, once each. Time that goes by is an observation, too: EventClock.
func (c Condition) After(o Observation, e Expiry) (Condition, []Notice) {
	clock := e.State(o.At)
	c.note(o)
	if o.Event == EventImported || o.Event == EventUnconfirmed {
		c.Warn = 0
	}
	if c.State == StateExpired && c.Cause == EventClock && o.Event == EventClock && clock != StateExpired {
		c.State = clock // the clock was wrong, and nothing but it said so
		c.Since = o.At
		return c, []Notice{{From: StateExpired, To: clock, Event: EventClock, At: o.At, Expires: e.At}}
	}
	notices := c.trouble(o, e)
	for _, event := range []Event{o.Event, EventClock} {
		to := next(c.State, event, clock)
		if to == c.State {
			continue
		}
		notices = append(notices, Notice{From: c.State, To: to, Event: event, Code: o.Code, At: o.At, Expires: e.At})
		c.State, c.Since, c.Cause, c.Code = to, o.At, event, o.Code
	}
	return c, append(notices, c.warn(o, e)...)
}

// note keeps what an observation says beside the state.
func (c *Condition) note(o Observation) {
	if o.Event.asks() {
		c.Asked = o.At
	}
	switch o.Event {
	case EventTerms:
		c.Terms = true
	case EventWorked, EventImported:
		c.Terms = false
	}
}

// trouble keeps whether there is a definite answer, and tells once of a clock
// that is wrong.
func (c *Condition) trouble(o Observation, e Expiry) []Notice {
	switch {
	case !o.Event.asks():
		return nil
	case o.Event != EventUnreachable && o.Event != EventSkewed:
		c.Trouble, c.Trying = EventNone, time.Time{}
		return nil
	}
	if c.Trouble == EventNone {
		c.Trying = o.At
	}
	told := c.Trouble == o.Event
	c.Trouble = o.Event
	if told || o.Event != EventSkewed {
		return nil
	}
	return []Notice{{From: c.State, To: c.State, Event: EventSkewed, Code: o.Code, At: o.At, Expires: e.At}}
}

func (c *Condition) warn(o Observation, e Expiry) []Notice {
	if !slices.Contains([]State{StateUnknown, StateValid, StateExpiring, StateTerms}, c.State) {
		return nil
	}
	due := e.Due(o.At, c.Warn)
	if due == 0 {
		return nil
	}
	c.Warn = due
	return []Notice{{From: c.State, To: c.State, Event: EventClock, Before: due, At: o.At, Expires: e.At}}
}

// How often Apple is asked in a state in which requests fail.
const (
	probeRefused = 24 * time.Hour
	probeTerms   = time.Hour
)

// Allow says whether Apple may be asked now: nil, or the error that a caller
// gets without a request. In a state in which requests fail, one is allowed
// from time to time, to see whether that is over; RetryAfter of the error says
// when. Once the token has expired, none is.
func (c Condition) Allow(now time.Time, e Expiry) error {
	if e.State(now) == StateExpired && c.State != StateNone && c.State != StatePending {
		return fail("token", ErrTokenExpired, "")
	}
	switch c.State {
	case StateNone, StatePending:
		return fail("token", ErrNoToken, "")
	case StateExpired:
		return fail("token", ErrTokenExpired, "")
	case StateSuperseded:
		return c.rest(ErrSuperseded, probeRefused, now)
	case StateRevoked:
		return c.rest(ErrAccessDenied, probeRefused, now)
	case StateTerms:
		return c.rest(ErrTerms, probeTerms, now)
	}
	return nil
}

func (c Condition) rest(sentinel error, interval time.Duration, now time.Time) error {
	wait := c.Asked.Add(interval).Sub(now)
	if wait <= 0 {
		return nil
	}
	err := fail("token", sentinel, "")
	if e, ok := errors.AsType[*mdm.Error](err); ok {
		e.RetryAfter = min(wait, interval)
	}
	return err
}

// EventOf says what the outcome of a request means for the token: EventWorked
// for nil, and EventNone for an error that says nothing about it, such as a
// cursor that is too old, or a 401 to anything but the opening of a session:
// two programs that share a token may end each other's sessions.
func EventOf(err error) Event {
	switch {
	case err == nil:
		return EventWorked
	case errors.Is(err, context.Canceled), errors.Is(err, mdm.ErrOutcomeUnknown):
		return EventNone
	case errors.Is(err, ErrClockSkew):
		return EventSkewed
	case errors.Is(err, mdm.ErrTermsNotAccepted):
		return EventTerms
	case errors.Is(err, mdm.ErrCredentialExpired):
		return EventExpired
	case errors.Is(err, ErrAccessDenied):
		return EventDenied
	case errors.Is(err, mdm.ErrCredentialSuperseded):
		return EventRefused
	case errors.Is(err, mdm.ErrUnavailable), errors.Is(err, mdm.ErrRateLimited), errors.Is(err, context.DeadlineExceeded):
		return EventUnreachable
	}
	return EventNone
}

// Health is the condition as every source reports it.
func (c Condition) Health(e Expiry, now time.Time) mdm.Health {
	h := mdm.Health{Credential: "server token", Expires: e.At, Warn: e.window()}
	state := c.State
	if by := e.State(now); by == StateExpired && state != StateNone && state != StatePending || state.Works() {
		state = by
	}
	switch state {
	case StateValid:
		h.State = mdm.HealthOK
	case StateExpiring, StateTerms:
		h.State = mdm.HealthWarn
	case StateNone, StatePending, StateExpired, StateSuperseded, StateRevoked:
		h.State = mdm.HealthBroken
	}
	if state != StateValid {
		h.Next = state.Text().EN
	}
	if err, ok := broken[state]; ok {
		h.Err = fail("token", err, "")
	}
	if c.Trouble == EventSkewed && h.State != mdm.HealthBroken {
		h.State, h.Next, h.Err = mdm.HealthBroken, Explain(ErrClockSkew).EN, fail("token", ErrClockSkew, "")
	}
	return h
}

var broken = map[State]error{StateNone: ErrNoToken, StatePending: ErrNoToken, StateExpired: ErrTokenExpired,
	StateSuperseded: ErrSuperseded, StateRevoked: ErrAccessDenied, StateTerms: ErrTerms}
