package transport_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errReset = &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
var errDial = &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}

func TestRetryReads(t *testing.T) {
	for _, tt := range []struct {
		name  string
		first func() (*http.Response, error)
		calls int
	}{
		{"429", gives(429, ""), 2},
		{"502", gives(502, ""), 2},
		{"503", gives(503, "<html>"), 2},
		{"504", gives(504, ""), 2},
		{"reset", fails(errReset), 2},
		{"refused", fails(errDial), 2},
		{"ended early", fails(io.ErrUnexpectedEOF), 2},
		{"500", gives(500, ""), 1},
		{"400", gives(400, ""), 1},
		{"401", gives(401, ""), 1},
		{"host name not found", fails(&net.DNSError{IsNotFound: true}), 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				_, err := get(t.Context(), client(t, script(&calls, tt.first, gives(200, `{}`))))
				assert.Equal(t, tt.calls, calls)
				assert.Equal(t, tt.calls == 1, err != nil)
			})
		})
	}
	t.Run("post that reads", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var bodies []string
			c := client(t, trip(func(r *http.Request) (*http.Response, error) {
				b, _ := io.ReadAll(r.Body)
				bodies = append(bodies, string(b))
				if len(bodies) < 3 {
					return answer(503, ""), nil
				}
				return answer(200, `{}`), nil
			}))
			_, err := do(t.Context(), c, transport.Request{Method: "POST", Read: true, Body: []byte("query")})
			require.NoError(t, err)
			assert.Equal(t, []string{"query", "query", "query"}, bodies)
		})
	})
	t.Run("bounded", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			_, err := get(t.Context(), client(t, script(&calls, gives(503, ""))))
			require.ErrorIs(t, err, mdm.ErrUnavailable)
			assert.Equal(t, 4, calls)
		})
	})
	t.Run("disabled", func(t *testing.T) {
		calls := 0
		_, err := get(t.Context(), client(t, script(&calls, gives(503, "")), noRetry))
		require.ErrorIs(t, err, mdm.ErrUnavailable)
		assert.Equal(t, 1, calls)
	})
}

func TestRetryWrites(t *testing.T) {
	for _, tt := range []struct {
		name  string
		first func() (*http.Response, error)
		calls int
		want  error // nil: the second attempt succeeds
	}{
		{"429", gives(429, ""), 2, nil},
		{"refused", fails(errDial), 2, nil},
		{"proxy refused", fails(&net.OpError{Op: "proxyconnect", Err: errDial.Err}), 2, nil},
		{"name server out of order", fails(&net.DNSError{IsTemporary: true}), 2, nil},
		{"host name not found", fails(&net.DNSError{IsNotFound: true}), 1, mdm.ErrUnavailable},
		{"reset", fails(errReset), 1, mdm.ErrOutcomeUnknown},
		{"odd", fails(errors.New("odd")), 1, mdm.ErrOutcomeUnknown},
		{"500", gives(500, ""), 1, mdm.ErrOutcomeUnknown},
		{"502", gives(502, ""), 1, mdm.ErrOutcomeUnknown},
		{"503", gives(503, "", "Retry-After", "1"), 1, mdm.ErrOutcomeUnknown},
		{"501", gives(501, ""), 1, mdm.ErrUnsupported},
		{"409", gives(409, ""), 1, mdm.ErrConflict},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				_, err := wipe(t.Context(), client(t, script(&calls, tt.first, gives(200, `{}`))))
				assert.Equal(t, tt.calls, calls)
				if tt.want == nil {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, tt.want)
				if tt.want == mdm.ErrOutcomeUnknown {
					assert.Contains(t, mdm.Advice(err), "Read the state back")
				}
			})
		})
	}
	t.Run("time-out", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			_, err := wipe(t.Context(), client(t, silent(&calls)))
			require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
			require.NotErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, 1, calls)
		})
	})
	t.Run("cancelled in flight", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := wipe(ctx, client(t, silent(&calls)))
			require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	})
	t.Run("cancelled between attempts", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, err := wipe(ctx, client(t, script(&calls, gives(429, "", "Retry-After", "60"))))
			require.ErrorIs(t, err, context.Canceled)
			assert.Empty(t, mdm.Code(err))
		})
	})
	t.Run("answer broken off", func(t *testing.T) {
		c := client(t, trip(func(*http.Request) (*http.Response, error) {
			resp := answer(200, "")
			resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader([]byte(`{"a`)), brokenReader{}))
			return resp, nil
		}))
		_, err := wipe(t.Context(), c)
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	})
}

