package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	"golang.org/x/time/rate"
)

// In any window of its length a Gate lets through what is documented at most,
// and with the default burst 95 % of it at least while there is work.
func TestRate(t *testing.T) {
	for _, tt := range []struct {
		n     int
		per   time.Duration
		burst int
		used  float64
	}{
		{2000, 20 * time.Second, 100, 0.95},
		{2000, 20 * time.Second, 0, 0.95},
		{200, 20 * time.Second, 0, 0.95},
		{100, time.Second, 0, 0.95},
		{20, time.Minute, 0, 0.95},
		{20, time.Minute, 5, 0.75},
		{30, time.Minute, 0, 0.95},
		{7, time.Second, 7, 0.1},
		{3, time.Second, 99, 0.3},
		{1, 3 * time.Second, 5, 0.95},
	} {
		t.Run(fmt.Sprintf("%d per %v burst %d", tt.n, tt.per, tt.burst), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				at := passages(t, transport.Rate(tt.n, tt.per, tt.burst), 6*tt.n)
				for i := tt.n; i < len(at); i++ {
					if at[i].Sub(at[i-tt.n]) <= tt.per {
						t.Fatalf("%d requests within %v", tt.n+1, at[i].Sub(at[i-tt.n]))
					}
				}
				full := float64(at[len(at)-1].Sub(at[0])) / float64(tt.per) * float64(tt.n)
				assert.GreaterOrEqual(t, float64(len(at))/full, tt.used)
			})
		})
	}
	t.Run("none", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			at := passages(t, transport.Rate(0, time.Second, 0), 1000)
			assert.Equal(t, at[0], at[999])
		})
	})
}

// passages sends n requests through a limiter by several callers, who first
// leave it alone for a while, and returns when they passed.
func passages(t *testing.T, l transport.Limiter, n int) []time.Time {
	t.Helper()
	time.Sleep(time.Hour)
	var mu sync.Mutex
	var at []time.Time
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				mu.Lock()
				done := len(at) >= n
				mu.Unlock()
				if done {
					return
				}
				if err := l.Wait(t.Context()); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				at = append(at, time.Now())
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return at
}

func TestGatePause(t *testing.T) {
	t.Run("nothing passes, and no bunch afterwards", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			const n = 10
			gate := transport.Rate(n, time.Second, 1)
			var mu sync.Mutex
			var at []time.Time
			var wg sync.WaitGroup
			for range 50 {
				wg.Go(func() {
					assert.NoError(t, gate.Wait(t.Context()))
					mu.Lock()
					defer mu.Unlock()
					at = append(at, time.Now())
				})
			}
			time.Sleep(500 * time.Millisecond)
			start := time.Now()
			end := start.Add(time.Minute)
			gate.PauseUntil(end)
			gate.PauseUntil(start.Add(time.Second)) // an earlier end changes nothing
			wg.Wait()
			require.Len(t, at, 50)
			for i, when := range at {
				assert.True(t, when.Before(start) || when.Equal(start) || !when.Before(end), "passed during the pause")
				if i >= n {
					assert.Greater(t, when.Sub(at[i-n]), time.Second)
				}
			}
		})
	})
	t.Run("deadline", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			gate := &transport.Gate{}
			gate.PauseUntil(time.Now().Add(time.Minute))
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			require.ErrorIs(t, gate.Wait(ctx), context.DeadlineExceeded)
			assert.Zero(t, time.Since(start))
		})
	})
	t.Run("ended context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, (&transport.Gate{}).Wait(ctx), context.Canceled)
	})
}

// waiter is a Limiter made of a function.
type waiter func(context.Context) error

func (f waiter) Wait(ctx context.Context) error { return f(ctx) }

