package transport_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		c := client(t, script(new(int),
			gives(503, "b0dy", "Retry-After", "1.5", "X-Request-Id", "r1", "Set-Cookie", "c00kie"),
			fails(&url.Error{Op: "Get", URL: "https://mdm.example.com/?q=qu3ry", Err: errReset}),
			gives(200, `{"b0dy":1}`, "Content-Type", "application/json"),
		), func(o *transport.Options, p *transport.Profile) {
			o.Logger = slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
			p.Auth = transport.Basic("us3r", mdm.NewSecret("s3cr3t"))
		})
		_, err := do(t.Context(), c, transport.Request{Op: "devices", Path: "/p4th", Query: url.Values{"q": {"qu3ry"}}})
		require.NoError(t, err)

		for _, private := range []string{"b0dy", "c00kie", "qu3ry", "p4th", "us3r", "s3cr3t"} {
			assert.NotContains(t, out.String(), private)
		}
		var lines []map[string]any
		for line := range strings.Lines(out.String()) {
			var m map[string]any
			require.NoError(t, json.Unmarshal([]byte(line), &m))
			lines = append(lines, m)
		}
		require.Len(t, lines, 5)
		for i, want := range []struct{ level, msg string }{
			{"DEBUG", "attempt"}, {"WARN", "retrying"}, {"DEBUG", "attempt"}, {"WARN", "retrying"}, {"DEBUG", "attempt"},
		} {
			assert.Equal(t, want.level, lines[i]["level"])
			assert.Equal(t, want.msg, lines[i]["msg"])
			assert.Equal(t, "toy https://mdm.example.com", lines[i]["source"])
			assert.Equal(t, "devices", lines[i]["op"])
			assert.EqualValues(t, i/2+1, lines[i]["attempt"])
			assert.Contains(t, lines[i], "elapsed")
		}
		assert.EqualValues(t, 503, lines[0]["status"])
		assert.Equal(t, "r1", lines[0]["request_id"])
		assert.Equal(t, map[string]any{"Retry-After": "1.5"}, lines[0]["headers"])
		assert.EqualValues(t, 1500*time.Millisecond, lines[1]["retry_in"])
		assert.Equal(t, "reset", lines[2]["error"])
		assert.NotContains(t, lines[2], "status")
		assert.EqualValues(t, 200, lines[4]["status"])
	})
	t.Run("silent without a logger", func(t *testing.T) {
		c := client(t, script(new(int), gives(200, `{}`)))
		assert.False(t, c.Logger().Enabled(t.Context(), slog.LevelError))
	})
}