// silent never answers, until the request's context ends.
func silent(calls *int) trip {
	return func(r *http.Request) (*http.Response, error) {
		*calls++
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
}

func TestRetryAfter(t *testing.T) {
	at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for _, tt := range []struct {
		name, value string
		status      int
		want        time.Duration
	}{
		{"seconds", "17", 429, 17 * time.Second},
		{"fraction", "2.128", 429, 2128 * time.Millisecond},
		{"503", "5", 503, 5 * time.Second},
		{"at the cap", "120", 429, 2 * time.Minute},
		{"date", "date", 429, 30 * time.Second},
		{"date by the server's clock", "skewed", 429, 40 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				headers := []string{"Retry-After", tt.value}
				switch tt.value {
				case "date":
					headers = []string{"Retry-After", at(30 * time.Second)}
				case "skewed":
					headers = []string{"Retry-After", at(time.Hour + 40*time.Second), "Date", at(time.Hour)}
				}
				calls, start := 0, time.Now()
				_, err := get(t.Context(), client(t, script(&calls, gives(tt.status, "", headers...), gives(200, `{}`))))
				require.NoError(t, err)
				assert.Equal(t, tt.want, time.Since(start))
			})
		})
	}
	t.Run("a day is an error at once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			calls, start := 0, time.Now()
			_, err := get(t.Context(), client(t, script(&calls, gives(429, "", "Retry-After", "86400"))))
			require.ErrorIs(t, err, mdm.ErrRateLimited)
			assert.Equal(t, 24*time.Hour, mdm.RetryAfter(err))
			assert.Zero(t, time.Since(start))
			assert.Equal(t, 1, calls)
		})
	})
	t.Run("beyond the deadline is an error at once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			calls, start := 0, time.Now()
			_, err := get(ctx, client(t, script(&calls, gives(429, "", "Retry-After", "60"))))
			require.ErrorIs(t, err, mdm.ErrRateLimited)
			assert.Zero(t, time.Since(start))
		})
	})
	for _, odd := range []string{"", "soon", "-5", "NaN", "Inf", "1e9", "0x10", "1.2.3", "."} {
		t.Run("odd "+odd, func(t *testing.T) {
			_, ok := transport.ParseRetryAfter(odd, time.Now())
			assert.False(t, ok)
		})
	}
	t.Run("past and far dates", func(t *testing.T) {
		wait, ok := transport.ParseRetryAfter(at(-time.Hour), time.Now())
		assert.True(t, ok)
		assert.Zero(t, wait)
		wait, ok = transport.ParseRetryAfter("99999999999999999999999999", time.Now())
		assert.True(t, ok)
		assert.Positive(t, wait)
	})
}

func FuzzParseRetryAfter(f *testing.F) {
	for _, seed := range []string{"120", "1.5", "", "-1", "Fri, 31 Dec 1999 23:59:59 GMT", "Friday, 31-Dec-99 23:59:59 GMT", ".", "9e9"} {
		f.Add(seed)
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		wait, ok := transport.ParseRetryAfter(value, now)
		if wait < 0 || !ok && wait != 0 {
			t.Fatalf("%q gives %v, %v", value, wait, ok)
		}
	})
}

