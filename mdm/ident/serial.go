package ident

import (
	"strings"
	"unicode/utf8"
)

// Serial reads a serial number. Text is upper case with single spaces; Key
// lacks spaces and dashes. The serial that VMware or Parallels makes from the
// UUID of a virtual machine has the Key of that UUID instead. Folded takes O
// for 0, I for 1, drops leading zeros, and a leading S where 11 or 12
// characters remain, as printed barcodes have it.
func (r *Rules) Serial(raw string, h Hints) ID {
	id := begin(KindSerial, h.decode(raw), upperCase)
	id.Raw = raw
	if id.Quality != Strong {
		return id
	}
	if digits, ok := hypervisorSerial(id.Text); ok {
		return r.virtualSerial(id, digits)
	}
	id.Key = serialKey(id.Text)
	id.Folded = foldSerial(id.Key)
	id.judgeSerial()
	id.judgeSerialByHints(&h)
	if virtualShape(id.Text, id.Raw) {
		id.Traits |= TraitVirtual
	}
	if h.Apple && !appleShape(id.Text) {
		id.Traits |= TraitOddShape
	}
	return r.settle(id, id.Text)
}

func serialKey(text string) string { return without(text, ' ', '-') }

// serialValue is the key of a value in a list.
func serialValue(value string) string {
	text, _ := clean(value, upperCase)
	if digits, ok := hypervisorSerial(text); ok {
		if u, ok := parseUUID(digits); ok {
			return u.key()
		}
	}
	return serialKey(text)
}

func foldSerial(key string) string {
	s := key
	if n := len(s) - 1; n > 0 && s[0] == 'S' && (n == 11 || n == 12) {
		s = s[1:]
	}
	if strings.ContainsAny(s, "OI") {
		s = strings.Map(func(c rune) rune {
			switch c {
			case 'O':
				return '0'
			case 'I':
				return '1'
			}
			return c
		}, s)
	}
	if trimmed := strings.TrimLeft(s, "0"); trimmed != "" {
		return trimmed
	}
	return s
}

// hypervisorSerial returns what follows the name of a hypervisor.
func hypervisorSerial(text string) (string, bool) {
	if rest, ok := strings.CutPrefix(text, "VMWARE-"); ok {
		return rest, true
	}
	return strings.CutPrefix(text, "PARALLELS-")
}

func (r *Rules) virtualSerial(id ID, digits string) ID {
	id.Traits |= TraitVirtual
	u, ok := parseUUID(digits)
	if !ok || u.form != formRFC {
		id.Key = serialKey(id.Text)
		return r.settle(id, id.Text)
	}
	id.Key = u.key()
	machine := ID{Kind: KindUUID, Key: id.Key, Quality: Strong}
	machine.judgeUUID(u)
	machine = r.settle(machine, u.String())
	id.mark(machine.Quality, machine.Reasons)
	return r.settle(id, id.Text)
}

// judgeSerial applies the rules that look at nothing but the value.
func (id *ID) judgeSerial() {
	n := utf8.RuneCountInString(id.Key)
	switch p := profileOf(id.Key); {
	case p.words == 0:
		id.mark(Junk, ReasonPunctuation)
	case p.repeated:
		id.mark(Junk, ReasonRepeated)
	case p.binary:
		id.mark(Junk, ReasonBinary)
	case n < 3:
		id.mark(Junk, ReasonTooShort)
	case p.run && n >= 5, strings.Contains(id.Key, "123456789") && !p.letters:
		id.mark(Junk, ReasonSequence)
	case strings.Contains(id.Key, "123456789"):
		id.mark(Weak, ReasonSequence)
	}
	if n >= 3 && n <= 5 {
		id.mark(Weak, ReasonShort)
	}
	if n < len(id.Key) {
		id.mark(Weak, ReasonShape) // makers print letters of ASCII only
	}
	switch {
	case isVersion(id.Text):
		id.mark(Junk, ReasonVersion)
	case isScientific(id.Text) && strings.ContainsAny(id.Text, "+"):
		id.mark(Junk, ReasonScientific)
	case systemWords(id.Text):
		id.mark(Junk, ReasonPlaceholder)
	case isProductCode(id.Text):
		id.mark(Junk, ReasonProductCode)
	}
}

func (id *ID) judgeSerialByHints(h *Hints) {
	if h.Android && len(id.Key) == 16 && isHex(id.Key) {
		id.mark(Weak, ReasonAndroidID)
	}
	if sameText(id.Text, h.Name) {
		id.mark(Weak, ReasonEqualsName)
	}
	for _, rule := range [...]struct {
		value  string
		reason Reasons
	}{
		{h.Model, ReasonEqualsModel},
		{h.Manufacturer, ReasonEqualsManufacturer},
		{h.OS, ReasonEqualsOS},
		{h.UDID, ReasonEqualsUDID},
		{h.EnrolmentID, ReasonEqualsEnrolmentID},
	} {
		if sameText(id.Text, rule.value) {
			id.mark(Junk, rule.reason)
		}
	}
}
