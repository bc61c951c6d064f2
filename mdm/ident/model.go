package ident

import "strings"

// Model reads a model: a marketing name or the maker's identifier. Text lacks
// the manufacturer that some systems put before it, and Key is Text in lower
// case. Many devices share a model, so it is an attribute: Weak at best and
// never an identity. Placeholders are Junk: that they agree says nothing.
//
// Apple's product type, such as iPad13,18, has TraitProductType; it is exact
// where the marketing name is not. See [BestModel].
func (r *Rules) Model(raw, manufacturer string) ID {
	id := begin(KindModel, raw, asWritten)
	if id.Quality != Strong {
		return id
	}
	maker, _ := clean(manufacturer, asWritten)
	id.Text = withoutMaker(id.Text, maker)
	id.Key = strings.ToLower(id.Text)
	if maker != "" && strings.EqualFold(id.Text, maker) {
		id.mark(Junk, ReasonEqualsManufacturer)
	}
	if profileOf(id.Text).words == 0 {
		id.mark(Junk, ReasonPunctuation)
	}
	if isProductType(id.Text) {
		id.Traits |= TraitProductType
	}
	return r.settle(id, id.Key)
}

// BestModel returns the model that tells most: a usable one before others,
// among these Apple's product type before marketing names, and among equals
// the first. The zero ID if there is none.
func BestModel(models ...ID) ID {
	var best ID
	for i, id := range models {
		if i == 0 || modelRank(id) > modelRank(best) {
			best = id
		}
	}
	return best
}

func modelRank(id ID) int {
	rank := int(id.Quality) * 2
	if id.Traits.Has(TraitProductType) {
		rank++
	}
	return rank
}

// withoutMaker drops the name of the manufacturer, or its first word, as often
// as it stands before the model.
func withoutMaker(text, maker string) string {
	first, _, _ := strings.Cut(maker, " ")
	for _, name := range [2]string{maker, first} {
		for len(name) > 1 && len(text) > len(name)+1 && text[len(name)] == ' ' && strings.EqualFold(text[:len(name)], name) {
			text = text[len(name)+1:]
		}
	}
	return text
}

// isProductType recognises letters, a number, a comma and a number.
func isProductType(s string) bool {
	n := 0
	for n < len(s) && (isUpper(s[n]) || isLower(s[n])) {
		n++
	}
	major, minor, ok := strings.Cut(s[n:], ",")
	return ok && n > 1 && isDigits(major) && isDigits(minor)
}

// modelKey is the key of a value in a list.
func modelKey(value string) string {
	text, _ := clean(value, asWritten)
	return strings.ToLower(text)
}
