package ade_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

func renderings(v any) string {
	var all bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&all, verb+"\n", v)
	}
	slog.New(slog.NewTextHandler(&all, nil)).Info("", "v", v)
	slog.New(slog.NewJSONHandler(&all, nil)).Info("", "v", v)
	encoded, _ := json.Marshal(v)
	all.Write(encoded)
	return all.String()
}

// No credential and no key shows, however a value is printed.
func TestQuirk10Secrets(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	_, err := r.StageKey(t.Context(), s.ID, pair(1))
	require.NoError(t, err)
	s, err = r.Server(t.Context(), s.ID)
	require.NoError(t, err)
	opened, err := ade.Open(maker{}.file(t, certificate(t, pair(0)), plain.text()), pair(0))
	require.NoError(t, err)
	_, garbled := ade.Open(maker{}.file(t, certificate(t, pair(0)), message(`{"consumer_key":"`+plain.consumerKey+`"}`)), pair(0))
	host := ade.NewHostKey("one")
	ring, err := ade.NewKeyring(host)
	require.NoError(t, err)
	hostText, err := host.Key.Reveal(t.Context())
	require.NoError(t, err)
	prime := privateKey(t, pair(0)).Primes[0]
	secrets := append(plain.secrets(), hostText, prime.String(), hex.EncodeToString(prime.Bytes()), base64.StdEncoding.EncodeToString(big.NewInt(0).Set(prime).Bytes()))
	for name, v := range map[string]any{"server": s, "server value": *s, "token": opened.Token, "opened": opened, "pair": pair(0), "pair value": *pair(0),
		"pair inside": struct{ P *ade.KeyPair }{pair(0)}, "error": garbled, "host key": host, "keyring": ring, "key": pair(0).PrivateKeyPEM(), "registry": r} {
		text := renderings(v)
		for _, secret := range secrets {
			for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret))} {
				assert.NotContains(t, text, form, name)
			}
		}
	}
	assert.Contains(t, renderings(opened.Token), mdm.Redacted)
	assert.Contains(t, renderings(pair(0)), pair(0).Fingerprint())
	assert.Equal(t, "no key pair", (*ade.KeyPair)(nil).String())
}

func TestFaultsSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	assert.Zero(t, ade.Explain(nil))
	assert.Empty(t, ade.FaultCode(mdm.ErrInvalid))
	codes := map[string]bool{}
	for _, err := range []error{ade.ErrNotToken, ade.ErrDamaged, ade.ErrTooLarge, ade.ErrCipher, ade.ErrNoKey, ade.ErrOtherCertificate, ade.ErrWrongKey, ade.ErrContent,
		ade.ErrNotKey, ade.ErrKeyDamaged, ade.ErrKeyKind, ade.ErrKeyCipher, ade.ErrPasswordMissing, ade.ErrWrongPassword, ade.ErrNotCertificate, ade.ErrKeyMismatch,
		ade.ErrOtherServer, ade.ErrOtherOrganisation, ade.ErrOlderToken, ade.ErrTokenExpired, ade.ErrUnverified, ade.ErrNoToken, ade.ErrSuperseded, ade.ErrTerms,
		ade.ErrClockSkew, ade.ErrAccessDenied, ade.ErrName, ade.ErrNameTaken, ade.ErrStale, ade.ErrSealKey, ade.ErrSealBroken, ade.ErrNewerVersion, ade.ErrStored,
		ade.ErrNoServerConfig, ade.ErrServerConfig, ade.ErrInUse, ade.ErrPublishing, ade.ErrNotPublished, ade.ErrProfile} {
		say, code := ade.Explain(err), ade.FaultCode(err)
		assert.NotEmpty(t, say.EN, code)
		assert.NotEmpty(t, say.DE, code)
		assert.NotEqual(t, say.EN, say.DE, code)
		assert.False(t, codes[code], code)
		codes[code] = true
	}
}
