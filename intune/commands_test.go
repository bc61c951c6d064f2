package intune_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kinds are the columns of the matrix, as the fake and as records know them.
var kinds = []struct {
	kind                 intunetest.Kind
	personal, supervised bool
	allowed              []string
}{
	{intunetest.IPad, false, true, []string{"lock", "wipe", "retire", "clear_passcode", "restart", "shut_down", "refresh", "enable_lost_mode", "disable_lost_mode", "rename", "clear_activation_lock"}},
	{intunetest.IOS, false, false, []string{"lock", "wipe", "retire", "clear_passcode", "refresh", "clear_activation_lock"}},
	{intunetest.IOS, true, false, []string{"lock", "retire", "refresh", "clear_activation_lock"}},
	{intunetest.Mac, false, true, []string{"lock", "wipe", "retire", "restart", "shut_down", "refresh", "rename", "clear_activation_lock"}},
	{intunetest.Windows, false, false, []string{"wipe", "retire", "restart", "refresh", "rename"}},
	{intunetest.Windows, true, false, []string{"wipe", "retire", "restart", "refresh"}},
	{intunetest.AndroidFully, false, false, []string{"lock", "wipe", "clear_passcode", "restart", "refresh", "rename"}},
	{intunetest.AndroidDedicated, false, false, []string{"lock", "wipe", "clear_passcode", "restart", "refresh", "rename"}},
	{intunetest.AndroidCorporate, false, false, []string{"lock", "wipe", "clear_passcode", "refresh", "rename"}},
	{intunetest.AndroidPersonal, true, false, []string{"retire", "clear_passcode", "refresh"}},
	{intunetest.AndroidOpenSource, false, false, []string{"lock", "wipe", "clear_passcode", "restart", "refresh"}},
}

// every are all commands, with a content that devices take.
var every = []mdm.Command{mdm.Lock{}, mdm.Wipe{}, mdm.ClearPasscode{}, mdm.Restart{}, mdm.ShutDown{}, mdm.Refresh{}, mdm.Retire{},
	mdm.EnableLostMode{Message: "Lost"}, mdm.DisableLostMode{}, mdm.Rename{To: "ROOM-7"}, mdm.ClearActivationLock{}}

// TestVetMatrix holds the table of commands against the fake's, for each kind
// of device and each command: what Vet allows is accepted, and what it refuses
// is never sent. A PC is never locked.
//
//mdm:feature 4.6
func TestVetMatrix(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		synctest.Test(t, func(t *testing.T) {
			c, fake := fakeTenant(t)
			id := fake.IDs()[0]
			fake.SetKind(id, k.kind)
			fake.SetOwner(id, k.personal, k.supervised)
			d, err := c.Source().Device(t.Context(), id)
			require.NoError(t, err)
			rec := d.Record()
			var allowed []string
			for _, command := range every {
				if err := c.Source().Vet(rec, command); err != nil {
					require.ErrorIs(t, err, mdm.ErrUnsupported)
					fake.Forget()
					_, err = c.Source().Send(t.Context(), rec, command)
					require.ErrorIs(t, err, mdm.ErrUnsupported)
					assert.Empty(t, fake.Requests(), "decided here")
					continue
				}
				allowed = append(allowed, command.Name())
				receipt, err := c.Source().Send(t.Context(), rec, command)
				if assert.NoError(t, err, "%v %s", k.kind, command.Name()) {
					assert.Contains(t, receipt.String(), "requested")
				}
			}
			assert.ElementsMatch(t, k.allowed, allowed, "kind %v, personal %v", k.kind, k.personal)
			assert.Zero(t, fake.Count(http.MethodDelete, ""))
		})
	}
}

// TestClearPasscodeForbidden shows the matrix of passcode reset, and the option
// that forbids it everywhere.
//
//mdm:feature 4.5
func TestClearPasscodeForbidden(t *testing.T) {
	t.Parallel()
	usual, _ := scripted{}.client(t)
	strict, tn := scripted{}.client(t, func(cfg *intune.Config) { cfg.ForbidClearPasscode = true })
	for platform, can := range map[mdm.Platform]bool{mdm.PlatformIOS: true, mdm.PlatformIPadOS: true, mdm.PlatformAndroid: true,
		mdm.PlatformMacOS: false, mdm.PlatformWindows: false, mdm.PlatformChromeOS: false, mdm.PlatformTVOS: false} {
		rec := mdm.Record{Origin: usual.Info().Origin, ID: deviceID, Platform: platform}
		if err := usual.Source().Vet(rec, mdm.ClearPasscode{}); can {
			require.NoError(t, err, platform)
		} else {
			require.ErrorIs(t, err, mdm.ErrUnsupported, platform)
		}
		require.ErrorIs(t, strict.Source().Vet(rec, mdm.ClearPasscode{}), mdm.ErrUnsupported, platform)
		_, err := strict.Source().Send(t.Context(), rec, mdm.ClearPasscode{})
		require.ErrorIs(t, err, mdm.ErrUnsupported)
	}
	require.ErrorIs(t, strict.ResetPasscode(t.Context(), deviceID, ""), mdm.ErrUnsupported)
	assert.Empty(t, tn.asked, "no request was made")
}

