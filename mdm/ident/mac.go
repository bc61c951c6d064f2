package ident

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// MAC reads the address of a network interface: six bytes with colons, dashes
// or spaces between them, three groups with dots, twelve digits, or base64.
// Text is lower case with colons, Key the twelve digits.
//
// Any word of eight letters is base64, too. So base64 counts only if it mixes
// capital and small letters and gives a globally administered address.
//
// Wi-Fi, Ethernet and Bluetooth addresses look alike. Never compare an address
// of Bluetooth with one of the others.
func (r *Rules) MAC(raw string) ID {
	id := begin(KindMAC, raw, asWritten)
	if id.Quality != Strong {
		return id
	}
	m, ok := parseMAC(id.Text)
	if !ok {
		return r.misshapen(id)
	}
	id.Text, id.Key = m.texts(id.Text)
	switch {
	case m == 0, m == 1<<48-1:
		id.mark(Junk, ReasonPlaceholder)
	case m.group():
		id.mark(Junk, ReasonGroup)
	case m.local():
		id.mark(Weak, ReasonLocal)
	}
	return r.settle(id, id.Text)
}

// maxMACs is the length in bytes up to which a text of several addresses is
// considered.
const maxMACs = 4096

// MACs reads a text of several addresses with commas, semicolons, bars or
// white space between them. An address that occurs twice is returned once. Text
// that is not an address is returned, too, as Junk; nil if there is no text.
func (r *Rules) MACs(raw string) []ID {
	if one := r.MAC(raw); one.Quality == Absent {
		return nil
	} else if one.Usable() || len(raw) > maxMACs {
		return []ID{one}
	}
	var all []ID
	seen := make(map[string]bool)
	for field := range strings.FieldsFuncSeq(raw, betweenMACs) {
		if id := r.MAC(field); id.Quality != Absent && !seen[id.Text] {
			seen[id.Text] = true
			all = append(all, id)
		}
	}
	return all
}

func betweenMACs(c rune) bool {
	return strings.ContainsRune(",;| \t\r\n\v\f\u00a0", c)
}

// mac holds the six bytes of an address, the first one highest.
type mac uint64

func (m mac) group() bool { return m>>40&1 != 0 }
func (m mac) local() bool { return m>>40&2 != 0 }

func parseMAC(s string) (mac, bool) {
	switch len(s) {
	case 17:
		if c := s[2]; c == ':' || c == '-' || c == ' ' {
			return hexMAC(s, c, 2)
		}
	case 14:
		if s[4] == '.' {
			return hexMAC(s, '.', 4)
		}
	case 12:
		if m, ok := hexMAC(s, 0, 12); ok {
			return m, true
		}
	case 8:
		return base64MAC(s)
	}
	return shortMAC(s)
}

// hexMAC reads groups of n digits with a separator between them.
func hexMAC(s string, separator byte, n int) (m mac, ok bool) {
	for i := range len(s) {
		if i%(n+1) == n {
			if s[i] != separator {
				return 0, false
			}
			continue
		}
		d := unhex(s[i])
		if d > 15 {
			return 0, false
		}
		m = m<<4 | mac(d)
	}
	return m, true
}

// shortMAC reads six bytes with colons between them whose leading zero may be
// missing, as some systems print them.
func shortMAC(s string) (m mac, ok bool) {
	n := 0
	for part := range strings.SplitSeq(s, ":") {
		n++
		if n > 6 || len(part) > 2 || !isHex(part) {
			return 0, false
		}
		var b byte
		for i := range len(part) {
			b = b<<4 | unhex(part[i])
		}
		m = m<<8 | mac(b)
	}
	return m, n == 6
}

