package intune

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// right is what a request needs as application permission. The table is the
// one source of Settings, of the advice in errors and of Check.
type right struct {
	op      string // of the request
	ability mdm.Ability
	what    string // of the ability, such as a command's name; "" = all of it
	name    string // permission, as the Entra admin center calls it
}

// Names of the operations that need rights. A command's operation has the name
// of the command.
const (
	opDevices      = "devices"
	opDevice       = "device"
	opOverview     = "device overview"
	opAccount      = "account"
	opOrganization = "organization"
	opApps         = "detected apps"
	opDeviceApps   = "device apps"
	opCategories   = "device categories"
	opUser         = "user"
	opPrimaryUser  = "primary user"
	opAutopilot    = "autopilot devices"
	opAppleTokens  = "apple tokens"
	opAppleDevices = "apple devices"
	opAppleSync    = "apple sync"
	opPush         = "push certificate"
	opExport       = "export"
	opApproval     = "approval"
	opUpdate       = "set device"
	opSetCategory  = "set category"
	opGroups       = "groups"
)

// The permissions that are needed, and no others.
//
// Source: reference/intune.md 1.6
const (
	readDevices  = "DeviceManagementManagedDevices.Read.All"
	writeDevices = "DeviceManagementManagedDevices.ReadWrite.All"
	privileged   = "DeviceManagementManagedDevices.PrivilegedOperations.All"
	readService  = "DeviceManagementServiceConfig.Read.All"
	writeService = "DeviceManagementServiceConfig.ReadWrite.All"
	readUsers    = "User.ReadBasic.All"
	readConfig   = "DeviceManagementConfiguration.Read.All"
	readEntra    = "Device.Read.All"
	readGroups   = "GroupMember.Read.All"
)

// rights is the table.
//
// Source: reference/intune.md 1.6, 2, 5.1
//
// Unverified: that reading devices is not enough for export jobs, and what
// reading the state of an approval needs.
var rights = slices.Concat([]right{
	{opDevices, mdm.AbilityList, "", readDevices},
	{opDevice, mdm.AbilityList, "", readDevices},
	{opDevice, mdm.AbilityBatch, "", readDevices},
	{opDevice, mdm.AbilityCommand, "", readDevices}, // a command reads its device first
	{opOverview, mdm.AbilityList, "", readDevices},
	{opAccount, mdm.AbilityCheck, "", readDevices},
	{opOrganization, mdm.AbilityCheck, "name of the tenant", readService},
	{opApps, mdm.AbilitySoftware, "", readDevices},
	{opDeviceApps, mdm.AbilitySoftware, "", readDevices},
	{opExport, mdm.AbilityList, "report", writeDevices},
	{opExport, mdm.AbilitySoftware, "fleet", writeDevices},
	{opCategories, "", "", readDevices},
	{opPrimaryUser, "", "", readDevices},
	{opUser, "", "", readUsers},
	{opGroups, "", "", readEntra},
	{opGroups, "", "names", readGroups},
	{opAutopilot, "", "", readService},
	{opAppleTokens, mdm.AbilityHealth, "Apple enrolment tokens", readService},
	{opAppleDevices, "", "", readService},
	{opAppleSync, "", "", writeService},
	{opPush, mdm.AbilityHealth, "Apple push certificate", readDevices},
	{opApproval, "", "", readConfig},
	{opLocate, "", "", privileged},
	{opUpdate, mdm.AbilityWrite, "", writeDevices},
	{opSetCategory, mdm.AbilityWrite, "", writeDevices},
}, commandRights())

func commandRights() []right {
	var all []right
	for _, c := range commands {
		all = append(all, right{c.Name(), mdm.AbilityCommand, c.Name(), privileged})
	}
	return all
}

// rightsOf returns the permissions that an operation needs.
func rightsOf(op string) []string {
	var names []string
	for _, r := range rights {
		if (r.op == op || strings.HasPrefix(op, r.op+" ")) && !slices.Contains(names, r.name) {
			names = append(names, r.name)
		}
	}
	return names
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
