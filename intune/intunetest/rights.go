package intunetest

import (
	"net/http"
	"slices"
	"strings"
)

// The application permissions.
const (
	devicesRead   = "DeviceManagementManagedDevices.Read.All"
	devicesWrite  = "DeviceManagementManagedDevices.ReadWrite.All"
	privileged    = "DeviceManagementManagedDevices.PrivilegedOperations.All"
	serviceRead   = "DeviceManagementServiceConfig.Read.All"
	serviceWrite  = "DeviceManagementServiceConfig.ReadWrite.All"
	configRead    = "DeviceManagementConfiguration.Read.All"
	configWrite   = "DeviceManagementConfiguration.ReadWrite.All"
	appsRead      = "DeviceManagementApps.Read.All"
	appsWrite     = "DeviceManagementApps.ReadWrite.All"
	userRead      = "User.Read.All"
	userBasic     = "User.ReadBasic.All"
	entraDevices  = "Device.Read.All"
	groupMembers  = "GroupMember.Read.All"
	directoryRead = "Directory.Read.All"
	organization  = "Organization.Read.All"
)

// Sets of permissions of which any one is enough.
var (
	readDevices    = []string{devicesRead, devicesWrite, configRead, configWrite}
	readApps       = []string{devicesRead, devicesWrite}
	writeDevices   = []string{devicesWrite}
	act            = []string{privileged}
	wipeDevices    = []string{devicesWrite, privileged}
	readService    = []string{serviceRead, serviceWrite}
	writeService   = []string{serviceWrite}
	readCategories = []string{configRead, configWrite, devicesRead, devicesWrite}
	anyIntune      = []string{devicesRead, devicesWrite, serviceRead, serviceWrite, configRead, configWrite, appsRead, appsWrite}
	readUsers      = []string{userBasic, userRead, directoryRead, devicesRead, devicesWrite, serviceRead, serviceWrite, configRead, configWrite, appsRead, appsWrite}
	readEntra      = []string{entraDevices, directoryRead}
	readMembers    = []string{groupMembers, directoryRead}
	readTenant     = []string{organization, serviceRead, serviceWrite, directoryRead}
	readJobs       = []string{devicesRead, devicesWrite, configRead, configWrite, appsRead, appsWrite}
	createJobs     = []string{devicesWrite, configWrite, appsWrite}
	readApprovals  = []string{configRead, configWrite}
)

// Permissions lists the application permissions that the fake knows, sorted.
func Permissions() []string {
	list := []string{devicesRead, devicesWrite, privileged, serviceRead, serviceWrite, configRead, configWrite,
		appsRead, appsWrite, userRead, userBasic, entraDevices, groupMembers, directoryRead, organization}
	slices.Sort(list)
	return list
}

// SetRights gives an app exactly these permissions in the tenant of the
// devices, by the names that Graph has for them. An app that the fake does not
// have is new, with the secret of the first one. Tokens keep the permissions
// that they were issued with, see [Fake.DropTokens]. It panics if a
// permission is not among [Permissions].
func (f *Fake) SetRights(clientID string, names ...string) {
	all := Permissions()
	for _, n := range names {
		if !slices.Contains(all, n) {
			panic("intunetest: no permission is called " + n)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.apps[clientID] == nil {
		f.apps[clientID] = &app{id: clientID, secret: f.ClientSecret, roles: all}
	}
	f.home().granted[clientID] = slices.Clone(names)
}

// admit checks the token of a call; it gives the answer to a caller who is
// turned away.
func (c *call) admit() *reply {
	var message string
	scheme, value, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	t := c.f.tokens[value]
	switch {
	case value == "" || !strings.EqualFold(scheme, "Bearer"):
		c.violate("no bearer token")
		message = "Access token is empty."
	case t == nil || !slices.Contains(c.in, t.cloud):
		message = "CompactToken parsing failed with error code: 80049217"
	case t.dead || !c.now.Before(t.expires):
		message = "Lifetime validation failed, the token is expired."
	default:
		c.token = t
		return nil
	}
	rep := c.fail(http.StatusUnauthorized, "InvalidAuthenticationToken", message)
	return &rep
}

// permit checks the permissions of a call.
func (c *call) permit(rt *route) *reply {
	needs := rt.needs
	if rt.limit == LimitExports && c.f.wire.ReadMayExport {
		needs = append(slices.Clone(needs), devicesRead)
	}
	if len(needs) == 0 || slices.ContainsFunc(needs, c.token.has) {
		return nil
	}
	rep := c.forbidden(rt, needs)
	return &rep
}

func (c *call) forbidden(rt *route, needs []string) reply {
	w := c.f.wire
	bare := len(c.token.roles) == 0
	switch {
	case rt.flags&directoryCall != 0 && bare:
		return c.fail(http.StatusUnauthorized, "Authorization_IdentityNotFound", "The identity of the calling application could not be established.")
	case rt.flags&directoryCall != 0:
		return c.fail(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
	case w.ForbiddenAs401 || bare && !w.ForbiddenAs403:
		return c.doubly(http.StatusUnauthorized, "Forbidden", "An error has occurred",
			`{"WWW-Authenticate":"Bearer realm=\"urn:intune:service,c3998d6e-2e37-4c56-87b5-7b444ee1cb26,f0f3c450-59bf-4f0d-b1b2-0ef84ddfe3c7\""}`)
	}
	return c.nested(http.StatusForbidden, "Forbidden",
		"Application is not authorized to perform this operation. Application must have one of the following scopes: "+strings.Join(needs, ", "))
}
