package relution_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// made is an action that was made just now, with more members.
func made(n int, kind, more string) string {
	return fmt.Sprintf(`{"uuid":%q,"type":%q,"state":"NEW","creationDate":%d%s}`, id(n), kind, now().UnixMilli(), more)
}

// history are the actions of a device.
func history(actions ...string) answer {
	return answer{body: `{"status":"0","results":[` + strings.Join(actions, ",") + `]}`}
}

// TestSendUncertain returns no receipt of another command when it is not known
// what became of one.
func TestSendUncertain(t *testing.T) {
	t.Parallel()
	rename := func(c *relution.Client, to string) (mdm.Receipt, error) {
		return c.Source().Send(t.Context(), record(c, mdm.PlatformIPadOS), mdm.Rename{To: to})
	}
	tn := pair(scripted{"POST " + actions: history(made(5, "DEVICE_NAME", ""))})
	c := tn.client(t)
	receipt, err := rename(c, "A")
	require.NoError(t, err)
	assert.Equal(t, id(5), receipt.ID)
	tn.script["POST "+actions], tn.script["GET "+actions] = answer{status: 503}, history(made(5, "DEVICE_NAME", ""))
	_, err = rename(c, "B")
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, "the one that is found was sent before")

	for name, tt := range map[string]struct {
		found []string
		want  int
	}{
		"one":          {[]string{made(6, "DEVICE_NAME", "")}, 6},
		"equal":        {[]string{made(6, "DEVICE_NAME", `,"details":{"type":"DEVICE_NAME","deviceName":"B"}`)}, 6},
		"several":      {[]string{made(6, "DEVICE_NAME", ""), made(7, "DEVICE_NAME", "")}, 0},
		"another name": {[]string{made(6, "DEVICE_NAME", `,"details":{"type":"DEVICE_NAME","deviceName":"A"}`)}, 0},
		"told apart":   {[]string{made(6, "DEVICE_NAME", `,"details":{"deviceName":"A"}`), made(7, "DEVICE_NAME", `,"details":{"deviceName":"B"}`)}, 7},
		"another type": {[]string{made(6, "LOCK", "")}, 0},
		"seen before":  {[]string{made(8, "DEVICE_NAME", "")}, 0},
		"seen and new": {[]string{made(8, "DEVICE_NAME", ""), made(6, "DEVICE_NAME", "")}, 6},
		"none":         {nil, 0},
	} {
		tn := pair(scripted{"POST " + actions: {status: 503}, "GET " + actions: history(made(8, "DEVICE_NAME", ""))})
		c := tn.client(t)
		_, err := c.Actions(t.Context(), id(1))
		require.NoError(t, err)
		tn.script["GET "+actions] = history(tt.found...)
		receipt, err := rename(c, "B")
		if tt.want == 0 {
			require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, id(tt.want), receipt.ID, name)
		_, err = rename(c, "B")
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, "%s: one command is one receipt", name)
	}
}

// TestSendManyUncertain bounds what is remembered of commands.
func TestSendManyUncertain(t *testing.T) {
	t.Parallel()
	tn := pair(scripted{})
	c := tn.client(t)
	n := 0
	tn.hook = func(r *http.Request) *answer {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/actions") {
			n++
			a := history(fmt.Sprintf(`{"uuid":"U%d","type":"LOCK"}`, n))
			return &a
		}
		return nil
	}
	for range 5000 {
		_, err := c.SendAction(t.Context(), id(1), "LOCK", nil)
		require.NoError(t, err)
	}
	tn.hook = nil
	at := time.Now().UnixMilli()
	tn.script["POST "+actions] = answer{status: 503}
	tn.script["GET "+actions] = history(fmt.Sprintf(`{"uuid":"U4999","type":"LOCK","creationDate":%d}`, at), fmt.Sprintf(`{"uuid":"U5000","type":"LOCK","creationDate":%d}`, at))
	_, err := c.Source().Send(t.Context(), record(c, mdm.PlatformIPadOS), mdm.Lock{})
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, "the last ones are")
}
