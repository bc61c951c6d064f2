package inventory

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/ident"
)

// Triangle compares who owns a device, who manages it, and whether the
// inventory has it. Each list holds a device once, by serial number.
type Triangle struct {
	NotEnrolled []Corner // bought, and managed by no system
	NotOwned    []Corner // managed, and not among what was bought
	Only        []Corner // in the inventory, and in neither
}

// Corner is one device of a Triangle. It holds personal data.
type Corner struct {
	Serial     string
	Connection string // of the entry; "" for an asset alone
	Device     string // of the entry; "" for an asset alone
	Asset      string // id of the asset; "" = none is linked
	Name       string
}

// NewTriangle compares the entries of a scope with its assets. role says what
// being listed by a connection means: mdm.RoleOwns for a purchase programme,
// mdm.RoleManages for an MDM. Devices without a good serial number cannot be
// compared and are left out, and so are missing ones, released ones and archived
// assets. It is pure.
func NewTriangle(role func(connection string) mdm.Role, assets []Asset, entries []Entry) (Triangle, error) {
	owned, managed, linked := map[string]Corner{}, map[string]Corner{}, map[string]bool{}
	for _, e := range entries {
		data, err := decodeEntry(e)
		if err != nil {
			return Triangle{}, err
		}
		if !data.Missed.IsZero() || e.State == EntryAlias {
			continue
		}
		linked[e.Asset] = true
		corner := Corner{Serial: e.Serial, Connection: e.Connection, Device: e.Device, Asset: e.Asset, Name: e.Name}
		switch {
		case e.Serial == "":
		case role(e.Connection) == mdm.RoleOwns && data.Stage != StageReleased:
			owned[e.Serial] = corner
		case role(e.Connection) == mdm.RoleManages && data.Stage != StagePending:
			managed[e.Serial] = corner
		}
	}
	return Triangle{NotEnrolled: missingIn(owned, managed), NotOwned: missingIn(managed, owned),
		Only: alone(assets, linked, owned, managed)}, nil
}

// alone are the assets that neither side knows.
func alone(assets []Asset, linked map[string]bool, sides ...map[string]Corner) []Corner {
	var found []Corner
	for _, a := range assets {
		id := ident.Default().Serial(a.Identifiers.Serial, ident.Hints{})
		known := slices.ContainsFunc(sides, func(side map[string]Corner) bool { _, ok := side[id.Key]; return ok })
		if !a.Archived && !linked[a.ID] && id.Quality == ident.Strong && !known {
			found = append(found, Corner{Serial: id.Key, Asset: a.ID, Name: a.Identifiers.Name})
		}
	}
	slices.SortFunc(found, compareCorners)
	return found
}

// missingIn returns what one side has and the other has not, sorted.
func missingIn(side, other map[string]Corner) []Corner {
	var found []Corner
	for serial, corner := range side {
		if _, ok := other[serial]; !ok {
			found = append(found, corner)
		}
	}
	slices.SortFunc(found, compareCorners)
	return found
}

func compareCorners(a, b Corner) int {
	switch {
	case a.Serial != b.Serial && a.Serial < b.Serial, a.Serial == b.Serial && a.Asset < b.Asset:
		return -1
	case a == b:
		return 0
	}
	return 1
}
