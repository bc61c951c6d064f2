package jamfpro

import (
	"context"
	"iter"

	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
)

// DeviceGroup is a group of computers or of mobile devices.
//
// Source: reference/jamfpro.md 2.4
type DeviceGroup struct {
	Kind        DeviceKind
	ID          string
	Name        string
	Description string
	Smart       bool // its members follow from rules
}

// ComputerGroups lists the groups of computers. An error is the last element.
//
//mdm:endpoint GET /api/v1/computer-groups
func (c *Client) ComputerGroups(ctx context.Context) iter.Seq2[DeviceGroup, error] {
	return whole(ctx, c, opComputerGroup, "/api/v1/computer-groups", func(w wire.DeviceGroup) DeviceGroup { return newDeviceGroup(Computer, w) })
}

// MobileDeviceGroups lists the groups of mobile devices. An error is the last
// element.
//
//mdm:endpoint GET /api/v2/mobile-device-groups
//mdm:endpoint GET /api/v1/mobile-device-groups
func (c *Client) MobileDeviceGroups(ctx context.Context) iter.Seq2[DeviceGroup, error] {
	read := func(path string) iter.Seq2[DeviceGroup, error] {
		return whole(ctx, c, opMobileGroup, path, func(w wire.DeviceGroup) DeviceGroup { return newDeviceGroup(MobileDevice, w) })
	}
	return either(read("/api/v2/mobile-device-groups"), read("/api/v1/mobile-device-groups"))
}

// MobileDeviceGroupMembers lists the members of a group of mobile devices, with
// little about each. An error is the last element.
//
//mdm:endpoint GET /api/v2/mobile-device-groups/smart-group-membership/{id}
//mdm:endpoint GET /api/v2/mobile-device-groups/static-group-membership/{id}
//mdm:endpoint GET /api/v1/mobile-device-groups/smart-group-membership/{id}
//mdm:endpoint GET /api/v1/mobile-device-groups/static-group-membership/{id}
func (c *Client) MobileDeviceGroupMembers(ctx context.Context, group DeviceGroup) iter.Seq2[*Device, error] {
	if err := c.checkID(opMembers, group.ID); err != nil {
		return func(yield func(*Device, error) bool) { yield(nil, err) }
	}
	kind := "/static-group-membership/"
	if group.Smart {
		kind = "/smart-group-membership/"
	}
	read := func(version string) iter.Seq2[*Device, error] {
		return paged(ctx, c, opMembers, "/api/"+version+"/mobile-device-groups"+kind+group.ID, "", pageSize, c.newMember)
	}
	return either(read("v2"), read("v1"))
}

func newDeviceGroup(kind DeviceKind, w wire.DeviceGroup) DeviceGroup {
	return DeviceGroup{Kind: kind, ID: clean(w.ID), Name: clean(w.Name), Description: clean(w.Description),
		Smart: w.SmartGroup.Yes || w.IsSmartGroup.Yes}
}
