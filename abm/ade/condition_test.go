package ade_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

var start = time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)

func at(days float64) time.Time { return start.Add(time.Duration(days * float64(24*time.Hour))) }

// life plays observations to a condition and returns what was told, as texts
// such as "valid>expiring" and "warn 30".
func life(c *ade.Condition, e ade.Expiry, all ...ade.Observation) []string {
	var told []string
	for _, o := range all {
		var notices []ade.Notice
		*c, notices = c.After(o, e)
		for _, n := range notices {
			switch {
			case n.Before > 0:
				told = append(told, fmt.Sprintf("warn %d", n.Before/(24*time.Hour)))
			case n.From == n.To:
				told = append(told, n.Event.String())
			default:
				told = append(told, n.From.String()+">"+n.To.String())
			}
		}
	}
	return told
}

func seen(e ade.Event, day float64) ade.Observation { return ade.Observation{Event: e, At: at(day)} }

var yearly = ade.Expiry{At: at(365)}

//mdm:feature 3.11 3.12 5.15
func TestConditionExpires(t *testing.T) {
	t.Parallel()
	var c ade.Condition
	var told []string
	for day := range 400 {
		event := ade.EventClock
		if day == 0 {
			event = ade.EventImported
		}
		told = append(told, life(&c, yearly, seen(event, float64(day)), seen(ade.EventClock, float64(day)+0.5))...)
	}
	assert.Equal(t, []string{">valid", "warn 60", "valid>expiring", "warn 30", "warn 14", "warn 7", "warn 3", "warn 1", "expiring>expired"}, told)
	assert.Equal(t, ade.StateExpired, c.State)
	assert.Equal(t, at(365), c.Since)

	window := ade.Expiry{At: at(365), Window: 10 * 24 * time.Hour, Warn: []time.Duration{3 * 24 * time.Hour}}
	c = ade.Condition{}
	told = life(&c, window, seen(ade.EventImported, 0))
	for day := range 366 {
		told = append(told, life(&c, window, seen(ade.EventClock, float64(day)))...)
	}
	assert.Equal(t, []string{">valid", "valid>expiring", "warn 3", "expiring>expired"}, told)
	assert.Equal(t, ade.StateExpiring, window.State(at(355)))
	assert.Equal(t, ade.StateValid, window.State(at(354.9)))
}

// The model of expiry serves other credentials, too.
//
//mdm:feature 5.14
func TestExpiry(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	assert.Equal(t, ade.StateValid, ade.Expiry{}.State(at(5000)), "no end")
	assert.Zero(t, ade.Expiry{}.Due(at(0), 0))
	assert.Equal(t, ade.StateExpired, yearly.State(at(365)))
	assert.Equal(t, 14*day, yearly.Due(at(355), 0), "of those missed the most urgent")
	assert.Equal(t, 60*day, yearly.Due(at(305), 0))
	assert.Zero(t, yearly.Due(at(304), 0))
	assert.Zero(t, yearly.Due(at(355), 14*day))
	assert.Zero(t, yearly.Due(at(355), 7*day), "a clock that was set back repeats nothing")
	assert.Zero(t, yearly.Due(at(366), 7*day))
	assert.Zero(t, ade.Expiry{At: at(365), Warn: []time.Duration{}}.Due(at(364), 0))
}

// Each warning is told once, even after a restart.
func TestQuirk55Warnings(t *testing.T) {
	t.Parallel()
	var c ade.Condition
	var told []string
	for day := 0.0; day < 365; day += 0.25 {
		event := ade.EventClock
		if day == 0 {
			event = ade.EventImported
		}
		told = append(told, life(&c, yearly, seen(event, day))...)
		stored, err := json.Marshal(c)
		require.NoError(t, err)
		c = ade.Condition{}
		require.NoError(t, json.Unmarshal(stored, &c))
	}
	assert.Equal(t, []string{">valid", "warn 60", "valid>expiring", "warn 30", "warn 14", "warn 7", "warn 3", "warn 1"}, told)

	// A new token starts anew.
	told = life(&c, ade.Expiry{At: at(364 + 50)}, seen(ade.EventImported, 364), seen(ade.EventClock, 364.5))
	assert.Equal(t, []string{"expiring>valid", "warn 60"}, told)
}

