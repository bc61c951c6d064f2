package wire_test

import (
	"testing"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTreeNames reads the same member each time where the names of several
// differ in their case alone: the first in order that is not null.
func TestTreeNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"wifiMAC":"old","wifiMac":"new"}`:                           "old",
		`{"wifiMac":"new","wifiMAC":"old"}`:                           "old",
		`{"wifiMAC":null,"wifiMac":"new"}`:                            "new",
		`{"wifiMAC":"old","wifiMac":null}`:                            "old",
		`{"WIFIMAC":null,"wifiMAC":null,"wifiMac":"new","wifimac":1}`: "new",
		`{"wifiMac":null}`:                                            "",
	} {
		for range 50 {
			var tree wire.Tree
			require.NoError(t, json.Unmarshal([]byte(text), &tree))
			assert.Equal(t, want, tree.Text("wifiMac"), text)
		}
	}
}
