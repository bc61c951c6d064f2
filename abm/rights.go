package abm

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// right is what a request needs in the role of the API account. The table is
// the one source of Settings and of the advice in errors.
type right struct {
	op      string // of the request
	ability mdm.Ability
	what    string // of the ability; "" = all of it
	name    string // what the role has to allow
}

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

// rights is the table.
//
// Unverified: which role allows what; only that a role too small gives 403.
//
// Source: reference/apple.md 6.1
var rights = []right{
	{opDevices, mdm.AbilityList, "", readDevices},
	{opDevices, mdm.AbilityCheck, "", readDevices},
	{opDevices, mdm.AbilityHealth, "", readDevices},
	{opDevice, mdm.AbilityList, "", readDevices},
	{opCoverage, mdm.AbilityList, string(mdm.KeyWarrantyEnd), readDevices},
	{opServers, mdm.AbilityList, CustomServer, readServers},
	{opServerDevices, mdm.AbilityList, CustomServer, readServers},
	{opAssigned, mdm.AbilityList, CustomServer, readServers},
	{opServer, mdm.AbilityList, CustomServer, readServers},
	{opAssign, mdm.AbilityWrite, opAssign, assignDevices},
	{opUnassign, mdm.AbilityWrite, opUnassign, assignDevices},
	{opMigrate, mdm.AbilityWrite, opMigrate, assignDevices},
	{opRelease, mdm.AbilityWrite, opRelease, releaseRight},
	{opActivity, mdm.AbilityWrite, opAssign, assignDevices},
	{opCreateServer, mdm.AbilityWrite, opCreateServer, editServers},
	{opRenameServer, mdm.AbilityWrite, opRenameServer, editServers},
	{opCertificate, mdm.AbilityWrite, opCertificate, editServers},
	{opDeleteServer, mdm.AbilityWrite, opDeleteServer, editServers},
	{opAudit, "", "", readAudit},
	{opUsers, "", "", readPeople},
	{opUser, "", "", readPeople},
	{opGroups, "", "", readPeople},
	{opGroup, "", "", readPeople},
	{opGroupMembers, "", "", readPeople},
	{opUnitMembers, "", "", readPeople},
	{opManaged, "", "", readManaged},
	{opManagedDetail, "", "", readManaged},
}

// missingRight says what an operation needs.
func missingRight(op string) (detail, advice string) {
	i := slices.IndexFunc(rights, func(r right) bool { return r.op == op })
	if i < 0 {
		return "", "Give the API account a role that allows this operation."
	}
	return "the role of the API account is too small, or Apple does not allow this operation here",
		"In the portal, give the API account a role that allows this. It needs: " + rights[i].name + "."
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
