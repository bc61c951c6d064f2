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

func TestDetectedAppsOfADevice(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	mac := first(t, f, intunetest.Mac)
	res := c.get("/beta/deviceManagement/managedDevices/" + mac + "/detectedApps")
	apps := res.values(t)
	assert.Equal(t, "https://graph.microsoft.com/beta/$metadata#deviceManagement/managedDevices('"+mac+"')/detectedApps", res.object(t)["@odata.context"])
	var helper map[string]any
	for _, a := range apps {
		assert.Len(t, a, 7)
		assert.Regexp(t, `^[0-9a-f]{64}$`, a["id"])
		assert.Equal(t, 0.0, a["deviceCount"])
		assert.Equal(t, "macOS", a["platform"])
		if a["displayName"] == "helper-daemon" {
			helper = a
		}
	}
	require.NotNil(t, helper)
	assert.Nil(t, helper["version"])
	expanded := c.get("/beta/deviceManagement/managedDevices/" + mac + "?$select=id&$expand=detectedApps").object(t)["detectedApps"]
	assert.Len(t, expanded, len(apps))
	assert.Equal(t, 400, c.get("/v1.0/deviceManagement/managedDevices/"+mac+"/detectedApps").status)

	f.SetOwner(mac, true, false)
	assert.Empty(t, c.get("/beta/deviceManagement/managedDevices/"+mac+"/detectedApps").values(t), "personal")
}

func TestDetectedAppsOfTheTenant(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	res := c.get("/v1.0/deviceManagement/detectedApps")
	assert.LessOrEqual(t, len(res.values(t)), 50)
	all := c.get("/v1.0/deviceManagement/detectedApps?$top=1000").values(t)
	app := all[0]
	assert.Positive(t, app["deviceCount"])
	devices := c.get("/v1.0/deviceManagement/detectedApps/" + app["id"].(string) + "/managedDevices?$top=1000")
	assert.Len(t, devices.values(t), int(app["deviceCount"].(float64)))
	assert.Len(t, devices.values(t)[0], 4, "few fields")
	shell := c.get("/v1.0/deviceManagement/detectedApps/" + app["id"].(string)).object(t)
	assert.Nil(t, shell["displayName"])
	assert.Nil(t, f.Violations())

	assert.Equal(t, 429, c.get("/v1.0/deviceManagement/detectedApps?$orderby=displayName").status)
	assert.Equal(t, 400, c.get("/v1.0/deviceManagement/detectedApps?$expand=managedDevices").status)
	assert.Equal(t, 200, c.get("/beta/deviceManagement/detectedApps?$expand=managedDevices").status)
	assert.Equal(t, 400, c.get("/v1.0/deviceManagement/detectedApps/"+app["id"].(string)+"/managedDevices/"+f.IDs()[0]).status)
	one := c.get("/beta/deviceManagement/detectedApps/" + app["id"].(string) + "?$expand=managedDevices").object(t)
	assert.NotEmpty(t, one["managedDevices"])
}

func TestAutopilot(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	const path = "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities"
	all := c.get(path).values(t)
	require.Len(t, all, 43)
	states := map[any]int{}
	for _, h := range all {
		assert.Len(t, h, 17)
		states[h["enrollmentState"]]++
		if h["enrollmentState"] == "notContacted" {
			assert.Equal(t, "00000000-0000-0000-0000-000000000000", h["managedDeviceId"])
			assert.Equal(t, "0001-01-01T00:00:00Z", h["lastContactedDateTime"])
		} else {
			assert.Contains(t, f.IDs(), h["managedDeviceId"])
		}
	}
	assert.Equal(t, map[any]int{"enrolled": 40, "notContacted": 3}, states)
	assert.Contains(t, c.get(path+"?$top=1").next(t), "?$top=1&$skiptoken=LastSerialNumber%3d%27")
	assert.Equal(t, 1, len(c.get(path+"?$filter="+url.PathEscape("contains(serialNumber,'"+all[0]["serialNumber"].(string)+"')")).values(t)))
	assert.Equal(t, all[0]["id"], c.get(path + "/" + all[0]["id"].(string)).object(t)["id"])
	assert.Nil(t, f.Violations())
	assert.Equal(t, 400, c.get(path+"?$filter="+url.PathEscape("serialNumber eq 'X'")).status)
	assert.Equal(t, 500, c.get(path+"?$select=id").status)
}

