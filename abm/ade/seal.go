package ade

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"crypto/hkdf"

	"github.com/mdmlink/mdmlink/mdm"
)

// Binding says where a sealed value belongs. What was sealed for one place
// does not open at another, so that nobody with access to the database can
// swap values. All fields are the caller's; "" is allowed.
type Binding struct {
	Scope string // such as a customer or a tenant
	Kind  string // kind of the value, such as "server"
	ID    string // of the value
}

// bytes are unambiguous: each part carries its length.
func (b Binding) bytes() []byte {
	var all []byte
	for _, part := range []string{b.Scope, b.Kind, b.ID} {
		all = binary.AppendUvarint(all, uint64(len(part)))
		all = append(all, part...)
	}
	return all
}

// Sealer encrypts what is stored, so that a change of one byte is noticed. A
// host may use its own, such as a key management service, or [Keyring]. It is
// safe for concurrent use.
type Sealer interface {
	// Seal encrypts a value for a place.
	Seal(ctx context.Context, plain []byte, b Binding) ([]byte, error)

	// Open decrypts a value at its place. The error of a value that was changed
	// or belongs elsewhere Is ErrSealBroken, that of one whose key is not at
	// hand Is ErrSealKey.
	Open(ctx context.Context, sealed []byte, b Binding) ([]byte, error)
}

// HostKey is a key of the host.
type HostKey struct {
	ID  string     // 1 to 64 letters, digits and "-_."; stored with every value, so it is no secret
	Key mdm.Secret // 32 random bytes as base64 or as 64 hexadecimal digits, such as from NewHostKey
}

// NewHostKey makes a key. The host keeps its value outside the database, such
// as in the environment or in a key management service.
func NewHostKey(id string) HostKey {
	key := make([]byte, hostKeySize)
	_, _ = rand.Read(key) // never fails
	return HostKey{ID: id, Key: mdm.NewSecret(base64.StdEncoding.EncodeToString(key))}
}

const (
	hostKeySize = 32
	sealVersion = 1
	saltSize    = 32
	opSeal      = "seal"
	maxSealed   = 256 << 20
)

// Keyring is a Sealer with keys of the host. It seals with the first key and
// opens with any of them, so that keys can be replaced: add a new key in
// front, seal every value anew ([Registry.Reseal]), then drop the old key.
// Nothing of it can be printed.
//
// A sealed value is: version (1 byte, 1), length of the key id (1 byte), key
// id, salt (32 bytes), ciphertext with its tag. The key of each value is
// derived from the host's key with HKDF-SHA-256 and the salt, and encrypts
// with AES-256-GCM; everything before the ciphertext and the Binding are
// authenticated too.
type Keyring struct {
	keys []HostKey
}

// NewKeyring makes a Keyring that seals with current and opens with the older
// keys too. The keys are read when they are needed.
func NewKeyring(current HostKey, older ...HostKey) (*Keyring, error) {
	k := &Keyring{keys: append([]HostKey{current}, older...)}
	seen := map[string]bool{}
	for i, key := range k.keys {
		switch {
		case key.ID == "" || len(key.ID) > 64 || strings.ContainsFunc(key.ID, strangeInID):
			return nil, invalidKeyring(fmt.Sprintf("the id of key %d must be 1 to 64 letters, digits and -_.", i))
		case seen[key.ID]:
			return nil, invalidKeyring(fmt.Sprintf("key %d has the id of another; give every new key an id of its own", i))
		case key.Key.IsZero():
			return nil, invalidKeyring(fmt.Sprintf("key %d is not set", i))
		}
		seen[key.ID] = true
	}
	return k, nil
}

func invalidKeyring(detail string) error {
	return &mdm.Error{Op: opSeal, Origin: mdm.Origin{Kind: Kind}, Kind: mdm.ErrInvalid, Detail: detail}
}

func strangeInID(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.", r)
}

// Seal encrypts a value with the current key.
func (k *Keyring) Seal(ctx context.Context, plain []byte, b Binding) ([]byte, error) {
	key := k.keys[0]
	head := append([]byte{sealVersion, byte(len(key.ID))}, key.ID...)
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	head = append(head, salt...)
	aead, err := key.cipher(ctx, salt)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize()) // the key is used once
	return aead.Seal(head, nonce, plain, append(head[:len(head):len(head)], b.bytes()...)), nil
}

// Open decrypts a value with the key that its id names.
func (k *Keyring) Open(ctx context.Context, sealed []byte, b Binding) ([]byte, error) {
	id, head, err := splitSealed(sealed)
	if err != nil {
		return nil, err
	}
	for _, key := range k.keys {
		if key.ID != id {
			continue
		}
		aead, err := key.cipher(ctx, head[len(head)-saltSize:])
		if err != nil {
			return nil, err
		}
		plain, err := aead.Open(nil, make([]byte, aead.NonceSize()), sealed[len(head):], append(head[:len(head):len(head)], b.bytes()...))
		if err != nil {
			return nil, fail(opSeal, ErrSealBroken, "")
		}
		return plain, nil
	}
	return nil, fail(opSeal, ErrSealKey, "")
}

// Current reports whether a value was sealed with the current key.
func (k *Keyring) Current(sealed []byte) bool {
	id, err := SealedWith(sealed)
	return err == nil && id == k.keys[0].ID
}

// SealedWith returns the id of the key that a value was sealed with, without
// opening it. The id is not yet known to be genuine.
func SealedWith(sealed []byte) (string, error) {
	id, _, err := splitSealed(sealed)
	return id, err
}

// splitSealed parts what stands before the ciphertext.
func splitSealed(sealed []byte) (id string, head []byte, err error) {
	if len(sealed) < 2 || len(sealed) > maxSealed {
		return "", nil, fail(opSeal, ErrSealBroken, "")
	}
	if sealed[0] != sealVersion {
		if sealed[0] == 0 {
			return "", nil, fail(opSeal, ErrSealBroken, "")
		}
		return "", nil, fail(opSeal, ErrNewerVersion, "")
	}
	length := 2 + int(sealed[1]) + saltSize
	if len(sealed) < length {
		return "", nil, fail(opSeal, ErrSealBroken, "")
	}
	return string(sealed[2 : 2+int(sealed[1])]), sealed[:length], nil
}

// cipher derives the key of one value.
func (h HostKey) cipher(ctx context.Context, salt []byte) (cipher.AEAD, error) {
	text, err := h.Key.Reveal(ctx)
	if err != nil {
		return nil, err
	}
	key, err := decodeHostKey(text)
	if err != nil {
		return nil, err
	}
	derived, err := hkdf.Key(sha256.New, key, salt, "mdmlink seal 1", hostKeySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func decodeHostKey(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString} {
		if key, err := decode(text); err == nil && len(key) == hostKeySize {
			return key, nil
		}
	}
	return nil, &mdm.Error{Op: opSeal, Origin: mdm.Origin{Kind: Kind}, Kind: mdm.ErrInvalid,
		Detail: "a host key must be 32 random bytes as base64 or hexadecimal digits"}
}
