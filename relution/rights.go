package relution

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// right is what a request needs of the user of the access token. The table is
// the one source of Settings, of the advice in errors and of Check.
type right struct {
	op      string // of the request
	ability mdm.Ability
	what    string   // of the ability, such as a command's name; "" = all of it
	names   []string // permissions, as the server calls them
}

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

// rights is the table. The names of the permissions are the server's; which
// request needs which is a reading of them.
//
// Source: reference/relution.md 1.2
var rights = slices.Concat([]right{
	{opDevices, mdm.AbilityList, "", []string{readDevices}},
	{opDevice, mdm.AbilityList, "single devices", []string{readDevices, readDetails}},
	{opDevices, mdm.AbilityCheck, "", []string{readDevices}},
	{opApps, mdm.AbilitySoftware, "", []string{readDevices, readApps, "READ_MANAGED_INSTALLED_APPS"}},
	{opDEPAccounts, mdm.AbilityHealth, "", []string{readDEP}},
	{opDeviceGroups, "", "", []string{"READ_DEVICE_GROUPS"}},
	{opAutoEnrolments, "", "", []string{"READ_AUTO_ENROLLMENTS"}},
	{opUsers, "", "", []string{"READ_USERS"}},
	{opGroups, "", "", []string{"READ_GROUPS"}},
	{opMembers, "", "", []string{"READ_GROUPS", "READ_USERS"}},
	{opTokens, "", "", []string{"READ_ACCESS_TOKENS"}},
	{opActions, "", "", []string{readActions}},
	{opCancel, "", "", []string{sendActions}},
}, commandRights())

// commandRights are the permissions of commands.
func commandRights() []right {
	var all []right
	for _, c := range commands {
		all = append(all, right{c.Name(), mdm.AbilityCommand, c.Name(), []string{readDetails, readActions, sendActions, "DEVICE_ACTION_" + actionTypes[c.Name()]}})
	}
	return all
}

// rightsOf returns the permissions that an operation needs.
func rightsOf(op string) []string {
	for _, r := range rights {
		if r.op == op {
			return r.names
		}
	}
	return nil
}

// permissions is the table per ability.
func permissions() []mdm.Permission {
	var table []mdm.Permission
	for _, r := range rights {
		for _, name := range r.names {
			p := mdm.Permission{Ability: r.ability, For: r.what, Right: name}
			if r.ability != "" && !slices.Contains(table, p) {
				table = append(table, p)
			}
		}
	}
	return table
}
