package jamfpro_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestQuirk50TokenExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // the bubble's clock starts at the beginning of 2000
		c, _ := scripted{"GET /api/v1/device-enrollments": {body: `{"totalCount":4,"results":[{"id":"1","name":"A","tokenExpirationDate":"2000-01-01"},
			{"id":"2","name":"B","tokenExpirationDate":"2000-01-20"},{"id":"3","name":"C","tokenExpirationDate":"2000-06-01"},{"id":"4","name":"D","tokenExpirationDate":null}]}`}}.client(t)
		health, err := c.Source().Health(t.Context())
		require.NoError(t, err)
		var states []string
		for _, h := range health {
			states = append(states, h.Credential+": "+h.State.String())
			assert.Equal(t, h.State == mdm.HealthWarn || h.State == mdm.HealthBroken, h.Next != "")
		}
		assert.Equal(t, []string{"API client: ok", "device enrolment token A: broken", "device enrolment token B: warn",
			"device enrolment token C: ok", "device enrolment token D: "}, states)
		assert.Equal(t, time.Date(2000, 1, 20, 0, 0, 0, 0, time.UTC), health[2].Expires)
	})
}

// TestQuirk53SerialVerified believes no device but the one that was asked for.
func TestQuirk53SerialVerified(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(9), mobiles: mobiles(9)}
	c := tn.client(t)
	d, err := c.MobileDeviceBySerial(t.Context(), "M0000004")
	require.NoError(t, err)
	assert.Equal(t, "4", d.ID)
	d, err = c.ComputerBySerial(t.Context(), "C0000005")
	require.NoError(t, err)
	assert.Equal(t, "5", d.ID)
	assert.Empty(t, tn.requests("GET", "/api/v2/mobile-devices"), "the short list ignores filters")
	tn.hook = func(r *http.Request) *answer { // a server that ignores them everywhere
		q := r.URL.Query()
		q.Del("filter")
		r.URL.RawQuery = q.Encode()
		return nil
	}
	_, err = c.MobileDeviceBySerial(t.Context(), "NOSUCHSERIAL")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	_, err = c.MobileDevice(t.Context(), "4711")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	tn.mobiles = append(tn.mobiles, row{10, mobile(4).json})
	_, err = c.MobileDeviceBySerial(t.Context(), "m0000004")
	require.ErrorIs(t, err, mdm.ErrConflict)
}

func TestQuirk54Filters(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 1, 2, 0, 0, 0, time.FixedZone("", 7200))
	for want, f := range map[string]jamfpro.Filter{
		`general.name=="x\";id==\"1"`:                   jamfpro.Equal("general.name", `x";id=="1`),
		`name=="a\\\"b\*c"`:                             jamfpro.Equal("name", `a\"b*c`),
		`name=="Größe; (1, 2)"`:                         jamfpro.Equal("name", "Größe; (1, 2)"),
		`id=in=("1","2\")")`:                            jamfpro.In("id", "1", `2")`),
		`reportDate=ge="2026-05-01T00:00:00Z"`:          jamfpro.Since("reportDate", at),
		`a=="1";(b=="2",c=="3")`:                        jamfpro.And(jamfpro.Equal("a", "1"), jamfpro.Filter{}, jamfpro.Or(jamfpro.Equal("b", "2"), jamfpro.Equal("c", "3"))),
		`a=="1",b=="2";c=="3"`:                          jamfpro.Or(jamfpro.Equal("a", "1"), jamfpro.And(jamfpro.Equal("b", "2"), jamfpro.Equal("c", "3"))),
		`(a=="1",b=="2");(c=="3",d=="4")`:               jamfpro.And(either("a", "1", "b", "2"), either("c", "3", "d", "4")),
		`(a=="1",b=="2");e=="5",(c=="3",d=="4");f=="6"`: jamfpro.Or(jamfpro.And(either("a", "1", "b", "2"), jamfpro.Equal("e", "5")), jamfpro.And(either("c", "3", "d", "4"), jamfpro.Equal("f", "6"))),
	} {
		require.NoError(t, f.Err())
		assert.Equal(t, want, f.String())
	}
	for _, bad := range []jamfpro.Filter{jamfpro.Equal(`x==1;y`, "1"), jamfpro.Equal("", "1"), jamfpro.Equal("a", "b\nc"), jamfpro.In("a"),
		jamfpro.And(jamfpro.Equal("a", "1"), jamfpro.Equal("b c", "1"))} {
		require.Error(t, bad.Err())
		tn := &tenant{}
		for _, err := range tn.client(t).Computers(t.Context(), &jamfpro.ComputersOptions{Filter: bad}) {
			require.ErrorIs(t, err, mdm.ErrInvalid)
		}
		assert.Empty(t, tn.requests("GET", v4))
	}
	tn := &tenant{computers: computers(1)}
	name := `Ä "1" & 2;(3)`
	clienttest.Collect(t, tn.client(t).Computers(t.Context(), &jamfpro.ComputersOptions{Filter: jamfpro.Equal("general.name", name)}))
	for _, r := range tn.requests("GET", v4) {
		assert.Equal(t, jamfpro.Equal("general.name", name).String(), r.URL.Query().Get("filter"))
		assert.NotContains(t, r.URL.RawQuery, ";")
	}
}