func base64MAC(s string) (m mac, ok bool) {
	encoding := base64.StdEncoding
	if strings.ContainsAny(s, "-_") {
		encoding = base64.URLEncoding
	}
	var buf [6]byte
	n, err := encoding.Decode(buf[:], []byte(s))
	if err != nil || n != len(buf) || !mixedCase(s[1:]) {
		return 0, false
	}
	for _, b := range buf {
		m = m<<8 | mac(b)
	}
	return m, !m.group() && !m.local()
}

// texts returns the canonical form and the key; the form it already has costs
// no allocation.
func (m mac) texts(s string) (text, key string) {
	var buf [17 + 12]byte
	for i := range 12 {
		d := hexDigits[m>>(44-4*i)&15]
		buf[i+i/2] = d
		buf[17+i] = d
	}
	for i := 2; i < 17; i += 3 {
		buf[i] = ':'
	}
	switch s {
	case string(buf[:17]):
		return s, string(buf[17:])
	case string(buf[17:]):
		return string(buf[:17]), s
	}
	both := string(buf[:])
	return both[:17], both[17:]
}

// macList holds the entries for MAC addresses. Entries are grouped by the bits
// they look at, so that an address is looked up once for each group.
type macList struct {
	first    [256]bool // first bytes that occur in groups
	any      bool      // an entry leaves the first byte open
	groups   []macGroup
	patterns list
}

type macGroup struct {
	mask mac
	of   map[mac]verdict
}

func (l *macList) add(e Entry, v verdict) error {
	if len(e.Contains) > 0 {
		return errors.New("MAC addresses have no contains; use x for the digits that may differ")
	}
	for _, value := range e.Values {
		value, mask, err := maskedMAC(value)
		if err != nil {
			return err
		}
		if mask == 0 {
			return errors.New("a value without a digit names every address; name some digits")
		}
		l.addMasked(value, mask, v)
	}
	for _, prefix := range e.Prefixes {
		digits := macDigits(prefix)
		if digits == "" || len(digits) > 12 {
			return fmt.Errorf("prefix %q is not the beginning of a MAC address; correct or remove it", prefix)
		}
		value, mask, err := maskedMAC(digits + strings.Repeat("x", 12-len(digits)))
		if err != nil {
			return err
		}
		l.addMasked(value, mask, v)
	}
	return l.patterns.addPatterns(e.Patterns, v)
}

func macDigits(s string) string {
	return strings.ToLower(without(without(s, ':', '-'), '.', ' '))
}

// maskedMAC reads an address in which x is any digit.
func maskedMAC(s string) (value, mask mac, err error) {
	digits := macDigits(s)
	if len(digits) != 12 {
		return 0, 0, fmt.Errorf("value %q is not a MAC address of 12 digits; correct or remove it", s)
	}
	for i := range len(digits) {
		d := unhex(digits[i])
		value, mask = value<<4, mask<<4
		switch {
		case d <= 15:
			value, mask = value|mac(d), mask|15
		case digits[i] != 'x':
			return 0, 0, fmt.Errorf("value %q has a digit that is neither hexadecimal nor x; correct it", s)
		}
	}
	return value, mask, nil
}

func (l *macList) addMasked(value, mask mac, v verdict) {
	if mask>>40 == 0xff {
		l.first[value>>40] = true
	} else {
		l.any = true
	}
	for i := range l.groups {
		if l.groups[i].mask == mask {
			l.groups[i].add(value, v)
			return
		}
	}
	l.groups = append(l.groups, macGroup{mask, map[mac]verdict{value: v}})
}

func (g *macGroup) add(value mac, v verdict) {
	if old, ok := g.of[value]; ok {
		v = v.join(old)
	}
	g.of[value] = v
}

func (l *macList) find(key, text string) (verdict, bool) {
	v, found := l.patterns.find("", text)
	m, _ := hexMAC(key, 0, 12)
	if !l.any && !l.first[m>>40] {
		return v, found
	}
	for i := range l.groups {
		if more, ok := l.groups[i].of[m&l.groups[i].mask]; ok {
			v, found = v.join(more), true
		}
	}
	return v, found
}
