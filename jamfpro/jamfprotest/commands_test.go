package jamfprotest_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
)

const sending = "/api/v2/mdm/commands"

// order is the body that sends a command.
func order(managementID, data string) string {
	return fmt.Sprintf(`{"clientData":[{"managementId":%q}],"commandData":%s}`, managementID, data)
}

func TestCommands(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	mac, phone := f.ManagementID(jamfprotest.Computer, "41"), f.ManagementID(jamfprotest.Mobile, "8")
	g := c.send("POST", sending, order(phone, `{"commandType":"RESTART_DEVICE","notifyUser":true}`))
	require.Equal(t, 201, g.status, g.body)
	id := decode[[]map[string]string](t, g)[0]["id"]
	require.Equal(t, 201, c.send("POST", sending, order(mac, `{"commandType":"DEVICE_LOCK","pin":"123456"}`)).status)

	require.Len(t, f.Queue(), 2)
	assert.Equal(t, "RESTART_DEVICE", f.Queue()[0].Type)
	assert.Equal(t, jamfprotest.Mobile, f.Queue()[0].Kind)
	state := func() any {
		p := c.page(query(sending, "filter", `uuid=="`+id+`"`))
		require.Equal(t, 1, p.Total)
		return p.Results[0]["commandState"]
	}
	assert.Equal(t, "PENDING", state())
	f.Postpone(phone, true)
	assert.Equal(t, 1, f.Settle())
	assert.Equal(t, "NOT_NOW", state())
	f.Postpone(phone, false)
	f.FailCommands(phone, "no power")
	assert.Equal(t, 1, f.Settle())
	assert.Equal(t, "ERROR", state())
	assert.Empty(t, f.Queue())
	p := c.page(query(sending, "filter", `clientManagementId=="`+phone+`";status==Error;dateSent=ge="2026-05-04T00:00:00Z"`))
	assert.Equal(t, "no power", p.Results[0]["commandError"].(map[string]any)["errorEnglishDescription"])
	assert.JSONEq(t, `{"pin":"123456"}`, c.get(computers+"/41/view-device-lock-pin").body)

	f.SetWire(jamfprotest.Wire{Nested: true, BareArray: true, OneCommand: true})
	assert.True(t, strings.HasPrefix(c.get(query(sending, "filter", "active==false")).body, `[{"command":{`))
	assert.True(t, strings.HasPrefix(c.send("POST", sending, order(mac, `{"commandType":"LOG_OUT_USER"}`)).body, `{"id":`))
	assert.Empty(t, f.Violations())
}

func TestCommandsRefused(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	mac, phone := f.ManagementID(jamfprotest.Computer, "41"), f.ManagementID(jamfprotest.Mobile, "8")
	for _, x := range []struct{ id, data, want string }{
		{mac, `{"commandType":"CLEAR_PASSCODE","unlockToken":"eA=="}`, "not for a computer"},
		{mac, `{"commandType":"ENABLE_LOST_MODE","lostModeMessage":"x"}`, "not for a computer"},
		{phone, `{"commandType":"SET_RECOVERY_LOCK","newPassword":""}`, "not for a mobile"},
		{phone, `{"commandType":"ENABLE_LOST_MODE"}`, "needs a message"},
		{phone, `{"commandType":"ENABLE_LOST_MODE","lostModeMessage":"","lostModePhone":""}`, "needs a message"},
		{phone, `{"commandType":"CLEAR_PASSCODE"}`, "unlockToken is missing"},
		{phone, `{"commandType":"CLEAR_PASSCODE","unlockToken":"?"}`, "base64"},
		{phone, `{"commandType":"MAKE_COFFEE"}`, "not known"},
		{phone, `{"commandType":"RESTART_DEVICE","force":true}`, `unknown key "commandData.force"`},
		{phone, `{"commandType":"RESTART_DEVICE","notifyUser":"yes"}`, "wrong type"},
		{phone, `{"commandType":"ERASE_DEVICE","returnToService":true}`, "wrong type"},
		{phone, `{"commandType":"ERASE_DEVICE","obliterationBehavior":"Never"}`, "obliterationBehavior"},
		{mac, `{"commandType":"ERASE_DEVICE","pin":"1"}`, "six characters"},
		{mac, `{"commandType":"DEVICE_LOCK"}`, "pin is missing"},
		{mac, `{"commandType":"DEVICE_LOCK","pin":"12345a"}`, "six digits"},
		{mac, `{"commandType":"DEVICE_LOCK","pin":"１２３４５６"}`, "six digits"},
		{mac, `{"commandType":"DEVICE_INFORMATION","queries":[]}`, "queries is empty"},
	} {
		f.Forget()
		assert.Equal(t, 400, c.send("POST", sending, order(x.id, x.data)).status, x.data)
		assert.Contains(t, strings.Join(f.Violations(), "\n"), x.want, x.data)
	}
	f.Forget()
	assert.Equal(t, 500, c.send("POST", sending, order("c0ffee00-0000-4000-8000-000000000000", `{"commandType":"RESTART_DEVICE"}`)).status)
	assert.Equal(t, 500, c.send("POST", sending, order(phone, `{"commandType":"DEVICE_INFORMATION","queries":["OSVersion"]}`)).status)
	assert.Equal(t, 500, c.send("POST", "/api/v2/mobile-devices/999/unmanage", "").status)
	g := c.send("POST", computers+"/999/erase", "")
	assert.Equal(t, 404, g.status)
	assert.Empty(t, g.body)
	assert.Empty(t, f.Queue())
	assert.Empty(t, f.Violations())

	assert.Equal(t, 400, c.send("POST", sending, order(mac, `{"commandType":"VALIDATE_RECOVERY_LOCK","password":"x"}`)).status)
	f.SetVersion("11.26.1")
	assert.Equal(t, 201, c.send("POST", sending, order(mac, `{"commandType":"VALIDATE_RECOVERY_LOCK","password":"x"}`)).status)
	f.SetVersion("10.50.0")
	assert.Equal(t, 400, c.send("POST", sending, order(phone, `{"commandType":"DEVICE_LOCK"}`)).status)
}