func either(a, x, b, y string) jamfpro.Filter {
	return jamfpro.Or(jamfpro.Equal(a, x), jamfpro.Equal(b, y))
}

func TestQuirk57UnknownID(t *testing.T) {
	t.Parallel()
	failure := answer{status: 500, body: `{"httpStatus":500,"errors":[{"code":"X"}]}`}
	tn := pair(scripted{"POST /api/v2/mobile-devices/7/unmanage": failure, "POST /api/v2/mdm/commands": failure})
	c := tn.client(t)
	_, err := c.UnmanageMobileDevice(t.Context(), "7")
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	assert.ErrorContains(t, err, "an id that it does not know")
	_, err = c.SendCommand(t.Context(), managementID, "RESTART_DEVICE", nil)
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	assert.Len(t, tn.requests("POST", "/api/v2/"), 2, "neither is sent again")
}

// TestQuirk58Lost sends a wipe whose answer is lost: it is not sent again, and
// the history tells whether it arrived.
func TestQuirk58Lost(t *testing.T) {
	t.Parallel()
	for arrived, want := range map[bool]error{true: nil, false: mdm.ErrOutcomeUnknown} {
		history := `{"totalCount":0,"results":[]}`
		if arrived {
			history = fmt.Sprintf(`{"totalCount":1,"results":[{"uuid":"OLD","commandType":"ERASE_DEVICE","dateSent":"2020-01-01T00:00:00Z","client":{"managementId":%q}},
				{"uuid":"U1","commandType":"ERASE_DEVICE","dateSent":%q,"client":{"managementId":%[1]q},"commandState":"PENDING"}]}`,
				"c1a7d2e4-3b58-4f06-9d21-000000000007", time.Now().UTC().Format(time.RFC3339))
		}
		tn := pair(scripted{
			"POST /api/v4/computers-inventory/7/erase": {err: context.DeadlineExceeded},
			"GET /api/v2/mdm/commands":                 {body: history},
		})
		c := tn.client(t)
		receipt, err := c.Source().Send(t.Context(), mac(c), mdm.Wipe{})
		require.ErrorIs(t, err, want)
		if arrived {
			assert.Equal(t, "U1", receipt.ID)
		}
		assert.Len(t, tn.requests("POST", "/api/v4/"), 1)
		asked := tn.requests("GET", "/api/v2/mdm/commands")
		require.Len(t, asked, 1)
		assert.Contains(t, asked[0].URL.Query().Get("filter"), `clientManagementId=="c1a7d2e4-3b58-4f06-9d21-000000000007";dateSent=ge=`)
	}
}

// TestQuirk58Earlier takes no other command of the same type for the one whose
// answer is lost.
func TestQuirk58Earlier(t *testing.T) {
	t.Parallel()
	history := func(uuids ...string) answer {
		var rows []string
		for _, uuid := range uuids {
			rows = append(rows, fmt.Sprintf(`{"uuid":%q,"commandType":"RESTART_DEVICE","dateSent":%q,"client":{"managementId":"e8f1d0aa-6f4b-4f0d-b7c8-000000000007"}}`,
				uuid, time.Now().UTC().Format(time.RFC3339)))
		}
		return answer{body: fmt.Sprintf(`{"totalCount":%d,"results":[%s]}`, len(uuids), strings.Join(rows, ","))}
	}
	synctest.Test(t, func(t *testing.T) {
		tn := pair(scripted{"POST /api/v2/mdm/commands": {status: 201, body: `[{"id":"U1"}]`}})
		c := tn.client(t)
		restart := func(found ...string) (string, error) {
			tn.script["GET /api/v2/mdm/commands"] = history(found...)
			receipt, err := c.Source().Send(t.Context(), ipad(c), mdm.Restart{})
			return receipt.ID, err
		}
		uuid, err := restart()
		require.NoError(t, err)
		assert.Equal(t, "U1", uuid)
		tn.script["POST /api/v2/mdm/commands"] = answer{err: context.DeadlineExceeded}
		uuid, err = restart("U1", "U2")
		require.NoError(t, err)
		assert.Equal(t, "U2", uuid, "the only one that is new")
		_, err = restart("U1", "U2")
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, "both belong to commands before")
		_, err = restart("U1", "U2", "U3")
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, "it may be the one that was not found")
		time.Sleep(6 * time.Minute)
		_, err = restart("U4", "U5")
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, "one of them is another's")
	})
}

