package intunetest_test

import (
	"encoding/base64"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
)

// matrix is the vendor's table: which kinds have an action. The devices are
// supervised and belong to the organisation.
var matrix = map[string]struct {
	beta  bool
	body  string
	kinds []intunetest.Kind
}{
	"remoteLock": {false, "", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.Mac, intunetest.AndroidFully,
		intunetest.AndroidDedicated, intunetest.AndroidCorporate, intunetest.AndroidOpenSource}},
	"wipe": {false, "{}", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.Mac, intunetest.Windows, intunetest.AndroidFully,
		intunetest.AndroidDedicated, intunetest.AndroidCorporate, intunetest.AndroidOpenSource, intunetest.ChromeOS}},
	"retire": {false, "", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.Mac, intunetest.Windows, intunetest.AndroidPersonal}},
	"resetPasscode": {false, "", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.AndroidFully, intunetest.AndroidDedicated,
		intunetest.AndroidCorporate, intunetest.AndroidPersonal, intunetest.AndroidOpenSource}},
	"rebootNow": {false, "", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.Mac, intunetest.Windows, intunetest.AndroidFully,
		intunetest.AndroidDedicated, intunetest.AndroidOpenSource, intunetest.ChromeOS}},
	"shutDown": {false, "{}", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.Mac}},
	"syncDevice": {false, "", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.Mac, intunetest.TV, intunetest.Windows,
		intunetest.AndroidFully, intunetest.AndroidDedicated, intunetest.AndroidCorporate, intunetest.AndroidPersonal, intunetest.AndroidOpenSource}},
	"enableLostMode":  {true, `{"message":"Found?","phoneNumber":"030 0000","footer":""}`, []intunetest.Kind{intunetest.IOS, intunetest.IPad}},
	"disableLostMode": {false, "", []intunetest.Kind{intunetest.IOS, intunetest.IPad}},
	"locateDevice": {false, "", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.Windows, intunetest.AndroidFully,
		intunetest.AndroidDedicated, intunetest.AndroidCorporate}},
	"playLostModeSound": {true, "", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.AndroidFully,
		intunetest.AndroidDedicated, intunetest.AndroidCorporate}},
	"setDeviceName": {true, `{"deviceName":"LAB-07"}`, []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.Mac, intunetest.Windows,
		intunetest.AndroidFully, intunetest.AndroidDedicated, intunetest.AndroidCorporate}},
	"bypassActivationLock": {false, "", []intunetest.Kind{intunetest.IOS, intunetest.IPad, intunetest.Mac}},
	"cleanWindowsDevice":   {false, `{"keepUserData":true}`, []intunetest.Kind{intunetest.Windows}},
}

func TestActionsFollowTheMatrix(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	f.SetLimit(intunetest.LimitDeviceWrites, 0, 0)
	var id string
	for _, id = range f.IDs() { // a PC that is not hybrid-joined
		if f.Kind(id) == intunetest.Windows && c.get("/beta/deviceManagement/managedDevices/" + id).object(t)["joinType"] == "azureADJoined" {
			break
		}
	}
	for name, one := range matrix {
		for k := intunetest.IOS; k <= intunetest.ChromeOS; k++ {
			f.SetKind(id, k)
			f.SetOwner(id, k == intunetest.AndroidPersonal, true)
			f.Forget()
			has := contains(one.kinds, k)
			for _, version := range []string{"/v1.0", "/beta"} {
				res := c.post(version+"/deviceManagement/managedDevices/"+id+"/"+name, one.body)
				if has && (version == "/beta" || !one.beta) {
					assert.Equal(t, 204, res.status, "%s %s on kind %d: %s", version, name, k, res.body)
					continue
				}
				code, message := res.failure(t)
				assert.Equal(t, 400, res.status, "%s %s on kind %d", version, name, k)
				assert.Equal(t, "BadRequest", code)
				if one.beta && version == "/v1.0" {
					assert.Equal(t, "Resource not found for the segment '"+name+"'.", message)
				}
			}
			assert.Equal(t, has && !one.beta, f.Violations() == nil, "%s on kind %d", name, k)
		}
	}
}