func TestAll(t *testing.T) {
	t.Run("order, and nil is left out", func(t *testing.T) {
		var order []string
		note := func(name string) waiter {
			return func(context.Context) error { order = append(order, name); return nil }
		}
		l := transport.All(note("app"), nil, transport.All(note("tenant"), note("list")))
		require.NoError(t, l.Wait(t.Context()))
		assert.Equal(t, []string{"app", "tenant", "list"}, order)
		require.NoError(t, transport.All().Wait(t.Context()))
	})
	t.Run("each is kept", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			at := passages(t, transport.All(transport.Rate(100, time.Second, 0), transport.Rate(50, 10*time.Second, 0)), 200)
			for i := 50; i < len(at); i++ {
				assert.Greater(t, at[i].Sub(at[i-50]), 10*time.Second)
			}
		})
	})
	t.Run("refusal of x/time/rate is a deadline's", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			slow := rate.NewLimiter(rate.Every(time.Hour), 1)
			require.True(t, slow.Allow())
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			require.NotErrorIs(t, slow.Wait(ctx), context.DeadlineExceeded, "x/time/rate has learnt it; All need not translate")
			require.ErrorIs(t, transport.All(slow).Wait(ctx), context.DeadlineExceeded)

			_, err := get(ctx, client(t, nil, func(o *transport.Options, _ *transport.Profile) { o.Limiter = slow }))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Empty(t, mdm.Code(err))
			assert.ErrorContains(t, err, "toy: devices: the wait for the rate limit")
		})
	})
	t.Run("other failures stay", func(t *testing.T) {
		broken := errors.New("no connection to the shared budget")
		l := waiter(func(context.Context) error { return broken })
		require.Equal(t, broken, transport.All(l).Wait(t.Context()))
		calls := 0
		_, err := wipe(t.Context(), client(t, script(&calls, gives(200, `{}`)),
			func(o *transport.Options, _ *transport.Profile) { o.Limiter = l }))
		require.ErrorIs(t, err, mdm.ErrUnavailable)
		require.ErrorIs(t, err, broken)
		assert.ErrorContains(t, err, "nothing was sent")
		assert.Zero(t, calls)
	})
}

// Two clients, such as two tenants', share a limiter: what one is told holds
// for the other.
func TestLimitPause(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		header []string
		want   time.Duration
	}{
		{"429 with retry-after", 429, []string{"Retry-After", "60"}, time.Minute},
		{"429 without", 429, nil, 3 * time.Second},
		{"429 of a day, bounded", 429, []string{"Retry-After", "86400"}, 2 * time.Minute},
		{"503 with retry-after", 503, []string{"Retry-After", "10"}, 10 * time.Second},
		{"503 without", 503, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				shared := &transport.Gate{}
				share := func(o *transport.Options, p *transport.Profile) {
					o.Limiter, p.Retry.BaseWait = shared, 3*time.Second
				}
				told := client(t, script(new(int), gives(tt.status, "", tt.header...)), share, noRetry)
				other := client(t, script(new(int), gives(200, `{}`)), share)
				_, err := get(t.Context(), told)
				require.Error(t, err)
				start := time.Now()
				_, err = get(t.Context(), other)
				require.NoError(t, err)
				assert.Equal(t, tt.want, time.Since(start))
			})
		})
	}
	t.Run("without any limiter the client itself pauses", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, script(new(int), gives(429, "", "Retry-After", "60"), gives(200, `{}`)), noRetry)
			_, err := get(t.Context(), c)
			require.ErrorIs(t, err, mdm.ErrRateLimited)
			start := time.Now()
			_, err = get(t.Context(), c)
			require.NoError(t, err)
			assert.Equal(t, time.Minute, time.Since(start))
		})
	})
}

// Retry is outside the limiter: each attempt pays.
func TestLimitOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		start := time.Now()
		c := client(t, trip(func(*http.Request) (*http.Response, error) {
			at = append(at, time.Since(start))
			return answer(503, ""), nil
		}), func(o *transport.Options, _ *transport.Profile) {
			o.Limiter = rate.NewLimiter(rate.Every(time.Minute), 1)
			o.Retry.Attempts = 3
		})
		_, err := get(t.Context(), c)
		require.Error(t, err)
		require.Len(t, at, 3)
		for i, when := range at {
			// The limiter rounds down by a nanosecond.
			assert.InDelta(t, time.Duration(i)*time.Minute, when, float64(time.Microsecond))
		}
	})
}

// A limiter of the request alone is waited for too.
func TestLimitOfRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client(t, script(new(int), gives(200, `{}`)))
		writes := transport.Rate(1, time.Minute, 1)
		start := time.Now()
		for range 3 {
			_, err := do(t.Context(), c, transport.Request{Op: "wipe", Method: "POST", Limiter: writes})
			require.NoError(t, err)
		}
		assert.Greater(t, time.Since(start), 2*time.Minute)
		_, err := get(t.Context(), c)
		require.NoError(t, err)
	})
}

