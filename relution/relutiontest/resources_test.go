package relutiontest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

func TestAutoEnrolments(t *testing.T) {
	d := small()
	f := relutiontest.New(d)
	c := newCaller(t, f)
	list := c.get(v1 + "/devices/autoEnrollments?limit=500&getNonpagedCount=true")
	sameTypes(t, "enrolment", example(t, `{"uuid":"A","createdBy":"A","creationDate":1,"modifiedBy":"A","modificationDate":1,
		"name":null,"useDefaultDeviceName":true,"description":null,"serialNumber":"A","userUuid":null,"userName":null,
		"deviceGroupUuids":[],"deviceAssignedBy":null,"deviceAssignedDate":1,"profileUuid":"A","organizationUuid":"A",
		"type":"DEP","ownership":"COD","enrolledDevice":{"userUuid":null,"userName":null,"deviceUuid":"A","deviceName":"A",
		"deviceOrganizationUuid":"A"},"enrollToOrganizationUuid":null,"lostModeEnabled":false,"mdmMigrationDeadline":null,"custom1":null}`),
		list.find("type", "DEP"))
	waiting, tags, kinds := 0, 0, map[any]int{}
	listed := map[any]bool{}
	for _, id := range c.list(all).column("uuid") {
		listed[id] = true
	}
	for _, o := range list.results() {
		kinds[o["type"]]++
		details := o["details"].(map[string]any)
		assert.Equal(t, o["type"], details["type"])
		if o["enrolledDevice"] == nil {
			waiting++
		} else {
			assert.True(t, listed[o["enrolledDevice"].(map[string]any)["deviceUuid"]])
		}
		if details["assetTag"] != nil {
			tags++
		}
	}
	assert.Greater(t, waiting, len(d.Stock), "stock, and devices that never came")
	assert.Greater(t, tags, 0)
	assert.Greater(t, kinds["AUTOPILOT"], 0)
	one := list.results()[0]
	assert.Equal(t, one, c.get(v1+"/devices/autoEnrollments/"+one["uuid"].(string)).result())
	assert.Equal(t, "AUTOENROLLMENT_NOT_FOUND", c.get(v1 + "/devices/autoEnrollments/0").object()["errorCode"])
	assert.Empty(t, f.Violations())

	f.SetVersion("5.5.4")
	for _, kind := range c.get("/api/v1/devices/autoEnrollments").column("type") {
		assert.Contains(t, []any{"DEP", "KME"}, kind)
	}
}

func TestDEPAccounts(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	end := time.Date(2026, time.April, 2, 9, 0, 0, 0, time.UTC)
	f.SetDEPExpiry(f.Tenant, end)
	account := c.get(v1 + "/devices/deps/accounts").result()
	sameTypes(t, "account", example(t, `{"uuid":"A","organizationUuid":"A","serverName":"A","serverUuid":"A","adminId":"A",
		"orgName":"A","orgEmail":"A","orgPhone":"A","orgAddress":"A","orgType":"A","orgVersion":"A","orgId":"A","orgIdHash":null,
		"depServerToken":{"uuid":"A","accessTokenExpiry":1},"certificateLink":null}`), account)
	assert.EqualValues(t, end.UnixMilli(), account["depServerToken"].(map[string]any)["accessTokenExpiry"])
	assert.Equal(t, account, c.get(v1+"/devices/deps/accounts/"+account["uuid"].(string)).result())
	assert.Equal(t, "DEP_ACCOUNT_DOES_NOT_EXIST", c.get(v1 + "/devices/deps/accounts/0").object()["errorCode"])
}

