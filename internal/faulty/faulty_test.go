package faulty_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/internal/faulty"
)

const answer = `{"n":7,"on":true,"text":"12","name":"x","sub":{"a":1.5},"list":[{"k":{}}],"none":null,"empty":{}}`

type target struct {
	*faulty.Handler
	served atomic.Int64
}

func newTarget() *target {
	t := &target{}
	t.Handler = faulty.New(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		t.served.Add(1)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, answer)
	}))
	return t
}

// each runs a test over a socket and over Transport.
func each(t *testing.T, test func(t *testing.T, h *target, get func(path string) (*http.Response, string, error))) {
	read := func(c *http.Client, url string) (*http.Response, string, error) {
		resp, err := c.Get(url)
		if err != nil {
			return nil, "", err
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		return resp, string(b), err
	}
	t.Run("socket", func(t *testing.T) {
		h := newTarget()
		srv := httptest.NewServer(h)
		defer srv.Close()
		test(t, h, func(path string) (*http.Response, string, error) { return read(srv.Client(), srv.URL+path) })
	})
	t.Run("transport", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newTarget()
			c := &http.Client{Transport: faulty.Transport(h)}
			test(t, h, func(path string) (*http.Response, string, error) { return read(c, "https://fake.example"+path) })
		})
	})
}

func TestHandlerPassesOn(t *testing.T) {
	each(t, func(t *testing.T, h *target, get func(string) (*http.Response, string, error)) {
		resp, body, err := get("/")
		require.NoError(t, err)
		assert.Equal(t, 200, resp.StatusCode)
		assert.Equal(t, answer, body)
	})
}

func TestFailNext(t *testing.T) {
	each(t, func(t *testing.T, h *target, get func(string) (*http.Response, string, error)) {
		h.FailNext(2, 503, http.Header{"Retry-After": {"3"}})
		for range 2 {
			resp, body, err := get("/")
			require.NoError(t, err)
			assert.Equal(t, 503, resp.StatusCode)
			assert.Equal(t, "3", resp.Header.Get("Retry-After"))
			assert.Equal(t, "Service Unavailable\n", body)
		}
		resp, _, err := get("/")
		require.NoError(t, err)
		assert.Equal(t, 200, resp.StatusCode)
		assert.EqualValues(t, 1, h.served.Load())
	})
}

func TestScope(t *testing.T) {
	path := func(p string) func(*http.Request) bool {
		return func(r *http.Request) bool { return r.URL.Path == p }
	}
	each(t, func(t *testing.T, h *target, get func(string) (*http.Response, string, error)) {
		status := func(p string) int {
			resp, _, err := get(p)
			require.NoError(t, err)
			return resp.StatusCode
		}
		h.On(path("/a")).Times(1).FailNext(0, 500, nil)
		h.On(path("/b")).On(func(r *http.Request) bool { return r.URL.RawQuery != "" }).FailNext(0, 429, nil)
		assert.Equal(t, 200, status("/b"))
		assert.Equal(t, 429, status("/b?x"))
		assert.Equal(t, 500, status("/a"))
		assert.Equal(t, 200, status("/a"))
		assert.Equal(t, 429, status("/b?x"))
		h.Clear()
		assert.Equal(t, 200, status("/b?x"))
	})
}

func TestCutBody(t *testing.T) {
	each(t, func(t *testing.T, h *target, get func(string) (*http.Response, string, error)) {
		h.Times(1).CutBody(10)
		resp, body, err := get("/")
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, 200, resp.StatusCode)
		assert.Equal(t, answer[:10], body)
		h.CutBody(len(answer))
		_, body, err = get("/")
		require.NoError(t, err)
		assert.Equal(t, answer, body)
	})
}

func TestResetAndLose(t *testing.T) {
	each(t, func(t *testing.T, h *target, get func(string) (*http.Response, string, error)) {
		h.Times(1).Reset()
		_, _, err := get("/")
		assertBroken(t, err)
		assert.Zero(t, h.served.Load())
		h.Clear()
		h.Times(1).Lose()
		_, _, err = get("/")
		assertBroken(t, err)
		assert.NotZero(t, h.served.Load())
	})
}

func assertBroken(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	assert.True(t, errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF), err.Error())
}

func TestHTMLPage(t *testing.T) {
	each(t, func(t *testing.T, h *target, get func(string) (*http.Response, string, error)) {
		h.HTMLPage()
		resp, body, err := get("/")
		require.NoError(t, err)
		assert.Equal(t, 200, resp.StatusCode)
		assert.Contains(t, resp.Header.Get("Content-Type"), "text/html")
		assert.True(t, strings.HasPrefix(body, "<!DOCTYPE html>"))
	})
}

