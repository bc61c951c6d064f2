package ade

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Config says which server entry to read and with which token. Token and
// Server are required; the zero value of every other field is a good default.
type Config struct {
	// Token holds the credentials, from [Open] or from the four values of a
	// token that was opened elsewhere. They are asked for with each session, so
	// that they may rotate. Once its Expiry is past, nothing is sent.
	Token Token

	// Server names the server entry among others, in records and cursors: best
	// its UUID, which Identity.ServerUUID tells and with which every listing is
	// compared, or another name that stays when the token is renewed.
	Server string

	// Monitor is asked before a session is opened, and told what came of
	// requests; [Registry.Connect] sets it. nil = nobody.
	Monitor Monitor

	// Window is how long before its end a token is about to expire, for the
	// health of the source. 0 = DefaultWindow.
	Window time.Duration

	// AllowDestructive permits what cannot be undone or makes devices
	// unusable: Disown and LockActivation. Without it, they are refused and
	// nothing is sent.
	AllowDestructive bool

	// Protocol is the version of Apple's protocol to ask for, from 1. Below 10,
	// devices have no MAC addresses, no IMEI and no replacements. 0 = 10.
	//
	// Unverified: whether Apple refuses a version that it does not know.
	Protocol int

	// Link is the template of deep links, with the placeholders {id} and
	// {serial}, whose values are escaped. "" = no links, since the address of
	// a device's page is not known.
	Link string

	// KeepRaw keeps Apple's JSON with each device, for Device.Raw and for the
	// attributes "raw:/...". It costs a copy of each record.
	KeepRaw bool

	// Address is that of a test server on this machine. "" = Apple's; any
	// other host is refused, since it would get the credentials.
	Address string

	// Transport holds what is the same for every system: limits, time-outs,
	// logging, proxy. Its PageSize is the number of records in a page (0 = the
	// most that Apple allows the server entry), and its Concurrency the number
	// of requests at a time (0 = 1). A Limiter takes the place of the default
	// of about one request a second.
	Transport transport.Options
}

// Client is a client of one server entry. It is safe for concurrent use.
type Client struct {
	http        *transport.Client
	info        mdm.Info
	token       Token
	window      time.Duration
	server      string // UUID that answers are compared with; "" = none
	monitor     Monitor
	destructive bool
	template    deeplink.Template
	keepRaw     bool

	mu      sync.Mutex
	account *Account // nil = not read yet
	stale   bool     // the token failed since account was read
}

// Nothing is published about limits; one request at a time and one a second
// are enough for 100000 devices in two minutes.
//
// Source: reference/apple.md 2.6, 5.4
const (
	protocol      = 10
	connections   = 1
	perMinute     = 60 // at most: a burst of 3, and then one each 1.05 seconds
	burst         = 3
	headerTimeout = time.Minute
	bodyLimit     = 64 << 20
	firstWait     = 30 * time.Second
	longestWait   = 15 * time.Minute
	attempts      = 4

	mediaType = "application/json;charset=UTF8" // without a hyphen, as Apple's simulator demands
)

// New returns a client. It makes no request. Its error names every bad field
// of cfg at once and Is mdm.ErrInvalid.
func New(cfg Config) (*Client, error) {
	address, err := cfg.check()
	if err != nil {
		return nil, err
	}
	c := &Client{token: cfg.Token, window: cfg.Window, monitor: cfg.Monitor, destructive: cfg.AllowDestructive, template: places.MustParse(cfg.Link), keepRaw: cfg.KeepRaw,
		info: mdm.Info{Role: mdm.RoleOwns, Origin: mdm.Origin{Kind: Kind, Address: address.String(), Tenant: strings.TrimSpace(cfg.Server)}}}
	if isUUID(c.info.Origin.Tenant) {
		c.server = NormaliseUUID(c.info.Origin.Tenant)
		c.info.Origin.Tenant = c.server
	}
	header := http.Header{"Accept": {mediaType}, "Content-Type": {mediaType},
		"X-Server-Protocol-Version": {strconv.Itoa(cmp.Or(cfg.Protocol, protocol))}}
	var limiter transport.Limiter
	if cfg.Transport.Limiter == nil {
		limiter = transport.Rate(perMinute, time.Minute, burst)
	}
	c.http, err = transport.New(cfg.Transport, transport.Profile{
		Origin:         c.info.Origin,
		Address:        address,
		Auth:           &session{address: address.String() + "/session", header: header, token: cfg.Token, noncer: nonces{}, allow: c.allow},
		Limiter:        limiter,
		Concurrency:    connections,
		AttemptTimeout: headerTimeout,
		BodyLimit:      bodyLimit,
		Retry:          transport.Retry{Attempts: attempts, BaseWait: firstWait, MaxWait: longestWait, MaxRetryAfter: longestWait},
		Header:         header,
		Classify:       classifyFailure,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Info describes the server entry.
func (c *Client) Info() mdm.Info { return c.info }

// exchange sends a request and reads its answer into v; nil reads it to its
// end only, so that the connection can be used again.
func (c *Client) exchange(ctx context.Context, r transport.Request, v any) error {
	response, err := c.send(ctx, r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if v == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20)) // the answer said that it was done
		return ctx.Err()
	}
	if err = json.Decode(response.Body, v); err == nil {
		return nil
	}
	return c.unreadable(ctx, r, response, err)
}

// send sends a request unless the token has expired, and tells the monitor of
// a failure that says something about the token.
func (c *Client) send(ctx context.Context, r transport.Request) (*transport.Response, error) {
	if err := c.fresh(r.Op); err != nil {
		return nil, err
	}
	response, err := c.http.Do(ctx, r)
	if err != nil {
		c.tell(ctx, err)
		return nil, err
	}
	return response, nil
}

// fresh refuses requests with a token that the clock knows to have expired.
//
// Source: reference/apple.md 10.2
func (c *Client) fresh(op string) error {
	if c.token.Expiry.IsZero() || time.Now().Before(c.token.Expiry) {
		return nil
	}
	return c.located(op, fail(op, ErrTokenExpired, "nothing was sent"))
}

// unreadable is the error of an answer that is not what it should be. What the
// transport says (a broken connection, a login page) is returned as it is.
func (c *Client) unreadable(ctx context.Context, r transport.Request, response *transport.Response, err error) error {
	if ctx.Err() != nil && (r.Read || r.Method == http.MethodGet) {
		return ctx.Err()
	}
	if _, ok := errors.AsType[*mdm.Error](err); ok {
		return err
	}
	e := response.Fail(mdm.ErrDecode)
	e.Detail = "not the JSON that was expected"
	switch {
	case !r.Read && r.Method != http.MethodGet:
		e.Kind, e.Advice = mdm.ErrOutcomeUnknown, "Read the state back before trying again: the request was accepted."
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Kind, e.Detail = mdm.ErrUnavailable, "the answer broke off"
	}
	return e
}

func (c *Client) fail(op string, kind error, detail string) error {
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: kind, Detail: detail}
}

// located gives an error of this package the origin of the client.
func (c *Client) located(op string, err error) error {
	e, ok := errors.AsType[*mdm.Error](err)
	if !ok {
		return err
	}
	own := *e
	own.Op, own.Origin = op, c.info.Origin
	return &own
}