// Too many requests of one kind say nothing about the others; a system that is
// not available says it of all.
func TestLimitOfRequestPauses(t *testing.T) {
	for name, c := range map[string]struct {
		status       int
		limiter      transport.Limiter
		others, same time.Duration
	}{
		"429, a limit of its own":           {429, transport.Rate(100, time.Second, 0), 0, time.Minute},
		"429, one that cannot be paused":    {429, rate.NewLimiter(rate.Inf, 1), time.Minute, time.Minute},
		"503 speaks of the system as whole": {503, transport.Rate(100, time.Second, 0), time.Minute, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := client(t, script(new(int), gives(c.status, "", "Retry-After", "60"), gives(200, `{}`)), noRetry)
				special := transport.Request{Op: "apps", Limiter: c.limiter}
				_, err := do(t.Context(), client, special)
				require.Error(t, err)
				start := time.Now()
				_, err = get(t.Context(), client)
				require.NoError(t, err)
				assert.Equal(t, c.others, time.Since(start))
				_, err = do(t.Context(), client, special)
				require.NoError(t, err)
				assert.Equal(t, c.same, time.Since(start))
			})
		})
	}
}

// impatient is a source of tokens whose server asks for patience once.
type impatient struct{ asked int }

func (s *impatient) Token(context.Context) (*oauth2.Token, error) {
	if s.asked++; s.asked == 1 {
		return nil, &mdm.Error{Op: "token", Kind: mdm.ErrRateLimited, Status: 429, RetryAfter: time.Minute}
	}
	return &oauth2.Token{AccessToken: "t"}, nil
}

// A server of tokens that asks for patience is left alone, too.
func TestLimitPausesForTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &impatient{}
		c := client(t, script(new(int), gives(200, `{}`)), noRetry, func(_ *transport.Options, p *transport.Profile) { p.Auth = transport.Bearer(source) })
		_, err := get(t.Context(), c)
		require.ErrorIs(t, err, mdm.ErrRateLimited)
		start := time.Now()
		_, err = get(t.Context(), c)
		require.NoError(t, err)
		assert.Equal(t, time.Minute, time.Since(start))
		assert.Equal(t, 2, source.asked)
	})
}

func TestConcurrency(t *testing.T) {
	t.Run("bound", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			inFlight, most := 0, 0
			c := client(t, trip(func(*http.Request) (*http.Response, error) {
				mu.Lock()
				inFlight++
				most = max(most, inFlight)
				mu.Unlock()
				time.Sleep(50 * time.Millisecond)
				mu.Lock()
				inFlight--
				mu.Unlock()
				return answer(200, `{}`), nil
			}), func(o *transport.Options, _ *transport.Profile) { o.Concurrency = 5 })
			start := time.Now()
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() { _, err := get(t.Context(), c); assert.NoError(t, err) })
			}
			wg.Wait()
			assert.Equal(t, 5, most)
			assert.Equal(t, 200*time.Millisecond, time.Since(start))
			assert.Equal(t, 5, c.Concurrency())
		})
	})
	one := func(o *transport.Options, _ *transport.Profile) { o.Concurrency = 1 }
	t.Run("an open answer counts", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, script(new(int), gives(200, `{}`)), one)
			open, err := c.Do(t.Context(), transport.Request{Op: "devices"})
			require.NoError(t, err)
			time.AfterFunc(300*time.Millisecond, func() { open.Body.Close() })
			start := time.Now()
			_, err = get(t.Context(), c)
			require.NoError(t, err)
			assert.Equal(t, 300*time.Millisecond, time.Since(start))
		})
	})
	t.Run("details in the middle of a list", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, script(new(int), gives(200, `{}`)), one)
			list, err := c.Do(t.Context(), transport.Request{Op: "devices"})
			require.NoError(t, err)
			defer list.Body.Close()
			start := time.Now()
			for range 3 {
				_, err = get(t.Context(), c)
				require.NoError(t, err)
			}
			assert.Equal(t, time.Second, time.Since(start))
		})
	})
	t.Run("failures give the slot back", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, script(new(int), fails(errReset), gives(500, "x"), gives(204, ""), gives(200, `{}`)), one, noRetry)
			start := time.Now()
			for range 4 {
				_, _ = get(t.Context(), c)
			}
			assert.Zero(t, time.Since(start))
		})
	})
}
