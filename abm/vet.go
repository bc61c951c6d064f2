package abm

import (
	"context"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// onlyBusiness refuses what Apple School Manager does not have.
//
// Source: reference/apple.md 7.1
func (c *Client) onlyBusiness(op string) error {
	if c.scope == ScopeBusiness {
		return nil
	}
	return c.fail(op, mdm.ErrUnsupported, "Apple School Manager does not have this; nothing was sent")
}

// permitted refuses what cannot be undone unless the host permits it.
func (c *Client) permitted(op string) error {
	if c.destructive {
		return nil
	}
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: mdm.ErrUnsupported,
		Detail: "this cannot be undone and is not permitted here; nothing was sent",
		Advice: "Set Config.AllowDestructive if it is wanted."}
}

// mayRelease refuses to release devices that are assigned to a server entry
// that may not release them. It reads the entries, and of each that may not
// the devices.
//
// Source: reference/apple.md 8.3
func (c *Client) mayRelease(ctx context.Context, ids []string) error {
	for s, err := range c.Servers(ctx) {
		if err != nil {
			return err
		}
		if s.MayRelease != mdm.No || s.HasDevices && s.Devices == 0 {
			continue
		}
		for id, err := range c.ServerDevices(ctx, s.ID) {
			if err != nil {
				return err
			}
			if slices.Contains(ids, id) {
				return &mdm.Error{Op: opRelease, Origin: c.info.Origin, Kind: mdm.ErrPermissionMissing,
					Detail: "a device is assigned to a server entry that may not release devices; nothing was sent",
					Advice: "In the portal, allow that entry to release devices, or assign the devices to another one first."}
			}
		}
	}
	return nil
}

// unused refuses to delete a server entry that has devices: Apple would refuse
// it too.
//
// Source: reference/apple.md 7.2
func (c *Client) unused(ctx context.Context, id string) error {
	for _, err := range c.ServerDevices(ctx, id) {
		if err != nil {
			return err
		}
		return &mdm.Error{Op: opDeleteServer, Origin: c.info.Origin, Kind: mdm.ErrConflict,
			Detail: "devices are assigned to the server entry; nothing was sent",
			Advice: "Assign the devices to another server, or unassign them, and then delete the entry."}
	}
	return nil
}
