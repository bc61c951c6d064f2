package jamfschool

import (
	"context"
	"iter"
	"net/http"
	"slices"

	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// DeviceGroup is a group of devices. Its members are listed with
// DevicesOptions.Groups.
//
// Source: reference/jamfschool.md 2.3
type DeviceGroup struct {
	ID          int64
	LocationID  int64
	Name        string // not unique between locations
	Description string
	Members     int64  // number of devices
	Type        string // "normal", "class" and others, as reported
	Shared      bool   // seen by other locations too
	Smart       bool   // its members follow from rules and cannot be set
}

// DeviceGroups lists the groups of devices. An error is the last element.
//
//mdm:endpoint GET /devices/groups
func (c *Client) DeviceGroups(ctx context.Context) iter.Seq2[DeviceGroup, error] {
	// The vendor's own text spells the second name.
	return list(ctx, c, "device groups", "/devices/groups", nil, newDeviceGroup, "deviceGroups", "DeviceGroups")
}

// DeviceGroup reads one group.
//
//mdm:endpoint GET /devices/groups/{id}
func (c *Client) DeviceGroup(ctx context.Context, id int64) (DeviceGroup, error) {
	return one(ctx, c, "device group", "/devices/groups/"+formatID(id), newDeviceGroup, "deviceGroup")
}

func newDeviceGroup(w wire.DeviceGroup) DeviceGroup {
	return DeviceGroup{ID: w.ID.N, LocationID: w.LocationID.N, Name: clean(w.Name), Description: clean(w.Description),
		Members: w.Members.N, Type: clean(w.Type), Shared: w.Shared.Yes, Smart: w.Smart.Yes}
}

// groupBatch is how many devices one request adds to a group or removes from
// it. The server documents no limit.
const groupBatch = 50

// AddToGroup adds devices to a group, in batches, and returns how many the
// server says it added. The members of a smart group cannot be set:
// mdm.ErrUnsupported. On an error, the batches before it are done.
//
//mdm:endpoint POST /devices/groups/add
func (c *Client) AddToGroup(ctx context.Context, group DeviceGroup, udids []string) (int64, error) {
	return c.regroup(ctx, "add to group", "/devices/groups/add", group, udids)
}

// RemoveFromGroup removes devices from a group, like AddToGroup.
//
//mdm:endpoint POST /devices/groups/remove
func (c *Client) RemoveFromGroup(ctx context.Context, group DeviceGroup, udids []string) (int64, error) {
	return c.regroup(ctx, "remove from group", "/devices/groups/remove", group, udids)
}

func (c *Client) regroup(ctx context.Context, op, path string, group DeviceGroup, udids []string) (int64, error) {
	if group.Smart {
		return 0, c.fail(op, mdm.ErrUnsupported, "the members of a smart group follow from its rules")
	}
	if err := c.checkUDIDs(op, udids); err != nil {
		return 0, err
	}
	var changed int64
	for batch := range slices.Chunk(udids, groupBatch) {
		var answer wire.Answer
		body := map[string]any{"groupId": group.ID, "udids": batch}
		if err := c.exchange(ctx, transport.Request{Op: op, Method: http.MethodPost, Path: path, Body: body}, &answer); err != nil {
			return changed, err
		}
		changed += answer.DevicesAdded.N + answer.DevicesRemoved.N
	}
	return changed, nil
}

func (c *Client) checkUDIDs(op string, udids []string) error {
	if i := slices.IndexFunc(udids, func(u string) bool { return !isUDID(u) }); i >= 0 {
		return c.fail(op, mdm.ErrInvalid, "not a UDID")
	}
	return nil
}
