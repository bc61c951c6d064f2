package adetest

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// Cipher is how the content of a token file is encrypted.
type Cipher uint8

// The ciphers. Only the first was seen in a token of the last years.
const (
	AES128CBC Cipher = iota
	AES256CBC
	TripleDES // of old tokens
	AES192CBC // never seen; clients may refuse it
	AES128GCM // never seen; clients may refuse it
)

// Transport is how the key of the content is encrypted.
type Transport uint8

// The ways to encrypt the key. Only the first was seen in a token.
const (
	PKCS1v15 Transport = iota
	OAEPSHA1
	OAEPSHA256
)

// File chooses the form of a token file. The zero File is what the portal
// gives.
type File struct {
	Cipher    Cipher
	Transport Transport
	CRLF      bool // the lines end with CR LF; else with LF
	XPKCS7    bool // the media type is application/x-pkcs7-mime
	DER       bool // definite lengths; else BER of indefinite length
	Segment   int  // bytes of ciphertext in an OCTET STRING; 0 = all in one
	EmptyTail bool // one more OCTET STRING follows that is empty
	Bare      bool // the message as bytes, without mail headers and base64
}

// Upload gives the entry the certificate that its token files are made for, in
// PEM or DER, as the portal takes it. It must have an RSA key.
func (e *Entry) Upload(file []byte) error {
	der := file
	if block, _ := pem.Decode(file); block != nil {
		if block.Type != "CERTIFICATE" {
			return fmt.Errorf("adetest: a file of %s is no certificate", strings.ToLower(block.Type))
		}
		der = block.Bytes
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return fmt.Errorf("adetest: the file is no certificate: %w", err)
	}
	if _, ok := cert.PublicKey.(*rsa.PublicKey); !ok {
		return errors.New("adetest: the certificate has no RSA key")
	}
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.cert = cert
	return nil
}

// Download makes a new token, which ends the one before, and gives it as the
// file that the portal would, with its name. It fails as long as no
// certificate was uploaded.
func (e *Entry) Download(form File) (name string, file []byte, err error) {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	if e.cert == nil {
		return "", nil, errors.New("adetest: no certificate was uploaded")
	}
	g := e.issue(e.f.Now())
	file, err = Seal(e.cert, g.Message(), form)
	name = strings.ReplaceAll(e.name, " ", "_") + "_Token_" + g.issued.Format("2006-01-02T15-04-05Z") + "_smime.p7m"
	return name, file, err
}

// Seal encrypts a text for the holder of a certificate. The text is usually a
// Token.Message; another makes a file that opens and holds no token.
func Seal(cert *x509.Certificate, text []byte, form File) ([]byte, error) {
	message, err := envelope(cert, text, form)
	if err != nil {
		return nil, fmt.Errorf("adetest: %w", err)
	}
	if form.Bare {
		return message, nil
	}
	kind := "application/pkcs7-mime"
	if form.XPKCS7 {
		kind = "application/x-pkcs7-mime"
	}
	var b bytes.Buffer
	b.WriteString("Content-Type: " + kind + "; name=\"smime.p7m\"; smime-type=enveloped-data\n" +
		"Content-Transfer-Encoding: base64\n" +
		"Content-Disposition: attachment; filename=\"smime.p7m\"\n" +
		"Content-Description: S/MIME Encrypted Message\n\n")
	for text := base64.StdEncoding.EncodeToString(message); text != ""; {
		n := min(76, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	if form.CRLF {
		return bytes.ReplaceAll(b.Bytes(), []byte("\n"), []byte("\r\n")), nil
	}
	return b.Bytes(), nil
}
