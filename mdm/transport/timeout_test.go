package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// drip sends count pieces, one each interval, and then falls silent for ever
// if stall is set.
type drip struct {
	ctx      context.Context
	interval time.Duration
	count    int
	stall    bool
}

func (d *drip) Read(p []byte) (int, error) {
	wait := d.interval
	if d.count == 0 {
		if !d.stall {
			return 0, io.EOF
		}
		wait = 1000 * time.Hour
	}
	select {
	case <-time.After(wait):
		d.count--
		return copy(p, "1234567890"), nil
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}

func dripping(interval time.Duration, count int, stall bool) trip {
	return func(r *http.Request) (*http.Response, error) {
		resp := answer(200, "")
		resp.Body = io.NopCloser(&drip{r.Context(), interval, count, stall})
		return resp, nil
	}
}

//mdm:feature 4.51
func TestAttemptTimeout(t *testing.T) {
	t.Run("no head", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			calls, start := 0, time.Now()
			_, err := get(t.Context(), client(t, silent(&calls), func(o *transport.Options, _ *transport.Profile) {
				o.AttemptTimeout, o.Retry.Attempts, o.Retry.BaseWait = 10*time.Second, 2, time.Nanosecond
			}))
			require.ErrorIs(t, err, mdm.ErrUnavailable)
			require.NotErrorIs(t, err, context.DeadlineExceeded)
			require.NotErrorIs(t, err, context.Canceled)
			assert.EqualError(t, err, "toy: devices: unavailable: no answer in time")
			assert.Equal(t, transport.ReachTimeout, transport.Diagnose(err).Reason)
			assert.Equal(t, 2, calls, "a read is tried again")
			assert.Equal(t, 20*time.Second, time.Since(start))
		})
	})
	t.Run("a time-out of the base is not the caller's", func(t *testing.T) {
		dial := &net.OpError{Op: "dial", Err: context.DeadlineExceeded}
		_, err := get(t.Context(), client(t, script(new(int), fails(dial)), noRetry))
		require.ErrorIs(t, err, mdm.ErrUnavailable)
		require.NotErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, transport.ReachTimeout, transport.Diagnose(err).Reason)
	})
	t.Run("a long answer that keeps coming is no failure", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			body, err := get(t.Context(), client(t, dripping(20*time.Second, 100, false)))
			require.NoError(t, err)
			assert.Len(t, body, 1000)
			assert.Equal(t, 2000*time.Second, time.Since(start))
		})
	})
	t.Run("an answer that falls silent", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := get(t.Context(), client(t, dripping(time.Second, 3, true)))
			require.ErrorIs(t, err, mdm.ErrUnavailable)
			assert.EqualError(t, err, "toy: devices: unavailable: the answer stopped coming")
			assert.Equal(t, 33*time.Second, time.Since(start))
		})
	})
	t.Run("a slow reader is no silence", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, dripping(time.Second, 3, false))
			resp, err := c.Do(t.Context(), transport.Request{})
			require.NoError(t, err)
			time.Sleep(time.Hour)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Len(t, body, 30)
			require.NoError(t, resp.Body.Close())
		})
	})
	t.Run("who sets it", func(t *testing.T) {
		for _, tt := range []struct{ host, request, vendor, want time.Duration }{
			{0, 0, 0, 30 * time.Second},
			{0, 0, time.Minute, time.Minute},
			{0, 3 * time.Minute, time.Minute, 3 * time.Minute},
			{50 * time.Second, 3 * time.Minute, time.Minute, 50 * time.Second},
		} {
			synctest.Test(t, func(t *testing.T) {
				c := client(t, silent(new(int)), noRetry, func(o *transport.Options, p *transport.Profile) {
					o.AttemptTimeout, p.AttemptTimeout = tt.host, tt.vendor
				})
				start := time.Now()
				_, err := do(t.Context(), c, transport.Request{AttemptTimeout: tt.request})
				require.Error(t, err)
				assert.Equal(t, tt.want, time.Since(start))
			})
		}
	})
	t.Run("the wait for a limit is no silence", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			gate := &transport.Gate{}
			gate.PauseUntil(time.Now().Add(time.Hour))
			c := client(t, script(new(int), gives(200, `{}`)), func(o *transport.Options, _ *transport.Profile) { o.Limiter = gate })
			_, err := get(t.Context(), c)
			require.NoError(t, err)
		})
	})
	t.Run("a trickling error answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, trip(func(r *http.Request) (*http.Response, error) {
				resp := answer(403, "")
				resp.Body = io.NopCloser(&drip{r.Context(), 10 * time.Second, 1 << 30, false})
				return resp, nil
			}))
			start := time.Now()
			_, err := get(t.Context(), c)
			require.ErrorIs(t, err, mdm.ErrPermissionMissing)
			assert.LessOrEqual(t, time.Since(start), time.Minute)
		})
	})
	t.Run("closing early does not hang", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			resp, err := client(t, dripping(time.Second, 1, true)).Do(t.Context(), transport.Request{})
			require.NoError(t, err)
			start := time.Now()
			require.NoError(t, resp.Body.Close())
			assert.LessOrEqual(t, time.Since(start), time.Second)
		})
	})
}

