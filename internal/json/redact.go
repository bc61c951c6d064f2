package json

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// secretNames are parts of the names of members that must never be kept,
// whatever the system: what unlocks a device or passes its locks by.
var secretNames = []string{"unlocktoken", "bootstraptoken", "bypasscode", "escrowkey", "recoverykey", "recoverylockpassword",
	"password", "secret", "accesstoken", "pushmagic", "pushtoken", "devicetoken"}

// Redact returns a copy of a JSON value without the members that hold unlock
// tokens, bypass codes, keys and passwords, at any depth. What is not JSON
// gives nil.
func Redact(value []byte) []byte {
	dec := jsontext.NewDecoder(bytes.NewReader(value), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var out bytes.Buffer
	enc := jsontext.NewEncoder(&out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		secret, err := copyToken(enc, dec)
		if err != nil {
			return nil
		}
		if secret {
			if err := dec.SkipValue(); err != nil {
				return nil
			}
		}
		if dec.StackDepth() == 0 {
			return bytes.TrimSpace(out.Bytes())
		}
	}
}

// copyToken copies one token, unless it is the name of a secret member.
func copyToken(enc *jsontext.Encoder, dec *jsontext.Decoder) (secret bool, err error) {
	kind, length := dec.StackIndex(dec.StackDepth())
	token, err := dec.ReadToken()
	if err != nil {
		return false, err
	}
	isName := kind == '{' && length%2 == 0 && token.Kind() == '"'
	if isName && isSecret(token.String()) {
		return true, nil
	}
	return false, enc.WriteToken(token)
}

// isSecret reports whether a member's value must not be kept. Facts about a
// passcode, such as that one is set, are not secret; the code is.
func isSecret(name string) bool {
	name = strings.ToLower(strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		return r
	}, name))
	if name == "passcode" || name == "pin" || name == "unlockpin" || name == "lockpin" {
		return true
	}
	for _, part := range secretNames {
		if strings.Contains(name, part) && !strings.HasPrefix(name, "has") && !strings.HasPrefix(name, "is") {
			return true
		}
	}
	return false
}
