package inventory_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/inventory/inventorytest"
	"github.com/mdmlink/mdmlink/mdm"
)

// busy is a fleet in which a run has everything to do: link, create, stage,
// note an alias, ignore, update, miss.
func busy(t *testing.T) *rig {
	r := newRig(t, ipads(8)...).put(asset(1), asset(2), asset(3), inventory.Asset{ID: "a900", Identifiers: inventory.Identifiers{Name: "Loan"}})
	r.sync()
	r.connection.OnNew = inventory.NewCreate
	r.connection.Limits.Create, r.connection.Limits.Least = 1, 100
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideIgnore, Device: "d004"}))
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideLink, Device: "d005", Asset: "a900"}))
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideUnlink, Device: "d002"}))
	r.change(1, func(x *mdm.Record) { x.OS.Version = "19" })
	r.source.Remove("d008", "d005")
	again := ipad(5) // the MDM gave it another id
	again.ID = "d500"
	r.source.Put(again, ipad(9))
	r.options.Batch = 2
	return r
}

// settled is what the fleet comes to, whatever happens on the way.
func settled(t *testing.T, r *rig) map[string]string {
	got := map[string]string{}
	for _, device := range []string{"d001", "d002", "d003", "d004", "d005", "d006", "d007", "d008", "d009", "d500"} {
		row := r.row(device)
		got[device] = string(row.State) + " " + r.assets()[row.Asset].Identifiers.Serial + " " + r.assets()[row.Asset].Values["os"]
	}
	keys := map[string]bool{}
	for _, a := range r.assets() {
		assert.False(t, a.Key != "" && keys[a.Key], "an asset was created twice")
		keys[a.Key] = true
	}
	assert.NotEmpty(t, r.row("d004").Decisions)
	assert.NotEmpty(t, r.row("d002").Decisions)
	return got
}

// A run is stopped at every call of the store, and at every write inside one
// that has no transactions, and run again.
//
//mdm:feature 2.16
func TestSyncStoppedEverywhere(t *testing.T) {
	want := func() (got map[string]string) {
		r := busy(t)
		r.sync()
		r.quiet()
		return settled(t, r)
	}()
	require.Contains(t, want["d500"], "linked")
	for name, wrap := range map[string]func(inventory.Store, int) (inventory.Store, func() bool){
		"between calls": func(s inventory.Store, n int) (inventory.Store, func() bool) {
			h := &inventorytest.Halting{Store: s, After: n}
			return h, h.Halted
		},
		"between writes": func(s inventory.Store, n int) (inventory.Store, func() bool) {
			h := &inventorytest.Torn{Store: s, After: n}
			return h, h.Halted
		},
	} {
		t.Run(name, func(t *testing.T) {
			stops := 0
			for n := 0; ; n++ {
				halted := false
				synctest.Test(t, func(t *testing.T) {
					r := busy(t)
					assets := len(r.assets())
					store, over := wrap(r.memory, n)
					_, err := inventory.Sync(t.Context(), r.connection, r.source, store, &r.options)
					if halted = over(); halted {
						require.ErrorIs(t, err, inventorytest.ErrHalted)
					}
					time.Sleep(2 * time.Hour) // until the dead run counts as dead
					r.sync()
					assert.Equal(t, want, settled(t, r), "stopped at %d", n)
					assert.Len(t, r.assets(), assets+3, "stopped at %d", n)
					r.quiet()
				})
				if !halted {
					break
				}
				stops++
			}
			assert.Greater(t, stops, 8)
		})
	}
}

// The answer to each write is lost once, carried out or not.
func TestSyncUnknownOutcome(t *testing.T) {
	for _, done := range []bool{true, false} {
		for at := 1; ; at++ {
			r := busy(t)
			assets := len(r.assets())
			unsure := &inventorytest.Unsure{Store: r.memory, At: at, Done: done}
			_, err := inventory.Sync(t.Context(), r.connection, r.source, unsure, &r.options)
			if unsure.Calls() < at {
				break
			}
			if err != nil { // nothing was begun, or only the report is lost
				require.ErrorIs(t, err, inventorytest.ErrLost)
			}
			assert.LessOrEqual(t, len(r.assets()), assets+3)
			synctest.Test(t, func(t *testing.T) {
				r.t = t
				time.Sleep(time.Until(time.Now().AddDate(60, 0, 0)))
				r.sync()
				assert.Len(t, r.assets(), assets+3, "answer %d lost, done %v", at, done)
			})
		}
	}
}

func TestDecideUnknownOutcome(t *testing.T) {
	for name, done := range map[string]bool{"done": true, "not done": false} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, ipad(1))
			r.sync()
			r.store = &inventorytest.Unsure{Store: r.memory, At: 1, Done: done}
			err := r.decide(inventory.Decision{Kind: inventory.DecideCreate, Device: "d001"})
			if done {
				require.NoError(t, err, "it was read back")
				assert.Len(t, r.assets(), 1)
				return
			}
			require.ErrorIs(t, err, inventorytest.ErrLost)
			require.NotErrorIs(t, err, mdm.ErrOutcomeUnknown, "it certainly was not carried out")
			assert.Empty(t, r.assets())
		})
	}
}

// A person edits assets while the run writes: the run plans them again, and
// the edit stays.
func TestSyncReplans(t *testing.T) {
	r := newRig(t, ipads(5)...).put(asset(1), asset(2))
	r.store = &meddling{Store: r.memory, meddle: func() { r.edit("a001", "room", "Cellar") }}
	run := r.sync()
	assert.Equal(t, "Cellar", r.assets()["a001"].Values["room"])
	assert.Equal(t, "iPad 001", r.assets()["a001"].Values["name"])
	assert.Equal(t, 5, run.Writes)
	r.quiet()
}

