package intunetest_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func TestFilters(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	id := first(t, f, intunetest.Windows)
	f.Rename(id, "O'Brien PC")
	all := len(f.IDs())
	for filter, want := range map[string]int{
		"deviceName eq 'O''Brien PC'":                           1,
		"contains(deviceName,'brien')":                          1,
		"operatingSystem eq 'Windows'":                          40,
		"operatingSystem eq 'Windows' or deviceName eq 'none'":  40,
		"(operatingSystem eq 'Windows') and deviceName eq 'no'": 0,
		"userPrincipalName ne 'nobody@district.example'":        all,
		"managementAgent eq 'mdm' and managementAgent eq 'eas'": 0,
		"lastSyncDateTime gt 2027-01-01T00:00:00Z":              0,
		"enrolledDateTime lt 2027-01-01T00:00:00Z":              all,
	} {
		res := c.get("/v1.0/deviceManagement/managedDevices?$select=id&$filter=" + url.PathEscape(filter))
		assert.Len(t, res.values(t), want, filter)
	}
	assert.Nil(t, f.Violations())
}

func TestFiltersThatGraphRefuses(t *testing.T) {
	for filter, status := range map[string]int{
		"deviceName in ('a','b')":                    500,
		"deviceName ne 'a'":                          400,
		"wiFiMacAddress eq 'a4cf99010203'":           400,
		"shoeSize eq '44'":                           400,
		"deviceName eq 'O'Brien'":                    400,
		"deviceName eq Lab":                          400,
		"startswith(deviceName,'a')":                 400,
		"contains(serialNumber,'A')":                 400,
		"lastSyncDateTime ge 2026-01-01T00:00:00Z":   400,
		"lastSyncDateTime gt '2026-01-01T00:00:00Z'": 400,
		"(deviceName eq 'a'":                         400,
		"deviceName eq":                              400,
	} {
		f := intunetest.New(nil)
		c := newCaller(t, f)
		res := c.get("/v1.0/deviceManagement/managedDevices?$filter=" + url.QueryEscape(filter))
		assert.Equal(t, status, res.status, filter)
		assert.NotNil(t, f.Violations(), filter)
		_, message := res.failure(t)
		inner := unwrap(t, message)
		assert.Equal(t, 3.0, inner["_version"])
		assert.Contains(t, inner["Message"], "Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: ")
		assert.Contains(t, message, "{\r\n  \"_version\": 3,\r\n")
	}
}

func TestFiltersSeeFractionsThatListsDoNotTell(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	second := f.Now().Add(time.Hour).UTC().Truncate(time.Second)
	f.Add(fleet.Device{Serial: "K4TESTQ6VN", Platform: fleet.MacOS, Managed: true, LastSeen: second.Add(500 * time.Millisecond)})
	const path = "/v1.0/deviceManagement/managedDevices?$filter=lastSyncDateTime%20gt%20"
	list := c.get(path + second.Format(time.RFC3339)).values(t)
	require.Len(t, list, 1)
	assert.Equal(t, second.Format(time.RFC3339), list[0]["lastSyncDateTime"])
	assert.Empty(t, c.get(path+second.Add(time.Second).Format(time.RFC3339)).values(t))
	assert.Nil(t, f.Violations())
}

func TestFilterOutage(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	const filter = "/v1.0/deviceManagement/managedDevices?$select=id&$filter=operatingSystem+eq+'Windows'"
	for _, status := range []int{500, 400} {
		f.SetWire(intunetest.Wire{FilterStatus: status})
		assert.Equal(t, status, c.get(filter).status)
		assert.Equal(t, 200, c.get("/v1.0/deviceManagement/managedDevices?$select=id").status)
	}
	f.SetWire(intunetest.Wire{})
	assert.Len(t, c.get(filter).values(t), 40)
	assert.Nil(t, f.Violations())
}

func TestFilterThatIsIgnored(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	assert.Len(t, c.get("/beta/deviceManagement/managedDevices?$select=id&$filter=skuFamily+eq+'Pro'").values(t), len(f.IDs()))
	assert.Len(t, f.Violations(), 1)
}

