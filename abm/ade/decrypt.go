package ade

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"io"

	"github.com/smallstep/pkcs7"
)

// errUnwrap says that the key of the content does not come out.
var errUnwrap = errors.New("ade: the key of the content cannot be decrypted")

// decrypt opens the content for one recipient. errUnwrap means the wrong key;
// any other error a damaged file.
func (e *envelope) decrypt(r recipient, key *rsa.PrivateKey) (plain []byte, err error) {
	der, err := e.rewrite(r)
	if err != nil {
		return nil, err
	}
	defer func() { // the library slices by a padding that it did not check
		if recover() != nil {
			plain, err = nil, errShape
		}
	}()
	parsed, err := pkcs7.Parse(der)
	if err != nil {
		return nil, err
	}
	name := &x509.Certificate{SerialNumber: r.info.Name.Serial, RawIssuer: r.info.Name.Issuer.FullBytes}
	u := &unwrapper{key: key, mgf: r.mgf, size: e.cipher.key}
	plain, err = parsed.Decrypt(name, u)
	if u.failed {
		return nil, errUnwrap
	}
	return plain, err
}

// rewrite makes the plainest DER of what was understood: one recipient, one
// content, nothing else. No other byte of the file reaches the library.
func (e *envelope) rewrite(r recipient) ([]byte, error) {
	info, err := asn1.Marshal(r.info)
	if err != nil {
		return nil, err
	}
	enveloped, err := asn1.Marshal(envelopedData{
		Recipients: asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: info},
		Content: encryptedContent{Type: oidData, Algorithm: e.algorithm,
			Data: asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, Bytes: e.data}},
	})
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(contentInfo{Type: oidEnveloped,
		Content: asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: enveloped}})
}

// unwrapper is a private key that remembers whether it was the one, and that
// knows the hash of OAEP's mask.
type unwrapper struct {
	key    *rsa.PrivateKey
	mgf    crypto.Hash
	size   int // of the content's key, in bytes
	failed bool
}

func (u *unwrapper) Public() crypto.PublicKey { return u.key.Public() }

func (u *unwrapper) Decrypt(random io.Reader, wrapped []byte, opts crypto.DecrypterOpts) ([]byte, error) {
	if oaep, ok := opts.(*rsa.OAEPOptions); ok {
		opts = &rsa.OAEPOptions{Hash: oaep.Hash, MGFHash: u.mgf}
	}
	content, err := u.key.Decrypt(random, wrapped, opts)
	u.failed = err != nil || len(content) != u.size // padding of version 1.5 fits by chance, now and then
	return content, err
}
