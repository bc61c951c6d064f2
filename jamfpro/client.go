package jamfpro

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Kind is the name of this kind of system.
const Kind = "jamfpro"

// Config says how to reach a server. Address is required, and either ClientID
// and ClientSecret or Username and Password; the zero value of every other
// field is a good default.
type Config struct {
	Address string // such as "school.jamfcloud.com"; a pasted URL is fine, with or without /api

	ClientID     string     // of an API client
	ClientSecret mdm.Secret // is asked for with each new token, so that it may rotate

	Username string     // of a local account, instead of an API client
	Password mdm.Secret // of that account

	// Only limits listings to OnlyComputers or OnlyMobileDevices, for an API
	// role that may read one of the two. "" = both.
	Only string

	// Link is the template of deep links, with the placeholders {base},
	// {page}, {id}, {serial}, {udid} and {managementId}, whose values are
	// escaped. "" = "{base}/{page}?id={id}&o=r".
	Link string

	// KeepRaw keeps the server's JSON with each device, for Device.Raw and
	// for the attributes "raw:/...". It costs a copy of each record.
	KeepRaw bool

	// Transport holds what is the same for every system: limits, time-outs,
	// logging, proxy. Its PageSize is the number of devices in a page (0 = 200,
	// at most 2000; more than 500 makes servers slow), and its Concurrency the
	// number of connections (0 = 5, and at most 5, as the vendor asks for).
	Transport transport.Options
}

// The values of Config.Only.
const (
	OnlyComputers     = "computers"
	OnlyMobileDevices = "mobile devices"
)

// Client is a client of one Jamf Pro server. It is safe for concurrent use.
type Client struct {
	http     *transport.Client
	info     mdm.Info
	base     string // address of the console: scheme, host, port and context path
	template deeplink.Template
	only     string
	keepRaw  bool
	user     bool // signs in with user and password
	hint     string
	server   *server
	sticky   *sticky
	sent     recent // UUIDs of commands, and what is not known of others

	// decoders limits how many answers are looked at at a time, so that the
	// connections are not kept waiting for a processor.
	decoders chan struct{}
}

// What the vendor asks for, and what was measured.
//
// Source: reference/jamfpro.md 7
const (
	connections   = 5
	pageSize      = 200
	softwarePage  = 100 // with APPLICATIONS, which are most of a record
	maxPageSize   = 2000
	headerTimeout = 2 * time.Minute
	bodyLimit     = 256 << 20
)

// New returns a client. It makes no request. Its error names every bad field
// of cfg at once and Is mdm.ErrInvalid.
func New(cfg Config) (*Client, error) {
	base, err := cfg.check()
	if err != nil {
		return nil, err
	}
	c := &Client{base: base.String(), template: places.MustParse(cmp.Or(cfg.Link, usualLink)), only: cfg.Only, keepRaw: cfg.KeepRaw,
		user: cfg.Username != "", hint: cfg.hint(), server: &server{}, sticky: &sticky{}, decoders: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		info: mdm.Info{Origin: mdm.Origin{Kind: Kind, Address: canonical(base)}, Role: mdm.RoleManages, Filter: cfg.Only}}
	c.http, err = transport.New(cfg.Transport, transport.Profile{
		Origin:         c.info.Origin,
		Address:        base,
		Auth:           transport.Bearer(cfg.tokens(base)),
		Concurrency:    connections,
		PageSize:       pageSize,
		MaxPageSize:    maxPageSize,
		AttemptTimeout: headerTimeout,
		BodyLimit:      bodyLimit,
		Retry:          transport.Retry{Attempts: 3},
		Classify:       c.classifyFailure,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// check returns the address in canonical form, or an error that names every
// bad field.
func (cfg Config) check() (*url.URL, error) {
	var bad []string
	report := func(field string, err error) {
		if err != nil {
			bad = append(bad, field+": "+err.Error())
		}
	}
	base, err := parseAddress(cfg.Address)
	report("Address", err)
	cfg.checkCredentials(report)
	if cfg.Only != "" && cfg.Only != OnlyComputers && cfg.Only != OnlyMobileDevices {
		report("Only", fmt.Errorf("is neither %q nor %q", OnlyComputers, OnlyMobileDevices))
	}
	if cfg.Transport.Concurrency > connections {
		report("Transport.Concurrency", fmt.Errorf("is more than %d, which is what Jamf asks for", connections))
	}
	report("Link", places.Check(cfg.Link))
	if len(bad) > 0 {
		return nil, &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "configuration", Kind: mdm.ErrInvalid, Detail: strings.Join(bad, "; ")}
	}
	return base, nil
}

func (cfg Config) checkCredentials(report func(string, error)) {
	byUser := cfg.Username != "" || !cfg.Password.IsZero()
	byClient := cfg.ClientID != "" || !cfg.ClientSecret.IsZero()
	switch {
	case byUser && byClient:
		report("Username", errors.New("is set together with an API client; set one of the two"))
	case byUser && cfg.Username == "":
		report("Username", errors.New("is missing"))
	case byUser && cfg.Password.IsZero():
		report("Password", errors.New("is missing"))
	case byUser:
		if strings.Contains(cfg.Username, ":") {
			report("Username", errors.New("holds a colon, which user names may not have"))
		}
	default:
		if strings.TrimSpace(cfg.ClientID) == "" {
			report("ClientID", errors.New("is missing; make an API client under Settings > System > API roles and clients"))
		}
		if cfg.ClientSecret.IsZero() {
			report("ClientSecret", errors.New("is missing; it is shown once, when it is made"))
		}
	}
}

// Info describes the server and the part of it that is listed.
func (c *Client) Info() mdm.Info { return c.info }

// get reads the answer of a GET into v.
func (c *Client) get(ctx context.Context, op, path string, query url.Values, v any) error {
	return c.exchange(ctx, transport.Request{Op: op, Method: http.MethodGet, Path: path, Query: query}, v)
}

// exchange sends a request and reads its answer into v, which may be nil: an
// answer without a body is a success too. For a while after a write, requests go
// to the server that took it, since others of a cluster learn of it later; the
// listings Computers and MobileDevices alone do not, see listRequest.
func (c *Client) exchange(ctx context.Context, r transport.Request, v any) error {
	r.Header = c.sticky.header(r.Header)
	carried := r.Header.Get("Cookie")
	response, err := c.http.Do(ctx, r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if r.Method != http.MethodGet {
		c.sticky.note(response.Header, carried)
	}
	c.server.deprecated(c.http.Logger(), r.Op, response.Header)
	if v == nil {
		return c.drain(ctx, response)
	}
	if err := json.Decode(response.Body, v); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return c.unreadable(r.Op, response, err)
	}
	return nil
}

// drain reads an answer that nobody needs to its end, so that its connection
// can be used again.
func (c *Client) drain(ctx context.Context, response *transport.Response) error {
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20)); err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return nil
}

func (c *Client) fail(op string, kind error, detail string) error {
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: kind, Detail: detail}
}

func (c *Client) undecodable(op, detail string) error { return c.fail(op, mdm.ErrDecode, detail) }