func TestAppleEnrolment(t *testing.T) {
	d := fleet.New(fleet.Options{})
	f := intunetest.New(d)
	c := newCaller(t, f)
	const path = "/beta/deviceManagement/depOnboardingSettings"
	tokens := c.get(path).values(t)
	require.Len(t, tokens, 1)
	token := tokens[0]
	assert.Len(t, token, 13)
	assert.Equal(t, "appleSchoolManager", token["tokenType"])
	assert.Equal(t, 0.0, token["lastSyncErrorCode"])
	id := token["id"].(string)
	list := c.get(path + "/" + id + "/importedAppleDeviceIdentities").values(t)
	assert.Equal(t, float64(len(list)), token["syncedDeviceCount"])
	waiting := 0
	for _, one := range list {
		assert.Len(t, one, 12)
		assert.Equal(t, "deviceEnrollmentProgram", one["discoverySource"])
		if one["enrollmentState"] == "notContacted" {
			waiting++
		}
	}
	assert.Equal(t, len(d.Stock), waiting)
	serial := list[0]["serialNumber"].(string)
	filter := url.QueryEscape("discoverySource eq 'deviceEnrollmentProgram' and contains(serialNumber,'" + serial + "')")
	assert.NotEmpty(t, c.get(path+"/"+id+"/importedAppleDeviceIdentities?$filter="+filter).values(t))
	assert.True(t, f.RemoveFromApple(serial))
	assert.Equal(t, true, c.get(path + "/" + id + "/importedAppleDeviceIdentities?$filter=" + filter).values(t)[0]["isDeleted"])

	assert.Equal(t, 204, c.post(path+"/"+id+"/syncWithAppleDeviceEnrollmentProgram", "").status)
	assert.Equal(t, 409, c.post(path+"/"+id+"/syncWithAppleDeviceEnrollmentProgram", "").status)
	f.Advance(15 * time.Minute)
	f.SetEnrolmentToken(f.Now().Add(-time.Hour), 0)
	assert.Equal(t, 204, c.post(path+"/"+id+"/syncWithAppleDeviceEnrollmentProgram", "{}").status)
	assert.NotEqual(t, 0.0, c.get(path + "/" + id).object(t)["lastSyncErrorCode"])
	assert.NotEmpty(t, c.get(path + "/" + id + "/getEncryptionPublicKey").object(t)["value"])
	assert.Equal(t, 204, c.post(path+"/"+id+"/uploadDepToken", `{"appleId":"a@b.example","depToken":"x"}`).status)
	renewed, err := time.Parse(time.RFC3339, c.get(path + "/" + id).object(t)["tokenExpirationDateTime"].(string))
	require.NoError(t, err)
	assert.True(t, renewed.After(f.Now().AddDate(0, 11, 0)))
	assert.Nil(t, f.Violations())
	assert.Equal(t, 404, c.get(path+"/"+f.IDs()[0]).status)
	assert.Len(t, c.get(path+"?$top=1").values(t), 1)
	for _, query := range []string{"$top=abc", "$filter=nonsense", "$filter=tokenName%20eq%20'x'", "$skiptoken=x"} {
		assert.Equal(t, 400, c.get(path+"?"+query).status, query)
	}
}

func TestCertificatesAndGroups(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	expiry := f.Now().Add(48 * time.Hour).Truncate(time.Second)
	f.SetPushExpiry(expiry)
	push := c.get("/v1.0/deviceManagement/applePushNotificationCertificate").object(t)
	assert.Equal(t, expiry.Format(time.RFC3339), push["expirationDateTime"])
	assert.Equal(t, "valid", c.get("/v1.0/deviceAppManagement/vppTokens").values(t)[0]["state"])

	for _, d := range c.get("/v1.0/deviceManagement/managedDevices").values(t) {
		id := d["azureADDeviceId"].(string)
		if id == "00000000-0000-0000-0000-000000000000" || id == d["id"] {
			continue
		}
		groups := c.get("/v1.0/devices(deviceId='" + id + "')/memberOf").values(t)
		object := c.get("/v1.0/devices?$filter=" + url.QueryEscape("deviceId eq '"+id+"'")).values(t)[0]
		assert.NotEqual(t, id, object["id"])
		if len(groups) == 0 {
			continue
		}
		assert.Len(t, c.get("/v1.0/devices/"+object["id"].(string)+"/memberOf").values(t), len(groups))
		members := c.get("/v1.0/groups/" + groups[0]["id"].(string) + "/members/microsoft.graph.device").values(t)
		assert.NotEmpty(t, members)
		assert.Nil(t, f.Violations())
		return
	}
	assert.Fail(t, "no device is in a group")
}
