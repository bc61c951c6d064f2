package ade_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/youmark/pkcs8"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

//mdm:feature 3.7
func TestNewKeyPair(t *testing.T) {
	t.Parallel()
	p := pair(0)
	cert := certificate(t, p)
	assert.Equal(t, p.CertificateDER(), unPEM(t, string(p.CertificatePEM())))
	assert.Equal(t, 2048, cert.PublicKey.(*rsa.PublicKey).N.BitLen())
	assert.Equal(t, x509.SHA256WithRSA, cert.SignatureAlgorithm)
	assert.NoError(t, cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature))
	assert.Equal(t, x509.KeyUsageKeyEncipherment|x509.KeyUsageDigitalSignature, cert.KeyUsage)
	assert.Equal(t, 1, cert.SerialNumber.Sign())
	assert.LessOrEqual(t, cert.SerialNumber.BitLen(), 128)
	assert.NotEqual(t, cert.SerialNumber, certificate(t, pair(1)).SerialNumber, "tokens of two pairs are told apart")
	assert.True(t, cert.NotBefore.Before(time.Now()) && cert.NotAfter.After(time.Now()))
	assert.NotEqual(t, p.Fingerprint(), pair(1).Fingerprint())

	named, err := ade.NewKeyPair(&ade.KeyPairOptions{Name: "Schule", Bits: 3072, Validity: time.Hour})
	require.NoError(t, err)
	cert = certificate(t, named)
	assert.Equal(t, "Schule", cert.Subject.CommonName)
	assert.Equal(t, 3072, cert.PublicKey.(*rsa.PublicKey).N.BitLen())
	assert.WithinDuration(t, time.Now().Add(time.Hour), cert.NotAfter, time.Minute)
	for _, o := range []ade.KeyPairOptions{{Bits: 1024}, {Bits: 16384}, {Validity: -1}, {Name: string(make([]byte, 65))}} {
		_, err := ade.NewKeyPair(&o)
		assert.ErrorIs(t, err, mdm.ErrInvalid)
	}
}

func encrypted(t testing.TB, password string, opts *pkcs8.Opts) []byte {
	t.Helper()
	der, err := pkcs8.MarshalPrivateKey(privateKey(t, pair(0)), []byte(password), opts)
	require.NoError(t, err)
	return der
}

func legacy(t testing.TB, password string, cipher x509.PEMCipher) []byte {
	t.Helper()
	//lint:ignore SA1019 administrators have such keys
	block, err := x509.EncryptPEMBlock(rand.Reader, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(privateKey(t, pair(0))), []byte(password), cipher)
	require.NoError(t, err)
	return pem.EncodeToMemory(block)
}

func asPEM(label string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
}

var pbkdf2 = pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 2048, HMACHash: crypto.SHA256}

// Any pair will do, in any of the usual forms, such as that of the MDM's own
// address.
//
//mdm:feature 5.6 5.7
func TestReadKeyPair(t *testing.T) {
	t.Parallel()
	key := privateKey(t, pair(0))
	pkcs1, pkcs8DER := x509.MarshalPKCS1PrivateKey(key), unPEM(t, string(keyPEM(t, pair(0))))
	own, err := pair(0).EncryptedKeyPEM(t.Context(), mdm.NewSecret("geheim ä"))
	require.NoError(t, err)
	const password = "geheim ä"
	aes256 := encrypted(t, password, &pkcs8.Opts{Cipher: pkcs8.AES256CBC, KDFOpts: pbkdf2})
	plainKeys := map[string][]byte{
		"pkcs1 pem": asPEM("RSA PRIVATE KEY", pkcs1), "pkcs1 der": pkcs1, "pkcs8 pem": asPEM("PRIVATE KEY", pkcs8DER), "pkcs8 der": pkcs8DER,
		"wrong label": asPEM("RSA PRIVATE KEY", pkcs8DER), "carriage returns": bytes.ReplaceAll(asPEM("PRIVATE KEY", pkcs8DER), []byte("\n"), []byte("\r\n")),
		"byte-order mark": append([]byte("\xef\xbb\xbf\n"), asPEM("PRIVATE KEY", pkcs8DER)...), "behind a certificate": append(pair(0).CertificatePEM(), asPEM("PRIVATE KEY", pkcs8DER)...),
	}
	encryptedKeys := map[string][]byte{
		"aes256 pem": asPEM("ENCRYPTED PRIVATE KEY", aes256), "aes256 der": aes256, "as we write it": own,
		"3des":       encrypted(t, password, &pkcs8.Opts{Cipher: pkcs8.TripleDESCBC, KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 2048, HMACHash: crypto.SHA1}}),
		"scrypt":     encrypted(t, password, &pkcs8.Opts{Cipher: pkcs8.AES128CBC, KDFOpts: pkcs8.ScryptOpts{SaltSize: 8, CostParameter: 1 << 14, BlockSize: 8, ParallelizationParameter: 1}}),
		"legacy aes": legacy(t, password, x509.PEMCipherAES256), "legacy 3des": legacy(t, password, x509.PEMCipher3DES), "legacy des": legacy(t, password, x509.PEMCipherDES),
	}
	for name, file := range plainKeys {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, secret := range []mdm.Secret{{}, mdm.NewSecret("not needed")} {
				p, err := ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: file, Password: secret})
				require.NoError(t, err)
				assert.Equal(t, pair(0).Fingerprint(), p.Fingerprint())
				assert.Equal(t, name == "behind a certificate", p.CertificateDER() != nil)
			}
		})
	}
	for name, file := range encryptedKeys {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: file, Password: mdm.NewSecret(password), Certificate: pair(0).CertificatePEM()})
			require.NoError(t, err)
			assert.Equal(t, pair(0).Fingerprint(), p.Fingerprint())
			assert.Equal(t, pair(0).CertificateDER(), p.CertificateDER())
			_, err = ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: file, Password: mdm.NewSecret("falsch")})
			assert.ErrorIs(t, err, ade.ErrWrongPassword)
			_, err = ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: file})
			assert.ErrorIs(t, err, ade.ErrPasswordMissing)
			opened, err := ade.Open(maker{}.file(t, certificate(t, pair(0)), plain.text()), p)
			require.NoError(t, err)
			requireCredentials(t, plain, opened.Token)
		})
	}
}

