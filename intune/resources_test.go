package intune_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGroups lists the groups of devices by the id that devices report, which
// is not that of their objects in the directory. Names need a permission.
func TestGroups(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	nameless := func(groups []intune.Group) (n int) {
		for _, g := range groups {
			require.NotEmpty(t, g.ID)
			if g.Name == "" {
				n++
			}
		}
		return n
	}
	var directoryID string
	var groups []intune.Group
	for _, r := range clienttest.List(t, c.Source(), mdm.Query{}).Records {
		if r.DirectoryID == "" {
			continue
		}
		if of := clienttest.Collect(t, c.Groups(t.Context(), r.DirectoryID)); len(of) > len(groups) {
			directoryID, groups = r.DirectoryID, of
		}
	}
	require.NotEmpty(t, groups)
	assert.Zero(t, nameless(groups))
	assert.Equal(t, groups, clienttest.Collect(t, c.Groups(t.Context(), upper(directoryID))))
	fake.SetRights(fake.ClientID, "Device.Read.All")
	fake.DropTokens()
	assert.Equal(t, len(groups), nameless(clienttest.Collect(t, c.Groups(t.Context(), directoryID))))
	fake.Forget()
	for _, id := range []string{"", "x'/y", "00000000-0000-0000-0000-000000000000"} {
		require.ErrorIs(t, last(c.Groups(t.Context(), id)), mdm.ErrNotFound, id)
	}
	assert.Empty(t, fake.Requests())
	require.ErrorIs(t, last(c.Groups(t.Context(), customer)), mdm.ErrNotFound)
}

// TestGroupsOnly leaves out what is no group, and follows links.
func TestGroupsOnly(t *testing.T) {
	t.Parallel()
	path := "/v1.0/devices(deviceId='" + customer + "')/memberOf"
	first := true
	tn := &tenant{hook: func(r *request) *answer {
		if r.URL.Path != path {
			return nil
		}
		a := pageOf("", `{"@odata.type":"#microsoft.graph.group","id":"A","displayName":"Room 7"}`)
		if first {
			a = pageOf(graph+"/v1.0/devices(deviceId='"+customer+"')/memberOf?$skiptoken=x", `{"@odata.type":"#microsoft.graph.administrativeUnit","id":"B","displayName":"North"}`)
		}
		first = false
		return &a
	}}
	assert.Equal(t, []intune.Group{{ID: "a", Name: "Room 7"}}, clienttest.Collect(t, tn.client(t).Groups(t.Context(), customer)))
	assert.Len(t, tn.requests(http.MethodGet, path), 2)
}

// TestSetDevice changes what can be changed of a record, and only that.
func TestSetDevice(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	id := fake.IDs()[0]
	name, owner, notes, empty := "Cart 3", "personal", "Spare", ""
	require.NoError(t, c.SetDevice(t.Context(), id, intune.Details{ManagementName: &name, OwnerType: &owner, Notes: &notes}, ""))
	d, err := c.Device(t.Context(), upper(id))
	require.NoError(t, err)
	assert.Equal(t, [...]string{name, owner, notes}, [...]string{d.ManagementName, d.OwnerType, d.Notes})
	require.NoError(t, c.SetDevice(t.Context(), id, intune.Details{Notes: &empty}, ""))
	d, err = c.Device(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, [...]string{name, owner, ""}, [...]string{d.ManagementName, d.OwnerType, d.Notes}, "the others stay")
	fake.Forget()
	wrong := "mine"
	require.ErrorIs(t, c.SetDevice(t.Context(), id, intune.Details{OwnerType: &wrong}, ""), mdm.ErrInvalid)
	require.ErrorIs(t, c.SetDevice(t.Context(), id, intune.Details{}, ""), mdm.ErrInvalid)
	require.ErrorIs(t, c.SetDevice(t.Context(), "../x", intune.Details{Notes: &notes}, ""), mdm.ErrNotFound)
	assert.Empty(t, fake.Requests(), "decided here")
	require.ErrorIs(t, c.SetDevice(t.Context(), customer, intune.Details{Notes: &notes}, ""), mdm.ErrNotFound)
}

