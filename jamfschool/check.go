package jamfschool

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/checking"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// nobody is a UDID that no device has. Asking to change its device is how a
// right is tested without changing anything: the server answers that there is
// no such device, or that the key may not ask.
const nobody = "00000000-0000-0000-0000-000000000000"

// Check tests the connection. It reads the locations and a list that is empty,
// never the fleet, and changes nothing.
//
// Unverified: that the server tests the right before it looks for the device.
func (s *Source) Check(ctx context.Context) iter.Seq[mdm.Step] {
	return func(yield func(mdm.Step) bool) {
		c := &check{source: s, Steps: checking.Steps{All: steps, Yield: yield}}
		locations, err := c.locations(ctx)
		_ = c.Reach(err, c.source.client.info.Origin.Address+" answers") &&
			c.Product(err, "Jamf School", "Check the domain: the answer is not one of Jamf School.") && c.authenticate(err) &&
			c.permission(ctx, err) && c.surplus(ctx) &&
			c.tenant(locations) && c.sample(ctx, locations)
	}
}

// check is one run of Check. Each step returns whether to go on; a failed one
// ends the check after it has said which steps were skipped.
type check struct {
	checking.Steps
	source *Source
}

func (c *check) locations(ctx context.Context) ([]Location, error) {
	var all []Location
	for l, err := range c.source.client.Locations(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

func (c *check) authenticate(err error) bool {
	step := c.Step(mdm.StepAuthenticate)
	if err != nil && !errors.Is(err, mdm.ErrPermissionMissing) {
		return c.Fail(step, err, "", "")
	}
	return c.Pass(step, "accepted")
}

// permission tests the right that reading needs, on the endpoint that matters,
// with a filter that matches nothing.
func (c *check) permission(ctx context.Context, err error) bool {
	step := c.Step(mdm.StepPermission + string(mdm.AbilityList))
	if err != nil {
		return c.Fail(step, err, "", "")
	}
	for _, err := range c.source.client.Devices(ctx, &DevicesOptions{SerialNumber: "NOSUCHSERIAL"}) {
		if err != nil {
			return c.Fail(step, err, "", "")
		}
		break
	}
	return c.Pass(step, "the right "+rightRead+" is there")
}

// surplus says which further rights the key has. None is needed for reading.
func (c *check) surplus(ctx context.Context) bool {
	client := c.source.client
	var has, lacks []string
	for _, r := range []transport.Request{
		{Op: "check", Method: http.MethodPost, Path: "/devices/" + nobody + "/refresh"},
		{Op: "check", Method: http.MethodPut, Path: "/devices/" + nobody + "/owner", Body: map[string]int64{"user": 0}},
		{Op: "check", Method: http.MethodDelete, Path: "/devices/" + nobody},
	} {
		switch err := client.exchange(ctx, r, nil); {
		case errors.Is(err, mdm.ErrPermissionMissing):
			lacks = append(lacks, rights.Of(r.Method)...)
		case err == nil, errors.Is(err, mdm.ErrNotFound):
			has = append(has, rights.Of(r.Method)...)
		}
	}
	step := c.Step(mdm.StepPermission + string(mdm.AbilityCommand))
	step.Result = mdm.StepNote
	switch {
	case len(has) == 0:
		step.Reason = "it may only read, which is all that a sync needs; commands and writing the asset tag need more"
	default:
		step.Reason = "it has the right " + strings.Join(has, ", ") + ", more than reading needs"
		step.Advice = "If the connection only reads, take these rights from the key."
		for _, right := range has {
			if abilities := needs(right); abilities != "" {
				step.Advice += " " + right + " is for: " + abilities + "."
			}
		}
	}
	if len(lacks) > 0 && len(has) > 0 {
		step.Reason += "; it lacks " + strings.Join(lacks, ", ")
	}
	return c.Yield(step)
}

func (c *check) tenant(locations []Location) bool {
	step := c.Step(mdm.StepTenant)
	for _, id := range c.source.client.locations {
		if !slices.ContainsFunc(locations, func(l Location) bool { return l.ID == id }) {
			err := c.source.client.fail("check", mdm.ErrWrongTenant, fmt.Sprintf("there is no location %d", id))
			return c.Fail(step, err, "", "Compare the configured locations with those of the organisation.")
		}
	}
	name := "organisation"
	for _, l := range locations {
		if l.District {
			name = l.Name
		}
	}
	return c.Pass(step, fmt.Sprintf("%s, %d locations", name, len(locations)))
}

func (c *check) sample(ctx context.Context, locations []Location) bool {
	step := c.Step(mdm.StepSample)
	groups := 0
	for _, err := range c.source.client.DeviceGroups(ctx) {
		if err != nil {
			return c.Fail(step, err, "", "")
		}
		groups++
	}
	return c.Pass(step, fmt.Sprintf("%d locations and %d device groups can be seen", len(locations), groups))
}

// steps are the steps of the check, in order.
var steps = []mdm.Step{
	{Name: mdm.StepReach, Title: "The server can be reached"},
	{Name: mdm.StepProduct, Title: "It is Jamf School"},
	{Name: mdm.StepAuthenticate, Title: "Network ID and API key are accepted"},
	{Name: mdm.StepPermission + string(mdm.AbilityList), Title: "The API key may read devices"},
	{Name: mdm.StepPermission + string(mdm.AbilityCommand), Title: "Further rights of the API key"},
	{Name: mdm.StepTenant, Title: "It is the right organisation"},
	{Name: mdm.StepSample, Title: "Data can be read"},
}
