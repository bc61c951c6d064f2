package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

func stuckTokens(ctx context.Context) (*oauth2.Token, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// issuer is a TokenSource that numbers its tokens.
type issuer struct {
	count atomic.Int64
	life  time.Duration // 0: without expiry
	takes time.Duration
	err   atomic.Pointer[error]
}

func (i *issuer) Token(ctx context.Context) (*oauth2.Token, error) {
	n := i.count.Add(1)
	select {
	case <-time.After(i.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := i.err.Load(); err != nil {
		return nil, *err
	}
	token := &oauth2.Token{AccessToken: fmt.Sprintf("token-%d", n), TokenType: "bearer"}
	if i.life > 0 {
		token.Expiry = time.Now().Add(i.life)
	}
	return token, nil
}

func bearer(source transport.TokenSource) func(*transport.Options, *transport.Profile) {
	return func(_ *transport.Options, p *transport.Profile) { p.Auth = transport.Bearer(source) }
}

// guard lets one token pass and refuses all others with 401.
type guard struct {
	mu    sync.Mutex
	good  string
	seen  []string
	calls int
}

func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls++
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	g.seen = append(g.seen, token)
	if g.good != "" && token != g.good {
		return answer(401, ""), nil
	}
	return answer(200, `{}`), nil
}

func (g *guard) accept(token string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.good = token
}

//mdm:feature 2.8
func TestBasic(t *testing.T) {
	password := "one"
	var got []string
	c := client(t, trip(func(r *http.Request) (*http.Response, error) {
		_, p, _ := r.BasicAuth()
		got = append(got, p)
		return answer(200, `{}`), nil
	}), func(_ *transport.Options, p *transport.Profile) {
		p.Auth = transport.Basic("network", mdm.SecretFunc(func(context.Context) (string, error) {
			if password == "" {
				return "", errors.New("vault is sealed")
			}
			return password, nil
		}))
	})
	for _, p := range []string{"one", "two"} {
		password = p
		_, err := get(t.Context(), c)
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"one", "two"}, got, "a rotated secret is used at once")

	password = ""
	_, err := wipe(t.Context(), c)
	require.ErrorIs(t, err, mdm.ErrUnavailable)
	assert.EqualError(t, err, "toy: wipe: unavailable: no credentials could be obtained")
	assert.Len(t, got, 2)

	_, err = transport.New(transport.Options{}, transport.Profile{
		Address: address(t, "https://a.example"), Auth: transport.Basic("a:b", mdm.NewSecret("p")),
	})
	assert.ErrorContains(t, err, "colon")
}

func TestKey(t *testing.T) {
	c := client(t, trip(func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, "k", r.Header.Get("X-User-Access-Token"))
		return answer(200, `{}`), nil
	}), func(_ *transport.Options, p *transport.Profile) {
		p.Auth = transport.Key("x-user-access-token", mdm.NewSecret("k"))
	})
	_, err := get(t.Context(), c)
	require.NoError(t, err)
	for _, bad := range []transport.Auth{
		transport.Key("", mdm.NewSecret("k")), transport.Key("X-Key", mdm.Secret{}), transport.Bearer(nil),
	} {
		_, err = transport.New(transport.Options{}, transport.Profile{Address: address(t, "https://a.example"), Auth: bad})
		assert.ErrorContains(t, err, "Profile.Auth")
	}
}

