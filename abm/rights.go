package abm

import (
	"strings"

	"github.com/mdmlink/mdmlink/internal/permissions"
	"github.com/mdmlink/mdmlink/mdm"
)

// Names of the operations, in errors and in the table of rights.
const (
	opDevices       = "devices"
	opDevice        = "device"
	opServers       = "servers"
	opServer        = "server"
	opServerDevices = "devices of a server"
	opAssigned      = "assigned server"
	opCoverage      = "coverage"
	opAssign        = "assign devices"
	opUnassign      = "unassign devices"
	opMigrate       = "migrate devices"
	opRelease       = "release devices"
	opActivity      = "activity"
	opActivityLog   = "activity log"
	opCreateServer  = "create server"
	opRenameServer  = "rename server"
	opCertificate   = "server certificate"
	opDeleteServer  = "delete server"
	opAudit         = "audit events"
	opUsers         = "users"
	opUser          = "user"
	opGroups        = "user groups"
	opGroup         = "user group"
	opGroupMembers  = "members of a user group"
	opUnitMembers   = "users of an organisational unit"
	opManaged       = "managed devices"
	opManagedDetail = "managed device"
)

// What a role has to allow, in words: the portal's names of single rights are
// not known. One role that allows the first four is Device API Manager.
const (
	readDevices   = "API account: read devices (role Device API Manager)"
	readServers   = "API account: read device management services (role Device API Manager)"
	assignDevices = "API account: assign devices (role Device API Manager)"
	editServers   = "API account: edit device management services"
	releaseRight  = "API account: release devices"
	readAudit     = "API account: read the audit log"
	readPeople    = "API account: read users and groups"
	readManaged   = "API account: read devices of Apple's device management"
)

// rights is what requests need in the role of the API account.
//
// Unverified: which role allows what; only that a role too small gives 403.
//
// Source: reference/apple.md 6.1
var rights = permissions.Table{
	permissions.Need(opDevices, mdm.AbilityList, "", readDevices),
	permissions.Need(opDevices, mdm.AbilityCheck, "", readDevices),
	permissions.Need(opDevices, mdm.AbilityHealth, "", readDevices),
	permissions.Need(opDevice, mdm.AbilityList, "", readDevices),
	permissions.Need(opCoverage, mdm.AbilityList, string(mdm.KeyWarrantyEnd), readDevices),
	permissions.Need(opServers, mdm.AbilityList, CustomServer, readServers),
	permissions.Need(opServerDevices, mdm.AbilityList, CustomServer, readServers),
	permissions.Need(opAssigned, mdm.AbilityList, CustomServer, readServers),
	permissions.Need(opServer, mdm.AbilityList, CustomServer, readServers),
	permissions.Need(opAssign, mdm.AbilityWrite, opAssign, assignDevices),
	permissions.Need(opUnassign, mdm.AbilityWrite, opUnassign, assignDevices),
	permissions.Need(opMigrate, mdm.AbilityWrite, opMigrate, assignDevices),
	permissions.Need(opRelease, mdm.AbilityWrite, opRelease, releaseRight),
	permissions.Need(opActivity, mdm.AbilityWrite, opAssign, assignDevices),
	permissions.Need(opCreateServer, mdm.AbilityWrite, opCreateServer, editServers),
	permissions.Need(opRenameServer, mdm.AbilityWrite, opRenameServer, editServers),
	permissions.Need(opCertificate, mdm.AbilityWrite, opCertificate, editServers),
	permissions.Need(opDeleteServer, mdm.AbilityWrite, opDeleteServer, editServers),
	permissions.Need(opAudit, "", "", readAudit),
	permissions.Need(opUsers, "", "", readPeople),
	permissions.Need(opUser, "", "", readPeople),
	permissions.Need(opGroups, "", "", readPeople),
	permissions.Need(opGroup, "", "", readPeople),
	permissions.Need(opGroupMembers, "", "", readPeople),
	permissions.Need(opUnitMembers, "", "", readPeople),
	permissions.Need(opManaged, "", "", readManaged),
	permissions.Need(opManagedDetail, "", "", readManaged),
}

// missingRight says what an operation needs.
func missingRight(op string) (detail, advice string) {
	names := rights.Of(op)
	if len(names) == 0 {
		return "", "Give the API account a role that allows this operation."
	}
	return "the role of the API account is too small, or Apple does not allow this operation here",
		"In the portal, give the API account a role that allows this. It needs: " + strings.Join(names, ", ") + "."
}
