package abmtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
)

// KeyShape is a form of the file that holds an account's private key.
type KeyShape uint8

// The shapes. The zero value is none of them.
const (
	KeyUnknown    KeyShape = iota
	KeyDownloaded          // as Apple hands it out: PKCS#8 that is labelled EC PRIVATE KEY
	KeySEC1                // SEC 1, labelled EC PRIVATE KEY
	KeyPKCS8               // PKCS#8, labelled PRIVATE KEY, as administrators convert it
)

// String returns "downloaded", "SEC 1", "PKCS#8" or "unknown".
func (s KeyShape) String() string {
	switch s {
	case KeyDownloaded:
		return "downloaded"
	case KeySEC1:
		return "SEC 1"
	case KeyPKCS8:
		return "PKCS#8"
	}
	return "unknown"
}

// key is one key pair of an account.
type key struct {
	id      string
	private *ecdsa.PrivateKey
	revoked bool
}

func newKey(id string) *key {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic("abmtest: " + err.Error())
	}
	return &key{id: id, private: private}
}

// file is the key in PEM. It panics if there is no such shape.
func (k *key) file(shape KeyShape) []byte {
	block := pem.Block{Type: "EC PRIVATE KEY"}
	var err error
	switch shape {
	case KeyDownloaded:
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(k.private)
	case KeySEC1:
		block.Bytes, err = x509.MarshalECPrivateKey(k.private)
	case KeyPKCS8:
		block.Type = "PRIVATE KEY"
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(k.private)
	default:
		panic("abmtest: no such shape of a key file")
	}
	if err != nil {
		panic("abmtest: " + err.Error())
	}
	return pem.EncodeToMemory(&block)
}

// Key is what an API account signs with.
type Key struct {
	ID string // names the key in the header of an assertion

	key *key
}

// File is the private key as a PEM file of some shape. It panics if the shape
// is unknown.
func (k Key) File(shape KeyShape) []byte { return k.key.file(shape) }

// Private is the private key itself.
func (k Key) Private() *ecdsa.PrivateKey { return k.key.private }

// Key returns the newest key of the account [Fake.ClientID].
func (f *Fake) Key() Key { return f.KeyOf(f.ClientID) }

// KeyOf returns the newest key of an account. It panics if there is no such
// account.
func (f *Fake) KeyOf(clientID string) Key {
	f.mu.Lock()
	defer f.mu.Unlock()
	k := f.holder(clientID).newest()
	return Key{k.id, k}
}

// RevokeKey revokes all keys of an account: it gets no more tokens. Those that
// it has live until they expire, see [Fake.DropTokens].
func (f *Fake) RevokeKey(clientID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.holder(clientID)
	for _, k := range h.keys {
		k.revoked = true
	}
	f.note(event{kind: "API_ACCOUNT_KEY_REVOKED", subject: clientID, actor: "USER"})
}

// RotateKey revokes the keys of an account and makes a new one.
func (f *Fake) RotateKey(clientID string) Key {
	f.RevokeKey(clientID)
	f.mu.Lock()
	defer f.mu.Unlock()
	k := newKey(uuid("key", clientID, f.next()))
	h := f.holder(clientID)
	h.keys = append(h.keys, k)
	return Key{k.id, k}
}
