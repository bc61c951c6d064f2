package ade

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
)

var (
	oidEC     = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidScrypt = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
	oidPKCS5  = oidPBES2[:len(oidPBES2)-1]
	oidPKCS12 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1}
)

// The work that a key file may ask for before its password is known to be
// right. A file that asks for more would keep the machine busy.
const (
	mostIterations = 5_000_000 // of PBKDF2; common tools write up to 600 000
	mostMemory     = 64 << 20  // bytes of scrypt
	mostParallel   = 16
)

type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

type pbes2 struct {
	Derivation pkix.AlgorithmIdentifier
	Scheme     pkix.AlgorithmIdentifier
}

type pbkdf2Parameters struct {
	Salt       []byte
	Iterations int
	Rest       asn1.RawValue `asn1:"optional"`
	More       asn1.RawValue `asn1:"optional"`
}

type scryptParameters struct {
	Salt                  []byte
	Cost, Block, Parallel int
	Length                int `asn1:"optional"`
}

// checkEncryption reports whether a key is an encrypted PKCS #8 key, and
// refuses one in a form that is not supported or that asks for too much work.
func checkEncryption(der []byte) (encrypted bool, err error) {
	var key encryptedKey
	if unmarshal(der, &key) != nil {
		return false, nil
	}
	algorithm := key.Algorithm.Algorithm
	switch {
	case algorithm.Equal(oidPBES2):
	case hasPrefix(algorithm, oidPKCS5), hasPrefix(algorithm, oidPKCS12):
		return false, fail(opKeyFile, ErrKeyCipher, "")
	default:
		return false, nil
	}
	var scheme pbes2
	if unmarshal(key.Algorithm.Parameters.FullBytes, &scheme) != nil {
		return false, fail(opKeyFile, ErrKeyDamaged, "")
	}
	if size, ok := keyCiphers[scheme.Scheme.Algorithm.String()]; !ok {
		return false, fail(opKeyFile, ErrKeyCipher, "")
	} else if len(scheme.Scheme.Parameters.Bytes) != size || len(key.Data)%size != 0 || len(key.Data) == 0 {
		return false, fail(opKeyFile, ErrKeyDamaged, "")
	}
	return true, checkDerivation(scheme.Derivation)
}

// keyCiphers are the ciphers of an encrypted PKCS #8 key, with their block
// sizes: 3DES, AES-128, AES-192 and AES-256, all in CBC.
var keyCiphers = map[string]int{
	"1.2.840.113549.3.7": 8, "2.16.840.1.101.3.4.1.2": 16, "2.16.840.1.101.3.4.1.22": 16, "2.16.840.1.101.3.4.1.42": 16,
}

// pseudoRandom are the functions of PBKDF2 that are supported: HMAC with
// SHA-1 and with SHA-256.
var pseudoRandom = map[string]bool{"1.2.840.113549.2.7": true, "1.2.840.113549.2.9": true}

func checkDerivation(algorithm pkix.AlgorithmIdentifier) error {
	parameters := algorithm.Parameters.FullBytes
	switch {
	case algorithm.Algorithm.Equal(oidPBKDF2):
		var p pbkdf2Parameters
		if unmarshal(parameters, &p) != nil {
			return fail(opKeyFile, ErrKeyDamaged, "")
		}
		if p.Iterations < 1 || p.Iterations > mostIterations || !p.supported() {
			return fail(opKeyFile, ErrKeyCipher, "")
		}
	case algorithm.Algorithm.Equal(oidScrypt):
		var p scryptParameters
		if unmarshal(parameters, &p) != nil {
			return fail(opKeyFile, ErrKeyDamaged, "")
		}
		if p.Cost < 2 || p.Block < 1 || p.Parallel < 1 || p.Parallel > mostParallel || p.Cost > mostMemory/128/p.Block || p.Length != 0 {
			return fail(opKeyFile, ErrKeyCipher, "")
		}
	default:
		return fail(opKeyFile, ErrKeyCipher, "")
	}
	return nil
}

// supported reports whether the function of PBKDF2 is known, and that the
// length of the key, which the library takes no notice of, is not given.
func (p pbkdf2Parameters) supported() bool {
	if p.Rest.FullBytes == nil {
		return true
	}
	var function pkix.AlgorithmIdentifier
	return p.More.FullBytes == nil && unmarshal(p.Rest.FullBytes, &function) == nil && pseudoRandom[function.Algorithm.String()]
}

func hasPrefix(oid, prefix asn1.ObjectIdentifier) bool {
	return len(oid) > len(prefix) && oid[:len(prefix)].Equal(prefix)
}

// isEC reports whether a DER key is one of elliptic curves, whatever its form.
func isEC(der []byte) bool {
	var sec1 struct {
		Version int
		Key     []byte
		Curve   asn1.RawValue `asn1:"optional,explicit,tag:0"`
		Public  asn1.RawValue `asn1:"optional,explicit,tag:1"`
	}
	if unmarshal(der, &sec1) == nil && sec1.Version == 1 {
		return true
	}
	algorithm, ok := pkcs8Algorithm(der)
	return ok && algorithm.Equal(oidEC)
}

func pkcs8Algorithm(der []byte) (asn1.ObjectIdentifier, bool) {
	var key struct {
		Version    int
		Algorithm  pkix.AlgorithmIdentifier
		Key        []byte
		Attributes asn1.RawValue `asn1:"optional,tag:0"`
	}
	err := unmarshal(der, &key)
	return key.Algorithm.Algorithm, err == nil
}

// isKey reports whether a DER file has the shape of a private key, encrypted
// or not.
func isKey(der []byte) bool {
	if _, ok := pkcs8Algorithm(der); ok {
		return true
	}
	var encrypted encryptedKey
	if unmarshal(der, &encrypted) == nil && (hasPrefix(encrypted.Algorithm.Algorithm, oidPKCS5) || hasPrefix(encrypted.Algorithm.Algorithm, oidPKCS12)) {
		return true
	}
	var pkcs1 struct {
		Version                  int
		N, E, D, P, Q, DP, DQ, I *big.Int
	}
	return unmarshal(der, &pkcs1) == nil
}

// findCertificate returns the certificate of a key: that of its own file, or
// the one beside the key; nil if there is none.
func (f KeyFiles) findCertificate(key *rsa.PrivateKey) (*x509.Certificate, error) {
	if f.Certificate == nil {
		for _, c := range certificates(f.Key) {
			if key.PublicKey.Equal(c.PublicKey) {
				return c, nil
			}
		}
		return nil, nil
	}
	all := certificates(f.Certificate)
	if len(all) == 0 {
		return nil, fail("certificate file", ErrNotCertificate, "it is "+DetectFile(f.Certificate).Text().EN)
	}
	for _, c := range all {
		if key.PublicKey.Equal(c.PublicKey) {
			return c, nil
		}
	}
	return nil, fail("certificate file", ErrKeyMismatch, "")
}

// certificates returns those of a file that can be read.
func certificates(file []byte) []*x509.Certificate {
	text := bytes.TrimSpace(trimBOM(file))
	if len(text) > 0 && text[0] == sequence {
		if c, err := x509.ParseCertificate(trimBOM(file)); err == nil {
			return []*x509.Certificate{c}
		}
		return nil
	}
	var all []*x509.Certificate
	for range maxBlocks {
		block, rest := pem.Decode(text)
		if block == nil {
			break
		}
		if c, err := x509.ParseCertificate(block.Bytes); err == nil && block.Type == "CERTIFICATE" {
			all = append(all, c)
		}
		text = rest
	}
	return all
}
