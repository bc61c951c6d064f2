package jamfpro_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/internal/liveheap"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// latency is how long the server of the benchmark needs for a page.
const latency = 50 * time.Millisecond

// slowFake is a fake with that many computers that answers late.
func slowFake(tb testing.TB, n int) (*jamfpro.Client, *jamfprotest.Fake) {
	tb.Helper()
	fake := jamfprotest.New(fleet.New(fleet.Options{Devices: 60}))
	fake.SetBulk(n)
	base := fake.Transport()
	late := roundTripper(func(r *http.Request) (*http.Response, error) {
		select {
		case <-time.After(latency):
			return base.RoundTrip(r)
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	})
	return clientOf(tb, fake, func(cfg *jamfpro.Config) { cfg.Transport = clienttest.Quick(late); cfg.Only = jamfpro.OnlyComputers }), fake
}

// ideal is how long a listing of so many pages takes with five connections if
// nothing but the server's latency counts: the version and a token, the end of
// the list, and the pages.
func ideal(devices int) time.Duration {
	const connections, page = 5, 200
	pages := (devices + page - 1) / page
	return time.Duration(3+(pages+connections-1)/connections) * latency
}

// BenchmarkPages lists 100,000 computers, 50 ms a page. of-ideal is how many
// times as long as the latency alone it takes; peak-MB is how far the heap
// grew.
func BenchmarkPages(b *testing.B) {
	for _, n := range []int{2_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			c, _ := slowFake(b, n)
			b.ReportAllocs()
			var peak *liveheap.Watch
			got := 0
			for b.Loop() {
				got = walkAll(b, c, func() {
					if peak == nil { // the fake sorts all of its computers for the first answer
						peak = liveheap.Start()
					}
				})
			}
			b.ReportMetric(peak.Stop(), "peak-MB")
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/ideal(got).Seconds(), "of-ideal")
		})
	}
}

// walkAll lists all devices and calls begun with the first page.
func walkAll(tb testing.TB, c *jamfpro.Client, begun func()) int {
	got := 0
	for page, err := range c.Source().Pages(tb.Context(), mdm.Query{}) {
		require.NoError(tb, err)
		if got == 0 {
			begun()
		}
		got += len(page.Devices)
		if page.End != nil {
			assert.True(tb, page.End.Complete, page.End.Why)
		}
	}
	return got
}

// TestPagesInParallel is the benchmark by a clock on which nothing but the
// server's latency counts, so that it tells the same on a busy machine.
func TestPagesInParallel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := slowFake(t, 4_000)
		begin := time.Now()
		got := walkAll(t, c, func() {})
		assert.Greater(t, got, 4_000)
		assert.Less(t, time.Since(begin).Seconds(), 1.3*ideal(got).Seconds(), "what five connections allow")
		t.Logf("%.2f times as long as the latency alone", time.Since(begin).Seconds()/ideal(got).Seconds())
		assert.LessOrEqual(t, fake.Parallel(), 5)
		assert.Empty(t, fake.Violations())
	})
}
