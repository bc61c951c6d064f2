package jamfschool

import (
	"context"
	"errors"
	"fmt"
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
const Kind = "jamfschool"

// Config says how to reach a tenant. Domain, NetworkID and Key are required;
// the zero value of every other field is a good default.
type Config struct {
	Domain    string     // such as "school.jamfcloud.com"; a pasted URL is fine, with or without /api
	NetworkID string     // number of the organisation; a pasted MDM server URL is fine
	Key       mdm.Secret // API key

	// Locations limits listings to the devices of these locations (schools).
	// nil = all. 0 is a location like any other.
	Locations []int64

	// Zone is the time zone of the times in lists, which name none; nil = UTC.
	Zone *time.Location

	// Link is the template of deep links, with the placeholders {host},
	// {udid}, {serial} and {assetTag}, whose values are escaped. "" = the
	// list of devices in the console, since the address of a single device's
	// page is not known.
	Link string

	// KeepRaw keeps the server's JSON with each device, for Device.Raw and
	// for the attributes "raw:/...". It costs a copy of each record.
	KeepRaw bool

	// Transport holds what is the same for every system: limits, time-outs,
	// logging, proxy. Its PageSize is the number of devices in a page of
	// Source.Pages (0 = 500, at most 5000); the server sends one answer in any
	// case.
	Transport transport.Options
}

// Client is a client of one Jamf School organisation. It is safe for
// concurrent use.
type Client struct {
	http      *transport.Client
	info      mdm.Info
	zone      *time.Location
	template  deeplink.Template
	scheme    string // of the console; https but for a server on this machine
	host      string // of the console; "" = not known
	keepRaw   bool
	locations []int64
}

const (
	protocolHeader  = "X-Server-Protocol-Version"
	protocolVersion = "3"
	listTimeout     = 3 * time.Minute // the server needs long to begin a large list
	listLimit       = 2 << 30         // bytes; the list is read as a stream
)

// New returns a client. It makes no request. Its error names every bad field
// of cfg at once and Is mdm.ErrInvalid.
func New(cfg Config) (*Client, error) {
	address, networkID, err := cfg.check()
	if err != nil {
		return nil, err
	}
	c := &Client{zone: cfg.Zone, template: places.MustParse(cfg.Link), scheme: address.Scheme, host: consoleHost(address), keepRaw: cfg.KeepRaw,
		locations: cfg.Locations, info: info(address, networkID, cfg.Locations)}
	if c.zone == nil {
		c.zone = time.UTC
	}
	var limiter transport.Limiter
	if cfg.Transport.Limiter == nil {
		limiter = transport.Rate(5, time.Second, 5)
	}
	c.http, err = transport.New(cfg.Transport, transport.Profile{
		Origin:      c.info.Origin,
		Address:     address,
		Auth:        transport.Basic(networkID, cfg.Key),
		Limiter:     limiter,
		Concurrency: 4,
		PageSize:    500,
		MaxPageSize: 5000,
		Header:      http.Header{protocolHeader: {protocolVersion}},
		Classify:    classifyFailure,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// check returns the address and the network ID in canonical form, or an error
// that names every bad field.
func (cfg Config) check() (*url.URL, string, error) {
	var bad []string
	report := func(field string, err error) {
		if err != nil {
			bad = append(bad, field+": "+err.Error())
		}
	}
	address, err := parseAddress(cfg.Domain)
	report("Domain", err)
	networkID, err := parseNetworkID(cfg.NetworkID)
	report("NetworkID", err)
	if cfg.Key.IsZero() {
		report("Key", errors.New("is missing; make one under Organization > Settings > API"))
	}
	for _, id := range cfg.Locations {
		if id < 0 {
			report("Locations", fmt.Errorf("%d is no location; ids are 0 or more", id))
		}
	}
	report("Link", places.Check(cfg.Link))
	if len(bad) > 0 {
		return nil, "", &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "configuration", Kind: mdm.ErrInvalid, Detail: strings.Join(bad, "; ")}
	}
	return address, networkID, nil
}

// Info describes the tenant and the part of it that is listed.
func (c *Client) Info() mdm.Info { return c.info }

// get reads the answer of a GET into v.
func (c *Client) get(ctx context.Context, op, path string, query url.Values, v any) error {
	return c.exchange(ctx, transport.Request{Op: op, Method: http.MethodGet, Path: path, Query: query}, v)
}

// exchange sends a request and reads its answer into v, which may be nil. An
// error inside an answer of status 200 is an error. A write whose answer is one
// of the server's own failures, or cannot be read, is mdm.ErrOutcomeUnknown.
func (c *Client) exchange(ctx context.Context, r transport.Request, v any) error {
	response, err := c.http.Do(ctx, r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var raw json.Value
	if err := json.Decode(response.Body, &raw); err != nil {
		if ctx.Err() != nil && r.Method == http.MethodGet {
			return ctx.Err()
		}
		return c.unreadable(r, response, err)
	}
	if err := c.hidden(r, response, raw); err != nil {
		return err
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return c.unreadable(r, response, err)
	}
	return nil
}
