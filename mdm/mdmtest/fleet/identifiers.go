package fleet

import (
	"fmt"
	"strings"
)

const (
	upperHex  = "0123456789ABCDEF"
	lowerHex  = "0123456789abcdef"
	digits    = "0123456789"
	letters   = "CDFGHJKLMNPQRTVWXY"
	serialSet = digits + letters // Apple leaves out what can be misread
)

// text makes a text of n characters of a set.
func (b *builder) text(set string, n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = set[b.rand.IntN(len(set))]
	}
	return string(out)
}

// serial makes a serial number that no other device has: twelve characters
// that begin with a plant's code for older devices, ten random ones for newer.
func (b *builder) serial(old bool) string {
	for {
		s := b.text(letters, 1) + b.text(serialSet, 9)
		if old {
			s = pick(b, []string{"DMP", "F9F", "C02", "FVF", "GG7"}) + b.text(letters, 1) + b.text(serialSet, 8)
		}
		if !b.used[s] {
			b.used[s] = true
			return s
		}
	}
}

// udid makes the identifier of an Apple device: chip is "" for 40 hex
// digits, "mac" for a UUID, and else the eight digits in front.
func (b *builder) udid(chip string) string {
	switch chip {
	case "":
		return b.text(lowerHex, 40)
	case "mac":
		return b.uuid()
	}
	return chip + "-00" + b.text(upperHex, 14)
}

// uuid makes a random UUID in capitals.
func (b *builder) uuid() string {
	s := b.text(upperHex, 32)
	return s[:8] + "-" + s[8:12] + "-4" + s[13:16] + "-" + pick(b, []string{"8", "9", "A", "B"}) + s[17:20] + "-" + s[20:]
}

// appleOUIs and dockOUIs are registered prefixes, so that the addresses made
// from them count as burnt in.
var (
	appleOUIs = []string{"f0:18:98", "a4:83:e7", "3c:22:fb", "88:66:5a"}
	dockOUIs  = []string{"00:e0:4c", "64:4b:f0", "9c:eb:e8"}
	otherOUIs = []string{"8c:8c:aa", "d0:39:57", "f4:7b:09"}
)

// macBlock makes four consecutive MAC addresses that no other device has.
// Successive blocks are spread over the whole range of a prefix.
func (b *builder) macBlock(ouis []string) [4]string {
	b.macs++
	oui := ouis[b.macs%len(ouis)]
	base := (b.macs * 0x9e3779 % (1 << 22)) << 2
	var block [4]string
	for i := range block {
		n := base + i
		block[i] = fmt.Sprintf("%s:%02x:%02x:%02x", oui, n>>16&0xff, n>>8&0xff, n&0xff)
	}
	return block
}

// sim makes a subscription slot; with a card in it or without.
func (b *builder) sim(card, phone bool) SIM {
	b.sims++
	s := SIM{
		IMEI: withCheckDigit("35" + b.text("23456789", 6) + fmt.Sprintf("%06d", b.sims*7919%1000000)),
		EID:  fmt.Sprintf("89049032%s%016d", b.text(digits, 8), b.sims),
	}
	if card {
		s.ICCID = withCheckDigit("894999" + fmt.Sprintf("%012d", b.sims*104729))
		s.Carrier = pick(b, []string{"Example Mobile", "Testnetz"})
	}
	if phone && b.sims < 1000 { // the range kept for invented numbers holds a thousand
		s.Phone = fmt.Sprintf("+447700900%03d", b.sims)
	}
	return s
}

// withCheckDigit appends the Luhn check digit to a text of digits.
func withCheckDigit(s string) string {
	sum := 0
	for i := range len(s) {
		n := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return s + string(rune('0'+(10-sum%10)%10))
}

// inGroups writes an IMEI as it stands on a box: 2-6-6-1.
func inGroups(imei string) string {
	if len(imei) != 15 {
		return imei
	}
	return imei[:2] + " " + imei[2:8] + " " + imei[8:14] + " " + imei[14:]
}

// decompose takes the umlauts apart into letter and combining mark, as some
// file systems and exports do.
var decompose = strings.NewReplacer(
	"ä", "a\u0308", "ö", "o\u0308", "ü", "u\u0308", "Ä", "A\u0308", "Ö", "O\u0308", "Ü", "U\u0308",
).Replace

// ascii writes a name the way it stands in a user name.
var ascii = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "Ä", "ae", "Ö", "oe", "Ü", "ue", "ß", "ss",
	"é", "e", "ë", "e", "ï", "i", "ø", "o", " ", "",
).Replace
