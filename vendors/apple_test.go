package vendors_test

import (
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTokenStopsSchedule is a server token that a newer download ended: runs by
// the clock stop and say why, runs by hand go on trying, and after the new
// token is imported the schedule goes on by itself.
//
//mdm:feature 5.16 5.17 5.18 5.19
func TestTokenStopsSchedule(t *testing.T) {
	t.Parallel()
	portal := adetest.New(fleet.New(fleet.Options{Devices: 40, Clean: true}))
	ring, err := ade.NewKeyring(ade.NewHostKey("1"))
	require.NoError(t, err)
	registry, err := ade.NewRegistry(&ade.MemoryStore{}, ring, "school")
	require.NoError(t, err)
	server, err := registry.AddServer(t.Context(), "Campus", 0)
	require.NoError(t, err)
	server, err = registry.StageKey(t.Context(), server.ID, nil)
	require.NoError(t, err)
	require.NoError(t, portal.Main.Upload(server.Staged.CertificatePEM()))

	cfg := ade.Config{Transport: transport.Options{Base: portal.Transport(), Limiter: unlimited{}}}
	install := func() {
		_, file, err := portal.Main.Download(adetest.File{})
		require.NoError(t, err)
		_, err = registry.ImportToken(t.Context(), server.ID, ade.Import{File: file, Confirm: ade.Confirm(cfg)})
		require.NoError(t, err)
	}
	var store inventory.Memory
	connection := creating("apple", "ade")
	connection.Schedule = inventory.Schedule{Every: 24 * time.Hour}
	sync := func(scheduled bool) (*inventory.Run, error) {
		client, err := registry.Connect(t.Context(), server.ID, cfg, nil)
		require.NoError(t, err)
		return inventory.Sync(t.Context(), connection, client.Source(), &store, &inventory.Options{Scheduled: scheduled})
	}

	install()
	run, err := sync(true)
	require.NoError(t, err)
	require.Greater(t, run.Listing.Received, 10)

	_, stolen, err := portal.Main.Download(adetest.File{}) // somebody else downloads a token
	require.NoError(t, err)
	_, err = sync(false)
	require.ErrorIs(t, err, mdm.ErrCredentialSuperseded)
	_, err = sync(true)
	require.ErrorIs(t, err, inventory.ErrPaused)
	var paused *inventory.PausedError
	require.ErrorAs(t, err, &paused)
	assert.Equal(t, inventory.PausedCredential, paused.Reason)

	_, err = registry.ImportToken(t.Context(), server.ID, ade.Import{File: stolen, Confirm: ade.Confirm(cfg)})
	require.NoError(t, err, "it is the newest token, and of this server")
	run, err = sync(true)
	require.NoError(t, err)
	assert.Empty(t, run.Error)
	assert.Empty(t, portal.Violations())
}
