package ade

import (
	"context"
	"errors"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// AssignProfiles brings the devices of a server in line with what
// SetDeviceProfile noted: each gets the profile as it was published last. A
// device that has it already is left alone. Devices that nothing was noted for
// stay as they are. Each device that was noted gets a result, also one that is
// not assigned to the server, and one that was not come to after a request had
// failed: that one is to be tried again. The error is that of the request, or
// Is ErrOtherServer if the client is one of another server.
func (r *Registry) AssignProfiles(ctx context.Context, server string, c *Client) ([]Result, error) {
	s, err := r.Server(ctx, server)
	if err != nil {
		return nil, err
	}
	if s.Identity.ServerUUID != "" && s.Identity.ServerUUID != c.server {
		return nil, c.located(opAssign, fail(opAssign, ErrOtherServer, "the client is one of another server"))
	}
	wanted, err := r.published(ctx, server)
	if err != nil {
		return nil, err
	}
	var all []Result
	for _, group := range wanted {
		if err != nil {
			all = append(all, untried(group.serials, nil, err)...)
			continue
		}
		var results []Result
		results, err = c.bring(ctx, group)
		all = append(all, results...)
	}
	return all, err
}

// untried are the results of the devices that have none, after a request
// failed.
func untried(serials []string, done []Result, err error) []Result {
	var all []Result
	for _, serial := range serials {
		if !slices.ContainsFunc(done, func(r Result) bool { return r.Serial == serial }) {
			all = append(all, Result{Serial: serial, Err: err, Retry: true})
		}
	}
	return all
}

// assignment is a published profile and the devices that are to have it.
type assignment struct {
	uuid    string
	serials []string
}

// published returns what is noted for the devices of a server, in the order of
// their serial numbers.
func (r *Registry) published(ctx context.Context, server string) ([]*assignment, error) {
	noted, err := r.DeviceProfiles(ctx, server)
	if err != nil {
		return nil, err
	}
	var all []*assignment
	byProfile := map[string]*assignment{}
	for _, d := range noted {
		a := byProfile[d.Profile]
		if a == nil {
			p, err := r.Profile(ctx, d.Profile)
			if err != nil {
				return nil, err
			}
			if p.Published == nil {
				return nil, fail(opAssign, ErrNotPublished, "")
			}
			a = &assignment{uuid: p.Published.UUID}
			byProfile[d.Profile] = a
			all = append(all, a)
		}
		a.serials = append(a.serials, d.Serial)
	}
	return all, nil
}

// bring assigns a profile to the devices that do not have it.
func (c *Client) bring(ctx context.Context, a *assignment) ([]Result, error) {
	var done []Result
	var missing []string
	for batch := range slices.Chunk(a.serials, batchSize) {
		found, err := c.details(ctx, batch)
		if err != nil {
			return append(done, untried(a.serials, done, err)...), err
		}
		for _, serial := range batch {
			d, err := c.detailed(found, serial)
			switch {
			case err != nil:
				done = append(done, Result{Serial: serial, Err: err, Retry: !errors.Is(err, mdm.ErrNotFound)})
			case d.ProfileUUID == a.uuid && (d.ProfileStatus == ProfileAssigned || d.ProfileStatus == ProfilePushed):
				done = append(done, Result{Serial: serial, Status: statusSuccess})
			default:
				missing = append(missing, serial)
			}
		}
	}
	if len(missing) == 0 {
		return done, nil
	}
	results, err := c.AssignProfile(ctx, a.uuid, missing...)
	return append(done, results...), err
}