// TestQuirk49AcceptedIsNotDone follows an action to its end.
func TestQuirk49AcceptedIsNotDone(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	id := fake.IDs()[0]
	fake.SetKind(id, intunetest.Mac)
	require.NoError(t, c.RemoteLock(t.Context(), id, ""))
	actions, err := c.Actions(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, actions, 1)
	assert.Equal(t, "remoteLock", actions[0].Name)
	assert.False(t, actions[0].Done())
	fake.Settle()
	actions, err = c.Actions(t.Context(), id)
	require.NoError(t, err)
	assert.True(t, actions[0].Done())
	pin, err := actions[0].UnlockPIN.Reveal(t.Context())
	require.NoError(t, err)
	assert.Len(t, pin, 6)
}

// TestQuirk50BetaCommands asks the beta version for what it alone can.
func TestQuirk50BetaCommands(t *testing.T) {
	t.Parallel()
	c, tn := scripted{}.client(t)
	_ = c.EnableLostMode(t.Context(), deviceID, mdm.EnableLostMode{Message: "x"}, "")
	_ = c.Rename(t.Context(), deviceID, "A-1", "")
	assert.Len(t, tn.requests(http.MethodPost, "/beta"+devices), 2)
	_ = c.Reboot(t.Context(), deviceID, "")
	assert.Len(t, tn.requests(http.MethodPost, "/v1.0"+devices), 1)
}

// TestQuirk51WindowsIsNeverLocked refuses it without a request.
func TestQuirk51WindowsIsNeverLocked(t *testing.T) {
	t.Parallel()
	c, tn := scripted{}.client(t)
	rec := mdm.Record{Origin: c.Info().Origin, ID: deviceID, Platform: mdm.PlatformWindows, Class: mdm.ClassComputer}
	_, err := c.Source().Send(t.Context(), rec, mdm.Lock{})
	require.ErrorIs(t, err, mdm.ErrUnsupported)
	assert.ErrorContains(t, err, "PC")
	assert.Empty(t, tn.asked)
}

// TestQuirk56Approval tells a missing approval from a missing permission, and
// goes on with its code.
func TestQuirk56Approval(t *testing.T) {
	t.Parallel()
	for _, wire := range []intunetest.Wire{{}, {ApprovalAs400: true}} {
		c, fake := fakeTenant(t)
		fake.SetWire(wire)
		fake.SetApproval(true)
		id := fake.IDs()[0]
		d, err := c.Source().Device(t.Context(), id)
		require.NoError(t, err)
		_, err = c.Source().Send(t.Context(), d.Record(), mdm.Refresh{})
		require.ErrorIs(t, err, mdm.ErrApprovalRequired)
		require.NotErrorIs(t, err, mdm.ErrPermissionMissing)
		code := intune.ApprovalCode(err)
		require.NotEmpty(t, code)
		assert.NotEmpty(t, mdm.Advice(err))
		status, err := c.Approval(t.Context(), code)
		require.NoError(t, err)
		assert.Equal(t, "needsApproval", status)
		require.True(t, fake.Approve(code, true))
		_, err = c.Source().Resume(t.Context(), d.Record(), mdm.Refresh{}, code)
		require.NoError(t, err)
	}
	c, tn := scripted{}.client(t, func(cfg *intune.Config) { cfg.Justification = "Ünsere Bitte" })
	_ = c.Sync(t.Context(), deviceID, "")
	sent := tn.requests(http.MethodPost, "syncDevice")[0].Header.Get("x-msft-approval-justification")
	text, err := base64.StdEncoding.DecodeString(sent)
	require.NoError(t, err)
	assert.Equal(t, "Ünsere Bitte", string(text))
}

