package ade_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
)

func unPEM(t testing.TB, text string) []byte {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	require.NotNil(t, block)
	return block.Bytes
}

//mdm:feature 3.3 5.5
func TestQuirk01IndefiniteLength(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]maker{"indefinite": {form: "raw"}, "definite": {form: "raw", der: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := m.file(t, certificate(t, pair(0)), plain.text())
			assert.Equal(t, !m.der, bytes.HasPrefix(file, []byte{0x30, 0x80}))
			opened, err := ade.Open(file, pair(0))
			require.NoError(t, err)
			requireCredentials(t, plain, opened.Token)
			assert.Equal(t, time.Date(2027, 2, 3, 9, 15, 42, 0, time.UTC), opened.Token.Expiry)
			assert.Equal(t, time.UnixMilli(1770110142000).UTC(), opened.Token.Issued)
			assert.Same(t, pair(0), opened.Key)
			assert.Empty(t, opened.Warnings)
		})
	}
}

func TestQuirk02Envelopes(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]maker{
		"line feeds": {}, "carriage returns": {lines: "\r\n"}, "byte-order mark": {prefix: "\xef\xbb\xbf"},
		"blank lines": {prefix: "\n\r\n", suffix: "\n\n\r\n  \n"}, "older media type": {media: "application/x-pkcs7-mime"},
		"bare base64": {form: "base64"}, "bare base64 with carriage returns": {form: "base64", lines: "\r\n"}, "pem": {form: "pem"}, "raw": {form: "raw"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := m.file(t, certificate(t, pair(0)), plain.text())
			files := [][]byte{file}
			if m.form != "raw" {
				files = append(files, bytes.TrimRight(file, "\r\n "))
			}
			for _, file := range files {
				assert.Equal(t, ade.FileToken, ade.DetectFile(file))
				opened, err := ade.Open(file, pair(0))
				require.NoError(t, err)
				requireCredentials(t, plain, opened.Token)
			}
		})
	}
}

func TestQuirk03Truncated(t *testing.T) {
	t.Parallel()
	file := maker{}.file(t, certificate(t, pair(0)), plain.text())
	body := bytes.Index(file, []byte("\n\n")) + 2
	for n := body + 8; n < len(file)-2; n++ {
		_, err := ade.Open(file[:n], pair(0))
		require.ErrorIs(t, err, ade.ErrDamaged, "%d bytes", n)
	}
	_, err := ade.Open(bytes.Replace(file, []byte("A"), []byte("!"), -1), pair(0))
	assert.Error(t, err)
	odd := append(bytes.TrimSpace(bytes.Clone(file)), 'A')
	_, err = ade.Open(odd, pair(0))
	assert.ErrorIs(t, err, ade.ErrDamaged)
}

// A byte that changed is noticed, or changed nothing that counts. CBC cannot
// promise it: a changed byte makes a block of noise, which is rarely, but once
// in a few thousand blocks of 3DES, printable text. So the noise is the same in
// each run.
func TestQuirk04FlippedBytes(t *testing.T) {
	t.Parallel()
	for _, m := range []maker{{form: "raw"}, {form: "raw", der: true, segments: -1, cipher: "3des"}} {
		m.random = rand.NewChaCha8([32]byte{})
		file := m.file(t, certificate(t, pair(0)), plain.text())
		harmless := 0
		for i := range file {
			for _, mask := range []byte{0x01, 0x80, 0xff} {
				flipped := bytes.Clone(file)
				flipped[i] ^= mask
				opened, err := ade.Open(flipped, pair(0))
				if err != nil {
					require.NotEmpty(t, ade.FaultCode(err))
					continue
				}
				harmless++
				requireCredentials(t, plain, opened.Token)
			}
		}
		assert.Less(t, harmless, len(file)/4, "of %d bytes, three ways each", len(file))
	}
}

