package abm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Kind is the name of this kind of system.
const Kind = "abm"

// Config says which organisation to read and with which API account. ClientID,
// KeyID and Key are required; the zero value of every other field is a good
// default.
type Config struct {
	ClientID string     // of the API account, such as "BUSINESSAPI.3d1c7a52-8f0e-4b6a-9c11-2e5f7a9b0c4d"
	KeyID    string     // of the account's private key: a UUID
	Key      mdm.Secret // content of the private key file (.pem); asked for with each token, so that it may rotate

	// Scope is ScopeBusiness or ScopeSchool. The prefix of ClientID tells it:
	// a Scope that does not fit is an error. Zero = what the prefix says.
	Scope Scope

	// Organisation names the organisation among others, in records and
	// cursors. Apple's address is the same for all and its API does not say
	// whose it is. Choose something that stays when the API account is
	// replaced. "" = a fingerprint of ClientID.
	Organisation string

	// AllowDestructive permits what cannot be undone: ReleaseDevices and
	// DeleteServer. Without it, they are refused and nothing is sent.
	AllowDestructive bool

	// Link is the template of deep links, with the placeholders {id} and
	// {serial}, whose values are escaped. "" = no links, since the address of
	// a device's page is not known.
	Link string

	// KeepRaw keeps Apple's JSON with each device, for Device.Raw and for the
	// attributes "raw:/...". It costs a copy of each record.
	KeepRaw bool

	// Address is that of a test server on this machine, which then also serves
	// the tokens. "" = Apple's; any other host is refused, since it would get
	// the credentials.
	Address string

	// Transport holds what is the same for every system: limits, time-outs,
	// logging, proxy. Its PageSize is the number of records in a page (0 =
	// 1000, which is the most), and its Concurrency the number of requests at
	// a time (0 = 4, and at most 4: Apple cuts more). Clients of one
	// organisation should share a Limiter, which then takes the place of the
	// default of about 20 requests a minute.
	Transport transport.Options
}

// Client is a client of one organisation. It is safe for concurrent use.
type Client struct {
	http        *transport.Client
	options     transport.Options // for downloads from another server
	info        mdm.Info
	scope       Scope
	template    deeplink.Template
	keepRaw     bool
	destructive bool
	refused     refusedFields
}

// What was seen to work; Apple publishes no numbers.
//
// Source: reference/apple.md 7.2, 9.2
const (
	connections   = 4
	perMinute     = 24 // at most: a burst of 5, and then one each 3 seconds
	burst         = 5
	maxPageSize   = 1000
	headerTimeout = time.Minute
	bodyLimit     = 64 << 20
	firstWait     = 10 * time.Second // after a connection that Apple cut
	longestWait   = time.Minute
	attempts      = 4
)

// New returns a client. It makes no request. Its error names every bad field
// of cfg at once and Is mdm.ErrInvalid. The private key is looked at when the
// first token is needed; CheckKey looks at it before.
func New(cfg Config) (*Client, error) {
	a, err := cfg.check()
	if err != nil {
		return nil, err
	}
	c := &Client{options: cfg.Transport, scope: a.scope, template: places.MustParse(cfg.Link), keepRaw: cfg.KeepRaw, destructive: cfg.AllowDestructive,
		info: mdm.Info{Role: mdm.RoleOwns, Origin: mdm.Origin{Kind: Kind, Address: a.api.Scheme + "://" + a.api.Host, Tenant: a.tenant}}}
	var limiter transport.Limiter
	if cfg.Transport.Limiter == nil {
		limiter = transport.Rate(perMinute, time.Minute, burst)
	}
	c.http, err = transport.New(cfg.Transport, transport.Profile{
		Origin:         c.info.Origin,
		Address:        a.api,
		Auth:           transport.Bearer(&tokens{account: a, key: cfg.Key}),
		Limiter:        limiter,
		Concurrency:    connections,
		PageSize:       maxPageSize,
		MaxPageSize:    maxPageSize,
		AttemptTimeout: headerTimeout,
		BodyLimit:      bodyLimit,
		Retry:          transport.Retry{Attempts: attempts, BaseWait: firstWait, MaxWait: longestWait},
		Classify:       classifyFailure,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// check returns the account in canonical form, or an error that names every
// bad field.
func (cfg Config) check() (account, error) {
	var bad []string
	report := func(field string, err error) {
		if err != nil {
			bad = append(bad, field+": "+err.Error())
		}
	}
	var a account
	var err error
	a.client, a.scope, err = parseClientID(cfg.ClientID)
	report("ClientID", err)
	if err == nil && cfg.Scope != ScopeUnknown && cfg.Scope != a.scope {
		report("Scope", errors.New("does not fit the client ID, which is one of "+a.scope.title()))
	}
	a.keyID, err = parseKeyID(cfg.KeyID)
	report("KeyID", err)
	if cfg.Key.IsZero() {
		report("Key", errors.New("is missing; give the content of the .pem file, which can be downloaded once when the key is made"))
	}
	report("Address", a.locate(cfg.Address))
	a.tenant, err = parseOrganisation(cfg.Organisation, a.client)
	report("Organisation", err)
	if cfg.Transport.Concurrency > connections {
		report("Transport.Concurrency", fmt.Errorf("is more than %d; Apple cuts the connections of clients that ask more at a time", connections))
	}
	report("Link", places.Check(cfg.Link))
	if len(bad) > 0 {
		return account{}, &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "configuration", Kind: mdm.ErrInvalid, Detail: strings.Join(bad, "; ")}
	}
	return a, nil
}

// Info describes the organisation.
func (c *Client) Info() mdm.Info { return c.info }

// Scope says whether the organisation is one of Apple Business Manager or of
// Apple School Manager.
func (c *Client) Scope() Scope { return c.scope }

// get reads the answer of a GET into v.
func (c *Client) get(ctx context.Context, op, path string, query url.Values, v any) error {
	return c.exchange(ctx, transport.Request{Op: op, Method: http.MethodGet, Path: path, Query: query}, v)
}

// exchange sends a request and reads its answer into v; nil reads it to its
// end only, so that the connection can be used again. The end of ctx in
// mid-answer leaves the outcome of a write unknown; where nothing is to be
// read, the status says that it was done.
func (c *Client) exchange(ctx context.Context, r transport.Request, v any) error {
	response, err := c.http.Do(ctx, r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if v == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	} else {
		err = json.Decode(response.Body, v)
	}
	switch {
	case err == nil, v == nil:
		return nil
	case ctx.Err() != nil && r.Method == http.MethodGet:
		return ctx.Err()
	}
	return c.unreadable(r.Op, response, err)
}

func (c *Client) fail(op string, kind error, detail string) error {
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: kind, Detail: detail}
}

func (c *Client) undecodable(op, detail string) error { return c.fail(op, mdm.ErrDecode, detail) }
