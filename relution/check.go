package relution

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/checking"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// Check tests the connection: each permission for reading by a real request,
// and which organisation the access token really sees. Nothing is changed.
func (s *Source) Check(ctx context.Context) iter.Seq[mdm.Step] {
	return func(yield func(mdm.Step) bool) {
		c := &check{client: s.client, Steps: checking.Steps{All: steps, Yield: yield}}
		c.ask(ctx)
		_ = c.Reach(c.listErr, c.client.info.Origin.Address+" answers") && c.product() && c.authenticate() && c.list() && c.optional(ctx) && c.tenant() && c.sample()
	}
}

// check is one run of Check. Each step returns whether to go on; a failed one
// ends the check after it has said which steps were skipped.
type check struct {
	checking.Steps
	client *Client

	user       User
	userErr    error
	tenants    []Tenant
	tenantsErr error
	api        generation
	first      *Device // nil = there is none
	total      int
	listErr    error // why no device could be listed
}

// ask makes the requests that tell whether the connection works at all.
func (c *check) ask(ctx context.Context) {
	if c.api, c.listErr = c.client.generation(ctx); c.listErr == nil {
		c.listErr = c.peek(ctx)
	}
	switch {
	case c.listErr == nil, errors.Is(c.listErr, mdm.ErrWrongTenant):
		c.user, c.userErr = c.client.CurrentUser(ctx)
		c.tenants, c.tenantsErr = c.client.Tenants(ctx)
	case errors.Is(c.listErr, mdm.ErrPermissionMissing):
		c.user, c.userErr = c.client.CurrentUser(ctx)
	default:
		c.userErr = c.listErr
	}
}

// peek reads the first device and the count.
func (c *check) peek(ctx context.Context) error {
	l := listRequest{size: 1, deleted: c.client.deleted}
	answer, err := c.client.request(ctx, func(g generation) call { return l.call(g, 0) })
	if err != nil {
		return err
	}
	got, err := rowsOf(answer)
	if err != nil {
		return c.client.undecodable(opDevices, "the answer holds no list of devices")
	}
	c.total = got.total
	for _, row := range got.of {
		c.first = c.device(row)
	}
	return nil
}

func (c *check) device(row json.Value) *Device {
	var w wire.Device
	if !object(row, &w) {
		return nil
	}
	return c.client.newDevice(&w)
}

// connected reports whether something has answered as Relution does.
func (c *check) connected() bool {
	return c.userErr == nil || c.listErr == nil || errors.Is(c.listErr, mdm.ErrWrongTenant) || errors.Is(c.listErr, mdm.ErrPermissionMissing)
}

func (c *check) product() bool {
	step := c.Step(mdm.StepProduct)
	switch err := c.listErr; {
	case c.connected():
		return c.Pass(step, "it answers as Relution does")
	case errors.Is(err, mdm.ErrWrongAddress), errors.Is(err, mdm.ErrDecode), errors.Is(err, mdm.ErrNotFound):
		return c.Fail(step, err, "", mdm.Advice(err))
	}
	return c.Pass(step, "nothing speaks against it")
}

// authenticate also warns of an access token that is about to expire.
func (c *check) authenticate() bool {
	step := c.Step(mdm.StepAuthenticate)
	if !c.connected() {
		return c.Fail(step, c.listErr, "", "")
	}
	h := c.client.tokenHealth(time.Now())
	switch {
	case h.State == mdm.HealthWarn:
		step.Result, step.Reason, step.Advice = mdm.StepNote, "accepted; the access token expires on "+h.Expires.Format(time.DateOnly), h.Next
		return c.Yield(step)
	case !h.Expires.IsZero():
		return c.Pass(step, "accepted; the access token expires on "+h.Expires.Format(time.DateOnly))
	}
	return c.Pass(step, "accepted")
}

// list tests the permission that reading needs. With a wrong tenant it cannot
// be tested.
func (c *check) list() bool {
	step := c.Step(mdm.StepPermission + string(mdm.AbilityList))
	switch {
	case errors.Is(c.listErr, mdm.ErrWrongTenant):
		step.Result, step.Reason = mdm.StepSkipped, "not tried: the tenant is wrong"
		return c.Yield(step)
	case c.listErr != nil:
		return c.Fail(step, c.listErr, "", "")
	}
	return c.Pass(step, readDevices+": there")
}