//mdm:feature 2.7
func TestBearer(t *testing.T) {
	t.Run("single flight", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			source, g := &issuer{takes: time.Second}, &guard{}
			c := client(t, g, bearer(source), func(o *transport.Options, _ *transport.Profile) { o.Concurrency = 20 })
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() { _, err := get(t.Context(), c); assert.NoError(t, err) })
			}
			wg.Wait()
			assert.EqualValues(t, 1, source.count.Load())
		})
	})
	t.Run("renewed ahead of expiry", func(t *testing.T) {
		for _, tt := range []struct{ life, reused, renewed time.Duration }{
			{20 * time.Minute, 18 * time.Minute, 19*time.Minute + time.Second},
			{time.Minute, 47 * time.Second, 49 * time.Second},
		} {
			synctest.Test(t, func(t *testing.T) {
				source := &issuer{life: tt.life}
				c := client(t, &guard{}, bearer(source))
				start := time.Now()
				for _, step := range []struct {
					at   time.Duration
					want int64
				}{{0, 1}, {tt.reused, 1}, {tt.renewed, 2}} {
					time.Sleep(time.Until(start.Add(step.at)))
					_, err := get(t.Context(), c)
					require.NoError(t, err)
					assert.Equal(t, step.want, source.count.Load(), "after %v of %v", step.at, tt.life)
				}
			})
		}
	})
	t.Run("used to its end if it cannot be renewed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			source := &issuer{life: 10 * time.Minute}
			c := client(t, &guard{}, bearer(source))
			_, err := get(t.Context(), c)
			require.NoError(t, err)
			down := errors.New("down")
			source.err.Store(&down)
			time.Sleep(9*time.Minute + 30*time.Second)
			_, err = get(t.Context(), c)
			require.NoError(t, err)
			time.Sleep(time.Minute)
			_, err = get(t.Context(), c)
			require.ErrorIs(t, err, mdm.ErrUnavailable)
		})
	})
	t.Run("one caller's end is not the others'", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			source := &issuer{takes: 10 * time.Second}
			c := client(t, &guard{}, bearer(source))
			impatient, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			var wg sync.WaitGroup
			wg.Go(func() {
				_, err := get(impatient, c)
				assert.ErrorIs(t, err, context.DeadlineExceeded)
			})
			synctest.Wait() // the impatient one began the fetch
			wg.Go(func() { _, err := get(t.Context(), c); assert.NoError(t, err) })
			wg.Wait()
			assert.EqualValues(t, 1, source.count.Load())
		})
	})
	t.Run("the last caller's end ends the fetch", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			source := &issuer{takes: time.Hour}
			c := client(t, &guard{}, bearer(source))
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := get(ctx, c)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			source.takes = 0
			_, err = get(t.Context(), c)
			require.NoError(t, err)
			assert.EqualValues(t, 2, source.count.Load(), "the next caller does not join a dying fetch")
		})
	})
	t.Run("no token", func(t *testing.T) {
		for _, token := range []*oauth2.Token{nil, {}} {
			_, err := get(t.Context(), client(t, &guard{}, bearer(tokens(func(context.Context) (*oauth2.Token, error) { return token, nil }))))
			require.ErrorIs(t, err, mdm.ErrUnavailable)
		}
	})
	t.Run("prints no token", func(t *testing.T) {
		auth := transport.Bearer(&issuer{})
		c := client(t, &guard{}, func(_ *transport.Options, p *transport.Profile) { p.Auth = auth })
		_, err := get(t.Context(), c)
		require.NoError(t, err)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", auth, auth, auth), "token-1")
	})
}

