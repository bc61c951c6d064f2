package jamfpro_test

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fakeTenant is a client of a fake server, without a socket between them. The
// test fails at its end if the client did anything that the API does not
// allow.
func fakeTenant(t *testing.T, configure ...func(*jamfpro.Config)) (*jamfpro.Client, *jamfprotest.Fake) {
	t.Helper()
	fake := jamfprotest.New(fleet.New(fleet.Options{Devices: 60}))
	t.Cleanup(func() { assert.Empty(t, fake.Violations()) })
	return clientOf(t, fake, configure...), fake
}

func clientOf(t testing.TB, fake *jamfprotest.Fake, configure ...func(*jamfpro.Config)) *jamfpro.Client {
	t.Helper()
	cfg := jamfpro.Config{Address: "school.jamfcloud.com", ClientID: fake.ClientID, ClientSecret: mdm.NewSecret(fake.ClientSecret),
		Transport: clienttest.Quick(fake.Transport())}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := jamfpro.New(cfg)
	require.NoError(t, err)
	return c
}

// count is the number of devices that the fake has.
func count(fake *jamfprotest.Fake) int {
	return len(fake.IDs(jamfprotest.Computer)) + len(fake.IDs(jamfprotest.Mobile))
}

// everything are all attributes there are.
func everything() mdm.Keys {
	var want mdm.Keys
	for _, a := range mdm.Catalogue() {
		want = append(want, a.Key)
	}
	return append(want, mdm.KeyCustom)
}

// TestSourceContract also shows that computers and mobile devices are
// delivered as discovery records.
//
//mdm:feature 2.1
func TestSourceContract(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"11.30.1", "10.50.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			fake := jamfprotest.New(fleet.New(fleet.Options{Devices: 30}))
			fake.SetVersion(version)
			sends := []mdm.Command{mdm.Restart{}, mdm.Wipe{}}
			if version != "10.50.0" { // which knows no other way to refresh a Mac
				sends = append(sends, mdm.Refresh{})
			}
			mdmtest.Run(t, func(t *testing.T) mdm.Source {
				return clientOf(t, fake, size(8), func(cfg *jamfpro.Config) { cfg.KeepRaw = version == "11.30.1" }).Source()
			}, mdmtest.Options{Secrets: []string{fake.ClientSecret}, Devices: count(fake), MaxPage: 8, Missing: "mobile:999999",
				Requests: func() int { return len(fake.Requests()) }, Sends: sends})
			assert.Empty(t, fake.Violations())
		})
	}
}

// TestSourceWant asks for the sections that are needed, and holds only what is
// agreed.
//
//mdm:feature 2.2
func TestSourceWant(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	full := map[string]mdm.Record{}
	for _, r := range clienttest.List(t, c.Source(), mdm.Query{Want: everything()}).Records {
		full[r.ID] = r
	}
	for _, a := range mdm.Catalogue() {
		want := mdm.Keys{a.Key}
		for _, r := range clienttest.List(t, c.Source(), mdm.Query{Want: want}).Records {
			whole := full[r.ID]
			assert.Equal(t, a.Value(&whole), a.Value(&r), "%s of %s", a.Key, r.ID)
			assert.Equal(t, whole.Class, r.Class, "the class is always told")
		}
	}
	fake.Forget()
	for d, err := range mdm.Devices(t.Context(), c.Source(), mdm.Query{Want: mdm.Keys{mdm.KeySerial}}) {
		require.NoError(t, err)
		_, reachable := mdm.As[*jamfpro.Device](d)
		assert.False(t, reachable)
	}
	for _, r := range fake.Requests() {
		assert.NotContains(t, r.Query["section"], "USER_AND_LOCATION", "what nobody wants is not asked for")
		assert.NotContains(t, r.Query["section"], "APPLICATIONS")
	}
	assert.Zero(t, fake.Count("GET", "/api/v1/buildings"))
}

// TestSourceOnly lists one of the two kinds, for a role that may read one.
func TestSourceOnly(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, only("computers"))
	fake.SetRights(fake.ClientID, "Read Computers")
	l := clienttest.List(t, c.Source(), mdm.Query{})
	assert.True(t, l.End.Complete)
	assert.Len(t, l.Records, len(fake.IDs(jamfprotest.Computer)))
	assert.Equal(t, "computers", c.Info().Filter)
	_, err := c.Source().Device(t.Context(), "mobile:1")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	assert.True(t, mdm.Summarise(c.Source().Check(t.Context())).OK)
}

// TestSourceDrift removes devices of a real fake while it is listed, several
// pages at a time.
func TestSourceDrift(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, size(5))
	var asked atomic.Int32
	fake.Before(func(r *http.Request) {
		if n := asked.Add(1); n%6 == 0 && n < 13 {
			for _, kind := range []jamfprotest.Kind{jamfprotest.Computer, jamfprotest.Mobile} {
				fake.Remove(kind, fake.IDs(kind)[1])
			}
		}
	})
	l := clienttest.List(t, c.Source(), mdm.Query{})
	assert.True(t, l.End.Complete, l.End.Why)
	for kind, name := range map[jamfprotest.Kind]string{jamfprotest.Computer: "computer:", jamfprotest.Mobile: "mobile:"} {
		for _, id := range fake.IDs(kind) {
			assert.Contains(t, l.IDs(), name+id)
		}
	}
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(l.IDs()))), len(l.Records))
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
	fake.Remove(jamfprotest.Computer, fake.IDs(jamfprotest.Computer)[0])
	l := clienttest.List(t, c.Source(), mdm.Query{From: from})
	assert.False(t, l.End.Complete)
	assert.Contains(t, l.End.Why, "changed")
}