// Wrong key, wrong certificate and no pair at all are three errors.
func TestQuirk05WrongKeys(t *testing.T) {
	t.Parallel()
	file := maker{}.file(t, certificate(t, pair(0)), plain.text())
	impostor := twin(t, pair(0))
	keyOnly, err := ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: keyPEM(t, pair(1))})
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		pairs []*ade.KeyPair
		want  error
	}{
		"equal issuer and serial":     {[]*ade.KeyPair{impostor}, ade.ErrWrongKey},
		"another certificate":         {[]*ade.KeyPair{pair(1)}, ade.ErrOtherCertificate},
		"two others":                  {[]*ade.KeyPair{pair(1), pair(2)}, ade.ErrOtherCertificate},
		"no pair":                     {nil, ade.ErrNoKey},
		"a nil pair":                  {[]*ade.KeyPair{nil}, ade.ErrNoKey},
		"another key, no certificate": {[]*ade.KeyPair{keyOnly}, ade.ErrWrongKey},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ade.Open(file, tc.pairs...)
			require.ErrorIs(t, err, tc.want)
			assert.NotEmpty(t, ade.Explain(err).EN)
			assert.NotEmpty(t, ade.Explain(err).DE)
		})
	}
	right, err := ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: keyPEM(t, pair(0))})
	require.NoError(t, err)
	opened, err := ade.Open(file, pair(1), impostor, right)
	require.NoError(t, err, "the one that fits is found among others")
	assert.Same(t, right, opened.Key)
}

func TestQuirk06Segments(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]maker{"three": {segments: 3}, "many": {segments: 40}, "empty one at the end": {segments: 2, empty: true}, "primitive": {segments: -1},
		"definite": {segments: 5, der: true}, "nested": {segments: 3, nested: 2}, "two recipients": {others: []*x509.Certificate{certificate(t, pair(1))}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opened, err := ade.Open(m.file(t, certificate(t, pair(0)), plain.text()), pair(0))
			require.NoError(t, err)
			requireCredentials(t, plain, opened.Token)
		})
	}
}

// A file cannot be nested without end.
func TestOpenBoundsDepth(t *testing.T) {
	t.Parallel()
	for _, m := range []maker{{nested: 40}, {nested: 40, der: true}} {
		_, err := ade.Open(m.file(t, certificate(t, pair(0)), plain.text()), pair(0))
		assert.ErrorIs(t, err, ade.ErrDamaged)
	}
	deep := append([]byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"), bytes.Repeat([]byte{0xa0, 0x80}, 30_000)...)
	_, err := ade.Open(deep, pair(0))
	assert.ErrorIs(t, err, ade.ErrDamaged)
}

func TestQuirk07Ciphers(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]maker{
		"aes128": {cipher: "aes128"}, "aes256": {cipher: "aes256"}, "3des": {cipher: "3des"},
		"oaep sha1": {oaep: crypto.SHA1}, "oaep sha1 by default": {oaep: crypto.SHA1, bareOAEP: true}, "oaep sha256": {oaep: crypto.SHA256},
		"oaep sha256, mask sha1": {oaep: crypto.SHA256, mask: crypto.SHA1}, "oaep sha512 aes256": {oaep: crypto.SHA512, cipher: "aes256", der: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opened, err := ade.Open(m.file(t, certificate(t, pair(0)), plain.text()), pair(0))
			require.NoError(t, err)
			requireCredentials(t, plain, opened.Token)
		})
	}
	for name, m := range map[string]maker{"aes192": {cipher: "aes192"}, "rc2": {cipher: "rc2"}, "gcm": {gcm: true}, "key identifier": {keyID: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cert := certificate(t, pair(0))
			cert.SubjectKeyId = bytes.Repeat([]byte{7}, 20)
			_, err := ade.Open(m.file(t, cert, plain.text()), pair(0))
			require.ErrorIs(t, err, ade.ErrCipher)
		})
	}
}

// Nothing is written to standard output, whatever the file.
func TestQuirk07Silent(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	out, errs := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = w, w
	for _, m := range []maker{{}, {cipher: "aes192"}, {gcm: true}, {cipher: "rc2"}} {
		_, _ = ade.Open(m.file(t, certificate(t, pair(0)), plain.text()), pair(0))
	}
	os.Stdout, os.Stderr = out, errs
	require.NoError(t, w.Close())
	written, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Empty(t, string(written))
}

// The markers are whole lines: what looks like a part of them is not cut.
func TestQuirk08Markers(t *testing.T) {
	t.Parallel()
	odd := plain
	odd.accessSecret = "AS_ends-with}-----END-MESSAGE--}-"
	spaced := strings.ReplaceAll(odd.json(), ",", " ,\n ")
	for name, json := range map[string]string{"one line": odd.json(), "many lines": spaced, "braces around": " " + odd.json() + " "} {
		t.Run(name, func(t *testing.T) {
			opened, err := ade.Open(maker{}.file(t, certificate(t, pair(0)), message(json)), pair(0))
			require.NoError(t, err)
			requireCredentials(t, odd, opened.Token)
		})
	}
}

