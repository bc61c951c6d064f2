package ade_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAssignProfile assigns in batches, with a result for each device, and
// again over what was assigned before.
//
//mdm:feature 3.19 5.36 5.39
func TestAssignProfile(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2100)
	c := connect(t, f)
	one, err := c.DefineProfile(t.Context(), encoded(t, goodProfile))
	require.NoError(t, err)
	two, err := c.DefineProfile(t.Context(), encoded(t, goodProfile))
	require.NoError(t, err)
	assert.NotEqual(t, one, two, "a new one each time")
	serials := f.Main.Serials()
	f.SetStatus("FAILED", serial(5))
	f.SetStatus("SOMETHING_NEW", serial(6))
	f.SetStatus(adetest.Absent, serial(7))
	results, err := c.AssignProfile(t.Context(), one, append(slices.Clone(serials), "NOSUCHDEVICE", serials[0])...)
	require.NoError(t, err)
	assert.Equal(t, 3, asked(f, "/profile/devices"), "1000 in a request")
	require.Len(t, results, 2101, "each device once")
	by := map[string]ade.Result{}
	for _, r := range results {
		by[r.Serial] = r
	}
	assert.Equal(t, ade.Result{Serial: serial(0), Status: "SUCCESS"}, by[serial(0)])
	for id, want := range map[string]struct {
		err   error
		retry bool
	}{serial(5): {mdm.ErrUnavailable, true}, serial(6): {mdm.ErrUnavailable, false}, serial(7): {mdm.ErrUnavailable, true}, "NOSUCHDEVICE": {mdm.ErrNotFound, false}} {
		require.ErrorIs(t, by[id].Err, want.err, id)
		assert.Equal(t, want.retry, by[id].Retry, id)
	}
	results, err = c.AssignProfile(t.Context(), two, serial(0))
	require.NoError(t, err)
	require.NoError(t, results[0].Err, "in place of the other profile")
	d, err := c.Device(t.Context(), serial(0))
	require.NoError(t, err)
	assert.Equal(t, two, d.ProfileUUID)
	assert.False(t, d.ProfileAssigned.IsZero())

	results, err = c.RemoveProfile(t.Context(), serial(0), "NOSUCHDEVICE")
	require.NoError(t, err)
	require.NoError(t, results[0].Err)
	require.ErrorIs(t, results[1].Err, mdm.ErrNotFound)
	d, err = c.Device(t.Context(), serial(0))
	require.NoError(t, err)
	assert.Contains(t, []ade.ProfileStatus{ade.ProfileRemoved, ade.ProfileEmpty}, d.ProfileStatus)

	_, err = c.AssignProfile(t.Context(), strings.Repeat("F", 32), serial(0))
	require.ErrorIs(t, err, mdm.ErrNotFound)
	_, err = c.AssignProfile(t.Context(), one)
	require.ErrorIs(t, err, mdm.ErrInvalid)
	_, err = c.AssignProfile(t.Context(), "x", serial(0))
	require.ErrorIs(t, err, mdm.ErrInvalid)
	_, err = c.RemoveProfile(t.Context(), "not a serial")
	require.ErrorIs(t, err, mdm.ErrInvalid)
	_, err = c.Profile(t.Context(), "../session")
	require.ErrorIs(t, err, mdm.ErrInvalid)
	_, err = c.Profile(t.Context(), strings.Repeat("E", 32))
	require.ErrorIs(t, err, mdm.ErrNotFound)
}

// TestAssignProfileThrottled passes on how long to leave a device alone.
func TestAssignProfileThrottled(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]time.Duration{
		`{"devices":{"A1":"THROTTLED"},"retry_after_seconds":120}`: 2 * time.Minute,
		`{"devices":{"A1":"THROTTLED"}}`:                           10 * time.Minute,
		`{"devices":{"A1":"THROTTLED"},"retry_after_seconds":-3}`:  10 * time.Minute,
		`{"devices":{"a1":"THROTTLED"},"retry_after_seconds":9e9}`: 24 * time.Hour,
	} {
		results, err := client(t, answering("/profile/devices", answer)).AssignProfile(t.Context(), someUUID, "A1")
		require.NoError(t, err)
		require.ErrorIs(t, results[0].Err, mdm.ErrRateLimited)
		assert.True(t, results[0].Retry)
		assert.Equal(t, want, results[0].RetryAfter, answer)
	}
	f := newFake(t, 1)
	f.SetThrottle(1, time.Hour)
	c := connect(t, f)
	uuid, err := c.DefineProfile(t.Context(), encoded(t, goodProfile))
	require.NoError(t, err)
	for _, want := range []string{"SUCCESS", "THROTTLED"} {
		results, err := c.AssignProfile(t.Context(), uuid, serial(0))
		require.NoError(t, err)
		assert.Equal(t, want, results[0].Status)
	}
}

