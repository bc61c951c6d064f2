package ade

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"slices"
)

// Opened is a token file that was opened.
type Opened struct {
	Token    Token
	Key      *KeyPair  // the one of the pairs that opened it
	Warnings []Warning // what is unusual about it; nil = nothing
}

// Open opens a token file as the portal gives it, with the pair that it was
// made for; the order of the pairs does not matter. It takes S/MIME as Apple
// writes it, with either kind of line ends, and the bare base64, PEM or DER of
// it. The error Is ErrTooLarge, ErrNotToken, ErrDamaged, ErrCipher, ErrNoKey,
// ErrOtherCertificate, ErrWrongKey or ErrContent. Apple signs nothing in the
// file: a changed byte that leaves readable text is noticed only by the server
// that refuses the token.
//
// Whether the token has expired, and whose it is, is for [CheckRenewal] to
// say.
//
// Source: reference/apple.md 1.5
func Open(file []byte, pairs ...*KeyPair) (*Opened, error) {
	ber, err := unwrapFile(file)
	if err != nil {
		return nil, err
	}
	e, err := parseEnvelope(ber)
	if err != nil {
		return nil, err
	}
	pairs = slices.DeleteFunc(slices.Clone(pairs), func(p *KeyPair) bool { return p == nil })
	if len(pairs) == 0 {
		return nil, fail(opTokenFile, ErrNoKey, "")
	}
	text, key, err := e.open(pairs)
	if err != nil {
		return nil, err
	}
	token, err := readTokenText(text)
	if err != nil {
		return nil, err
	}
	j, err := token.reveal(context.Background())
	if err != nil {
		return nil, err
	}
	return &Opened{Token: token, Key: key, Warnings: j.oddities()}, nil
}

// open tries those pairs that a recipient names, then those whose certificate
// is not known.
func (e *envelope) open(pairs []*KeyPair) (text []byte, key *KeyPair, err error) {
	refusal := fail(opTokenFile, ErrOtherCertificate, "")
	for _, certified := range []bool{true, false} {
		for _, p := range pairs {
			for _, r := range e.recipients {
				if certified != (p.certificate != nil) || certified && !r.names(p.certificate) {
					continue
				}
				text, err := e.decrypt(r, p.key())
				switch {
				case errors.Is(err, errUnwrap):
					refusal = fail(opTokenFile, ErrWrongKey, "")
				case err != nil:
					return nil, nil, fail(opTokenFile, ErrDamaged, "its content does not decrypt")
				default:
					return text, p, nil
				}
			}
		}
	}
	return nil, nil, refusal
}

// Inspection is what a token file says without being opened.
type Inspection struct {
	Kind       FileKind
	Cipher     string   // of the content, such as "AES-128-CBC"
	Recipients []string // serial numbers of the certificates that it was made for, in hexadecimal; compare KeyPair.Serial
}

// Inspect says what a file is, and of a token file for which certificates it
// was made. The error is one of those of [Open]; Kind is set even then.
func Inspect(file []byte) (Inspection, error) {
	i := Inspection{Kind: DetectFile(file)}
	ber, err := unwrapFile(file)
	if err != nil {
		return i, err
	}
	e, err := parseEnvelope(ber)
	if err != nil {
		return i, err
	}
	i.Cipher = e.cipher.name
	for _, r := range e.recipients {
		i.Recipients = append(i.Recipients, r.info.Name.Serial.Text(16))
	}
	return i, nil
}

// pemBlock returns the bytes of the first PEM block; nil if there is none.
func pemBlock(text []byte) []byte {
	if !bytes.HasPrefix(text, []byte("-----BEGIN ")) {
		return nil
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil
	}
	return block.Bytes
}
