package ade

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/youmark/pkcs8"
)

// KeyPair is a private RSA key and, where there is one, the certificate that
// was or will be uploaded in the portal. It prints as its fingerprint; the key
// appears nowhere. It is immutable and safe for concurrent use.
type KeyPair struct {
	key         func() *rsa.PrivateKey // a function, so that reflection finds no key
	certificate *x509.Certificate      // nil = not known
}

// KeyPairOptions say what a new pair is like. The zero value suits everybody.
type KeyPairOptions struct {
	Name     string        // common name of the certificate; "" = "mdmlink"
	Bits     int           // of the key, 2048 to 8192; 0 = 2048
	Validity time.Duration // of the certificate; 0 = 10 years. Only its public key is used, so its end stops nothing
}

const (
	leastBits = 2048
	mostBits  = 8192
)

// NewKeyPair makes a pair for a server entry: an RSA key and a self-signed
// certificate with a serial number of its own, by which a token says for which
// pair it was made. opts may be nil.
//
// Source: reference/apple.md 1.2
func NewKeyPair(opts *KeyPairOptions) (*KeyPair, error) {
	o := KeyPairOptions{}
	if opts != nil {
		o = *opts
	}
	if o.Bits == 0 {
		o.Bits = leastBits
	}
	if o.Bits < leastBits || o.Bits > mostBits || o.Validity < 0 || len(o.Name) > 64 {
		return nil, &mdm.Error{Op: "key pair", Origin: mdm.Origin{Kind: Kind}, Kind: mdm.ErrInvalid,
			Detail: "Bits must be 2048 to 8192, Validity not negative, Name at most 64 bytes"}
	}
	key, err := rsa.GenerateKey(rand.Reader, o.Bits)
	if err != nil {
		return nil, err
	}
	certificate, err := o.certify(key, time.Now())
	if err != nil {
		return nil, err
	}
	return newKeyPair(key, certificate), nil
}

func (o KeyPairOptions) certify(key *rsa.PrivateKey, now time.Time) (*x509.Certificate, error) {
	const day = 24 * time.Hour
	if o.Name == "" {
		o.Name = "mdmlink"
	}
	if o.Validity == 0 {
		o.Validity = 3650 * day
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	serial.Add(serial, big.NewInt(1)) // zero is not allowed
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: o.Name}, SignatureAlgorithm: x509.SHA256WithRSA,
		NotBefore: now.Add(-10 * time.Minute), NotAfter: now.Add(o.Validity),
		KeyUsage: x509.KeyUsageKeyEncipherment | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func newKeyPair(key *rsa.PrivateKey, certificate *x509.Certificate) *KeyPair {
	return &KeyPair{key: func() *rsa.PrivateKey { return key }, certificate: certificate}
}

// CertificateDER returns the certificate to upload, for a file ending in
// ".der"; nil if the pair came without one.
func (p *KeyPair) CertificateDER() []byte {
	if p.certificate == nil {
		return nil
	}
	return append([]byte(nil), p.certificate.Raw...)
}

// CertificatePEM returns the certificate to upload, for a file ending in
// ".pem"; nil if the pair came without one.
func (p *KeyPair) CertificatePEM() []byte {
	if p.certificate == nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw})
}

// PrivateKeyPEM returns the key as PKCS #8 in PEM, for a host that keeps keys
// itself. [Registry] seals it.
func (p *KeyPair) PrivateKeyPEM() mdm.Secret {
	der, err := x509.MarshalPKCS8PrivateKey(p.key())
	if err != nil {
		return mdm.SecretFunc(func(context.Context) (string, error) { return "", err })
	}
	return mdm.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

// EncryptedKeyPEM returns the key as PKCS #8 in PEM, encrypted with a
// password: AES-256-CBC, and PBKDF2 with HMAC-SHA-256.
func (p *KeyPair) EncryptedKeyPEM(ctx context.Context, password mdm.Secret) ([]byte, error) {
	text, err := password.Reveal(ctx)
	if err != nil {
		return nil, err
	}
	der, err := pkcs8.MarshalPrivateKey(p.key(), []byte(text), &pkcs8.Opts{Cipher: pkcs8.AES256CBC,
		KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 16, IterationCount: 600_000, HMACHash: crypto.SHA256}})
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: der}), nil
}

// Fingerprint returns 16 hexadecimal digits of the SHA-256 of the public key.
// It tells pairs apart and may be shown.
func (p *KeyPair) Fingerprint() string {
	spki, err := x509.MarshalPKIXPublicKey(p.key().Public())
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(spki)
	return hex.EncodeToString(sum[:8])
}

// Serial returns the serial number of the certificate in hexadecimal, by which
// a token names its pair; "" without a certificate.
func (p *KeyPair) Serial() string {
	if p.certificate == nil {
		return ""
	}
	return p.certificate.SerialNumber.Text(16)
}

// String returns "key pair" and the fingerprint.
func (p *KeyPair) String() string {
	if p == nil {
		return "no key pair"
	}
	return "key pair " + p.Fingerprint()
}

// Format writes what String returns, whatever the verb.
func (p *KeyPair) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// GoString returns what String does.
func (p *KeyPair) GoString() string { return p.String() }

// LogValue returns what String does.
func (p *KeyPair) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText returns what String does: a key never leaves through an encoder.
func (p *KeyPair) MarshalText() ([]byte, error) { return []byte(p.String()), nil }
