package ident

import "strings"

// EID reads the identifier of an embedded SIM, 32 digits. It may be that of a
// card that moves to another device, so it is an attribute: Weak at best and
// never an identity.
func (r *Rules) EID(raw string) ID {
	id, ok := r.number(KindEID, raw, 32, 32)
	if ok && modulo97(id.Text) != 1 {
		id.mark(Weak, ReasonBadCheckDigit)
	}
	return r.settle(id, id.Text)
}

// ICCID reads the identifier of a SIM, 18 to 22 digits that begin with 89; the
// letter F that fills the last byte of some is dropped. A SIM moves to another
// device, so it is an attribute: Weak at best and never an identity.
func (r *Rules) ICCID(raw string) ID {
	id, ok := r.number(KindICCID, raw, 18, 22)
	if ok && !strings.HasPrefix(id.Text, "89") {
		id.mark(Junk, ReasonShape)
	}
	return r.settle(id, id.Text)
}

// IMSI reads the identity of a subscriber, 14 or 15 digits. It belongs to a
// contract, so it is an attribute: Weak at best and never an identity.
func (r *Rules) IMSI(raw string) ID {
	id, _ := r.number(KindIMSI, raw, 14, 15)
	return r.settle(id, id.Text)
}

// Phone reads a phone number of 3 to 15 digits. Text and Key are the digits,
// with a plus before them if the number is international; 00 becomes a plus. A
// national number is not completed, since its country is not known. A number
// belongs to a contract, so it is an attribute: Weak at best and never an
// identity.
func (r *Rules) Phone(raw string) ID {
	id := begin(KindPhone, raw, asWritten)
	if id.Quality != Strong {
		return id
	}
	digits, plus := strings.CutPrefix(phoneDigits(id.Text), "+")
	if rest, ok := strings.CutPrefix(digits, "00"); ok && !plus {
		digits, plus = rest, true
	}
	if len(digits) < 3 || len(digits) > 15 || !isDigits(digits) {
		return r.misshapen(id)
	}
	id.judgeNumber(digits)
	if plus {
		digits = "+" + digits
	}
	id.Text, id.Key = digits, digits
	return r.settle(id, id.Text)
}

// phoneDigits drops separators and the (0) between country and area.
func phoneDigits(text string) string {
	if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "00") {
		text = strings.Replace(text, "(0)", "", 1)
	}
	return without(without(without(text, ' ', '-'), '(', ')'), '/', '.')
}

// number reads a value that is nothing but digits, least to most of them, with
// separators. It reports whether it could.
func (r *Rules) number(kind Kind, raw string, least, most int) (ID, bool) {
	id := begin(kind, raw, upperCase)
	if id.Quality != Strong {
		return id, false
	}
	if isScientific(id.Text) {
		id.mark(Junk, ReasonScientific)
		return id, false
	}
	digits := without(without(id.Text, ' ', '-'), '.', '/')
	if kind == KindICCID {
		digits = strings.TrimSuffix(digits, "F")
	}
	if len(digits) < least || len(digits) > most || !isDigits(digits) {
		return r.misshapen(id), false
	}
	id.Text, id.Key = digits, digits
	id.judgeNumber(digits)
	return id, true
}

func (id *ID) judgeNumber(digits string) {
	switch p := profileOf(digits); {
	case p.repeated:
		id.mark(Junk, ReasonRepeated)
	case p.run:
		id.mark(Junk, ReasonSequence)
	}
}

func modulo97(digits string) int {
	n := 0
	for i := range len(digits) {
		n = (n*10 + int(digits[i]-'0')) % 97
	}
	return n
}