// TestBatchBreaksOff says of each device how far a request came.
func TestBatchBreaksOff(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2500)
	c := connect(t, f, destructive)
	n := 0
	f.Faults().On(func(r *http.Request) bool {
		if r.URL.Path != "/devices/disown" {
			return false
		}
		n++
		return n == 2
	}).Lose()
	results, err := c.Disown(t.Context(), f.Main.Serials()...)
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	require.Len(t, results, 2500)
	require.NoError(t, results[999].Err)
	require.ErrorIs(t, results[1000].Err, mdm.ErrOutcomeUnknown)
	assert.False(t, results[1000].Retry)
	require.ErrorIs(t, results[2000].Err, mdm.ErrUnavailable)
	assert.True(t, results[2000].Retry)
	assert.ErrorContains(t, results[2000].Err, "nothing was sent")
	assert.Len(t, f.Main.Serials(), 500, "the second request had been carried out")
}

// TestDisown needs the host's explicit permission.
//
//mdm:feature 3.16 3.20
func TestDisown(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2)
	_, err := connect(t, f).Disown(t.Context(), serial(0))
	require.ErrorIs(t, err, mdm.ErrUnsupported)
	assert.Contains(t, mdm.Advice(err), "AllowDestructive")
	require.ErrorIs(t, connect(t, f).LockActivation(t.Context(), serial(0), ade.Lock{}), mdm.ErrUnsupported)
	assert.Empty(t, f.Requests())
	c := connect(t, f, destructive)
	results, err := c.Disown(t.Context(), serial(0), "NOSUCHDEVICE")
	require.NoError(t, err)
	require.NoError(t, results[0].Err)
	require.ErrorIs(t, results[1].Err, mdm.ErrNotFound)
	assert.Equal(t, []string{serial(1)}, f.Main.Serials())
	f.SetStatus("FAILED", serial(1)) // such as of a server that may not release devices
	results, err = c.Disown(t.Context(), serial(1))
	require.NoError(t, err)
	require.Error(t, results[0].Err)
}

// TestLockActivation locks a device, and says why another is not.
//
//mdm:feature 3.20
func TestLockActivation(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2)
	c := connect(t, f, destructive)
	key, err := ade.EscrowKey([]byte("0123456789abcdef"))
	require.NoError(t, err)
	shown, err := key.Reveal(t.Context())
	require.NoError(t, err)
	assert.NotContains(t, fmt.Sprintf("%v %+v", key, ade.Lock{EscrowKey: key}), shown)
	require.NoError(t, c.LockActivation(t.Context(), serial(0), ade.Lock{EscrowKey: key, Message: "Property of the school"}))
	lock, ok := f.Locked(serial(0))
	require.True(t, ok)
	assert.Equal(t, "Property of the school", lock.Message)
	assert.Equal(t, "c72bfa6d35c20ead5ffe7a5778f0eba58a9d5a969d2f758769de7cd3a8796106", lock.EscrowKey, "as another implementation of PBKDF2 says")
	require.ErrorIs(t, c.LockActivation(t.Context(), serial(0), ade.Lock{}), mdm.ErrConflict)
	require.ErrorIs(t, c.LockActivation(t.Context(), "NOSUCHDEVICE", ade.Lock{}), mdm.ErrNotFound)
	require.ErrorIs(t, c.LockActivation(t.Context(), "", ade.Lock{}), mdm.ErrInvalid)
	require.ErrorIs(t, c.LockActivation(t.Context(), serial(1), ade.Lock{EscrowKey: mdm.NewSecret("short")}), mdm.ErrInvalid)
	for status, want := range map[string]error{"ORG_NOT_SUPPORTED": mdm.ErrUnsupported, "DEVICE_NOT_SUPPORTED": mdm.ErrUnsupported,
		"FAILED": mdm.ErrUnavailable, "": mdm.ErrOutcomeUnknown, "NEW": mdm.ErrUnavailable} {
		s := answering("/device/activationlock", `{"serial_number":"A1","response_status":"`+status+`"}`)
		require.ErrorIs(t, client(t, s, destructive).LockActivation(t.Context(), "A1", ade.Lock{}), want, status)
	}
	_, err = ade.EscrowKey([]byte("short"))
	require.ErrorIs(t, err, mdm.ErrInvalid)
}