// optional tests the permissions for what reading can do without.
func (c *check) optional(ctx context.Context) bool {
	for _, o := range []struct {
		ability mdm.Ability
		needs   bool
		request func() error
	}{
		{mdm.AbilitySoftware, c.first != nil, func() error { _, err := c.client.Apps(ctx, c.first.UUID); return err }},
		{mdm.AbilityHealth, true, func() error { _, err := collect(c.client.DEPAccounts(ctx)); return err }},
	} {
		step := c.Step(mdm.StepPermission + string(o.ability))
		step.Result, step.Reason = mdm.StepPassed, "it may"
		switch {
		case c.listErr != nil:
			step.Result, step.Reason = mdm.StepSkipped, "not tried"
		case !o.needs:
			step.Result, step.Reason = mdm.StepNote, "there is no device to try it with"
		default:
			if err := o.request(); err != nil {
				step.Result, step.Reason, step.Advice = mdm.StepNote, "it may not, which reading devices can do without", mdm.Advice(err)
				if !errors.Is(err, mdm.ErrPermissionMissing) {
					step.Reason, step.Advice = "this could not be found out: "+err.Error(), ""
				}
			}
		}
		if !c.Yield(step) {
			return false
		}
	}
	return true
}

// tenant says which organisation the access token really sees, and names those
// that it reaches.
//
// Source: reference/relution.md 1.3
func (c *check) tenant() bool {
	step := c.Step(mdm.StepTenant)
	configured, seen := c.client.tenant, c.seen()
	if c.listErr != nil {
		return c.Fail(step, c.listErr, c.reachable("the access token does not reach the configured tenant"), adviceTenant)
	}
	if c.first != nil {
		if err := c.client.ours(opDevices, c.first); err != nil {
			return c.Fail(step, err, c.reachable("the devices belong to "+c.name(seen)+" and not to the configured tenant"), adviceTenant)
		}
	}
	switch {
	case configured != "" && c.tenantsErr == nil && c.name(configured) == configured:
		err := c.client.fail(opTenants, mdm.ErrWrongTenant, "the access token does not reach the tenant")
		return c.Fail(step, err, c.reachable("the access token does not reach the configured tenant"), adviceTenant)
	case configured != "":
		return c.Pass(step, c.reachable("it is "+c.name(configured)))
	case len(c.tenants) > 1:
		step.Result, step.Reason = mdm.StepNote, c.reachable("no tenant is configured, and the access token sees "+c.name(seen))
		step.Advice = "If this is not the school that is meant, enter its tenant ID, which is the UUID behind " + tenantParameter + "= in the portal's address under Devices > Inventory."
		return c.Yield(step)
	}
	return c.Pass(step, "the access token sees "+c.name(seen))
}

// seen is the organisation that the answers belong to; "" = they do not tell.
func (c *check) seen() string {
	if c.first != nil && c.first.OrganizationUUID != "" {
		return c.first.OrganizationUUID
	}
	if c.client.tenant != "" {
		return c.client.tenant
	}
	return c.user.OrganizationUUID
}

// name returns what people call an organisation, or its UUID.
func (c *check) name(uuid string) string {
	if uuid == "" {
		return "an organisation that the server does not name"
	}
	for _, t := range c.tenants {
		if strings.EqualFold(t.UUID, uuid) {
			return t.Title()
		}
	}
	return uuid
}

// reachable adds the names of the organisations that the access token reaches.
func (c *check) reachable(text string) string {
	var names []string
	for _, t := range c.tenants {
		names = append(names, t.Title())
	}
	const most = 20
	switch n := len(names); {
	case n == 0:
		return text
	case n > most:
		return fmt.Sprintf("%s; it reaches %d: %s and others", text, n, strings.Join(names[:most], ", "))
	}
	return text + "; it reaches: " + strings.Join(names, ", ")
}

func (c *check) sample() bool {
	step := c.Step(mdm.StepSample)
	return c.Pass(step, fmt.Sprintf("%d devices can be seen, through %s by %s", c.total, c.api.prefix, c.api.listing))
}

// steps are the steps of the check, in order.
var steps = []mdm.Step{
	{Name: mdm.StepReach, Title: "The server can be reached"},
	{Name: mdm.StepProduct, Title: "It is Relution"},
	{Name: mdm.StepAuthenticate, Title: "The access token is accepted"},
	{Name: mdm.StepPermission + string(mdm.AbilityList), Title: "Its user may read devices"},
	{Name: mdm.StepPermission + string(mdm.AbilitySoftware), Title: "Its user may read installed apps"},
	{Name: mdm.StepPermission + string(mdm.AbilityHealth), Title: "Its user may read when Apple's tokens expire"},
	{Name: mdm.StepTenant, Title: "It is the right tenant"},
	{Name: mdm.StepSample, Title: "Data can be read"},
}
