package ade_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
)

func keyPEM(t testing.TB, p *ade.KeyPair) []byte {
	t.Helper()
	text, err := p.PrivateKeyPEM().Reveal(t.Context())
	require.NoError(t, err)
	return []byte(text)
}

// ecKey makes a key of the organisation API, in PKCS #8 or SEC 1.
func ecKey(t testing.TB, label string, asPKCS8 bool) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalECPrivateKey(key)
	if asPKCS8 {
		der, err = x509.MarshalPKCS8PrivateKey(key)
	}
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
}

func request(t testing.TB) []byte {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "x"}}, privateKey(t, pair(0)))
	require.NoError(t, err)
	return der
}

func publicKey(t testing.TB) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(privateKey(t, pair(0)).Public())
	require.NoError(t, err)
	return der
}

// twin makes a pair with another key whose certificate has issuer and serial
// number of a given one.
func twin(t testing.TB, p *ade.KeyPair) *ade.KeyPair {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := certificate(t, p)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: template.SerialNumber, Subject: template.Subject,
		NotBefore: time.Unix(0, 0), NotAfter: template.NotAfter}, template, key.Public(), privateKey(t, p))
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	made, err := ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: pkcs8, Certificate: der})
	require.NoError(t, err)
	require.Equal(t, p.Serial(), made.Serial())
	return made
}
