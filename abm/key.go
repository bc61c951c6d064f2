package abm

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

const maxKeyFile = 64 << 10 // bytes; a private key has a few hundred

// CheckKey says whether the content of a file is the private key of an API
// account: nil, or an error that Is mdm.ErrInvalid and says what the file is
// instead. It does not say whether the key is the one of the account.
func CheckKey(file string) error {
	_, err := parseKey(file)
	return err
}

// parseKey reads a private key file. Apple writes PKCS #8 under the label EC
// PRIVATE KEY; SEC 1 under that label and PKCS #8 under its own come from
// conversions, and a bare base64 text from environment variables. Labels are
// therefore not believed.
//
// Source: reference/apple.md 6.2
func parseKey(file string) (*ecdsa.PrivateKey, error) {
	if len(file) > maxKeyFile {
		return nil, badKey("the file is too large for a private key")
	}
	blocks, err := keyBlocks(file)
	if err != nil {
		return nil, err
	}
	err = badKey("it holds no private key")
	for _, b := range blocks {
		var key *ecdsa.PrivateKey
		if key, err = b.parse(); err == nil {
			return key, nil
		}
	}
	return nil, err
}

// keyBlock is one block of a PEM file.
type keyBlock struct{ label, body string }

// keyBlocks splits a file. It is more patient than encoding/pem: line breaks
// may be lost, or written as \n.
func keyBlocks(file string) ([]keyBlock, error) {
	text := strings.TrimSpace(strings.TrimPrefix(file, "\ufeff"))
	text = strings.NewReplacer(`\r`, "\n", `\n`, "\n").Replace(text)
	const begin, dashes = "-----BEGIN ", "-----"
	switch {
	case text == "":
		return nil, badKey("it is empty")
	case strings.Contains(text, "smime-type") || strings.Contains(text, "application/pkcs7-mime"):
		return nil, badKey("it is a server token (.p7m), which is for automated device enrolment")
	case strings.HasPrefix(text, "<"):
		return nil, badKey("it is a web page")
	case !strings.Contains(text, begin):
		return []keyBlock{{"", text}}, nil
	}
	var all []keyBlock
	for len(all) < 16 {
		_, rest, found := strings.Cut(text, begin)
		if !found {
			break
		}
		label, rest, _ := strings.Cut(rest, dashes)
		body, rest, whole := strings.Cut(rest, dashes+"END ")
		if !whole {
			return nil, badKey("it is not whole: the last line is missing")
		}
		text = rest
		if label = strings.TrimSpace(label); label != "EC PARAMETERS" {
			all = append(all, keyBlock{label, body})
		}
	}
	return all, nil
}

func (b keyBlock) parse() (*ecdsa.PrivateKey, error) {
	switch {
	case b.label == "CERTIFICATE":
		return nil, badKey("it is a certificate")
	case strings.HasSuffix(b.label, "PUBLIC KEY"):
		return nil, badKey("it is a public key")
	case b.label == "ENCRYPTED PRIVATE KEY" || strings.Contains(b.body, "ENCRYPTED"):
		return nil, badKey("it is protected with a password; remove that with: openssl pkcs8 -topk8 -nocrypt")
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(b.body), ""))
	if err != nil {
		return nil, badKey("it is damaged or of another kind")
	}
	return parseDER(der)
}

func parseDER(der []byte) (*ecdsa.PrivateKey, error) {
	if parsed, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		if key, ok := parsed.(*ecdsa.PrivateKey); ok {
			return onP256(key)
		}
		return nil, badKey("it is not a key of an elliptic curve")
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return onP256(key)
	}
	switch _, err := x509.ParsePKCS1PrivateKey(der); {
	case err == nil:
		return nil, badKey("it is an RSA key")
	case bytes.Contains(der, primeField):
		return nil, badKey("it describes its curve by parameters instead of by name; convert it with: openssl ec -param_enc named_curve")
	case bytes.Contains(der, []byte(`"token"`)):
		return nil, badKey("it is a content token (.vpptoken), which is for apps and books")
	}
	return nil, badKey("it is damaged or of another kind")
}

// primeField is the object identifier that a key with explicit parameters
// holds.
var primeField = []byte{0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x01}

func onP256(key *ecdsa.PrivateKey) (*ecdsa.PrivateKey, error) {
	if key.Curve != elliptic.P256() {
		return nil, badKey("it is on another curve than P-256")
	}
	return key, nil
}

func badKey(detail string) error {
	return &mdm.Error{Op: "private key", Origin: mdm.Origin{Kind: Kind}, Kind: mdm.ErrInvalid, Detail: detail,
		Advice: "Give the content of the .pem file that the portal offered once when the private key of the API account was made. If it is lost, revoke the key there and make another one."}
}