func TestQueryOptions(t *testing.T) {
	const path = "deviceManagement/managedDevices"
	for query, want := range map[string]struct {
		status int
		clean  bool
	}{
		"/v1.0/" + path + "?$select=id,shoeSize":                  {400, false},
		"/v1.0/" + path + "?$select=lostModeState":                {400, false},
		"/beta/" + path + "?$select=lostModeState":                {200, true},
		"/v1.0/" + path + "?$orderby=deviceName":                  {200, false},
		"/v1.0/" + path + "?$search=\"a\"":                        {400, false},
		"/v1.0/" + path + "?$count=true":                          {200, true},
		"/v1.0/" + path + "?$expand=detectedApps":                 {400, false},
		"/beta/" + path + "?$expand=detectedApps":                 {200, false},
		"/beta/" + path + "?$expand=users":                        {400, false},
		"/v1.0/" + path + "?$top=1&$top=2":                        {400, false},
		"/v1.0/" + path + "?colour=red":                           {200, false},
		"/v2.0/" + path:                                           {400, false},
		"/v1.0/deviceManagement/managedGadgets":                   {400, false},
		"/v1.0/deviceManagement/depOnboardingSettings":            {400, false},
		"/v1.0/" + path + "/junk":                                 {400, false},
		"/v1.0/" + path + "/11111111-2222-4333-8444-555555555555": {404, true},
	} {
		f := intunetest.New(nil)
		c := newCaller(t, f)
		res := c.get(query)
		assert.Equal(t, want.status, res.status, query)
		assert.Equal(t, want.clean, f.Violations() == nil, "%s: %v", query, f.Violations())
	}
}

func TestSelectionsAreChecked(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	for path, name := range map[string]string{
		"/v1.0/organization": "displayName",
		"/v1.0/deviceManagement/applePushNotificationCertificate": "expirationDateTime",
		"/v1.0/deviceManagement/managedDeviceOverview":            "enrolledDeviceCount",
		"/v1.0/deviceAppManagement/vppTokens":                     "state",
	} {
		o := c.get(path + "?$select=" + name).object(t)
		if list, ok := o["value"].([]any); ok {
			o = list[0].(map[string]any)
		}
		delete(o, "@odata.context")
		assert.Contains(t, o, name, path)
		assert.Len(t, o, 1, path)
		assert.Nil(t, f.Violations())
		assert.Equal(t, 400, c.get(path+"?$select=shoeSize").status, path)
		assert.Len(t, f.Violations(), 1)
		f.Forget()
	}
}

func TestHeaders(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	c.header.Set("Client-Request-Id", "8a77b6c5-1111-4ccc-8ddd-2a3b4c5d6e7f")
	res := c.get("/v1.0/deviceManagement?$select=intuneAccountId")
	assert.Len(t, res.object(t), 2)
	assert.Equal(t, "8a77b6c5-1111-4ccc-8ddd-2a3b4c5d6e7f", res.header.Get("client-request-id"))
	assert.NotEmpty(t, res.header.Get("request-id"))
	assert.NotEmpty(t, res.header.Get("x-ms-ags-diagnostic"))
	assert.NotEmpty(t, res.header.Get("Date"))
	c.header.Set("ConsistencyLevel", "eventual")
	assert.Equal(t, 200, c.get("/v1.0/deviceManagement/managedDevices?$top=1").status)
	require.Nil(t, f.Violations())

	c.header.Set("Accept", "text/html")
	assert.Equal(t, 200, c.get("/v1.0/deviceManagement").status)
	assert.Len(t, f.Violations(), 1)
	c.header["Authorization"] = nil
	res = c.get("/v1.0/deviceManagement")
	assert.Equal(t, 401, res.status)
	assert.Len(t, f.Violations(), 2)
	c.header.Set("Content-Type", "text/plain")
	res = c.send("PATCH", "/v1.0/deviceManagement/managedDevices/"+f.IDs()[0], `{"notes":"x"}`)
	assert.Equal(t, 400, res.status)
	assert.Len(t, f.Violations(), 3)
	c.header.Set("Client-Request-Id", "not a guid")
	c.get("/v1.0/deviceManagement")
	assert.Len(t, f.Violations(), 4)
}