func TestQuirk59Receipts(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`[{"id":"U1","href":"x"},{"id":"U2"}]`, `{"id":"U1"}`, `{"commandUuid":"U1"}`} {
		c, tn := scripted{"POST /api/v2/mdm/commands": {status: 201, body: body}}.client(t)
		uuid, err := c.SendCommand(t.Context(), managementID, "RESTART_DEVICE", map[string]any{"notifyUser": true})
		require.NoError(t, err)
		assert.Equal(t, "U1", uuid)
		assert.JSONEq(t, `{"clientData":[{"managementId":"`+managementID+`"}],"commandData":{"commandType":"RESTART_DEVICE","notifyUser":true}}`,
			tn.requests("POST", "/api/v2/mdm/commands")[0].body)
	}
}

// TestQuirk60UnlockToken clears a passcode with a token that shows nowhere.
func TestQuirk60UnlockToken(t *testing.T) {
	t.Parallel()
	const token = "UkVEQUNURUQ="
	detail := answer{body: `{"id":"7","ios":{"unlockToken":"` + token + `","security":{"bootstrapToken":"BOOT"}}}`}
	tn := pair(scripted{"GET /api/v2/mobile-devices/7/detail": detail, "POST /api/v2/mdm/commands": {status: 201, body: `[{"id":"U1"}]`}})
	var log bytes.Buffer
	c := tn.client(t, func(cfg *jamfpro.Config) {
		cfg.KeepRaw = true
		cfg.Transport.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	receipt, err := c.Source().Send(t.Context(), ipad(c), mdm.ClearPasscode{})
	require.NoError(t, err)
	sent := tn.requests("POST", "/api/v2/mdm/commands")
	require.Len(t, sent, 1)
	assert.Contains(t, sent[0].body, `"unlockToken":"`+token+`"`)
	d, err := c.MobileDeviceDetail(t.Context(), "7")
	require.NoError(t, err)
	everything := log.String() + fmt.Sprintf("%+v %+v %s", receipt, *d, d.Raw())
	for _, secret := range []string{token, "BOOT"} {
		assert.NotContains(t, everything, secret)
	}
	tn = pair(scripted{"GET /api/v2/mobile-devices/7/detail": {body: `{"id":"7","ios":{"unlockToken":null}}`}})
	c = tn.client(t)
	_, err = c.Source().Send(t.Context(), ipad(c), mdm.ClearPasscode{})
	require.ErrorIs(t, err, mdm.ErrUnsupported)
	assert.Empty(t, tn.requests("POST", "/api/v2/"))
}

func TestQuirk61PIN(t *testing.T) {
	t.Parallel()
	tn := pair(scripted{"POST /api/v2/mdm/commands": {status: 201, body: `[{"id":"U1"}]`}, "POST /api/v4/computers-inventory/7/erase": {body: `{"deviceId":"7","commandUuid":"U2"}`}})
	c := tn.client(t)
	s := c.Source()
	for _, pin := range []string{"12345", "1234567", "12345a", "１２３４５６"} {
		for _, command := range []mdm.Command{mdm.Lock{PIN: mdm.NewSecret(pin)}, mdm.Wipe{PIN: mdm.NewSecret(pin)}} {
			_, err := s.Send(t.Context(), mac(c), command)
			require.ErrorIs(t, err, mdm.ErrInvalid, pin)
			assert.NotContains(t, err.Error(), pin)
		}
	}
	_, err := s.Send(t.Context(), mac(c), mdm.Lock{})
	require.ErrorIs(t, err, mdm.ErrUnsupported)
	assert.Empty(t, tn.requests("POST", "/api/v"), "nothing was sent")
	receipt, err := s.Send(t.Context(), mac(c), mdm.Lock{PIN: mdm.NewSecret("482913"), Message: "Lost"})
	require.NoError(t, err)
	assert.Equal(t, "U1", receipt.ID)
	assert.JSONEq(t, `{"clientData":[{"managementId":"c1a7d2e4-3b58-4f06-9d21-000000000007"}],"commandData":{"commandType":"DEVICE_LOCK","pin":"482913","message":"Lost"}}`,
		tn.requests("POST", "/api/v2/mdm/commands")[0].body)
	receipt, err = s.Send(t.Context(), mac(c), mdm.Wipe{PIN: mdm.NewSecret("482913")})
	require.NoError(t, err)
	assert.Equal(t, "U2", receipt.ID)
	assert.JSONEq(t, `{"pin":"482913"}`, tn.requests("POST", "/api/v4/computers-inventory/7/erase")[0].body)
}

func TestQuirk62Tracking(t *testing.T) {
	t.Parallel()
	flat := `{"uuid":"U1","dateSent":"2026-05-04T08:00:00Z","client":{"managementId":"M","clientType":"COMPUTER"},"commandState":"ERROR","commandType":"INSTALL_PROFILE","commandError":{"errorCode":12,"errorDomain":"D"}}`
	want := jamfpro.CommandStatus{UUID: "U1", ManagementID: "M", Type: "INSTALL_PROFILE", State: "ERROR", Sent: time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC), ErrorCode: 12, ErrorDomain: "D"}
	for _, body := range []string{`{"totalCount":1,"results":[` + flat + `]}`, `[` + flat + `]`, `{"totalCount":1,"results":[{"command":` + flat + `}]}`} {
		c, tn := scripted{"GET /api/v2/mdm/commands": {body: body}}.client(t)
		s, err := c.Command(t.Context(), "U1")
		require.NoError(t, err)
		assert.Equal(t, want, s)
		assert.True(t, s.Done())
		assert.Equal(t, `uuid=="U1"`, tn.requests("GET", "/api/v2/mdm/commands")[0].URL.Query().Get("filter"))
		_, err = c.Command(t.Context(), "U2")
		require.ErrorIs(t, err, mdm.ErrNotFound)
	}
	c, tn := scripted{}.client(t)
	_, err := c.Commands(t.Context(), jamfpro.Filter{})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	assert.Empty(t, tn.asked)
	assert.False(t, jamfpro.CommandStatus{State: "NOT_NOW"}.Done(), "it will try later")
}

func TestQuirk63Patch(t *testing.T) {
	t.Parallel()
	tag, none, building := "INV-00417", "", "2"
	day := time.Date(2028, 8, 1, 13, 0, 0, 0, time.UTC)
	details := jamfpro.Details{AssetTag: &tag, Email: &none, BuildingID: &building, DepartmentID: &none, WarrantyEnd: &day}
	c, tn := scripted{
		"PATCH /api/v4/computers-inventory-detail/7": {status: 204},
		"PATCH /api/v2/mobile-devices/7":             {body: `{"id":"7"}`},
	}.client(t)
	computer, mobile := details, details
	computer.Attributes = []jamfpro.Attribute{{ID: "12", Values: []string{"Cart 1"}}, {ID: "13", Input: "TEXT"}}
	mobile.Attributes = []jamfpro.Attribute{{Name: "Cart", Type: "STRING", Values: []string{"Cart 1"}}}
	tn.computers, tn.mobiles = computers(1), mobiles(7)
	require.NoError(t, c.SetComputerDetails(t.Context(), "7", computer))
	require.NoError(t, c.SetMobileDeviceDetails(t.Context(), "7", mobile))
	assert.JSONEq(t, `{"general":{"assetTag":"INV-00417"},"userAndLocation":{"email":"","buildingId":"2","departmentId":"-1"},"purchasing":{"warrantyDate":"2028-08-01"},
		"extensionAttributes":[{"definitionId":"12","values":["Cart 1"]},{"definitionId":"13","values":[]}]}`, tn.requests("PATCH", "/api/v4/computers-inventory-detail/7")[0].body)
	assert.JSONEq(t, `{"assetTag":"INV-00417","location":{"emailAddress":"","buildingId":"2","departmentId":"-1"},"ios":{"purchasing":{"warrantyExpiresDate":"2028-08-01T00:00:00Z"}},
		"updatedExtensionAttributes":[{"name":"Cart","type":"STRING","value":["Cart 1"]}]}`, tn.requests("PATCH", "/api/v2/mobile-devices/7")[0].body)
	require.NoError(t, c.SetMobileDeviceDetails(t.Context(), "7", jamfpro.Details{AssetTag: &tag}))
	assert.JSONEq(t, `{"assetTag":"INV-00417"}`, tn.requests("PATCH", "/api/v2/mobile-devices/7")[1].body, "only what changes is sent")
	for _, bad := range []jamfpro.Details{{}, {Attributes: []jamfpro.Attribute{{ID: "1", Name: "N", Input: "SCRIPT"}}}, {Attributes: []jamfpro.Attribute{{}}}} {
		require.ErrorIs(t, c.SetComputerDetails(t.Context(), "7", bad), mdm.ErrInvalid)
		require.ErrorIs(t, c.SetMobileDeviceDetails(t.Context(), "7", bad), mdm.ErrInvalid)
	}
	require.ErrorIs(t, c.SetComputerDetails(t.Context(), "7/x", details), mdm.ErrInvalid)
}
