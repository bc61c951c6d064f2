package mdmlink_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAPI keeps docs/api fresh, so that each change of the public surface
// shows in review.
func TestAPI(t *testing.T) {
	t.Parallel()
	files := map[string]bool{}
	for _, p := range public(packages(t)) {
		name := strings.ReplaceAll(strings.ReplaceAll(p.short(), ".", "mdmlink"), "/", "-") + ".txt"
		files[name] = true
		assert.NotEmpty(t, p.Doc, "%s has no package comment", p.short())
		generated(t, filepath.Join("docs", "api", name), string(goTool(t, "doc", "-all", p.ImportPath)))
	}
	entries, err := os.ReadDir(filepath.Join("docs", "api"))
	require.NoError(t, err)
	for _, e := range entries {
		assert.True(t, files[e.Name()], "docs/api/%s is of no package any more", e.Name())
	}
}
