package ade

import (
	"context"
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Monitor watches over the token of a client. [Registry.Connect] sets one that
// keeps the token's state. It is safe for concurrent use.
type Monitor interface {
	// Allow says whether the token may be used now. It is asked before a
	// session is opened; its error is that of the request.
	Allow(ctx context.Context) error

	// Confirmed is told whose the token is, after GET /account succeeded. Its
	// error is that of the request, such as one that Is ErrOtherServer.
	Confirmed(ctx context.Context, live Identity) error

	// Failed is told of a failure that says something about the token; see
	// [EventOf].
	Failed(ctx context.Context, err error)
}

// allow asks the monitor, and marks its refusal: nothing was sent then.
func (c *Client) allow(ctx context.Context) error {
	if c.monitor == nil {
		return nil
	}
	err := c.monitor.Allow(ctx)
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*mdm.Error](err)
	if !ok {
		return &mdm.Error{Op: opSession, Kind: mdm.ErrUnavailable, Detail: "the state of the token is not known", Cause: &disallowed{err}}
	}
	own := *e
	own.Cause = &disallowed{e.Cause}
	return &own
}

// tell passes on a failure, unless it says nothing, or came from the monitor.
func (c *Client) tell(ctx context.Context, err error) {
	if c.monitor == nil || ctx.Err() != nil || EventOf(err) == EventNone {
		return
	}
	c.mu.Lock()
	c.stale = true
	c.mu.Unlock()
	if _, own := errors.AsType[*disallowed](err); !own {
		c.monitor.Failed(ctx, err)
	}
}

// disallowed marks what Monitor.Allow said: nothing is known anew.
type disallowed struct{ cause error }

func (*disallowed) Error() string { return "the token may not be used now" }

func (d *disallowed) Unwrap() error { return d.cause }

// Connect makes a client for a server entry of the registry: with its token,
// and with a Monitor that asks [Condition.Allow] before the token is used and
// keeps what comes of it. Token, Server, Window and Monitor of cfg are set by Connect.
// notify is told what there is to tell a person, each thing once; nil = nobody.
// If Apple has not confirmed the token yet, it is asked now. After another
// token was imported, connect again.
func (r *Registry) Connect(ctx context.Context, id string, cfg Config, notify func(*Server, []Notice)) (*Client, error) {
	s, err := r.Server(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.Token.IsZero() {
		return nil, fail("token", ErrNoToken, "")
	}
	cfg.Token, cfg.Window = s.Token, s.Window
	cfg.Monitor = &watch{registry: r, id: id, tokenID: s.TokenID, notify: notify}
	if cfg.Server = s.Identity.ServerUUID; cfg.Server == "" {
		cfg.Server = s.ID // until Apple tells
		first, err := New(cfg)
		if err != nil {
			return nil, err
		}
		a, err := first.Account(ctx)
		if err != nil {
			return nil, err
		}
		cfg.Server = a.ServerUUID
	}
	return New(cfg)
}

// watch is the Monitor of a server entry in a registry.
type watch struct {
	registry    *Registry
	id, tokenID string
	notify      func(*Server, []Notice)
}

func (w *watch) Allow(ctx context.Context) error {
	s, err := w.registry.Server(ctx, w.id)
	if err != nil {
		return err
	}
	if s.TokenID != w.tokenID {
		return fail("token", ErrSuperseded, "another token was imported")
	}
	return s.Condition.Allow(time.Now(), s.Expiry())
}

func (w *watch) Confirmed(ctx context.Context, live Identity) error {
	s, notices, err := w.registry.ConfirmIdentity(ctx, w.id, w.tokenID, live, time.Now())
	if err != nil {
		return err
	}
	w.pass(s, notices)
	return nil
}

// Failed keeps what a failure says. That it could not be stored is no reason
// to hide the failure itself.
func (w *watch) Failed(ctx context.Context, failure error) {
	o := Observation{Event: EventOf(failure), At: time.Now()}
	if e, ok := errors.AsType[*mdm.Error](failure); ok {
		o.Code = e.Vendor
	}
	if s, notices, err := w.registry.Observe(ctx, w.id, w.tokenID, o); err == nil {
		w.pass(s, notices)
	}
}

func (w *watch) pass(s *Server, notices []Notice) {
	if w.notify != nil && len(notices) > 0 {
		w.notify(s, notices)
	}
}

// Confirm returns a function for Import.Confirm: it opens a session with the
// token that is imported, and asks whose it is. Token, Server and Monitor of
// cfg are not read.
func Confirm(cfg Config) func(context.Context, Token) (Identity, error) {
	return func(ctx context.Context, t Token) (Identity, error) {
		cfg := cfg
		cfg.Token, cfg.Server, cfg.Monitor = t, "a token that is imported", nil
		c, err := New(cfg)
		if err != nil {
			return Identity{}, err
		}
		a, err := c.Account(ctx)
		if err != nil {
			return Identity{}, err
		}
		return a.Identity, nil
	}
}
