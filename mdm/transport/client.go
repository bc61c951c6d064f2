package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Client makes requests to one system with the manners of this package. It is
// made by New and safe for concurrent use. It keeps no connections of its own
// and needs no closing.
type Client struct {
	origin  mdm.Origin
	address *url.URL
	header  http.Header
	logger  *slog.Logger
	judge   judge
	layers  http.RoundTripper

	concurrency int
	pageSize    int
	timeout     setting[time.Duration]
	limit       setting[int64]
}

// New returns a client for the system that p describes, with what the host
// sets in o. It does no I/O. Every bad field is reported at once, in an error
// that Is mdm.ErrInvalid.
func New(o Options, p Profile) (*Client, error) {
	if err := check(o, p); err != nil {
		return nil, err
	}
	address := *p.Address
	c := &Client{
		origin:      p.Origin,
		address:     &address,
		header:      p.Header.Clone(),
		logger:      first(o.Logger, slog.New(slog.DiscardHandler)),
		judge:       judge{origin: p.Origin, server: &address, classify: p.Classify},
		concurrency: first(o.Concurrency, p.Concurrency, defaultConcurrency),
		pageSize:    first(o.PageSize, p.PageSize, p.MaxPageSize),
		timeout:     setting[time.Duration]{o.AttemptTimeout, p.AttemptTimeout, defaultAttemptTimeout},
		limit:       setting[int64]{o.BodyLimit, p.BodyLimit, defaultBodyLimit},
	}
	c.layers = c.stack(o, p)
	return c, nil
}

// stack builds the layers from the inside out.
func (c *Client) stack(o Options, p Profile) http.RoundTripper {
	base := o.Base
	if base == nil {
		base = http.DefaultTransport
	}
	name, policy, timeout := agent(o.UserAgent), o.Retry.or(p.Retry), c.timeout.of(0)
	var rt http.RoundTripper = &departureLayer{base: base}
	tokens := &http.Client{
		Transport:     &tokenLayer{base: &agentLayer{base: &timeoutLayer{base: rt, timeout: timeout}, agent: name}},
		CheckRedirect: noRedirects,
	}
	rt = &authLayer{base: rt, auth: p.Auth, server: c.address, tokens: tokens, judge: c.judge}
	rt = &timeoutLayer{base: rt, timeout: timeout}
	// The gate comes last, so that the vendor's limit is kept exactly and a
	// pause holds everybody back.
	rt = &limitLayer{base: rt, limiter: All(o.Limiter, p.Limiter, &Gate{}), policy: policy}
	rt = newSlotLayer(rt, c.concurrency)
	rt = newRetryLayer(rt, policy)
	rt = &logLayer{base: rt, logger: c.logger}
	return &agentLayer{base: rt, agent: name}
}

// setting is a value that the host, a request or the vendor may set.
type setting[T comparable] struct{ host, vendor, fallback T }

// of returns the value for a request that asks for v; zero asks for nothing.
func (s setting[T]) of(v T) T { return first(s.host, v, s.vendor, s.fallback) }

// Address returns the root of the API.
func (c *Client) Address() *url.URL {
	address := *c.address
	return &address
}

// Origin returns which system the client talks to.
func (c *Client) Origin() mdm.Origin { return c.origin }

// PageSize returns the number of records to ask for per page; 0 means that
// neither the host nor the vendor has a wish.
func (c *Client) PageSize() int { return c.pageSize }

// Concurrency returns how many requests may be in flight at most.
func (c *Client) Concurrency() int { return c.concurrency }

// Logger returns the host's logger, or one that is silent.
func (c *Client) Logger() *slog.Logger { return c.logger }

// String names the client by its origin, so that printing one shows no more.
func (c *Client) String() string { return "transport client of " + c.origin.String() }

// Do makes a request and returns its answer, which is a 2xx; anything else is
// an error, as the package comment says. The caller closes the answer's body.
//
// A web page where JSON was asked for is mdm.ErrWrongAddress. So is a link or
// redirect to another server. An empty answer to a read with status 200 is
// mdm.ErrDecode.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	call, req, err := c.prepare(ctx, r)
	if err != nil {
		return nil, err
	}
	resp, err := c.layers.RoundTrip(req)
	if err != nil {
		return nil, call.unanswered(ctx, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, c.judge.answered(call, resp)
	}
	return call.accept(ctx, resp)
}

// unanswered makes an error of what kept the request from being answered.
func (c *call) unanswered(ctx context.Context, err error) error {
	reach := Diagnose(err)
	if !c.read && c.departure.possible(err) {
		failure := inDoubt(c.fail(nil))
		failure.Detail = reach.Reason.Text()
		failure.Cause = &lost{err: err, reach: reach}
		if ctx.Err() != nil {
			failure.Cause = ctx.Err()
		}
		return failure
	}
	if ctx.Err() != nil {
		return c.ended(ctx.Err())
	}
	if refusal, ok := errors.AsType[*refusal](err); ok {
		return c.ended(refusal)
	}
	if own, ok := errors.AsType[*mdm.Error](err); ok {
		complete := *own
		complete.Op, complete.Origin = first(own.Op, c.op), first(own.Origin, c.origin)
		return &complete
	}
	failure := c.fail(mdm.ErrUnavailable)
	failure.Detail, failure.Advice = reach.Reason.Text(), reach.Advice
	failure.Cause = &lost{err: err, reach: reach}
	return failure
}

// ended says that the caller's own context ended the call. It has no kind.
func (c *call) ended(err error) error {
	if c.origin.Kind == "" {
		return fmt.Errorf("%s: %w", c.op, err)
	}
	return fmt.Errorf("%s: %s: %w", c.origin.Kind, c.op, err)
}

// Response is an answer with a 2xx status.
type Response struct {
	Status    int
	Header    http.Header
	RequestID string // the vendor's id of the request; "" = none

	// Body is the answer, decompressed. Reading more than the limit is
	// mdm.ErrDecode, and an answer that breaks off is mdm.ErrUnavailable, or
	// mdm.ErrOutcomeUnknown for a write. It is never nil; close it.
	Body io.ReadCloser

	call *call
}

// Fail returns an error of the given kind about this answer, for the caller to
// complete: for a failure inside a 200, or a body that makes no sense.
func (r *Response) Fail(kind error) *mdm.Error {
	err := &mdm.Error{Kind: kind, Status: r.Status, RequestID: r.RequestID}
	if r.call != nil {
		err.Op, err.Origin = r.call.op, r.call.origin
	}
	return err
}
