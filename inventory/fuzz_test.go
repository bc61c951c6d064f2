package inventory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
)

// FuzzEntry plans with whatever a database gives back for an entry, and shows
// it: it is an error, or what was stored.
func FuzzEntry(f *testing.F) {
	r := newRig(f, ipads(2)...).put(asset(1))
	r.sync()
	for _, device := range []string{"d001", "d002"} {
		for e := range r.memory.Entries(f.Context(), inventory.EntryQuery{Scope: scope, Devices: []string{device}}) {
			f.Add(string(e.Data), string(e.State), e.Asset)
		}
	}
	f.Add(`{"v":1,"print":"x","more":true,"missed":"2026-01-01T00:00:00Z","decisions":[{"kind":"pin","asset":"a001"}]}`+"\n"+`[{"f":"name","v":"x"}]`+"\n"+`{"id":"d009"}`, "linked", "a001")
	f.Fuzz(func(t *testing.T, data, state, id string) {
		e := inventory.Entry{Connection: "c1", Device: "d001", Revision: "1", State: inventory.EntryState(state), Asset: id, Data: []byte(data)}
		row, err := inventory.ReadRow(e)
		if err == nil {
			assert.Equal(t, "d001", row.Device)
		}
		for _, records := range [][]mdm.Record{{ipad(1)}, nil} {
			in := inventory.PlanInput{Connection: r.connection, Now: now, Records: records, Listing: inventory.Listing{Complete: true},
				Assets: []inventory.Asset{asset(1), asset(2)}, Entries: []inventory.Entry{e}}
			plan, err := inventory.NewPlan(in)
			if err != nil {
				continue
			}
			for _, s := range plan.Steps {
				assert.Equal(t, "d001", s.Device)
				_, err := inventory.ReadRow(s.Change.Entry)
				if row.Device != "" {
					require.NoError(t, err)
				}
			}
			again, err := inventory.NewPlan(in)
			require.NoError(t, err)
			assert.Equal(t, plan, again)
		}
	})
}

// FuzzState reads whatever a database gives back for a connection.
func FuzzState(f *testing.F) {
	r := newRig(f, ipad(1))
	r.sync()
	state, err := r.memory.State(f.Context(), "c1")
	require.NoError(f, err)
	f.Add(string(state.Data))
	f.Add(`{"v":1,"running":{"run":"x","since":"2026-01-01T00:00:00Z","lease":-1},"failures":-3}`)
	f.Fuzz(func(t *testing.T, data string) {
		status, err := r.connection.Status(inventory.State{Data: []byte(data)}, now)
		if err == nil && !status.Next.IsZero() {
			assert.False(t, status.Next.Before(now.Add(-100*365*24*time.Hour)))
		}
	})
}

// FuzzTemplate makes mappers of whatever a person types.
func FuzzTemplate(f *testing.F) {
	f.Add("{user.login}:{sim.phone}:{model}", "Ada")
	f.Add("{name}{", "")
	f.Fuzz(func(t *testing.T, text, name string) {
		mapper, err := inventory.Template(text)
		if err != nil {
			return
		}
		record := mdm.Record{Name: name}
		assert.Equal(t, mapper("", record), mapper("", record))
	})
}
