package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/mdmlink/mdmlink/mdm"
)

// retryLayer repeats what may be repeated. The loop is go-retryablehttp's;
// every decision in it is ours.
type retryLayer struct {
	client *http.Client
	policy Retry
}

// newRetryLayer follows the redirects that redirectPolicy allows over base.
// The client hides CloseIdleConnections of base, which go-retryablehttp would
// call after each failure and which would empty a pool that others share.
func newRetryLayer(base http.RoundTripper, policy Retry) *retryLayer {
	type bare struct{ http.RoundTripper }
	return &retryLayer{
		client: &http.Client{Transport: bare{base}, CheckRedirect: redirectPolicy},
		policy: policy,
	}
}

func (l *retryLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	again := &retryablehttp.Request{Request: req.Clone(ctx)}
	if err := rewindable(again, req.Body); err != nil {
		return nil, err
	}
	loop := &loop{policy: l.policy, call: callOf(ctx), journal: journalOf(ctx)}
	client := &retryablehttp.Client{
		HTTPClient:     l.client,
		RetryMax:       math.MaxInt32, // loop.check counts
		RequestLogHook: loop.begin,
		CheckRetry:     loop.check,
		Backoff:        loop.backoff,
		ErrorHandler:   loop.end,
	}
	return client.Do(again)
}

// rewindable gives r the content of body in a form that can be sent again.
func rewindable(r *retryablehttp.Request, body io.ReadCloser) error {
	if body == nil || body == http.NoBody {
		return nil
	}
	defer body.Close()
	var content bytes.Buffer
	if _, err := content.ReadFrom(body); err != nil {
		return err
	}
	return r.SetBody(content.Bytes())
}

// trial is one attempt and what came of it.
type trial struct {
	number  int
	resp    *http.Response // nil: none came
	err     error          // nil: an answer came
	elapsed time.Duration
}

// loop is the state of the attempts of one call.
type loop struct {
	policy  Retry
	call    *call
	journal *journal
	number  int // attempts made
	spent   int // attempts that count against the policy
	start   time.Time
	wait    time.Duration
}

// begin is called before each attempt.
func (l *loop) begin(retryablehttp.Logger, *http.Request, int) {
	l.number++
	l.start = time.Now()
}

// check decides after each attempt whether another one follows.
func (l *loop) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	t := trial{number: l.number, resp: resp, err: withoutURL(err), elapsed: time.Since(l.start)}
	l.journal.attempt(ctx, t)
	if ctx.Err() != nil {
		return false, t.err
	}
	if l.call.takeReplay() {
		return l.again(ctx, t, 0)
	}
	l.spent++
	if l.policy.Disabled || l.spent >= l.policy.Attempts || !l.repeatable(t) {
		return false, t.err
	}
	wait, ok := l.pause(t)
	if deadline, limited := ctx.Deadline(); !ok || limited && time.Until(deadline) < wait {
		return false, t.err
	}
	return l.again(ctx, t, wait)
}

// again orders another attempt after a wait. What was sent so far was refused
// or may be repeated, so it no longer counts as having left.
func (l *loop) again(ctx context.Context, t trial, wait time.Duration) (bool, error) {
	l.wait = wait
	l.call.departure.reset()
	l.journal.retry(ctx, t, wait)
	return true, nil
}

// repeatable reports whether the attempt failed in a way that another one may
// mend, and that is safe to repeat.
func (l *loop) repeatable(t trial) bool {
	if t.err != nil {
		return !hopeless(t.err) && (l.call.read || !l.call.departure.possible(t.err))
	}
	switch t.resp.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return l.call.read
	}
	return false
}

// pause returns how long to wait after an attempt; ok is false when the system
// asks for more patience than the policy has.
func (l *loop) pause(t trial) (wait time.Duration, ok bool) {
	asked := mdm.RetryAfter(t.err)
	if t.resp != nil {
		asked = retryAfter(t.resp.Header)
	}
	if asked > 0 {
		return asked, asked <= l.policy.MaxRetryAfter
	}
	return jitter(l.policy, l.spent), true
}

// jitter draws the pause after the nth attempt, evenly from zero to a bound
// that doubles.
func jitter(policy Retry, n int) time.Duration {
	bound := policy.BaseWait
	for range n - 1 {
		if bound >= policy.MaxWait {
			break
		}
		bound *= 2
	}
	return rand.N(min(bound, policy.MaxWait))
}

// backoff hands go-retryablehttp the pause that check chose.
func (l *loop) backoff(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return l.wait }

// end passes on what the last attempt gave, instead of an error that holds
// the address.
func (l *loop) end(resp *http.Response, err error, _ int) (*http.Response, error) {
	if err != nil && resp != nil {
		resp.Body.Close()
		resp = nil
	}
	return resp, err
}

// transient marks an error of our own layers that another attempt may mend.
type transient struct{ error }

func (t transient) Unwrap() error { return t.error }

// hopeless reports whether the same attempt would fail the same way again.
func hopeless(err error) bool {
	if _, ok := errors.AsType[transient](err); ok {
		return false
	}
	if _, ok := errors.AsType[*mdm.Error](err); ok {
		return true
	}
	if _, ok := errors.AsType[*refusal](err); ok {
		return true
	}
	return lasting(err)
}

// withoutURL removes what net/http wraps around an error: the address, with
// its query.
func withoutURL(err error) error {
	for {
		wrapped, ok := err.(*url.Error)
		if !ok {
			return err
		}
		err = wrapped.Err
	}
}