// Terms are set by a 403, not cleared by 500, 401 or a time-out, and cleared by
// a success.
func TestQuirk53Terms(t *testing.T) {
	t.Parallel()
	var c ade.Condition
	life(&c, yearly, seen(ade.EventImported, 0))
	told := life(&c, yearly, ade.Observation{Event: ade.EventTerms, Code: "T_C_NOT_SIGNED", At: at(1)}, seen(ade.EventTerms, 2), seen(ade.EventUnreachable, 3), seen(ade.EventClock, 4))
	assert.Equal(t, []string{"valid>terms"}, told)
	assert.Equal(t, "T_C_NOT_SIGNED", c.Code)
	assert.True(t, c.Terms)
	assert.Equal(t, at(1), c.Since)
	assert.Equal(t, ade.EventUnreachable, c.Trouble)
	assert.Equal(t, []string{"terms>superseded"}, life(&c, yearly, seen(ade.EventRefused, 5)))
	assert.True(t, c.Terms, "a 401 says nothing about terms")
	assert.Zero(t, c.Trouble, "it is a definite answer")
	assert.Equal(t, []string{"superseded>valid"}, life(&c, yearly, seen(ade.EventWorked, 6)))
	assert.False(t, c.Terms)
}

// A token that expired is not asked with, and a wrong clock is named.
//
//mdm:feature 3.9 5.19
func TestQuirk54ExpiredAndSkewed(t *testing.T) {
	t.Parallel()
	var c ade.Condition
	life(&c, yearly, seen(ade.EventImported, 0))
	require.NoError(t, c.Allow(at(1), yearly))
	err := c.Allow(at(365), yearly)
	require.ErrorIs(t, err, ade.ErrTokenExpired, "even before the clock was observed")
	require.ErrorIs(t, err, mdm.ErrCredentialExpired)

	assert.Equal(t, []string{"skewed"}, life(&c, yearly, seen(ade.EventSkewed, 2), seen(ade.EventSkewed, 3)))
	assert.Equal(t, ade.StateValid, c.State, "the token may be good")
	h := c.Health(yearly, at(3))
	assert.Equal(t, mdm.HealthBroken, h.State)
	assert.Contains(t, h.Err.Error(), "clock")
	assert.Contains(t, h.Next, "clock")

	// A 401 before the end is told from expiry, and asked about once a day.
	assert.Equal(t, []string{"valid>superseded"}, life(&c, yearly, seen(ade.EventRefused, 4), seen(ade.EventRefused, 4.1)))
	err = c.Allow(at(4.2), yearly)
	require.ErrorIs(t, err, mdm.ErrCredentialSuperseded)
	assert.InDelta(t, 0.9*24, mdm.RetryAfter(err).Hours(), 0.01)
	for _, cause := range []string{"newer one", "password", "left"} {
		assert.Contains(t, mdm.Advice(err), cause)
	}
	assert.NoError(t, c.Allow(at(5.2), yearly), "one probe a day")
	assert.Equal(t, []string{"superseded>valid"}, life(&c, yearly, seen(ade.EventWorked, 6)))

	assert.Equal(t, []string{"valid>revoked"}, life(&c, yearly, seen(ade.EventDenied, 7)))
	assert.ErrorIs(t, c.Allow(at(7.5), yearly), ade.ErrAccessDenied)
	assert.Equal(t, []string{"revoked>terms"}, life(&c, yearly, seen(ade.EventTerms, 8)))
	assert.ErrorIs(t, c.Allow(at(8.01), yearly), mdm.ErrTermsNotAccepted)
	assert.NoError(t, c.Allow(at(8.05), yearly), "one an hour")
	assert.Equal(t, []string{"terms>expired"}, life(&c, yearly, seen(ade.EventExpired, 9), seen(ade.EventRefused, 9), seen(ade.EventDenied, 9)))
	assert.ErrorIs(t, c.Allow(at(20), yearly), ade.ErrTokenExpired, "Apple said so")
	assert.Empty(t, life(&c, yearly, seen(ade.EventClock, 21)))

	none := ade.Condition{State: ade.StateNone}
	assert.ErrorIs(t, none.Allow(at(0), ade.Expiry{}), ade.ErrNoToken)
}

// A clock that was wrong for a while does not end a token.
func TestConditionClockSetRight(t *testing.T) {
	t.Parallel()
	var c ade.Condition
	life(&c, yearly, seen(ade.EventImported, 0))
	assert.Equal(t, []string{"valid>expired"}, life(&c, yearly, seen(ade.EventClock, 5000)))
	assert.Equal(t, []string{"expired>valid"}, life(&c, yearly, seen(ade.EventClock, 2)))
}

