package ade

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// Names of the operations, in errors and in the table of rights.
const (
	opSession     = "session"
	opAccount     = "account"
	opDevices     = "devices"
	opSync        = "changes of devices"
	opDevice      = "device"
	opReplacement = "replacement"
	opDefine      = "define profile"
	opReadProfile = "enrolment profile"
	opAssign      = "assign profile"
	opRemove      = "remove profile"
	opDisown      = "disown devices"
	opLock        = "lock activation"
	opDiscovery   = "service discovery"
	opBeta        = "beta programmes"
)

// right is what a request needs in the portal. A server token has no roles: it
// may do what its server entry may. The table is the one source of Settings.
type right struct {
	op      string
	ability mdm.Ability
	what    string // of the ability; "" = all of it
	name    string
}

const (
	linkRight    = "role that may link servers (Administrator, Site Manager or Device Enrolment Manager), for the download of the token"
	releaseRight = "server entry: allowed to release devices"
	seedRight    = "AppleSeed for IT turned on"
)

// rights is the table.
//
// Unverified: that a server entry that may not release devices refuses to
// disown them.
//
// Source: reference/apple.md 3, 5.3, 8.3
var rights = []right{
	{opDevices, mdm.AbilityList, "", linkRight},
	{opSync, mdm.AbilityList, "", linkRight},
	{opDevice, mdm.AbilityList, "", linkRight},
	{opDevice, mdm.AbilityBatch, "", linkRight},
	{opReplacement, mdm.AbilityList, string(mdm.KeyReplaces), linkRight},
	{opAccount, mdm.AbilityCheck, "", linkRight},
	{opAccount, mdm.AbilityHealth, "", linkRight},
	{opDefine, mdm.AbilityWrite, opDefine, linkRight},
	{opAssign, mdm.AbilityWrite, opAssign, linkRight},
	{opRemove, mdm.AbilityWrite, opRemove, linkRight},
	{opLock, mdm.AbilityWrite, opLock, linkRight},
	{opDiscovery, mdm.AbilityWrite, opDiscovery, linkRight},
	{opDisown, mdm.AbilityWrite, opDisown, releaseRight},
	{opBeta, "", "", seedRight},
}

// permissions is the table per ability.
func permissions() []mdm.Permission {
	var table []mdm.Permission
	for _, r := range rights {
		p := mdm.Permission{Ability: r.ability, For: r.what, Right: r.name}
		if r.ability != "" && !slices.Contains(table, p) {
			table = append(table, p)
		}
	}
	return table
}
