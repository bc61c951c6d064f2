package adetest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"hash"
	"math/big"
)

// The object identifiers of a message, as their bytes in DER.
var (
	oidEnveloped     = oid(1, 2, 840, 113549, 1, 7, 3)
	oidAuthEnveloped = oid(1, 2, 840, 113549, 1, 9, 16, 1, 23)
	oidData          = oid(1, 2, 840, 113549, 1, 7, 1)
	oidRSA           = oid(1, 2, 840, 113549, 1, 1, 1)
	oidOAEP          = oid(1, 2, 840, 113549, 1, 1, 7)
	oidMGF1          = oid(1, 2, 840, 113549, 1, 1, 8)
	oidSHA256        = oid(2, 16, 840, 1, 101, 3, 4, 2, 1)
	oidTripleDES     = oid(1, 2, 840, 113549, 3, 7)
)

func oid(arcs ...int) []byte { return must(asn1.Marshal(asn1.ObjectIdentifier(arcs))) }

// aesOID is the identifier of an AES mode; the last number tells the mode and
// the size of the key.
func aesOID(last int) []byte { return oid(2, 16, 840, 1, 101, 3, 4, 1, last) }

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err) // the fake's own mistake
	}
	return b
}

var (
	null    = []byte{5, 0}
	version = []byte{2, 1, 0}
)

// The tags of constructed values.
const (
	tagSequence = 0x30
	tagSet      = 0x31
	tagContent  = 0xa0 // [0], constructed
	tagBytes    = 0x04
)

// encoder writes constructed values with definite or indefinite lengths.
type encoder struct{ definite bool }

// wrap puts parts into a constructed value.
func (e encoder) wrap(tag byte, parts ...[]byte) []byte {
	if e.definite {
		return tlv(tag, parts...)
	}
	return bytes.Join([][]byte{{tag, 0x80}, bytes.Join(parts, nil), {0, 0}}, nil)
}

// tlv puts parts into a value of definite length.
func tlv(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	n := len(body)
	if n < 0x80 {
		return append([]byte{tag, byte(n)}, body...)
	}
	size := big.NewInt(int64(n)).Bytes()
	return bytes.Join([][]byte{{tag, 0x80 | byte(len(size))}, size, body}, nil)
}

// envelope encrypts a text for the holder of a certificate: a CMS message of
// one recipient, RFC 5652 section 6.
func envelope(cert *x509.Certificate, text []byte, form File) ([]byte, error) {
	public, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("the certificate has no RSA key")
	}
	sealed, err := form.Cipher.seal(text)
	if err != nil {
		return nil, err
	}
	algorithm, encrypted, err := form.Transport.wrap(public, sealed.key)
	if err != nil {
		return nil, err
	}
	serial := must(asn1.Marshal(cert.SerialNumber))
	recipient := tlv(tagSequence, version, tlv(tagSequence, cert.RawIssuer, serial), algorithm, tlv(tagBytes, encrypted))
	e := encoder{form.DER}
	content := e.wrap(tagSequence, oidData, sealed.algorithm, e.content(sealed.text, form))
	kind, parts := oidEnveloped, [][]byte{version, tlv(tagSet, recipient), content}
	if sealed.tag != nil {
		kind, parts = oidAuthEnveloped, append(parts, tlv(tagBytes, sealed.tag))
	}
	return e.wrap(tagSequence, kind, e.wrap(tagContent, e.wrap(tagSequence, parts...))), nil
}

// content is the encrypted content. Definite and in one piece it is primitive.
func (e encoder) content(text []byte, form File) []byte {
	if e.definite && form.Segment == 0 && !form.EmptyTail {
		return tlv(0x80, text) // [0], primitive
	}
	size := form.Segment
	if size <= 0 {
		size = len(text)
	}
	var parts [][]byte
	for len(text) > 0 {
		n := min(size, len(text))
		parts = append(parts, tlv(tagBytes, text[:n]))
		text = text[n:]
	}
	if form.EmptyTail {
		parts = append(parts, tlv(tagBytes))
	}
	return e.wrap(tagContent, parts...)
}

// sealed is an encrypted content with its key.
type sealed struct {
	key, text, algorithm []byte
	tag                  []byte // of authenticated ciphers
}

// seal encrypts a text with a new key.
func (c Cipher) seal(text []byte) (sealed, error) {
	var s sealed
	var block cipher.Block
	var err error
	name := oidTripleDES
	switch c {
	case AES128CBC:
		s.key, name = random(16), aesOID(2)
	case AES256CBC:
		s.key, name = random(32), aesOID(42)
	case AES192CBC:
		s.key, name = random(24), aesOID(22)
	case AES128GCM:
		return sealGCM(text)
	case TripleDES:
		s.key = random(24)
	default:
		return s, errors.New("unknown cipher")
	}
	if c == TripleDES {
		block, err = des.NewTripleDESCipher(s.key)
	} else {
		block, err = aes.NewCipher(s.key)
	}
	if err != nil {
		return s, err
	}
	iv := random(block.BlockSize())
	pad := block.BlockSize() - len(text)%block.BlockSize()
	s.text = append(bytes.Clone(text), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(s.text, s.text)
	s.algorithm = tlv(tagSequence, name, tlv(tagBytes, iv))
	return s, nil
}

// sealGCM encrypts as RFC 5084 says.
func sealGCM(text []byte) (sealed, error) {
	s := sealed{key: random(16)}
	block, err := aes.NewCipher(s.key)
	if err != nil {
		return s, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return s, err
	}
	nonce := random(gcm.NonceSize())
	both := gcm.Seal(nil, nonce, text, nil)
	s.text, s.tag = both[:len(text)], both[len(text):]
	size := []byte{2, 1, byte(gcm.Overhead())}
	s.algorithm = tlv(tagSequence, aesOID(6), tlv(tagSequence, tlv(tagBytes, nonce), size))
	return s, nil
}

// wrap encrypts a key and names the algorithm.
func (t Transport) wrap(to *rsa.PublicKey, key []byte) (algorithm, encrypted []byte, err error) {
	var h func() hash.Hash
	var params []byte
	switch t {
	case PKCS1v15:
		//lint:ignore SA1019 it is what the portal uses
		encrypted, err = rsa.EncryptPKCS1v15(rand.Reader, to, key)
		return tlv(tagSequence, oidRSA, null), encrypted, err
	case OAEPSHA1:
		h, params = sha1.New, tlv(tagSequence) // all its parameters are the standard ones
	case OAEPSHA256:
		digest := tlv(tagSequence, oidSHA256, null)
		h, params = sha256.New, tlv(tagSequence, tlv(0xa0, digest), tlv(0xa1, tlv(tagSequence, oidMGF1, digest)))
	default:
		return nil, nil, errors.New("unknown key transport")
	}
	encrypted, err = rsa.EncryptOAEP(h(), rand.Reader, to, key, nil)
	return tlv(tagSequence, oidOAEP, params), encrypted, err
}

// random makes a key or an initial value.
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}