func TestUsers(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	light := c.send("POST", v1+"/security/users/baseInfo/query", `{"limit":5,"getItems":true,"getNonpagedCount":true,"searches":["lindental.example"]}`)
	require.Len(t, light.results(), 5)
	sameTypes(t, "user", example(t, `{"uuid":"A","name":"A","organizationUuid":"A","givenName":"A","surname":"A","email":"A",
		"managedAppleId":null,"lastLoggedTime":1,"activated":true,"ssoOnly":false,"provider":null,"mfaConfigured":false,
		"createdDate":1,"modifiedDate":1,"createdUser":"A","modifiedUser":"A","dynamicPermissionRoles":[],"roles":[],
		"teacherOfClasses":[],"studentOfClasses":[],"locale":"A"}`), light.results()[0])

	users := c.get(v1 + "/security/users?limit=3&getNonpagedCount=true").object()
	assert.Len(t, users, 2, "items and nonpagedCount")
	assert.Len(t, users["items"], 3)
	assert.Greater(t, users["nonpagedCount"], 20.0)
	one := users["items"].([]any)[1].(map[string]any)
	path := v1 + "/security/users/" + one["uuid"].(string)
	assert.Equal(t, one, c.get(path).object(), "bare")
	groups := c.get(path + "/groups").object()
	require.Len(t, groups, 1)
	require.NotEmpty(t, groups["groups"])
	g := groups["groups"].([]any)[0].(map[string]any)
	assert.Len(t, g, 2)

	whole := c.get(v1 + "/security/groups/" + g["uuid"].(string)).object()
	assert.Equal(t, g["name"], whole["name"])
	assert.Equal(t, "GROUP", whole["type"])
	members := c.get(v1 + "/security/groups/" + g["uuid"].(string) + "/members?recursive=false&getNonpagedCount=true").object()
	assert.EqualValues(t, len(whole["members"].([]any)), members["nonpagedCount"])
	assert.Equal(t, "USER", members["items"].([]any)[0].(map[string]any)["type"])
	assert.Equal(t, "USER_DOES_NOT_EXIST", c.get(v1 + "/security/users/0").object()["errorCode"])
	assert.Equal(t, "GROUP_DOES_NOT_EXIST", c.get(v1 + "/security/groups/0").object()["errorCode"])
	assert.Empty(t, f.Violations())

	f.SetVersion("5.5.4")
	old := c.get("/api/v1/security/users?limit=1").object()["items"].([]any)[0].(map[string]any)
	_, err := time.Parse(time.RFC3339, old["createdDate"].(string))
	assert.NoError(t, err, "a text, not milliseconds")
}

func TestAccessTokens(t *testing.T) {
	f := relutiontest.New(small())
	end := f.Now().AddDate(0, 1, 0)
	f.Expire(f.Token, end)
	c := newCaller(t, f)
	c.tenant = ""
	me := c.get(v1 + "/security/currentAuthorization/user").object()
	assert.Equal(t, "sync.example", me["name"])
	answer := c.get(v1 + "/security/users/" + me["uuid"].(string) + "/accessTokens?getNonpagedCount=true")
	sameTypes(t, "tokens", example(t, `{"accessTokens":[{"uuid":"66","name":"inventory","scope":"API","expirationDate":1798671600000}],"nonpagedCount":1,"version":0}`), answer.object())
	assert.EqualValues(t, end.UnixMilli(), answer.object()["accessTokens"].([]any)[0].(map[string]any)["expirationDate"])
	assert.NotContains(t, answer.body, f.Token)

	info := c.get(v1 + "/security/currentAuthorization").object()
	assert.Equal(t, f.Home, info["organization"].(map[string]any)["uuid"])
	assert.Contains(t, info["permissions"], "READ_DEVICES")
}

func TestDeviceGroups(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	list := c.get(v1 + "/devices/groups")
	one := list.results()[0]
	assert.Equal(t, one, c.get(v1+"/devices/groups/"+one["uuid"].(string)).result())
	members := c.get(v1 + "/devices/baseInfo?group=" + one["uuid"].(string))
	assert.Len(t, members.results(), int(one["deviceCount"].(float64)))
	assert.Equal(t, list.results(), c.send("POST", v2+"/devices/groups/baseInfo/query", all).results())
	f.SetVersion("5.5.4")
	assert.Equal(t, one["uuid"], c.get("/api/v1/devices/groups/" + one["uuid"].(string)).object()["uuid"], "bare before")
	assert.Empty(t, f.Violations())
}

