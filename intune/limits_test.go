package intune_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fullSpeed is a client of a fake with the service's limits and nothing else
// that slows it down.
func fullSpeed(t *testing.T, fake *intunetest.Fake, limiter transport.Limiter) *intune.Client {
	return clientOf(t, fake, func(cfg *intune.Config) {
		cfg.Transport = transport.Options{Base: fake.Transport(), Limiter: limiter, Retry: transport.Retry{Disabled: true}}
	})
}

// TestFullSpeed works as fast as the service allows: it never says 429, and at
// least 95 % of what it allows is used.
func TestFullSpeed(t *testing.T) {
	t.Parallel()
	const window = 20 * time.Second
	for name, c := range map[string]struct {
		n     int // of requests
		limit int // in a window
		each  func(t *testing.T, c *intune.Client, id string) error
	}{
		"reads":  {6000, 2000, func(t *testing.T, c *intune.Client, id string) error { _, err := c.Device(t.Context(), id); return err }},
		"writes": {600, 200, func(t *testing.T, c *intune.Client, id string) error { return c.Sync(t.Context(), id, "") }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
				client := fullSpeed(t, fake, nil)
				ids := fake.IDs()
				begin := time.Now()
				work(t, 8, c.n, func(i int) error { return c.each(t, client, ids[i%len(ids)]) })
				rate := float64(c.n) / time.Since(begin).Seconds()
				assert.GreaterOrEqual(t, rate, 0.95*float64(c.limit)/window.Seconds())
				assert.Empty(t, fake.Violations())
			})
		})
	}
}

// work does n things, some at a time.
func work(t *testing.T, workers, n int, do func(i int) error) {
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n; i += workers {
				if err := do(i); !assert.NoError(t, err) {
					return
				}
			}
		})
	}
	wait.Wait()
}

// TestFullSpeedInBatches pays for each request inside a batch.
func TestFullSpeedInBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
		src := fullSpeed(t, fake, nil).Source()
		var ids []string
		for range 150 {
			ids = append(ids, fake.IDs()...)
		}
		begin := time.Now()
		n := 0
		for _, err := range src.DeviceBatch(t.Context(), ids) {
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, len(ids), n)
		assert.GreaterOrEqual(t, float64(n)/time.Since(begin).Seconds(), 0.95*100)
		assert.Empty(t, fake.Violations())
	})
}

// TestSharedLimiter lets all tenants of an app share the host's limiter.
func TestSharedLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := transport.Rate(100, 10*time.Second, 1)
		begin := time.Now()
		var wait sync.WaitGroup
		for n := range 3 {
			fake := intunetest.New(fleet.New(fleet.Options{Devices: 40, Seed: uint64(n + 1)}))
			client := fullSpeed(t, fake, shared)
			wait.Go(func() {
				for i := range 100 {
					_, err := client.Device(t.Context(), fake.IDs()[i%10])
					assert.NoError(t, err, fmt.Sprint(n))
				}
			})
		}
		wait.Wait()
		assert.InDelta(t, 30, time.Since(begin).Seconds(), 1, "300 requests, 10 a second")
	})
}

// TestAppsAdapt slows down where the service allows fewer requests for
// applications than is known, without a word on how many, and becomes faster
// again when it allows more. No request is given up.
func TestAppsAdapt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := intunetest.New(fleet.New(fleet.Options{Devices: 60}))
		c := clientOf(t, fake, func(cfg *intune.Config) { cfg.Transport = transport.Options{Base: fake.Transport()} })
		ids := fake.IDs()
		read := func(n int) time.Duration {
			begin := time.Now()
			work(t, 4, n, func(i int) error {
				for _, err := range c.DeviceApps(t.Context(), ids[i%len(ids)]) {
					if err != nil {
						return err
					}
				}
				return nil
			})
			return time.Since(begin)
		}
		fake.SetLimit(intunetest.LimitDeviceApps, 8, 20*time.Second)
		read(120)
		refused := 0
		for _, r := range fake.Requests() {
			if r.Status == http.StatusTooManyRequests {
				refused++
			}
		}
		assert.Positive(t, refused)
		assert.Less(t, refused, 40, "it does not go on as before")
		fake.SetLimit(intunetest.LimitDeviceApps, 0, 0)
		read(600)
		fast := read(100)
		assert.InDelta(t, 20, fast.Seconds(), 2, "5 a second, as at first")
		assert.Empty(t, fake.Violations())
	})
}