func TestBearerRefused(t *testing.T) {
	t.Run("replayed once with a new token", func(t *testing.T) {
		source, g := &issuer{}, &guard{}
		c := client(t, g, bearer(source), noRetry)
		_, err := get(t.Context(), c)
		require.NoError(t, err)
		g.accept("token-2")
		_, err = wipe(t.Context(), c)
		require.NoError(t, err, "a write is replayed too: it was refused, not carried out")
		assert.Equal(t, []string{"token-1", "token-1", "token-2"}, g.seen)
	})
	t.Run("once and no more", func(t *testing.T) {
		source, g := &issuer{}, &guard{}
		c := client(t, g, bearer(source))
		_, err := get(t.Context(), c)
		require.NoError(t, err)
		g.accept("none")
		_, err = get(t.Context(), c)
		require.ErrorIs(t, err, mdm.ErrUnauthorized)
		assert.Equal(t, []string{"token-1", "token-1", "token-2"}, g.seen)
	})
	t.Run("a token that never worked is not fetched again", func(t *testing.T) {
		source, g := &issuer{}, &guard{good: "none"}
		_, err := get(t.Context(), client(t, g, bearer(source)))
		require.ErrorIs(t, err, mdm.ErrUnauthorized)
		assert.Equal(t, []string{"token-1"}, g.seen)
		assert.EqualValues(t, 1, source.count.Load())
	})
	t.Run("not with a password", func(t *testing.T) {
		calls := 0
		c := client(t, script(&calls, gives(200, `{}`), gives(401, "")), func(_ *transport.Options, p *transport.Profile) {
			p.Auth = transport.Basic("u", mdm.NewSecret("p"))
		})
		_, _ = get(t.Context(), c)
		_, err := get(t.Context(), c)
		require.ErrorIs(t, err, mdm.ErrUnauthorized)
		assert.Equal(t, 2, calls)
	})
	t.Run("many at once fetch one token", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			source, g := &issuer{takes: time.Second}, &guard{}
			c := client(t, g, bearer(source), func(o *transport.Options, _ *transport.Profile) { o.Concurrency = 10 })
			_, err := get(t.Context(), c)
			require.NoError(t, err)
			g.accept("token-2")
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() { _, err := get(t.Context(), c); assert.NoError(t, err) })
			}
			wg.Wait()
			assert.EqualValues(t, 2, source.count.Load())
		})
	})
	t.Run("a source with a memory is told", func(t *testing.T) {
		g := &guard{good: "fresh"}
		source := &shared{token: "stale"}
		_, err := get(t.Context(), client(t, g, bearer(source)))
		require.NoError(t, err)
		assert.Equal(t, []string{"stale", "fresh"}, g.seen)
	})
	t.Run("pays for the replay", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := &guard{}
			c := client(t, g, bearer(&issuer{}), func(o *transport.Options, _ *transport.Profile) {
				o.Limiter = transport.Rate(1, time.Minute, 1)
			})
			_, err := get(t.Context(), c)
			require.NoError(t, err)
			g.accept("token-2")
			start := time.Now()
			_, err = get(t.Context(), c)
			require.NoError(t, err)
			assert.Greater(t, time.Since(start), 2*time.Minute)
		})
	})
}

// shared is a host's TokenSource with a memory of its own.
type shared struct{ token string }

func (s *shared) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: s.token}, nil
}

func (s *shared) Discard(*oauth2.Token) { s.token = "fresh" }