func contains(list []intunetest.Kind, k intunetest.Kind) bool {
	for _, one := range list {
		if one == k {
			return true
		}
	}
	return false
}

func TestActionsThatNeedSupervisionOrOwnership(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	id := first(t, f, intunetest.IPad)
	for name, one := range map[string]struct{ personal, supervised bool }{
		"rebootNow": {false, false}, "shutDown": {false, false}, "enableLostMode": {false, false}, "locateDevice": {false, false},
		"setDeviceName": {false, false}, "wipe": {true, true}, "resetPasscode": {true, true},
	} {
		f.SetOwner(id, one.personal, one.supervised)
		assert.Equal(t, 400, c.post("/beta/deviceManagement/managedDevices/"+id+"/"+name, matrix[name].body).status, name)
		f.SetOwner(id, false, true)
		assert.Equal(t, 204, c.post("/beta/deviceManagement/managedDevices/"+id+"/"+name, matrix[name].body).status, name)
	}
}

// results are the entries of a device's deviceActionResults.
func (c *caller) results(id string) []map[string]any {
	c.t.Helper()
	var list []map[string]any
	for _, v := range c.get("/beta/deviceManagement/managedDevices/" + id).object(c.t)["deviceActionResults"].([]any) {
		list = append(list, v.(map[string]any))
	}
	return list
}

func TestActionsSettle(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	const path = "/beta/deviceManagement/managedDevices/"
	mac, pad, fully := first(t, f, intunetest.Mac), first(t, f, intunetest.IPad), first(t, f, intunetest.AndroidFully)
	f.SetOwner(pad, false, true)

	c.post(path+mac+"/remoteLock", "")
	assert.Equal(t, "pending", c.results(mac)[0]["actionState"])
	assert.Nil(t, c.results(mac)[0]["unlockPin"])
	f.SetOffline(mac, true)
	assert.Zero(t, f.Settle())
	f.SetOffline(mac, false)
	assert.Equal(t, 1, f.Settle())
	c.post(path+mac+"/remoteLock", "")
	f.Settle()
	assert.Equal(t, "failed", c.results(mac)[1]["actionState"], "the first PIN was not used")
	f.UsePIN(mac)
	c.post(path+mac+"/remoteLock", "")
	f.Settle()
	assert.Equal(t, "done", c.results(mac)[2]["actionState"])
	assert.Equal(t, "#microsoft.graph.remoteLockActionResult", c.results(mac)[2]["@odata.type"])

	c.post(path+fully+"/resetPasscode", "")
	f.Settle()
	assert.NotEmpty(t, c.results(fully)[0]["passcode"])
	c.post(path+pad+"/resetPasscode", "")
	f.Settle()
	assert.Nil(t, c.results(pad)[0]["passcode"], "it is removed")

	c.post(path+pad+"/locateDevice", "")
	f.Settle()
	assert.Equal(t, "failed", c.results(pad)[1]["actionState"], "not in lost mode")
	c.post(path+pad+"/enableLostMode", `{"message":"m","phoneNumber":"1","footer":"f"}`)
	f.Settle()
	assert.True(t, f.Lost(pad))
	assert.Equal(t, "enabled", c.get(path + pad).object(t)["lostModeState"])
	c.post(path+pad+"/locateDevice", "")
	f.Settle()
	place := c.results(pad)[3]["deviceLocation"].(map[string]any)
	assert.Equal(t, 52.5, place["latitude"])
	assert.Nil(t, f.Violations())
}