// Somebody who never stops editing ends the run with a conflict.
func TestSyncConflictForever(t *testing.T) {
	r := newRig(t, ipad(1)).put(asset(1))
	r.store = &meddling{Store: r.memory, always: true, meddle: func() { r.edit("a001", "room", time.Now().String()) }}
	run, err := inventory.Sync(t.Context(), r.connection, r.source, r.store, nil)
	require.ErrorIs(t, err, mdm.ErrConflict)
	assert.Equal(t, "conflict", run.Error)
}

// Both kinds of store that the contract allows give the same fleet.
func TestSyncGenerousStore(t *testing.T) {
	r := busy(t)
	r.store = inventorytest.Generous{Store: r.memory}
	other := inventory.Entry{Connection: "c9", Device: "d001", State: inventory.EntryStaged}
	_, err := r.memory.Apply(t.Context(), inventory.Batch{Scope: scope, Connection: "c9", Changes: []inventory.Change{{Key: "x", Entry: other}}})
	require.NoError(t, err)
	r.sync()
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideUnignore, Device: "d004"}))
	plain := busy(t)
	plain.sync()
	require.NoError(t, plain.decide(inventory.Decision{Kind: inventory.DecideUnignore, Device: "d004"}))
	assert.Equal(t, settled2(plain), settled2(r))
}

func settled2(r *rig) []string {
	var got []string
	for _, device := range []string{"d001", "d002", "d003", "d004", "d006", "d500"} {
		got = append(got, device+" "+string(r.row(device).State))
	}
	return got
}

// A change that the host does not want is reported and blocks nothing.
func TestSyncRefused(t *testing.T) {
	r := newRig(t, ipads(3)...)
	r.store = &picky{Store: r.memory, refuses: "d002"}
	run := r.sync()
	assert.Equal(t, []inventory.Refusal{{Device: "d002", Reason: "no"}}, run.Refused)
	assert.Equal(t, 2, run.Writes)
}

func TestSyncContext(t *testing.T) {
	r := newRig(t, ipads(3)...)
	ctx, cancel := contextOf(t)
	stop := pages{r.source, func(*mdm.Page) { cancel() }}
	run, err := inventory.Sync(ctx, r.connection, stop, r.store, nil)
	require.Error(t, err)
	assert.True(t, errors.Is(err, ctx.Err()))
	assert.Zero(t, run.Writes)
	r.sync() // the lease was given back
	assert.Equal(t, []string{"d001", "d002", "d003"}, slices.Sorted(devices(r)))
}

// cancelling is a store without transactions whose caller gives up within a
// write, after the state was stored.
type cancelling struct {
	inventory.Store
	cancel func()
}

func (s *cancelling) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	if len(b.Changes) == 0 {
		return s.Store.Apply(ctx, b)
	}
	b.Changes = nil
	if _, err := s.Store.Apply(ctx, b); err != nil {
		return nil, err
	}
	s.cancel()
	return nil, ctx.Err()
}

// lateCancel is a store whose caller gives up when a batch is written and read
// back.
type lateCancel struct {
	inventory.Store
	cancel  func()
	written bool
}

func (s *lateCancel) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	results, err := s.Store.Apply(ctx, b)
	s.written = len(b.Changes) > 0
	return results, err
}

func (s *lateCancel) State(ctx context.Context, connection string) (inventory.State, error) {
	state, err := s.Store.State(ctx, connection)
	if s.written {
		s.cancel()
	}
	return state, err
}

// A run that was given up says so, and the next one may start at once.
func TestSyncCancelled(t *testing.T) {
	for name, wrap := range map[string]func(s inventory.Store, cancel func()) inventory.Store{
		"within a write": func(s inventory.Store, cancel func()) inventory.Store { return &cancelling{s, cancel} },
		"between writes": func(s inventory.Store, cancel func()) inventory.Store { return &lateCancel{Store: s, cancel: cancel} },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, ipads(10)...).put(asset(1))
			ctx, cancel := context.WithCancel(t.Context())
			run, err := inventory.Sync(ctx, r.connection, r.source, wrap(r.store, cancel), &inventory.Options{Batch: 2})
			require.ErrorIs(t, err, context.Canceled)
			assert.NotEmpty(t, run.Error)
			r.sync()
			assert.Equal(t, inventory.EntryLinked, r.row("d001").State)
			r.quiet()
		})
	}
}

// A run that was killed between an asset and its entry does not take what it
// wrote for a person's edit afterwards.
func TestSyncTornWriteIsNoEdit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipad(1)).put(asset(1))
		r.sync()
		r.change(1, func(d *mdm.Record) { d.Room = "R2" })
		for after := 1; r.assets()["a001"].Values["room"] != "R2"; after++ {
			require.Less(t, after, 20)
			_, err := inventory.Sync(t.Context(), r.connection, r.source, &inventorytest.Torn{Store: r.store, After: after}, nil)
			require.Error(t, err)
			time.Sleep(2 * time.Hour) // the lease
		}
		r.sync()
		r.change(1, func(d *mdm.Record) { d.Room = "R3" })
		r.sync()
		assert.Equal(t, "R3", r.assets()["a001"].Values["room"])
		r.edit("a001", "room", "edited")
		r.change(1, func(d *mdm.Record) { d.Room = "R4" })
		r.sync()
		assert.Equal(t, "edited", r.assets()["a001"].Values["room"])
		r.quiet()
	})
}
