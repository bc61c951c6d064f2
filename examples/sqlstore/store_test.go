package sqlstore_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/examples/sqlstore"
	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/inventory/inventorytest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

func open(t *testing.T, file string) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), file)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func TestStore(t *testing.T) {
	inventorytest.Run(t, func(t *testing.T) inventory.Store {
		return open(t, filepath.Join(t.TempDir(), "inventory.db"))
	}, inventorytest.Options{})
}

// A sync over the database, which outlives the program.
func TestStoreSync(t *testing.T) {
	file := filepath.Join(t.TempDir(), "inventory.db")
	src := mdmtest.NewMemory(mdm.Info{Origin: mdm.Origin{Kind: "toy"}},
		mdm.Record{ID: "1", Platform: mdm.PlatformIPadOS, Serial: "DMPX0001Q1GC", Name: "iPad 1"},
		mdm.Record{ID: "2", Platform: mdm.PlatformIPadOS, Serial: "DMPX0002Q1GC", Name: "iPad 2"})
	c := inventory.Connection{ID: "c1", Kind: "toy", Scope: "school", Name: "Toy - School", OnNew: inventory.NewCreate,
		Mapping: inventory.Mapping{{From: mdm.KeyName, Field: "name"}}}
	first, err := sqlstore.Open(t.Context(), file)
	require.NoError(t, err)
	id, err := first.Put(t.Context(), "school", inventory.Asset{Identifiers: inventory.Identifiers{Serial: "DMPX0001Q1GC"}})
	require.NoError(t, err)
	run, err := inventory.Sync(t.Context(), c, src, first, nil)
	require.NoError(t, err)
	assert.Equal(t, 2, run.Writes)
	require.NoError(t, first.Close())

	again := open(t, file)
	run, err = inventory.Sync(t.Context(), c, src, again, nil)
	require.NoError(t, err)
	assert.Zero(t, run.Writes)
	found := 0
	for a, err := range again.Assets(t.Context(), inventory.AssetQuery{Scope: "school"}) {
		require.NoError(t, err)
		assert.NotEmpty(t, a.Values["name"])
		if a.ID == id {
			assert.Equal(t, "iPad 1", a.Values["name"])
		}
		found++
	}
	assert.Equal(t, 2, found)
}
