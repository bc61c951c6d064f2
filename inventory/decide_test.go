package inventory_test

import (
	"context"
	"iter"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// A person links what no rule would, and no run overrides it.
//
//mdm:feature 1.8
func TestDecideLink(t *testing.T) {
	r := newRig(t, ipad(1)).put(asset(1), asset(2))
	r.sync()
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideLink, Device: "d001", Asset: "a002", Why: "I saw it"}))
	row := r.row("d001")
	assert.Equal(t, "a002", row.Asset)
	assert.Empty(t, r.assets()["a001"].Values["name"], "the first link was undone")
	assert.Equal(t, "iPad 001", r.assets()["a002"].Values["name"])
	r.quiet()
	assert.Equal(t, "a002", r.row("d001").Asset)
	require.NotEmpty(t, row.Decisions)
	assert.Equal(t, "tester", row.Decisions[len(row.Decisions)-1].Who)
	assert.Equal(t, "I saw it", row.Decisions[len(row.Decisions)-1].Why)
}

//mdm:feature 1.9
func TestDecideCreate(t *testing.T) {
	r := newRig(t, ipad(1))
	r.sync()
	rename := func(a *inventory.Asset) { a.Identifiers.Name, a.Key = "Room 7", "spoilt" }
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideCreate, Device: "d001", Edit: rename}))
	a := r.assets()[r.row("d001").Asset]
	assert.Equal(t, "Room 7", a.Identifiers.Name)
	assert.Equal(t, ipad(1).Serial, a.Identifiers.Serial)
	assert.Equal(t, "iPad 001", a.Values["name"])
	assert.Equal(t, "c1/d001", a.Key)
	r.quiet()
	require.ErrorIs(t, r.decide(inventory.Decision{Kind: inventory.DecideCreate, Device: "d001"}), mdm.ErrConflict)
}

// Undoing a link gives fields back, except those that somebody edited since,
// and no later run makes it again.
func TestDecideUnlink(t *testing.T) {
	a := asset(1)
	a.Values = map[string]string{"name": "Old name", "os": "10"}
	r := newRig(t, ipad(1)).put(a)
	r.connection.OnNew = inventory.NewCreate
	r.sync()
	r.edit("a001", "os", "edited")
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideUnlink, Device: "d001"}))
	values := r.assets()["a001"].Values
	assert.Equal(t, "Old name", values["name"])
	assert.Equal(t, "edited", values["os"])
	r.sync()
	assert.Equal(t, inventory.EntryStaged, r.row("d001").State)
	assert.Len(t, r.assets(), 1)
	r.quiet()
}

// After the link to a created asset was undone, creating makes another one.
func TestDecideUnlinkCreated(t *testing.T) {
	r := newRig(t, ipad(1))
	r.sync()
	create := inventory.Decision{Kind: inventory.DecideCreate, Device: "d001"}
	require.NoError(t, r.decide(create))
	first := r.row("d001").Asset
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideUnlink, Device: "d001"}))
	r.sync()
	assert.Equal(t, inventory.EntryStaged, r.row("d001").State, "the run does not find the asset by its key")
	require.NoError(t, r.decide(create))
	assert.NotEqual(t, first, r.row("d001").Asset)
	assert.Len(t, r.assets(), 2)
}

// An ignored device does not come back, also under another id, and does not
// vanish.
func TestDecideIgnore(t *testing.T) {
	r := newRig(t, ipads(12)...)
	r.sync()
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideIgnore, Device: "d001"}))
	r.put(asset(1))
	r.sync()
	assert.Equal(t, inventory.EntryIgnored, r.row("d001").State)
	r.source.Remove("d001")
	r.sync()
	assert.Equal(t, inventory.EntryIgnored, r.row("d001").State)
	assert.NotEmpty(t, r.row("d001").Decisions)
	again := ipad(1)
	again.ID = "d500"
	r.source.Put(again)
	r.sync()
	assert.Equal(t, inventory.EntryIgnored, r.row("d500").State)
	r.quiet()
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideUnignore, Device: "d001"}))
	r.sync()
	assert.Equal(t, inventory.EntryLinked, r.row("d500").State)
}

