package inventory_test

import (
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
)

// BenchmarkSync measures a first run, in which every device is linked, and a
// second one, in which nothing changes. "MB" is the most memory that was in
// use, the source's and the store's own included.
func BenchmarkSync(b *testing.B) {
	const devices = 100_000
	records := make([]mdm.Record, devices)
	for n := range records {
		records[n] = wide(n)
	}
	for b.Loop() {
		r := newRig(b, records...)
		r.source.SetPageSize(1000)
		for n := range records {
			r.memory.Put(scope, inventory.Asset{ID: records[n].ID, Identifiers: inventory.Identifiers{Serial: records[n].Serial, Model: records[n].Model}})
		}
		first, firstMB := measure(r)
		require.Equal(b, devices, r.memory.Writes())
		second, secondMB := measure(r)
		require.Equal(b, devices, r.memory.Writes(), "the second run writes nothing")
		b.ReportMetric(first.Seconds(), "first-s")
		b.ReportMetric(firstMB, "first-MB")
		b.ReportMetric(second.Seconds(), "second-s")
		b.ReportMetric(secondMB, "second-MB")
	}
}

func wide(n int) mdm.Record {
	r := ipad(n % 60000)
	r.ID = "w" + itoa(100000+n)
	r.Serial = "DMPX" + itoa(100000+n) + "Q1"
	r.UDID = "00008101-" + itoa(1000000+n) + "1A2B3C00D"
	r.Interfaces[0].MAC = mac(n)
	return r
}

func measure(r *rig) (time.Duration, float64) {
	runtime.GC()
	base := heap()
	stop, peak := make(chan bool), make(chan uint64)
	go func() {
		most := uint64(0)
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(5 * time.Millisecond):
				most = max(most, heap())
			}
		}
	}()
	start := time.Now()
	r.sync()
	took := time.Since(start)
	close(stop)
	most := <-peak
	return took, float64(most-min(base, most)) / 1e6
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
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
