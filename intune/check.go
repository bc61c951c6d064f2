package intune

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"

	"github.com/mdmlink/mdmlink/internal/checking"
	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Check tests the connection. Each right for reading is tested by a real
// request; nothing is changed. A missing consent, licence or permission and a
// wrong tenant each have advice of their own.
func (s *Source) Check(ctx context.Context) iter.Seq[mdm.Step] {
	return func(yield func(mdm.Step) bool) {
		c := &check{client: s.client, Steps: checking.Steps{All: steps, Yield: yield}}
		_, c.err = s.client.Account(ctx)
		_ = c.reach() && c.product() && c.authenticate() && c.licence(ctx) && c.list(ctx) && c.health(ctx) && c.tenant(ctx) && c.sample(ctx)
	}
}

// check is one run of Check. Each step returns whether to go on; a failed one
// ends the check after it has said which steps were skipped.
type check struct {
	checking.Steps
	client *Client
	err    error // of reading the account
}

func (c *check) reach() bool {
	step := c.Step(mdm.StepReach)
	if reach := transport.Diagnose(c.err); c.err != nil && reach.Reason != transport.ReachUnknown {
		return c.Fail(step, c.err, reach.Reason.String(), reach.Advice)
	}
	if errors.Is(c.err, mdm.ErrUnavailable) || errors.Is(c.err, mdm.ErrRateLimited) || mdm.Code(c.err) == "" && c.err != nil {
		return c.Fail(step, c.err, "", "")
	}
	return c.Pass(step, c.client.info.Origin.Address+" answers")
}

func (c *check) product() bool {
	step := c.Step(mdm.StepProduct)
	if errors.Is(c.err, mdm.ErrWrongAddress) || errors.Is(c.err, mdm.ErrDecode) {
		return c.Fail(step, c.err, "", "Check what stands between this machine and the internet: the answer is not one of Microsoft Graph.")
	}
	return c.Pass(step, "nothing speaks against it")
}

// authenticate fails for a wrong tenant, a missing consent and refused
// credentials. That a token was made proves no more than those.
func (c *check) authenticate() bool {
	step := c.Step(mdm.StepAuthenticate)
	for _, kind := range []error{mdm.ErrWrongTenant, mdm.ErrConsentMissing, mdm.ErrUnauthorized, mdm.ErrCredentialExpired, mdm.ErrAddressNotAllowed, mdm.ErrInvalid} {
		if errors.Is(c.err, kind) {
			return c.Fail(step, c.err, "", "")
		}
	}
	return c.Pass(step, "accepted")
}

// stepLicence is the step of the tenant's licence.
const stepLicence = "licence"

// licence fails for a tenant without Intune, and for one whose subscription
// has ended. Where the state of the subscription cannot be read, that is noted.
func (c *check) licence(ctx context.Context) bool {
	step := c.Step(stepLicence)
	switch {
	case errors.Is(c.err, mdm.ErrUnsupported):
		return c.Fail(step, c.err, "", "")
	case c.err != nil:
		return c.Fail(step, c.err, "this could not be found out: "+c.err.Error(), "")
	}
	state, err := c.client.Subscription(ctx)
	if err != nil {
		step.Result, step.Reason = mdm.StepNote, "the tenant has Intune; the state of its subscription could not be found out: "+err.Error()
		return c.Yield(step)
	}
	switch state = lower(state); state {
	case "disabled", "deleted", "blocked", "lockedout":
		return c.Fail(step, c.client.fail(opAccount, mdm.ErrUnsupported, "the Intune subscription of the tenant is "+state), "", adviceLicence)
	case "warning":
		step.Result, step.Reason, step.Advice = mdm.StepNote, "the Intune subscription ends soon", "Renew the subscription of the tenant."
		return c.Yield(step)
	}
	return c.Pass(step, "the tenant has Intune")
}

// list tests the right that reading needs, by asking for one device.
func (c *check) list(ctx context.Context) bool {
	step := c.Step(mdm.StepPermission + string(mdm.AbilityList))
	var answer wire.Page[wire.Organization]
	err := c.client.get(ctx, opDevices, v1+devicesPath, url.Values{"$top": {"1"}, "$select": {"id"}}, &answer, nil)
	if err != nil {
		return c.Fail(step, err, "", "")
	}
	return c.Pass(step, readDevices+": there")
}

// tenant compares the tenant that the credentials lead to with the one that
// was configured, where that may be read.
func (c *check) tenant(ctx context.Context) bool {
	step := c.Step(mdm.StepTenant)
	o, err := c.client.Organization(ctx)
	switch {
	case errors.Is(err, mdm.ErrPermissionMissing):
		step.Result, step.Reason, step.Advice = mdm.StepNote, "the name of the tenant may not be read, which reading devices can do without", mdm.Advice(err)
		return c.Yield(step)
	case err != nil:
		return c.Fail(step, err, "", "")
	}
	if want := c.client.cfg.TenantID; guidForm.MatchString(want) && want != o.ID {
		return c.Fail(step, c.client.fail(opOrganization, mdm.ErrWrongTenant, "the credentials lead to another tenant"), "", adviceTenant)
	}
	return c.Pass(step, fmt.Sprintf("%s (%s)", o.Name, o.ID))
}

// health tests the right for what reading can do without.
func (c *check) health(ctx context.Context) bool {
	step := c.Step(mdm.StepPermission + string(mdm.AbilityHealth))
	step.Result, step.Reason = mdm.StepPassed, "it may"
	if _, err := collect(c.client.AppleTokens(ctx)); err != nil {
		step.Result, step.Reason = mdm.StepNote, "it may not, which reading devices can do without"
		if errors.Is(err, mdm.ErrPermissionMissing) {
			step.Advice = mdm.Advice(err)
		} else {
			step.Reason = "this could not be found out: " + err.Error()
		}
	}
	return c.Yield(step)
}

func (c *check) sample(ctx context.Context) bool {
	step := c.Step(mdm.StepSample)
	n, err := c.client.Enrolled(ctx)
	if err != nil {
		return c.Fail(step, err, "", "")
	}
	return c.Pass(step, fmt.Sprintf("%d devices can be seen", n))
}

// steps are the steps of the check, in order.
var steps = []mdm.Step{
	{Name: mdm.StepReach, Title: "Microsoft Graph can be reached"},
	{Name: mdm.StepProduct, Title: "It is Microsoft Graph"},
	{Name: mdm.StepAuthenticate, Title: "The credentials are accepted, and the tenant knows the application"},
	{Name: stepLicence, Title: "The tenant has Intune"},
	{Name: mdm.StepPermission + string(mdm.AbilityList), Title: "The application may read devices"},
	{Name: mdm.StepPermission + string(mdm.AbilityHealth), Title: "The application may read when Apple's tokens expire"},
	{Name: mdm.StepTenant, Title: "It is the right tenant"},
	{Name: mdm.StepSample, Title: "Data can be read"},
}
