package relution

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Endpoint names an address of the API, for Config.Paths.
type Endpoint string

// The endpoints. What stands in braces in a path is filled in: {prefix}, the
// generation; {uuid}, the device, user or group; {action}, an action of it.
const (
	EndpointDevicesQuery    Endpoint = "devices query"
	EndpointDevicesBaseInfo Endpoint = "devices base info"
	EndpointDevices         Endpoint = "devices"
	EndpointDevice          Endpoint = "device"
	EndpointAppsQuery       Endpoint = "installed apps query"
	EndpointApps            Endpoint = "installed apps"
	EndpointActions         Endpoint = "actions"
	EndpointAction          Endpoint = "action"
	EndpointDeviceGroups    Endpoint = "device groups"
	EndpointDeviceGroup     Endpoint = "device group"
	EndpointAutoEnrollments Endpoint = "auto-enrolments"
	EndpointDEPAccounts     Endpoint = "DEP accounts"
	EndpointUsersQuery      Endpoint = "users query"
	EndpointUsers           Endpoint = "users"
	EndpointUser            Endpoint = "user"
	EndpointUserGroups      Endpoint = "groups of a user"
	EndpointGroups          Endpoint = "groups"
	EndpointGroup           Endpoint = "group"
	EndpointMembers         Endpoint = "group members"
	EndpointAccessTokens    Endpoint = "access tokens"
	EndpointTenants         Endpoint = "tenants"
	EndpointCurrentUser     Endpoint = "current user"
)

// usualPaths are the paths of the API.
//
// Source: reference/relution.md 2.3, 2.4, 2.5
var usualPaths = map[Endpoint]string{
	EndpointDevicesQuery:    "{prefix}/v2/devices/baseInfo/query",
	EndpointDevicesBaseInfo: "{prefix}/v1/devices/baseInfo",
	EndpointDevices:         "{prefix}/v1/devices",
	EndpointDevice:          "{prefix}/v1/devices/{uuid}",
	EndpointAppsQuery:       "{prefix}/v2/devices/{uuid}/installedApps/baseInfo/query",
	EndpointApps:            "{prefix}/v1/devices/{uuid}/installedApps",
	EndpointActions:         "{prefix}/v1/devices/{uuid}/actions",
	EndpointAction:          "{prefix}/v1/devices/{uuid}/actions/{action}",
	EndpointDeviceGroups:    "{prefix}/v1/devices/groups",
	EndpointDeviceGroup:     "{prefix}/v1/devices/groups/{uuid}",
	EndpointAutoEnrollments: "{prefix}/v1/devices/autoEnrollments",
	EndpointDEPAccounts:     "{prefix}/v1/devices/deps/accounts",
	EndpointUsersQuery:      "{prefix}/v1/security/users/baseInfo/query",
	EndpointUsers:           "{prefix}/v1/security/users",
	EndpointUser:            "{prefix}/v1/security/users/{uuid}",
	EndpointUserGroups:      "{prefix}/v1/security/users/{uuid}/groups",
	EndpointGroups:          "{prefix}/v1/security/groups",
	EndpointGroup:           "{prefix}/v1/security/groups/{uuid}",
	EndpointMembers:         "{prefix}/v1/security/groups/{uuid}/members",
	EndpointAccessTokens:    "{prefix}/v1/security/users/{uuid}/accessTokens",
	EndpointTenants:         "{prefix}/v1/security/tenantOrganizations",
	EndpointCurrentUser:     "{prefix}/v1/security/currentAuthorization/user",
}

// Endpoints returns the names of all endpoints, sorted.
func Endpoints() []Endpoint { return slices.Sorted(maps.Keys(usualPaths)) }

// checkPaths refuses paths that would not lead where they should.
func checkPaths(paths map[Endpoint]string) error {
	for _, e := range slices.Sorted(maps.Keys(paths)) {
		usual, known := usualPaths[e]
		if !known {
			return fmt.Errorf("has no endpoint called %q", string(e))
		}
		path := paths[e]
		rest := path
		for _, placeholder := range []string{"{uuid}", "{action}"} {
			if strings.Contains(path, placeholder) != strings.Contains(usual, placeholder) {
				return fmt.Errorf("%s: needs the placeholders of %s and no others", e, usual)
			}
			rest = strings.ReplaceAll(rest, placeholder, "x")
		}
		rest = strings.Replace(rest, "{prefix}", "", 1)
		u, err := url.Parse(rest)
		if err != nil || strings.ContainsAny(rest, "{}?#") || !strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "//") || u.Host != "" {
			return fmt.Errorf("%s: is no path; it begins with {prefix}/ or /", e)
		}
	}
	return nil
}

// checkBasePath refuses what cannot stand before the paths of the API.
func checkBasePath(path string) error {
	if path == "" {
		return nil
	}
	u, err := url.Parse(path)
	if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "?#{}") || u.Host != "" {
		return errors.New("is no path such as /mdm")
	}
	return nil
}

// ids fill the placeholders of a path.
type ids struct{ uuid, action string }

// path returns the path of an endpoint under a prefix.
func (c *Client) path(e Endpoint, prefix string, id ids) string {
	path := c.paths[e]
	if path == "" {
		path = usualPaths[e]
	}
	return strings.NewReplacer("{prefix}", prefix, "{uuid}", url.PathEscape(id.uuid), "{action}", url.PathEscape(id.action)).Replace(path)
}

// unscoped reports whether an endpoint belongs to the account and not to a
// tenant: with one, it answers 404.
//
// Source: reference/relution.md 1.3
func (e Endpoint) unscoped() bool { return e == EndpointTenants || e == EndpointCurrentUser }
