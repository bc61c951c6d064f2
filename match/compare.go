package match

import (
	"math"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// pairing is all that there is to say about a device and an asset.
type pairing struct {
	asset    uint32
	evidence Evidence
	rungs    rungSet // rungs that hold
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
	model := m.deviceModels(d).compare(m.assetModels(a))
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
		c.hold(RungSerial, s.Why == 0 && s.Shared == 0)
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
		c.hold(RungKnown, s.Why == 0 && s.Shared == 0)
	}
	c.say(s)
}

func (c *comparer) imei() {
	xs, ys := c.m.deviceIMEIs(c.d), c.m.assetIMEIs(c.a)
	best := Sign{Field: FieldIMEI}
	for _, x := range xs {
		for _, y := range ys {
			s := both(FieldIMEI, x, y)
			if s.State == Agrees {
				c.shared(&s, c.m.devices.byIMEI, c.m.assets.byIMEI, imeiTextKey(x))
				c.hold(RungIMEI, s.Why == 0 && s.Shared == 0)
			}
			if best.State == Missing || better(s, best) {
				best = s
			}
		}
	}
	c.say(best)
}

// better reports whether of two signs of one field the first says more.
func better(a, b Sign) bool {
	rank := func(s Sign) int {
		switch {
		case s.State == Agrees && s.Why == 0 && s.Shared == 0:
			return 5
		case s.State == Agrees:
			return 4
		case s.State == Unclear:
			return 3
		case s.State == Differs:
			return 2
		case s.State == Unused:
			return 1
		}
		return 0
	}
	return rank(a) > rank(b)
}

// macs compares the device's addresses with those of the asset, whose kind is
// not known. That an address is not among them says something only about the
// one that is built in, and only if no other one is.
func (c *comparer) macs(alike bool) {
	all := readMACs(c.m.rules, c.as.MACs...)
	wifi := c.mac(FieldWiFi, c.dev.WiFi, all, alike)
	ether := Sign{Field: FieldEthernet}
	for _, raw := range c.dev.Ethernet {
		if s := c.mac(FieldEthernet, raw, all, alike); better(s, ether) {
			ether = s
		}
	}
	if wifi.State == Differs && ether.State == Agrees {
		wifi.State = Missing
	}
	if ether.State == Differs || ether.State == Unclear {
		ether.State = Missing
	}
	c.say(wifi)
	c.say(ether)
}

func (c *comparer) mac(f Field, raw string, all []ident.ID, alike bool) Sign {
	best := Sign{Field: f}
	for _, x := range c.m.rules.MACs(raw) {
		if s := both(f, x, ident.ID{}); len(all) == 0 && better(s, best) {
			best = s
		}
		for _, y := range all {
			s := both(f, x, y)
			if s.State == Agrees {
				key := macTextKey(x)
				c.shared(&s, c.m.devices.byMAC, c.m.assets.byMAC, key)
				if s.Why == 0 && s.Shared == 0 && alike && c.m.builtIn(c.d, key) {
					c.hold(RungWiFi, true)
				} else {
					c.hold(RungLooseMAC, s.Shared == 0)
				}
			} else if s.State == Unclear {
				s.State = Unused
			}
			if better(s, best) {
				best = s
			}
		}
	}
	return best
}

func (c *comparer) tag() {
	x := c.m.rules.AssetTag(c.dev.AssetTag, hintsOf(c.dev))
	s := both(FieldAssetTag, x, c.m.rules.AssetTag(c.as.AssetTag, assetHints(c.as)))
	if s.State == Agrees {
		if n := c.most(weakTag, textKey(x)); n > 1 {
			s.Shared = n
		}
		c.hold(RungAssetTag, s.Why == 0 && s.Shared == 0)
	}
	c.say(s)
}

// nearSerial looks for the serial of the device where it does not belong, or
// not quite as it is.
func (c *comparer) nearSerial() {
	x, y := c.f.serial, c.m.assetSerial(c.a)
	number := c.m.rules.Serial(c.as.Number, ident.Hints{})
	if x.Equal(number) {
		n := c.most(weakNumber, textKey(x))
		c.say(Sign{Field: FieldNumber, State: Agrees, Device: x.Raw, Asset: number.Raw, Shared: aboveOne(n)})
		c.hold(RungNearSerial, x.Quality == ident.Strong && n < 2)
	}
	for _, z := range [2]ident.ID{y, number} {
		if x.Folded == "" || x.Folded != z.Folded || x.Equal(z) {
			continue
		}
		n := c.most(weakFolded, hash(x.Folded))
		c.say(Sign{Field: FieldNearSerial, State: Agrees, Device: x.Raw, Asset: z.Raw, Shared: aboveOne(n)})
		c.hold(RungNearSerial, x.Quality == ident.Strong && n < 2)
		break
	}
	if c.m.replaces(c.d, c.a) {
		c.say(Sign{Field: FieldReplaces, State: Agrees, Device: c.dev.Replaces, Asset: c.as.Serial})
		n := c.most(weakReplaces, c.m.assets.serial.key[c.a])
		c.hold(RungReplacement, n < 2)
	}
}

// most returns how many devices or assets have a value, whatever is more.
func (c *comparer) most(kind weakKind, key uint64) int {
	if c.states {
		return 0
	}
	devices, assets := c.m.counts(kind, key)
	return max(devices, assets)
}

