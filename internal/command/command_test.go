package command_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/mdm"
)

func TestNames(t *testing.T) {
	assert.Equal(t, []string{mdm.Lock{}.Name(), mdm.Wipe{}.Name()}, command.List{mdm.Lock{}, mdm.Wipe{}}.Names())
}

func TestPIN(t *testing.T) {
	for text, ok := range map[string]bool{"123456": true, "000000": true, "12345": false, "1234567": false, "12345a": false, "12 456": false, "12345６": false} {
		pin, err := command.PIN(t.Context(), mdm.NewSecret(text))
		if ok {
			require.NoError(t, err)
			assert.Equal(t, text, pin)
			continue
		}
		require.EqualError(t, err, "a PIN has six digits")
		assert.Empty(t, pin)
	}
	pin, err := command.PIN(t.Context(), mdm.Secret{})
	require.NoError(t, err)
	assert.Empty(t, pin)
	_, err = command.PIN(t.Context(), mdm.SecretFunc(func(context.Context) (string, error) { return "", errors.New("no vault") }))
	require.EqualError(t, err, "the PIN is not set")
}

func TestCheck(t *testing.T) {
	for _, good := range []mdm.Command{mdm.Lock{}, mdm.Lock{PIN: mdm.NewSecret("123456")}, mdm.Wipe{}, mdm.EnableLostMode{Phone: "1"},
		mdm.EnableLostMode{Message: "m"}, mdm.Rename{To: "x"}, mdm.Restart{}, mdm.Refresh{}} {
		require.NoError(t, command.Check(t.Context(), good), good.Name())
	}
	for _, bad := range []mdm.Command{mdm.Lock{PIN: mdm.NewSecret("1")}, mdm.Wipe{PIN: mdm.NewSecret("1")}, mdm.EnableLostMode{}, mdm.Rename{To: " "}} {
		require.Error(t, command.Check(t.Context(), bad), bad.Name())
	}
}
