package intune

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Kind is the name of this kind of system.
const Kind = "intune"

// Config says how to reach a tenant. TenantID is required, and one of
// ClientSecret and Certificate with ClientID, or TokenSource; the zero value of
// every other field is a good default.
type Config struct {
	TenantID string // of the customer: a GUID, or a verified domain such as "school.example"
	Cloud    Cloud  // where the tenant lives; zero = Public

	ClientID     string                // of the app registration
	ClientSecret mdm.Secret            // is asked for with each new token, so that it may rotate
	Certificate  *Certificate          // instead of a secret
	TokenSource  transport.TokenSource // instead of all three: the host makes the tokens; see ForgetToken

	// Report lists devices through an export job of the service, with more of
	// each than the list tells, and without one request per thousand devices.
	// A listing then begins after the service has made the report, which takes
	// minutes, and cannot be gone on with after a break.
	Report bool

	// AllAgents lists devices that something else manages, too: Jamf,
	// Exchange, Configuration Manager, Defender.
	AllAgents bool

	// ForbidClearPasscode makes Vet refuse to reset passcodes on all devices.
	ForbidClearPasscode bool

	// Justification is what the second administrator reads where the tenant
	// demands an approval of commands and changes. "" = "requested through
	// mdmlink".
	Justification string

	// Link is the template of deep links, with the placeholders {base},
	// {tenant}, {id} and {serial}, whose values are escaped. "" = the device's
	// page in the console.
	Link string

	// KeepRaw keeps the service's JSON with each device, for Device.Raw and
	// for the attributes "raw:/...". Lists then ask for all properties.
	KeepRaw bool

	// Transport holds what is the same for every system: limits, time-outs,
	// logging, proxy. Its Limiter is where all tenants of one app registration
	// share a budget; its PageSize the number of devices in a page (0 = 1000,
	// which is the most).
	Transport transport.Options
}

// Client is a client of one tenant. It is safe for concurrent use.
type Client struct {
	http     *transport.Client
	info     mdm.Info
	cfg      Config
	template deeplink.Template
	auth     *tokens
	limits   limits
	refusals refusals
}

// What the service documents, and what was seen to be good.
//
// Source: reference/intune.md 2.1, 6.2, 7
const (
	pageSize       = 1000
	attemptTimeout = 100 * time.Second
	bodyLimit      = 64 << 20
	bodyRepeats    = 2 // how often an answer is asked for again that broke off inside
	concurrency    = 8
)

// limits are the service's limits for one app in one tenant.
type limits struct {
	all       *transport.Gate // every request to devices
	writes    *transport.Gate // those that change something
	enrolment *transport.Gate // categories, Autopilot, Apple's tokens
	apps      *adaptive       // installed applications, throttled far below what is published
	hardware  *adaptive       // single devices with their hardware, likewise
	exports   *transport.Gate // export jobs
}

// newLimits makes the limits. Hardware begins with ten in a second, with which
// the details of 40 000 devices take more than an hour: at the five that are
// suggested, where it is after one refusal, they would take twice as long. A
// batch of it goes out at once.
//
// Source: reference/intune.md 7
//
// Unverified: the limits of applications, of hardware and of export jobs.
func newLimits() limits {
	const window = 20 * time.Second
	return limits{
		all:       transport.Rate(2000, window, 0),
		writes:    transport.Rate(200, window, 0),
		enrolment: transport.Rate(1000, window, 0),
		apps:      newAdaptive(100, window, 1),
		hardware:  newAdaptive(200, window, batchSize),
		exports:   transport.Rate(40, time.Minute, 0),
	}
}

