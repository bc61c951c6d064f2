package ade

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// DefineProfile publishes an enrolment profile, given as JSON, and returns the
// UUID that Apple gave it. It is what Registry.Publish wants as define. The
// profile is checked before anything is sent; see CheckProfile. Apple makes a
// new profile each time, which can be neither changed nor removed, and no
// device has it until it is assigned.
//
// Source: reference/apple.md 3, 4.6
//
//mdm:endpoint POST /profile
func (c *Client) DefineProfile(ctx context.Context, profile []byte) (uuid string, err error) {
	if err := CheckProfile(profile); err != nil {
		return "", c.located(opDefine, err)
	}
	var answer statuses
	if err := c.exchange(ctx, transport.Request{Op: opDefine, Method: http.MethodPost, Path: "/profile", Body: profile}, &answer); err != nil {
		return "", err
	}
	uuid = NormaliseUUID(clean(answer.UUID))
	if uuid == "" {
		return "", c.fail(opDefine, mdm.ErrOutcomeUnknown, "it was accepted, but the answer names no profile")
	}
	return uuid, nil
}

// Profile reads a published profile. One that is not there is mdm.ErrNotFound.
//
// Source: reference/apple.md 3, 4.6
//
//mdm:endpoint GET /profile
func (c *Client) Profile(ctx context.Context, uuid string) (*Profile, error) {
	if err := c.checkUUID(opReadProfile, uuid); err != nil {
		return nil, err
	}
	var answer json.RawMessage
	r := transport.Request{Op: opReadProfile, Path: "/profile", Query: url.Values{"profile_uuid": {NormaliseUUID(uuid)}}}
	if err := c.exchange(ctx, r, &answer); err != nil {
		return nil, err
	}
	p := &Profile{}
	if p.UnmarshalJSON(answer) != nil {
		return nil, c.fail(opReadProfile, mdm.ErrDecode, "the answer holds no profile")
	}
	return p, nil
}

// AssignProfile gives devices a published profile, in place of the one that
// they may have, in requests of 1000. A device uses it at its next set-up; see
// Device.ProfileStatus. Each device gets a result of its own. The error is that
// of a request that failed, after which none follows; the results tell how far
// it came.
//
// Source: reference/apple.md 3, 4.5
//
//mdm:endpoint POST /profile/devices
//mdm:endpoint PUT /profile/devices
func (c *Client) AssignProfile(ctx context.Context, uuid string, serials ...string) ([]Result, error) {
	if err := c.checkUUID(opAssign, uuid); err != nil {
		return nil, err
	}
	r := transport.Request{Op: opAssign, Method: http.MethodPost, Path: "/profile/devices"}
	members := map[string]any{"profile_uuid": NormaliseUUID(uuid)}
	results, err := c.inBatches(ctx, r, members, serials)
	if e, ok := errors.AsType[*mdm.Error](err); ok && e.Status == http.StatusMethodNotAllowed { // earlier versions, and Apple's simulator
		r.Method = http.MethodPut
		return c.inBatches(ctx, r, members, serials)
	}
	return results, err
}

// RemoveProfile takes the profile from devices, whichever it is, as
// AssignProfile gives one. A device that is enrolled stays so; without a
// profile it does not enrol by itself at its next set-up.
//
// Source: reference/apple.md 3, 4.5
//
//mdm:endpoint DELETE /profile/devices
func (c *Client) RemoveProfile(ctx context.Context, serials ...string) ([]Result, error) {
	return c.inBatches(ctx, transport.Request{Op: opRemove, Method: http.MethodDelete, Path: "/profile/devices"}, nil, serials)
}

func (c *Client) checkUUID(op, uuid string) error {
	if strings.TrimSpace(uuid) == "" || !isUUID(strings.TrimSpace(uuid)) {
		return c.fail(op, mdm.ErrInvalid, "no profile is named; give the UUID of a published profile")
	}
	return nil
}
