package transport

import (
	"context"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// call is the state of one Client.Do, which the layers find in the context of
// the request. Attempts follow each other in one goroutine, so only departure,
// which net/http writes to, needs atomics.
type call struct {
	origin  mdm.Origin
	op      string
	method  string
	read    bool          // may be repeated freely
	json    bool          // an answer in JSON is expected
	page    bool          // an answer in HTML is expected
	timeout time.Duration // of an attempt
	limit   int64         // bytes of the answer
	limiter Limiter       // of this request alone; may be nil

	departure departure
	replay    bool // the credentials were refused and better ones can be had
	replayed  bool // the one replay was spent
}

type callKey struct{}

// with returns ctx with c in it. A nil call hides an outer one.
func (c *call) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// callOf returns the call that a request belongs to. A request of a token
// source belongs to none and gets nil.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// fail returns an error of the call for the caller to complete.
func (c *call) fail(kind error) *mdm.Error {
	return &mdm.Error{Op: c.op, Origin: c.origin, Kind: kind}
}

// takeReplay reports whether the attempt that just ended is to be replayed
// with new credentials, which it is once per call.
func (c *call) takeReplay() bool {
	if !c.replay || c.replayed {
		return false
	}
	c.replay, c.replayed = false, true
	return true
}