// TestSetCategory puts a device into a category.
func TestSetCategory(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	id := fake.IDs()[0]
	for _, category := range clienttest.Collect(t, c.Categories(t.Context()))[:2] {
		require.NoError(t, c.SetCategory(t.Context(), id, upper(category.ID), ""))
		d, err := c.Device(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, category.Name, d.Category)
		assert.Equal(t, category.Name, d.Record().Custom[intune.CategoryField])
	}
	require.ErrorIs(t, c.SetCategory(t.Context(), id, "Library", ""), mdm.ErrNotFound)
	require.ErrorIs(t, c.SetCategory(t.Context(), id, customer, ""), mdm.ErrNotFound)
}

// TestWritesNeedApproval says so where the tenant demands it, and goes on with
// the code of an approval.
func TestWritesNeedApproval(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.SetApproval(true)
	notes := "Spare"
	err := c.SetDevice(t.Context(), fake.IDs()[0], intune.Details{Notes: &notes}, "")
	require.ErrorIs(t, err, mdm.ErrApprovalRequired)
	assert.NotEmpty(t, intune.ApprovalCode(err))
	assert.Empty(t, intune.ApprovalCode(mdm.ErrApprovalRequired))
	category := clienttest.Collect(t, c.Categories(t.Context()))[0]
	for _, change := range []func(code string) error{
		func(code string) error {
			return c.SetDevice(t.Context(), fake.IDs()[0], intune.Details{Notes: &notes}, code)
		},
		func(code string) error { return c.SetCategory(t.Context(), fake.IDs()[0], category.ID, code) },
	} {
		err := change("")
		require.ErrorIs(t, err, mdm.ErrApprovalRequired)
		require.True(t, fake.Approve(intune.ApprovalCode(err), true))
		require.NoError(t, change(intune.ApprovalCode(err)))
	}
	d, err := c.Device(t.Context(), fake.IDs()[0])
	require.NoError(t, err)
	assert.Equal(t, [...]string{notes, category.Name}, [...]string{d.Notes, d.Category})
	code := "3c1b5a90-4b2d-4f6a-9e83-d05b1a7c6e24"
	message := "The request needs an approval. x-msft-approval-code: " + code
	err = account(t, failure(403, "ApprovalRequired", message))
	assert.Equal(t, code, intune.ApprovalCode(err), "from the text, without the header")
	for _, text := range []string{"", "Library"} {
		_, err = c.Approval(t.Context(), text)
		require.ErrorIs(t, err, mdm.ErrNotFound)
		_, err = c.Source().Resume(t.Context(), mdm.Record{}, mdm.Refresh{}, text)
		require.ErrorIs(t, err, mdm.ErrInvalid)
	}
}

// TestSyncAppleToken asks for a sync with Apple, which is allowed every quarter
// of an hour.
func TestSyncAppleToken(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	before := clienttest.Collect(t, c.AppleTokens(t.Context()))[0]
	fake.Advance(20 * time.Minute)
	require.NoError(t, c.SyncAppleToken(t.Context(), before.ID))
	assert.True(t, clienttest.Collect(t, c.AppleTokens(t.Context()))[0].LastSync.After(before.LastSync))
	require.ErrorIs(t, c.SyncAppleToken(t.Context(), before.ID), mdm.ErrConflict)
	fake.Advance(20 * time.Minute)
	require.NoError(t, c.SyncAppleToken(t.Context(), before.ID))
	require.ErrorIs(t, c.SyncAppleToken(t.Context(), "ASM main"), mdm.ErrNotFound)
	require.ErrorIs(t, last(c.AppleDevices(t.Context(), "ASM main")), mdm.ErrNotFound)
}

