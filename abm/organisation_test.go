package abm_test

import (
	"testing"
	"testing/synctest"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/abm/abmtest"
	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// organisation is a client of a whole fake organisation.
func organisation(tb testing.TB, fake *abmtest.Fake, configure ...func(*abm.Config)) *abm.Client {
	tb.Helper()
	key := fake.Key()
	cfg := abm.Config{ClientID: fake.ClientID, KeyID: key.ID, Key: mdm.NewSecret(string(key.File(abmtest.KeyDownloaded))),
		Transport: clienttest.Quick(fake.Transport())}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := abm.New(cfg)
	require.NoError(tb, err)
	return c
}

// TestOrganisationContract holds the source against the contract, over a fake
// that knows nothing of this client.
func TestOrganisationContract(t *testing.T) {
	t.Parallel()
	for name, fake := range map[string]*abmtest.Fake{"business": abmtest.New(nil), "school": abmtest.NewSchool(nil)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mdmtest.Run(t, func(t *testing.T) mdm.Source {
				return organisation(t, fake, func(cfg *abm.Config) { cfg.Transport.PageSize = 100 }).Source()
			}, mdmtest.Options{Devices: len(fake.IDs()), MaxPage: 100, Missing: "NOSUCHSERIAL",
				Secrets: []string{string(fake.Key().File(abmtest.KeyDownloaded)), fake.ClientID, fake.Key().ID}})
			assert.Empty(t, fake.Violations())
		})
	}
}

// TestOrganisationDay assigns devices to a new server entry, looks at what came
// of it, gives a device away, and removes the entry again.
//
//mdm:feature 3.17 3.19 3.20 3.21
func TestOrganisationDay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := abmtest.New(nil)
		c := organisation(t, fake, func(cfg *abm.Config) { cfg.AllowDestructive = true })
		pair, err := ade.NewKeyPair(nil)
		require.NoError(t, err)
		server, err := c.CreateServer(t.Context(), "Reading Room", abm.Certificate{Name: "reading.pem", File: pair.CertificatePEM()})
		require.NoError(t, err)
		_, err = c.CreateServer(t.Context(), "reading room", abm.Certificate{File: pair.CertificateDER()})
		require.ErrorIs(t, err, mdm.ErrConflict, "names are unique")

		ids := fake.IDs()[:3]
		activity, err := c.AssignDevices(t.Context(), server.ID, ids...)
		require.NoError(t, err)
		activity, err = c.WaitActivity(t.Context(), activity.ID)
		require.NoError(t, err)
		assert.Equal(t, abm.OutcomeSucceeded, activity.Outcome())
		rows := 0
		for row, err := range c.ActivityLog(t.Context(), activity) {
			require.NoError(t, err)
			assert.True(t, row.Names(ids[rows]))
			rows++
		}
		assert.Equal(t, len(ids), rows)
		fake.Settle()
		assigned, err := c.AssignedServer(t.Context(), ids[0])
		require.NoError(t, err)
		assert.Equal(t, "Reading Room", assigned.Name)

		require.ErrorIs(t, c.DeleteServer(t.Context(), server.ID), mdm.ErrConflict, "devices are assigned")
		fake.SetDisown(server.ID, false)
		_, err = c.ReleaseDevices(t.Context(), ids[0])
		require.ErrorIs(t, err, mdm.ErrPermissionMissing, "the entry may not release")
		fake.SetDisown(server.ID, true)
		activity, err = c.ReleaseDevices(t.Context(), ids[0])
		require.NoError(t, err)
		_, err = c.WaitActivity(t.Context(), activity.ID)
		require.NoError(t, err)
		released, err := c.Device(t.Context(), ids[0])
		require.NoError(t, err)
		assert.Equal(t, mdm.StatusReleased, released.Record().Status)

		activity, err = c.UnassignDevices(t.Context(), server.ID, ids[1:]...)
		require.NoError(t, err)
		_, err = c.WaitActivity(t.Context(), activity.ID)
		require.NoError(t, err)
		fake.Settle()
		require.NoError(t, c.DeleteServer(t.Context(), server.ID))
		_, err = c.Server(t.Context(), server.ID)
		require.ErrorIs(t, err, mdm.ErrNotFound)
		assert.Empty(t, fake.Violations())
	})
}
