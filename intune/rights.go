package intune

import (
	"slices"

	"github.com/mdmlink/mdmlink/internal/permissions"
	"github.com/mdmlink/mdmlink/mdm"
)

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

// rights is what requests need as application permissions.
//
// Source: reference/intune.md 1.6, 2, 5.1
//
// Unverified: that reading devices is not enough for export jobs, and what
// reading the state of an approval needs.
var rights = slices.Concat(permissions.Table{
	permissions.Need(opDevices, mdm.AbilityList, "", readDevices),
	permissions.Need(opDevice, mdm.AbilityList, "", readDevices),
	permissions.Need(opDevice, mdm.AbilityBatch, "", readDevices),
	permissions.Need(opDevice, mdm.AbilityCommand, "", readDevices), // a command reads its device first
	permissions.Need(opOverview, mdm.AbilityList, "", readDevices),
	permissions.Need(opAccount, mdm.AbilityCheck, "", readDevices),
	permissions.Need(opOrganization, mdm.AbilityCheck, "name of the tenant", readService),
	permissions.Need(opApps, mdm.AbilitySoftware, "", readDevices),
	permissions.Need(opDeviceApps, mdm.AbilitySoftware, "", readDevices),
	permissions.Need(opExport, mdm.AbilityList, "report", writeDevices),
	permissions.Need(opExport, mdm.AbilitySoftware, "fleet", writeDevices),
	permissions.Need(opCategories, "", "", readDevices),
	permissions.Need(opPrimaryUser, "", "", readDevices),
	permissions.Need(opUser, "", "", readUsers),
	permissions.Need(opGroups, "", "", readEntra),
	permissions.Need(opGroups, "", "names", readGroups),
	permissions.Need(opAutopilot, "", "", readService),
	permissions.Need(opAppleTokens, mdm.AbilityHealth, "Apple enrolment tokens", readService),
	permissions.Need(opAppleDevices, "", "", readService),
	permissions.Need(opAppleSync, "", "", writeService),
	permissions.Need(opPush, mdm.AbilityHealth, "Apple push certificate", readDevices),
	permissions.Need(opApproval, "", "", readConfig),
	permissions.Need(opLocate, "", "", privileged),
	permissions.Need(opUpdate, mdm.AbilityWrite, "", writeDevices),
	permissions.Need(opSetCategory, mdm.AbilityWrite, "", writeDevices),
}, commandRights())

func commandRights() permissions.Table {
	var all permissions.Table
	for _, c := range commands {
		all = append(all, permissions.Need(c.Name(), mdm.AbilityCommand, c.Name(), privileged))
	}
	return all
}
