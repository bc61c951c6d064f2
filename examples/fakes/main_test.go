package main

import (
	"context"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRun starts the servers and tries the printed curl lines.
func TestRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, writer, 0, 40)
		writer.Close()
	}()
	var text strings.Builder
	buffer := make([]byte, 4096)
	for !strings.Contains(text.String(), "Stop with Ctrl-C") {
		n, err := reader.Read(buffer)
		require.NoError(t, err)
		text.Write(buffer[:n])
	}
	lines := regexp.MustCompile(`(?m)^\s*curl -u (\S+):(\S+) .* (http://\S+)$`).FindAllStringSubmatch(text.String(), -1)
	require.Len(t, lines, 3)
	for _, line := range lines {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, line[3], nil)
		require.NoError(t, err)
		r.SetBasicAuth(line[1], line[2])
		r.Header.Set("Accept", "application/json")
		r.Header.Set("X-Server-Protocol-Version", "3")
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		assert.Equal(t, http.StatusOK, resp.StatusCode, line[3])
		resp.Body.Close()
	}
	if curl, err := exec.LookPath("curl"); err == nil {
		command := regexp.MustCompile(`(?m)^\s*curl (.*)$`).FindStringSubmatch(text.String())[1]
		out, err := exec.CommandContext(t.Context(), "sh", "-c", curl+" -sf "+command).CombinedOutput()
		require.NoError(t, err, string(out))
		assert.Contains(t, string(out), `"locations"`)
		token := regexp.MustCompile(`(?m)^\s*curl (.*/oauth/token)$`).FindStringSubmatch(text.String())[1]
		out, err = exec.CommandContext(t.Context(), "sh", "-c", curl+" -sf "+token).CombinedOutput()
		require.NoError(t, err, string(out))
		assert.Contains(t, string(out), `"access_token"`)
	}
	http.DefaultClient.CloseIdleConnections()
	cancel()
	select {
	case err := <-ended:
		require.NoError(t, err)
	case <-time.After(10 * time.Second):
		require.Fail(t, "the servers do not end")
	}
}
