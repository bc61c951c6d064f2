package ident

import "strings"

// Name reads the name of a device. Text keeps the case; Key is lower case and
// lacks a domain and .local; Folded lacks also a number such as " (2)" at the
// end, which has TraitNumbered. People choose names and two devices may share
// one, so a name is an attribute: Weak at best and never an identity.
//
// A name that devices have before anybody names them is Junk. One that holds
// the serial is marked as a copy of it: do not count both.
func (r *Rules) Name(raw string, h Hints) ID {
	id := begin(KindName, h.decode(raw), asWritten)
	id.Raw = raw
	if id.Quality != Strong {
		return id
	}
	id.Key = nameKey(id.Text)
	id.Folded = withoutNumber(id.Key)
	if id.Folded != id.Key {
		id.Traits |= TraitNumbered
	}
	if profileOf(id.Text).words == 0 {
		id.mark(Junk, ReasonPunctuation)
	}
	r.judgeNameForm(&id)
	id.judgeNameByHints(&h)
	return r.settle(id, id.Folded)
}

// minCopy is the number of letters and digits from which a serial inside a
// name is no accident.
const minCopy = 5

func (id *ID) judgeNameByHints(h *Hints) {
	if sameText(id.Folded, h.Model) {
		id.mark(Junk, ReasonEqualsModel)
	}
	if sameText(id.Folded, h.Manufacturer) {
		id.mark(Junk, ReasonEqualsManufacturer)
	}
	if sameText(id.Folded, h.OS) {
		id.mark(Junk, ReasonEqualsOS)
	}
	if wordLen(h.Serial) >= minCopy && containsText(id.Text, h.Serial) {
		id.mark(Weak, ReasonContainsSerial)
	}
}

// judgeNameForm recognises names that systems compose.
func (r *Rules) judgeNameForm(id *ID) {
	owner, device, ok := splitOwner(id.Folded)
	switch {
	case ok && r.owners[owner]:
		id.mark(Junk, ReasonDefaultName)
	case ok && r.isDefaultName(device):
		id.mark(Weak, ReasonDefaultForm)
	case isEnrolmentName(id.Folded):
		id.mark(Weak, ReasonGenerated)
	}
}

func (r *Rules) isDefaultName(name string) bool {
	v, ok := r.known.names.find(name, name)
	return ok && v.reasons.Has(ReasonDefaultName)
}

// ownerWords stand between the device and its owner.
var ownerWords = [...]string{" von ", " of ", " de ", " di ", " van ", " d'"}

// splitOwner takes "anna's ipad" and "ipad von anna" apart.
func splitOwner(name string) (owner, device string, ok bool) {
	if owner, device, ok = strings.Cut(name, "'s "); ok {
		return owner, device, true
	}
	for _, word := range ownerWords {
		if device, owner, ok = strings.Cut(name, word); ok {
			return owner, device, true
		}
	}
	return "", "", false
}

// enrolmentPlatforms begin the middle of names such as
// "anna_iphone_11/24/2026_6:26 am", which an MDM gives to personal devices.
var enrolmentPlatforms = [...]string{"android", "ios", "iphone", "ipad", "mac", "windows"}

func isEnrolmentName(name string) bool {
	_, rest, ok := strings.Cut(name, "_")
	if !ok {
		return false
	}
	platform, date, ok := strings.Cut(rest, "_")
	if !ok || !isDate(date) {
		return false
	}
	for _, prefix := range enrolmentPlatforms {
		if strings.HasPrefix(platform, prefix) {
			return true
		}
	}
	return false
}

// isDate reports whether text begins with three numbers that slashes, points or
// dashes separate.
func isDate(s string) bool {
	numbers, i := 1, 0
	for ; i < len(s) && numbers <= 3; i++ {
		switch {
		case isDigit(s[i]):
		case i > 0 && isDigit(s[i-1]) && (s[i] == '/' || s[i] == '.' || s[i] == '-'):
			numbers++
		default:
			return numbers == 3 && isDigit(s[i-1])
		}
	}
	return numbers == 3 && isDigit(s[i-1])
}

// nameValue is the key of a value in a list.
func nameValue(value string) string { return withoutNumber(nameKey(value)) }

func nameKey(name string) string {
	text, _ := clean(name, asWritten)
	key := strings.ToLower(text)
	if strings.Contains(key, "\u2019") {
		key = strings.ReplaceAll(key, "\u2019", "'")
	}
	return withoutDomain(key)
}

// privateDomains are domains of one label that networks use within.
var privateDomains = [...]string{"local", "localdomain", "lan", "home", "internal", "intranet", "corp"}

// withoutDomain drops two or more labels of which the last has letters only,
// or one label of a private domain. Other points are part of the name.
func withoutDomain(name string) string {
	host, domain, ok := strings.Cut(strings.TrimSuffix(name, "."), ".")
	if !ok || host == "" || strings.IndexByte(name, ' ') >= 0 {
		return name
	}
	parent, top, deep := cutLast(domain, '.')
	if !deep {
		for _, private := range privateDomains {
			if domain == private {
				return host
			}
		}
		return name
	}
	if parent == "" || strings.Contains(domain, "..") || len(top) < 2 || !isLetters(top) {
		return name
	}
	return host
}

func isLetters(s string) bool {
	for i := range len(s) {
		if !isLower(s[i]) {
			return false
		}
	}
	return s != ""
}

// withoutNumber drops one to three digits in parentheses at the end.
func withoutNumber(name string) string {
	head, number, ok := cutLast(name, '(')
	number, closed := strings.CutSuffix(number, ")")
	bare := strings.TrimSuffix(head, " ")
	if !ok || !closed || bare == head || bare == "" || len(number) > 3 || !isDigits(number) {
		return name
	}
	return bare
}
