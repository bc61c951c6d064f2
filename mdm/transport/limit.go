package transport

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Limiter says when the next request may be made. *rate.Limiter of
// golang.org/x/time is one.
type Limiter interface {
	// Wait returns nil when a request may be made, and an error when ctx ends
	// before or would. It must be safe for concurrent use.
	Wait(ctx context.Context) error
}

// Pauser is a Limiter that can be told to let nothing through until a time.
// It is told after an answer 429, and after a 503 that says when to come back.
type Pauser interface {
	// PauseUntil lets nothing pass before t. It must not block.
	PauseUntil(t time.Time)
}

// All joins limiters: a request waits for each, in the given order, and nil
// ones are left out. What All returns is a Pauser that passes pauses on, and
// its refusal because of a deadline Is context.DeadlineExceeded, which that of
// *rate.Limiter is not.
//
// Put the limit that must be kept most exactly last. A request that waits
// there has already been counted by those before, so these may see as many
// requests at once as there are callers waiting, at most Options.Concurrency
// per client.
func All(limiters ...Limiter) Limiter {
	var joined all
	for _, l := range limiters {
		switch l := l.(type) {
		case nil:
		case all:
			joined = append(joined, l...)
		default:
			joined = append(joined, l)
		}
	}
	return joined
}

type all []Limiter

func (a all) Wait(ctx context.Context) error {
	for _, l := range a {
		if err := l.Wait(ctx); err != nil {
			return refused(ctx, err)
		}
	}
	return nil
}

func (a all) PauseUntil(t time.Time) {
	for _, l := range a {
		if p, ok := l.(Pauser); ok {
			p.PauseUntil(t)
		}
	}
}

// refusal says that a limiter would have to wait beyond the deadline of its
// caller, and therefore did not wait at all.
type refusal struct{}

func (*refusal) Error() string {
	return "the wait for the rate limit would outlast the deadline"
}

func (*refusal) Unwrap() error { return context.DeadlineExceeded }

// refused gives the error of a limiter the meaning that callers test for.
func refused(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	// x/time/rate has no type for this.
	if strings.HasSuffix(err.Error(), "would exceed context deadline") {
		return &refusal{}
	}
	return err
}

// limitLayer waits for the limiter before each attempt, and pauses it when the
// system says that it was too much.
type limitLayer struct {
	base    http.RoundTripper
	limiter Limiter
	policy  Retry
}

func (l *limitLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	c := callOf(req.Context())
	if err := All(c.limiter, l.limiter).Wait(req.Context()); err != nil {
		closeBody(req)
		return nil, limiterError(req.Context(), c, err)
	}
	resp, err := l.base.RoundTrip(req)
	if err != nil {
		l.refusedInside(err)
		return nil, err
	}
	if wait := l.pause(resp); wait > 0 {
		l.pauser(c, resp).PauseUntil(time.Now().Add(wait))
	}
	return resp, nil
}

// refusedInside pauses the client if a request that was made for this one, such
// as that for a token, was told to be patient.
func (l *limitLayer) refusedInside(err error) {
	e, ok := errors.AsType[*mdm.Error](err)
	if !ok || e.RetryAfter <= 0 || e.Status != http.StatusTooManyRequests && e.Status != http.StatusServiceUnavailable {
		return
	}
	All(l.limiter).(Pauser).PauseUntil(time.Now().Add(min(e.RetryAfter, l.policy.MaxRetryAfter)))
}

// pauser is what an answer pauses: one that was too much for a request with a
// limit of its own says nothing about the others.
func (l *limitLayer) pauser(c *call, resp *http.Response) Pauser {
	if own, ok := c.limiter.(Pauser); ok && resp.StatusCode == http.StatusTooManyRequests {
		return own
	}
	return All(c.limiter, l.limiter).(Pauser)
}

// pause returns how long nobody should ask after resp. It is bounded, so that
// one odd answer does not silence a client for a day.
func (l *limitLayer) pause(resp *http.Response) time.Duration {
	wait := retryAfter(resp.Header)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests && wait == 0:
		return l.policy.BaseWait
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == http.StatusServiceUnavailable:
		return min(wait, l.policy.MaxRetryAfter)
	}
	return 0
}

// limiterError keeps an ended wait as it is and makes any other failure, such
// as that of a limiter behind a network, one of the vocabulary.
func limiterError(ctx context.Context, c *call, err error) error {
	if _, ok := err.(*refusal); ok || ctx.Err() != nil {
		return err
	}
	failure := c.fail(mdm.ErrUnavailable)
	failure.Detail = "the limiter failed; nothing was sent"
	failure.Cause = err
	return failure
}
