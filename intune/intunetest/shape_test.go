package intunetest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// The members of managedDevice in v1.0 that are no navigation.
const stable = `id userId deviceName managedDeviceName managedDeviceOwnerType enrolledDateTime lastSyncDateTime operatingSystem osVersion
	complianceState jailBroken managementAgent managementState deviceEnrollmentType deviceRegistrationState easActivated easDeviceId
	easActivationDateTime azureADRegistered azureADDeviceId activationLockBypassCode emailAddress userPrincipalName userDisplayName
	deviceCategoryDisplayName isSupervised isEncrypted exchangeAccessState exchangeAccessStateReason exchangeLastSuccessfulSyncDateTime
	model manufacturer imei meid serialNumber phoneNumber wiFiMacAddress ethernetMacAddress iccid udid subscriberCarrier
	totalStorageSpaceInBytes freeStorageSpaceInBytes physicalMemoryInBytes androidSecurityPatchLevel
	configurationManagerClientEnabledFeatures deviceHealthAttestationState deviceActionResults complianceGracePeriodExpirationDateTime
	partnerReportedThreatState requireUserEnrollmentApproval managementCertificateExpirationDate enrollmentProfileName notes
	remoteAssistanceSessionUrl remoteAssistanceSessionErrorDetails`

// What the plan for a sync selects.
const planned = "id,userId,deviceName,managedDeviceName,managedDeviceOwnerType,managementState,managementAgent,enrolledDateTime,lastSyncDateTime,operatingSystem,osVersion,deviceType,complianceState,jailBroken,deviceEnrollmentType,lostModeState,azureADDeviceId,azureADRegistered,deviceCategoryDisplayName,isSupervised,isEncrypted,userPrincipalName,userDisplayName,emailAddress,model,manufacturer,serialNumber,imei,meid,phoneNumber,wiFiMacAddress,subscriberCarrier,totalStorageSpaceInBytes,freeStorageSpaceInBytes,enrollmentProfileName,autopilotEnrolled,joinType"

func TestDeviceOfVersionOne(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	res := c.get("/v1.0/deviceManagement/managedDevices?$top=2")
	assert.Equal(t, "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8", res.header.Get("Content-Type"))
	page := res.object(t)
	assert.Equal(t, "https://graph.microsoft.com/v1.0/$metadata#deviceManagement/managedDevices", page["@odata.context"])
	assert.Equal(t, 2.0, page["@odata.count"])
	var names []string
	for name := range page["value"].([]any)[0].(map[string]any) {
		names = append(names, name)
	}
	assert.ElementsMatch(t, strings.Fields(stable), names)
}

func TestPlannedSelectionIsKnownToBeta(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	list := c.get("/beta/deviceManagement/managedDevices?$top=999&$select=" + planned).values(t)
	assert.Len(t, list[0], strings.Count(planned, ",")+1)
	assert.Nil(t, f.Violations())

	res := c.get("/v1.0/deviceManagement/managedDevices?$select=" + planned)
	assert.Equal(t, 400, res.status)
	assert.Len(t, f.Violations(), 1)
}

func TestListAndItemAreTwoProjections(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	id := first(t, f, intunetest.Mac)
	listed := find(t, c.get("/beta/deviceManagement/managedDevices").values(t), id)
	for name, want := range map[string]any{
		"activationLockBypassCode": nil, "ethernetMacAddress": nil, "iccid": nil, "udid": nil, "physicalMemoryInBytes": 0.0, "notes": nil,
		"chassisType": "unknown", "windowsActiveMalwareCount": 0.0, "retireAfterDateTime": "0001-01-01T00:00:00Z", "meid": "",
		"partnerReportedThreatState": "unknown",
	} {
		assert.Equal(t, want, listed[name], name)
	}
	assert.Empty(t, listed["roleScopeTagIds"])
	assert.Empty(t, listed["deviceActionResults"])
	hardware := listed["hardwareInformation"].(map[string]any)
	assert.Equal(t, "running", hardware["deviceGuardVirtualizationBasedSecurityState"])
	assert.Equal(t, 0.0, hardware["totalStorageSpace"])
	assert.Equal(t, false, hardware["isEncrypted"])
	assert.Equal(t, true, listed["isEncrypted"])
	assert.Regexp(t, `T\d\d:\d\d:\d\dZ$`, listed["lastSyncDateTime"])

	item := c.get("/beta/deviceManagement/managedDevices/" + id).object(t)
	assert.Nil(t, item["udid"], "only what is named in $select")
	assert.Equal(t, "9999-12-31T23:59:59.9999999Z", item["retireAfterDateTime"])
	assert.Equal(t, []any{"0"}, item["roleScopeTagIds"])
	assert.Nil(t, item["meid"])
	assert.Regexp(t, `\.\d{7}Z$`, item["lastSyncDateTime"])

	item = c.get("/beta/deviceManagement/managedDevices/" + id + "?$select=id,udid,iccid,ethernetMacAddress,physicalMemoryInBytes,notes,hardwareInformation").object(t)
	assert.Equal(t, "https://graph.microsoft.com/beta/$metadata#deviceManagement/managedDevices(id,udid,iccid,ethernetMacAddress,physicalMemoryInBytes,notes,hardwareInformation)/$entity", item["@odata.context"])
	assert.Len(t, item, 8)
	assert.NotEmpty(t, item["udid"])
	assert.Equal(t, 0.0, item["physicalMemoryInBytes"], "Windows only")
	assert.Regexp(t, `^[0-9a-fA-F]{12}$`, item["ethernetMacAddress"])
	hardware = item["hardwareInformation"].(map[string]any)
	assert.NotEqual(t, 0.0, hardware["totalStorageSpace"])
	assert.NotEmpty(t, hardware["productName"])
	assert.Nil(t, hardware["ipAddressV4"], "never of Apple's devices")
}

