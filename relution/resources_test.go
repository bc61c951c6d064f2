package relution_test

import (
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestResources reads everything but devices from a server of each generation.
func TestResources(t *testing.T) {
	t.Parallel()
	for _, version := range releases {
		c, fake := fakeTenant(t)
		fake.SetVersion(version)
		ctx := t.Context()
		users := clienttest.Collect(t, c.Users(ctx))
		require.NotEmpty(t, users, version)
		user, err := c.User(ctx, users[0].UUID)
		require.NoError(t, err, version)
		assert.Equal(t, users[0].Login, user.Login)
		groups := clienttest.Collect(t, c.Groups(ctx))
		require.NotEmpty(t, groups, version)
		group, err := c.Group(ctx, groups[0].UUID)
		require.NoError(t, err, version)
		assert.Equal(t, groups[0].Name, group.Name)
		members := 0
		for _, g := range groups {
			members += len(clienttest.Collect(t, c.GroupMembers(ctx, g.UUID)))
		}
		assert.NotZero(t, members, version)
		_, err = c.UserGroups(ctx, users[0].UUID)
		require.NoError(t, err, version)
		assert.NotEmpty(t, clienttest.Collect(t, c.AutoEnrolments(ctx)), version)
		accounts := clienttest.Collect(t, c.DEPAccounts(ctx))
		require.NotEmpty(t, accounts, version)
		assert.NotZero(t, accounts[0].Expires, version)
		for _, call := range []error{second(c.User(ctx, "x")), second(c.Group(ctx, "groups")), second(c.UserGroups(ctx, "")), second(c.AccessTokens(ctx, "..")),
			second(c.DeviceGroup(ctx, "x")), second(c.Actions(ctx, "x")), second(c.Action(ctx, "x", "y")), c.CancelAction(ctx, "x", "y"),
			second(c.SendAction(ctx, "x", "LOCK", nil)), second(c.SendAction(ctx, id(1), "lock me", nil)), second(c.Apps(ctx, "x")), second(c.Device(ctx, "query"))} {
			require.ErrorIs(t, call, mdm.ErrInvalid)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestDeviceGroups reads the groups of devices.
func TestDeviceGroups(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	all := clienttest.Collect(t, c.DeviceGroups(t.Context()))
	require.NotEmpty(t, all)
	one, err := c.DeviceGroup(t.Context(), all[0].UUID)
	require.NoError(t, err)
	assert.Equal(t, all[0].Name, one.Name)
}

// TestQuirk30AutoEnrolments lists what makers announced and nobody enrolled,
// with Apple's asset tag.
func TestQuirk30AutoEnrolments(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: numbered(1), script: scripted{"GET /api/management/v1/devices/autoEnrollments": {body: `{"status":"0","total":2,"results":[
		{"uuid":"` + id(8) + `","serialNumber":"DMPXK1ABQ1GD","type":"DEP","details":{"assetTag":"4712","model":"IPAD","color":"GRAY","profileStatus":"PUSHED","depAccountUuid":"D"},"enrolledDevice":null},
		{"uuid":"` + id(9) + `","serialNumber":"R58","type":"KME","details":{"imei":"352099001761481"},"enrolledDevice":{"deviceUuid":"` + id(1) + `"}}]}`}}}
	all := clienttest.Collect(t, tn.client(t).AutoEnrolments(t.Context()))
	require.Len(t, all, 2)
	assert.Equal(t, "4712", all[0].AssetTag)
	assert.Empty(t, all[0].DeviceUUID, "never enrolled")
	assert.Equal(t, id(1), all[1].DeviceUUID)
	assert.Equal(t, "352099001761481", all[1].IMEI)
	c, _ := fakeTenant(t)
	missing := 0
	for _, a := range clienttest.Collect(t, c.AutoEnrolments(t.Context())) {
		if a.DeviceUUID == "" {
			missing++
		}
	}
	assert.NotZero(t, missing)
}

// TestQuirk37InstalledApps leaves out what the older list names and the device
// does not have, and prefers the newer one.
func TestQuirk37InstalledApps(t *testing.T) {
	t.Parallel()
	older := "GET /api/management/v1/devices/" + id(1) + "/installedApps"
	newer := "POST /api/management/v2/devices/" + id(1) + "/installedApps/baseInfo/query"
	tn := &tenant{devices: numbered(1), script: scripted{older: {body: `{"status":"0","results":[
		{"appUuid":"A","name":"Pages","internalName":"com.apple.Pages","versionName":"14.2","installationStatus":"INSTALLED","bundleSize":-5},
		{"appUuid":"B","name":"Keynote","installationStatus":"NOT_INSTALLED"},{"appUuid":"C","name":"Numbers","installationStatus":"INSTALLATION_PENDING"},
		{"appUuid":"D","name":"GeoGebra","internalName":"org.geogebra","versionCode":"7","installationStatus":"UPDATE_PENDING"}]}`}}}
	c := tn.client(t)
	for range 2 {
		apps, err := c.Apps(t.Context(), id(1))
		require.NoError(t, err)
		require.Len(t, apps, 2)
		assert.Equal(t, relution.App{Name: "Pages", Identifier: "com.apple.Pages", Version: "14.2"}, apps[0])
		assert.Equal(t, "7", apps[1].Version)
	}
	assert.Len(t, tn.requests("/installedApps/baseInfo/query"), 1, "the newer way is tried once")
	tn.script[newer] = answer{body: `{"status":"0","total":1,"results":[{"uuid":"U","identifier":"com.apple.Pages","name":"Pages","versionToShow":"14.2 (7043)","shortVersion":"14.2","managed":true,"bundleSize":561000000}]}`}
	apps, err := tn.client(t).Apps(t.Context(), id(1))
	require.NoError(t, err)
	assert.Equal(t, []relution.App{{Name: "Pages", Identifier: "com.apple.Pages", Version: "14.2 (7043)", Managed: mdm.Yes, Size: 561000000}}, apps)
	inside := detailOf(t, `"installedApps":[{"identifier":"com.apple.Pages","name":"Pages","version":"7043","shortVersion":"14.2","managed":true}]`)
	assert.Equal(t, "14.2", inside.Apps[0].Version)
}

// TestUsersFallback reads the full list where there is no light one.
func TestUsersFallback(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: numbered(1), script: scripted{"GET /api/management/v1/security/users": {
		body: `{"items":[{"uuid":"` + id(3) + `","name":"m.muster","givenName":"Mia","createdDate":"2024-01-02T03:04:05Z"},{"name":"no uuid"}],"nonpagedCount":2}`}}}
	var users []relution.User
	var lost int
	for u, err := range tn.client(t).Users(t.Context()) {
		if err != nil {
			require.ErrorIs(t, err, mdm.ErrDecode)
			lost++
			continue
		}
		users = append(users, u)
	}
	require.Len(t, users, 1)
	assert.Equal(t, "m.muster", users[0].Login)
	assert.Equal(t, 2024, users[0].Created.Year())
	assert.Equal(t, 1, lost)
	for _, err := range tn.client(t).GroupMembers(t.Context(), "x") {
		require.ErrorIs(t, err, mdm.ErrInvalid)
	}
}

// TestSearch looks for words where the server can, and says where it cannot.
func TestSearch(t *testing.T) {
	t.Parallel()
	o := &relution.DevicesOptions{Search: []string{"iPad 7"}}
	post := &tenant{devices: numbered(1)}
	clienttest.Collect(t, post.client(t).Devices(t.Context(), o))
	assert.Contains(t, post.requests("/query")[1].body, `"searches":["iPad 7"]`)
	get := &tenant{devices: numbered(1), prefix: relution.PrefixAPI, listing: relution.ListBaseInfo}
	for _, err := range get.client(t).Devices(t.Context(), o) {
		require.ErrorIs(t, err, mdm.ErrUnsupported)
	}
}

// TestPeople reads who is logged in and who borrowed a device.
func TestPeople(t *testing.T) {
	t.Parallel()
	d := detailOf(t, `"platform":"IOS","os":"iOS 18.1","activeLending":{"loanToName":"Mia","loanUntil":1798671600000},"details":{"users":{"accounts":[{"loggedIn":false,"userName":"a"},{"loggedIn":true,"userName":"b"}]}}`)
	assert.Equal(t, "b", d.LoggedIn)
	assert.Equal(t, "18.1", d.OSVersion)
	assert.Equal(t, "Mia", d.LoanTo)
	assert.Equal(t, "Mia", d.Record().Custom["loan_to"])
	assert.NotZero(t, d.LoanUntil)
	assert.Equal(t, []string{"352099001761481"}, one(t, `"imei":"352099001761481","simSlots":[{"iccId":"8949"}]`).Record().IMEIs)
}
