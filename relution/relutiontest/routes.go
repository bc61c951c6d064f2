package relutiontest

// The releases at which something came or went, as far as they are known.
var (
	light = [2]int{5, 0}  // the light list of devices
	posts = [2]int{5, 34} // lists with a query in the body
)

// with adds parameters to those of every list.
func with(names ...string) []string { return append(names, listParameters...) }

// routes has literal paths in front of those that would swallow them.
var routes = []route{
	{method: "POST", path: "v2/devices/baseInfo/query", since: posts, serve: (*call).queryBase},
	{method: "GET", path: "v2/devices/baseInfo/query", since: posts, query: with("group"), serve: (*call).queryBase},
	{method: "GET", path: "v1/devices/baseInfo", since: light, query: with("group"), serve: (*call).queryBase},
	{method: "GET", path: "v1/devices", query: with(), serve: (*call).listFull},
	{method: "GET", path: "v1/devices/devicesWithAllData", since: light, query: with(), serve: (*call).listFull},
	{method: "GET", path: "v1/devices/actions", right: "READ_DEVICE_ACTIONS", query: with("getPings", "hidden", "locale"), serve: (*call).listActions},
	{method: "GET", path: "v1/devices/autoEnrollments", right: "READ_AUTO_ENROLLMENTS", query: with(), serve: (*call).listEnrolments},
	{method: "GET", path: "v1/devices/autoEnrollments/{uuid}", right: "READ_AUTO_ENROLLMENTS", serve: (*call).showEnrolment},
	{method: "GET", path: "v1/devices/deps/accounts", right: "READ_DEP_ACCOUNTS", query: with(), serve: (*call).listDEPAccounts},
	{method: "GET", path: "v1/devices/deps/accounts/{uuid}", right: "READ_DEP_ACCOUNTS", serve: (*call).showDEPAccount},
	{method: "GET", path: "v1/devices/groups", since: light, right: "READ_DEVICE_GROUPS", query: with(), serve: (*call).listDeviceGroups},
	{method: "GET", path: "v1/devices/groups/baseInfo", since: posts, right: "READ_DEVICE_GROUPS", query: with(), serve: (*call).listDeviceGroups},
	{method: "POST", path: "v2/devices/groups/baseInfo/query", since: posts, right: "READ_DEVICE_GROUPS", serve: (*call).listDeviceGroups},
	{method: "GET", path: "v1/devices/groups/{uuid}", since: light, right: "READ_DEVICE_GROUPS", serve: (*call).showDeviceGroup},
	{method: "DELETE", path: "v1/devices/active", right: "UPDATE_DEVICES", serve: (*call).deleteDevices},
	{method: "GET", path: "v1/devices/{uuid}", right: "READ_DEVICE_DETAILS", serve: (*call).showDevice},
	{method: "DELETE", path: "v1/devices/{uuid}", right: "UPDATE_DEVICES", query: []string{"keepApp"}, serve: (*call).deleteDevice},
	{method: "GET", path: "v1/devices/{uuid}/actions", right: "READ_DEVICE_ACTIONS", query: with("getPings", "hidden", "locale"), serve: (*call).listActions},
	{method: "POST", path: "v1/devices/{uuid}/actions", right: "UPDATE_DEVICE_ACTIONS", serve: (*call).createAction},
	{method: "GET", path: "v1/devices/{uuid}/actions/{action}", right: "READ_DEVICE_ACTIONS", serve: (*call).showAction},
	{method: "DELETE", path: "v1/devices/{uuid}/actions/{action}", right: "UPDATE_DEVICE_ACTIONS", serve: (*call).cancelAction},
	{method: "POST", path: "v1/bulk/actions", right: "UPDATE_DEVICE_ACTIONS", serve: (*call).bulkActions},
	{method: "GET", path: "v1/devices/{uuid}/installedApps", right: "READ_INSTALLED_APPS", query: with("locale"), serve: (*call).listAppsV1},
	{method: "POST", path: "v2/devices/{uuid}/installedApps/baseInfo/query", since: posts, right: "READ_INSTALLED_APPS", serve: (*call).listAppsV2},
	{method: "PUT", path: "v2/devices/{uuid}/user", since: posts, right: "CHANGE_DEVICE_USER", serve: (*call).setUser},
	{method: "POST", path: "v1/security/users/baseInfo/query", since: posts, right: "READ_USERS", serve: (*call).queryUsers},
	{method: "GET", path: "v1/security/users", right: "READ_USERS", query: with(), serve: (*call).listUsers},
	{method: "GET", path: "v1/security/users/{uuid}", right: "READ_USERS", serve: (*call).showUser},
	{method: "GET", path: "v1/security/users/{uuid}/groups", right: "READ_USERS", query: with(), serve: (*call).groupsOfUser},
	{method: "PUT", path: "v1/security/users/{uuid}/groups", right: "UPDATE_USERS", serve: (*call).setGroupsOfUser},
	{method: "GET", path: "v1/security/users/{uuid}/accessTokens", right: "READ_ACCESS_TOKENS", query: with(), serve: (*call).listTokens},
	{method: "GET", path: "v1/security/groups", right: "READ_GROUPS", query: with(), serve: (*call).listGroups},
	{method: "GET", path: "v1/security/groups/{uuid}", right: "READ_GROUPS", serve: (*call).showGroup},
	{method: "GET", path: "v1/security/groups/{uuid}/members", right: "READ_GROUPS", query: with("recursive"), serve: (*call).listMembers},
	{method: "GET", path: "v1/security/organizations", query: with(), serve: (*call).listOrganisations},
	{method: "GET", path: "v1/security/tenantOrganizations", global: true, query: with(), serve: (*call).tenantOrganisations},
	{method: "GET", path: "v1/security/currentAuthorization/user", global: true, serve: (*call).currentUser},
	{method: "GET", path: "v1/security/currentAuthorization", global: true, serve: (*call).currentAuthorization},
	{method: "GET", path: "v1/system/settings/{type}", right: "READ_DEVICE_CUSTOM_FIELDS_SETTINGS", serve: (*call).settings},
}
