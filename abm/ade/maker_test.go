package ade_test

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
)

// maker writes token files as the portal does, byte by byte and with nothing
// of the package under test. The zero maker writes them as Apple was seen to.
type maker struct {
	cipher   string // "aes128" (also ""), "aes192", "aes256", "3des", "rc2"
	oaep     crypto.Hash
	mask     crypto.Hash // of OAEP; 0 = as oaep
	bareOAEP bool        // leaves out what is the default
	der      bool        // definite lengths
	segments int         // OCTET STRINGs of the content; 0 = 1, -1 = none, the content is primitive
	empty    bool        // an empty OCTET STRING at the end
	nested   int         // levels of OCTET STRINGs inside OCTET STRINGs
	keyID    bool        // names the recipient by subject key identifier
	gcm      bool        // authEnvelopedData
	others   []*x509.Certificate
	random   io.Reader // of the content's key and initial vector; nil = rand.Reader

	lines  string // line end; "" = LF
	media  string // "" = application/pkcs7-mime
	prefix string // before everything, such as a byte-order mark
	suffix string
	form   string // "" = S/MIME, "base64", "pem" or "raw"
}

func (m maker) indefinite(tag byte, content ...[]byte) []byte {
	if m.der {
		return tlv(tag, content...)
	}
	return concat([]byte{tag, 0x80}, bytes.Join(content, nil), []byte{0, 0})
}

func tlv(tag byte, content ...[]byte) []byte {
	body := bytes.Join(content, nil)
	n := len(body)
	head := []byte{tag, byte(n)}
	switch {
	case n > 0xff:
		head = []byte{tag, 0x82, byte(n >> 8), byte(n)}
	case n > 0x7f:
		head = []byte{tag, 0x81, byte(n)}
	}
	return concat(head, body)
}

func concat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// oid encodes an object identifier from its hexadecimal body.
func oid(hex string) []byte {
	var body []byte
	_, _ = fmt.Sscanf(hex, "%x", &body)
	return tlv(6, body)
}

var contentOIDs = map[string]string{"aes128": "608648016503040102", "aes192": "608648016503040116", "aes256": "60864801650304012a",
	"3des": "2a864886f70d0307", "rc2": "2a864886f70d0302"}

var hashOIDs = map[crypto.Hash]string{crypto.SHA1: "2b0e03021a", crypto.SHA256: "608648016503040201", crypto.SHA512: "608648016503040203"}

// file encrypts a text for a certificate.
func (m maker) file(t testing.TB, cert *x509.Certificate, text []byte) []byte {
	t.Helper()
	if m.cipher == "" {
		m.cipher = "aes128"
	}
	if m.random == nil {
		m.random = rand.Reader
	}
	key := make([]byte, map[string]int{"aes128": 16, "aes192": 24, "aes256": 32, "3des": 24, "rc2": 16}[m.cipher])
	_, err := io.ReadFull(m.random, key)
	require.NoError(t, err)
	iv, sealed := m.seal(t, key, text)
	recipients := [][]byte{}
	for _, c := range append(m.others, cert) {
		recipients = append(recipients, m.recipient(t, c, key))
	}
	content := m.indefinite(0xa0, m.split(sealed)...)
	if m.segments < 0 {
		content = tlv(0x80, sealed)
	}
	kind, version := "2a864886f70d010703", byte(0)
	if m.gcm {
		kind = "2a864886f70d0109100117"
	}
	ber := m.indefinite(0x30, oid(kind), m.indefinite(0xa0, m.indefinite(0x30,
		[]byte{2, 1, version}, tlv(0x31, recipients...),
		m.indefinite(0x30, oid("2a864886f70d010701"), tlv(0x30, oid(contentOIDs[m.cipher]), tlv(4, iv)), content))))
	return m.wrap(ber)
}