// New returns a client. It makes no request. Its error names every bad field
// of cfg at once and Is mdm.ErrInvalid.
func New(cfg Config) (*Client, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	cfg.TenantID = strings.ToLower(strings.TrimSpace(cfg.TenantID))
	cfg.ClientID = strings.TrimSpace(cfg.ClientID)
	base, err := url.Parse(clouds[cfg.Cloud].graph)
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, template: places.MustParse(cmp.Or(cfg.Link, usualLink)), limits: newLimits(), auth: newTokens(cfg),
		info: mdm.Info{Origin: mdm.Origin{Kind: Kind, Address: base.String(), Tenant: cfg.TenantID}, Role: mdm.RoleManages, Filter: cfg.filter()}}
	options := cfg.Transport
	options.Base = patient{options.Base}
	c.http, err = transport.New(options, transport.Profile{
		Origin:         c.info.Origin,
		Address:        base,
		Auth:           c.auth,
		Limiter:        c.limits.all,
		Concurrency:    concurrency,
		PageSize:       pageSize,
		MaxPageSize:    pageSize,
		AttemptTimeout: attemptTimeout,
		BodyLimit:      bodyLimit,
		Retry:          transport.Retry{BaseWait: 2 * time.Second, MaxWait: 2 * time.Minute, MaxRetryAfter: 5 * time.Minute},
		Classify:       c.classifyFailure,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// filter names the part of the tenant that is listed.
func (cfg Config) filter() string {
	if cfg.AllAgents {
		return ""
	}
	return "managed by intune"
}

// check returns an error that names every bad field.
func (cfg Config) check() error {
	var bad []string
	report := func(field string, err error) {
		if err != nil {
			bad = append(bad, field+": "+err.Error())
		}
	}
	_, err := canonicalTenant(cfg.TenantID)
	report("TenantID", err)
	if cfg.Cloud >= cloudsCount {
		report("Cloud", errCloud)
	}
	cfg.checkCredentials(report)
	report("Link", places.Check(cfg.Link))
	if len(bad) > 0 {
		return &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "configuration", Kind: mdm.ErrInvalid, Detail: strings.Join(bad, "; ")}
	}
	return nil
}

func (cfg Config) checkCredentials(report func(string, error)) {
	ways := 0
	for _, set := range []bool{!cfg.ClientSecret.IsZero(), cfg.Certificate != nil, cfg.TokenSource != nil} {
		if set {
			ways++
		}
	}
	switch {
	case ways == 0:
		report("ClientSecret", errors.New("is missing; set it, or Certificate, or TokenSource"))
	case ways > 1:
		report("ClientSecret", errors.New("only one of ClientSecret, Certificate and TokenSource can be set"))
	}
	if cfg.TokenSource == nil && !guidForm.MatchString(strings.TrimSpace(cfg.ClientID)) {
		report("ClientID", errors.New("is not the application (client) ID of an app registration, which is a GUID"))
	}
}

var (
	guidForm   = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	domainForm = regexp.MustCompile(`(?i)^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)
)

// canonicalTenant reads the ID or the domain of a tenant.
//
// Source: reference/intune.md 1.3
func canonicalTenant(text string) (string, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	switch {
	case text == "":
		return "", errors.New("is missing; it stands in the Entra admin center under Overview as Tenant ID")
	case text == "common" || text == "organizations" || text == "consumers":
		return "", errors.New("stands for many tenants; give the customer's own")
	case !guidForm.MatchString(text) && !(len(text) <= 253 && domainForm.MatchString(text)):
		return "", errors.New("is neither a tenant ID, which is a GUID, nor a domain of the tenant")
	}
	return text, nil
}

// Info describes the tenant and the part of it that is listed.
func (c *Client) Info() mdm.Info { return c.info }

// Versions of the API.
const (
	v1   = "/v1.0"
	beta = "/beta"
)

// get reads the answer of a GET into v.
func (c *Client) get(ctx context.Context, op, path string, query url.Values, v any, lim transport.Limiter) error {
	return c.exchange(ctx, transport.Request{Op: op, Path: path, Query: query, Limiter: lim}, v)
}

// exchange sends a request and reads its answer into v, which may be nil: an
// answer without a body is a success too. What only reads is asked for again if
// its answer broke off.
//
// Source: reference/intune.md 6.2
func (c *Client) exchange(ctx context.Context, r transport.Request, v any) error {
	reads := r.Read || r.Method == "" || r.Method == http.MethodGet
	for again := 0; ; again++ {
		answered, err := c.attempt(ctx, r, v)
		if !reads || !c.brokeOff(ctx, answered, err) || again == bodyRepeats {
			return err
		}
	}
}

// attempt is one attempt of exchange. It reports whether an answer began to
// come.
func (c *Client) attempt(ctx context.Context, r transport.Request, v any) (answered bool, err error) {
	response, err := c.http.Do(ctx, r)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	if v == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	} else {
		err = json.Decode(response.Body, v)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return true, ctx.Err()
	case err != nil && v != nil:
		return true, c.unreadable(r.Op, response, err)
	}
	return true, nil
}

// brokeOff reports whether an answer that had begun broke off, and is to be
// asked for again.
func (c *Client) brokeOff(ctx context.Context, answered bool, err error) bool {
	return answered && errors.Is(err, mdm.ErrUnavailable) && ctx.Err() == nil && !c.cfg.Transport.Retry.Disabled
}

// write sends a request that changes something. code is that of an approval;
// "" = none yet.
func (c *Client) write(ctx context.Context, op, method, path string, body any, code string) error {
	return c.exchange(ctx, transport.Request{Op: op, Method: method, Path: path, Body: body, Header: c.approvable(code), Limiter: c.limits.writes}, nil)
}

func (c *Client) fail(op string, kind error, detail string) error {
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: kind, Detail: detail}
}

// checkID refuses what is no id before it gets into an address.
func (c *Client) checkID(op, id string) error {
	if !guidForm.MatchString(id) {
		return c.fail(op, mdm.ErrNotFound, "an id is a GUID")
	}
	return nil
}
