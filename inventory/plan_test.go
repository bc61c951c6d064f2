package inventory_test

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

// A dry run writes nothing; its plan can be stored, read, and applied, and
// does what a run would.
//
//mdm:feature 1.21
func TestPlanSync(t *testing.T) {
	r, same := busy(t), busy(t)
	writes := r.memory.Writes()
	state, err := r.memory.State(t.Context(), "c1")
	require.NoError(t, err)
	plan, err := inventory.PlanSync(t.Context(), r.connection, r.source, r.store, &r.options)
	require.NoError(t, err)
	assert.Equal(t, writes, r.memory.Writes())
	after, err := r.memory.State(t.Context(), "c1")
	require.NoError(t, err)
	assert.Equal(t, state, after)

	text, err := json.Marshal(plan)
	require.NoError(t, err)
	var read inventory.Plan
	require.NoError(t, json.Unmarshal(text, &read))
	again, err := json.Marshal(read)
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again))

	run, err := inventory.Apply(t.Context(), r.connection, r.store, read, &r.options)
	require.NoError(t, err)
	assert.Equal(t, len(plan.Steps), run.Writes)
	assert.Zero(t, run.Stale)
	same.sync()
	assert.Equal(t, settled(t, same), settled(t, r))
	r.quiet()

	run, err = inventory.Apply(t.Context(), r.connection, r.store, read, nil)
	require.NoError(t, err)
	assert.Zero(t, run.Writes, "an old plan changes nothing")
	assert.Equal(t, len(plan.Steps), run.Stale)

	read.Scope = "school-2"
	_, err = inventory.Apply(t.Context(), r.connection, r.store, read, nil)
	require.ErrorIs(t, err, mdm.ErrInvalid)
}

func TestPlanText(t *testing.T) {
	r := newRig(t, ipad(1), ipad(2)).put(asset(1))
	plan, err := inventory.PlanSync(t.Context(), r.connection, r.source, r.store, nil)
	require.NoError(t, err)
	text := plan.Text()
	for _, part := range []string{"Plan for c1 in school-1: 2 changes after 2 devices (last_page)\n",
		"link    d001 \"iPad 001\" -> a001 (auto_linked", "        os: \"\" -> \"18.1\"\n", "stage   d002 \"iPad 002\" (unmatched"} {
		assert.Contains(t, text, part)
	}
	r.sync()
	r.source.Remove("d001", "d002")
	plan, err = inventory.PlanSync(t.Context(), r.connection, r.source, r.store, nil)
	require.NoError(t, err)
	assert.Contains(t, plan.Text(), "[held: empty_listing]")
	assert.Contains(t, plan.Text(), "held for approval: empty_listing, 2 devices where 0 pass")
}

// The report has the shape that hosts store.
func TestRunAsJSON(t *testing.T) {
	r := newRig(t, ipads(3)...).put(asset(1))
	r.options.Throttle = func() inventory.Throttle { return inventory.Throttle{Limited: 2, Waited: 37 * time.Second} }
	r.options.Health = []mdm.Health{{Credential: "API key", State: mdm.HealthWarn, Expires: time.Now().Add(26*24*time.Hour + time.Hour)}}
	text, err := json.Marshal(r.sync())
	require.NoError(t, err)
	var got map[string]any
	require.NoError(t, json.Unmarshal(text, &got))
	for _, key := range []string{"run_id", "connection", "listing", "outcomes", "attributes", "lifecycle", "throttle", "credential"} {
		assert.Contains(t, got, key)
	}
	assert.Equal(t, map[string]any{"complete": true, "whole": true, "expected": 3., "received": 3., "pages": 1., "ended_by": "last_page"}, got["listing"])
	assert.Equal(t, map[string]any{"http_429": 2., "waited_s": 37.}, got["throttle"])
	assert.Equal(t, map[string]any{"active": 3.}, got["lifecycle"])
	assert.EqualValues(t, 26, got["credential"].(map[string]any)["expires_in_days"])
	for _, personal := range []string{"Ada", ipad(1).Serial, ipad(1).Name} {
		assert.NotContains(t, string(text), personal)
	}
	var back inventory.Run
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, 37*time.Second, back.Throttle.Waited)
}

// The same input gives the same plan, in whatever order it comes.
func TestNewPlanOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := inventory.PlanInput{Connection: inventory.Connection{ID: "c1", Kind: "toy", Scope: scope, Name: "x", OnNew: inventory.NewCreate},
			Now: now, Listing: inventory.Listing{Complete: true}, Records: ipads(8)}
		in.Records = append(in.Records, func() mdm.Record { r := ipad(3); r.ID = "d900"; return r }())
		for n := range 6 {
			in.Assets = append(in.Assets, asset(n+1))
		}
		one, err := inventory.NewPlan(in)
		require.NoError(t, err)
		in.Records, in.Assets = rapid.Permutation(in.Records).Draw(t, "records"), rapid.Permutation(in.Assets).Draw(t, "assets")
		two, err := inventory.NewPlan(in)
		require.NoError(t, err)
		if !reflect.DeepEqual(one, two) {
			t.Fatalf("the order of the input changes the plan")
		}
	})
}

