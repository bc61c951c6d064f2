package intune

import (
	"bytes"
	"errors"
)

// A list of devices is most of what this client reads, so it is read in one
// pass over its bytes: what is not wanted is skipped without a look at it.
// The functions of this file find where values end. They take the bytes at
// hand and return errMore if the value goes on behind them.

var (
	errMore   = errors.New("intune: the value goes on")
	errSyntax = errors.New("intune: not JSON")
)

// skipSpace returns the place of the first byte from i on that is no white
// space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// scanString returns the place behind the string that begins at i. Most
// strings are short, so the first bytes are looked at one by one.
func scanString(b []byte, i int) (int, error) {
	i++
	const short = 16
	for end := min(i+short, len(b)); i < end; i++ {
		switch b[i] {
		case '"':
			return i + 1, nil
		case '\\':
			return scanEscaped(b, i)
		}
	}
	return scanEscaped(b, i)
}

// scanEscaped returns the place behind the string whose rest begins at i,
// where no escape begins before.
func scanEscaped(b []byte, i int) (int, error) {
	from := i
	for ; ; i++ {
		n := bytes.IndexByte(b[min(i, len(b)):], '"')
		if n < 0 {
			return 0, errMore
		}
		i += n
		escapes := 0
		for i-1-escapes >= from && b[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1, nil
		}
	}
}

// scanValue returns the place behind the value that begins at i. Of objects
// and arrays it looks at brackets and strings only.
func scanValue(b []byte, i int) (int, error) {
	if i >= len(b) {
		return 0, errMore
	}
	switch c := b[i]; {
	case c == '"':
		return scanString(b, i)
	case c == '{' || c == '[':
		return scanNested(b, i)
	case c == '-' || c >= '0' && c <= '9' || c == 't' || c == 'f' || c == 'n':
		for i++; i < len(b); i++ {
			if c := b[i]; c == ',' || c == '}' || c == ']' || c <= ' ' {
				return i, nil
			}
		}
		return 0, errMore
	}
	return 0, errSyntax
}

// scanNested returns the place behind the object or array that begins at i.
func scanNested(b []byte, i int) (int, error) {
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			end, err := scanString(b, i)
			if err != nil {
				return 0, err
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		}
	}
	return 0, errMore
}

// scanObject calls member for each member of the object that begins at i, and
// returns the place behind it. A name comes as it was written, without quotes.
func scanObject(b []byte, i int, member func(name, value []byte)) (int, error) {
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1, nil
	}
	for i < len(b) {
		if b[i] != '"' {
			return 0, errSyntax
		}
		end, err := scanString(b, i)
		if err != nil {
			return 0, err
		}
		name := b[i+1 : end-1]
		if i = skipSpace(b, end); i < len(b) && b[i] != ':' {
			return 0, errSyntax
		}
		start := skipSpace(b, i+1)
		if end, err = scanValue(b, start); err != nil {
			return 0, err
		}
		member(name, b[start:end])
		if i = skipSpace(b, end); i == len(b) {
			break
		}
		switch b[i] {
		case '}':
			return i + 1, nil
		case ',':
			i = skipSpace(b, i+1)
		default:
			return 0, errSyntax
		}
	}
	return 0, errMore
}