// Every kind of file that administrators mix up with a token has a name.
func TestQuirk09OtherFiles(t *testing.T) {
	t.Parallel()
	signed, err := pkcs7.NewSignedData([]byte("x"))
	require.NoError(t, err)
	signature, err := signed.Finish()
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		file []byte
		want ade.FileKind
	}{
		"content token":      {[]byte("eyJleHBEYXRlIjoiMjAyNy0wMS0wMVQwMDowMDowMCswMDAwIiwidG9rZW4iOiJhYmMiLCJvcmdOYW1lIjoiU2Nob29sIn0="), ade.FileContentToken},
		"content token JSON": {[]byte(`{"expDate":"2027-01-01T00:00:00+0000","token":"abc","orgName":"School"}`), ade.FileContentToken},
		"push certificate":   {pair(0).CertificatePEM(), ade.FileCertificate},
		"certificate DER":    {pair(0).CertificateDER(), ade.FileCertificate},
		"API key":            {ecKey(t, "EC PRIVATE KEY", true), ade.FileAPIKey},
		"API key PKCS #8":    {ecKey(t, "PRIVATE KEY", true), ade.FileAPIKey},
		"API key SEC 1":      {ecKey(t, "EC PRIVATE KEY", false), ade.FileAPIKey},
		"our key":            {keyPEM(t, pair(0)), ade.FilePrivateKey},
		"our key DER":        {unPEM(t, string(keyPEM(t, pair(0)))), ade.FilePrivateKey},
		"login page":         {[]byte("\n<!DOCTYPE html><html><body>Sign in FORBIDDEN</body></html>"), ade.FileWebPage},
		"opened token":       {plain.text(), ade.FileOpened},
		"opened token JSON":  {[]byte(plain.json()), ade.FileOpened},
		"signed":             {signature, ade.FileSigned},
		"empty":              {[]byte(" \n"), ade.FileEmpty},
		"text":               {[]byte("hello, this is no token"), ade.FileUnknown},
		"other MIME":         {[]byte("Content-Type: text/plain\n\nhello"), ade.FileUnknown},
		"other markup":       {[]byte("<plist><dict/></plist>"), ade.FileUnknown},
		"request":            {request(t), ade.FileRequest},
		"public key":         {publicKey(t), ade.FilePublicKey},
		"PKCS #12":           {[]byte{0x30, 0x0a, 2, 1, 3, 0x30, 5, 6, 3, 42, 3, 4}, ade.FilePKCS12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, ade.DetectFile(tc.file))
			_, err := ade.Open(tc.file, pair(0))
			require.ErrorIs(t, err, ade.ErrNotToken)
			assert.Contains(t, err.Error(), tc.want.Text().EN)
			assert.NotEmpty(t, tc.want.Text().DE)
			i, err := ade.Inspect(tc.file)
			require.ErrorIs(t, err, ade.ErrNotToken)
			assert.Equal(t, tc.want, i.Kind)
		})
	}
	_, err = ade.Open(bytes.Repeat([]byte("MIAG"), 20_000), pair(0))
	assert.ErrorIs(t, err, ade.ErrTooLarge)
}

// The library pkcs7 writes what we read, and reads what we take for a token.
// It chooses its cipher by a variable of the package, so that this test runs
// alone.
func TestAgreesWithPKCS7(t *testing.T) {
	cert, key := certificate(t, pair(0)), privateKey(t, pair(0))
	before := pkcs7.ContentEncryptionAlgorithm
	defer func() { pkcs7.ContentEncryptionAlgorithm = before }()
	for _, cipher := range []int{pkcs7.EncryptionAlgorithmAES128CBC, pkcs7.EncryptionAlgorithmAES256CBC} {
		pkcs7.ContentEncryptionAlgorithm = cipher
		der, err := pkcs7.Encrypt(plain.text(), []*x509.Certificate{certificate(t, pair(1)), cert})
		require.NoError(t, err)
		opened, err := ade.Open(der, pair(0))
		require.NoError(t, err)
		requireCredentials(t, plain, opened.Token)
	}
	for _, m := range []maker{{form: "raw"}, {form: "raw", der: true, cipher: "3des"}, {form: "raw", oaep: crypto.SHA256}} {
		parsed, err := pkcs7.Parse(m.file(t, cert, plain.text()))
		require.NoError(t, err)
		text, err := parsed.Decrypt(cert, key)
		require.NoError(t, err)
		assert.Equal(t, plain.text(), text)
	}
}
