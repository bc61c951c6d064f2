package relution_test

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const actions = "/api/management/v1/devices/7C1E0B52-9A40-4D0F-8C55-000000000001/actions"

// pair is a server that has device 1, and answers of its own.
func pair(s scripted) *tenant {
	s["GET /api/management/v1/devices/"+id(1)] = answer{body: `{"status":"0","results":[` + device(1, "") + `]}`}
	return &tenant{script: s, devices: numbered(1)}
}

func record(c *relution.Client, platform mdm.Platform) mdm.Record {
	return mdm.Record{Origin: c.Info().Origin, ID: id(1), Platform: platform, Serial: "DMPXK0000001"}
}

// TestSend shows the request of each command.
func TestSend(t *testing.T) {
	t.Parallel()
	pin := mdm.NewSecret("123456")
	for want, tt := range map[string]struct {
		command  mdm.Command
		platform mdm.Platform
	}{
		`{"type":"REFRESH_DEVICE_INFO","details":{"type":"REFRESH_DEVICE_INFO"}}`:                        {mdm.Refresh{}, mdm.PlatformWindows},
		`{"type":"LOCK","details":{"type":"LOCK","message":"M","phoneNumber":"1"}}`:                      {mdm.Lock{Message: "M", Phone: "1"}, mdm.PlatformIPadOS},
		`{"type":"LOCK","details":{"type":"LOCK","pin":"123456"}}`:                                       {mdm.Lock{PIN: pin}, mdm.PlatformMacOS},
		`{"type":"WIPE","details":{"type":"WIPE"}}`:                                                      {mdm.Wipe{}, mdm.PlatformAndroid},
		`{"type":"WIPE","details":{"type":"WIPE","pin":"123456"}}`:                                       {mdm.Wipe{PIN: pin}, mdm.PlatformMacOS},
		`{"type":"WITHDRAW","details":{"type":"WITHDRAW"}}`:                                              {mdm.Retire{}, mdm.PlatformIOS},
		`{"type":"REBOOT","details":{"type":"REBOOT"}}`:                                                  {mdm.Restart{}, mdm.PlatformMacOS},
		`{"type":"SHUTDOWN","details":{"type":"SHUTDOWN"}}`:                                              {mdm.ShutDown{}, mdm.PlatformMacOS},
		`{"type":"RESET_PASSCODE","details":{"type":"RESET_PASSCODE"}}`:                                  {mdm.ClearPasscode{}, mdm.PlatformIOS},
		`{"type":"LOST_MODE_ENABLE","details":{"type":"LOST_MODE_ENABLE","message":"M","footnote":"F"}}`: {mdm.EnableLostMode{Message: "M", Footnote: "F"}, mdm.PlatformIPadOS},
		`{"type":"LOST_MODE_DISABLE","details":{"type":"LOST_MODE_DISABLE"}}`:                            {mdm.DisableLostMode{}, mdm.PlatformIPadOS},
		`{"type":"DEVICE_NAME","details":{"type":"DEVICE_NAME","deviceName":"iPad 7"}}`:                  {mdm.Rename{To: " iPad 7 "}, mdm.PlatformIPadOS},
	} {
		tn := pair(scripted{"POST " + actions: {body: `{"status":"0","results":[{"uuid":"` + id(5) + `","type":"X","state":"NEW","errorCode":0}]}`}})
		c := tn.client(t, of(organisation))
		receipt, err := c.Source().Send(t.Context(), record(c, tt.platform), tt.command)
		require.NoError(t, err, want)
		assert.Equal(t, id(5), receipt.ID)
		assert.Equal(t, tt.command.Name(), receipt.Command)
		var sent *request
		for _, r := range tn.requests("/actions") {
			sent = r
		}
		require.NotNil(t, sent)
		assert.JSONEq(t, want, sent.body)
		assert.Equal(t, organisation, sent.URL.Query().Get("tenantOrganizationUuid"))
	}
}

