package relution_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// releases are one server of each generation.
var releases = []string{"26.1.1", "5.40.0", "5.5.4-740-geff8e877@master", "4.88.0"}

// fakeTenant is a client of a fake server, without a socket between them. The
// test fails at its end if the client did anything that the API does not
// allow.
func fakeTenant(t *testing.T, configure ...func(*relution.Config)) (*relution.Client, *relutiontest.Fake) {
	t.Helper()
	fake := newFake(60)
	t.Cleanup(func() { assert.Empty(t, fake.Violations()) })
	return clientOf(t, fake, configure...), fake
}

func newFake(devices int) *relutiontest.Fake {
	return relutiontest.New(fleet.New(fleet.Options{Devices: devices, Windows: 5, Android: 8}))
}

func clientOf(t testing.TB, fake *relutiontest.Fake, configure ...func(*relution.Config)) *relution.Client {
	t.Helper()
	cfg := relution.Config{Address: "relution.example.de", Tenant: fake.Tenant, Token: mdm.NewSecret(fake.Token), Transport: clienttest.Quick(fake.Transport())}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := relution.New(cfg)
	require.NoError(t, err)
	return c
}

// live are the ids of the devices that a listing shows: those not deleted.
func live(t testing.TB, c *relution.Client) []string {
	t.Helper()
	var ids []string
	for _, d := range clienttest.Collect(t, c.Devices(t.Context(), nil)) {
		ids = append(ids, d.SourceID())
	}
	return ids
}

// everything are all attributes there are.
func everything() mdm.Keys {
	var want mdm.Keys
	for _, a := range mdm.Catalogue() {
		want = append(want, a.Key)
	}
	return append(want, mdm.KeyCustom)
}

// TestSourceContract holds the source against the contract, over a server of
// each generation.
func TestSourceContract(t *testing.T) {
	t.Parallel()
	for _, version := range releases {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			fake := newFake(24)
			fake.SetVersion(version)
			n := len(live(t, clientOf(t, fake)))
			mdmtest.Run(t, func(t *testing.T) mdm.Source {
				return clientOf(t, fake, size(8), func(cfg *relution.Config) { cfg.KeepRaw = version == "26.1.1" }).Source()
			}, mdmtest.Options{Secrets: []string{fake.Token}, Devices: n, MaxPage: 8, Missing: "00000000-0000-4000-8000-000000000000",
				Requests: func() int { return len(fake.Requests()) }, Sends: []mdm.Command{mdm.Refresh{}, mdm.Restart{}, mdm.Wipe{}}})
			assert.Empty(t, fake.Violations())
		})
	}
}

// TestSourceWant holds only what is agreed.
func TestSourceWant(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	full := map[string]mdm.Record{}
	for _, r := range clienttest.List(t, c.Source(), mdm.Query{Want: everything()}).Records {
		full[r.ID] = r
	}
	for _, a := range mdm.Catalogue() {
		for _, r := range clienttest.List(t, c.Source(), mdm.Query{Want: mdm.Keys{a.Key}}).Records {
			whole := full[r.ID]
			assert.Equal(t, a.Value(&whole), a.Value(&r), "%s of %s", a.Key, r.ID)
			assert.Equal(t, whole.Class, r.Class, "the class is always told")
		}
	}
	for d, err := range mdm.Devices(t.Context(), c.Source(), mdm.Query{Want: mdm.Keys{mdm.KeySerial}}) {
		require.NoError(t, err)
		_, reachable := mdm.As[*relution.Device](d)
		assert.False(t, reachable)
	}
}

// TestSourceDrift removes devices while they are listed: those that were not
// read yet come nevertheless.
func TestSourceDrift(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, size(5))
	var asked atomic.Int32
	fake.Before(func(*http.Request) {
		if n := asked.Add(1); n == 4 || n == 7 {
			fake.Remove(fake.UUIDs(fake.Tenant)[1])
		}
	})
	l := clienttest.List(t, c.Source(), mdm.Query{})
	assert.True(t, l.End.Complete, l.End.Why)
	for _, id := range live(t, c) {
		assert.Contains(t, l.IDs(), id)
	}
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(l.IDs()))), len(l.Records))
}

