package intune_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"testing"

	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// act sends a command to a device of a fake and returns what came of it, after
// the device has checked in.
func act(t *testing.T, c *intune.Client, fake *intunetest.Fake, id string, command mdm.Command) intune.ActionResult {
	t.Helper()
	d, err := c.Source().Device(t.Context(), id)
	require.NoError(t, err)
	receipt, err := c.Source().Send(t.Context(), d.Record(), command)
	require.NoError(t, err)
	fake.Settle()
	all, err := c.Actions(t.Context(), id)
	require.NoError(t, err)
	require.NotEmpty(t, all)
	last := all[len(all)-1]
	assert.Equal(t, receipt.ID, last.Name)
	return last
}

// TestQuirk53NewPasscode removes the passcode of an iPad, and tells the new one
// of an Android device when it has checked in, as a secret.
func TestQuirk53NewPasscode(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c, fake := fakeTenant(t, func(cfg *intune.Config) {
		cfg.KeepRaw, cfg.Transport.Logger = true, slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	pad, android := fake.IDs()[0], fake.IDs()[1]
	fake.SetKind(pad, intunetest.IPad)
	fake.SetKind(android, intunetest.AndroidFully)
	result := act(t, c, fake, pad, mdm.ClearPasscode{})
	assert.True(t, result.Done())
	assert.True(t, result.Passcode.IsZero(), "it has none now")

	fake.SetOffline(android, true)
	result = act(t, c, fake, android, mdm.ClearPasscode{})
	assert.False(t, result.Ended())
	assert.True(t, result.Passcode.IsZero(), "not yet")
	fake.SetOffline(android, false)
	fake.Settle()
	d, err := c.Device(t.Context(), android)
	require.NoError(t, err)
	require.Len(t, d.Actions, 1)
	assert.True(t, d.Actions[0].Done())
	passcode, err := d.Actions[0].Passcode.Reveal(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, passcode)
	text, err := json.Marshal(d.Actions)
	require.NoError(t, err)
	require.NotEmpty(t, log.String())
	for _, shown := range []string{log.String(), fmt.Sprintf("%v %+v %#v", d.Actions, *d, d.Record()), string(d.Raw()), string(text)} {
		assert.NotContains(t, shown, passcode)
	}
}

// TestQuirk54SecondLock tells that a Mac could not be locked again because the
// first PIN was not used.
func TestQuirk54SecondLock(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	mac := fake.IDs()[0]
	fake.SetKind(mac, intunetest.Mac)
	assert.True(t, act(t, c, fake, mac, mdm.Lock{}).Done())
	second := act(t, c, fake, mac, mdm.Lock{})
	assert.Equal(t, "failed", second.State)
	assert.True(t, second.Ended())
	assert.False(t, second.Done())
	assert.True(t, second.UnlockPIN.IsZero())
	fake.UsePIN(mac)
	assert.False(t, act(t, c, fake, mac, mdm.Lock{}).UnlockPIN.IsZero())
}

// TestQuirk55LocateNeedsLostMode refuses to ask an iPad outside lost mode where
// it is, and tells of the failure where that is not to be seen.
func TestQuirk55LocateNeedsLostMode(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	pad := fake.IDs()[0]
	fake.SetKind(pad, intunetest.IPad)
	fake.SetOwner(pad, false, true)
	err := c.Locate(t.Context(), pad, "")
	require.ErrorIs(t, err, mdm.ErrUnsupported)
	assert.Contains(t, mdm.Advice(err), "lost mode")
	assert.Zero(t, fake.Count(http.MethodPost, "/v1.0"+devices+"/"+pad+"/locateDevice"))
	located := func() intune.ActionResult {
		require.NoError(t, c.Locate(t.Context(), pad, ""))
		fake.Settle()
		all, err := c.Actions(t.Context(), pad)
		require.NoError(t, err)
		return all[len(all)-1]
	}
	require.True(t, act(t, c, fake, pad, mdm.EnableLostMode{Message: "Found?"}).Done())
	result := located()
	require.NotNil(t, result.Location)
	assert.InDelta(t, 52.5, result.Location.Latitude, 0.1)
	assert.False(t, result.Location.At.IsZero())
	fake.FailActions(pad, true)
	result = located()
	assert.Equal(t, "failed", result.State)
	assert.Nil(t, result.Location)
}

// TestLocate asks where a device is if it is of a kind that can be located.
func TestLocate(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		kind                 intunetest.Kind
		personal, supervised bool
		can                  bool
	}{
		{intunetest.IPad, false, false, false}, {intunetest.Mac, false, true, false}, {intunetest.TV, false, true, false}, {intunetest.ChromeOS, false, false, false},
		{intunetest.Windows, false, false, true}, {intunetest.AndroidFully, false, false, true}, {intunetest.AndroidDedicated, false, false, true},
		{intunetest.AndroidCorporate, false, false, true}, {intunetest.AndroidPersonal, true, false, false}, {intunetest.AndroidOpenSource, false, false, false},
	} {
		c, fake := fakeTenant(t)
		id := fake.IDs()[0]
		fake.SetKind(id, k.kind)
		fake.SetOwner(id, k.personal, k.supervised)
		err := c.Locate(t.Context(), id, "")
		if !k.can {
			require.ErrorIs(t, err, mdm.ErrUnsupported, "kind %v", k.kind)
			continue
		}
		require.NoError(t, err, "kind %v", k.kind)
	}
	c, _ := fakeTenant(t)
	require.ErrorIs(t, c.Locate(t.Context(), "../x", ""), mdm.ErrNotFound)
}
