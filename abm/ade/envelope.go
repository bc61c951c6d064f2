package ade

import (
	"bytes"
	"strings"
)

// Limits on foreign files. A token file has about 1.5 KiB, a key file less
// than 7 KiB even at 8192 bits.
const (
	maxFile   = 64 << 10
	maxBlocks = 16 // PEM blocks in one file
)

const opTokenFile = "token file"

// unwrapFile takes the MIME headers and the base64 off a token file.
//
// Source: reference/apple.md 1.3, 1.5
func unwrapFile(file []byte) ([]byte, error) {
	if len(file) > maxFile {
		return nil, fail(opTokenFile, ErrTooLarge, "")
	}
	switch kind := DetectFile(file); kind {
	case FileToken:
	default:
		return nil, fail(opTokenFile, ErrNotToken, "it is "+kind.Text().EN)
	}
	whole := trimBOM(file)
	text := bytes.TrimSpace(whole)
	if text[0] == sequence {
		return whole, nil
	}
	if block := pemBlock(text); block != nil {
		return block, nil
	}
	_, body := splitHeaders(text)
	ber, err := decodeBase64(body)
	if err != nil {
		return nil, fail(opTokenFile, ErrDamaged, "its base64 is not whole")
	}
	return ber, nil
}

func trimBOM(file []byte) []byte { return bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")) }

// splitHeaders parts MIME headers from the body at the first empty line. A
// text whose first line is no header is all body.
func splitHeaders(text []byte) (headers string, body []byte) {
	unix := bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	first, _, _ := bytes.Cut(unix, []byte("\n"))
	if !isHeader(string(first)) {
		return "", unix
	}
	for rest := unix; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		if len(bytes.TrimSpace(line)) == 0 {
			return string(unix[:len(unix)-len(rest)]), rest
		}
	}
	return string(unix), nil
}

// isHeader reports whether a line is "Name: value".
func isHeader(line string) bool {
	name, _, ok := strings.Cut(line, ":")
	return ok && name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r > '~'
	})
}
