package match

import (
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// Values are read and judged when they are about to count, not before: most
// keys meet at most one other.

func hintsOf(d *Device) ident.Hints {
	return ident.Hints{
		Apple: d.Apple, Android: d.Android, HTML: d.HTML,
		Serial: d.Serial, Name: d.Name, Model: firstOf(d.Model, d.ModelID), Manufacturer: d.Manufacturer,
		OS: d.OS, UDID: d.UDID, EnrolmentID: d.EnrolmentID,
	}
}

func assetHints(a *Asset) ident.Hints {
	return ident.Hints{Serial: a.Serial, Name: a.Name, Model: firstOf(a.Model, a.ModelID),
		Manufacturer: a.Manufacturer, UDID: a.UDID}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// minUDID is a length that no UDID is below, so that what is shorter need not be
// compared with one.
const minUDID = 20

// deviceSerial reads the serial of a device. Many organisations name Apple's
// devices by their serials, which come from the hardware: that the name is the
// same says nothing against them.
func (s *snapshot) deviceSerial(d uint32) ident.ID {
	dev := s.device(d)
	h := hintsOf(dev)
	if dev.Apple {
		h.Name = ""
	}
	if len(dev.Serial) < minUDID {
		h.UDID = ""
	}
	return s.rules.Serial(dev.Serial, h)
}

func (s *snapshot) assetSerial(a uint32) ident.ID {
	as := s.asset(a)
	h := assetHints(as)
	h.Name = "" // people name assets by their serials
	return s.rules.Serial(as.Serial, h)
}

// hasSerial reports whether an asset has a strong serial of a device. What is
// spelled alike is judged alike.
func (s *snapshot) hasSerial(a uint32, id ident.ID) bool {
	if raw := s.asset(a).Serial; len(raw) == len(id.Raw) && strings.EqualFold(raw, id.Raw) {
		return id.Quality == ident.Strong
	}
	return bothStrong(id, s.assetSerial(a))
}

func (s *snapshot) deviceIMEIs(d uint32) []ident.ID {
	dev := s.device(d)
	return readIMEIs(s.rules, dev.IMEIs, dev.MEID, hintsOf(dev))
}

func (s *snapshot) assetIMEIs(a uint32) []ident.ID {
	as := s.asset(a)
	return readIMEIs(s.rules, as.IMEIs, as.MEID, assetHints(as))
}

func readIMEIs(r *ident.Rules, imeis []string, meid string, h ident.Hints) []ident.ID {
	var all []ident.ID
	for _, raw := range imeis {
		all = appendPresent(all, r.IMEI(raw, h))
	}
	return appendPresent(all, r.MEID(meid))
}

func appendPresent(all []ident.ID, id ident.ID) []ident.ID {
	if id.Quality == ident.Absent {
		return all
	}
	return append(all, id)
}

func readMACs(r *ident.Rules, raws ...string) []ident.ID {
	var all []ident.ID
	for _, raw := range raws {
		all = append(all, r.MACs(raw)...)
	}
	return all
}

// withKey returns the identifier of a key; the zero ID if there is none.
func withKey(all []ident.ID, key uint64, keyOf func(ident.ID) uint64) ident.ID {
	for _, id := range all {
		if keyOf(id) == key {
			return id
		}
	}
	return ident.ID{}
}

// bothStrong reports whether two values are the same and beyond reproach.
func bothStrong(a, b ident.ID) bool {
	return a.Quality == ident.Strong && b.Quality == ident.Strong && a.Equal(b)
}

func (s *snapshot) deviceName(d uint32) ident.ID {
	dev := s.device(d)
	return s.rules.Name(dev.Name, hintsOf(dev))
}

func (s *snapshot) assetName(a uint32) ident.ID {
	as := s.asset(a)
	return s.rules.Name(as.Name, assetHints(as))
}

// models are the two ways to say what a device is.
type models struct{ exact, name ident.ID }

func readModels(r *ident.Rules, model, id, manufacturer string) models {
	m := models{exact: r.Model(id, manufacturer), name: r.Model(model, manufacturer)}
	if !m.exact.Usable() && m.name.Traits.Has(ident.TraitProductType) {
		m.exact = m.name
	}
	return m
}

func (s *snapshot) deviceModels(d uint32) models {
	dev := s.device(d)
	return readModels(s.rules, dev.Model, dev.ModelID, dev.Manufacturer)
}

// compareModels compares the models of a pair. Where one side has no
// manufacturer, that of the other may stand before the model.
func (s *snapshot) compareModels(d, a uint32) State {
	dev, as := s.device(d), s.asset(a)
	x := readModels(s.rules, dev.Model, dev.ModelID, firstOf(dev.Manufacturer, as.Manufacturer))
	y := readModels(s.rules, as.Model, as.ModelID, firstOf(as.Manufacturer, dev.Manufacturer))
	return x.compare(y)
}

func (m models) productType() (ident.ID, bool) {
	return m.exact, m.exact.Usable() && m.exact.Traits.Has(ident.TraitProductType)
}

// compare returns Agrees if any two forms are the same, Differs if both have
// an exact type or nothing in common, and Unclear if one name holds the other.
func (m models) compare(o models) State {
	if m.exact.Equal(o.exact) || m.name.Equal(o.name) || m.exact.Equal(o.name) || m.name.Equal(o.exact) {
		return Agrees
	}
	a, b := ident.BestModel(m.exact, m.name), ident.BestModel(o.exact, o.name)
	if !a.Usable() || !b.Usable() {
		return Missing
	}
	_, exact := m.productType()
	if _, both := o.productType(); exact && both {
		return Differs
	}
	if !m.name.Usable() || !o.name.Usable() {
		return Unclear
	}
	if strings.Contains(m.name.Key, o.name.Key) || strings.Contains(o.name.Key, m.name.Key) {
		return Unclear
	}
	return Differs
}

// makers holds manufacturers that go by several names.
var makers = map[string]string{"hewlett": "hp", "hewlett-packard": "hp", "hpe": "hp", "msft": "microsoft", "lge": "lg"}

// maker returns the first word of a manufacturer in lower case.
func maker(raw string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(raw), " ")
	word = strings.ToLower(strings.Trim(word, ".,"))
	if known, ok := makers[word]; ok {
		return known
	}
	return word
}

func (s *snapshot) compareMakers(d, a uint32) State {
	x, y := s.device(d).Manufacturer, s.asset(a).Manufacturer
	if !s.rules.Model(x, "").Usable() || !s.rules.Model(y, "").Usable() {
		return Missing
	}
	switch x, y := maker(x), maker(y); {
	case x == "" || y == "":
		return Missing
	case x == y:
		return Agrees
	}
	return Differs
}

// classPrefixes are beginnings of Apple's models, in lower case.
var classPrefixes = [...]struct {
	prefix string
	class  Class
}{
	{"ipad", ClassTablet}, {"iphone", ClassPhone}, {"ipod", ClassMediaPlayer},
	{"macbook", ClassComputer}, {"imac", ClassComputer}, {"mac mini", ClassComputer}, {"macmini", ClassComputer},
	{"mac1", ClassComputer}, {"mac2", ClassComputer}, {"mac pro", ClassComputer}, {"macpro", ClassComputer}, {"mac studio", ClassComputer},
	{"apple tv", ClassTV}, {"appletv", ClassTV}, {"apple watch", ClassWatch}, {"apple vision", ClassHeadset},
}

// classOf returns the class that is given, or else what Apple's models show.
func classOf(given Class, model, id string) Class {
	if given != ClassUnknown {
		return given
	}
	for _, text := range [2]string{id, model} {
		if text == "" || text[0] != 'i' && text[0] != 'M' && text[0] != 'm' && text[0] != 'A' && text[0] != 'a' && text[0] != 'I' {
			continue
		}
		for _, p := range classPrefixes {
			if len(text) >= len(p.prefix) && strings.EqualFold(text[:len(p.prefix)], p.prefix) {
				return p.class
			}
		}
	}
	return ClassUnknown
}

func deviceClass(d *Device) Class { return classOf(d.Class, d.Model, d.ModelID) }
func assetClass(a *Asset) Class   { return classOf(a.Class, a.Model, a.ModelID) }
