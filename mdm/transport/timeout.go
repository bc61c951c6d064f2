package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	// drainLimit and drainTime bound what is read of an answer that its reader
	// leaves early. A few bytes are usually the end of it, and reading them
	// keeps the connection for the next request.
	drainLimit = 4 << 10
	drainTime  = 100 * time.Millisecond
)

// silence is the failure of an attempt whose answer did not come or stopped
// coming. It is not context.DeadlineExceeded: that one is the caller's.
type silence struct{}

func (*silence) Error() string   { return "no answer within the attempt time-out" }
func (*silence) Timeout() bool   { return true }
func (*silence) Temporary() bool { return true }

// timeoutLayer bounds how long the system may keep silent: before the head of
// the answer, and each time in its body.
type timeoutLayer struct {
	base    http.RoundTripper
	timeout time.Duration // of requests that belong to no call
}

func (l *timeoutLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	limit := l.timeout
	if c := callOf(req.Context()); c != nil {
		limit = c.timeout
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	timer := time.AfterFunc(limit, func() { cancel(&silence{}) })
	resp, err := l.base.RoundTrip(req.WithContext(ctx))
	timer.Stop()
	if err != nil {
		err = inTime(ctx, err)
		cancel(nil)
		return nil, err
	}
	resp.Body = &watchedBody{body: resp.Body, ctx: ctx, cancel: cancel, timer: timer, limit: limit}
	return resp, nil
}

// inTime replaces an error that our own timer caused.
func inTime(ctx context.Context, err error) error {
	if s, ok := errors.AsType[*silence](context.Cause(ctx)); ok {
		return s
	}
	return err
}

// watchedBody ends the request when a Read takes too long. Time in which
// nobody reads does not count.
type watchedBody struct {
	body   io.ReadCloser
	ctx    context.Context // of the attempt; not the caller's
	cancel context.CancelCauseFunc
	timer  *time.Timer
	limit  time.Duration
	ended  bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	b.timer.Reset(b.limit)
	n, err := b.body.Read(p)
	b.timer.Stop()
	if err == nil {
		return n, nil
	}
	b.ended = true
	if err != io.EOF {
		err = inTime(b.ctx, err)
	}
	return n, err
}

func (b *watchedBody) Close() error {
	if !b.ended {
		b.ended = true
		b.drain()
	}
	b.cancel(nil)
	return b.body.Close()
}

func (b *watchedBody) drain() {
	enough := time.AfterFunc(drainTime, func() {
		b.cancel(nil)
		b.body.Close()
	})
	defer enough.Stop()
	_, _ = io.CopyN(io.Discard, b.body, drainLimit)
}
