package match

import (
	"github.com/mdmlink/mdmlink/mdm/ident"
)

// vetoes appends what speaks against a pair.
func (m *Matching) vetoes(d, a uint32, to []Reason) []Reason {
	dev, as := m.device(d), m.asset(a)
	if v := m.pair(d, a); v.reject != nil && !v.reopened {
		to = append(to, Reason{Code: CodeRejected, Other: v.reject.name()})
	}
	if x, y, differ := m.serialsDiffer(d, a); differ {
		to = append(to, Reason{Code: CodeSerialDiffers, Value: x.Text, Other: y.Text})
	}
	if x, y, differ := m.typesDiffer(dev, as); differ {
		to = append(to, Reason{Code: CodeModelDiffers, Value: x, Other: y})
	} else if x, y := deviceClass(dev), assetClass(as); x != y && x != ClassUnknown && y != ClassUnknown {
		to = append(to, Reason{Code: CodeClassDiffers, Value: x.String(), Other: y.String()})
	}
	if t := m.otherTaker(d, a); t != none {
		to = append(to, Reason{Code: CodeAssetTaken, Other: m.device(t).ID})
	}
	if site := m.siteOf(dev); site != "" && as.Site != "" && site != as.Site {
		to = append(to, Reason{Code: CodeSiteDiffers, Value: site, Other: as.Site})
	}
	if as.Archived {
		to = append(to, Reason{Code: CodeRetired})
	}
	if m.twiceAsset[a] {
		to = append(to, Reason{Code: CodeDuplicateID, Value: as.ID})
	}
	return to
}

// siteOf returns the inventory's site of a device; "" if it is not known.
func (m *Matching) siteOf(dev *Device) string {
	if len(m.in.Sites) == 0 {
		return ""
	}
	return m.in.Sites[dev.Site]
}

// serialsDiffer reports whether both sides have strong serials that differ,
// and nothing explains it: neither characters that look alike, nor a
// replacement that a person accepted or the device itself reports.
func (m *Matching) serialsDiffer(d, a uint32) (x, y ident.ID, differ bool) {
	k, l := m.devices.serial.key[d], m.assets.serial.key[a]
	if k == 0 || l == 0 || k == l {
		return x, y, false
	}
	x, y = m.deviceSerial(d), m.assetSerial(a)
	if !strongDiffer(x, y) || x.Folded == y.Folded {
		return x, y, false
	}
	return x, y, !m.accepted(d, a) && !m.replaces(d, a)
}

func (m *Matching) accepted(d, a uint32) bool {
	v := m.pair(d, a)
	return v.accept != nil && !v.reopened
}

// replaces reports whether the device says that it stands in for the asset's
// serial.
func (m *Matching) replaces(d, a uint32) bool {
	raw := m.device(d).Replaces
	return raw != "" && serialKey(m.rules, raw, m.device(d).HTML) == m.assets.serial.key[a] &&
		bothStrong(m.rules.Serial(raw, ident.Hints{}), m.assetSerial(a))
}

// typesDiffer reports whether both sides name an exact type of Apple, and the
// types differ.
func (m *Matching) typesDiffer(dev *Device, as *Asset) (x, y string, differ bool) {
	if dev.ModelID == as.ModelID && dev.ModelID != "" || !mayBeType(dev.ModelID, dev.Model) || !mayBeType(as.ModelID, as.Model) {
		return "", "", false
	}
	p, ok := readModels(m.rules, dev.Model, dev.ModelID, dev.Manufacturer).productType()
	q, both := readModels(m.rules, as.Model, as.ModelID, as.Manufacturer).productType()
	return p.Text, q.Text, ok && both && !p.Equal(q)
}

func mayBeType(texts ...string) bool {
	for _, s := range texts {
		for i := range len(s) {
			if s[i] == ',' {
				return true
			}
		}
	}
	return false
}

// linkVetoes returns what speaks against a link that is there.
func (m *Matching) linkVetoes(d, a uint32, l *Link) []Reason {
	v := m.vetoes(d, a, nil)
	if r, changed := m.identityChanged(d, a, l); changed && !m.accepted(d, a) {
		for i := range v {
			if v[i].Code == CodeSerialDiffers {
				v[i] = r
				return v
			}
		}
		v = append(v, r)
	}
	return v
}

// identityChanged reports whether the serial of a device is another than when
// it was linked, and the asset does not have the new one.
func (m *Matching) identityChanged(d, a uint32, l *Link) (Reason, bool) {
	if l.Serial == "" {
		return Reason{}, false
	}
	key := m.devices.serial.key[d]
	if key == 0 || key == m.assets.serial.key[a] || key == serialKey(m.rules, l.Serial, false) {
		return Reason{}, false
	}
	then, now := m.rules.Serial(l.Serial, ident.Hints{}), m.deviceSerial(d)
	if !strongDiffer(then, now) {
		return Reason{}, false
	}
	return Reason{Code: CodeIdentityChanged, Value: now.Text, Other: then.Text}, true
}