// Cancellation ends a wait at once, whichever layer waits.
func TestClientCancellation(t *testing.T) {
	waits := map[string]func(*testing.T) *transport.Client{
		"pause between attempts": func(t *testing.T) *transport.Client {
			return client(t, script(new(int), gives(503, "", "Retry-After", "60")))
		},
		"answer": func(t *testing.T) *transport.Client { return client(t, silent(new(int))) },
		"rate limit": func(t *testing.T) *transport.Client {
			gate := &transport.Gate{}
			gate.PauseUntil(time.Now().Add(time.Hour))
			return client(t, nil, func(o *transport.Options, _ *transport.Profile) { o.Limiter = gate })
		},
		"concurrency": func(t *testing.T) *transport.Client {
			c := client(t, silent(new(int)), func(o *transport.Options, _ *transport.Profile) { o.Concurrency = 1 })
			go get(t.Context(), c)
			synctest.Wait()
			return c
		},
		"token": func(t *testing.T) *transport.Client {
			return client(t, nil, func(_ *transport.Options, p *transport.Profile) { p.Auth = transport.Bearer(tokens(stuckTokens)) })
		},
		"body": func(t *testing.T) *transport.Client {
			return client(t, trip(func(r *http.Request) (*http.Response, error) {
				resp := answer(200, "")
				resp.Body = io.NopCloser(stuckReader{r.Context()})
				return resp, nil
			}))
		},
	}
	for name, make := range waits {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := make(t)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				start := time.Now()
				_, err := get(ctx, c)
				require.ErrorIs(t, err, context.Canceled)
				assert.Empty(t, mdm.Code(err))
				assert.EqualError(t, err, "toy: devices: context canceled")
				assert.Equal(t, time.Second, time.Since(start))
			})
		})
	}
}

type stuckReader struct{ ctx context.Context }

func (r stuckReader) Read([]byte) (int, error) {
	<-r.ctx.Done()
	return 0, r.ctx.Err()
}

// What go-retryablehttp v0.7.8 does by itself, and must not do here.
func TestRetryableReplaced(t *testing.T) {
	t.Run("redirect to another host is not followed", func(t *testing.T) {
		var hosts []string
		c := client(t, trip(func(r *http.Request) (*http.Response, error) {
			hosts = append(hosts, r.URL.Host)
			return answer(302, "", "Location", "https://evil.example/take?t=1"), nil
		}), func(_ *transport.Options, p *transport.Profile) { p.Auth = transport.Basic("u", mdm.NewSecret("p")) })
		_, err := get(t.Context(), c)
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
		assert.Equal(t, []string{"mdm.example.com"}, hosts)
		assert.Contains(t, mdm.Advice(err), "https://evil.example.")
		assert.NotContains(t, mdm.Advice(err), "take")
	})
	t.Run("errors hold no address", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			for _, first := range []func() (*http.Response, error){fails(errReset), gives(503, "")} {
				_, err := do(t.Context(), client(t, script(new(int), first)),
					transport.Request{Op: "devices", Path: "/secret", Query: url.Values{"serial": {"C02"}}})
				require.ErrorIs(t, err, mdm.ErrUnavailable)
				for e := err; e != nil; e = cause(e) {
					assert.NotContains(t, e.Error(), "secret")
					assert.NotContains(t, e.Error(), "C02")
				}
			}
		})
	})
	t.Run("pause is drawn at random and bounded", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			pauses := map[time.Duration]bool{}
			for range 50 {
				var at []time.Time
				c := client(t, trip(func(*http.Request) (*http.Response, error) {
					at = append(at, time.Now())
					return answer(503, ""), nil
				}), func(o *transport.Options, _ *transport.Profile) {
					o.Retry = transport.Retry{Attempts: 6, BaseWait: time.Second, MaxWait: 5 * time.Second}
				})
				_, err := get(t.Context(), c)
				require.Error(t, err)
				require.Len(t, at, 6)
				for i, bound := range []time.Duration{1, 2, 4, 5, 5} {
					pause := at[i+1].Sub(at[i])
					pauses[pause] = true
					assert.Less(t, pause, bound*time.Second)
				}
			}
			assert.Greater(t, len(pauses), 200)
		})
	})
	t.Run("a fraction in Retry-After is obeyed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := get(t.Context(), client(t, script(new(int), gives(429, "", "Retry-After", "0.25"), gives(200, `{}`))))
			require.NoError(t, err)
			assert.Equal(t, 250*time.Millisecond, time.Since(start))
		})
	})
	t.Run("a day in Retry-After is not slept", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := get(t.Context(), client(t, script(new(int), gives(429, "", "Retry-After", "86400"))))
			require.ErrorIs(t, err, mdm.ErrRateLimited)
			assert.Zero(t, time.Since(start))
		})
	})
	t.Run("a write is not repeated after a lost answer", func(t *testing.T) {
		for _, first := range []func() (*http.Response, error){fails(errReset), gives(502, "")} {
			calls := 0
			_, err := wipe(t.Context(), client(t, script(&calls, first)))
			require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
			assert.Equal(t, 1, calls)
		}
	})
	t.Run("nothing on stderr", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			read, write, err := os.Pipe()
			require.NoError(t, err)
			old := os.Stderr
			os.Stderr = write
			var std bytes.Buffer
			log.SetOutput(&std)
			_, err = get(t.Context(), client(t, script(new(int), gives(503, ""))))
			os.Stderr = old
			log.SetOutput(old)
			require.Error(t, err)
			require.NoError(t, write.Close())
			printed, err := io.ReadAll(read)
			require.NoError(t, err)
			assert.Empty(t, printed)
			assert.Empty(t, std.String())
		})
	})
	t.Run("the host's pool is used and left alone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			pool := &pool{trip: script(new(int), gives(503, ""))}
			_, err := get(t.Context(), client(t, pool))
			require.Error(t, err)
			assert.Equal(t, 4, pool.used)
			assert.Zero(t, pool.emptied)
		})
	})
}

