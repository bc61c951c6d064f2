package ident

import "strings"

// imeiKeyLen is the number of digits that identify a phone: the type
// allocation code of eight and the serial of six.
const imeiKeyLen = 14

// IMEI reads the identity of mobile equipment: 15 digits, 14 without the check
// digit, or 16 with a software version (IMEISV). Spaces, dashes, slashes and
// dots are dropped, and so is a software version behind a slash. Text is the
// digits, Key the first 14. A value that is Strong has a valid check digit.
//
// A number that a spreadsheet rounded, such as 3.52E+14, is Junk: its digits
// are lost. A MEID in the field of an IMEI is read as one, and the Kind says
// so.
func (r *Rules) IMEI(raw string, h Hints) ID {
	id := begin(KindIMEI, raw, upperCase)
	if id.Quality != Strong {
		return id
	}
	if isScientific(id.Text) {
		id.mark(Junk, ReasonScientific)
		return id
	}
	digits := imeiDigits(id.Text)
	if len(digits) < 14 || len(digits) > 16 || !isDigits(digits) {
		if isMEID(digits) {
			return r.MEID(raw)
		}
		return r.misshapen(id)
	}
	id.Text, id.Key = digits, digits[:imeiKeyLen]
	id.judgeIMEI(&h)
	return r.settle(id, id.Text)
}

// imeiDigits drops separators, and the software version behind 15 digits.
func imeiDigits(text string) string {
	digits := without(without(text, ' ', '-'), '.', ' ')
	if head, version, ok := cutLast(digits, '/'); ok && len(version) == 2 && isDigits(version) {
		if head = without(head, '/', ' '); len(head) == 15 {
			return head
		}
	}
	return without(digits, '/', ' ')
}

func cutLast(s string, separator byte) (head, tail string, ok bool) {
	i := strings.LastIndexByte(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// imeiValue is the key of a value in a list.
func imeiValue(value string) string {
	text, _ := clean(value, upperCase)
	if digits := imeiDigits(text); len(digits) >= imeiKeyLen && len(digits) <= 16 && isDigits(digits) {
		return digits[:imeiKeyLen]
	}
	return ""
}

func (id *ID) judgeIMEI(h *Hints) {
	switch p := profileOf(id.Key); {
	case p.repeated:
		id.mark(Junk, ReasonRepeated)
	case p.run:
		id.mark(Junk, ReasonSequence)
	case strings.HasPrefix(id.Key, "00000000"):
		id.mark(Junk, ReasonZeroTAC)
	}
	if sameText(id.Text, h.Serial) {
		id.mark(Junk, ReasonEqualsSerial)
	}
	switch len(id.Text) {
	case imeiKeyLen:
		id.mark(Weak, ReasonNoCheckDigit|ReasonAmbiguous)
	case imeiKeyLen + 2:
		id.mark(Weak, ReasonIMEISV)
	default:
		id.judgeCheckDigit(checkDigit(id.Key, 10), id.Text[imeiKeyLen])
	}
}

// judgeCheckDigit compares the check digit; networks send 0 in its place.
func (id *ID) judgeCheckDigit(want, got byte) {
	switch got {
	case want:
	case '0':
		id.mark(Weak, ReasonNoCheckDigit)
	default:
		id.mark(Weak, ReasonBadCheckDigit)
	}
}

// checkDigit computes the digit that follows: every second digit is doubled
// and the digits of all results are added, in the base of the number.
func checkDigit(digits string, base int) byte {
	sum := 0
	for i := range len(digits) {
		d := int(unhex(digits[i]))
		if (len(digits)-i)%2 == 1 {
			d *= 2
			d = d/base + d%base
		}
		sum += d
	}
	return "0123456789ABCDEF"[(base-sum%base)%base]
}

// MEID reads the identity of mobile equipment in its hexadecimal form of 14
// digits, which begins with a letter, with or without a check digit, or in the
// decimal form of 18 digits. Text and Key are the 14 digits in upper case.
// Fourteen decimal digits may be an IMEI without its check digit: they are
// Weak.
func (r *Rules) MEID(raw string) ID {
	id := begin(KindMEID, raw, upperCase)
	if id.Quality != Strong {
		return id
	}
	if isScientific(id.Text) {
		id.mark(Junk, ReasonScientific)
		return id
	}
	digits := without(without(id.Text, ' ', '-'), '.', '/')
	switch {
	case len(digits) == 18 && isDigits(digits):
		digits = meidFromDecimal(digits)
	case len(digits) == 15 && isHex(digits):
		id.judgeCheckDigit(checkDigit(digits[:14], 16), digits[14])
		digits = digits[:14]
	}
	if len(digits) != 14 || !isHex(digits) {
		return r.misshapen(id)
	}
	id.Text, id.Key = digits, digits
	switch p := profileOf(digits); {
	case p.repeated:
		id.mark(Junk, ReasonRepeated)
	case p.run:
		id.mark(Junk, ReasonSequence)
	case !p.letters:
		id.mark(Weak, ReasonAmbiguous)
	case !isMEID(digits):
		id.mark(Weak, ReasonShape)
	}
	return r.settle(id, id.Text)
}

func isMEID(digits string) bool {
	return (len(digits) == 14 || len(digits) == 15) && isHex(digits) && digits[0] >= 'A'
}

// meidFromDecimal turns ten and eight decimal digits into eight and six
// hexadecimal ones; "" if they do not fit.
func meidFromDecimal(s string) string {
	var head, tail uint64
	for i := range 10 {
		head = head*10 + uint64(s[i]-'0')
	}
	for i := 10; i < 18; i++ {
		tail = tail*10 + uint64(s[i]-'0')
	}
	if head>>32 != 0 || tail>>24 != 0 {
		return ""
	}
	var buf [14]byte
	for i, n := 13, head<<24|tail; i >= 0; i, n = i-1, n>>4 {
		buf[i] = "0123456789ABCDEF"[n&15]
	}
	return string(buf[:])
}
