package inventory_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
)

func (r *rig) status() inventory.Status {
	r.t.Helper()
	state, err := r.memory.State(r.t.Context(), r.connection.ID)
	require.NoError(r.t, err)
	status, err := r.connection.Status(state, time.Now())
	require.NoError(r.t, err)
	return status
}

func (r *rig) scheduled() error {
	o := r.options
	o.Scheduled = true
	_, err := inventory.Sync(r.t.Context(), r.connection, r.source, r.store, &o)
	return err
}

//mdm:feature 1.4 2.16 2.17 4.10
func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipads(3)...)
		r.connection.Schedule = inventory.DefaultSchedule()
		r.connection.Created = time.Now()
		s := r.status()
		assert.Equal(t, inventory.StatusIdle, s.Phase)
		assert.Nil(t, s.Last)
		assert.WithinRange(t, s.Next, time.Now(), time.Now().Add(inventory.FirstRun))

		began := time.Now()
		r.source.SetPageSize(1)
		var during inventory.Status
		slow := pages{r.source, func(*mdm.Page) { time.Sleep(20 * time.Minute); during = r.status() }}
		var seen []inventory.Progress
		observer := func(p inventory.Progress) { seen = append(seen, p) }
		_, err := inventory.Sync(t.Context(), r.connection, slow, r.memory, &inventory.Options{Observer: observer})
		require.NoError(t, err)
		assert.Equal(t, inventory.StatusRunning, during.Phase)
		assert.True(t, began.Equal(during.Started))
		assert.Equal(t, inventory.Progress{Phase: inventory.PhaseRead, Done: 2, Total: 3}, during.Doing)
		assert.Contains(t, seen, inventory.Progress{Phase: inventory.PhaseRead, Done: 3, Total: 3})
		assert.Contains(t, seen, inventory.Progress{Phase: inventory.PhaseApply, Done: 3, Total: 3})

		s = r.status()
		assert.Equal(t, inventory.StatusIdle, s.Phase)
		assert.Equal(t, 3, s.Last.Writes)
		assert.True(t, began.Add(24*time.Hour).Equal(s.Next))
	})
}

//mdm:feature 2.13
func TestStatusBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipad(1))
		r.connection.Schedule = inventory.Schedule{Every: 10 * time.Minute}
		r.source.Fail(&mdm.Error{Op: "devices", Kind: mdm.ErrUnavailable, RequestID: "7f3a"})
		require.ErrorIs(t, r.scheduled(), mdm.ErrUnavailable)
		s := r.status()
		assert.Equal(t, inventory.StatusFailed, s.Phase)
		assert.Equal(t, "unavailable", s.Failure)
		assert.Empty(t, s.Paused, "one failure delays nothing")
		assert.Equal(t, 10*time.Minute, time.Until(s.Next))

		time.Sleep(10 * time.Minute)
		require.Error(t, r.scheduled())
		s = r.status()
		assert.Equal(t, inventory.PausedBackoff, s.Paused)
		assert.Equal(t, 2*time.Hour, time.Until(s.Until))
		assert.Equal(t, s.Until, s.Next)
		err := r.scheduled()
		require.ErrorIs(t, err, inventory.ErrPaused)
		require.ErrorContains(t, err, "remote_failures, until ")

		_, err = inventory.Sync(t.Context(), r.connection, r.source, r.store, nil)
		require.ErrorIs(t, err, mdm.ErrUnavailable, "a run by hand tries at once")
		assert.Equal(t, 4*time.Hour, time.Until(r.status().Until))
		r.source.Fail(nil)
		r.sync()
		assert.Empty(t, r.status().Paused, "success resets")
		require.NoError(t, r.scheduled())
	})
}

func TestStatusRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipad(1))
		r.connection.Schedule = inventory.Schedule{Every: time.Minute}
		r.source.Fail(&mdm.Error{Op: "devices", Kind: mdm.ErrQuotaExhausted, RetryAfter: 5 * time.Hour})
		require.Error(t, r.scheduled())
		assert.Equal(t, 5*time.Hour, time.Until(r.status().Next), "what the system asks for counts at once")
	})
}

// healthy is a source that tells how its credentials are.
type healthy struct {
	mdm.Source
	all []mdm.Health
}

func (s *healthy) Health(ctx contextType) ([]mdm.Health, error) { return s.all, nil }

