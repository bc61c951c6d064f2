package match

import (
	"encoding/binary"
	"math/bits"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// Keys are numbers that are equal if two values have the same ident.ID.Key.
// They find pairs; a pair counts only after package ident has read both of its
// values, so that a junk value or two values with one number never decide.
// Values in plain form get their key without being read; see the tests for the
// agreement with ident. The key 0 means that there is no value.

const (
	prime1 = 0x9e3779b97f4a7c15
	prime2 = 0xd6e8feb86659fd93
	prime3 = 0xa0761d6478bd642f
)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^prime1, b^prime2)
	return hi ^ lo
}

func notZero(k uint64) uint64 {
	if k == 0 {
		return prime1
	}
	return k
}

// hash returns a key for text.
func hash[T string | []byte](s T) uint64 {
	var buf [8]byte
	h := uint64(len(s))
	for len(s) >= 8 {
		copy(buf[:], s[:8])
		h = mix(h, binary.LittleEndian.Uint64(buf[:]))
		s = s[8:]
	}
	if len(s) > 0 {
		buf = [8]byte{}
		copy(buf[:], s)
		h = mix(h, binary.LittleEndian.Uint64(buf[:]))
	}
	return notZero(mix(h, prime3))
}

// textKey is the key of what ident made of a value that is not in plain form.
func textKey(id ident.ID) uint64 {
	if id.Key == "" {
		return 0
	}
	return hash(id.Key)
}

// plain holds a value in plain form while its key is computed.
type plain [ident.MaxLen]byte

// serial drops spaces and dashes and turns letters to upper case. It reports
// false for what only ident can read.
func (p *plain) serial(raw string) ([]byte, bool) {
	if len(raw) > len(p) {
		return nil, false
	}
	n := 0
	for i := range len(raw) {
		b := raw[i]
		switch {
		case b == ' ' || b == '-':
			continue
		case b >= 'a' && b <= 'z':
			b -= 'a' - 'A'
		case b < ' ' || b > '~' || b == '&':
			return nil, false
		}
		p[n] = b
		n++
	}
	s := p[:n]
	if n > 6 && (string(s[:6]) == "VMWARE" || n > 9 && string(s[:9]) == "PARALLELS") {
		return nil, false
	}
	return s, true
}

func serialKey(r *ident.Rules, raw string, html bool) uint64 {
	if raw == "" {
		return 0
	}
	var p plain
	if s, ok := p.serial(raw); ok {
		if len(s) == 0 {
			return 0
		}
		return hash(s)
	}
	return textKey(r.Serial(raw, ident.Hints{HTML: html}))
}

// foldedKey is the key of ident.ID.Folded of a serial.
func foldedKey(r *ident.Rules, raw string, html bool) uint64 {
	if raw == "" {
		return 0
	}
	var p plain
	s, ok := p.serial(raw)
	if !ok {
		if id := r.Serial(raw, ident.Hints{HTML: html}); id.Folded != "" {
			return hash(id.Folded)
		}
		return 0
	}
	if n := len(s) - 1; (n == 11 || n == 12) && s[0] == 'S' {
		s = s[1:]
	}
	for i, b := range s {
		switch b {
		case 'O':
			s[i] = '0'
		case 'I':
			s[i] = '1'
		}
	}
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	if len(s) == 0 {
		return 0
	}
	return hash(s)
}

var hexValues = func() (t [256]uint8) {
	for i := range t {
		t[i] = 0xff
	}
	for i := range 10 {
		t['0'+i] = uint8(i)
	}
	for i := range 6 {
		t['a'+i], t['A'+i] = uint8(10+i), uint8(10+i)
	}
	return t
}()

// hexNumber reads the digits of s, up to 16 of them, without those at which
// the separator stands after every n; 0 for n means no separator.
func hexNumber(s string, separator byte, n int) (v uint64, ok bool) {
	for i := range len(s) {
		if n > 0 && i%(n+1) == n {
			if s[i] != separator {
				return 0, false
			}
			continue
		}
		d := hexValues[s[i]]
		if d > 15 {
			return 0, false
		}
		v = v<<4 | uint64(d)
	}
	return v, true
}

func macKey(r *ident.Rules, raw string) uint64 {
	if k, ok := plainMAC(raw); ok {
		return k
	}
	return macTextKey(r.MAC(raw))
}

func plainMAC(raw string) (uint64, bool) {
	switch len(raw) {
	case 0:
		return 0, true
	case 17:
		if c := raw[2]; c == ':' || c == '-' {
			return hexNumber(raw, c, 2)
		}
	case 12:
		return hexNumber(raw, 0, 0)
	}
	return 0, false
}

func macTextKey(id ident.ID) uint64 {
	if id.Key == "" {
		return 0
	}
	k, _ := hexNumber(id.Key, 0, 0)
	return k
}

func imeiKey(r *ident.Rules, raw string) uint64 {
	if raw == "" {
		return 0
	}
	if len(raw) == 15 {
		if k, ok := decimal(raw[:14]); ok && raw[14] >= '0' && raw[14] <= '9' {
			return k
		}
	}
	return imeiTextKey(r.IMEI(raw, ident.Hints{}))
}

func imeiTextKey(id ident.ID) uint64 {
	if id.Kind == ident.KindIMEI && id.Key != "" {
		k, _ := decimal(id.Key)
		return k
	}
	return textKey(id)
}

func decimal(s string) (v uint64, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		v = v*10 + uint64(s[i]-'0')
	}
	return v, true
}

func meidKey(r *ident.Rules, raw string) uint64 {
	if raw == "" {
		return 0
	}
	return textKey(r.MEID(raw))
}

func uuidKey(r *ident.Rules, raw string) uint64 {
	if raw == "" {
		return 0
	}
	if len(raw) == 36 && raw[8] == '-' && raw[13] == '-' && raw[18] == '-' && raw[23] == '-' {
		a, ok1 := hexNumber(raw[:8], 0, 0)
		b, ok2 := hexNumber(raw[9:18], '-', 4)
		c, ok3 := hexNumber(raw[19:23], 0, 0)
		d, ok4 := hexNumber(raw[24:], 0, 0)
		if ok1 && ok2 && ok3 && ok4 {
			return rfcKey(a<<32|b, c<<48|d)
		}
	}
	return uuidTextKey(r.UUID(raw))
}

// rfcKey takes either byte order of the first three groups for the same.
func rfcKey(hi, lo uint64) uint64 {
	swapped := uint64(bits.ReverseBytes32(uint32(hi>>32)))<<32 |
		uint64(bits.ReverseBytes16(uint16(hi>>16)))<<16 | uint64(bits.ReverseBytes16(uint16(hi)))
	return notZero(mix(mix(16, min(hi, swapped)), lo))
}

func uuidTextKey(id ident.ID) uint64 {
	if len(id.Key) != 36 {
		return textKey(id)
	}
	a, _ := hexNumber(id.Key[:8], 0, 0)
	b, _ := hexNumber(id.Key[9:18], '-', 4)
	c, _ := hexNumber(id.Key[19:23], 0, 0)
	d, _ := hexNumber(id.Key[24:], 0, 0)
	return rfcKey(a<<32|b, c<<48|d)
}

func directoryKey(r *ident.Rules, raw string) uint64 {
	if raw == "" {
		return 0
	}
	return textKey(r.DirectoryID(raw))
}
