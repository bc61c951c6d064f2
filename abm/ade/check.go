package ade

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/mdmlink/mdmlink/internal/checking"
	"github.com/mdmlink/mdmlink/mdm"
)

// Check tests the connection: it opens a session, reads the account, and lists
// a page of devices. Nothing is changed.
func (s *Source) Check(ctx context.Context) iter.Seq[mdm.Step] {
	return func(yield func(mdm.Step) bool) {
		c := &check{client: s.client, Steps: checking.Steps{All: checkSteps, Yield: yield}}
		account, err := s.client.Account(ctx)
		if !(c.Reach(err, "") &&
			c.Product(err, "the enrolment web service", "Check the proxy in between: the answer is not one of Apple's.") && c.authenticate(err)) {
			return
		}
		other := errors.Is(err, ErrOtherServer) || errors.Is(err, ErrOtherOrganisation)
		page, listed := (*DevicePage)(nil), error(nil)
		if !other {
			page, listed = s.client.fetch(ctx, "", false)
		}
		_ = c.list(other, listed) && c.tenant(account, err) && c.sample(page)
	}
}

// check is one run of Check. Each step returns whether to go on.
type check struct {
	checking.Steps
	client *Client
}

func (c *check) authenticate(err error) bool {
	step := c.Step(mdm.StepAuthenticate)
	switch {
	case err == nil, errors.Is(err, ErrOtherServer), errors.Is(err, ErrOtherOrganisation):
		return c.Pass(step, "accepted")
	}
	return c.Fail(step, err, "", "")
}

func (c *check) list(other bool, err error) bool {
	step := c.Step(mdm.StepPermission + string(mdm.AbilityList))
	switch {
	case other:
		step.Result, step.Reason = mdm.StepNote, "not tried, since the token is another server's"
		return c.Yield(step)
	case err != nil:
		return c.Fail(step, err, "", "")
	}
	return c.Pass(step, "it may")
}

// tenant says whose token it is. The portal's names help a person more than
// ids do.
func (c *check) tenant(a *Account, err error) bool {
	step := c.Step(mdm.StepTenant)
	if err != nil {
		return c.Fail(step, err, "", "")
	}
	return c.Pass(step, fmt.Sprintf("server %q of %q", a.ServerName, a.OrgName))
}

func (c *check) sample(page *DevicePage) bool {
	step := c.Step(mdm.StepSample)
	n := len(latest(page.Devices))
	switch {
	case n == 0 && !page.More:
		step.Result, step.Reason = mdm.StepNote, "no devices are assigned to this server"
		step.Advice = "Assign devices to this server in the portal; only these can be seen."
		return c.Yield(step)
	case page.More:
		return c.Pass(step, fmt.Sprintf("%d devices and more can be seen", n))
	}
	return c.Pass(step, fmt.Sprintf("%d devices can be seen", n))
}

// checkSteps are the steps of the check, in order.
var checkSteps = []mdm.Step{
	{Name: mdm.StepReach, Title: "Apple can be reached"},
	{Name: mdm.StepProduct, Title: "It is the enrolment web service"},
	{Name: mdm.StepAuthenticate, Title: "The server token is accepted"},
	{Name: mdm.StepPermission + string(mdm.AbilityList), Title: "The server token may read devices"},
	{Name: mdm.StepTenant, Title: "It is the right server"},
	{Name: mdm.StepSample, Title: "Data can be read"},
}