// The token endpoint is reached through the host's base, and its failures are
// of the vocabulary.
func TestBearerClientCredentials(t *testing.T) {
	config := &clientcredentials.Config{
		ClientID: "id", ClientSecret: "s3cr3t", TokenURL: "https://login.example.com/token", AuthStyle: oauth2.AuthStyleInParams,
	}
	json := []string{"Content-Type", "application/json"}
	token := gives(200, `{"access_token":"good","token_type":"bearer","expires_in":3600}`, json...)
	run := func(t *testing.T, classify func(transport.Failure) error, steps ...func() (*http.Response, error)) (int, error) {
		calls := 0
		login := script(&calls, steps...)
		c := client(t, trip(func(r *http.Request) (*http.Response, error) {
			assert.Equal(t, "mdmlink", r.Header.Get("User-Agent"))
			if r.URL.Host == "login.example.com" {
				return login(r)
			}
			assert.Equal(t, "Bearer good", r.Header.Get("Authorization"))
			return answer(200, `{}`), nil
		}), bearer(config), func(_ *transport.Options, p *transport.Profile) { p.Classify = classify })
		_, err := wipe(t.Context(), c)
		if err != nil {
			assert.NotContains(t, err.Error(), "s3cr3t")
			_, kept := errors.AsType[*oauth2.RetrieveError](err)
			assert.False(t, kept, "it refers to the request, which holds the secret")
		}
		return calls, err
	}
	for _, tt := range []struct {
		name  string
		first func() (*http.Response, error)
		want  error // nil: the next attempt succeeds
	}{
		{"wrong secret", gives(401, `{"error":"invalid_client","error_description":"s3cr3t"}`, json...), mdm.ErrUnauthorized},
		{"wrong secret as 400", gives(400, `{"error":"invalid_client"}`, json...), mdm.ErrUnauthorized},
		{"error inside 200", gives(200, `{"error":"invalid_grant"}`, json...), mdm.ErrUnauthorized},
		{"wrong scope", gives(400, `{"error":"invalid_scope"}`, json...), mdm.ErrInvalid},
		{"page", gives(404, `<html>`), mdm.ErrWrongAddress},
		{"redirect", gives(302, ``, "Location", "https://evil.example/"), mdm.ErrDecode},
		{"out of order", gives(503, ``), nil},
		{"too often", gives(429, ``, "Retry-After", "7"), nil},
		{"reset", fails(errReset), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls, err := run(t, nil, tt.first, token)
				if tt.want == nil {
					require.NoError(t, err)
					assert.Equal(t, 2, calls)
					return
				}
				require.ErrorIs(t, err, tt.want)
				assert.Equal(t, 1, calls, "asking again locks accounts")
				assert.ErrorContains(t, err, "toy: token: ")
			})
		})
	}
	t.Run("read by the vendor", func(t *testing.T) {
		_, err := run(t, func(f transport.Failure) error {
			assert.Equal(t, "token", f.Op)
			if strings.Contains(string(f.Body), "AADSTS7000222") {
				return mdm.ErrCredentialExpired
			}
			return nil
		}, gives(401, `{"error":"invalid_client","error_description":"AADSTS7000222: expired"}`, json...))
		require.ErrorIs(t, err, mdm.ErrCredentialExpired)
		assert.EqualError(t, err, "toy: token: credential expired (401, invalid_client)")
	})
	t.Run("silent", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, silent(new(int)), bearer(config), noRetry)
			_, err := wipe(t.Context(), c)
			require.ErrorIs(t, err, mdm.ErrUnavailable, "the write never left")
			assert.Equal(t, transport.ReachTimeout, transport.Diagnose(err).Reason)
		})
	})
	t.Run("plain http", func(t *testing.T) {
		open := &clientcredentials.Config{ClientID: "id", ClientSecret: "s", TokenURL: "http://login.example.com/token"}
		c := client(t, trip(func(*http.Request) (*http.Response, error) {
			t.Error("a request was sent")
			return answer(200, ""), nil
		}), bearer(open))
		_, err := get(t.Context(), c)
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
	})
	t.Run("the host's own client", func(t *testing.T) {
		own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"access_token":"own"}`)
		}))
		defer own.Close()
		config := &clientcredentials.Config{ClientID: "id", ClientSecret: "s", TokenURL: own.URL}
		ctx := context.WithValue(t.Context(), oauth2.HTTPClient, own.Client())
		g := &guard{}
		_, err := get(ctx, client(t, g, bearer(config)))
		require.NoError(t, err)
		assert.Equal(t, []string{"own"}, g.seen)
	})
}

// session is an Auth of a vendor whose answers renew the session.
type session struct{ id string }

func (s *session) Apply(_ context.Context, r *http.Request) error {
	if s.id == "" {
		s.id = "new"
	}
	r.Header.Set("X-Session", s.id)
	return nil
}

func (s *session) Answered(_ *http.Request, resp *http.Response) bool {
	s.id = resp.Header.Get("X-Session")
	return resp.StatusCode == 403
}

func TestWatcher(t *testing.T) {
	var seen []string
	c := client(t, trip(func(r *http.Request) (*http.Response, error) {
		id := r.Header.Get("X-Session")
		seen = append(seen, id)
		if id == "old" {
			return answer(403, ""), nil
		}
		return answer(200, `{}`, "X-Session", "rotated"), nil
	}), func(_ *transport.Options, p *transport.Profile) { p.Auth = &session{id: "old"} })
	for range 2 {
		_, err := get(t.Context(), c)
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"old", "new", "rotated"}, seen)
}

// hopeful is an Auth that always promises better credentials.
type hopeful struct{}

func (hopeful) Apply(context.Context, *http.Request) error         { return nil }
func (hopeful) Answered(_ *http.Request, resp *http.Response) bool { return resp.StatusCode == 401 }

func TestWatcherOnce(t *testing.T) {
	calls := 0
	c := client(t, script(&calls, gives(401, "")), func(_ *transport.Options, p *transport.Profile) { p.Auth = hopeful{} })
	_, err := get(t.Context(), c)
	require.ErrorIs(t, err, mdm.ErrUnauthorized)
	assert.Equal(t, 2, calls)
}
