package ade

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // the hash that OAEP has where nothing else is said
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
)

var (
	oidPKCS7     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7}
	oidData      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEnveloped = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 3}

	oidRSA  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidOAEP = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 7}
	oidMGF1 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}

	// oidAuthEnveloped is an envelope with AES-GCM: a token in a form that is
	// not supported.
	oidAuthEnveloped = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 23}
)

// contentCipher is a cipher of the content, with the sizes of its block and
// its key in bytes.
type contentCipher struct {
	name       string
	block, key int
}

// contentCiphers are those that are supported.
//
// Source: reference/apple.md 1.3
var contentCiphers = map[string]contentCipher{
	"2.16.840.1.101.3.4.1.2":  {"AES-128-CBC", 16, 16},
	"2.16.840.1.101.3.4.1.42": {"AES-256-CBC", 16, 32},
	"1.2.840.113549.3.7":      {"3DES-CBC", 8, 24},
}

var oaepHashes = map[string]crypto.Hash{
	"1.3.14.3.2.26":          crypto.SHA1,
	"2.16.840.1.101.3.4.2.4": crypto.SHA224,
	"2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue
}

type envelopedData struct {
	Version    int
	Recipients asn1.RawValue
	Content    encryptedContent
}

type encryptedContent struct {
	Type      asn1.ObjectIdentifier
	Algorithm pkix.AlgorithmIdentifier
	Data      asn1.RawValue `asn1:"tag:0,optional"`
}

type recipientInfo struct {
	Version   int
	Name      recipientName
	Algorithm pkix.AlgorithmIdentifier
	Key       []byte
}

type recipientName struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type oaepParameters struct {
	Hash  pkix.AlgorithmIdentifier `asn1:"optional,explicit,tag:0"`
	MGF   pkix.AlgorithmIdentifier `asn1:"optional,explicit,tag:1"`
	Label pkix.AlgorithmIdentifier `asn1:"optional,explicit,tag:2"`
}

// envelope is a token file, understood but not opened.
type envelope struct {
	recipients []recipient
	algorithm  pkix.AlgorithmIdentifier
	cipher     contentCipher
	data       []byte
}

// recipient is one that the envelope was made for.
type recipient struct {
	info recipientInfo
	mgf  crypto.Hash // of OAEP; 0 = PKCS #1 v1.5
}

func (r recipient) names(cert *x509.Certificate) bool {
	return cert.SerialNumber != nil && r.info.Name.Serial.Cmp(cert.SerialNumber) == 0 && bytes.Equal(r.info.Name.Issuer.FullBytes, cert.RawIssuer)
}

var errShape = errors.New("ade: not the shape of an envelope")

// parseEnvelope reads a token file without its MIME headers and base64.
func parseEnvelope(ber []byte) (*envelope, error) {
	if contentType(ber).Equal(oidAuthEnveloped) {
		return nil, fail(opTokenFile, ErrCipher, "it is an envelope with AES-GCM")
	}
	der, err := toDER(ber)
	if err != nil {
		return nil, fail(opTokenFile, ErrDamaged, "its structure is not whole")
	}
	var info contentInfo
	var enveloped envelopedData
	if unmarshal(der, &info) != nil || !info.Type.Equal(oidEnveloped) || !isConstructed(info.Content, 0) || unmarshal(info.Content.Bytes, &enveloped) != nil {
		return nil, fail(opTokenFile, ErrDamaged, "its structure makes no sense")
	}
	return enveloped.read()
}