func TestWipeTakesPrecedence(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	const path = "/v1.0/deviceManagement/managedDevices/"
	mac, pc := first(t, f, intunetest.Mac), first(t, f, intunetest.Windows)
	c.post(path+mac+"/syncDevice", "")
	assert.Equal(t, 204, c.post(path+mac+"/wipe", `{"macOsUnlockCode":"123456","keepUserData":false,"persistEsimDataPlan":true}`).status)
	assert.Equal(t, "wipePending", c.get(path + mac).object(t)["managementState"])
	assert.Equal(t, "canceled", c.results(mac)[0]["actionState"])
	assert.Equal(t, 204, c.post(path+pc+"/wipe", `{"keepEnrollmentData":true,"keepUserData":true}`).status)
	f.Settle()
	assert.Equal(t, 404, c.get(path+mac).status)
	assert.Equal(t, 200, c.get(path+pc).status)
	assert.Nil(t, f.Violations())

	assert.Equal(t, 400, c.post(path+pc+"/wipe", `{"macOsUnlockCode":"12"}`).status)
	assert.Equal(t, 400, c.post(path+pc+"/wipe", `{"useProtectedWipe":true}`).status, "beta only")
	assert.Equal(t, 204, c.post("/beta/deviceManagement/managedDevices/"+pc+"/wipe", `{"useProtectedWipe":true,"obliterationBehavior":"default"}`).status)
	assert.Equal(t, 400, c.post(path+pc+"/syncDevice", `{"now":true}`).status)
}

func TestFailedActions(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	pc := first(t, f, intunetest.Windows)
	f.FailActions(pc, true)
	c.post("/v1.0/deviceManagement/managedDevices/"+pc+"/retire", "")
	f.Settle()
	assert.Equal(t, "retireFailed", c.get("/v1.0/deviceManagement/managedDevices/" + pc).object(t)["managementState"])
	assert.Equal(t, "failed", c.results(pc)[0]["actionState"])
}

func TestDeleteIsAViolationAndDangerous(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	fully, mac := first(t, f, intunetest.AndroidFully), first(t, f, intunetest.Mac)
	assert.Equal(t, 204, c.send("DELETE", "/v1.0/deviceManagement/managedDevices/"+fully, "").status)
	assert.Equal(t, 204, c.send("DELETE", "/v1.0/deviceManagement/managedDevices/"+mac, "").status)
	assert.Equal(t, "wipe", c.results(fully)[0]["actionName"])
	assert.Equal(t, "retire", c.results(mac)[0]["actionName"])
	assert.Len(t, f.Violations(), 2)
	assert.Equal(t, 400, c.send("DELETE", "/v1.0/deviceManagement/managedDevices/11111111-2222-4333-8444-555555555555", "").status, "gone already")
}

func TestDeviceNames(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	id := first(t, f, intunetest.Windows)
	f.SetKind(id, intunetest.Mac)
	for name, status := range map[string]int{"LAB-07": 204, "07": 400, "Lab 7": 400, "07-": 204, "": 400} {
		res := c.post("/beta/deviceManagement/managedDevices/"+id+"/setDeviceName", `{"deviceName":"`+name+`"}`)
		assert.Equal(t, status, res.status, name)
	}
	f.Settle()
	assert.Contains(t, []any{"LAB-07", "07-"}, c.get("/v1.0/deviceManagement/managedDevices/" + id).object(t)["deviceName"])
}

func TestBulkAction(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	mac, chrome := first(t, f, intunetest.Mac), first(t, f, intunetest.Windows)
	f.SetKind(chrome, intunetest.ChromeOS)
	const lost = "11111111-2222-4333-8444-555555555555"
	body := `{"actionName":"syncDevice","deviceIds":["` + mac + `","` + chrome + `","` + lost + `"]}`
	res := c.post("/beta/deviceManagement/managedDevices/executeAction", body)
	require.Equal(t, 200, res.status, res.body)
	o := res.object(t)
	assert.Equal(t, []any{mac}, o["successfulDeviceIds"])
	assert.Equal(t, []any{chrome}, o["notSupportedDeviceIds"])
	assert.Equal(t, []any{lost}, o["notFoundDeviceIds"])
	assert.Empty(t, o["failedDeviceIds"])
	assert.Equal(t, 400, c.post("/v1.0/deviceManagement/managedDevices/executeAction", body).status)
}

