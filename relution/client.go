package relution

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Kind is the name of this kind of system.
const Kind = "relution"

// Config says how to reach a tenant. Address and Token are required, and
// Tenant on a server of several tenants; the zero value of every other field
// is a good default.
type Config struct {
	Address string     // such as "relution.example.de"; an address of the portal is fine, and tells the tenant
	Tenant  string     // UUID of the organisation, in any case, or an address of the portal; "" = that of Address, else the token's home
	Token   mdm.Secret // access token; is asked for with each request, so that it may be replaced

	// Expires is when the token expires, as it was chosen when it was made.
	// Health warns 30 days ahead. Zero = it does not expire, or is not known.
	Expires time.Time

	// Children also lists devices of organisations below Tenant. Otherwise a
	// device of another organisation ends the listing with mdm.ErrWrongTenant.
	Children bool

	// Deleted also lists devices that were deleted, which the server keeps.
	Deleted bool

	// AssetTag names the field that holds the asset tag: "custom1" to
	// "custom5" or "description". "" = none does. ChromeOS has one of its own,
	// which counts where this field is empty.
	AssetTag string

	// Prefix fixes the generation of the API: PrefixManagement, PrefixAPI or
	// PrefixLegacy. "" = the client finds out.
	Prefix string

	// Listing fixes the way in which devices are listed: ListQuery,
	// ListBaseInfo or ListFull. "" = the client finds out. A server whose proxy
	// limits POST needs ListBaseInfo.
	Listing string

	// BasePath stands before all paths, where a proxy adds one, such as "/mdm".
	BasePath string

	// Paths replaces the paths of single endpoints, such as
	// "{prefix}/v2/devices/groups" for EndpointDeviceGroups.
	Paths map[Endpoint]string

	// Link is the template of deep links, with the placeholders {base},
	// {uuid}, {serial} and {tenant}, whose values are escaped. "" = the
	// device's page in the portal; none with PrefixLegacy, whose portal is
	// another one.
	Link string

	// KeepRaw keeps the server's JSON with each device, for Device.Raw and
	// for the attributes "raw:/...". It costs a copy of each record. Secrets
	// are left out of it.
	KeepRaw bool

	// Transport holds what is the same for every system: limits, time-outs,
	// logging, proxy. Its PageSize is the number of devices in a page (0 = 100,
	// at most 500), and its Concurrency the number of requests in flight (0 = 2).
	Transport transport.Options
}

// Client is a client of one tenant. It is safe for concurrent use.
type Client struct {
	http     *transport.Client
	token    *accessToken
	info     mdm.Info
	base     string // of the portal
	tenant   string // in upper case; "" = the token's home
	expires  time.Time
	children bool
	deleted  bool
	assetTag string
	template deeplink.Template
	usual    bool // the template is the usual one
	keepRaw  bool
	paths    map[Endpoint]string
	fixed    generation
	api      *api
	sent     recent // UUIDs of commands that were sent or seen
}

// What is known to work, and what the vendor's sample proxy allows.
//
// Source: reference/relution.md 7
const (
	connections   = 2
	pageSize      = 100
	maxPageSize   = 500
	headerTimeout = time.Minute
	bodyLimit     = 64 << 20
)