func (d envelopedData) read() (*envelope, error) {
	cipher, known := contentCiphers[d.Content.Algorithm.Algorithm.String()]
	e := &envelope{algorithm: d.Content.Algorithm, cipher: cipher}
	if !known {
		return nil, fail(opTokenFile, ErrCipher, "the cipher of its content is "+d.Content.Algorithm.Algorithm.String())
	}
	var err error
	if e.data, err = joinSegments(d.Content.Data); err != nil || len(e.data) == 0 || len(e.data)%cipher.block != 0 {
		return nil, fail(opTokenFile, ErrDamaged, "its content is not whole")
	}
	if iv := e.algorithm.Parameters; iv.Tag != asn1.TagOctetString || len(iv.Bytes) != cipher.block {
		return nil, fail(opTokenFile, ErrDamaged, "its cipher has no initial vector")
	}
	if d.Recipients.Tag != asn1.TagSet || !d.Recipients.IsCompound {
		return nil, fail(opTokenFile, ErrDamaged, "it names no recipients")
	}
	return e, e.readRecipients(d.Recipients.Bytes)
}

// readRecipients keeps those recipients that are understood. A file with none
// of them is refused.
func (e *envelope) readRecipients(set []byte) error {
	refusal := fail(opTokenFile, ErrDamaged, "it names no recipients")
	for len(set) > 0 {
		var raw asn1.RawValue
		var err error
		if set, err = asn1.Unmarshal(set, &raw); err != nil {
			return fail(opTokenFile, ErrDamaged, "its recipients make no sense")
		}
		r, err := readRecipient(raw)
		if err != nil {
			refusal = err
			continue
		}
		e.recipients = append(e.recipients, r)
	}
	if len(e.recipients) == 0 {
		return refusal
	}
	return nil
}

func readRecipient(raw asn1.RawValue) (recipient, error) {
	var r recipient
	if raw.Class != asn1.ClassUniversal || unmarshal(raw.FullBytes, &r.info) != nil || r.info.Name.Serial == nil {
		return r, fail(opTokenFile, ErrCipher, "its recipient is not named by issuer and serial number")
	}
	switch algorithm := r.info.Algorithm; {
	case algorithm.Algorithm.Equal(oidRSA):
		return r, nil
	case algorithm.Algorithm.Equal(oidOAEP):
		mgf, err := maskHash(algorithm.Parameters.FullBytes)
		if err != nil {
			return r, fail(opTokenFile, ErrCipher, "the parameters of RSA-OAEP are not known")
		}
		r.mgf = mgf
		return r, nil
	}
	return r, fail(opTokenFile, ErrCipher, "the cipher of its key is "+r.info.Algorithm.Algorithm.String())
}

// maskHash returns the hash of OAEP's mask, which need not be that of its
// label. It is SHA-1 where nothing is said.
func maskHash(parameters []byte) (crypto.Hash, error) {
	var p oaepParameters
	if unmarshal(parameters, &p) != nil {
		return 0, errShape
	}
	if p.MGF.Algorithm == nil {
		return crypto.SHA1, nil
	}
	var hash pkix.AlgorithmIdentifier
	if !p.MGF.Algorithm.Equal(oidMGF1) || unmarshal(p.MGF.Parameters.FullBytes, &hash) != nil {
		return 0, errShape
	}
	if h, ok := oaepHashes[hash.Algorithm.String()]; ok {
		return h, nil
	}
	return 0, errShape
}

// joinSegments returns the content, which may be one OCTET STRING or several.
func joinSegments(data asn1.RawValue) ([]byte, error) {
	if !data.IsCompound {
		return data.Bytes, nil
	}
	var joined []byte
	for rest := data.Bytes; len(rest) > 0; {
		var segment asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &segment); err != nil || segment.Class != asn1.ClassUniversal || segment.Tag != asn1.TagOctetString {
			return nil, errShape
		}
		part, err := joinSegments(segment)
		if err != nil {
			return nil, err
		}
		joined = append(joined, part...)
	}
	return joined, nil
}

func isConstructed(v asn1.RawValue, tag int) bool {
	return v.Class == asn1.ClassContextSpecific && v.Tag == tag && v.IsCompound
}

// unmarshal reads one DER value, which must be all there is.
func unmarshal(der []byte, v any) error {
	rest, err := asn1.Unmarshal(der, v)
	if err == nil && len(rest) > 0 {
		err = errShape
	}
	return err
}
