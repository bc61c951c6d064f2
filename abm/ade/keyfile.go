package ade

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/youmark/pkcs8"
)

// KeyFiles are the files of a pair that was made elsewhere.
type KeyFiles struct {
	Key         []byte     // PEM or DER, PKCS #1 or PKCS #8, encrypted or not; may hold the certificate too
	Password    mdm.Secret // of the key; zero = it has none. Not used for a key that is not encrypted
	Certificate []byte     // PEM or DER; nil = that in Key, if there is one
}

const (
	opKeyFile  = "key file"
	maxKey     = 8 << 10 // of one key in DER
	labelPKCS8 = "ENCRYPTED PRIVATE KEY"
)

// ReadKeyPair reads a pair that was made elsewhere. The certificate is not
// needed to open a token, but with it a token for another one is told from a
// wrong key. Errors: ErrNotKey, ErrKeyDamaged, ErrKeyKind, ErrKeyCipher,
// ErrPasswordMissing, ErrWrongPassword, ErrNotCertificate, ErrKeyMismatch,
// ErrTooLarge.
func ReadKeyPair(ctx context.Context, files KeyFiles) (*KeyPair, error) {
	if len(files.Key) > maxFile || len(files.Certificate) > maxFile {
		return nil, fail(opKeyFile, ErrTooLarge, "")
	}
	key, err := readKey(ctx, files)
	if err != nil {
		return nil, err
	}
	if bits := key.N.BitLen(); bits < leastBits || bits > mostBits {
		return nil, fail(opKeyFile, ErrKeyKind, "it is too short or too long")
	}
	certificate, err := files.findCertificate(key)
	if err != nil {
		return nil, err
	}
	return newKeyPair(key, certificate), nil
}

func readKey(ctx context.Context, files KeyFiles) (*rsa.PrivateKey, error) {
	text := bytes.TrimSpace(trimBOM(files.Key))
	if len(text) == 0 {
		return nil, fail(opKeyFile, ErrNotKey, "it is empty")
	}
	if text[0] == sequence {
		return keyFromDER(ctx, trimBOM(files.Key), files.Password)
	}
	sawOther := false
	for range maxBlocks {
		block, rest := pem.Decode(text)
		if block == nil {
			break
		}
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return keyFromPEM(ctx, block, files.Password)
		}
		sawOther, text = true, rest
	}
	if !sawOther && bytes.Contains(text, []byte("PRIVATE KEY-----")) {
		return nil, fail(opKeyFile, ErrKeyDamaged, "its PEM is not whole")
	}
	if der, err := decodeBase64(text); err == nil && len(der) > 0 && der[0] == sequence {
		return keyFromDER(ctx, der, files.Password)
	}
	return nil, fail(opKeyFile, ErrNotKey, "it is "+DetectFile(files.Key).Text().EN)
}

func keyFromPEM(ctx context.Context, block *pem.Block, password mdm.Secret) (*rsa.PrivateKey, error) {
	if block.Type == "OPENSSH PRIVATE KEY" {
		return nil, fail(opKeyFile, ErrKeyKind, "it is a key of OpenSSH")
	}
	if strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") || block.Headers["DEK-Info"] != "" {
		der, err := decryptLegacy(ctx, block, password)
		if err != nil {
			return nil, err
		}
		key, err := plainKey(der)
		if errors.Is(err, ErrKeyDamaged) || errors.Is(err, ErrNotKey) {
			return nil, fail(opKeyFile, ErrWrongPassword, "") // the padding fits by chance, one time in 256
		}
		return key, err
	}
	return keyFromDER(ctx, block.Bytes, password)
}

func keyFromDER(ctx context.Context, der []byte, password mdm.Secret) (*rsa.PrivateKey, error) {
	if len(der) > maxKey {
		return nil, fail(opKeyFile, ErrTooLarge, "")
	}
	if encrypted, err := checkEncryption(der); err != nil || encrypted {
		if err != nil {
			return nil, err
		}
		return decryptKey(ctx, der, password)
	}
	return plainKey(der)
}

// plainKey reads a key that is not encrypted.
func plainKey(der []byte) (*rsa.PrivateKey, error) {
	if len(der) > maxKey {
		return nil, fail(opKeyFile, ErrTooLarge, "")
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if rsaKey, ok := key.(*rsa.PrivateKey); ok && err == nil {
		return rsaKey, nil
	}
	switch {
	case err == nil, isEC(der):
		return nil, fail(opKeyFile, ErrKeyKind, "")
	case isKey(der):
		return nil, fail(opKeyFile, ErrKeyDamaged, "")
	}
	kind := detectDER(der)
	if kind == FileUnknown {
		return nil, fail(opKeyFile, ErrKeyDamaged, "")
	}
	return nil, fail(opKeyFile, ErrNotKey, "it is "+kind.Text().EN)
}

// decryptKey opens an encrypted PKCS #8 key. Damage cannot be told from a
// wrong password: the cipher has no seal.
func decryptKey(ctx context.Context, der []byte, password mdm.Secret) (key *rsa.PrivateKey, err error) {
	text, err := revealPassword(ctx, password)
	if err != nil {
		return nil, err
	}
	defer func() { // the library decrypts without a look at the sizes
		if recover() != nil {
			key, err = nil, fail(opKeyFile, ErrKeyDamaged, "")
		}
	}()
	parsed, err := pkcs8.ParsePKCS8PrivateKey(der, []byte(text))
	if err != nil {
		return nil, fail(opKeyFile, ErrWrongPassword, "")
	}
	rsaKey, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fail(opKeyFile, ErrKeyKind, "")
	}
	return rsaKey, nil
}

// decryptLegacy opens a key that is encrypted by the headers of its PEM.
func decryptLegacy(ctx context.Context, block *pem.Block, password mdm.Secret) ([]byte, error) {
	text, err := revealPassword(ctx, password)
	if err != nil {
		return nil, err
	}
	//lint:ignore SA1019 the form is weak, and administrators have such keys
	der, err := x509.DecryptPEMBlock(block, []byte(text))
	switch {
	case errors.Is(err, x509.IncorrectPasswordError):
		return nil, fail(opKeyFile, ErrWrongPassword, "")
	case err != nil && strings.Contains(err.Error(), "unknown encryption mode"):
		return nil, fail(opKeyFile, ErrKeyCipher, "")
	case err != nil:
		return nil, fail(opKeyFile, ErrKeyDamaged, "")
	}
	return der, nil
}

func revealPassword(ctx context.Context, password mdm.Secret) (string, error) {
	if password.IsZero() {
		return "", fail(opKeyFile, ErrPasswordMissing, "")
	}
	return password.Reveal(ctx)
}
