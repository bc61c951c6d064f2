package adetest

import "net/http"

const (
	sessionPath   = "/session"
	simulatorPath = "/token"
	assignPath    = "/profile/devices"
	discoveryPath = "/account-driven-enrollment/profile"
)

// newRoutes gives all operations, in the order in which an account lists them.
func newRoutes() []route {
	return []route{
		{method: http.MethodGet, path: sessionPath, hidden: true, serve: (*call).session},
		{method: http.MethodGet, path: simulatorPath, hidden: true, serve: (*call).simulatedToken},
		{method: http.MethodGet, path: "/account", serve: (*call).account},
		{method: http.MethodPost, path: "/server/devices", body: true, limit: fetchLimit, serve: (*call).fetch},
		{method: http.MethodPost, path: "/devices/sync", body: true, limit: syncLimit, serve: (*call).sync},
		{method: http.MethodPost, path: "/devices", body: true, serve: (*call).details},
		{method: http.MethodPost, path: "/devices/disown", body: true, serve: (*call).disown},
		{method: http.MethodPost, path: "/profile", body: true, serve: (*call).defineProfile},
		{method: http.MethodGet, path: "/profile", query: []string{"profile_uuid"}, serve: (*call).getProfile},
		{method: http.MethodPost, path: assignPath, body: true, serve: (*call).assignProfile},
		{method: http.MethodPut, path: assignPath, body: true, serve: (*call).assignProfile},
		{method: http.MethodDelete, path: assignPath, body: true, serve: (*call).removeProfile},
		{method: http.MethodPost, path: "/device/activationlock", body: true, serve: (*call).activationLock},
		{method: http.MethodGet, path: "/device/replacementDetails", since: 10, query: []string{"device"}, serve: (*call).replacement},
		{method: http.MethodGet, path: discoveryPath, serve: (*call).getDiscovery},
		{method: http.MethodPost, path: discoveryPath, body: true, serve: (*call).setDiscovery},
		{method: http.MethodDelete, path: discoveryPath, serve: (*call).clearDiscovery},
		{method: http.MethodGet, path: "/os-beta-enrollment/tokens", serve: (*call).betaTokens},
	}
}
