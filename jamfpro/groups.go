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

// ComputerGroups lists the groups of computers. One that cannot be read comes as
// an error between the others; a failure of the list is the last element.
//
//mdm:endpoint GET /api/v1/computer-groups
func (c *Client) ComputerGroups(ctx context.Context) iter.Seq2[DeviceGroup, error] {
	return deviceGroups(Computer, opComputerGroup, "/api/v1/computer-groups").whole(ctx, c)
}

// MobileDeviceGroups lists the groups of mobile devices, like ComputerGroups.
//
//mdm:endpoint GET /api/v2/mobile-device-groups
//mdm:endpoint GET /api/v1/mobile-device-groups
func (c *Client) MobileDeviceGroups(ctx context.Context) iter.Seq2[DeviceGroup, error] {
	read := func(path string) iter.Seq2[DeviceGroup, error] {
		return deviceGroups(MobileDevice, opMobileGroup, path).whole(ctx, c)
	}
	return either(read("/api/v2/mobile-device-groups"), read("/api/v1/mobile-device-groups"))
}

func deviceGroups(kind DeviceKind, op, path string) table[wire.DeviceGroup, DeviceGroup] {
	return table[wire.DeviceGroup, DeviceGroup]{op: op, path: path, id: func(g DeviceGroup) string { return g.ID },
		convert: func(w wire.DeviceGroup) DeviceGroup { return newDeviceGroup(kind, w) }}
}

// MobileDeviceGroupMembers lists the members of a group of mobile devices, with
// little about each, in the server's own order: it is not known what they can be
// sorted by. Otherwise it is like ShortMobileDevices.
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
		return table[wire.Member, *Device]{op: opMembers, path: "/api/" + version + "/mobile-device-groups" + kind + group.ID, size: pageSize,
			convert: c.newMember, id: func(d *Device) string { return d.ID }}.paged(ctx, c)
	}
	return either(read("v2"), read("v1"))
}

func newDeviceGroup(kind DeviceKind, w wire.DeviceGroup) DeviceGroup {
	return DeviceGroup{Kind: kind, ID: clean(w.ID), Name: clean(w.Name), Description: clean(w.Description),
		Smart: w.SmartGroup.Yes || w.IsSmartGroup.Yes}
}
