package inventory_test

import (
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/internal/liveheap"
	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
)

const manyDevices = 100_000

// BenchmarkSync measures a first run, in which every device is linked, and a
// second one, in which nothing changes.
func BenchmarkSync(b *testing.B) {
	var first, second time.Duration
	for b.Loop() {
		b.StopTimer()
		r := manyRig(b)
		b.StartTimer()
		start := time.Now()
		r.sync()
		between := time.Now()
		r.sync()
		first, second = first+between.Sub(start), second+time.Since(between)
		require.Equal(b, manyDevices, r.memory.Writes(), "the second run writes nothing")
	}
	b.ReportMetric(first.Seconds()/float64(b.N), "first-s/op")
	b.ReportMetric(second.Seconds()/float64(b.N), "second-s/op")
}

// BenchmarkSyncMemory measures the memory of the same runs: how much more is
// alive at the most than before the run, which does not count what the source
// and the store hold already, but counts what the first run adds to the store.
// The collector runs far more often than usual, to see it.
func BenchmarkSyncMemory(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	var first, second float64
	for b.Loop() {
		r := manyRig(b)
		first, second = max(first, alive(r)), max(second, alive(r))
	}
	b.ReportMetric(first, "first-MB")
	b.ReportMetric(second, "second-MB")
}

// manyRig is a rig of many devices, each with its asset.
func manyRig(b *testing.B) *rig {
	records := make([]mdm.Record, manyDevices)
	for n := range records {
		records[n] = wide(n)
	}
	r := newRig(b, records...)
	r.source.SetPageSize(1000)
	for n := range records {
		r.memory.Put(scope, inventory.Asset{ID: records[n].ID, Identifiers: inventory.Identifiers{Serial: records[n].Serial, Model: records[n].Model}})
	}
	return r
}

func wide(n int) mdm.Record {
	r := ipad(n % 60000)
	r.ID = "w" + itoa(100000+n)
	r.Serial = "DMPX" + itoa(100000+n) + "Q1"
	r.UDID = "00008101-" + itoa(1000000+n) + "1A2B3C00D"
	r.Interfaces[0].MAC = mac(n)
	return r
}

// alive is how much more memory a sync needs at the most than is in use
// before it, in MB.
func alive(r *rig) float64 {
	watch := liveheap.Start()
	r.sync()
	return watch.Stop()
}

// TestSyncFleet syncs a district with all its dirt, twice.
//
//mdm:feature 1.5
func TestSyncFleet(t *testing.T) {
	r := district(t)
	run := r.sync()
	require.Positive(t, run.Outcomes["auto_linked"])
	r.quiet()
	plan, err := inventory.PlanSync(t.Context(), r.connection, r.source, r.store, nil)
	require.NoError(t, err)
	require.Empty(t, plan.Steps)
}