// New returns a client. It makes no request. Its error names every bad field
// of cfg at once and Is mdm.ErrInvalid.
func New(cfg Config) (*Client, error) {
	base, tenant, err := cfg.check()
	if err != nil {
		return nil, err
	}
	c := &Client{token: &accessToken{secret: cfg.Token}, base: base.String(), tenant: tenant, expires: cfg.Expires, children: cfg.Children, deleted: cfg.Deleted,
		assetTag: cfg.AssetTag, template: places.MustParse(cmp.Or(cfg.Link, usualLinkIn(tenant))), usual: cfg.Link == "", keepRaw: cfg.KeepRaw, paths: cfg.Paths,
		fixed: generation{cfg.Prefix, cfg.Listing}, api: newAPI(),
		info: mdm.Info{Origin: mdm.Origin{Kind: Kind, Address: canonical(base), Tenant: tenant}, Role: mdm.RoleManages, Filter: cfg.filter()}}
	if c.fixed.prefix != "" && c.fixed.listing != "" {
		c.api.known = c.fixed
	}
	root := *base
	root.Path = strings.TrimSuffix(cfg.BasePath, "/")
	c.http, err = transport.New(cfg.Transport, transport.Profile{
		Origin:         c.info.Origin,
		Address:        &root,
		Auth:           c.token,
		Concurrency:    connections,
		PageSize:       pageSize,
		MaxPageSize:    maxPageSize,
		AttemptTimeout: headerTimeout,
		BodyLimit:      bodyLimit,
		Retry:          transport.Retry{Attempts: 3},
		Classify:       classifyFailure,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// filter names what part of the tenant is listed, in a canonical form.
func (cfg Config) filter() string {
	var parts []string
	if cfg.Children {
		parts = append(parts, "children")
	}
	if cfg.Deleted {
		parts = append(parts, "deleted")
	}
	return strings.Join(parts, ",")
}

// check returns address and tenant in canonical form, or an error that names
// every bad field.
func (cfg Config) check() (*url.URL, string, error) {
	var bad []string
	report := func(field string, err error) {
		if err != nil {
			bad = append(bad, field+": "+err.Error())
		}
	}
	among := func(field, value string, known ...string) {
		if value != "" && !slices.Contains(known, value) {
			report(field, fmt.Errorf("is none of %s", strings.Join(known, ", ")))
		}
	}
	base, err := parseAddress(cfg.Address)
	report("Address", err)
	tenant, err := parseTenant(cfg.Tenant)
	report("Tenant", err)
	if of := TenantOf(cfg.Address); tenant == "" {
		tenant = of
	} else if of != "" && of != tenant {
		report("Tenant", errors.New("differs from the one in the address"))
	}
	if cfg.Token.IsZero() {
		report("Token", errors.New("is missing; make an access token in the portal under user name > Profile > Access Token"))
	}
	if cfg.Children && tenant == "" {
		report("Children", errors.New("needs a tenant"))
	}
	among("AssetTag", cfg.AssetTag, assetTagFields...)
	among("Prefix", cfg.Prefix, PrefixManagement, PrefixAPI, PrefixLegacy)
	among("Listing", cfg.Listing, ListQuery, ListBaseInfo, ListFull)
	report("BasePath", checkBasePath(cfg.BasePath))
	report("Paths", checkPaths(cfg.Paths))
	report("Link", places.Check(cfg.Link))
	if len(bad) > 0 {
		return nil, "", &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "configuration", Kind: mdm.ErrInvalid, Detail: strings.Join(bad, "; ")}
	}
	return base, tenant, nil
}

// assetTagFields are the fields that may hold the asset tag.
var assetTagFields = []string{"custom1", "custom2", "custom3", "custom4", "custom5", "description"}

// Info describes the tenant and the part of it that is listed.
func (c *Client) Info() mdm.Info { return c.info }

// call is one request to an endpoint.
type call struct {
	op       string
	method   string // "" = GET
	endpoint Endpoint
	id       ids
	query    url.Values
	body     any
	homeless bool // without the tenant, to find out whether it is the reason for a 404
}

// exchange sends a request of a generation and returns its answer, which no
// error is hidden in. An answer without a body is nil.
func (c *Client) exchange(ctx context.Context, g generation, r call) (json.Value, error) {
	query := url.Values{}
	for name, values := range r.query {
		query[name] = values
	}
	if c.tenant != "" && !r.endpoint.unscoped() && !r.homeless {
		query.Set(tenantParameter, c.tenant)
	}
	if r.method == "" {
		r.method = http.MethodGet
	}
	response, err := c.http.Do(ctx, transport.Request{Op: r.op, Method: r.method, Path: c.path(r.endpoint, g.prefix, r.id), Query: query,
		Body: r.body, Read: r.reads()})
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.Status == http.StatusNoContent {
		return nil, nil
	}
	var answer json.Value
	if r.reads() {
		err = json.Decode(response.Body, &answer)
	} else {
		answer, err = written(response.Body)
	}
	switch {
	case err == nil && len(answer) == 0:
		return nil, nil
	case err == nil:
		return answer, c.hidden(r, response, answer)
	case ctx.Err() != nil && r.reads():
		return nil, ctx.Err()
	case !r.reads():
		return nil, unclear(r.op, response, err)
	}
	return nil, unreadable(r.op, response, err)
}

// written reads the answer to a write, which may be empty.
//
// Source: reference/relution.md 6.1
func written(body io.Reader) (answer json.Value, err error) {
	text, err := io.ReadAll(body)
	if err != nil || len(strings.TrimSpace(string(text))) == 0 {
		return nil, err
	}
	err = json.Unmarshal(text, &answer)
	return answer, err
}

// reads reports whether a request changes nothing: a GET, and a POST that is a
// query.
func (r call) reads() bool {
	switch r.endpoint {
	case EndpointDevicesQuery, EndpointAppsQuery, EndpointUsersQuery:
		return true
	}
	return r.method == "" || r.method == http.MethodGet
}

func (c *Client) fail(op string, kind error, detail string) error {
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: kind, Detail: detail}
}

func (c *Client) undecodable(op, detail string) error { return c.fail(op, mdm.ErrDecode, detail) }