func TestOversize(t *testing.T) {
	each(t, func(t *testing.T, h *target, get func(string) (*http.Response, string, error)) {
		h.Oversize(1 << 20)
		_, body, err := get("/")
		require.NoError(t, err)
		assert.Len(t, body, 1<<20)
		assert.True(t, json.Valid([]byte(body)))
	})
}

func TestGzipBomb(t *testing.T) {
	h := newTarget()
	h.GzipBomb(1 << 22)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Less(t, rec.Body.Len(), 1<<14)
	z, err := gzip.NewReader(rec.Body)
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, z)
	require.NoError(t, err)
	assert.EqualValues(t, 1<<22, n)
}

func TestWrongTypes(t *testing.T) {
	for name, c := range map[string]struct {
		types faulty.Types
		want  string
	}{
		"numbers": {faulty.Types{Numbers: true}, `{"n":"7","on":true,"text":"12","name":"x","sub":{"a":"1.5"},"list":[{"k":{}}],"none":null,"empty":{}}`},
		"bools":   {faulty.Types{Bools: true}, `{"n":7,"on":1,"text":"12","name":"x","sub":{"a":1.5},"list":[{"k":{}}],"none":null,"empty":{}}`},
		"strings": {faulty.Types{Strings: true}, `{"n":7,"on":true,"text":12,"name":"x","sub":{"a":1.5},"list":[{"k":{}}],"none":null,"empty":{}}`},
		"objects": {faulty.Types{Objects: true}, `{"n":7,"on":true,"text":"12","name":"x","sub":[{"a":1.5}],"list":[{"k":[{}]}],"none":null,"empty":[{}]}`},
		"empty":   {faulty.Types{Empty: true}, `{"n":7,"on":true,"text":"12","name":"x","sub":{"a":1.5},"list":[{"k":[]}],"none":"","empty":[]}`},
		"keys":    {faulty.Types{Numbers: true, Keys: []string{"a"}}, `{"n":7,"on":true,"text":"12","name":"x","sub":{"a":"1.5"},"list":[{"k":{}}],"none":null,"empty":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			h := newTarget()
			h.WrongTypes(c.types)
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			assert.JSONEq(t, c.want, rec.Body.String())
		})
	}
	t.Run("seed", func(t *testing.T) {
		get := func(seed uint64) string {
			h := newTarget()
			h.WrongTypes(faulty.Types{Numbers: true, Bools: true, Strings: true, Objects: true, Empty: true, Seed: seed})
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			return rec.Body.String()
		}
		different := map[string]bool{}
		for seed := range uint64(8) {
			assert.Equal(t, get(seed), get(seed))
			different[get(seed)] = true
		}
		assert.Greater(t, len(different), 2)
	})
}

func TestSlowAddsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newTarget()
		h.Slow(3 * time.Second)
		h.FailNext(1, 502, nil)
		begin := time.Now()
		resp, err := (&http.Client{Transport: faulty.Transport(h)}).Get("https://fake.example/")
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, 502, resp.StatusCode)
		assert.Equal(t, 3*time.Second, time.Since(begin))
	})
}

// TestWaitsEndWithTheClient would deadlock the bubble if a goroutine stayed.
func TestWaitsEndWithTheClient(t *testing.T) {
	for name, set := range map[string]func(*target){
		"slow": func(h *target) { h.Slow(time.Hour) },
		"hang": func(h *target) { h.Hang() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newTarget()
				set(h)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				req, err := http.NewRequestWithContext(ctx, "GET", "https://fake.example/", nil)
				require.NoError(t, err)
				_, err = faulty.Transport(h).RoundTrip(req)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				synctest.Wait()
				assert.Zero(t, h.served.Load())
			})
		})
	}
}

func TestTransportStopsWriting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endless := faulty.New(http.NotFoundHandler())
		endless.Oversize(1 << 60)
		resp, err := (&http.Client{Transport: faulty.Transport(endless)}).Get("https://fake.example/")
		require.NoError(t, err)
		_, err = io.CopyN(io.Discard, resp.Body, 1<<16)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
	})
}

func TestTransportRequest(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		_, raw := r.Header[strings.ToLower("X-Lower")]
		assert.True(t, raw)
		assert.Equal(t, "fake.example", r.Host)
		assert.Equal(t, "/p?q=1", r.RequestURI)
		w.WriteHeader(http.StatusCreated)
		w.Write(b)
	})
	req, err := http.NewRequest("POST", "https://fake.example/p?q=1", strings.NewReader("hello"))
	require.NoError(t, err)
	req.Header["x-lower"] = []string{"1"}
	resp, err := faulty.Transport(h).RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "hello", string(b))
	assert.Equal(t, "201 Created", resp.Status)
}

func TestHandlerConcurrently(t *testing.T) {
	h := newTarget()
	h.FailNext(50, 500, nil)
	var failed atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 25 {
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
				if rec.Code == 500 {
					failed.Add(1)
				}
				h.Times(1).Slow(0)
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 50, failed.Load())
}