func TestDecideMerge(t *testing.T) {
	r := newRig(t, ipad(1), ipad(2)).put(asset(1), asset(2))
	r.sync()
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideMerge, Device: "d002", Into: "d001"}))
	r.sync()
	assert.Equal(t, inventory.EntryAlias, r.row("d002").State)
	assert.Equal(t, "d001", r.row("d002").Primary)
	assert.Equal(t, match.Alias, r.row("d002").Outcome)
	r.quiet()
}

func TestDecideRefuses(t *testing.T) {
	r := newRig(t, ipad(1), ipad(2), ipad(3)).put(asset(1), asset(2))
	r.sync()
	for name, tc := range map[string]struct {
		d    inventory.Decision
		kind error
	}{
		"unknown device":   {inventory.Decision{Kind: inventory.DecideLink, Device: "d999", Asset: "a001"}, mdm.ErrNotFound},
		"unknown asset":    {inventory.Decision{Kind: inventory.DecideLink, Device: "d003", Asset: "a999"}, mdm.ErrNotFound},
		"other asset gone": {inventory.Decision{Kind: inventory.DecideLink, Device: "d001", Asset: "a999"}, mdm.ErrNotFound},
		"asset taken":      {inventory.Decision{Kind: inventory.DecideLink, Device: "d003", Asset: "a001"}, mdm.ErrConflict},
		"reject a link":    {inventory.Decision{Kind: inventory.DecideReject, Device: "d001", Asset: "a001"}, mdm.ErrConflict},
		"reject nothing":   {inventory.Decision{Kind: inventory.DecideReject, Device: "d003"}, mdm.ErrInvalid},
		"not linked":       {inventory.Decision{Kind: inventory.DecideUnlink, Device: "d003"}, mdm.ErrInvalid},
		"not ignored":      {inventory.Decision{Kind: inventory.DecideUnignore, Device: "d003"}, mdm.ErrInvalid},
		"not replaced":     {inventory.Decision{Kind: inventory.DecideReplace, Device: "d003"}, mdm.ErrInvalid},
		"merge into none":  {inventory.Decision{Kind: inventory.DecideMerge, Device: "d003"}, mdm.ErrInvalid},
		"no kind":          {inventory.Decision{Device: "d003"}, mdm.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			before := r.memory.Writes()
			require.ErrorIs(t, r.decide(tc.d), tc.kind)
			assert.Equal(t, before, r.memory.Writes())
		})
	}
	_, err := inventory.Decide(t.Context(), r.connection, r.store, inventory.Decision{Kind: inventory.DecideIgnore, Device: "d003"})
	require.ErrorIs(t, err, mdm.ErrInvalid, "without a time")
}

func TestDecideStale(t *testing.T) {
	r := newRig(t, ipad(1)).put(asset(1))
	r.sync()
	r.store = &meddling{Store: r.memory, meddle: func() { r.edit("a001", "name", "x") }}
	require.ErrorIs(t, r.decide(inventory.Decision{Kind: inventory.DecideUnlink, Device: "d001"}), mdm.ErrConflict)
	assert.Equal(t, inventory.EntryLinked, r.row("d001").State)
}

// The asset of a linked device was deleted by a person: the device is staged,
// and no run creates another.
func TestSyncAssetDeleted(t *testing.T) {
	r := newRig(t, ipad(1)).put(asset(1))
	r.connection.OnNew = inventory.NewCreate
	r.sync()
	r.loseAssets()
	run := r.sync()
	assert.Equal(t, inventory.EntryStaged, r.row("d001").State)
	assert.Equal(t, inventory.WarnAssetMissing, run.Warnings[len(run.Warnings)-1].Code)
	r.sync() // notes that no asset resembles it
	r.quiet()
	assert.Empty(t, r.assets())
}

