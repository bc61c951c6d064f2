package intune_test

import (
	"fmt"
	"net/http"
	"slices"
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
		"reads":  {6000, 2000, func(t *testing.T, c *intune.Client, _ string) error { _, err := c.Enrolled(t.Context()); return err }},
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

// TestHardwareIsSlow reads ten single devices in a second at most, alone or in
// batches, of which each pays for its inner requests. A few come at once.
func TestHardwareIsSlow(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(t *testing.T, c *intune.Client, ids []string){
		"batches": func(t *testing.T, c *intune.Client, ids []string) {
			require.NoError(t, ended(c.Source().DeviceBatch(t.Context(), ids)))
		},
		"one by one": func(t *testing.T, c *intune.Client, ids []string) {
			work(t, 8, len(ids), func(i int) error { _, err := c.Device(t.Context(), ids[i]); return err })
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			fake := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
			fake.SetLimit(intunetest.LimitDevices, 200, 20*time.Second)
			c := fullSpeed(t, fake, nil)
			begin := time.Now()
			read(t, c, fake.IDs()[:20])
			assert.Zero(t, time.Since(begin), name)
			ids := slices.Repeat(fake.IDs()[:20], 50)
			read(t, c, ids)
			assert.InDelta(t, 9.05, float64(len(ids))/time.Since(begin).Seconds(), 0.2, name)
			assert.Empty(t, fake.Violations())
		})
	}
}

// TestHardwareAdapts reads single devices more slowly after the service refused
// one, alone or inside a batch, and lets other requests through meanwhile.
func TestHardwareAdapts(t *testing.T) {
	t.Parallel()
	for _, batch := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			c, fake := fakeTenant(t)
			ids := slices.Repeat(fake.IDs()[:20], 5)
			read := func() time.Duration {
				begin := time.Now()
				require.NoError(t, ended(c.DevicesByID(t.Context(), ids)))
				return time.Since(begin)
			}
			read()
			assert.InDelta(t, 100/9.05, read().Seconds(), 1)
			var wait sync.WaitGroup
			if batch {
				fake.FailInner(3, http.StatusTooManyRequests)
			} else {
				fake.Faults().FailNext(1, http.StatusTooManyRequests, http.Header{"Retry-After": {"17"}})
			}
			begin := time.Now()
			wait.Go(func() {
				if batch {
					assert.NoError(t, ended(c.DevicesByID(t.Context(), ids[:20])))
				} else {
					_, err := c.Device(t.Context(), ids[0])
					assert.NoError(t, err)
				}
				assert.GreaterOrEqual(t, time.Since(begin), 17*time.Second)
			})
			time.Sleep(10 * time.Second)
			_, err := c.Enrolled(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 10*time.Second, time.Since(begin), "this has another limit")
			wait.Wait()
			assert.InDelta(t, (100-20)/4.5, read().Seconds(), 4.5)
		})
	}
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
