package ade_test

import (
	"crypto"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

func FuzzOpen(f *testing.F) {
	cert := certificate(f, pair(0))
	for _, m := range []maker{{}, {lines: "\r\n"}, {form: "raw"}, {form: "raw", der: true, segments: 3}, {form: "pem"}, {form: "base64", cipher: "3des"},
		{oaep: crypto.SHA256, mask: crypto.SHA1}, {gcm: true}, {cipher: "aes192"}, {segments: -1}} {
		f.Add(m.file(f, cert, plain.text()))
	}
	f.Add(pair(0).CertificatePEM())
	f.Add([]byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x80\x30\x80"))
	keyOnly, err := ade.ReadKeyPair(f.Context(), ade.KeyFiles{Key: keyPEM(f, pair(1))})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, file []byte) {
		ade.DetectFile(file)
		_, _ = ade.Inspect(file)
		opened, err := ade.Open(file, pair(0), keyOnly)
		if err != nil {
			require.NotEmpty(t, ade.FaultCode(err), err)
			return
		}
		require.False(t, opened.Token.IsZero())
	})
}

// FuzzOpenText fuzzes what is read after decryption.
func FuzzOpenText(f *testing.F) {
	f.Add(plain.text())
	f.Add(message(`{"consumer_key":1}`))
	f.Add([]byte("-----BEGIN MESSAGE-----\n-----END MESSAGE-----"))
	f.Fuzz(func(t *testing.T, text []byte) {
		token, err := ade.ReadTokenText(text)
		if err != nil {
			require.True(t, errors.Is(err, ade.ErrContent) || errors.Is(err, ade.ErrDamaged), err)
			return
		}
		c := credentialsOf(t, token)
		for _, value := range c.secrets() {
			require.NotEmpty(t, value)
		}
	})
}

func FuzzReadKeyPair(f *testing.F) {
	f.Add(keyPEM(f, pair(0)), pair(0).CertificatePEM(), "")
	f.Add(unPEM(f, string(keyPEM(f, pair(0)))), pair(0).CertificateDER(), "")
	f.Add(legacy(f, "x", 1), []byte(nil), "x")
	f.Add(asPEM("ENCRYPTED PRIVATE KEY", encrypted(f, "x", nil)), []byte(nil), "x")
	f.Add(ecKey(f, "EC PRIVATE KEY", true), []byte(nil), "")
	f.Fuzz(func(t *testing.T, key, cert []byte, password string) {
		p, err := ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: key, Certificate: cert, Password: mdm.NewSecret(password)})
		if err != nil {
			require.NotEmpty(t, ade.FaultCode(err), err)
			return
		}
		require.NotEmpty(t, p.Fingerprint())
	})
}

func FuzzKeyringOpen(f *testing.F) {
	ring, err := ade.NewKeyring(ade.NewHostKey("one"), ade.NewHostKey("two"))
	require.NoError(f, err)
	b := ade.Binding{Scope: "s", Kind: "k", ID: "i"}
	sealed, err := ring.Seal(f.Context(), []byte("secret"), b)
	require.NoError(f, err)
	f.Add(sealed)
	f.Add([]byte{1, 255})
	f.Fuzz(func(t *testing.T, other []byte) {
		plain, err := ring.Open(t.Context(), other, b)
		if err != nil {
			require.NotEmpty(t, ade.FaultCode(err))
			return
		}
		require.Equal(t, "secret", string(plain))
		require.Equal(t, sealed, other)
	})
}

// FuzzStored fuzzes what the registry reads back once it is unsealed.
func FuzzStored(f *testing.F) {
	for _, text := range []string{`{"v":1,"name":"x","token":{"consumer_key":"a"},"current":{"key":"AAAA"}}`, `{"v":2}`, `{"v":1,"draft":"e30="}`,
		`{"v":1,"devices":{"A":{"profile":"p"}}}`, `{"v":1,"condition":{"state":"expired","warn":1,"since":"2026-01-01T00:00:00Z"}}`, `[]`, ``} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		store := &ade.MemoryStore{}
		r, err := ade.NewRegistry(store, unsealed{}, "")
		require.NoError(t, err)
		for _, kind := range ade.ValueKinds() {
			_, err := store.Put(t.Context(), ade.Value{Key: ade.Key{Kind: kind, ID: "x"}, Data: append([]byte{' '}, stored...)})
			require.NoError(t, err)
		}
		_, serverErr := r.Server(t.Context(), "x")
		_, configErr := r.ServerConfig(t.Context(), "x")
		_, profileErr := r.Profile(t.Context(), "x")
		_, devicesErr := r.DeviceProfiles(t.Context(), "x")
		for _, err := range []error{serverErr, configErr, profileErr, devicesErr} {
			require.True(t, err == nil || ade.FaultCode(err) != "", err)
		}
	})
}