//mdm:feature 5.14 5.15 5.16 5.17
func TestSyncCredentialHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipad(1))
		r.connection.Schedule = inventory.DefaultSchedule()
		token := mdm.Health{Credential: "server token", State: mdm.HealthOK, Expires: time.Now().Add(40 * 24 * time.Hour)}
		src := &healthy{r.source, []mdm.Health{token}}
		run := func(scheduled bool) (*inventory.Run, error) {
			return inventory.Sync(t.Context(), r.connection, src, r.store, &inventory.Options{Scheduled: scheduled})
		}
		got, err := run(true)
		require.NoError(t, err)
		assert.Equal(t, 40, *got.Credential.Days)
		assert.Empty(t, got.Warnings)

		src.all[0].State = mdm.HealthWarn
		got, err = run(true)
		require.NoError(t, err, "about to expire does not stop it")
		require.Len(t, got.Warnings, 1)
		assert.Equal(t, inventory.WarnCredential, got.Warnings[0].Code)
		got, err = run(true)
		require.NoError(t, err)
		assert.Empty(t, got.Warnings, "a transition is reported once")

		r.connection.PauseOnWarn = true
		_, err = run(true)
		require.ErrorIs(t, err, inventory.ErrPaused, "unless the host says so")
		r.connection.PauseOnWarn = false

		time.Sleep(41 * 24 * time.Hour)
		src.all[0].State = mdm.HealthUnknown
		_, err = run(true)
		var paused *inventory.PausedError
		require.ErrorAs(t, err, &paused)
		assert.Equal(t, inventory.PausedCredential, paused.Reason)
		s := r.status()
		assert.Equal(t, inventory.PausedCredential, s.Paused)
		assert.Zero(t, s.Next)
		_, err = run(false)
		require.NoError(t, err, "by hand")

		src.all = []mdm.Health{{Credential: "server token", State: mdm.HealthOK, Expires: time.Now().AddDate(1, 0, 0)}}
		_, err = run(true)
		require.NoError(t, err, "a new token brings automatic runs back")
		assert.Empty(t, r.status().Paused)
	})
}

//mdm:feature 2.8
func TestSyncRefusedCredentials(t *testing.T) {
	r := newRig(t, ipad(1))
	r.connection.Schedule = inventory.DefaultSchedule()
	r.source.Fail(&mdm.Error{Op: "devices", Kind: mdm.ErrUnauthorized})
	require.ErrorIs(t, r.scheduled(), mdm.ErrUnauthorized)
	assert.Equal(t, inventory.PausedCredential, r.status().Paused)
	require.ErrorIs(t, r.scheduled(), inventory.ErrPaused)
	r.source.Fail(nil)
	r.sync()
	require.NoError(t, r.scheduled())
}

// Every combination of mode, enabled and policy for new devices, scheduled and
// by hand.
//
//mdm:feature 1.12 1.16 1.17 1.18 1.19 2.11 4.12
func TestConnectionPolicies(t *testing.T) {
	for _, mode := range []inventory.Mode{inventory.ModeContinuous, inventory.ModeOnce} {
		for _, disabled := range []bool{false, true} {
			for policy, want := range map[inventory.NewPolicy][3]string{ // recognised, unknown, assets
				inventory.NewStage:  {"staged", "staged", "1"},
				inventory.NewLink:   {"linked", "staged", "1"},
				inventory.NewCreate: {"linked", "linked", "2"},
			} {
				for _, scheduled := range []bool{false, true} {
					r := newRig(t, ipad(1), ipad(2)).put(asset(1))
					r.connection.Mode, r.connection.Disabled, r.connection.OnNew = mode, disabled, policy
					o := inventory.Options{Scheduled: scheduled}
					_, err := inventory.Sync(t.Context(), r.connection, r.source, r.store, &o)
					if scheduled && (disabled || mode == inventory.ModeOnce) {
						require.ErrorIs(t, err, inventory.ErrPaused)
						assert.Equal(t, disabled, errorsIs(err, inventory.ErrDisabled))
						assert.Zero(t, r.memory.Writes())
						continue
					}
					require.NoError(t, err)
					assert.Equal(t, want[0], string(r.row("d001").State))
					assert.Equal(t, want[1], string(r.row("d002").State))
					assert.Len(t, r.assets(), int(want[2][0]-'0'))
					if policy == inventory.NewStage {
						require.NotEmpty(t, r.row("d001").Candidates, "the click is left to a person")
						assert.Equal(t, "a001", r.row("d001").Candidates[0].Asset)
						continue
					}
					r.change(1, func(x *mdm.Record) { x.OS.Version = "20" })
					r.sync()
					assert.Equal(t, mode == inventory.ModeContinuous, r.assets()["a001"].Values["os"] == "20")
					r.quiet()
				}
			}
		}
	}
}

//mdm:feature 1.16 1.18 1.19 4.39
func TestConnectionCheck(t *testing.T) {
	assert.Equal(t, "Jamf School - Weiher", inventory.SuggestName("Jamf School", "Weiher"))
	c := newRig(t).connection
	require.NoError(t, c.Check())
	err := inventory.Connection{Mapping: inventory.Mapping{{From: "nonsense", Field: "x"}}, Keep: mdm.Keys{"more nonsense"}, DisplayName: "{what}"}.Check()
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, part := range []string{"ID", "Kind", "Scope", "Name", "Mapping", "Keep", "DisplayName"} {
		require.ErrorContains(t, err, part)
	}
	other := c
	other.ID, other.Name = "c2", " toy - SCHOOL "
	require.ErrorContains(t, c.Check(other), "another connection")
}

// Two connections of one kind with two scopes know nothing of each other.
//
//mdm:feature 1.1
func TestSyncScopesApart(t *testing.T) {
	a := newRig(t, ipad(1)).put(asset(1))
	b := *a
	b.connection.ID, b.connection.Name, b.connection.Scope = "c2", "Toy - Other", "school-2"
	a.sync()
	b.sync()
	assert.Equal(t, inventory.EntryLinked, a.row("d001").State)
	assert.Equal(t, inventory.EntryStaged, b.row("d001").State)
}
