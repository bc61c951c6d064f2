package relution_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHealthAsks makes a request that the token is needed for, where the server
// does not tell whose it is.
func TestHealthAsks(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: numbered(1)}
	c := tn.client(t)
	live(t, c)
	all, err := c.Source().Health(t.Context())
	require.NoError(t, err)
	assert.Equal(t, mdm.HealthOK, all[0].State)
	tn.hook = func(r *http.Request) *answer {
		if strings.HasSuffix(r.URL.Path, "/query") {
			return &answer{status: 401}
		}
		return nil
	}
	all, err = c.Source().Health(t.Context())
	require.NoError(t, err)
	assert.Equal(t, mdm.HealthBroken, all[0].State)
	require.ErrorIs(t, all[0].Err, mdm.ErrUnauthorized)
}

// TestHealthSparesLogins asks twice at most with a token for which login pages
// come, and not again for a while.
func TestHealthSparesLogins(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	live(t, c)
	fake.SetWire(relutiontest.Wire{LoginPage: true})
	fake.SetBan(3, 0)
	fake.Revoke(fake.Token)
	before := len(fake.Requests())
	for range 5 {
		_, err := c.Source().Health(t.Context())
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
		assert.Contains(t, mdm.Advice(err), "access token")
		_, err = c.Tenants(t.Context())
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
	}
	assert.Equal(t, 2, len(fake.Requests())-before)

	fresh := clientOf(t, fake)
	fake.SetBan(0, 0)
	before = len(fake.Requests())
	for range 5 {
		_, err := fresh.Source().Health(t.Context())
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
	}
	assert.LessOrEqual(t, len(fake.Requests())-before, 8, "the API is looked for once")
}

// TestAccountMissing does not take the portal's page for a refused token where
// the server has nothing to tell about the account.
func TestAccountMissing(t *testing.T) {
	t.Parallel()
	for _, version := range releases {
		c, fake := fakeTenant(t)
		fake.SetVersion(version)
		fake.SetWire(relutiontest.Wire{NoAccountCalls: true, MissingAsHTML: true})
		all, err := c.Source().Health(t.Context())
		require.NoError(t, err, version)
		assert.Equal(t, mdm.HealthOK, all[0].State)
		_, err = c.Tenants(t.Context())
		require.ErrorIs(t, err, mdm.ErrUnsupported, version)
		assert.NotEmpty(t, live(t, c), version)
		fixed := clientOf(t, fake, func(cfg *relution.Config) { cfg.Listing = relution.ListFull })
		_, err = fixed.CurrentUser(t.Context())
		require.ErrorIs(t, err, mdm.ErrUnsupported, version)
		assert.NotEmpty(t, live(t, fixed), version)
	}
}
