package ident

// AssetTag reads the label that the organisation gave a device. Text is upper
// case, and so is Key; dashes count, since 1-23 and 12-3 are two labels. The
// placeholders of serials are placeholders here, too, but a tag may be as
// short as a number. A tag that copies the serial or the name is Junk.
func (r *Rules) AssetTag(raw string, h Hints) ID {
	id := begin(KindAssetTag, h.decode(raw), upperCase)
	id.Raw = raw
	if id.Quality != Strong {
		return id
	}
	id.Key = id.Text
	switch p := profileOf(id.Text); {
	case p.words == 0:
		id.mark(Junk, ReasonPunctuation)
	case p.repeated && (p.letters || id.Text[0] == '0' || p.words > 5):
		id.mark(Junk, ReasonRepeated)
	case systemWords(id.Text):
		id.mark(Junk, ReasonPlaceholder)
	}
	if v, ok := r.known.serials.find(serialKey(id.Text), id.Text); ok && v.quality == Junk {
		id.apply(v)
	}
	if virtualShape(id.Text, "") {
		id.Traits |= TraitVirtual
	}
	if sameText(id.Text, h.Serial) {
		id.mark(Junk, ReasonEqualsSerial)
	}
	if sameText(id.Text, h.Name) {
		id.mark(Junk, ReasonEqualsName)
	}
	return r.settle(id, id.Key)
}

// tagKey is the key of a value in a list.
func tagKey(value string) string {
	text, _ := clean(value, upperCase)
	return text
}
