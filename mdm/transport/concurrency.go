package transport

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// idleAfter is how long an answer may lie unread before it stops counting as
// a request in flight.
const idleAfter = time.Second

// slotLayer lets a number of requests be in flight at a time. A request holds
// its slot until its answer is read or closed, or lies unread: a caller that
// asks for more in the middle of an answer must not wait for itself.
type slotLayer struct {
	base  http.RoundTripper
	slots chan struct{}
}

func newSlotLayer(base http.RoundTripper, n int) *slotLayer {
	return &slotLayer{base: base, slots: make(chan struct{}, n)}
}

func (l *slotLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		closeBody(req)
		return nil, ctx.Err()
	}
	release := sync.OnceFunc(func() { <-l.slots })
	resp, err := l.base.RoundTrip(req)
	if err != nil {
		release()
		return nil, err
	}
	resp.Body = newSlotBody(resp.Body, release)
	return resp, nil
}

// slotBody gives its slot back at its end, or when nobody reads it.
type slotBody struct {
	io.ReadCloser
	release func()
	idle    *time.Timer
}

func newSlotBody(body io.ReadCloser, release func()) io.ReadCloser {
	return &slotBody{ReadCloser: body, release: release, idle: time.AfterFunc(idleAfter, release)}
}

func (b *slotBody) Read(p []byte) (int, error) {
	b.idle.Stop()
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.release()
		return n, err
	}
	b.idle.Reset(idleAfter)
	return n, nil
}

func (b *slotBody) Close() error {
	b.idle.Stop()
	defer b.release()
	return b.ReadCloser.Close()
}

// closeBody closes the body of a request that a layer does not hand on, as a
// RoundTripper must.
func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}