// pool notes whether its idle connections were closed.
type pool struct {
	trip
	used, emptied int
}

func (p *pool) RoundTrip(r *http.Request) (*http.Response, error) {
	p.used++
	return p.trip.RoundTrip(r)
}

func (p *pool) CloseIdleConnections() { p.emptied++ }

// cause walks down the chain of causes.
func cause(err error) error {
	if e, ok := err.(*mdm.Error); ok {
		return e.Cause
	}
	return errors.Unwrap(err)
}

func TestRedirect(t *testing.T) {
	run := func(t *testing.T, status int, location string, send func(context.Context, *transport.Client) (string, error)) (int, error) {
		calls := 0
		c := client(t, trip(func(r *http.Request) (*http.Response, error) {
			calls++
			if r.URL.Path == "/api/there" {
				user, _, _ := r.BasicAuth()
				assert.Equal(t, "u", user)
				return answer(200, `{}`), nil
			}
			return answer(status, "", "Location", location), nil
		}), func(_ *transport.Options, p *transport.Profile) { p.Auth = transport.Basic("u", mdm.NewSecret("p")) })
		_, err := send(t.Context(), c)
		return calls, err
	}
	t.Run("within the server", func(t *testing.T) {
		for _, location := range []string{"/api/there", "https://mdm.example.com:443/api/there"} {
			calls, err := run(t, 302, location, get)
			require.NoError(t, err)
			assert.Equal(t, 2, calls)
		}
	})
	t.Run("loop", func(t *testing.T) {
		calls, err := run(t, 302, "/api/devices", get)
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
		assert.Equal(t, 6, calls)
	})
	for name, tt := range map[string]struct {
		location, advice string
		status           int
		send             func(context.Context, *transport.Client) (string, error)
	}{
		"write":          {"/api/there", "redirects within itself", 307, wipe},
		"write to get":   {"/api/there", "redirects within itself", 302, wipe},
		"downgrade":      {"http://mdm.example.com/api/there", "without encryption", 301, get},
		"another port":   {"https://mdm.example.com:8443/api/there?x=1", "https://mdm.example.com:8443.", 301, get},
		"another host":   {"//other.example/api/there", "https://other.example.", 301, get},
		"odd host":       {"https://a%20b<script>/", "", 301, get},
		"no target":      {"", "without a target", 301, get},
		"broken target":  {"https://%zz?token=s3cr3t", "without a target", 301, get},
		"credentials in": {"https://x:y@mdm.example.com/api/there", "redirects within itself", 301, get},
	} {
		t.Run(name, func(t *testing.T) {
			calls, err := run(t, tt.status, tt.location, tt.send)
			require.ErrorIs(t, err, mdm.ErrWrongAddress)
			assert.Equal(t, 1, calls)
			assert.Contains(t, mdm.Advice(err), tt.advice)
			assert.NotContains(t, fmt.Sprintf("%v %s", err, mdm.Advice(err)), "s3cr3t")
			assert.NotContains(t, mdm.Advice(err), "<script>")
		})
	}
}
