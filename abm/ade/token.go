package ade

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Token holds the OAuth 1.0a credentials of a server token. None of them can
// be printed or marshalled. The zero Token is none.
type Token struct {
	ConsumerKey    mdm.Secret // names the server entry as the account that downloaded the token sees it
	ConsumerSecret mdm.Secret
	AccessToken    mdm.Secret
	AccessSecret   mdm.Secret
	Expiry         time.Time // when it ends, one year after its issue
	Issued         time.Time // when it was issued, read from the access token; zero = not known
}

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.AccessToken.IsZero() }

// reveal returns the credentials in the order of the fields.
func (t Token) reveal(ctx context.Context) (tokenJSON, error) {
	var j tokenJSON
	var failed []error
	for _, f := range []struct {
		to   *string
		from mdm.Secret
	}{{&j.ConsumerKey, t.ConsumerKey}, {&j.ConsumerSecret, t.ConsumerSecret}, {&j.AccessToken, t.AccessToken}, {&j.AccessSecret, t.AccessSecret}} {
		value, err := f.from.Reveal(ctx)
		*f.to = value
		failed = append(failed, err)
	}
	j.Expiry = t.Expiry.UTC().Format(time.RFC3339Nano)
	return j, errors.Join(failed...)
}

// Fingerprint returns 16 hexadecimal digits that tell tokens apart and may be
// shown: two files with the same credentials have the same. It says nothing of
// the credentials.
func (t Token) Fingerprint(ctx context.Context) (string, error) {
	if t.IsZero() {
		return "", nil
	}
	j, err := t.reveal(ctx)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte("ade token\x00" + j.ConsumerKey + "\x00" + j.ConsumerSecret + "\x00" + j.AccessToken + "\x00" + j.AccessSecret))
	return hex.EncodeToString(sum[:8]), nil
}

// oddities lists what is unusual about the credentials and does not speak
// against them.
func (j tokenJSON) oddities() []Warning {
	for _, f := range j.fields() {
		if len(f.value) < len(f.prefix) || f.value[:len(f.prefix)] != f.prefix {
			return []Warning{WarnPrefix}
		}
	}
	return nil
}