func TestInstalledApps(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	id := c.supervised()
	inventory := c.send("POST", v2+"/devices/"+id+"/installedApps/baseInfo/query", all)
	sameTypes(t, "app", example(t, `{"uuid":"A","deviceUuid":"A","identifier":"A","name":"A","versionName":"A","shortVersion":"A",
		"versionToShow":"A","managed":true,"system":false,"bundleSize":1,"dynamicSize":1,"installing":false,"installScope":"DEVICE",
		"hasUpdateAvailable":false,"appUuid":"A"}`), inventory.results()[0])
	store := c.get(v1 + "/devices/" + id + "/installedApps?locale=de")
	assert.Len(t, store.results(), len(inventory.results())+2)
	assert.Contains(t, store.column("installationStatus"), "NOT_INSTALLED")
	assert.Contains(t, store.column("installationStatus"), "INSTALLATION_PENDING")
	assert.Empty(t, f.Violations())
}

func TestChangeUser(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	id := c.supervised()
	user := c.get(v1 + "/security/users?limit=1").object()["items"].([]any)[0].(map[string]any)
	g := c.send("PUT", v2+"/devices/"+id+"/user", `{"userUuid":"`+user["uuid"].(string)+`"}`)
	assert.Equal(t, map[string]any{"name": user["name"]}, g.object())
	assert.Equal(t, user["uuid"], c.list(all).find("uuid", id)["userUuid"])
	assert.Equal(t, 404, c.send("PUT", v2+"/devices/"+id+"/user", `{"username":"nobody"}`).status)
	assert.Equal(t, 200, c.send("PUT", v2+"/devices/"+id+"/user", `{"userUuid":null,"username":null}`).status)
	assert.Nil(t, c.list(all).find("uuid", id)["userUuid"])
}

func TestLabelsOfCustomFields(t *testing.T) {
	f := relutiontest.New(small())
	f.SetLabels(f.Tenant, [5]string{"Inventarnummer", "", "", "", ""})
	labels := newCaller(t, f).get(v1 + "/system/settings/DEVICE_MANAGEMENT").object()["deviceCustomFieldsSettings"].(map[string]any)
	assert.Equal(t, map[string]any{"label": "Inventarnummer", "enabled": true}, labels["custom1"])
	assert.Equal(t, map[string]any{"label": nil, "enabled": false}, labels["custom2"])
}

func TestLending(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	id := c.supervised()
	until := f.Now().AddDate(0, 0, 3)
	f.Lend(id, "Mia Muster", until)
	lent := c.list(all).find("uuid", id)
	assert.Equal(t, "Mia Muster", lent["loanToName"])
	assert.EqualValues(t, until.UnixMilli(), lent["loanUntil"])
	assert.Equal(t, false, lent["lendingExceeded"])
	f.Lend(id, "", time.Time{})
	assert.Nil(t, c.list(all).find("uuid", id)["loanToName"])
}

func TestSharedTablets(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	shared := c.list(all).find("multiUser", true)
	assert.Equal(t, "IOS", shared["platform"])
	assert.Equal(t, true, c.get(v1 + "/devices/" + shared["uuid"].(string)).result()["details"].(map[string]any)["multiUser"])
}

func TestGroupsOfAUser(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	user := c.get(v1 + "/security/users?limit=1").object()["items"].([]any)[0].(map[string]any)
	path := v1 + "/security/users/" + user["uuid"].(string) + "/groups"
	id := c.get(path).object()["groups"].([]any)[0].(map[string]any)["uuid"].(string)
	assert.Equal(t, 404, c.send("PUT", path, `["`+f.Tenant+`"]`).status)
	assert.Equal(t, 204, c.send("PUT", path, `[]`).status)
	assert.Empty(t, c.get(path).object()["groups"])
	assert.Equal(t, 204, c.send("PUT", path, `["`+id+`"]`).status)
	assert.Len(t, c.get(path).object()["groups"], 1)
	assert.Empty(t, f.Violations())
}

func TestUnknownOrganisationsPanic(t *testing.T) {
	f := relutiontest.New(small())
	assert.Panics(t, func() { f.SetHome(f.Token, "nowhere") })
	assert.Panics(t, func() { f.SetRightsIn("nowhere", f.Token) })
}