func TestPatchAndCategory(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	id := f.IDs()[0]
	path := "/v1.0/deviceManagement/managedDevices/" + id
	res := c.send("PATCH", path, `{"managedDeviceOwnerType":"personal","managedDeviceName":"mine","notes":"by hand"}`)
	require.Equal(t, 200, res.status, res.body)
	o := c.get(path + "?$select=managedDeviceOwnerType,managedDeviceName,notes").object(t)
	assert.Equal(t, "personal", o["managedDeviceOwnerType"])
	assert.Equal(t, "mine", o["managedDeviceName"])
	assert.Equal(t, "by hand", o["notes"])
	assert.Equal(t, 400, c.send("PATCH", path, `{"deviceName":"no"}`).status, "read only")

	cats := c.get("/v1.0/deviceManagement/deviceCategories").values(t)
	assert.Len(t, cats[0], 3)
	ref := `{"@odata.id":"https://graph.microsoft.com/v1.0/deviceManagement/deviceCategories/` + cats[0]["id"].(string) + `"}`
	assert.Equal(t, 204, c.send("PUT", path+"/deviceCategory/$ref", ref).status)
	assert.Equal(t, cats[0]["displayName"], c.get(path + "/deviceCategory").object(t)["displayName"])
	assert.Equal(t, cats[0]["displayName"], c.get(path + "?$select=deviceCategoryDisplayName").object(t)["deviceCategoryDisplayName"])
	assert.Len(t, f.Violations(), 1)
}

func TestMultiAdminApproval(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	f.SetApproval(true)
	path := "/v1.0/deviceManagement/managedDevices/" + first(t, f, intunetest.Mac) + "/remoteLock"
	assert.Equal(t, 200, c.get("/v1.0/deviceManagement/managedDevices?$top=1").status)
	res := c.post(path, "")
	_, message := res.failure(t)
	assert.Equal(t, 403, res.status)
	assert.Contains(t, message, "x-msft-approval-justification")
	f.SetWire(intunetest.Wire{ApprovalAs400: true})
	assert.Equal(t, 400, c.post(path, "").status)

	why := base64.StdEncoding.EncodeToString([]byte("left on the bus"))
	c.header.Set("X-Msft-Approval-Justification", why)
	res = c.post(path, "")
	code, _ := res.failure(t)
	assert.Equal(t, 403, res.status)
	assert.Equal(t, "ApprovalRequired", code)
	ticket := res.header.Get("x-msft-approval-code")
	assert.Equal(t, []string{ticket}, f.PendingApprovals())
	status := func() any {
		return c.get("/beta/deviceManagement/operationApprovalRequests?$filter=" + url.QueryEscape("requestId eq '"+ticket+"'")).values(t)[0]["status"]
	}
	assert.Equal(t, "needsApproval", status())
	again := func(path string) got {
		c.header.Set("X-Msft-Approval-Code", ticket)
		return c.post(path, "")
	}
	assert.Equal(t, 403, again(path).status)
	assert.True(t, f.Approve(ticket, true))
	assert.Equal(t, "approved", status())
	require.Nil(t, f.Violations())
	assert.Equal(t, 400, again(path+"?x=1").status, "another request")
	assert.Equal(t, 204, again(path).status)
	assert.Equal(t, "completed", status())
	assert.Equal(t, 403, again(path).status, "only once")

	c.header.Set("X-Msft-Approval-Justification", why)
	ticket = c.post(path, "").header.Get("x-msft-approval-code")
	f.Approve(ticket, false)
	assert.Equal(t, "rejected", status())
	assert.Equal(t, 403, again(path).status)
	assert.False(t, f.Approve("junk", true))
}
