package ident

import "strings"

// profile is what one pass over the bytes of a value tells.
type profile struct {
	words    int  // letters and digits
	letters  bool // there is a letter
	repeated bool // all letters and digits are the same
	binary   bool // nothing but 0 and 1
	run      bool // nothing but digits, each one more or one less than the one before
}

func profileOf(s string) profile {
	p := profile{repeated: true, binary: true}
	var first, last byte
	up, down := true, true
	for i := range len(s) {
		b := s[i]
		if b != '0' && b != '1' {
			p.binary = false
		}
		if !isDigit(b) {
			up, down = false, false
		}
		if !isWord(b) {
			continue
		}
		p.letters = p.letters || !isDigit(b)
		if p.words == 0 {
			first = b
		} else {
			p.repeated = p.repeated && b == first
			up, down = up && follows(last, b), down && follows(b, last)
		}
		last = b
		p.words++
	}
	p.run = p.words > 1 && (up || down)
	p.binary = p.binary && p.words > 0
	return p
}

// follows reports whether digit b comes after digit a; 0 comes after 9.
func follows(a, b byte) bool { return b == a+1 || a == '9' && b == '0' }

func isHex(s string) bool {
	for i := range len(s) {
		if unhex(s[i]) > 15 {
			return false
		}
	}
	return s != ""
}

func isDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// hasShape compares text with a shape in which 9 is any digit, x any
// hexadecimal digit and all else stands for itself.
func hasShape(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		switch shape[i] {
		case '9':
			if !isDigit(s[i]) {
				return false
			}
		case 'x':
			if unhex(s[i]) > 15 {
				return false
			}
		default:
			if s[i] != shape[i] {
				return false
			}
		}
	}
	return true
}

func isVersion(s string) bool { return hasShape(s, "9.9") || hasShape(s, "9.9.9") }

// isScientific recognises what a spreadsheet makes of a long number, with a
// point or a comma, with or without a plus.
func isScientific(s string) bool {
	mantissa, exponent, ok := strings.Cut(s, "E")
	if !ok {
		mantissa, exponent, ok = strings.Cut(s, "e")
	}
	whole, fraction, broken := strings.Cut(strings.Replace(mantissa, ",", ".", 1), ".")
	exponent = strings.TrimPrefix(exponent, "+")
	return ok && len(whole) == 1 && isDigits(whole) &&
		(!broken || isDigits(fraction)) && len(exponent) <= 2 && isDigits(exponent)
}

// systemWords finds the texts of firmware nobody filled in: the word SYSTEM
// before another one, or SERIAL NUMBER.
func systemWords(text string) bool {
	return hasWords(text, "SYSTEM ", false) || hasWords(text, "SERIAL NUMBER", true)
}

func hasWords(text, words string, closed bool) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], words)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(words)
		if (start == 0 || !isWord(text[start-1])) && (!closed || end == len(text) || !isWord(text[end])) {
			return true
		}
		from = start + 1
	}
}

// productTail is the number of letters and digits from which the text behind
// DIP- must be more than the order code of a camera system.
const productTail = 12

func isProductCode(text string) bool {
	tail, ok := strings.CutPrefix(text, "DIP-")
	return ok && wordLen(tail) < productTail
}

// virtualShape recognises the serials of Hyper-V guests, and of macOS guests
// on ESXi: VM and ten base64 characters, whose small letters or signs only the
// raw value shows.
func virtualShape(text, raw string) bool {
	switch len(text) {
	case len("9999-9999-9999-9999-9999-9999-99"):
		return hasShape(text, "9999-9999-9999-9999-9999-9999-99")
	case len("VM") + 10:
		return strings.HasPrefix(text, "VM") && isBase64(text[2:]) && mixedCase(raw)
	}
	return false
}

func isBase64(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isDigit(c) && !isUpper(c) && !isLower(c) && c != '+' && c != '/' {
			return false
		}
	}
	return true
}

// mixedCase reports whether a text has capital and small letters, or one of
// the signs of base64.
func mixedCase(s string) bool {
	var upper, lower bool
	for i := range len(s) {
		switch c := s[i]; {
		case c == '+', c == '/':
			return true
		case isUpper(c):
			upper = true
		case isLower(c):
			lower = true
		}
	}
	return upper && lower
}

// appleShape recognises the serials of Apple: 8 to 14 letters and digits, the
// older ones of 12 without O and I.
func appleShape(text string) bool {
	if len(text) < 8 || len(text) > 14 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if !isDigit(c) && !isUpper(c) || len(text) == 12 && (c == 'O' || c == 'I') {
			return false
		}
	}
	return true
}
