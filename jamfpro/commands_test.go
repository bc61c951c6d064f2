package jamfpro_test

import (
	"net/http"
	"testing"

	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mac and ipad are records of the devices that computer(7) and mobile(7) are.
func mac(c *jamfpro.Client) mdm.Record {
	return mdm.Record{Origin: c.Info().Origin, ID: "computer:7", Class: mdm.ClassComputer, Platform: mdm.PlatformMacOS, Serial: "C0000007"}
}

func ipad(c *jamfpro.Client) mdm.Record {
	return mdm.Record{Origin: c.Info().Origin, ID: "mobile:7", Class: mdm.ClassTablet, Platform: mdm.PlatformIPadOS, Serial: "M0000007"}
}

// pair is a tenant with both, and answers of its own.
func pair(s scripted) *tenant {
	if s == nil {
		s = scripted{}
	}
	s["GET /api/v4/computers-inventory/7"] = answer{body: computer(7).json}
	return &tenant{computers: []row{computer(7)}, mobiles: []row{mobile(7)}, script: s}
}

func TestSend(t *testing.T) {
	t.Parallel()
	queued := func(commandType, more string) string {
		return `{"clientData":[{"managementId":"e8f1d0aa-6f4b-4f0d-b7c8-000000000007"}],"commandData":{"commandType":"` + commandType + `"` + more + `}}`
	}
	for name, tt := range map[string]struct {
		command mdm.Command
		path    string
		body    string
	}{
		"lock":      {mdm.Lock{Message: "M", Phone: "1"}, "/api/v2/mdm/commands", queued("DEVICE_LOCK", `,"message":"M","phoneNumber":"1"`)},
		"restart":   {mdm.Restart{}, "/api/v2/mdm/commands", queued("RESTART_DEVICE", "")},
		"shut down": {mdm.ShutDown{}, "/api/v2/mdm/commands", queued("SHUT_DOWN_DEVICE", "")},
		"lost":      {mdm.EnableLostMode{Message: "M", Footnote: "F"}, "/api/v2/mdm/commands", queued("ENABLE_LOST_MODE", `,"lostModeMessage":"M","lostModeFootnote":"F"`)},
		"found":     {mdm.DisableLostMode{}, "/api/v2/mdm/commands", queued("DISABLE_LOST_MODE", "")},
		"wipe": {mdm.Wipe{ClearActivationLock: true}, "/api/v2/mobile-devices/7/erase",
			`{"preserveDataPlan":false,"disallowProximitySetup":false,"clearActivationLock":true,"returnToService":false}`},
		"retire":  {mdm.Retire{}, "/api/v2/mobile-devices/7/unmanage", ""},
		"refresh": {mdm.Refresh{}, "/JSSResource/mobiledevicecommands/command/UpdateInventory/id/7", ""},
	} {
		tn := pair(scripted{
			"POST /api/v2/mdm/commands": {status: 201, body: `[{"id":"U"}]`}, "POST /api/v2/mobile-devices/7/erase": {body: `{"deviceId":"7","commandUuid":"U"}`},
			"POST /api/v2/mobile-devices/7/unmanage":                              {body: `{"deviceId":"7","commandUuid":"U"}`},
			"POST /JSSResource/mobiledevicecommands/command/UpdateInventory/id/7": {status: 201, body: `<?xml version="1.0"?><a/>`, header: http.Header{"Content-Type": {"text/xml"}}},
		})
		c := tn.client(t)
		receipt, err := c.Source().Send(t.Context(), ipad(c), tt.command)
		require.NoError(t, err, name)
		assert.Equal(t, "mobile:7", receipt.Device)
		assert.NotZero(t, receipt.Requested)
		sent := tn.requests("POST", tt.path)
		require.Len(t, sent, 1, name)
		if tt.body != "" {
			assert.JSONEq(t, tt.body, sent[0].body, name)
		}
	}
}

// TestSendOlder uses the addresses of older servers.
func TestSendOlder(t *testing.T) {
	t.Parallel()
	tn := pair(scripted{
		"POST /api/v1/computer-inventory/7/erase": {body: `{"deviceId":"7","commandUuid":"U"}`},
		"GET /api/v3/computers-inventory/7":       {body: computer(7).json},
		"POST /api/v2/mdm/commands":               {status: 201, body: `[{"id":"U"}]`},
	})
	tn.version = "11.26.0"
	c := tn.client(t)
	_, err := c.Source().Send(t.Context(), mac(c), mdm.Wipe{})
	require.NoError(t, err)
	assert.Equal(t, `{}`, tn.requests("POST", "/api/v1/computer-inventory/7/erase")[0].body)
	_, err = c.Source().Send(t.Context(), ipad(c), mdm.Wipe{})
	require.NoError(t, err)
	assert.Contains(t, tn.requests("POST", "/api/v2/mdm/commands")[0].body, "ERASE_DEVICE")
}

// TestSendRefused sends nothing to another device than the one that is meant,
// and names the right that is missing.
//
//mdm:feature 2.3
func TestSendRefused(t *testing.T) {
	t.Parallel()
	denied := answer{status: 403, body: `{"httpStatus":403,"errors":[{"code":"INVALID_PRIVILEGE"}]}`}
	tn := pair(scripted{"POST /api/v2/mdm/commands": denied, "POST /api/v4/computers-inventory/7/erase": denied,
		"POST /JSSResource/mobiledevicecommands/command/UpdateInventory/id/7": {status: 403, body: "<html>", header: http.Header{"Content-Type": {"text/html"}}}})
	c := tn.client(t)
	s := c.Source()
	foreign, other, renewed := mac(c), mac(c), mac(c)
	foreign.Origin.Address, other.Serial, renewed.ManagementID = "https://other.jamfcloud.com", "X", managementID
	_, err := s.Send(t.Context(), foreign, mdm.Refresh{})
	require.ErrorIs(t, err, mdm.ErrWrongTenant)
	for _, r := range []mdm.Record{other, renewed} {
		_, err = s.Send(t.Context(), r, mdm.Wipe{})
		require.ErrorIs(t, err, mdm.ErrConflict)
	}
	assert.Empty(t, tn.requests("POST", "/api/v4/"))
	for right, err := range map[string]error{
		"Send Computer Remote Wipe Command":         second(s.Send(t.Context(), mac(c), mdm.Wipe{})),
		"Send Mobile Device Restart Device Command": second(s.Send(t.Context(), ipad(c), mdm.Restart{})),
		"Send Computer Restart Command":             second(s.Send(t.Context(), mac(c), mdm.Restart{})),
		"Send Inventory Requests to Mobile Devices": second(s.Send(t.Context(), ipad(c), mdm.Refresh{})),
	} {
		require.ErrorIs(t, err, mdm.ErrPermissionMissing)
		assert.ErrorContains(t, err, right)
		assert.Contains(t, mdm.Advice(err), right)
	}
	for _, bad := range []mdm.Command{mdm.EnableLostMode{}, mdm.Rename{To: " "}} {
		_, err = s.Send(t.Context(), ipad(c), bad)
		require.ErrorIs(t, err, mdm.ErrInvalid)
	}
}

func second[A, B any](_ A, b B) B { return b }

func TestVet(t *testing.T) {
	t.Parallel()
	c, tn := scripted{}.client(t)
	s := c.Source()
	with := func(r mdm.Record, f func(*mdm.Record)) mdm.Record { f(&r); return r }
	unsupervised := with(ipad(c), func(r *mdm.Record) { r.Flags.Supervised = mdm.No })
	tv := with(ipad(c), func(r *mdm.Record) { r.Class, r.Platform = mdm.ClassTV, mdm.PlatformTVOS })
	pin := mdm.NewSecret("123456")
	for name, tt := range map[string]struct {
		record  mdm.Record
		command mdm.Command
		fits    bool
	}{
		"refresh":              {ipad(c), mdm.Refresh{}, true},
		"lock mac":             {mac(c), mdm.Lock{PIN: pin}, true},
		"lock mac without pin": {mac(c), mdm.Lock{}, false},
		"lock ipad":            {ipad(c), mdm.Lock{}, true},
		"lock ipad with pin":   {ipad(c), mdm.Lock{PIN: pin}, false},
		"lock tv":              {tv, mdm.Lock{}, false},
		"wipe":                 {mac(c), mdm.Wipe{}, true},
		"wipe and unlock mac":  {mac(c), mdm.Wipe{ClearActivationLock: true}, false},
		"wipe ipad with pin":   {ipad(c), mdm.Wipe{PIN: pin}, false},
		"passcode":             {ipad(c), mdm.ClearPasscode{}, true},
		"passcode of a mac":    {mac(c), mdm.ClearPasscode{}, false},
		"restart tv":           {tv, mdm.Restart{}, true},
		"restart unsupervised": {unsupervised, mdm.Restart{}, false},
		"restart and clear":    {ipad(c), mdm.Restart{ClearPasscode: true}, false},
		"shut down mac":        {mac(c), mdm.ShutDown{}, true},
		"shut down tv":         {tv, mdm.ShutDown{}, false},
		"lost mode":            {ipad(c), mdm.EnableLostMode{}, true},
		"lost mode of a mac":   {mac(c), mdm.EnableLostMode{}, false},
		"lost mode of byod":    {unsupervised, mdm.DisableLostMode{}, false},
		"rename":               {ipad(c), mdm.Rename{To: "x"}, true},
		"rename mac":           {mac(c), mdm.Rename{To: "x"}, false},
		"activation lock":      {ipad(c), mdm.ClearActivationLock{}, false},
		"unmanaged":            {with(mac(c), func(r *mdm.Record) { r.Flags.Managed = mdm.No }), mdm.Refresh{}, false},
		"strange id":           {with(mac(c), func(r *mdm.Record) { r.ID = "mobile:7" }), mdm.Refresh{}, false},
	} {
		err := s.Vet(tt.record, tt.command)
		if tt.fits {
			assert.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, mdm.ErrUnsupported, name)
	}
	assert.Empty(t, tn.asked)
}

func TestBlankPush(t *testing.T) {
	t.Parallel()
	c, tn := scripted{"POST /api/v2/mdm/blank-push": {body: `{"errorUuids":["` + managementID + `"]}`}}.client(t)
	failed, err := c.BlankPush(t.Context(), []string{managementID})
	require.NoError(t, err)
	assert.Equal(t, []string{managementID}, failed)
	assert.JSONEq(t, `{"clientManagementIds":["`+managementID+`"]}`, tn.requests("POST", "/api/v2/mdm/blank-push")[0].body)
	_, err = c.BlankPush(t.Context(), []string{"7"})
	require.ErrorIs(t, err, mdm.ErrInvalid)
}
