package abm

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/internal/checking"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// Check tests the connection: it asks for a token, one device and the server
// entries. Nothing is changed.
func (s *Source) Check(ctx context.Context) iter.Seq[mdm.Step] {
	return func(yield func(mdm.Step) bool) {
		c := &check{client: s.client, Steps: checking.Steps{All: steps, Yield: yield}}
		found, err := s.client.sample(ctx)
		_ = c.Reach(err, c.client.info.Origin.Address+" answers") &&
			c.Product(err, c.client.scope.title(), "Check the proxy in between: the answer is not one of Apple's.") && c.authenticate(err) && c.list(err) &&
			c.servers(ctx) && c.tenant() && c.sample(found)
	}
}

// check is one run of Check. Each step returns whether to go on.
type check struct {
	checking.Steps
	client *Client
	known  []Server // nil = could not be read
}

// sampled is what the answer for a single device tells.
type sampled struct {
	some    bool // there is a device
	total   int  // of all devices
	counted bool // total was told
}

// sample asks for one device.
//
// Source: reference/apple.md 10.5
func (c *Client) sample(ctx context.Context) (sampled, error) {
	var answer struct {
		Data json.List[json.Object[wire.Resource[wire.Device]]] `json:"data"`
		Meta json.Object[wire.Meta]                             `json:"meta"`
	}
	q := url.Values{"limit": {"1"}, "fields[" + devicesField + "]": {"serialNumber"}}
	if err := c.get(ctx, opDevices, devicesPath, q, &answer); err != nil {
		return sampled{}, err
	}
	if !answer.Data.Present {
		return sampled{}, c.undecodable(opDevices, "the answer holds no list")
	}
	total := answer.Meta.Of.Paging.Of.Total
	return sampled{len(answer.Data.Of) > 0, int(total.N), total.Present}, nil
}

// authenticate passes where a request was refused for the role only.
func (c *check) authenticate(err error) bool {
	step := c.Step(mdm.StepAuthenticate)
	if err != nil && !c.forbidden(err) {
		return c.Fail(step, err, "", "")
	}
	return c.Pass(step, "accepted")
}

// forbidden reports whether the API, and not the token endpoint, refused.
func (c *check) forbidden(err error) bool {
	e, ok := errors.AsType[*mdm.Error](err)
	return ok && errors.Is(err, mdm.ErrPermissionMissing) && e.Status == http.StatusForbidden
}

func (c *check) list(err error) bool {
	step := c.Step(mdm.StepPermission + string(mdm.AbilityList))
	if err != nil {
		return c.Fail(step, err, "", "")
	}
	return c.Pass(step, "it may")
}

// servers tests what reading devices can do without, and says whether devices
// can be assigned at all.
func (c *check) servers(ctx context.Context) bool {
	step := c.Step(stepServers)
	all, err := collect(c.client.Servers(ctx))
	switch {
	case errors.Is(err, mdm.ErrPermissionMissing):
		step.Result, step.Reason, step.Advice = mdm.StepNote, "it may not, which reading devices can do without", mdm.Advice(err)
		return c.Yield(step)
	case err != nil:
		step.Result, step.Reason = mdm.StepNote, "this could not be found out: "+err.Error()
		return c.Yield(step)
	}
	c.known = all
	for _, s := range all {
		if s.Type == ServerMDM || s.Type == ServerAppleMDM {
			return c.Pass(step, "it may")
		}
	}
	step.Result, step.Reason = mdm.StepNote, "it may, and there is no MDM server"
	step.Advice = "Link at least one MDM server in the portal: before that, devices cannot be assigned."
	return c.Yield(step)
}

// tenant says what is known of whose organisation it is: Apple does not tell.
func (c *check) tenant() bool {
	step := c.Step(mdm.StepTenant)
	reason := "Apple does not tell the name of the organisation"
	var names []string
	for _, s := range c.known {
		if len(names) == 5 {
			names = append(names, "and others")
			break
		}
		names = append(names, s.Name)
	}
	if len(names) > 0 {
		reason += "; its server entries are: " + strings.Join(names, ", ")
	}
	return c.Pass(step, reason)
}

func (c *check) sample(found sampled) bool {
	step := c.Step(mdm.StepSample)
	switch {
	case found.counted:
		return c.Pass(step, fmt.Sprintf("%d devices can be seen", found.total))
	case found.some:
		return c.Pass(step, "devices can be seen")
	}
	return c.Pass(step, "there are no devices, or the role of the API account sees none")
}

const stepServers = mdm.StepPermission + "servers"

// steps are the steps of the check, in order.
var steps = []mdm.Step{
	{Name: mdm.StepReach, Title: "Apple can be reached"},
	{Name: mdm.StepProduct, Title: "It is the organisation API"},
	{Name: mdm.StepAuthenticate, Title: "The API account is accepted"},
	{Name: mdm.StepPermission + string(mdm.AbilityList), Title: "The API account may read devices"},
	{Name: stepServers, Title: "The API account may read server entries"},
	{Name: mdm.StepTenant, Title: "It is the right organisation"},
	{Name: mdm.StepSample, Title: "Data can be read"},
}