func aboveOne(n int) int {
	if n > 1 {
		return n
	}
	return 0
}

func (c *comparer) names(x, y ident.ID, model State) {
	s := both(FieldName, x, y)
	switch s.State {
	case Agrees:
		if n := c.most(weakName, hash(x.Key)); n > 1 {
			s.Shared = n
		}
		if s.Shared == 0 {
			c.hold(RungName, true)
		} else if model == Agrees {
			c.hold(RungSimilarName, false)
		}
	case Unclear:
		s.State = Differs // a name is never strong
		if k := skeletonKey([]byte(x.Folded)); k != 0 && k == skeletonKey([]byte(y.Folded)) {
			n := c.most(weakSkeleton, k)
			s = Sign{Field: FieldSimilarName, State: Agrees, Device: x.Raw, Asset: y.Raw, Shared: aboveOne(n)}
			if model == Agrees {
				c.hold(RungSimilarName, n < 2)
			}
		}
	}
	c.say(s)
}

func (c *comparer) user() {
	s := Sign{Field: FieldUser, Device: firstOf(c.dev.Login, c.dev.Email), Asset: firstOf(c.as.Login, c.as.Email)}
	for _, x := range [2]string{c.dev.Login, c.dev.Email} {
		for _, y := range [2]string{c.as.Login, c.as.Email} {
			switch state := equalTexts(x, y); {
			case state == Agrees:
				s.State = Agrees
			case s.State == Missing:
				s.State = state
			}
		}
	}
	c.say(s)
}

func equalTexts(a, b string) State {
	switch {
	case a == "" || b == "":
		return Missing
	case strings.EqualFold(a, b):
		return Agrees
	}
	return Differs
}

// judge finds the best rung and what holds it back.
func (c *comparer) judge() {
	p := &c.p
	for _, step := range c.m.policy.Ladder {
		r := step.Rung
		if !p.rungs.has(r) || !c.m.on(c.f, r) {
			continue
		}
		mode, held := c.m.limit(c.f, c.d, c.a, r, p.linked, make([]Reason, 0, 4))
		decides := mode == Auto && p.solid.has(r)
		if p.rung == RungNone || decides && !p.decides || p.solid.has(r) && !p.solid.has(p.rung) && !p.decides {
			p.rung, p.decides, p.held = r, decides, held
		}
		if p.decides {
			break
		}
	}
	if p.rung == RungNone || p.decides {
		p.held = nil
		return
	}
	for _, s := range p.evidence {
		if s.State == Agrees && rungOf(s.Field) == p.rung {
			if s.Shared > 0 {
				p.held = append(p.held, Reason{Code: CodeShared, Field: s.Field, Count: s.Shared})
			}
			if s.Why != 0 {
				p.held = append(p.held, Reason{Code: CodeWeak, Field: s.Field, Why: s.Why})
			}
		}
	}
}

// rungOf returns the rung for which a field must be strong and nobody else's.
func rungOf(f Field) Rung {
	switch f {
	case FieldUDID, FieldDirectoryID:
		return RungKnown
	case FieldSerial:
		return RungSerial
	case FieldIMEI:
		return RungIMEI
	case FieldWiFi, FieldEthernet:
		return RungLooseMAC
	case FieldAssetTag:
		return RungAssetTag
	case FieldNumber, FieldNearSerial:
		return RungNearSerial
	case FieldName, FieldSimilarName:
		return RungSimilarName
	}
	return RungNone
}

// score adds up the weights. What says the same twice counts once: a name that
// holds the serial, and maker and class of a model.
func (c *comparer) score() {
	p := &c.p
	serial, model := p.evidence.Of(FieldSerial).State, p.evidence.Of(FieldModel).State
	n := float64(max(1, len(c.m.in.Assets)))
	total := -math.Log2(n)
	for i := range p.evidence {
		s := &p.evidence[i]
		switch {
		case s.Field == FieldName && s.State == Agrees && serial == Agrees && s.Why.Has(ident.ReasonContainsSerial),
			(s.Field == FieldManufacturer || s.Field == FieldClass) && s.State == Agrees && model == Agrees,
			s.Field == FieldEthernet && p.evidence.Of(FieldWiFi).State == Agrees:
			continue
		}
		s.Bits = c.m.bits(s, n)
		total += s.Bits
	}
	p.bits = round(total)
}

// bits weighs a sign among n assets.
func (m *Matching) bits(s *Sign, n float64) float64 {
	field := s.Field
	if field == FieldWiFi && s.Why != 0 {
		field = FieldEthernet
	}
	w, ok := m.policy.Weights[field]
	if !ok {
		return 0
	}
	switch s.State {
	case Agrees:
		u := w.U
		if s.Shared > 0 {
			u = min(max(u, float64(s.Shared)/n), w.M)
		}
		b := math.Log2(w.M / u)
		if s.Why != 0 && field != FieldEthernet && field != FieldName && field != FieldSimilarName {
			b /= 2
		}
		return round(b)
	case Differs:
		return round(math.Log2((1 - w.M) / (1 - w.U)))
	}
	return 0
}

// round keeps scores the same on every machine.
func round(b float64) float64 { return math.Round(b*10) / 10 }