func TestRightsForCommands(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	phone := f.ManagementID(jamfprotest.Mobile, "8")
	base := []string{"View MDM command information in Jamf Pro API", "Send MDM command information in Jamf Pro API"}
	for right, data := range map[string]string{
		"Send Mobile Device Restart Device Command":   `{"commandType":"RESTART_DEVICE"}`,
		"Send Mobile Device Set Device Name Command":  `{"commandType":"SETTINGS","deviceName":"x"}`,
		"Send Mobile Device Managed Settings Command": `{"commandType":"SETTINGS","timeZone":"UTC"}`,
		"Send Mobile Device Lost Mode Command":        `{"commandType":"ENABLE_LOST_MODE","lostModePhone":"1"}`,
	} {
		f.SetRights(f.ClientID, base...)
		assert.Equal(t, 403, c.send("POST", sending, order(phone, data)).status, right)
		f.SetRights(f.ClientID, append(base, right)...)
		assert.Equal(t, 201, c.send("POST", sending, order(phone, data)).status, right)
	}
	assert.Empty(t, f.Violations())
}

func TestEffects(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	phone := f.ManagementID(jamfprotest.Mobile, "8")
	detail := func() map[string]any { return decode[map[string]any](t, c.get("/api/v2/mobile-devices/8/detail")) }

	require.Equal(t, 200, c.send("PATCH", "/api/v2/mobile-devices/8", `{"name":"Renamed","assetTag":"INV-9","location":{"buildingId":"3","room":"7"}}`).status)
	assert.Equal(t, "Service phone 4", detail()["name"])
	assert.Equal(t, "INV-9", detail()["assetTag"])
	assert.Equal(t, "3", detail()["location"].(map[string]any)["buildingId"])
	f.Settle()
	assert.Equal(t, "Renamed", detail()["name"])

	wrong := base64.StdEncoding.EncodeToString([]byte("guess"))
	c.send("POST", sending, order(phone, `{"commandType":"CLEAR_PASSCODE","unlockToken":"`+wrong+`"}`))
	f.Settle()
	ios := detail()["ios"].(map[string]any)
	assert.Equal(t, true, ios["security"].(map[string]any)["passcodePresent"])
	c.send("POST", sending, order(phone, `{"commandType":"CLEAR_PASSCODE","unlockToken":"`+ios["unlockToken"].(string)+`"}`))
	f.Settle()
	assert.Equal(t, false, detail()["ios"].(map[string]any)["security"].(map[string]any)["passcodePresent"])

	require.Equal(t, 200, c.send("POST", "/api/v2/mobile-devices/8/erase", `{"preserveDataPlan":true}`).status)
	assert.Equal(t, 1, f.Settle())
	assert.Equal(t, false, detail()["managed"])
	require.Equal(t, 200, c.send("POST", "/api/v1/computer-inventory/41/remove-mdm-profile", "").status)
	assert.Equal(t, 1, f.Settle())
	assert.Contains(t, c.get(computers+"/41").body, `"managed":false`)
	c.prepare = with("Accept", "application/xml")
	g := c.send("POST", "/JSSResource/mobiledevicecommands/command/UpdateInventory/id/8", "")
	assert.Equal(t, 201, g.status)
	assert.True(t, strings.HasPrefix(g.header.Get("Content-Type"), "application/xml"))
	c.prepare = func(*http.Request) {}
	assert.Zero(t, f.Settle(), "it obeys no more")

	assert.JSONEq(t, `{"errorUuids":["x"]}`, c.send("POST", "/api/v2/mdm/blank-push", `{"clientManagementIds":["`+phone+`","x"]}`).body)
	assert.JSONEq(t, `{"udidsNotProcessed":{"udids":["x"]}}`, c.send("POST", "/api/v1/mdm/renew-profile", `{"udids":["`+phoneUDID+`","x"]}`).body)
	assert.Equal(t, 204, c.send("POST", "/api/v1/ddm/"+phone+"/sync", "").status)
	assert.Equal(t, 202, c.send("POST", "/api/v1/jamf-management-framework/redeploy/41", "").status)
	assert.Empty(t, f.Violations())
}
