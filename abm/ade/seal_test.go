package ade_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

var place = ade.Binding{Scope: "customer", Kind: "server", ID: "1"}

//mdm:feature 5.9
func TestKeyring(t *testing.T) {
	t.Parallel()
	one, two := ade.NewHostKey("one"), ade.NewHostKey("two")
	ring := keyring(t, one)
	for _, plain := range [][]byte{nil, []byte("secret"), bytes.Repeat([]byte("long "), 100_000)} {
		sealed, err := ring.Seal(t.Context(), plain, place)
		require.NoError(t, err)
		assert.NotContains(t, string(sealed), "secret")
		opened, err := ring.Open(t.Context(), sealed, place)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(plain, opened))
		again, err := ring.Seal(t.Context(), plain, place)
		require.NoError(t, err)
		assert.NotEqual(t, sealed, again, "equal values do not look equal")
	}
	sealed, err := ring.Seal(t.Context(), []byte("secret"), place)
	require.NoError(t, err)
	for i := range sealed {
		for _, mask := range []byte{1, 0x80} {
			changed := bytes.Clone(sealed)
			changed[i] ^= mask
			_, err := ring.Open(t.Context(), changed, place)
			require.NotEmpty(t, ade.FaultCode(err), "byte %d", i)
		}
	}
	for n := range sealed {
		_, err := ring.Open(t.Context(), sealed[:n], place)
		require.NotEmpty(t, ade.FaultCode(err), "%d bytes", n)
	}
	for _, elsewhere := range []ade.Binding{{}, {Scope: "customer", Kind: "server", ID: "2"}, {Scope: "customer", Kind: "profile", ID: "1"},
		{Scope: "other", Kind: "server", ID: "1"}, {Scope: "customers", Kind: "erver", ID: "1"}} {
		_, err := ring.Open(t.Context(), sealed, elsewhere)
		assert.ErrorIs(t, err, ade.ErrSealBroken, elsewhere)
	}
	t.Run("rotation", func(t *testing.T) {
		both := keyring(t, two, one)
		opened, err := both.Open(t.Context(), sealed, place)
		require.NoError(t, err)
		assert.Equal(t, "secret", string(opened))
		assert.False(t, both.Current(sealed))
		resealed, err := both.Seal(t.Context(), opened, place)
		require.NoError(t, err)
		assert.True(t, both.Current(resealed))
		id, err := ade.SealedWith(resealed)
		require.NoError(t, err)
		assert.Equal(t, "two", id)
		_, err = keyring(t, two).Open(t.Context(), sealed, place)
		assert.ErrorIs(t, err, ade.ErrSealKey)
		impostor := ade.NewHostKey("one")
		_, err = keyring(t, impostor).Open(t.Context(), sealed, place)
		assert.ErrorIs(t, err, ade.ErrSealBroken)
	})
	t.Run("a newer version", func(t *testing.T) {
		_, err := ring.Open(t.Context(), append([]byte{2}, sealed[1:]...), place)
		assert.ErrorIs(t, err, ade.ErrNewerVersion)
	})
}

func TestNewKeyringRefuses(t *testing.T) {
	t.Parallel()
	good := ade.NewHostKey("good")
	for name, keys := range map[string][]ade.HostKey{"no id": {{Key: good.Key}}, "odd id": {{ID: "a b", Key: good.Key}}, "no key": {{ID: "a"}}, "two of one id": {good, good}} {
		_, err := ade.NewKeyring(keys[0], keys[1:]...)
		assert.ErrorIs(t, err, mdm.ErrInvalid, name)
	}
	for name, text := range map[string]string{"short": "c2hvcnQ=", "passphrase": "correct horse battery staple", "too long": hex.EncodeToString(make([]byte, 33))} {
		ring := keyring(t, ade.HostKey{ID: "a", Key: mdm.NewSecret(text)})
		_, err := ring.Seal(t.Context(), nil, place)
		require.ErrorIs(t, err, mdm.ErrInvalid, name)
		assert.NotContains(t, err.Error(), text)
	}
	for _, text := range []string{hex.EncodeToString(make([]byte, 32)), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"} {
		_, err := keyring(t, ade.HostKey{ID: "a", Key: mdm.NewSecret(text)}).Seal(t.Context(), nil, place)
		assert.NoError(t, err)
	}
}