func TestBodyLimit(t *testing.T) {
	const limit = 1000
	limited := func(o *transport.Options, _ *transport.Profile) { o.BodyLimit = limit }
	for name, tt := range map[string]struct {
		size int
		want error
	}{
		"below": {limit - 1, nil}, "exactly": {limit, nil}, "above": {limit + 1, mdm.ErrDecode}, "far above": {100 * limit, mdm.ErrDecode},
	} {
		t.Run(name, func(t *testing.T) {
			body, err := get(t.Context(), client(t, script(new(int), gives(200, strings.Repeat("1", tt.size))), limited))
			if tt.want == nil {
				require.NoError(t, err)
				assert.Len(t, body, tt.size)
				return
			}
			require.ErrorIs(t, err, tt.want)
			assert.ErrorContains(t, err, "limit of 1000 bytes")
			assert.Len(t, body, limit)
		})
	}
}

func TestBodyInspection(t *testing.T) {
	const page = "\ufeff\r\n <!DOCTYPE html><title>Sign in</title>"
	for name, tt := range map[string]struct {
		status  int
		body    string
		accept  string
		headers []string
		write   bool
		want    error
	}{
		"json":                  {status: 200, body: " \n{}"},
		"json with a mark":      {status: 200, body: "\ufeff[]"},
		"page":                  {status: 200, body: page, want: mdm.ErrWrongAddress},
		"page by its header":    {status: 200, body: "hello", headers: []string{"Content-Type", "text/html"}, want: mdm.ErrWrongAddress},
		"page for a write":      {status: 200, body: page, write: true, want: mdm.ErrWrongAddress},
		"page for a table":      {status: 200, body: page, accept: "text/csv", want: mdm.ErrWrongAddress},
		"page asked for":        {status: 200, body: page, accept: "text/html"},
		"xml asked for":         {status: 200, body: "<computers/>", accept: "text/xml"},
		"xml for json":          {status: 200, body: "<?xml?>", want: mdm.ErrWrongAddress},
		"table":                 {status: 200, body: "a;b", accept: "text/csv"},
		"empty":                 {status: 200, want: mdm.ErrDecode},
		"blank":                 {status: 200, body: " \n ", want: mdm.ErrDecode},
		"empty for a write":     {status: 200, write: true},
		"empty table":           {status: 200, accept: "text/csv"},
		"no content":            {status: 204},
		"many blanks":           {status: 200, body: strings.Repeat(" ", 10000) + "{}"},
		"compressed by mistake": {status: 200, body: "\x1f\x8b", headers: []string{"Content-Encoding", "gzip"}, want: mdm.ErrDecode},
	} {
		t.Run(name, func(t *testing.T) {
			r := transport.Request{Op: "devices"}
			if tt.accept != "" {
				r.Header = http.Header{"Accept": {tt.accept}}
			}
			if tt.write {
				r.Method = "POST"
			}
			body, err := do(t.Context(), client(t, script(new(int), gives(tt.status, tt.body, tt.headers...))), r)
			if tt.want != nil {
				require.ErrorIs(t, err, tt.want)
				assert.NotEmpty(t, mdm.Advice(err))
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.body, body, "nothing is lost by looking")
		})
	}
}

func TestBodyBroken(t *testing.T) {
	c := client(t, trip(func(*http.Request) (*http.Response, error) {
		resp := answer(200, "")
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"devices":[`), brokenReader{}))
		return resp, nil
	}))
	body, err := get(t.Context(), c)
	assert.Equal(t, `{"devices":[`, body)
	require.ErrorIs(t, err, mdm.ErrUnavailable)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.EqualError(t, err, "toy: devices: unavailable: the answer ended early")
	e, _ := errors.AsType[*mdm.Error](err)
	assert.Equal(t, "devices", e.Op)
}
