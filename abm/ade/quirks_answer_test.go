package ade_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk16ErrorBodies reads the code in each form of an error body. A page
// that mentions one is none, and a large body is not read to its end.
func TestQuirk16ErrorBodies(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"EXPIRED_CURSOR": "EXPIRED_CURSOR", "\"EXPIRED_CURSOR\"": "EXPIRED_CURSOR", " \ufeffEXPIRED_CURSOR\r\n": "", "\ufeffEXPIRED_CURSOR\n": "EXPIRED_CURSOR",
		`{"code":"EXPIRED_CURSOR"}`: "EXPIRED_CURSOR", `{"error":"NOT_FOUND","x":1}`: "NOT_FOUND", `{"message":"T_C_NOT_SIGNED"}`: "T_C_NOT_SIGNED",
		"FORBIDDEN: no": "FORBIDDEN", "Forbidden": "", "Sorry, FORBIDDEN": "", "<html>FORBIDDEN</html>": "", "": "", "{": "", "null": "",
		"oauth_problem_adviceBad Request": "oauth_problem_advice", "token_expiredForbidden": "token_expired", "token_rejected": "token_rejected",
		"FORBIDDENly": "", "AB": "", strings.Repeat("A", 100): "",
	} {
		assert.Equal(t, want, ade.VendorCode([]byte(body)), "%q", body)
	}
	for name, r := range map[string]reply{
		"html":  {403, "<html><body>FORBIDDEN</body></html>", []string{"Content-Type", "text/html"}},
		"large": {403, strings.Repeat(" ", 2048) + "FORBIDDEN" + strings.Repeat("x", 1<<20), nil},
	} {
		s := script(func(e exchange) reply {
			if e.path == "/session" {
				return reply{}
			}
			return r
		})
		_, err := client(t, s).Account(t.Context())
		require.Error(t, err, name)
		assert.Len(t, s.of("/session"), 1, name)
		assert.NotContains(t, err.Error(), "xxx", name)
	}
	f := newFake(t, 1)
	for _, form := range []adetest.ErrorForm{adetest.PlainErrors, adetest.QuotedErrors, adetest.JSONErrors} {
		f.SetWire(adetest.Wire{Errors: form})
		_, err := connect(t, f).SyncDevices(t.Context(), "no cursor")
		require.ErrorIs(t, err, mdm.ErrCursorInvalid)
	}
}

// TestQuirk19CancelledWait shows that a context ends the wait for Retry-After.
func TestQuirk19CancelledWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := script(func(e exchange) reply {
			if e.path == "/session" {
				return reply{}
			}
			return reply{429, "TOO_MANY_REQUESTS", []string{"Retry-After", "60"}}
		})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		begin := time.Now()
		_, err := client(t, s).Account(ctx)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 3*time.Second, time.Since(begin), "in the time of the bubble")
	})
}

// TestQuirk20RetryAfter reads each form of Retry-After.
func TestQuirk20RetryAfter(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		after func() string
		waits time.Duration // at least
		fails bool
	}{
		"seconds": {func() string { return "7" }, 7 * time.Second, false},
		"date":    {func() string { return time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 9 * time.Second, false},
		"past":    {func() string { return time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0, false},
		"absurd":  {func() string { return "99999999999" }, 0, true},
		"garbage": {func() string { return "soon" }, 0, false},
		"none":    {func() string { return "" }, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := 0
				s := script(func(e exchange) reply {
					if e.path == "/session" {
						return reply{}
					}
					if n++; n == 1 {
						return reply{429, "TOO_MANY_REQUESTS", []string{"Retry-After", tt.after()}}
					}
					return reply{}
				})
				begin := time.Now()
				_, err := client(t, s).Account(t.Context())
				assert.GreaterOrEqual(t, time.Since(begin), tt.waits)
				assert.Less(t, time.Since(begin), time.Hour)
				if tt.fails {
					require.ErrorIs(t, err, mdm.ErrRateLimited)
					assert.Greater(t, mdm.RetryAfter(err), time.Hour)
					return
				}
				require.NoError(t, err)
			})
		})
	}
}

// TestSessionThrottled shows that the request for a session waits, too.
func TestSessionThrottled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		s := script(func(e exchange) reply {
			if n++; n <= 2 {
				return []reply{{429, "TOO_MANY_REQUESTS", []string{"Retry-After", "5"}}, {503, "", nil}}[n-1]
			}
			return reply{}
		})
		_, err := client(t, s).Account(t.Context())
		require.NoError(t, err)
		assert.Len(t, s.of("/session"), 3)
	})
}
