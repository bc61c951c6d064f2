package ade

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// FileKind is the kind of a file that an administrator may take for a server
// token. The zero FileKind is unknown.
type FileKind uint8

const (
	FileUnknown      FileKind = iota
	FileToken                 // encrypted server token, *_smime.p7m
	FileContentToken          // content token for Apps and Books, *.vpptoken
	FileAPIKey                // private key of the organisation API
	FilePrivateKey            // other private key
	FileCertificate           // certificate, such as that for push messages
	FileRequest               // certificate signing request
	FilePublicKey             // public key
	FileWebPage               // HTML, such as a login page
	FilePKCS12                // certificate and key in one, *.p12 or *.pfx
	FileSigned                // signed message or other PKCS #7 file that is not encrypted for one recipient
	FileOpened                // server token that was decrypted already
	FileEmpty                 // nothing
)

var fileKinds = [...]struct {
	code string
	text mdm.Text
}{
	FileUnknown:      {"", mdm.Text{EN: "a file of an unknown kind", DE: "eine Datei unbekannter Art"}},
	FileToken:        {"token", mdm.Text{EN: "a server token", DE: "ein Server-Token"}},
	FileContentToken: {"content_token", mdm.Text{EN: "a content token for Apps and Books (.vpptoken)", DE: "ein Inhaltstoken für Apps und Bücher (.vpptoken)"}},
	FileAPIKey:       {"api_key", mdm.Text{EN: "a private key of the organisation API", DE: "ein privater Schlüssel der Organisations-API"}},
	FilePrivateKey:   {"private_key", mdm.Text{EN: "a private key", DE: "ein privater Schlüssel"}},
	FileCertificate:  {"certificate", mdm.Text{EN: "a certificate, such as one for push messages or the one that was uploaded for the token", DE: "ein Zertifikat, etwa das für Push-Nachrichten oder das für das Token hochgeladene"}},
	FileRequest:      {"request", mdm.Text{EN: "a certificate signing request", DE: "eine Zertifikatsanforderung"}},
	FilePublicKey:    {"public_key", mdm.Text{EN: "a public key", DE: "ein öffentlicher Schlüssel"}},
	FileWebPage:      {"web_page", mdm.Text{EN: "a web page, such as a login page", DE: "eine Webseite, etwa eine Anmeldeseite"}},
	FilePKCS12:       {"pkcs12", mdm.Text{EN: "a PKCS #12 file with certificate and key", DE: "eine PKCS-#12-Datei mit Zertifikat und Schlüssel"}},
	FileSigned:       {"signed", mdm.Text{EN: "a PKCS #7 file that is not encrypted for a certificate", DE: "eine PKCS-#7-Datei, die nicht für ein Zertifikat verschlüsselt ist"}},
	FileOpened:       {"opened", mdm.Text{EN: "a server token that was decrypted already", DE: "ein bereits entschlüsseltes Server-Token"}},
	FileEmpty:        {"empty", mdm.Text{EN: "an empty file", DE: "eine leere Datei"}},
}

// String returns a stable code such as "content_token", or "" for unknown.
func (k FileKind) String() string {
	if int(k) >= len(fileKinds) {
		return ""
	}
	return fileKinds[k].code
}

// MarshalText returns what String does.
func (k FileKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Text names the kind for a person, as part of a sentence.
func (k FileKind) Text() mdm.Text {
	if int(k) >= len(fileKinds) {
		k = FileUnknown
	}
	return fileKinds[k].text
}

// DetectFile says by its content what a file is. It never fails: what is not
// recognised is FileUnknown. A damaged token file is recognised as long as its
// beginning is whole.
//
// Source: reference/apple.md 0
func DetectFile(file []byte) FileKind {
	if len(file) > maxFile {
		file = file[:maxFile]
	}
	text := bytes.TrimSpace(trimBOM(file))
	switch {
	case len(text) == 0:
		return FileEmpty
	case text[0] == sequence:
		return detectDER(trimBOM(file))
	case bytes.HasPrefix(text, []byte("-----BEGIN ")):
		return detectPEM(text)
	case text[0] == '<':
		return detectMarkup(text)
	case text[0] == '{':
		return detectJSON(text)
	}
	headers, body := splitHeaders(text)
	if headers != "" {
		return detectMIME(headers, body)
	}
	if der, err := decodeBase64(body); err == nil && len(der) > 0 {
		switch der[0] {
		case sequence:
			return detectDER(der)
		case '{':
			return detectJSON(der)
		}
	}
	if bytes.HasPrefix(text, []byte("MIA")) || bytes.HasPrefix(text, []byte("MII")) {
		return FileToken // cut off in the middle
	}
	return detectPEM(text)
}

func detectMarkup(text []byte) FileKind {
	head := strings.ToLower(string(text[:min(len(text), 1024)]))
	if strings.Contains(head, "<html") || strings.Contains(head, "<!doctype html") || strings.Contains(head, "<head") || strings.Contains(head, "<body") {
		return FileWebPage
	}
	return FileUnknown
}

func detectJSON(text []byte) FileKind {
	var members struct {
		ConsumerKey json.Text `json:"consumer_key"`
		ExpDate     json.Text `json:"expDate"`
		Token       json.Text `json:"token"`
	}
	switch err := json.Unmarshal(text, &members); {
	case err != nil:
		return FileUnknown
	case members.ConsumerKey.Present:
		return FileOpened
	case members.ExpDate.Present && members.Token.Present:
		return FileContentToken
	}
	return FileUnknown
}

// detectPEM goes by the first block that is not a mere ornament.
func detectPEM(text []byte) FileKind {
	if bytes.Contains(text, []byte(beginMessage)) {
		return FileOpened
	}
	for range maxBlocks {
		block, rest := pem.Decode(text)
		if block == nil {
			return FileUnknown
		}
		if kind := detectBlock(block); kind != FileUnknown {
			return kind
		}
		text = rest
	}
	return FileUnknown
}

func detectBlock(block *pem.Block) FileKind {
	switch label := block.Type; {
	case strings.HasSuffix(label, "PRIVATE KEY"):
		if label == "EC PRIVATE KEY" || isEC(block.Bytes) {
			return FileAPIKey
		}
		return FilePrivateKey
	case label == "CERTIFICATE" || label == "TRUSTED CERTIFICATE" || label == "X509 CERTIFICATE":
		return FileCertificate
	case strings.HasSuffix(label, "CERTIFICATE REQUEST"):
		return FileRequest
	case strings.HasSuffix(label, "PUBLIC KEY"):
		return FilePublicKey
	case label == "PKCS7" || label == "CMS":
		return detectDER(block.Bytes)
	}
	return FileUnknown
}

func detectMIME(headers string, body []byte) FileKind {
	lower := strings.ToLower(headers)
	switch {
	case strings.Contains(lower, "pkcs7-mime") && strings.Contains(lower, "signed-data"), strings.Contains(lower, "multipart/signed"):
		return FileSigned
	case strings.Contains(lower, "pkcs7-mime"):
		if der, err := decodeBase64(body); err == nil && len(der) > 0 && detectDER(der) != FileUnknown {
			return detectDER(der)
		}
		return FileToken
	case bytes.Contains(body, []byte(beginMessage)):
		return FileOpened
	}
	return FileUnknown
}

// decodeBase64 decodes strictly, whatever white space there is.
func decodeBase64(text []byte) ([]byte, error) {
	packed := bytes.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == ' ' || r == '\t' {
			return -1
		}
		return r
	}, text)
	return base64.StdEncoding.Strict().AppendDecode(nil, packed)
}