func TestConditionHealth(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		state ade.State
		day   float64
		want  mdm.HealthState
		err   error
	}{
		{ade.StateValid, 1, mdm.HealthOK, nil}, {ade.StateValid, 340, mdm.HealthWarn, nil}, {ade.StateValid, 366, mdm.HealthBroken, mdm.ErrCredentialExpired},
		{ade.StateExpiring, 340, mdm.HealthWarn, nil}, {ade.StateTerms, 1, mdm.HealthWarn, mdm.ErrTermsNotAccepted}, {ade.StateSuperseded, 1, mdm.HealthBroken, mdm.ErrCredentialSuperseded},
		{ade.StateRevoked, 1, mdm.HealthBroken, mdm.ErrPermissionMissing}, {ade.StateExpired, 1, mdm.HealthBroken, mdm.ErrCredentialExpired},
		{ade.StateNone, 1, mdm.HealthBroken, ade.ErrNoToken}, {ade.StatePending, 400, mdm.HealthBroken, ade.ErrNoToken}, {ade.StateUnknown, 1, mdm.HealthUnknown, nil},
	} {
		h := ade.Condition{State: tc.state}.Health(yearly, at(tc.day))
		assert.Equal(t, tc.want, h.State, tc.state)
		assert.Equal(t, yearly.At, h.Expires)
		assert.Equal(t, ade.DefaultWindow, h.Warn)
		assert.Equal(t, tc.want == mdm.HealthOK, h.Next == "", tc.state)
		if tc.err == nil {
			assert.NoError(t, h.Err, tc.state)
		} else {
			assert.ErrorIs(t, h.Err, tc.err, tc.state)
		}
	}
}

func TestEventOf(t *testing.T) {
	t.Parallel()
	of := func(kind error) error { return &mdm.Error{Kind: kind} }
	for _, tc := range []struct {
		err  error
		want ade.Event
	}{
		{nil, ade.EventWorked}, {of(mdm.ErrCredentialExpired), ade.EventExpired}, {of(mdm.ErrCredentialSuperseded), ade.EventRefused}, {of(mdm.ErrUnauthorized), ade.EventNone},
		{of(mdm.ErrTermsNotAccepted), ade.EventTerms}, {ade.ErrAccessDenied, ade.EventDenied}, {ade.ErrClockSkew, ade.EventSkewed},
		{&mdm.Error{Kind: mdm.ErrUnauthorized, Cause: ade.ErrClockSkew}, ade.EventSkewed}, {of(mdm.ErrUnavailable), ade.EventUnreachable}, {of(mdm.ErrRateLimited), ade.EventUnreachable},
		{t.Context().Err(), ade.EventWorked}, {of(mdm.ErrCursorExpired), ade.EventNone}, {of(mdm.ErrInvalid), ade.EventNone}, {of(mdm.ErrPermissionMissing), ade.EventNone},
	} {
		assert.Equal(t, tc.want, ade.EventOf(tc.err), tc.err)
	}
}

// Whatever happens: what is told is what changed, and a state that is bad is
// left through a success, a new token or the clock alone.
func TestConditionProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := ade.Condition{State: rapid.SampledFrom(append(ade.States(), ade.StateUnknown)).Draw(t, "state")}
		now := at(0)
		for range 30 {
			o := ade.Observation{Event: rapid.SampledFrom(ade.Events()).Draw(t, "event"), At: now}
			before := c
			var notices []ade.Notice
			c, notices = c.After(o, yearly)
			last := before.State
			for _, n := range notices {
				if n.From != last {
					t.Fatalf("a notice goes from %v, and the state was %v", n.From, last)
				}
				last = n.To
				if say := n.Text(); say.EN == "" || say.DE == "" {
					t.Fatalf("a notice without a text: %+v", n)
				}
			}
			if last != c.State {
				t.Fatalf("the state is %v, and %v was told", c.State, last)
			}
			bad := before.State == ade.StateSuperseded || before.State == ade.StateRevoked || before.State == ade.StateTerms || before.State == ade.StateExpired
			cleared := o.Event == ade.EventWorked || o.Event == ade.EventImported || o.Event == ade.EventUnconfirmed || o.Event == ade.EventClock && before.Cause == ade.EventClock
			if bad && c.State.Works() && !cleared {
				t.Fatalf("%v cleared %v", o.Event, before.State)
			}
			again, told := c.After(o, yearly)
			if len(told) > 0 && again.State == c.State {
				t.Fatalf("%v told twice", o.Event)
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(t, "hours")) * time.Hour)
		}
	})
}
