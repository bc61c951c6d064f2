package mdm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Redacted is the text that stands wherever a Secret is printed, logged or
// marshalled.
const Redacted = "[redacted]"

// Secret is a password, key or token. Its value cannot be printed, logged or
// marshalled by accident: the Secret holds a function and not the text, so
// that even reflection over an unexported field finds nothing. The zero
// Secret is not set.
type Secret struct {
	reveal func(context.Context) (string, error)
}

// NewSecret returns a Secret with a fixed value. An empty value gives the
// zero Secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{reveal: func(context.Context) (string, error) { return value, nil }}
}

// SecretFunc returns a Secret whose value is asked for each time it is
// needed, so that a host can rotate it while a client lives. The function
// must be safe for concurrent use. Its error text reaches callers and must
// not hold the secret. A nil function gives the zero Secret.
func SecretFunc(reveal func(context.Context) (string, error)) Secret {
	return Secret{reveal: reveal}
}

// IsZero reports whether the Secret is not set.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Reveal returns the value. It is an error to reveal a Secret that is not
// set, and a SecretFunc that yields an empty value is treated the same.
func (s Secret) Reveal(ctx context.Context) (string, error) {
	if s.reveal == nil {
		return "", errors.New("mdm: secret is not set")
	}
	value, err := s.reveal(ctx)
	if err != nil {
		return "", err
	}
	if value == "" {
		return "", errors.New("mdm: secret is empty")
	}
	return value, nil
}

// String returns [Redacted], or nothing for a Secret that is not set.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return Redacted
}

// GoString returns what String does.
func (s Secret) GoString() string { return s.String() }

// Format writes what String returns, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue returns what String does.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns what String does: a Secret never leaves through an
// encoder. A host that stores secrets reveals and seals them itself.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText sets a fixed value. The text [Redacted] is an error, so that
// a marshalled configuration cannot be read back with its secrets lost.
func (s *Secret) UnmarshalText(text []byte) error {
	if string(text) == Redacted {
		return errors.New("mdm: a redacted secret cannot be read back; supply the real one")
	}
	*s = NewSecret(string(text))
	return nil
}