// TestVet refuses without a request what cannot be sent.
func TestVet(t *testing.T) {
	t.Parallel()
	tn := pair(scripted{})
	c := tn.client(t)
	src := c.Source()
	unmanaged := record(c, mdm.PlatformIPadOS)
	unmanaged.Flags.Managed = mdm.No
	loose := record(c, mdm.PlatformIPadOS)
	loose.Flags.Supervised = mdm.No
	for name, tt := range map[string]struct {
		rec     mdm.Record
		command mdm.Command
	}{
		"unmanaged":       {unmanaged, mdm.Lock{}},
		"mac without pin": {record(c, mdm.PlatformMacOS), mdm.Lock{}},
		"pin":             {record(c, mdm.PlatformWindows), mdm.Lock{PIN: mdm.NewSecret("123456")}},
		"wipe pin":        {record(c, mdm.PlatformWindows), mdm.Wipe{PIN: mdm.NewSecret("123456")}},
		"activation lock": {record(c, mdm.PlatformIPadOS), mdm.Wipe{ClearActivationLock: true}},
		"lift":            {record(c, mdm.PlatformIPadOS), mdm.ClearActivationLock{}},
		"passcode":        {record(c, mdm.PlatformMacOS), mdm.ClearPasscode{}},
		"restart":         {record(c, mdm.PlatformIPadOS), mdm.Restart{ClearPasscode: true}},
		"lost pc":         {record(c, mdm.PlatformWindows), mdm.EnableLostMode{Message: "M"}},
		"loose restart":   {loose, mdm.Restart{}},
		"loose off":       {loose, mdm.ShutDown{}},
		"loose lost":      {loose, mdm.DisableLostMode{}},
		"loose rename":    {loose, mdm.Rename{To: "x"}},
	} {
		err := src.Vet(tt.rec, tt.command)
		require.ErrorIs(t, err, mdm.ErrUnsupported, name)
		_, err = src.Send(t.Context(), tt.rec, tt.command)
		require.ErrorIs(t, err, mdm.ErrUnsupported, name)
	}
	for _, command := range []mdm.Command{mdm.EnableLostMode{}, mdm.Rename{To: " "}} {
		_, err := src.Send(t.Context(), record(c, mdm.PlatformIPadOS), command)
		require.ErrorIs(t, err, mdm.ErrInvalid)
	}
	_, err := src.Send(t.Context(), record(c, mdm.PlatformMacOS), mdm.Lock{PIN: mdm.NewSecret("12345x")})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	foreign := record(c, mdm.PlatformIPadOS)
	foreign.Origin.Tenant = other
	_, err = src.Send(t.Context(), foreign, mdm.Refresh{})
	require.ErrorIs(t, err, mdm.ErrWrongTenant)
	assert.Empty(t, tn.requests(""))
	swapped := record(c, mdm.PlatformIPadOS)
	swapped.Serial = "ANOTHER"
	_, err = src.Send(t.Context(), swapped, mdm.Refresh{})
	require.ErrorIs(t, err, mdm.ErrConflict)
	assert.Empty(t, tn.requests("/actions"))
}

// TestQuirk38Actions never repeats a command, and calls none done that was only
// accepted.
func TestQuirk38Actions(t *testing.T) {
	t.Parallel()
	tn := pair(scripted{"POST " + actions: {status: 503}, "GET " + actions: {body: `{"status":"0","results":[]}`}})
	c := tn.client(t)
	_, err := c.Source().Send(t.Context(), record(c, mdm.PlatformIPadOS), mdm.Refresh{})
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	posts := 0
	for _, r := range tn.requests("/actions") {
		if r.Method == http.MethodPost {
			posts++
		}
	}
	assert.Equal(t, 1, posts)

	created := `{"status":"0","results":[{"uuid":"` + id(6) + `","type":"REFRESH_DEVICE_INFO","state":"NEW","creationDate":"` + now().Format(time.RFC3339) + `"}]}`
	tn.script["GET "+actions] = answer{body: created}
	_, err = c.Source().Send(t.Context(), record(c, mdm.PlatformIPadOS), mdm.Refresh{})
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, "it may be the one before")
	c = tn.client(t)
	receipt, err := c.Source().Send(t.Context(), record(c, mdm.PlatformIPadOS), mdm.Refresh{})
	require.NoError(t, err, "found among the actions of the device")
	assert.Equal(t, id(6), receipt.ID)

	for state, want := range map[string]relution.ActionState{"NEW": relution.ActionQueued, "PENDING": relution.ActionQueued, "PUSH_SENT": relution.ActionQueued,
		"DELIVERED_CANCELABLE": relution.ActionSent, "DELIVERED": relution.ActionSent, "DELIVERY_CONFIRMED": relution.ActionSent, "NOT_NOW": relution.ActionPostponed,
		"EXECUTED": relution.ActionExecuted, "ERROR": relution.ActionFailed, "CANCELLED": relution.ActionCancelled, "FUTURE": relution.ActionUnknown} {
		tn.script["GET "+actions+"/"+id(6)] = answer{body: `{"status":"0","results":[{"uuid":"` + id(6) + `","state":"` + state + `"}]}`}
		a, err := c.Action(t.Context(), id(1), id(6))
		require.NoError(t, err)
		assert.Equal(t, want, a.State, state)
		assert.Equal(t, want >= relution.ActionExecuted, a.Done(), state)
		assert.Equal(t, want == relution.ActionUnknown, a.State.String() == "")
	}
}

