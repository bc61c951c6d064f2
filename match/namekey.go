package match

import (
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// tagKey is the key of an asset tag: upper case, dashes count.
func tagKey(r *ident.Rules, raw string, html bool) uint64 {
	if raw == "" {
		return 0
	}
	var p plain
	if s, ok := p.tidy(raw, 'a'); ok {
		return hash(s)
	}
	return textKey(r.AssetTag(raw, ident.Hints{HTML: html}))
}

// tidy copies text whose white space needs no care, with the case of letters
// from the given one on changed.
func (p *plain) tidy(raw string, from byte) ([]byte, bool) {
	if len(raw) > len(p) {
		return nil, false
	}
	last := byte(' ')
	for i := range len(raw) {
		b := raw[i]
		if b < ' ' || b > '~' || b == '&' || b == ' ' && last == ' ' {
			return nil, false
		}
		last = b
		if b >= from && b <= from+25 {
			b ^= 'a' - 'A'
		}
		p[i] = b
	}
	return p[:len(raw)], last != ' '
}

// nameKeys returns the key of a name and that of its skeleton, which is what
// similar names have in common: letters and digits, without the zeros before a
// number and without a number in parentheses at the end.
func nameKeys(r *ident.Rules, raw string, html bool) (key, skeleton uint64) {
	if raw == "" {
		return 0, 0
	}
	var p plain
	if s, ok := p.tidy(raw, 'A'); ok && strings.IndexByte(raw, '.') < 0 && strings.IndexByte(raw, '(') < 0 {
		return hash(s), skeletonKey(s)
	}
	id := r.Name(raw, ident.Hints{HTML: html})
	if id.Key == "" {
		return 0, 0
	}
	return hash(id.Key), skeletonKey([]byte(id.Folded))
}

// minSkeleton is the number of letters and digits from which a skeleton is
// worth comparing.
const minSkeleton = 4

func skeletonKey(name []byte) uint64 {
	var p plain
	n := 0
	for i, b := range name {
		digit := b >= '0' && b <= '9'
		if !digit && (b < 'a' || b > 'z') && b < 0x80 {
			continue
		}
		if b == '0' && (n == 0 || p[n-1] < '0' || p[n-1] > '9') && i+1 < len(name) && name[i+1] >= '0' && name[i+1] <= '9' {
			continue
		}
		if n == len(p) {
			break
		}
		p[n] = b
		n++
	}
	if n < minSkeleton {
		return 0
	}
	return hash(p[:n])
}
