package intune

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Certificate is a certificate of an app registration with its private key.
// Printing one shows neither.
type Certificate struct {
	leaf *x509.Certificate
	key  *rsa.PrivateKey
}

// ParseCertificate reads a certificate and its RSA key from PEM, in any order.
// The key is PKCS#1 or PKCS#8 and not encrypted. Of several certificates, the
// one that belongs to the key is taken.
func ParseCertificate(text []byte) (*Certificate, error) {
	var c Certificate
	var all []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "CERTIFICATE":
			leaf, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, errors.New("intune: a certificate in the PEM text is damaged")
			}
			all = append(all, leaf)
		case "RSA PRIVATE KEY", "PRIVATE KEY":
			key, err := parseKey(block.Bytes)
			if err != nil {
				return nil, err
			}
			c.key = key
		case "EC PRIVATE KEY":
			return nil, errEC
		case "ENCRYPTED PRIVATE KEY":
			return nil, errors.New("intune: the private key is encrypted; decrypt it first")
		}
	}
	if c.key == nil {
		return nil, errors.New("intune: the PEM text holds no private key")
	}
	for _, leaf := range all {
		if public, ok := leaf.PublicKey.(*rsa.PublicKey); ok && public.Equal(c.key.Public()) {
			c.leaf = leaf
			return &c, nil
		}
	}
	return nil, errors.New("intune: the PEM text holds no certificate that belongs to the private key")
}

var errEC = errors.New("intune: the private key is not RSA, which is what the service takes")

func parseKey(der []byte) (*rsa.PrivateKey, error) {
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return nil, errEC
	}
	if err == nil {
		return nil, errEC
	}
	return nil, errors.New("intune: the private key is damaged")
}

// Expires returns when the certificate ends.
func (c *Certificate) Expires() time.Time { return c.leaf.NotAfter }

// String returns "[redacted]".
func (c *Certificate) String() string { return "[redacted]" }

// GoString returns what String does.
func (c *Certificate) GoString() string { return c.String() }

// MarshalText returns what String does.
func (c *Certificate) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// assertionLife is how long an assertion is good for.
//
// Source: reference/intune.md 1.4
const assertionLife = 5 * time.Minute

// assertion signs a statement that the client is who it says, for one token
// address. Each is another one.
//
// Source: reference/intune.md 1.4
func (c *Certificate) assertion(clientID, audience string, now time.Time) (string, error) {
	id, err := newGUID()
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(c.leaf.Raw)
	token := jwt.NewWithClaims(jwt.SigningMethodPS256, jwt.MapClaims{
		"iss": clientID, "sub": clientID, "aud": audience, "jti": id,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	token.Header["x5t#S256"] = base64.RawURLEncoding.EncodeToString(digest[:])
	return token.SignedString(c.key)
}

// newGUID returns a random GUID.
func newGUID() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(rand.Reader, b[:]); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	text := hex.EncodeToString(b[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:], nil
}