// TestDefaultList tells all that lists can tell if nothing particular is wanted:
// lost mode, and how Android is enrolled. So it does if these are wanted.
func TestDefaultList(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.SetKind(fake.IDs()[0], intunetest.AndroidDedicated)
	for _, want := range []mdm.Keys{nil, {mdm.KeyLostMode, mdm.KeyEnrolmentSource}, {mdm.KeyEnrolmentMethod}, {"raw:/deviceType"}} {
		fake.Forget()
		sources, lost := map[string]int{}, map[mdm.Flag]int{}
		for _, r := range clienttest.List(t, c.Source(), mdm.Query{Want: want}).Records {
			sources[r.Enrolment.Source]++
			lost[r.Flags.LostMode]++
		}
		assert.Zero(t, fake.Count(http.MethodGet, "/v1.0"+devices))
		if len(want) != 1 {
			assert.Positive(t, sources["androidEnterpriseDedicatedDevice"])
			assert.Positive(t, lost[mdm.No])
		}
	}
	for _, r := range clienttest.List(t, c.Source(), mdm.Query{Want: mdm.Keys{mdm.KeyEnrolmentAt}}).Records {
		assert.NotEqual(t, "unknownFutureValue", r.Enrolment.Source)
	}
	assert.Positive(t, fake.Count(http.MethodGet, "/v1.0"+devices), "v1.0 is enough")
}

// TestBetaList asks the beta version where lost mode is wanted, and not where
// v1.0 tells what is wanted: of the list's answers, it alone tells.
func TestBetaList(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	lost := fake.IDs()[0]
	fake.SetKind(lost, intunetest.IPad)
	fake.SetOwner(lost, false, true)
	require.NoError(t, c.EnableLostMode(t.Context(), lost, mdm.EnableLostMode{Message: "Found?"}, ""))
	fake.Settle()
	for _, wanted := range []bool{false, true} {
		fake.Forget()
		q := mdm.Query{Want: mdm.Keys{mdm.KeySerial}}
		if wanted {
			q.Want = append(q.Want, mdm.KeyLostMode)
		}
		flags := map[mdm.Flag]int{}
		for _, r := range clienttest.List(t, c.Source(), q).Records {
			flags[r.Flags.LostMode]++
			if r.ID == lost && wanted {
				assert.Equal(t, mdm.Yes, r.Flags.LostMode)
			}
		}
		if wanted {
			assert.Equal(t, 1, flags[mdm.Yes])
			assert.Positive(t, flags[mdm.No])
		} else {
			assert.Equal(t, len(fake.IDs()), flags[mdm.Unknown])
		}
		assert.Equal(t, wanted, fake.Count(http.MethodGet, "/beta"+devices) > 0)
		assert.Equal(t, wanted, fake.Count(http.MethodGet, "/v1.0"+devices) == 0)
	}
	all := clienttest.Collect(t, c.Devices(t.Context(), &intune.DevicesOptions{Beta: true}))
	types := map[string]int{}
	for _, d := range all {
		types[d.Type]++
	}
	assert.Positive(t, types["windowsRT"])
	require.NoError(t, c.DisableLostMode(t.Context(), lost, ""))
	fake.Settle()
	d, err := c.Device(t.Context(), lost)
	require.NoError(t, err)
	assert.Equal(t, mdm.No, d.Record().Flags.LostMode)
}

// TestPrimaryUser says that a device has none, which is usual.
func TestPrimaryUser(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	checked := map[bool]bool{}
	for _, r := range clienttest.List(t, c.Source(), mdm.Query{}).Records {
		has := r.User.ID != ""
		if checked[has] {
			continue
		}
		checked[has] = true
		u, err := c.PrimaryUser(t.Context(), r.ID)
		if !has {
			require.ErrorIs(t, err, mdm.ErrNotFound)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, r.User.ID, u.ID)
	}
	assert.Len(t, checked, 2)
	for _, id := range []string{"", "00000000-0000-0000-0000-000000000000"} {
		_, err := c.User(t.Context(), id)
		require.ErrorIs(t, err, mdm.ErrNotFound)
	}
	_, err := c.PrimaryUser(t.Context(), "x")
	require.ErrorIs(t, err, mdm.ErrNotFound)
}
