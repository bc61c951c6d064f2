package relution

import (
	"context"
	"iter"
	"strings"

	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// DeviceGroup is a group of devices. Groups of users are another thing.
//
// Source: reference/relution.md 2.3, 3
type DeviceGroup struct {
	UUID    string
	Name    string
	Type    string // "STATIC", "DYNAMIC", as reported
	Scope   string // "LOCAL", "META", "PUBLIC", as reported
	Devices int    // 0 = none, or not reported
}

// DeviceGroups lists the groups of devices.
//
// Source: reference/relution.md 2.3
//
//mdm:endpoint GET /api/management/v1/devices/groups
//mdm:endpoint GET /api/v1/devices/groups
//mdm:endpoint GET /relution/api/v1/devices/groups
func (c *Client) DeviceGroups(ctx context.Context) iter.Seq2[DeviceGroup, error] {
	return list(ctx, c, call{op: opDeviceGroups, endpoint: EndpointDeviceGroups}, Filter{}, newDeviceGroup)
}

// DeviceGroup reads one group of devices by its UUID.
//
// Source: reference/relution.md 2.3
//
//mdm:endpoint GET /api/management/v1/devices/groups/{uuid}
//mdm:endpoint GET /api/v1/devices/groups/{uuid}
//mdm:endpoint GET /relution/api/v1/devices/groups/{uuid}
func (c *Client) DeviceGroup(ctx context.Context, uuid string) (DeviceGroup, error) {
	return one(ctx, c, call{op: opDeviceGroups, endpoint: EndpointDeviceGroup, id: ids{uuid: strings.ToUpper(uuid)}}, newDeviceGroup)
}

func newDeviceGroup(w *wire.Named) (DeviceGroup, string) {
	return DeviceGroup{UUID: clean(w.UUID), Name: clean(w.Name), Type: clean(w.Type), Scope: clean(w.Scope),
		Devices: int(min(max(w.DeviceCount.N, 0), 1<<31))}, clean(w.UUID)
}

// Group is a group of users.
//
// Source: reference/relution.md 2.5
type Group struct {
	UUID        string
	Name        string
	Description string
	Type        string // "GROUP", "SYSTEM_GROUP", "SYSTEM_PERMISSION", as reported
	Subtype     string // "STUDENT", "TEACHER" and others, as reported
}

// Groups lists the groups of users.
//
// Source: reference/relution.md 2.5
//
//mdm:endpoint GET /api/management/v1/security/groups
//mdm:endpoint GET /api/v1/security/groups
//mdm:endpoint GET /relution/api/v1/security/groups
func (c *Client) Groups(ctx context.Context) iter.Seq2[Group, error] {
	return list(ctx, c, call{op: opGroups, endpoint: EndpointGroups}, Filter{}, newGroup)
}

// Group reads one group of users by its UUID.
//
// Source: reference/relution.md 2.5
//
//mdm:endpoint GET /api/management/v1/security/groups/{uuid}
//mdm:endpoint GET /api/v1/security/groups/{uuid}
//mdm:endpoint GET /relution/api/v1/security/groups/{uuid}
func (c *Client) Group(ctx context.Context, uuid string) (Group, error) {
	return one(ctx, c, call{op: opGroups, endpoint: EndpointGroup, id: ids{uuid: strings.ToUpper(uuid)}}, newGroup)
}

func newGroup(w *wire.Named) (Group, string) {
	return Group{UUID: clean(w.UUID), Name: clean(w.Name), Description: clean(w.Description), Type: clean(w.GroupType),
		Subtype: clean(w.Subtype)}, clean(w.UUID)
}

// Member is a member of a group of users: a user or a group.
type Member struct {
	UUID string
	Name string // login of a user
	Type string // "USER" or "GROUP", as reported
}

// GroupMembers lists the members of a group of users, not those of groups in
// it.
//
// Source: reference/relution.md 2.5
//
//mdm:endpoint GET /api/management/v1/security/groups/{uuid}/members
//mdm:endpoint GET /api/v1/security/groups/{uuid}/members
//mdm:endpoint GET /relution/api/v1/security/groups/{uuid}/members
func (c *Client) GroupMembers(ctx context.Context, uuid string) iter.Seq2[Member, error] {
	r := call{op: opMembers, endpoint: EndpointMembers, id: ids{uuid: strings.ToUpper(uuid)}}
	if !uuidForm.MatchString(uuid) {
		return notUUID[Member](c, r)
	}
	return list(ctx, c, r, Filter{}, func(w *wire.Named) (Member, string) {
		return Member{UUID: clean(w.UUID), Name: clean(w.Name), Type: clean(w.Type)}, clean(w.UUID)
	})
}