func TestNobodyIsWrittenInTwoWays(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	for _, d := range c.get("/v1.0/deviceManagement/managedDevices").values(t) {
		if d["userId"] != "" {
			continue
		}
		assert.Equal(t, "", d["userPrincipalName"])
		item := c.get("/v1.0/deviceManagement/managedDevices/" + d["id"].(string)).object(t)
		assert.Equal(t, "00000000-0000-0000-0000-000000000000", item["userId"])
		assert.Nil(t, item["userPrincipalName"])
		assert.Empty(t, c.get("/v1.0/deviceManagement/managedDevices/"+d["id"].(string)+"/users").values(t))
		return
	}
	assert.Fail(t, "each device has a user")
}

func TestUncategorisedIsWrittenInTwoWays(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	id := f.IDs()[0] // each fifth has none
	assert.Equal(t, "Unknown", find(t, c.get("/v1.0/deviceManagement/managedDevices").values(t), id)["deviceCategoryDisplayName"])
	assert.Equal(t, "", c.get("/v1.0/deviceManagement/managedDevices/" + id).object(t)["deviceCategoryDisplayName"])
	assert.Equal(t, 404, c.get("/v1.0/deviceManagement/managedDevices/"+id+"/deviceCategory").status)
}

func TestEnrolmentTypesThatOnlyBetaKnows(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	path := "/deviceManagement/managedDevices/" + first(t, f, intunetest.AndroidFully) + "?$select=deviceEnrollmentType"
	assert.Equal(t, "androidEnterpriseFullyManaged", c.get("/beta" + path).object(t)["deviceEnrollmentType"])
	assert.Equal(t, "unknownFutureValue", c.get("/v1.0" + path).object(t)["deviceEnrollmentType"])
	c.header.Set("Prefer", "include-unknown-enum-members")
	assert.Equal(t, "androidEnterpriseFullyManaged", c.get("/v1.0" + path).object(t)["deviceEnrollmentType"])
}

func TestJunkOfIntune(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	junk, own, zero, prefixed, masked, alike := 0, 0, 0, 0, 0, 0
	for _, d := range c.get("/v1.0/deviceManagement/managedDevices").values(t) {
		switch serial := d["serialNumber"].(string); serial {
		case "Defaultstring", "SystemSerialNumber", "0", "ToBeFilledByO.E.M.":
			junk++
		}
		if d["azureADDeviceId"] == d["id"] {
			own++
		}
		if d["azureADDeviceId"] == "00000000-0000-0000-0000-000000000000" {
			zero++
		}
		if upn := d["userPrincipalName"].(string); len(upn) > 32 && !strings.ContainsAny(upn[:32], "@.-") {
			prefixed++
		}
		if strings.HasPrefix(d["phoneNumber"].(string), "******") {
			masked++
		}
		if meid := d["meid"].(string); meid != "" {
			assert.Equal(t, d["imei"].(string)[:14], meid)
			alike++
		}
	}
	for name, n := range map[string]int{"junk serials": junk, "own ids": own, "zero directory ids": zero, "prefixed UPNs": prefixed,
		"masked numbers": masked, "MEIDs": alike} {
		assert.Positive(t, n, name)
	}
}

