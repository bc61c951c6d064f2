package inventory_test

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/inventory/inventorytest"
	"github.com/mdmlink/mdmlink/mdm"
)

// forgetful is a store of a host that keeps no identifiers of assets, so that
// nothing but the key finds one again.
type forgetful struct{ inventory.Store }

func (s forgetful) Assets(ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
	return func(yield func(inventory.Asset, error) bool) {
		for a, err := range s.Store.Assets(ctx, q) {
			a.Identifiers = inventory.Identifiers{}
			if !yield(a, err) {
				return
			}
		}
	}
}

// A run stops after it created the asset of a device and before it wrote the
// device's entry.
func TestSyncAdopts(t *testing.T) {
	r := newRig(t, ipad(1))
	r.connection.OnNew = inventory.NewCreate
	torn := &inventorytest.Torn{Store: r.memory, After: 4} // begin, a sign of life, apply, asset
	_, err := inventory.Sync(t.Context(), r.connection, r.source, torn, &inventory.Options{Lease: 1})
	require.ErrorIs(t, err, inventorytest.ErrHalted)
	require.Len(t, r.assets(), 1)
	_, there := r.find("d001")
	require.False(t, there)

	r.store = forgetful{r.memory}
	r.connection.OnNew = inventory.NewLink
	r.sync()
	assert.Equal(t, inventory.EntryLinked, r.row("d001").State)
	r.quiet()

	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideUnlink, Device: "d001"}))
	r.sync()
	assert.Equal(t, inventory.EntryStaged, r.row("d001").State, "a person undid it")
}

// usurped is a store in which another run takes over while an answer is lost.
type usurped struct {
	inventory.Store
	usurp func()
	done  bool
}

func (s *usurped) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	if len(b.Changes) > 0 && !s.done {
		s.done = true
		s.usurp()
		return nil, inventorytest.ErrLost
	}
	return s.Store.Apply(ctx, b)
}

func TestSyncTakenOver(t *testing.T) {
	r := newRig(t, ipads(3)...)
	store := &usurped{Store: r.memory}
	store.usurp = func() {
		_, err := inventory.Sync(t.Context(), r.connection, r.source, r.memory, nil)
		require.NoError(t, err)
	}
	_, err := inventory.Sync(t.Context(), r.connection, r.source, store, &inventory.Options{Lease: 1})
	require.ErrorIs(t, err, inventory.ErrRunning)
}

// A record that stands for other hardware takes nothing from the old one.
func TestSyncIDUsedAgain(t *testing.T) {
	r := newRig(t, ipad(1))
	r.sync()
	other := mdm.Record{ID: "d001", Platform: mdm.PlatformIPadOS, Serial: ipad(2).Serial}
	r.source.Put(other)
	r.sync()
	assert.Empty(t, r.row("d001").Record.User.Name)
	assert.Empty(t, r.row("d001").Record.UDID)
}

// An approval holds for one run that applied it.
func TestApproveOnce(t *testing.T) {
	r := newRig(t, ipads(3)...)
	r.sync()
	r.source.Remove("d001", "d002", "d003")
	holds := r.sync().Holds
	require.NoError(t, inventory.Approve(t.Context(), r.connection, r.store, holds...))
	assert.Empty(t, r.sync().Holds)
	r.source.Put(ipads(3)...)
	r.sync()
	r.source.Remove("d001", "d002", "d003")
	assert.Len(t, r.sync().Holds, 1)
}

// The health that stops a scheduled run shows in the status.
func TestStatusOfBrokenCredential(t *testing.T) {
	r := newRig(t, ipad(1))
	r.connection.Schedule = inventory.DefaultSchedule()
	r.options.Health = []mdm.Health{{Credential: "API key", State: mdm.HealthBroken}}
	require.ErrorIs(t, r.scheduled(), inventory.ErrPaused)
	assert.Equal(t, inventory.PausedCredential, r.status().Paused)
	assert.Zero(t, r.status().Next)
}