// TestSourceSwap removes one device and adds another between two pages: the
// server counts the same, and only the overlap of pages shows that one was
// skipped.
func TestSourceSwap(t *testing.T) {
	t.Parallel()
	rows := make([]string, 12)
	for i := range rows {
		rows[i] = device(i+1, "")
	}
	tn := &tenant{devices: rows}
	asked := 0
	tn.hook = func(r *http.Request) *answer {
		if strings.HasSuffix(r.URL.Path, "/query") {
			if asked++; asked == 3 { // the probe, the first page, and now
				tn.devices = append(slices.Clone(rows[1:]), device(13, ""))
			}
		}
		return nil
	}
	l := clienttest.List(t, tn.client(t, size(5)).Source(), mdm.Query{})
	assert.True(t, l.End.Complete, l.End.Why)
	for i := 2; i <= 13; i++ {
		assert.Contains(t, l.IDs(), id(i))
	}
}

// TestSourceResumed does not call a listing complete whose list changed before
// it was gone on with.
func TestSourceResumed(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, size(5))
	var from mdm.Cursor
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		from = page.Next
		break
	}
	assert.True(t, clienttest.List(t, c.Source(), mdm.Query{From: from}).End.Complete)
	fake.Remove(fake.UUIDs(fake.Tenant)[0])
	l := clienttest.List(t, c.Source(), mdm.Query{From: from})
	assert.False(t, l.End.Complete)
	assert.Contains(t, l.End.Why, "changed")
}

// TestSourceSoftware reads the apps of some devices and of the fleet, in the
// newer way and in the older one.
func TestSourceSoftware(t *testing.T) {
	t.Parallel()
	for _, version := range releases {
		c, fake := fakeTenant(t)
		fake.SetVersion(version)
		ids := live(t, c)
		var fleetwide, some []mdm.Install
		for row, err := range mdm.Software(t.Context(), c.Source(), mdm.SoftwareQuery{}) {
			require.NoError(t, err)
			fleetwide = append(fleetwide, row)
		}
		assert.NotEmpty(t, fleetwide, version)
		for row, err := range mdm.Software(t.Context(), c.Source(), mdm.SoftwareQuery{Devices: ids}) {
			require.NoError(t, err, version)
			assert.NotEmpty(t, row.Name)
			some = append(some, row)
		}
		for _, row := range fleetwide {
			assert.Contains(t, some, row, version)
		}
	}
}

// TestSourceHealth reports the access token and Apple's token.
//
//mdm:feature 1.32
func TestSourceHealth(t *testing.T) {
	t.Parallel()
	inDays := func(days int) func(*relution.Config) {
		return func(cfg *relution.Config) { cfg.Expires = now().AddDate(0, 0, days) }
	}
	for days, want := range map[int]mdm.HealthState{400: mdm.HealthOK, 20: mdm.HealthWarn, -1: mdm.HealthWarn} {
		c, fake := fakeTenant(t, inDays(days))
		fake.SetDEPExpiry(fake.Tenant, now().AddDate(0, 0, days))
		all, err := c.Source().Health(t.Context())
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(all), 2)
		assert.Equal(t, want, all[0].State, "%d days", days)
		assert.Equal(t, want == mdm.HealthOK, all[0].Next == "")
		assert.NotZero(t, all[0].Warn)
		wantApple := want
		if days < 0 {
			wantApple = mdm.HealthBroken
		}
		assert.Equal(t, wantApple, all[1].State, "%d days", days)
	}
	c, fake := fakeTenant(t)
	fake.Revoke(fake.Token)
	all, err := c.Source().Health(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.Equal(t, mdm.HealthBroken, all[0].State)
	require.ErrorIs(t, all[0].Err, mdm.ErrUnauthorized)
}
