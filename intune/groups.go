package intune

import (
	"context"
	"iter"
	"strings"

	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// Group is a group of the directory that a device is in.
type Group struct {
	ID   string
	Name string // "" = the application may not read names
}

// Groups lists the groups of the directory that a device is in itself.
// directoryID is Device.DirectoryID, which is not the id that the directory
// gives to the device's object: the latter finds nothing. A device that the
// directory does not know is mdm.ErrNotFound. Without the permission for
// groups their names are "".
//
// Source: reference/intune.md 1.6, 2
//
// Unverified: that names are left out without the permission for groups.
//
//mdm:endpoint GET /v1.0/devices(deviceId='{id}')/memberOf
func (c *Client) Groups(ctx context.Context, directoryID string) iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		if !guidForm.MatchString(directoryID) || lower(directoryID) == zeroGUID {
			yield(Group{}, c.fail(opGroups, mdm.ErrNotFound, "the device is not in the directory"))
			return
		}
		path := v1 + "/devices(deviceId='" + lower(directoryID) + "')/memberOf"
		for m, err := range paged(ctx, c, opGroups, path, nil, nil, func(w wire.Member) wire.Member { return w }) {
			if err != nil {
				yield(Group{}, err)
				return
			}
			if isGroup(m) && !yield(Group{ID: reference(m.ID), Name: clean(m.Name)}, nil) {
				return
			}
		}
	}
}

// isGroup tells groups from what else a device may be a member of, such as
// administrative units.
func isGroup(m wire.Member) bool {
	kind := clean(m.Type)
	return kind == "" || strings.EqualFold(kind, "#microsoft.graph.group")
}
