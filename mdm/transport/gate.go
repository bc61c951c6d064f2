package transport

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Gate is a Limiter that can be paused. The zero Gate lets everything through
// until it is paused. A Gate must not be copied after first use, and several
// clients that share a budget may share one.
type Gate struct {
	limiter *rate.Limiter // nil: no limit

	mu    sync.Mutex
	until time.Time // nothing passes before
}

// Rate returns a Gate that lets at most n requests through in any window of
// the length per, wherever the window starts, and up to burst of them at once.
//
// The burst is paid for by the steady rate: 2000 per 20 s with a burst of 100
// are 95 per second from then on. burst 0 is a twentieth of n and at least 1,
// which uses 95 % or more of the limit as long as there is work; a larger one
// uses less, and more than n is n. Without n or per there is no limit.
//
// The system counts when requests arrive, not when they leave. Leave room for
// that, and for other programs under the same limit, by a smaller n.
func Rate(n int, per time.Duration, burst int) *Gate {
	if n <= 0 || per <= 0 {
		return &Gate{}
	}
	if burst <= 0 {
		burst = n / 20
	}
	burst = min(max(burst, 1), n)
	// A full bucket and what flows into it while the window lasts make n. The
	// window is taken a little longer than it is, so that rounding never lets
	// one request more slip into it.
	window := per + per/10_000 + time.Microsecond
	perSecond := float64(n-burst+1) / window.Seconds()
	return &Gate{limiter: rate.NewLimiter(rate.Limit(perSecond), burst)}
}

// Wait returns when a request may pass. A wait that would outlast the deadline
// of ctx is refused at once, with an error that Is context.DeadlineExceeded.
func (g *Gate) Wait(ctx context.Context) error {
	for {
		if err := g.waitOpen(ctx); err != nil {
			return err
		}
		if err := g.take(ctx); err != nil {
			return err
		}
		// A pause may have begun during the wait. Who waited pays again: else
		// all who did would pass at once when it is over.
		if g.closed() == 0 {
			return nil
		}
	}
}

// PauseUntil lets nothing pass before t. An earlier t than that of a pause
// that is under way changes nothing.
func (g *Gate) PauseUntil(t time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.After(g.until) {
		g.until = t
	}
}

// closed returns how long the gate stays closed.
func (g *Gate) closed() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(0, time.Until(g.until))
}

func (g *Gate) waitOpen(ctx context.Context) error {
	for {
		wait := g.closed()
		if wait == 0 {
			return ctx.Err()
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func (g *Gate) take(ctx context.Context) error {
	if g.limiter == nil {
		return nil
	}
	if err := g.limiter.Wait(ctx); err != nil {
		return refused(ctx, err)
	}
	return nil
}

// sleep waits for d, unless ctx ends before or is sure to.
func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d {
		return &refusal{}
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