func (m maker) seal(t testing.TB, key, text []byte) (iv, sealed []byte) {
	t.Helper()
	block, err := aes.NewCipher(key)
	if m.cipher == "3des" {
		block, err = des.NewTripleDESCipher(key)
	}
	require.NoError(t, err)
	iv = make([]byte, block.BlockSize())
	_, err = io.ReadFull(m.random, iv)
	require.NoError(t, err)
	pad := block.BlockSize() - len(text)%block.BlockSize()
	sealed = append(bytes.Clone(text), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(sealed, sealed)
	return iv, sealed
}

func (m maker) split(sealed []byte) [][]byte {
	n := max(1, m.segments)
	var parts [][]byte
	for i := range n {
		parts = append(parts, tlv(4, sealed[i*len(sealed)/n:(i+1)*len(sealed)/n]))
	}
	if m.empty {
		parts = append(parts, tlv(4))
	}
	for range m.nested {
		parts = [][]byte{m.indefinite(0x24, parts...)}
	}
	return parts
}

func (m maker) recipient(t testing.TB, cert *x509.Certificate, key []byte) []byte {
	t.Helper()
	public := cert.PublicKey.(*rsa.PublicKey)
	algorithm := tlv(0x30, oid("2a864886f70d010101"), []byte{5, 0})
	//lint:ignore SA1019 it is what Apple does
	wrapped, err := rsa.EncryptPKCS1v15(rand.Reader, public, key)
	if m.oaep != 0 {
		if m.mask == 0 {
			m.mask = m.oaep
		}
		wrapped, err = rsa.EncryptOAEPWithOptions(rand.Reader, public, key, &rsa.OAEPOptions{Hash: m.oaep, MGFHash: m.mask})
		algorithm = tlv(0x30, oid("2a864886f70d010107"), m.oaepParameters())
	}
	require.NoError(t, err)
	name := tlv(0x30, cert.RawIssuer, tlv(2, serialBytes(cert)))
	if m.keyID {
		name = tlv(0x80, cert.SubjectKeyId)
	}
	return tlv(0x30, []byte{2, 1, 0}, name, algorithm, tlv(4, wrapped))
}

func (m maker) oaepParameters() []byte {
	if m.bareOAEP {
		return tlv(0x30)
	}
	hash := func(h crypto.Hash) []byte { return tlv(0x30, oid(hashOIDs[h]), []byte{5, 0}) }
	return tlv(0x30, tlv(0xa0, hash(m.oaep)), tlv(0xa1, tlv(0x30, oid("2a864886f70d010108"), hash(m.mask))))
}

func serialBytes(cert *x509.Certificate) []byte {
	b := cert.SerialNumber.Bytes()
	if b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return b
}

func (m maker) wrap(ber []byte) []byte {
	if m.form == "raw" {
		return ber
	}
	encoded := base64.StdEncoding.EncodeToString(ber)
	var b strings.Builder
	switch m.form {
	case "":
		media := m.media
		if media == "" {
			media = "application/pkcs7-mime"
		}
		b.WriteString("Content-Type: " + media + "; name=\"smime.p7m\"; smime-type=enveloped-data\n" +
			"Content-Transfer-Encoding: base64\n" +
			"Content-Disposition: attachment; filename=\"smime.p7m\"\n" +
			"Content-Description: S/MIME Encrypted Message\n\n")
	case "pem":
		b.WriteString("-----BEGIN PKCS7-----\n")
	}
	for len(encoded) > 0 {
		n := min(76, len(encoded))
		if m.form == "pem" {
			n = min(64, len(encoded))
		}
		b.WriteString(encoded[:n] + "\n")
		encoded = encoded[n:]
	}
	if m.form == "pem" {
		b.WriteString("-----END PKCS7-----\n")
	}
	text := b.String()
	if m.lines != "" {
		text = strings.ReplaceAll(text, "\n", m.lines)
	}
	return []byte(m.prefix + text + m.suffix)
}

// credentials are what a token of the tests holds.
type credentials struct{ consumerKey, consumerSecret, accessToken, accessSecret, expiry string }

var plain = credentials{
	consumerKey:    "CK_7c1f0d92ab34e85567f01b2c3d4e5f60718293a4b5c6d7e8f9010a1b2c3d4e5f60718293a4b5c6d7e8f9010a1b2c3d4e",
	consumerSecret: "CS_0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
	accessToken:    "AT_O10203040506O8f7e6d5c4b3a29181706f5e4d3c2b1a09f8e7d6cO1770110142000",
	accessSecret:   "AS_89abcdef0123456789abcdef0123456789abcdef",
	expiry:         "2027-02-03T09:15:42Z",
}

func (c credentials) secrets() []string {
	return []string{c.consumerKey, c.consumerSecret, c.accessToken, c.accessSecret}
}

func (c credentials) json() string {
	return fmt.Sprintf(`{"consumer_key":%q,"consumer_secret":%q,"access_token":%q,"access_secret":%q,"access_token_expiry":%q}`,
		c.consumerKey, c.consumerSecret, c.accessToken, c.accessSecret, c.expiry)
}

// text is what Apple encrypts: CRLF in the headers, LF behind them.
func (c credentials) text() []byte { return message(c.json()) }

func message(json string) []byte {
	return []byte("Content-Type: text/plain;charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" +
		"-----BEGIN MESSAGE-----\n" + json + "\n-----END MESSAGE-----\n")
}

// pairs are made once: making a key takes a while.
var pairs = sync.OnceValue(func() []*ade.KeyPair {
	var all []*ade.KeyPair
	for range 3 {
		p, err := ade.NewKeyPair(nil)
		if err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
})

func pair(n int) *ade.KeyPair { return pairs()[n] }

func certificate(t testing.TB, p *ade.KeyPair) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(p.CertificateDER())
	require.NoError(t, err)
	return c
}

func privateKey(t testing.TB, p *ade.KeyPair) *rsa.PrivateKey {
	t.Helper()
	text, err := p.PrivateKeyPEM().Reveal(t.Context())
	require.NoError(t, err)
	key, err := x509.ParsePKCS8PrivateKey(unPEM(t, text))
	require.NoError(t, err)
	return key.(*rsa.PrivateKey)
}

// token opens what a maker made of credentials.
func token(t testing.TB, c credentials) ade.Token {
	t.Helper()
	opened, err := ade.Open(maker{}.file(t, certificate(t, pair(0)), c.text()), pair(0))
	require.NoError(t, err)
	return opened.Token
}

// requireCredentials compares a token with what was put into its file.
func requireCredentials(t testing.TB, want credentials, got ade.Token) {
	t.Helper()
	require.Equal(t, want, credentialsOf(t, got))
}

func credentialsOf(t testing.TB, got ade.Token) credentials {
	t.Helper()
	var c credentials
	var err error
	c.consumerKey, err = got.ConsumerKey.Reveal(t.Context())
	require.NoError(t, err)
	c.consumerSecret, err = got.ConsumerSecret.Reveal(t.Context())
	require.NoError(t, err)
	c.accessToken, err = got.AccessToken.Reveal(t.Context())
	require.NoError(t, err)
	c.accessSecret, err = got.AccessSecret.Reveal(t.Context())
	require.NoError(t, err)
	c.expiry = got.Expiry.Format(time.RFC3339)
	return c
}