func TestNewTriangle(t *testing.T) {
	mdmSide := newRig(t, ipad(1), ipad(2)).put(asset(1), asset(9))
	shop := *mdmSide
	given := ipad(4)
	given.Status = mdm.StatusReleased
	bought := []mdm.Record{ipad(1), ipad(3), given}
	shop.source = mdmtest.NewMemory(mdm.Info{Origin: mdm.Origin{Kind: "shop"}, Role: mdm.RoleOwns}, bought...)
	shop.connection.ID, shop.connection.Name = "c2", "Shop"
	mdmSide.sync()
	shop.sync()
	var assets []inventory.Asset
	for _, a := range mdmSide.assets() {
		assets = append(assets, a)
	}
	var entries []inventory.Entry
	for e := range mdmSide.memory.Entries(t.Context(), inventory.EntryQuery{Scope: scope}) {
		entries = append(entries, e)
	}
	role := func(c string) mdm.Role {
		if c == "c2" {
			return mdm.RoleOwns
		}
		return mdm.RoleManages
	}
	got, err := inventory.NewTriangle(role, assets, entries)
	require.NoError(t, err)
	require.Len(t, got.NotEnrolled, 1)
	require.Len(t, got.NotOwned, 1)
	require.Len(t, got.Only, 1)
	assert.Equal(t, "d003", got.NotEnrolled[0].Device)
	assert.Equal(t, "d002", got.NotOwned[0].Device)
	assert.Equal(t, "a009", got.Only[0].Asset)
}

// Damaged data is an error, and one of a later version is not written over.
func TestReadRowDamaged(t *testing.T) {
	for name, data := range map[string]string{"damaged": "{", "later version": `{"v":99}`, "record": `{"v":1}` + "\n\n{",
		"reasons": `{"v":1,"reasons":["x"]}`, "candidates": `{"v":1,"candidates":7}`} {
		t.Run(name, func(t *testing.T) {
			_, err := inventory.ReadRow(inventory.Entry{Device: "d1", Data: []byte(data)})
			require.Error(t, err)
		})
	}
	// What a sync left in an asset is read only where a value differs. Nothing is
	// written then, of the other devices neither.
	r := newRig(t, ipads(2)...).put(asset(1), asset(2))
	r.options.Batch = 1
	r.sync()
	r.tamper("d002", "\n[", "\n{")
	r.edit("a001", "name", "x")
	r.edit("a002", "name", "x")
	before := r.memory.Writes()
	_, err := inventory.Sync(t.Context(), r.connection, r.source, r.store, &r.options)
	require.ErrorContains(t, err, "device d002: what was stored of an asset")
	err = r.decide(inventory.Decision{Kind: inventory.DecideUnlink, Device: "d002"})
	require.ErrorContains(t, err, "device d002: what was stored of an asset")
	assert.Equal(t, before, r.memory.Writes())

	_, err = newRig(t).connection.Status(inventory.State{Data: []byte(`{"v":99}`)}, now)
	require.ErrorContains(t, err, "later version")
	row, err := inventory.ReadRow(inventory.Entry{Device: "d1"})
	require.NoError(t, err)
	assert.Equal(t, "d1", row.Device)
}

// recorder notes the changes that a store is given.
type recorder struct {
	inventory.Store
	changes []inventory.Change
}

func (s *recorder) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	s.changes = append(s.changes, b.Changes...)
	return s.Store.Apply(ctx, b)
}

// What a run writes is what the plan says, to the byte, in all that a district
// goes through: it makes the changes one batch after the other.
func TestPlanIsWhatSyncWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := district(t)
		store := &recorder{Store: r.store}
		r.store, r.options.Batch = store, 7
		r.connection.OnNew = inventory.NewCreate
		r.connection.Limits = inventory.Limits{Create: 1, Missing: 0.001, Least: 5}
		for round, change := range []func(){
			func() {},
			func() {
				r.source.Remove("1", "2", "3")
				for i, e := range entriesOf(t, r) {
					switch asset := r.assets()[e.Asset]; {
					case i%5 == 0 && asset.ID != "":
						r.edit(asset.ID, "name", "edited")
					case i%5 == 1:
						_ = r.decide(inventory.Decision{Kind: inventory.DecideIgnore, Device: e.Device})
					}
				}
			},
			func() { r.source.Remove("10", "11", "12", "13", "14", "15", "16") }, // is held
		} {
			change()
			time.Sleep(time.Hour)
			plan, err := inventory.PlanSync(t.Context(), r.connection, r.source, r.store, &r.options)
			require.NoError(t, err)
			require.NotEmpty(t, plan.Steps)
			var planned []inventory.Change
			for _, s := range plan.Steps {
				if s.Held == "" {
					planned = append(planned, s.Change)
				}
			}
			store.changes = nil
			run := r.sync()
			assert.Equal(t, planned, store.changes)
			assert.Equal(t, plan.Report.Outcomes, run.Outcomes)
			assert.Equal(t, plan.Report.Attributes, run.Attributes)
			assert.Equal(t, plan.Report.Life, run.Life)
			assert.Equal(t, plan.Report.Created, run.Created)
			assert.Equal(t, round == 2, len(run.Holds) > 0)
		}
	})
}

func entriesOf(t *testing.T, r *rig) []inventory.Entry {
	t.Helper()
	var all []inventory.Entry
	for e, err := range r.memory.Entries(t.Context(), inventory.EntryQuery{Scope: scope}) {
		require.NoError(t, err)
		all = append(all, e)
	}
	return all
}