func TestPrimaryUserAndUsers(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	for _, d := range c.get("/v1.0/deviceManagement/managedDevices").values(t) {
		id := d["userId"].(string)
		if id == "" {
			continue
		}
		users := c.get("/v1.0/deviceManagement/managedDevices/" + d["id"].(string) + "/users").values(t)
		require.Len(t, users, 1)
		assert.Equal(t, id, users[0]["id"])
		one := c.get("/v1.0/users/" + id + "?$select=id,displayName,userPrincipalName,mail,employeeId").object(t)
		assert.Len(t, one, 6)
		assert.Equal(t, users[0]["userPrincipalName"], one["userPrincipalName"])
		assert.NotEqual(t, one["mail"], one["userPrincipalName"])
		assert.Equal(t, one["id"], c.get("/v1.0/users/" + one["userPrincipalName"].(string)).object(t)["id"])
		found := c.get("/v1.0/users/" + id + "/managedDevices?$select=id").values(t)
		assert.Contains(t, found, map[string]any{"id": d["id"]})
		break
	}
	res := c.get("/v1.0/users/00000000-1111-4222-8333-444444444444")
	code, _ := res.failure(t)
	assert.Equal(t, 404, res.status)
	assert.Equal(t, "Request_ResourceNotFound", code)
	assert.Equal(t, 400, c.get("/v1.0/users?$select=shoeSize").status)
}

func TestOverviewCountsAll(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	o := c.get("/v1.0/deviceManagement/managedDeviceOverview").object(t)
	assert.Equal(t, float64(len(f.IDs())), o["enrolledDeviceCount"])
	summary := o["deviceOperatingSystemSummary"].(map[string]any)
	sum := 0.0
	for _, name := range []string{"androidCount", "iosCount", "macOSCount", "windowsCount", "windowsMobileCount", "unknownCount"} {
		sum += summary[name].(float64)
	}
	assert.Equal(t, o["enrolledDeviceCount"], sum)
}

func find(t *testing.T, list []map[string]any, id string) map[string]any {
	t.Helper()
	for _, d := range list {
		if d["id"] == id {
			return d
		}
	}
	require.FailNow(t, "the list lacks "+id)
	return nil
}

func TestBatteryIsANumberOrAText(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	path := "/beta/deviceManagement/managedDevices/" + first(t, f, intunetest.IPad) + "?$select=hardwareInformation"
	battery := func() any {
		return c.get(path).object(t)["hardwareInformation"].(map[string]any)["batteryLevelPercentage"]
	}
	assert.IsType(t, 0.0, battery())
	f.SetWire(intunetest.Wire{TextBattery: true})
	assert.IsType(t, "", battery())
}

func TestPrimaryUserCanBeChangedOnWindows(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	user := c.get("/v1.0/users?$top=1&$select=id").values(t)[0]["id"].(string)
	body := `{"@odata.id":"https://graph.microsoft.com/beta/users/` + user + `"}`
	pc := "/beta/deviceManagement/managedDevices/" + first(t, f, intunetest.Windows)
	assert.Equal(t, 204, c.post(pc+"/users/$ref", body).status)
	assert.Equal(t, user, c.get(pc + "/users").values(t)[0]["id"])
	assert.Nil(t, f.Violations())
	assert.Equal(t, 400, c.post("/beta/deviceManagement/managedDevices/"+first(t, f, intunetest.Mac)+"/users/$ref", body).status)
	assert.Equal(t, 204, c.send("DELETE", pc+"/users/$ref", "").status)
	assert.Empty(t, c.get(pc+"/users").values(t))
	assert.Len(t, f.Violations(), 2)
}

func TestUnfinishedEnrolmentHasNoDates(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	id := f.Add(fleet.Device{UDID: "9F1C2D3E-4A5B-5C6D-8E7F-0123456789AB", Serial: "K4TESTQ6VN", Platform: fleet.MacOS, Managed: true})
	d := c.get("/v1.0/deviceManagement/managedDevices/" + id).object(t)
	for _, name := range []string{"enrolledDateTime", "lastSyncDateTime", "managementCertificateExpirationDate", "easActivationDateTime"} {
		assert.Equal(t, "0001-01-01T00:00:00Z", d[name], name)
	}
	assert.Equal(t, id, f.IDs()[len(f.IDs())-1])
}

func TestManagementAgents(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	id := first(t, f, intunetest.Mac)
	for agent, want := range map[string]string{"jamf": "jamf", "msSense": "msSense", "google": "unknownFutureValue"} {
		f.SetAgent(id, agent)
		assert.Equal(t, want, c.get("/v1.0/deviceManagement/managedDevices/" + id).object(t)["managementAgent"])
		assert.Equal(t, agent, c.get("/beta/deviceManagement/managedDevices/" + id).object(t)["managementAgent"])
	}
}