func TestReadKeyPairRefuses(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	whole := keyPEM(t, pair(0))
	damaged := bytes.Clone(unPEM(t, string(whole)))
	damaged[len(damaged)/2] ^= 0xff
	badDEK := bytes.Replace(legacy(t, "x", x509.PEMCipherDES), []byte("DES-CBC"), []byte("RC2-CBC"), 1)
	for name, tc := range map[string]struct {
		files ade.KeyFiles
		want  error
	}{
		"empty":               {ade.KeyFiles{}, ade.ErrNotKey},
		"a certificate":       {ade.KeyFiles{Key: pair(0).CertificatePEM()}, ade.ErrNotKey},
		"a certificate DER":   {ade.KeyFiles{Key: pair(0).CertificateDER()}, ade.ErrNotKey},
		"a token":             {ade.KeyFiles{Key: maker{}.file(t, certificate(t, pair(0)), plain.text())}, ade.ErrNotKey},
		"text":                {ade.KeyFiles{Key: []byte("my key")}, ade.ErrNotKey},
		"an API key":          {ade.KeyFiles{Key: ecKey(t, "EC PRIVATE KEY", true)}, ade.ErrKeyKind},
		"an API key SEC 1":    {ade.KeyFiles{Key: ecKey(t, "EC PRIVATE KEY", false)}, ade.ErrKeyKind},
		"OpenSSH":             {ade.KeyFiles{Key: asPEM("OPENSSH PRIVATE KEY", []byte("openssh-key-v1"))}, ade.ErrKeyKind},
		"too short":           {ade.KeyFiles{Key: x509.MarshalPKCS1PrivateKey(small)}, ade.ErrKeyKind},
		"cut off":             {ade.KeyFiles{Key: whole[:len(whole)/2]}, ade.ErrKeyDamaged},
		"damaged":             {ade.KeyFiles{Key: damaged}, ade.ErrKeyDamaged},
		"unknown cipher":      {ade.KeyFiles{Key: badDEK, Password: mdm.NewSecret("x")}, ade.ErrKeyCipher},
		"too large":           {ade.KeyFiles{Key: make([]byte, 1<<20)}, ade.ErrTooLarge},
		"another certificate": {ade.KeyFiles{Key: whole, Certificate: pair(1).CertificatePEM()}, ade.ErrKeyMismatch},
		"no certificate":      {ade.KeyFiles{Key: whole, Certificate: whole}, ade.ErrNotCertificate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ade.ReadKeyPair(t.Context(), tc.files)
			require.ErrorIs(t, err, tc.want)
			assert.NotEmpty(t, ade.Explain(err).DE)
			assert.NotEmpty(t, ade.FaultCode(err))
			assert.NotEmpty(t, mdm.Code(err))
		})
	}
}

// A key file cannot keep the machine busy before its password is known to be
// right.
func TestReadKeyPairBoundsWork(t *testing.T) {
	t.Parallel()
	iterations := func(n string) []byte { // PBES2, PBKDF2, AES-256-CBC
		var count []byte
		for i := 0; i < len(n); i += 2 {
			count = append(count, unhex(n[i])<<4|unhex(n[i+1]))
		}
		kdf := tlv(0x30, oid("2a864886f70d01050c"), tlv(0x30, tlv(4, make([]byte, 8)), tlv(2, count), tlv(0x30, oid("2a864886f70d0209"), []byte{5, 0})))
		return tlv(0x30, tlv(0x30, oid("2a864886f70d01050d"), tlv(0x30, kdf, tlv(0x30, oid("60864801650304012a"), tlv(4, make([]byte, 16))))), tlv(4, make([]byte, 64)))
	}
	scrypt := func(cost ...byte) []byte {
		kdf := tlv(0x30, oid("2b06010401da47040b"), tlv(0x30, tlv(4, make([]byte, 8)), tlv(2, cost), tlv(2, []byte{8}), tlv(2, []byte{1})))
		return tlv(0x30, tlv(0x30, oid("2a864886f70d01050d"), tlv(0x30, kdf, tlv(0x30, oid("60864801650304012a"), tlv(4, make([]byte, 16))))), tlv(4, make([]byte, 64)))
	}
	for name, tc := range map[string]struct {
		file []byte
		want error
	}{
		"few iterations": {iterations("0800"), ade.ErrWrongPassword}, "too many": {iterations("7fffffff"), ade.ErrKeyCipher}, "none": {iterations("00"), ade.ErrKeyCipher},
		"negative": {iterations("ff"), ade.ErrKeyCipher}, "little memory": {scrypt(0x40, 0), ade.ErrWrongPassword}, "too much memory": {scrypt(0x40, 0, 0, 0), ade.ErrKeyCipher},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: tc.file, Password: mdm.NewSecret("x")})
			assert.ErrorIs(t, err, tc.want)
		})
	}
}

func unhex(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}