// The last decision counts: linking and creating end an earlier merge and an
// earlier link.
func TestDecideAgain(t *testing.T) {
	r := newRig(t, ipads(3)...).put(asset(1), asset(2), asset(3))
	r.sync()
	for _, d := range []inventory.Decision{
		{Kind: inventory.DecideMerge, Device: "d002", Into: "d001"},
		{Kind: inventory.DecideLink, Device: "d002", Asset: "a002"},
	} {
		require.NoError(t, r.decide(d))
		r.sync()
	}
	assert.Equal(t, "a002", r.row("d002").Asset)
	assert.Equal(t, "a001", r.row("d001").Asset)

	for _, d := range []inventory.Decision{
		{Kind: inventory.DecideMerge, Device: "d002", Into: "d001"},
		{Kind: inventory.DecideCreate, Device: "d002"},
	} {
		require.NoError(t, r.decide(d))
		r.sync()
	}
	created := r.row("d002").Asset
	assert.NotContains(t, []string{"", "a001", "a002"}, created)

	for _, d := range []inventory.Decision{
		{Kind: inventory.DecideLink, Device: "d003", Asset: "a002"},
		{Kind: inventory.DecideUnlink, Device: "d003"},
		{Kind: inventory.DecideCreate, Device: "d003"},
	} {
		require.NoError(t, r.decide(d))
		r.sync()
	}
	assert.NotContains(t, []string{"", "a002", "a003", created}, r.row("d003").Asset)
	assert.Equal(t, created, r.row("d002").Asset)
	r.quiet()
	require.ErrorIs(t, r.decide(inventory.Decision{Kind: inventory.DecideMerge, Device: "d001", Into: "d999"}), mdm.ErrNotFound)
}

// A link that cannot be moved stays as it is.
func TestDecideLinkOfAnother(t *testing.T) {
	r := newRig(t, ipads(2)...).put(asset(1), asset(2))
	r.sync()
	before, assets := r.row("d001"), r.assets()
	require.ErrorIs(t, r.decide(inventory.Decision{Kind: inventory.DecideLink, Device: "d001", Asset: "a002"}), mdm.ErrConflict)
	assert.Equal(t, before, r.row("d001"))
	assert.Equal(t, assets, r.assets())
}

// sparse is a store that leaves out empty values.
type sparse struct{ inventory.Store }

func (s sparse) Assets(ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
	return func(yield func(inventory.Asset, error) bool) {
		for a, err := range s.Store.Assets(ctx, q) {
			maps.DeleteFunc(a.Values, func(_, value string) bool { return value == "" })
			if len(a.Values) == 0 {
				a.Values = nil
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// A field that the MDM emptied goes back to what it was.
func TestDecideUnlinkEmptied(t *testing.T) {
	device := ipad(1)
	device.User, device.Blank = mdm.User{}, mdm.Keys{mdm.KeyUserName}
	a := asset(1)
	a.Values = map[string]string{"user": "Ada"}
	r := newRig(t, device).put(a)
	r.store = sparse{r.store}
	r.connection.Mapping = inventory.Mapping{{From: mdm.KeyUserName, Field: "user", Clear: true}}
	r.sync()
	assert.Empty(t, r.assets()["a001"].Values["user"])
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideUnlink, Device: "d001"}))
	assert.Equal(t, "Ada", r.assets()["a001"].Values["user"])
}

// What a person said about a device holds when the MDM gives it another id:
// no asset is created for it.
func TestDecideOutlivesTheID(t *testing.T) {
	for name, decide := range map[string]func(r *rig){
		"a link undone": func(r *rig) {
			require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideUnlink, Device: "d001"}))
		},
		"an asset removed": func(r *rig) { r.loseAssets() },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, ipad(1)).put(asset(1))
			r.connection.OnNew = inventory.NewCreate
			r.sync()
			decide(r)
			r.sync()
			before := len(r.assets())
			r.source.Remove("d001")
			again := ipad(1)
			again.ID = "x001"
			r.source.Put(again)
			r.sync()
			r.sync()
			assert.Len(t, r.assets(), before)
			assert.Equal(t, inventory.EntryStaged, r.row("x001").State)
		})
	}
}

// Undoing the link to a created asset and creating another never meets the key
// of a device whose id looks alike.
func TestDecideCreateKeys(t *testing.T) {
	one, other := ipad(1), ipad(2)
	one.ID, other.ID = "5", "5#1"
	r := newRig(t, one, other)
	r.connection.OnNew = inventory.NewCreate
	r.sync()
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideUnlink, Device: "5"}))
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideCreate, Device: "5"}))
	assert.NotEqual(t, r.row("5#1").Asset, r.row("5").Asset)
}
