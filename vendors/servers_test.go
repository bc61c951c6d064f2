package vendors_test

import (
	"sync"
	"testing"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/mdmlink/mdmlink/vendors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestManagementServers shows several management servers that link with one
// MDM, each by itself, and another process that goes on where one of them
// stopped: all it needs is what was stored.
//
//mdm:feature 4.2
func TestManagementServers(t *testing.T) {
	t.Parallel()
	people := fleet.New(fleet.Options{})
	fake := jamfschooltest.New(people)
	values := mdm.Values{
		Text:    map[string]string{"domain": "school.jamfcloud.com", "network_id": fake.NetworkID},
		Secrets: map[string]mdm.Secret{"key": mdm.NewSecret(fake.Key)},
	}
	open := func() mdm.Source {
		src, err := vendors.Open("jamfschool", values, transport.Options{Base: fake.Transport(), Limiter: unlimited{}})
		require.NoError(t, err)
		return src
	}
	connection := func() inventory.Connection {
		return inventory.Connection{ID: "c", Kind: "jamfschool", Scope: "s", Name: "Jamf School - Lindental",
			Mapping: inventory.Mapping{{From: mdm.KeyName, Field: "name"}}}
	}

	var stores [3]inventory.Memory
	var servers sync.WaitGroup
	for i := range stores {
		for _, a := range people.Assets {
			stores[i].Put("s", inventory.Asset{ID: a.ID, Identifiers: inventory.Identifiers{Serial: a.Serial, Model: a.Model}})
		}
		source := open()
		servers.Go(func() {
			run, err := inventory.Sync(t.Context(), connection(), source, &stores[i], nil)
			if assert.NoError(t, err) {
				assert.True(t, run.Listing.Complete)
				assert.Positive(t, run.Outcomes["auto_linked"])
			}
		})
	}
	servers.Wait()
	assert.Equal(t, stores[0].Writes(), stores[1].Writes())
	assert.Equal(t, stores[0].Writes(), stores[2].Writes())

	before := stores[1].Writes()
	run, err := inventory.Sync(t.Context(), connection(), open(), &stores[1], nil)
	require.NoError(t, err)
	assert.Zero(t, run.Writes)
	assert.Equal(t, before, stores[1].Writes())
	assert.Empty(t, fake.Violations())
}
