package intune

import (
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
)

// withoutPrefix drops the 32 digits that Android Enterprise puts before a
// login.
func withoutPrefix(login string) string {
	const digits = 32
	if len(login) <= digits || strings.IndexByte(login, '@') <= digits {
		return login
	}
	for i := range digits {
		if !isHex(login[i]) {
			return login
		}
	}
	return login[digits:]
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// lower is strings.ToLower, and returns what is lower case already as it is.
func lower(text string) string { return strings.ToLower(text) }

// moment reads a time. The service's words for none are the years 1 and 9999.
func moment(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() <= 1 || t.Year() >= 9999 {
		return time.Time{}
	}
	return t.UTC()
}

// splitVersion parts version and build, as in "15.3.1 (24D70)", or on Windows
// "10.0.22631.4037".
func splitVersion(text, system string) (version, build string) {
	if before, rest, ok := strings.Cut(text, "("); ok {
		build, _, _ = strings.Cut(rest, ")")
		return strings.TrimSpace(before), strings.TrimSpace(build)
	}
	if strings.EqualFold(system, "windows") && strings.HasPrefix(text, "10.0.") {
		return text, text[len("10.0."):]
	}
	return text, ""
}

// colons writes twelve digits with colons. What is none of a device's own
// addresses gives "".
func colons(text string) string {
	const digits = 12
	var b [digits + 5]byte
	n, zero := 0, true
	for i := range len(text) {
		c := text[i]
		switch {
		case c == ':' || c == '-' || c == '.':
			continue
		case !isHex(c) || n == digits:
			return ""
		case c >= 'A' && c <= 'F':
			c += 'a' - 'A'
		}
		zero = zero && c == '0'
		at := n + n/2
		b[at] = c
		if n%2 == 1 && n < digits-1 {
			b[at+1] = ':'
		}
		n++
	}
	if n != digits || zero {
		return ""
	}
	return string(b[:])
}

func clean(t json.Text) string { return strings.TrimSpace(t.Text) }
