package abmtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/abmtest"
)

// TestServer takes the whole way over a socket: token, page, activity and log.
func TestServer(t *testing.T) {
	srv := abmtest.NewServer(small())
	defer srv.Close()
	c := newCaller(t, srv.Fake)
	ask := func(method, path, body string) map[string]any {
		r, err := http.NewRequest(method, srv.URL+path, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+c.token)
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer resp.Body.Close()
		var v map[string]any
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&v))
		return v
	}
	next := ask("GET", devices+"?limit=2", "")["links"].(map[string]any)["next"].(string)
	assert.True(t, strings.HasPrefix(next, srv.URL+devices+"?cursor="), next)
	assert.Len(t, ask("GET", strings.TrimPrefix(next, srv.URL), "")["data"], 2)

	srv.SetPolls(1)
	id := ask("POST", movements, assign(srv.ServerID(abmtest.SpareServer), padSerial))["data"].(map[string]any)["id"].(string)
	done := ask("GET", movements+"/"+id, "")["data"].(map[string]any)["attributes"].(map[string]any)
	address := done["downloadUrl"].(string)
	assert.NotContains(t, address, srv.URL, "the storage has another name")
	resp, err := http.Get(address)
	require.NoError(t, err)
	defer resp.Body.Close()
	log, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, 2, bytes.Count(log, []byte("\n")))
	assert.Contains(t, string(log), padSerial)
	assert.Empty(t, srv.Violations())

	school := abmtest.NewSchoolServer(nil)
	defer school.Close()
	assert.True(t, strings.HasPrefix(school.ClientID, "SCHOOLAPI."))
}

// TestParallel notes more requests at a time than are known to work.
func TestParallel(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	depth := 0
	f.Before(func(*http.Request) {
		if depth++; depth < 5 {
			c.get(devices)
		}
	})
	assert.Equal(t, 200, c.get(devices).status)
	assert.Equal(t, 5, f.Parallel())
	assert.Len(t, f.Violations(), 1)
}