// TestQuirk39ErrorCode tells HTTP statuses from the server's own numbers.
func TestQuirk39ErrorCode(t *testing.T) {
	t.Parallel()
	for code, want := range map[int64]int{0: 0, 403: 403, 999: 999, 1000: 0, 2047: 0, -1: 0} {
		assert.Equal(t, want, relution.Action{ErrorCode: code}.ErrorStatus())
	}
}

// TestAwait follows a command of a fake server until the device has carried it
// out, and gives up with the context.
func TestAwait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFake(24)
		c := clientOf(t, fake)
		ids := live(t, c)
		a, err := c.SendAction(t.Context(), ids[0], "REFRESH_DEVICE_INFO", nil)
		require.NoError(t, err)
		require.False(t, a.Done())
		brief, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		last, err := c.Await(brief, ids[0], a.UUID, 10*time.Second)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, relution.ActionQueued, last.State)
		go func() {
			time.Sleep(time.Minute)
			fake.Settle()
		}()
		done, err := c.Await(t.Context(), ids[0], a.UUID, 10*time.Second)
		require.NoError(t, err)
		assert.True(t, done.Done())
		all, err := c.Actions(t.Context(), ids[0])
		require.NoError(t, err)
		assert.NotEmpty(t, all)
		b, err := c.SendAction(t.Context(), ids[0], "LOCK", map[string]any{"message": "M"})
		require.NoError(t, err)
		require.NoError(t, c.CancelAction(t.Context(), ids[0], b.UUID))
		assert.Empty(t, fake.Violations())
	})
}

// TestQuirk40NoPut offers no way to replace a whole device.
func TestQuirk40NoPut(t *testing.T) {
	t.Parallel()
	assert.Empty(t, relution.Settings().Writes)
	client := reflect.TypeFor[*relution.Client]()
	for i := range client.NumMethod() {
		for _, verb := range []string{"Put", "Set", "Update", "Save", "Replace"} {
			assert.False(t, strings.HasPrefix(client.Method(i).Name, verb), client.Method(i).Name)
		}
	}
	c, fake := fakeTenant(t)
	d := live(t, c)[0]
	rec, err := c.Source().Device(t.Context(), d)
	require.NoError(t, err)
	_, err = c.Source().Send(t.Context(), rec.Record(), mdm.Refresh{})
	require.NoError(t, err)
	for _, r := range fake.Requests() {
		assert.NotEqual(t, http.MethodPut, r.Method)
	}
}

// TestSendAnswers takes an empty answer for success, and one that makes no
// sense for no answer at all.
func TestSendAnswers(t *testing.T) {
	t.Parallel()
	for _, a := range []answer{{status: 204}, {body: ""}, {body: " \n"}, {body: `{"status":"0","results":[]}`}} {
		c := pair(scripted{"POST " + actions: a}).client(t)
		got, err := c.SendAction(t.Context(), id(1), "LOCK", nil)
		require.NoError(t, err)
		assert.Equal(t, relution.Action{Type: "LOCK"}, got)
	}
	c := pair(scripted{"POST " + actions: {body: `{"status":"0","resu`}}).client(t)
	_, err := c.SendAction(t.Context(), id(1), "LOCK", nil)
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	for code, want := range map[string]error{"ACTION_NOT_ALLOWED": mdm.ErrPermissionMissing, "UNSUPPORTED_ACTION": mdm.ErrUnsupported,
		"ILLEGAL_DEVICE_STATE": mdm.ErrConflict, "WRONG_DEVICE_PLATFORM": mdm.ErrUnsupported, "SOMETHING_NEW": mdm.ErrInvalid} {
		c := pair(scripted{"POST " + actions: {status: 422, body: `{"status":"-1","exception":{"errorCode":"` + code + `","message":"Geheim"}}`}}).client(t)
		_, err := c.SendAction(t.Context(), id(1), "LOCK", nil)
		require.ErrorIs(t, err, want, code)
		assert.ErrorContains(t, err, code)
		assert.NotContains(t, err.Error(), "Geheim")
	}
}
