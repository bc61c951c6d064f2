package intune

import (
	"context"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm/transport"
)

// adaptive is a limiter for requests of which nobody knows how many the
// service allows, and which it refuses without a word on when to come back:
// each refusal halves the rate and lengthens the pause, and a time without one
// doubles the rate again.
//
// Source: reference/intune.md 2.3, 7
type adaptive struct {
	gates []*transport.Gate // from fast to slow, each half as fast as the one before

	mu    sync.Mutex
	level int       // of the gate in use
	until time.Time // of the pause after the last refusal
	calm  int       // requests since
}

// Pauses after refusals, and how many requests have to pass before the rate
// is raised.
const (
	firstPause   = 4 * time.Second
	longestPause = 2 * time.Minute
	calmRequests = 100
	levels       = 6
)

// newAdaptive begins with n requests per window, and up to burst of them at
// once.
func newAdaptive(n int, window time.Duration, burst int) *adaptive {
	a := &adaptive{}
	for range levels {
		a.gates = append(a.gates, transport.Rate(n, window, burst))
		window *= 2
	}
	return a
}

// Wait implements transport.Limiter. Who waited while the rate was lowered
// waits again.
func (a *adaptive) Wait(ctx context.Context) error {
	for {
		level := a.current()
		if err := a.gates[level].Wait(ctx); err != nil {
			return err
		}
		if a.pass(level) {
			return nil
		}
	}
}

func (a *adaptive) current() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.level
}

// pass counts a request that passed the gate of a level, unless that is not
// the one in use any more.
func (a *adaptive) pass(level int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if level < a.level {
		return false
	}
	if a.calm++; a.calm >= calmRequests && a.level > 0 {
		a.level, a.calm = a.level-1, 0
	}
	return true
}

// PauseUntil implements transport.Pauser. Requests that were on their way
// together are refused together, and count as one refusal.
func (a *adaptive) PauseUntil(t time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := time.Now(); !now.Before(a.until) {
		if pause := now.Add(min(firstPause<<a.level, longestPause)); pause.After(t) {
			t = pause
		}
		a.level, a.until = min(a.level+1, len(a.gates)-1), t
	}
	a.calm = 0
	for _, g := range a.gates {
		g.PauseUntil(t)
	}
}
