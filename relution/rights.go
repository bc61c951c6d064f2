package relution

import (
	"slices"

	"github.com/mdmlink/mdmlink/internal/permissions"
	"github.com/mdmlink/mdmlink/mdm"
)

// Names of the operations. A command's operation is called like the command.
const (
	opDevices        = "devices"
	opDevice         = "device"
	opApps           = "installed apps"
	opDeviceGroups   = "device groups"
	opAutoEnrolments = "auto-enrolments"
	opDEPAccounts    = "DEP accounts"
	opUsers          = "users"
	opGroups         = "groups"
	opMembers        = "group members"
	opTokens         = "access tokens"
	opTenants        = "tenants"
	opCurrentUser    = "current user"
	opActions        = "actions"
	opCancel         = "cancel action"
)

const (
	readDevices = "READ_DEVICES"
	readDetails = "READ_DEVICE_DETAILS"
	readApps    = "READ_INSTALLED_APPS"
	readDEP     = "READ_DEP_ACCOUNTS"
	readActions = "READ_DEVICE_ACTIONS"
	sendActions = "UPDATE_DEVICE_ACTIONS"
)

// rights is what requests need of the user of the access token. The names of
// the permissions are the server's; which request needs which is a reading of
// them.
//
// Source: reference/relution.md 1.2
var rights = slices.Concat(permissions.Table{
	permissions.Need(opDevices, mdm.AbilityList, "", readDevices),
	permissions.Need(opDevice, mdm.AbilityList, "single devices", readDevices, readDetails),
	permissions.Need(opDevices, mdm.AbilityCheck, "", readDevices),
	permissions.Need(opApps, mdm.AbilitySoftware, "", readDevices, readApps, "READ_MANAGED_INSTALLED_APPS"),
	permissions.Need(opDEPAccounts, mdm.AbilityHealth, "", readDEP),
	permissions.Need(opDeviceGroups, "", "", "READ_DEVICE_GROUPS"),
	permissions.Need(opAutoEnrolments, "", "", "READ_AUTO_ENROLLMENTS"),
	permissions.Need(opUsers, "", "", "READ_USERS"),
	permissions.Need(opGroups, "", "", "READ_GROUPS"),
	permissions.Need(opMembers, "", "", "READ_GROUPS", "READ_USERS"),
	permissions.Need(opTokens, "", "", "READ_ACCESS_TOKENS"),
	permissions.Need(opActions, "", "", readActions),
	permissions.Need(opCancel, "", "", sendActions),
}, commandRights())

// commandRights are the permissions of commands.
func commandRights() permissions.Table {
	var all permissions.Table
	for _, c := range commands {
		all = append(all, permissions.Need(c.Name(), mdm.AbilityCommand, c.Name(), readDetails, readActions, sendActions, "DEVICE_ACTION_"+actionTypes[c.Name()]))
	}
	return all
}
