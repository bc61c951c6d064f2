package adetest_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
)

// pair is a key with the certificate that is uploaded.
type pair struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
}

var keyPair = sync.OnceValue(func() pair {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return pair{key, certify(key.Public(), key)}
})

func certify(public, private any) *x509.Certificate {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x1234567890abcd), Subject: pkix.Name{CommonName: "depserver"},
		NotBefore: time.Now().Add(-10 * time.Minute), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return cert
}

func inPEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// message is the binary message of a file.
func message(t *testing.T, file []byte) []byte {
	t.Helper()
	_, body, found := bytes.Cut(bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	require.True(t, found)
	b, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(body), "\n", ""))
	require.NoError(t, err)
	return b
}

func TestFileIsAsThePortalGivesIt(t *testing.T) {
	f := adetest.New(small())
	_, _, err := f.Main.Download(adetest.File{})
	require.EqualError(t, err, "adetest: no certificate was uploaded")
	require.NoError(t, f.Main.Upload(inPEM("CERTIFICATE", keyPair().cert.Raw)))
	before := f.Main.Token()
	name, file, err := f.Main.Download(adetest.File{})
	require.NoError(t, err)
	assert.Regexp(t, `^Inventory_Sync_Token_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ_smime\.p7m$`, name)
	assert.NotEqual(t, before, f.Main.Token())

	lines := strings.Split(string(file), "\n")
	assert.Equal(t, []string{
		`Content-Type: application/pkcs7-mime; name="smime.p7m"; smime-type=enveloped-data`,
		`Content-Transfer-Encoding: base64`,
		`Content-Disposition: attachment; filename="smime.p7m"`,
		`Content-Description: S/MIME Encrypted Message`, ``,
	}, lines[:5])
	assert.True(t, strings.HasPrefix(lines[5], "MIAGCSqGSIb3DQEHA6CAMIACAQAxgg"), lines[5])
	for _, line := range lines[5 : len(lines)-2] {
		assert.Len(t, line, 76)
	}
	assert.Equal(t, "", lines[len(lines)-1])
	assert.NotContains(t, string(file), "\r")
	raw := message(t, file)
	assert.Equal(t, []byte{0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03, 0xa0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x00, 0x31, 0x82}, raw[:22])
	assert.Equal(t, make([]byte, 8), raw[len(raw)-8:], "four ends of content") // the content, its info, the data, the message

	text := open(t, raw)
	head, rest, _ := strings.Cut(text, "\r\n\r\n")
	assert.Equal(t, "Content-Type: text/plain;charset=UTF-8\r\nContent-Transfer-Encoding: 7bit", head)
	parts := strings.Split(rest, "\n")
	require.Len(t, parts, 4)
	assert.Equal(t, "-----BEGIN MESSAGE-----", parts[0])
	assert.Equal(t, []string{"-----END MESSAGE-----", ""}, parts[2:])
	var token adetest.Token
	require.NoError(t, json.Unmarshal([]byte(parts[1]), &token))
	assert.Equal(t, f.Main.Token(), token)
	assert.Regexp(t, `^{"consumer_key":"CK_.*","consumer_secret":"CS_.*","access_token":"AT_.*","access_secret":"AS_.*","access_token_expiry":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"}$`, parts[1])
	stranger(t, f).login(token)
}

func open(t *testing.T, raw []byte) string {
	t.Helper()
	p7, err := pkcs7.Parse(raw)
	require.NoError(t, err)
	text, err := p7.Decrypt(keyPair().cert, keyPair().key)
	require.NoError(t, err)
	return string(text)
}

func TestFormsOfFiles(t *testing.T) {
	text := adetest.New(small()).Main.Token().Message()
	for name, form := range map[string]adetest.File{
		"standard": {}, "AES-256": {Cipher: adetest.AES256CBC}, "3DES": {Cipher: adetest.TripleDES},
		"OAEP SHA-1": {Transport: adetest.OAEPSHA1}, "OAEP SHA-256": {Transport: adetest.OAEPSHA256},
		"CRLF": {CRLF: true, XPKCS7: true}, "DER": {DER: true}, "DER in segments": {DER: true, Segment: 64},
		"segments": {Segment: 100}, "segments and a tail": {Segment: 100, EmptyTail: true},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := adetest.Seal(keyPair().cert, text, form)
			require.NoError(t, err)
			assert.Equal(t, form.CRLF, bytes.Contains(file, []byte("base64\r\n")))
			assert.Equal(t, form.XPKCS7, bytes.Contains(file, []byte("application/x-pkcs7-mime")))
			assert.Equal(t, string(text), open(t, message(t, file)))
			form.Bare = true
			file, err = adetest.Seal(keyPair().cert, text, form)
			require.NoError(t, err)
			assert.Equal(t, string(text), open(t, file))
		})
	}
}

// TestOthersOpenFiles lets another implementation open the forms: OpenSSL 3
// those too that clients may refuse, and where it is not installed the pkcs7
// package those that it knows.
func TestOthersOpenFiles(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(key, inPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(keyPair().key)), 0o600))
	forms := map[string]adetest.File{
		"standard": {}, "CRLF": {CRLF: true}, "AES-256 in DER": {Cipher: adetest.AES256CBC, DER: true},
		"OAEP SHA-256": {Transport: adetest.OAEPSHA256}, "3DES": {Cipher: adetest.TripleDES, EmptyTail: true},
	}
	openFile := func(t *testing.T, file []byte) string { return open(t, message(t, file)) }
	if version, _ := exec.Command("openssl", "version").Output(); strings.HasPrefix(string(version), "OpenSSL 3") {
		forms["AES-192"] = adetest.File{Cipher: adetest.AES192CBC, Segment: 50}
		forms["GCM"] = adetest.File{Cipher: adetest.AES128GCM}
		openFile = func(t *testing.T, file []byte) string {
			path := filepath.Join(t.TempDir(), "token.p7m")
			require.NoError(t, os.WriteFile(path, file, 0o600))
			text, err := exec.Command("openssl", "cms", "-decrypt", "-in", path, "-inkey", key).Output()
			require.NoError(t, err)
			return string(text)
		}
	}
	text := adetest.New(small()).Main.Token().Message()
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			file, err := adetest.Seal(keyPair().cert, text, form)
			require.NoError(t, err)
			assert.Equal(t, string(text), openFile(t, file))
		})
	}
}

func TestUploadTakesRSACertificatesOnly(t *testing.T) {
	e := adetest.New(small()).Main
	require.NoError(t, e.Upload(keyPair().cert.Raw))
	require.ErrorContains(t, e.Upload([]byte("hello")), "no certificate")
	require.ErrorContains(t, e.Upload(inPEM("PRIVATE KEY", nil)), "a file of private key is no certificate")
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	require.EqualError(t, e.Upload(certify(ec.Public(), ec).Raw), "adetest: the certificate has no RSA key")
	_, err = adetest.Seal(certify(ec.Public(), ec), []byte("x"), adetest.File{})
	require.EqualError(t, err, "adetest: the certificate has no RSA key")
	_, err = adetest.Seal(keyPair().cert, []byte("x"), adetest.File{Cipher: 99})
	require.EqualError(t, err, "adetest: unknown cipher")
	_, err = adetest.Seal(keyPair().cert, []byte("x"), adetest.File{Transport: 99})
	require.EqualError(t, err, "adetest: unknown key transport")
}