// TestQuirk58NoBlindRepeat leaves it open whether a command arrived.
func TestQuirk58NoBlindRepeat(t *testing.T) {
	t.Parallel()
	c, tn := scripted{"POST /v1.0" + devices + "/" + deviceID + "/wipe": {err: errors.New("read: connection reset by peer")}}.client(t)
	err := c.Wipe(t.Context(), deviceID, intune.WipeOptions{}, "")
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	assert.Len(t, tn.requests(http.MethodPost, "wipe"), 1)
	assert.JSONEq(t, `{"keepEnrollmentData":false,"keepUserData":false,"persistEsimDataPlan":true}`, tn.requests(http.MethodPost, "wipe")[0].body)
}

// TestWipePIN sends a PIN of six digits to a Mac, and nothing else.
func TestWipePIN(t *testing.T) {
	t.Parallel()
	c, tn := scripted{"POST /v1.0" + devices + "/" + deviceID + "/wipe": {status: 204}}.client(t)
	for _, pin := range []string{"12345", "1234567", "12345x", ""} {
		err := c.Wipe(t.Context(), deviceID, intune.WipeOptions{UnlockCode: mdm.NewSecret(pin)}, "")
		if pin == "" {
			require.NoError(t, err, "no PIN is none")
			continue
		}
		require.ErrorIs(t, err, mdm.ErrInvalid)
		assert.NotContains(t, err.Error(), pin)
	}
	gone := mdm.SecretFunc(func(context.Context) (string, error) { return "", errors.New("the vault is closed") })
	require.ErrorIs(t, c.Wipe(t.Context(), deviceID, intune.WipeOptions{UnlockCode: gone}, ""), mdm.ErrInvalid)
	require.NoError(t, c.Wipe(t.Context(), deviceID, intune.WipeOptions{UnlockCode: mdm.NewSecret("482913"), KeepUserData: true, DropDataPlan: true}, ""))
	sent := tn.requests(http.MethodPost, "wipe")
	assert.JSONEq(t, `{"keepEnrollmentData":false,"keepUserData":true,"persistEsimDataPlan":false,"macOsUnlockCode":"482913"}`, sent[len(sent)-1].body)
}

// TestRenameNames refuses names that a device cannot have, and PCs that only
// their domain can rename.
func TestRenameNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t)
		rec := mdm.Record{Origin: c.Info().Origin, ID: fake.IDs()[0], Ownership: mdm.OwnershipOrganisation}
		for platform, names := range map[mdm.Platform][]string{
			mdm.PlatformWindows: {"", " ", "12345", "ROOM 7", "ROOM_7", "ROOM-7-AND-FAR-MORE", "RÄUME"},
			mdm.PlatformIPadOS:  {"", "12345", "Lena’s iPad", "ROOM 7"},
			mdm.PlatformAndroid: {""},
		} {
			rec.Platform = platform
			for _, name := range names {
				_, err := c.Source().Send(t.Context(), rec, mdm.Rename{To: name})
				require.ErrorIs(t, err, mdm.ErrInvalid, "%v %q", platform, name)
			}
		}
		rec.Platform = mdm.PlatformIPadOS
		_, err := c.Source().Send(t.Context(), rec, mdm.EnableLostMode{Footnote: "Office"})
		require.ErrorIs(t, err, mdm.ErrInvalid)
		assert.Empty(t, fake.Requests(), "decided here")

		joins := map[bool]int{}
		for _, r := range clienttest.List(t, c.Source(), mdm.Query{}).Records {
			if r.Platform != mdm.PlatformWindows {
				continue
			}
			d, err := c.Device(t.Context(), r.ID)
			require.NoError(t, err)
			hybrid := d.JoinType == "hybridAzureADJoined"
			_, err = c.Source().Send(t.Context(), r, mdm.Rename{To: "ROOM-7"})
			if joins[hybrid]++; hybrid {
				require.ErrorIs(t, err, mdm.ErrUnsupported)
				assert.ErrorContains(t, err, "domain")
				continue
			}
			require.NoError(t, err)
		}
		assert.Len(t, joins, 2)
	})
}

// TestSendToAnother refuses a device of another tenant, and one that has become
// another since.
func TestSendToAnother(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	rec := clienttest.List(t, c.Source(), mdm.Query{}).Records[0]
	other := rec
	other.Serial = "K4TESTQ6VN"
	_, err := c.Source().Send(t.Context(), other, mdm.Refresh{})
	require.ErrorIs(t, err, mdm.ErrConflict)
	fake.Forget()
	other = rec
	other.Origin.Tenant = customer
	_, err = c.Source().Send(t.Context(), other, mdm.Refresh{})
	require.ErrorIs(t, err, mdm.ErrWrongTenant)
	assert.Empty(t, fake.Requests())
}