func TestLicence(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	f.SetSubscription("warning")
	assert.Equal(t, "active", c.get("/v1.0/deviceManagement?$select=subscriptionState").object(t)["subscriptionState"], "which is wrong")
	assert.Equal(t, "warning", c.get("/beta/deviceManagement/subscriptionState").object(t)["value"])
	f.SetLicensed(false)
	res := c.get("/v1.0/deviceManagement?$select=intuneAccountId")
	code, message := res.failure(t)
	assert.Equal(t, 400, res.status)
	assert.Equal(t, "BadRequest", code)
	assert.Equal(t, "Request not applicable to target tenant.", message)
	assert.Equal(t, 200, c.get("/v1.0/organization").status)
	assert.Nil(t, f.Violations())
}

func TestPermissions(t *testing.T) {
	id := first(t, intunetest.New(nil), intunetest.Mac)
	for _, one := range []struct {
		method, path, body, enough string
	}{
		{"GET", "/v1.0/deviceManagement/managedDevices", "", "DeviceManagementManagedDevices.Read.All"},
		{"GET", "/v1.0/deviceManagement/managedDevices", "", "DeviceManagementConfiguration.Read.All"},
		{"GET", "/v1.0/deviceManagement/detectedApps", "", "DeviceManagementManagedDevices.Read.All"},
		{"GET", "/v1.0/deviceManagement/deviceCategories", "", "DeviceManagementConfiguration.Read.All"},
		{"GET", "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities", "", "DeviceManagementServiceConfig.Read.All"},
		{"GET", "/beta/deviceManagement/depOnboardingSettings", "", "DeviceManagementServiceConfig.Read.All"},
		{"GET", "/v1.0/deviceAppManagement/vppTokens", "", "DeviceManagementServiceConfig.Read.All"},
		{"GET", "/v1.0/users", "", "User.ReadBasic.All"},
		{"GET", "/v1.0/organization", "", "DeviceManagementServiceConfig.Read.All"},
		{"POST", "/v1.0/deviceManagement/managedDevices/" + id + "/syncDevice", "", "DeviceManagementManagedDevices.PrivilegedOperations.All"},
		{"POST", "/v1.0/deviceManagement/managedDevices/" + id + "/wipe", "{}", "DeviceManagementManagedDevices.ReadWrite.All"},
		{"PATCH", "/v1.0/deviceManagement/managedDevices/" + id, `{"managedDeviceName":"x"}`, "DeviceManagementManagedDevices.ReadWrite.All"},
		{"POST", "/v1.0/deviceManagement/reports/exportJobs", `{"reportName":"Devices"}`, "DeviceManagementConfiguration.ReadWrite.All"},
	} {
		f := intunetest.New(nil)
		c := &caller{t: t, f: f, header: map[string][]string{}}
		f.SetRights(f.ClientID, one.enough)
		c.login()
		assert.Less(t, c.send(one.method, one.path, one.body).status, 300, "%s %s", one.method, one.path)

		f.SetRights(f.ClientID, "DeviceManagementApps.Read.All")
		if one.path == "/v1.0/users" {
			f.SetRights(f.ClientID, "Organization.Read.All") // the Intune read permissions are enough
		}
		c.login()
		res := c.send(one.method, one.path, one.body)
		assert.Equal(t, 403, res.status, "%s %s", one.method, one.path)
		f.SetRights(f.ClientID)
		c.login()
		assert.Equal(t, 401, c.send(one.method, one.path, one.body).status, "%s %s", one.method, one.path)
	}
}

func TestMissingPermissionNamesTheScopes(t *testing.T) {
	f := intunetest.New(nil)
	f.SetRights(f.ClientID, "DeviceManagementManagedDevices.Read.All")
	c := newCaller(t, f)
	res := c.post("/v1.0/deviceManagement/managedDevices/"+f.IDs()[0]+"/syncDevice", "")
	code, message := res.failure(t)
	assert.Equal(t, 403, res.status)
	assert.Equal(t, "Forbidden", code)
	assert.Contains(t, unwrap(t, message)["Message"], "Application must have one of the following scopes: DeviceManagementManagedDevices.PrivilegedOperations.All")
	f.SetWire(intunetest.Wire{ForbiddenAs401: true})
	assert.Equal(t, 401, c.post("/v1.0/deviceManagement/managedDevices/"+f.IDs()[0]+"/syncDevice", "").status)
	assert.Panics(t, func() { f.SetRights(f.ClientID, "DeviceManagementManagedDevices.PriviligedOperation.All") })
}
