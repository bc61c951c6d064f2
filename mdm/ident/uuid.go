package ident

import (
	"bytes"
	"strings"
)

// UUID reads a hardware UUID or an Apple UDID: 32 hexadecimal digits in groups
// or not, with braces or not, the 40 digits of older Apple devices, or their 8
// and 16 digits of later ones. Text is lower case with dashes.
//
// Firmware stores the first three groups of a UUID with their bytes reversed,
// and some programs do not reverse them back. Key is the smaller of both
// orders, so that the two forms of a UUID compare equal.
func (r *Rules) UUID(raw string) ID {
	id := begin(KindUUID, raw, asWritten)
	if id.Quality != Strong {
		return id
	}
	u, ok := parseUUID(id.Text)
	if !ok {
		return r.misshapen(id)
	}
	if !u.isCanonical(id.Text) {
		id.Text = u.String()
	}
	id.Key = id.Text
	if u.form == formRFC && u.swapped().less(u) {
		id.Key = u.swapped().String()
	}
	id.judgeUUID(u)
	return r.settle(id, id.Text)
}

// DirectoryID reads the id of a device in a directory. A UUID becomes lower
// case with dashes; any other text stays as written. All zero means that the
// device is not registered. The id is unique within its directory only, as the
// ids of MDM systems are unique within their connection and class.
func (r *Rules) DirectoryID(raw string) ID {
	id := begin(KindDirectoryID, raw, asWritten)
	if id.Quality != Strong {
		return id
	}
	if u, ok := parseUUID(id.Text); ok && u.form == formRFC {
		if !u.isCanonical(id.Text) {
			id.Text = u.String()
		}
		if u == (uuid{form: formRFC}) {
			id.mark(Junk, ReasonNotRegistered)
		}
	} else if r.isPlaceholder(id.Text) {
		id.mark(Junk, ReasonPlaceholder)
	}
	id.Key = id.Text
	return r.settle(id, id.Text)
}

type uuidForm uint8

const (
	formRFC    uuidForm = 1 + iota // 8-4-4-4-12
	formApple                      // 8-16
	formApple1                     // 40 digits
)

// uuid is a parsed UUID or UDID; the form says how many bytes count.
type uuid struct {
	form  uuidForm
	bytes [20]byte
}

func (u *uuid) len() int {
	switch u.form {
	case formApple:
		return 12
	case formApple1:
		return 20
	}
	return 16
}

// parseUUID accepts dashes and spaces between any two bytes.
func parseUUID(s string) (u uuid, ok bool) {
	if rest, found := strings.CutPrefix(s, "{"); found {
		if s, ok = strings.CutSuffix(rest, "}"); !ok {
			return u, false
		}
	} else if len(s) > 9 && strings.EqualFold(s[:9], "urn:uuid:") {
		s = s[9:]
	}
	n := 0
	for i := range len(s) {
		if s[i] == '-' || s[i] == ' ' {
			continue
		}
		d := unhex(s[i])
		if d > 15 || n == 2*len(u.bytes) {
			return u, false
		}
		u.bytes[n/2] = u.bytes[n/2]<<4 | d
		n++
	}
	switch n {
	case 32:
		u.form = formRFC
	case 24:
		u.form = formApple
	case 40:
		u.form = formApple1
	}
	return u, u.form != 0
}

// uuidValue is the key of a value in a list.
func uuidValue(value string) string {
	text, _ := clean(value, asWritten)
	u, ok := parseUUID(text)
	if !ok {
		return ""
	}
	return u.key()
}

func (u uuid) key() string {
	if s := u.swapped(); u.form == formRFC && s.less(u) {
		return s.String()
	}
	return u.String()
}

func (u uuid) less(other uuid) bool { return bytes.Compare(u.bytes[:], other.bytes[:]) < 0 }

// swapped reverses the bytes of the first three groups.
func (u uuid) swapped() uuid {
	b := &u.bytes
	b[0], b[1], b[2], b[3] = b[3], b[2], b[1], b[0]
	b[4], b[5] = b[5], b[4]
	b[6], b[7] = b[7], b[6]
	return u
}

// dashBefore reports whether canonical text has a dash before byte i.
func (u *uuid) dashBefore(i int) bool {
	switch u.form {
	case formRFC:
		return i == 4 || i == 6 || i == 8 || i == 10
	case formApple:
		return i == 4
	}
	return false
}

// String returns the canonical form.
func (u uuid) String() string {
	var buf [40]byte
	return string(u.append(buf[:0]))
}

func (u *uuid) isCanonical(s string) bool {
	var buf [40]byte
	return string(u.append(buf[:0])) == s
}

func (u *uuid) append(to []byte) []byte {
	for i, b := range u.bytes[:u.len()] {
		if u.dashBefore(i) {
			to = append(to, '-')
		}
		to = append(to, hexDigits[b>>4], hexDigits[b&15])
	}
	return to
}

// minDigits is the number of different digits below which nobody drew a UUID
// at random.
const minDigits = 5

func (id *ID) judgeUUID(u uuid) {
	all := u.bytes[:u.len()]
	switch {
	case u.differentDigits() < minDigits:
		id.mark(Junk, ReasonFewDigits)
	case u.form == formRFC && (isZero(all[:10]) || isZero(all[6:])):
		id.mark(Junk, ReasonHalfEmpty)
	case countsEvenly(all):
		id.mark(Junk, ReasonSequence)
	case u.form == formRFC:
		if s := u.swapped(); countsEvenly(s.bytes[:16]) {
			id.mark(Junk, ReasonSequence)
		}
	}
}

func (u *uuid) differentDigits() int {
	var seen [16]bool
	n := 0
	for _, b := range u.bytes[:u.len()] {
		for _, d := range [2]byte{b >> 4, b & 15} {
			if !seen[d] {
				seen[d] = true
				n++
			}
		}
	}
	return n
}

func isZero(all []byte) bool {
	for _, b := range all {
		if b != 0 {
			return false
		}
	}
	return true
}

// countsEvenly reports whether each byte differs from the one before by the
// same amount.
func countsEvenly(all []byte) bool {
	step := all[1] - all[0]
	for i := 2; i < len(all); i++ {
		if all[i]-all[i-1] != step {
			return false
		}
	}
	return true
}
