package mdmlink_test

import (
	"os"
	"reflect"
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGlossary demands that docs/glossary.md names every command, and the
// products' words for erasing.
//
//mdm:feature 4.54
func TestGlossary(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/glossary.md")
	require.NoError(t, err)
	for _, c := range []mdm.Command{mdm.Lock{}, mdm.Wipe{}, mdm.ClearPasscode{}, mdm.Restart{}, mdm.ShutDown{}, mdm.Refresh{},
		mdm.Retire{}, mdm.EnableLostMode{}, mdm.DisableLostMode{}, mdm.Rename{}, mdm.ClearActivationLock{}} {
		assert.Contains(t, string(text), reflect.TypeOf(c).Name())
	}
	assert.Contains(t, string(text), "| Wipe | initialise (JP1), erase")
}
