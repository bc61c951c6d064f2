package vendors_test

import (
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
	"github.com/mdmlink/mdmlink/vendors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSerialDistrust syncs a Relution fleet with an inventory that knows its
// assets by serial number and nothing else. Android tablets report no serial
// number, or that of another tablet: none of them is linked, and nothing of
// theirs is written. Apple's devices are.
//
//mdm:feature 1.27
func TestSerialDistrust(t *testing.T) {
	t.Parallel()
	people := fleet.New(fleet.Options{Android: 60, Windows: 20})
	fake := relutiontest.New(people)
	source, err := vendors.Open("relution", mdm.Values{
		Text:    map[string]string{"address": "relution.example.de", "tenant": fake.Tenant},
		Secrets: map[string]mdm.Secret{"token": mdm.NewSecret(fake.Token)},
	}, transport.Options{Base: fake.Transport()})
	require.NoError(t, err)

	var store inventory.Memory
	tablets := map[string]bool{} // ids of their assets
	for _, d := range people.Devices {
		if d.Serial != "" {
			tablets[d.Serial] = d.Platform == fleet.Android
			store.Put("s", inventory.Asset{ID: d.Serial, Identifiers: inventory.Identifiers{Serial: d.Serial}})
		}
	}
	connection := inventory.Connection{ID: "c", Kind: "relution", Scope: "s", Name: "Relution - Lindental",
		Mapping: inventory.Mapping{{From: mdm.KeyName, Field: "name"}}}
	run, err := inventory.Sync(t.Context(), connection, source, &store, nil)
	require.NoError(t, err)
	require.True(t, run.Listing.Complete, run.Listing.EndedBy)

	linked, staged := map[mdm.Platform]int{}, map[mdm.Platform]int{}
	wrong := 0
	for e, err := range store.Entries(t.Context(), inventory.EntryQuery{Scope: "s"}) {
		require.NoError(t, err)
		row, err := inventory.ReadRow(e)
		require.NoError(t, err)
		switch row.State {
		case inventory.EntryLinked:
			linked[row.Record.Platform]++
			assert.True(t, strings.EqualFold(row.Record.Serial, row.Asset), "linked by another serial")
		case inventory.EntryStaged:
			staged[row.Record.Platform]++
			if row.Record.Platform == mdm.PlatformAndroid && row.Record.Serial != "" {
				wrong++
			}
		}
	}
	assert.Zero(t, linked[mdm.PlatformAndroid], "linked by serial alone")
	assert.GreaterOrEqual(t, staged[mdm.PlatformAndroid], 50)
	assert.Greater(t, wrong, 20, "tablets with a serial, some of them wrong")
	assert.Greater(t, linked[mdm.PlatformIPadOS], 100)
	for a, err := range store.Assets(t.Context(), inventory.AssetQuery{Scope: "s"}) {
		require.NoError(t, err)
		if tablets[a.ID] {
			assert.Empty(t, a.Values, "something was written to the asset of a tablet")
		}
	}
	assert.Empty(t, fake.Violations())
}
