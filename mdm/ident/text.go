package ident

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

type letterCase bool

const (
	asWritten letterCase = false
	upperCase letterCase = true
)

// clean brings text into compatibility form, drops control and zero-width
// characters, trims, collapses white space and, if asked, makes it upper
// case. It reports false if the text is too long. Clean text is returned as
// it is, without allocation.
func clean(raw string, c letterCase) (string, bool) {
	if len(raw) > MaxLen {
		return "", false
	}
	tidy, ascii := inspect(raw, c)
	switch {
	case tidy:
		return raw, true
	case ascii:
		return cleanASCII(raw, c), true
	}
	s := cleanUnicode(raw, c)
	if len(s) > MaxLen {
		return "", false
	}
	return s, true
}

// inspect reports whether the text is clean ASCII, and whether it is ASCII.
func inspect(s string, c letterCase) (tidy, ascii bool) {
	tidy = true
	last := byte(' ')
	for i := range len(s) {
		b := s[i]
		switch {
		case b >= utf8.RuneSelf:
			return false, false
		case b < ' ', b == 0x7f, b == ' ' && last == ' ', bool(c) && isLower(b):
			tidy = false
		}
		last = b
	}
	return tidy && (last != ' ' || s == ""), true
}

func cleanASCII(s string, c letterCase) string {
	var buf [MaxLen]byte
	n, gap := 0, false
	for i := range len(s) {
		b := s[i]
		switch {
		case b == ' ', b >= '\t' && b <= '\r':
			gap = n > 0
			continue
		case b < ' ', b == 0x7f:
			continue
		}
		if gap {
			buf[n] = ' '
			n, gap = n+1, false
		}
		if c == upperCase {
			b = toUpper(b)
		}
		buf[n] = b
		n++
	}
	return string(buf[:n])
}

// cleanUnicode repeats its steps until nothing changes, since upper case may
// undo the compatibility form and that form may yield spaces.
func cleanUnicode(s string, c letterCase) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	for range 4 {
		next := norm.NFKC.String(strings.Map(visible, s))
		if c == upperCase {
			next = strings.ToUpper(next)
		}
		next = strings.Join(strings.Fields(next), " ")
		if next == s {
			break
		}
		s = next
	}
	return s
}

func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf):
		return -1
	}
	return r
}

// without drops two bytes from ASCII or other text; nothing to drop costs no
// allocation.
func without(s string, a, b byte) string {
	if strings.IndexByte(s, a) < 0 && strings.IndexByte(s, b) < 0 {
		return s
	}
	var buf [MaxLen]byte
	kept := buf[:0]
	for i := range len(s) {
		if s[i] != a && s[i] != b {
			kept = append(kept, s[i])
		}
	}
	return string(kept)
}

// sameText reports whether two texts have the same letters and digits in the
// same order, whatever the case of ASCII letters, spaces and punctuation. A
// text without letters and digits is the same as none.
func sameText(a, b string) bool {
	i, j := nextWordByte(a, 0), nextWordByte(b, 0)
	if i == len(a) || j == len(b) {
		return false
	}
	for i < len(a) && j < len(b) {
		if toUpper(a[i]) != toUpper(b[j]) {
			return false
		}
		i, j = nextWordByte(a, i+1), nextWordByte(b, j+1)
	}
	return i == len(a) && j == len(b)
}

// containsText reports whether the letters and digits of part occur in s, in
// the sense of sameText.
func containsText(s, part string) bool {
	for i := nextWordByte(s, 0); i < len(s); i = nextWordByte(s, i+1) {
		if hasTextPrefix(s[i:], part) {
			return true
		}
	}
	return false
}

func hasTextPrefix(s, part string) bool {
	i := nextWordByte(s, 0)
	for j := nextWordByte(part, 0); j < len(part); j = nextWordByte(part, j+1) {
		if i == len(s) || toUpper(s[i]) != toUpper(part[j]) {
			return false
		}
		i = nextWordByte(s, i+1)
	}
	return true
}

// wordLen counts the bytes of letters and digits.
func wordLen(s string) int {
	n := 0
	for i := nextWordByte(s, 0); i < len(s); i = nextWordByte(s, i+1) {
		n++
	}
	return n
}

func nextWordByte(s string, i int) int {
	for i < len(s) && !isWord(s[i]) {
		i++
	}
	return i
}

// isWord takes every byte of a longer character for a letter.
func isWord(b byte) bool { return isDigit(b) || isUpper(b) || isLower(b) || b >= utf8.RuneSelf }

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }
func isLower(b byte) bool { return b >= 'a' && b <= 'z' }

func toUpper(b byte) byte {
	if isLower(b) {
		return b - 'a' + 'A'
	}
	return b
}

// unhex returns the value of a hexadecimal digit, or 16 or more for any other
// byte.
func unhex(b byte) byte {
	switch {
	case isDigit(b):
		return b - '0'
	case b >= 'a' && b <= 'f':
		return b - 'a' + 10
	case b >= 'A' && b <= 'F':
		return b - 'A' + 10
	}
	return 0xff
}

const hexDigits = "0123456789abcdef"
