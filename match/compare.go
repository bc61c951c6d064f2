package match

import (
	"github.com/mdmlink/mdmlink/mdm/ident"
)

// pairing is all that there is to say about a device and an asset.
type pairing struct {
	asset    uint32
	evidence Evidence
	rungs    rungSet // rungs that hold
	strong   rungSet // rungs that hold by values which are strong
	solid    rungSet // rungs that hold by values which are strong and nobody else's
	rung     Rung    // the best one, a solid one before others; none if the policy uses none of them
	decides  bool    // the policy lets a solid rung decide
	linked   bool    // an earlier link shows it
	bits     float64
	vetoes   []Reason
	held     []Reason
}

// comparer compares one pair, field by field in the order of Fields.
type comparer struct {
	m      *Matching
	f      *facts
	d, a   uint32
	dev    *Device
	as     *Asset
	values bool // write values into the evidence
	states bool // only the states of the evidence are asked for
	p      pairing
}

func (m *Matching) compare(f *facts, d, a uint32, values bool) pairing {
	c := comparer{m: m, f: f, d: d, a: a, dev: m.device(d), as: m.asset(a), values: values}
	c.fields()
	c.p.vetoes = m.vetoes(d, a, nil)
	c.judge()
	c.score()
	return c.p
}

// evidence returns the states of a pair without what depends on the policy or
// on how often a value occurs.
func (m *Matching) evidence(d, a uint32) Evidence {
	f := m.factsOf(d)
	c := comparer{m: m, f: &f, d: d, a: a, dev: m.device(d), as: m.asset(a), states: true}
	c.fields()
	return c.p.evidence
}

func (c *comparer) fields() {
	m, d, a := c.m, c.d, c.a
	c.p.asset = a
	c.p.evidence = make(Evidence, 0, 8)
	c.link()
	c.serial()
	c.id(FieldUDID, m.rules.UUID, c.dev.UDID, c.as.UDID, m.devices.byUUID, m.assets.byUUID, uuidTextKey)
	c.id(FieldDirectoryID, m.rules.DirectoryID, c.dev.DirectoryID, c.as.DirectoryID, m.devices.byDirectory, m.assets.byDirectory, textKey)
	c.imei()
	model := m.compareModels(d, a)
	name, other := m.deviceName(d), m.assetName(a)
	c.macs(model == Agrees || name.Equal(other))
	c.tag()
	c.nearSerial()
	c.names(name, other, model)
	c.user()
	c.say(Sign{Field: FieldModel, State: model, Device: firstOf(c.dev.ModelID, c.dev.Model), Asset: firstOf(c.as.ModelID, c.as.Model)})
	c.say(Sign{Field: FieldManufacturer, State: m.compareMakers(d, a), Device: c.dev.Manufacturer, Asset: c.as.Manufacturer})
	x, y := deviceClass(c.dev), assetClass(c.as)
	c.say(Sign{Field: FieldClass, State: equalTexts(x.String(), y.String()), Device: x.String(), Asset: y.String()})
	site := m.siteOf(c.dev)
	c.say(Sign{Field: FieldSite, State: equalTexts(site, c.as.Site), Device: site, Asset: c.as.Site})
}

// say adds a sign that is not missing.
func (c *comparer) say(s Sign) {
	if s.State == Missing {
		return
	}
	if !c.values {
		s.Device, s.Asset = "", ""
	}
	c.p.evidence = append(c.p.evidence, s)
}

func (c *comparer) hold(r Rung, solid bool) {
	c.p.rungs |= 1 << r
	if solid {
		c.p.solid |= 1 << r
		c.p.strong |= 1 << r
	}
}

// holdBy holds a rung by a sign that agrees.
func (c *comparer) holdBy(r Rung, s *Sign) {
	c.hold(r, s.Why == 0 && s.Shared == 0)
	if s.Why == 0 {
		c.p.strong |= 1 << r
	}
}

func (c *comparer) link() {
	m := c.m
	l := m.ownLink(c.d)
	if l == nil || m.findAsset(l.Asset) != c.a {
		l = nil
		for _, row := range m.linkClaims(c.d, c.f, nil) {
			if row.asset == c.a {
				l = row.link
			}
		}
	}
	if l != nil {
		c.p.linked = true
		c.say(Sign{Field: FieldLink, State: Agrees, Device: l.Device, Asset: l.Asset})
		c.hold(RungKnown, true)
	}
}

// both returns what two values say. Shared is set if several devices or assets
// have the value.
func both(f Field, x, y ident.ID) Sign {
	s := Sign{Field: f, Device: x.Raw, Asset: y.Raw}
	switch {
	case x.Quality == ident.Absent || y.Quality == ident.Absent:
		if s.Why = badReasons(x) | badReasons(y); s.Why != 0 {
			s.State = Unused
		}
		return s
	case !x.Usable() || !y.Usable():
		s.State, s.Why = Unused, badReasons(x)|badReasons(y)
		return s
	case x.Equal(y):
		s.State = Agrees
	case x.Quality == ident.Strong && y.Quality == ident.Strong:
		s.State = Differs
		return s
	default:
		s.State = Unclear
	}
	s.Why = (x.Reasons | y.Reasons) &^ ident.ReasonAttribute
	return s
}

// badReasons returns why a value is not usable.
func badReasons(id ident.ID) ident.Reasons {
	if id.Quality == ident.Junk {
		return id.Reasons &^ ident.ReasonAttribute
	}
	return 0
}

// shared sets how many devices or assets have a value that agrees.
func (c *comparer) shared(s *Sign, devices, assets *index, key uint64) {
	_, n := assets.one(key)
	if n = max(n, c.m.sharedBy(devices, key)); n > 1 {
		s.Shared = n
	}
}

func (c *comparer) serial() {
	x, y := c.f.serial, c.m.assetSerial(c.a)
	if x.Kind == ident.KindUnknown {
		x = c.m.deviceSerial(c.d)
	}
	s := both(FieldSerial, x, y)
	if s.State == Agrees {
		key := c.m.devices.serial.key[c.d]
		c.shared(&s, c.m.devices.bySerial, c.m.assets.bySerial, key)
		if c.m.collided[key] && s.Shared == 0 {
			s.Shared = 2
		}
		c.holdBy(RungSerial, &s)
	}
	if s.State == Differs && x.Folded == y.Folded {
		s.State = Unclear
	}
	c.say(s)
}

func (c *comparer) id(f Field, read func(string) ident.ID, dev, as string, devices, assets *index, key func(ident.ID) uint64) {
	x := read(dev)
	s := both(f, x, read(as))
	if s.State == Agrees {
		c.shared(&s, devices, assets, key(x))
		c.holdBy(RungKnown, &s)
	}
	c.say(s)
}
