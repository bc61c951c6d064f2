package ade

import (
	"github.com/mdmlink/mdmlink/internal/permissions"
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

const (
	linkRight    = "role that may link servers (Administrator, Site Manager or Device Enrolment Manager), for the download of the token"
	releaseRight = "server entry: allowed to release devices"
	seedRight    = "AppleSeed for IT turned on"
)

// rights is what requests need in the portal. A server token has no roles: it
// may do what its server entry may.
//
// Unverified: that a server entry that may not release devices refuses to
// disown them.
//
// Source: reference/apple.md 3, 5.3, 8.3
var rights = permissions.Table{
	permissions.Need(opDevices, mdm.AbilityList, "", linkRight),
	permissions.Need(opSync, mdm.AbilityList, "", linkRight),
	permissions.Need(opDevice, mdm.AbilityList, "", linkRight),
	permissions.Need(opDevice, mdm.AbilityBatch, "", linkRight),
	permissions.Need(opReplacement, mdm.AbilityList, string(mdm.KeyReplaces), linkRight),
	permissions.Need(opAccount, mdm.AbilityCheck, "", linkRight),
	permissions.Need(opAccount, mdm.AbilityHealth, "", linkRight),
	permissions.Need(opDefine, mdm.AbilityWrite, opDefine, linkRight),
	permissions.Need(opAssign, mdm.AbilityWrite, opAssign, linkRight),
	permissions.Need(opRemove, mdm.AbilityWrite, opRemove, linkRight),
	permissions.Need(opLock, mdm.AbilityWrite, opLock, linkRight),
	permissions.Need(opDiscovery, mdm.AbilityWrite, opDiscovery, linkRight),
	permissions.Need(opDisown, mdm.AbilityWrite, opDisown, releaseRight),
	permissions.Need(opBeta, "", "", seedRight),
}