// TestDiscovery sets, reads and removes where account-driven enrolment begins.
func TestDiscovery(t *testing.T) {
	t.Parallel()
	for _, empty := range []bool{false, true} {
		f := newFake(t, 0)
		f.SetWire(adetest.Wire{EmptyWrites: empty})
		c := connect(t, f)
		_, err := c.Discovery(t.Context())
		require.ErrorIs(t, err, mdm.ErrNotFound)
		require.NoError(t, c.SetDiscovery(t.Context(), "https://mdm.example.org/discovery"))
		d, err := c.Discovery(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "https://mdm.example.org/discovery", d.URL)
		assert.False(t, d.Updated.IsZero())
		require.NoError(t, c.RemoveDiscovery(t.Context()))
		_, err = c.Discovery(t.Context())
		require.ErrorIs(t, err, mdm.ErrNotFound)
		require.ErrorIs(t, c.SetDiscovery(t.Context(), "http://mdm.example.org"), mdm.ErrInvalid)
	}
	_, err := client(t, answering("/account-driven-enrollment/profile", `{}`)).Discovery(t.Context())
	require.ErrorIs(t, err, mdm.ErrNotFound)
}

// TestBetaProgrammes lists the programmes, and none where they are turned off.
func TestBetaProgrammes(t *testing.T) {
	t.Parallel()
	f := newFake(t, 0)
	c := connect(t, f)
	all, err := c.BetaProgrammes(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, all)
	token, err := all[0].Token.Reveal(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, token)
	assert.NotEmpty(t, all[0].Title)
	f.SetSeeding(false)
	all, err = c.BetaProgrammes(t.Context())
	require.NoError(t, err)
	assert.Empty(t, all)
	s := answering("/os-beta-enrollment/tokens", `{"betaEnrollmentTokens":[{"token":"T1","title":"A","os":"iOS"},{"title":"no token"}],
		"seedBuildTokens":[{"token":"T1","title":"A","os":"iOS"},{"token":"T2","title":"B","os":"OSX"}]}`)
	all, err = client(t, s).BetaProgrammes(t.Context())
	require.NoError(t, err)
	assert.Len(t, all, 2)
}

// TestSimulator shows that Apple's simulator is served, too: it quotes its
// codes, wants the exact type of a body, and assigns with another method.
func TestSimulator(t *testing.T) {
	t.Parallel()
	f := adetest.New(&fleet.District{})
	f.Add(f.Main, tablet(0))
	f.SetWire(adetest.Wire{Simulator: true})
	c := connect(t, f)
	uuid, err := c.DefineProfile(t.Context(), encoded(t, goodProfile))
	require.NoError(t, err)
	results, err := c.AssignProfile(t.Context(), uuid, serial(0))
	require.NoError(t, err)
	require.NoError(t, results[0].Err)
	_, err = c.DefineProfile(t.Context(), []byte(`{"profile_name":"P","url":"https://mdm.example.org"}`))
	require.ErrorIs(t, err, ade.ErrProfile)
	assert.ErrorContains(t, err, "DEPARTMENT_REQUIRED")
	_, err = c.SyncDevices(t.Context(), "x")
	require.ErrorIs(t, err, mdm.ErrCursorInvalid)
	assert.Equal(t, []string{"POST /profile/devices: method not allowed"}, f.Violations(), "what is documented is tried first")
}