func TestSourceDamaged(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	ids := fake.IDs(jamfprotest.Mobile)
	fake.SetDamage(ids[3], jamfprotest.Broken)
	fake.SetDamage(ids[5], jamfprotest.Nowhere)
	l := clienttest.List(t, c.Source(), mdm.Query{})
	assert.Len(t, l.Records, count(fake), "a lenient server leaves out the damaged part")
	assert.True(t, l.End.Complete)
}

func TestSourceSoftware(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fleetwide := map[mdm.Install]bool{}
	for i, err := range mdm.Software(t.Context(), c.Source(), mdm.SoftwareQuery{}) {
		require.NoError(t, err)
		fleetwide[i] = true
	}
	require.NotEmpty(t, fleetwide)
	fake.Forget()
	some := map[mdm.Install]bool{}
	ids := clienttest.List(t, c.Source(), mdm.Query{}).IDs()
	for i, err := range c.Source().Software(t.Context(), ids) {
		require.NoError(t, err)
		some[i] = true
	}
	assert.Equal(t, fleetwide, some, "both ways tell the same")
	assert.Less(t, len(fake.Requests()), 20, "a hundred devices a request")
	for _, err := range c.Source().Software(t.Context(), []string{"computer:999999"}) {
		require.ErrorIs(t, err, mdm.ErrNotFound)
	}
}

// TestSourceRotation lists on when a host supplies the rotated secret.
//
//mdm:feature 2.8
func TestSourceRotation(t *testing.T) {
	t.Parallel()
	fake := jamfprotest.New(fleet.New(fleet.Options{Devices: 60}))
	var held atomic.Value
	held.Store(fake.ClientSecret)
	c := clientOf(t, fake, size(5), func(cfg *jamfpro.Config) {
		cfg.ClientSecret = mdm.SecretFunc(func(context.Context) (string, error) { return held.Load().(string), nil })
	})
	n := 0
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		if n++; n == 2 {
			held.Store(fake.RotateSecret())
			fake.DropTokens()
		}
		if page.End != nil {
			assert.True(t, page.End.Complete)
		}
	}
	assert.Greater(t, n, 5)
	assert.Empty(t, fake.Violations())
}

// TestSourceSend follows commands to their end.
func TestSourceSend(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	s := c.Source()
	for _, r := range clienttest.List(t, s, mdm.Query{}).Records {
		if s.Vet(r, mdm.Wipe{}) != nil || r.ManagementID == "" {
			continue
		}
		receipt, err := s.Send(t.Context(), r, mdm.Wipe{})
		require.NoError(t, err)
		assert.Contains(t, receipt.String(), "requested")
		status, err := c.Command(t.Context(), receipt.ID)
		require.NoError(t, err)
		assert.False(t, status.Done())
		fake.Settle()
		status, err = c.Command(t.Context(), receipt.ID)
		require.NoError(t, err)
		assert.True(t, status.Done())
		return
	}
	require.Fail(t, "no device could be wiped")
}

// TestUpdateInventory asks for a report over the Classic API.
func TestUpdateInventory(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	id := fake.IDs(jamfprotest.Mobile)[0]
	require.NoError(t, c.UpdateInventory(t.Context(), id))
	require.Len(t, fake.Queue(), 1)
	assert.Equal(t, "DEVICE_INFORMATION", fake.Queue()[0].Type)
	assert.Equal(t, id, fake.Queue()[0].ID)
	require.ErrorIs(t, c.UpdateInventory(t.Context(), "999999"), mdm.ErrNotFound)
	fake.SetRights(fake.ClientID)
	require.ErrorIs(t, c.UpdateInventory(t.Context(), id), mdm.ErrPermissionMissing)
}

// TestEverySupportedVersion reads, looks up and groups on servers of all ages.
func TestEverySupportedVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"10.50.0", "11.7.1", "11.23.2", "11.28.0", "11.30.1"} {
		for _, wire := range []jamfprotest.Wire{{}, {MissingAsHTML: true, NumericIDs: true, Deprecated: true, TokenType: "bearer"}} {
			c, fake := fakeTenant(t, size(20))
			fake.SetVersion(version)
			fake.SetWire(wire)
			l := clienttest.List(t, c.Source(), mdm.Query{Want: everything()})
			assert.Len(t, l.Records, count(fake), version)
			assert.True(t, l.End.Complete, version)
			assert.NotEmpty(t, clienttest.Collect(t, c.Buildings(t.Context())))
			assert.NotEmpty(t, clienttest.Collect(t, c.Sites(t.Context())))
			assert.NotEmpty(t, clienttest.Collect(t, c.Departments(t.Context())))
			assert.NotEmpty(t, clienttest.Collect(t, c.Enrollments(t.Context())))
		}
	}
}

// TestCancelledList ends at once.
func TestCancelledList(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t, size(5))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	n := 0
	for _, err := range c.Computers(ctx, nil) {
		if n++; n == 3 {
			cancel()
		}
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
}

// privileges are the names that a server has for its rights.
func privileges() []string { return jamfprotest.Privileges() }
