package match

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// fieldSet is a set of fields, rungSet one of rungs.
type (
	fieldSet uint32
	rungSet  uint16
)

func (s fieldSet) has(f Field) bool { return s>>f&1 != 0 }
func (s rungSet) has(r Rung) bool   { return s>>r&1 != 0 }

// claim is an asset that a device is by agreement of the best kind: strong
// values that nobody else has. What it may do is for the policy to say.
type claim struct {
	asset  uint32
	fields fieldSet
	rungs  rungSet
	link   *Link // the earlier link that shows it, if one does
}

// coldDevice is a device that one clear claim does not settle.
type coldDevice struct {
	claims []claim
	twins  fieldSet // identifiers of the best kind that several assets have
	pos    uint32   // position in Matching.colds
}

// claimer makes the claims of one device after another.
type claimer struct {
	m    *Matching
	cold map[uint32]*coldDevice
	list []claim
	buf  []uint32
	rows []linkClaim

	touched touched
}

func (m *Matching) makeClaims() {
	n := len(m.order)
	m.claim, m.fields, m.rung = make([]uint32, n), make([]fieldSet, n), make([]Rung, n)
	parts := make([]claimer, chunks(n))
	parallel(n, func(p, from, to int) {
		c := claimer{m: m, cold: map[uint32]*coldDevice{}}
		batches(from, to, func(from, to int) {
			m.touchClaims(&c.touched, from, to)
			for d := from; d < to; d++ {
				m.claim[d] = c.settle(uint32(d))
			}
		})
		parts[p] = c
	})
	m.cold = parts[0].cold
	for _, p := range parts[1:] {
		for d, cold := range p.cold {
			m.cold[d] = cold
		}
	}
	for d, asset := range m.claim {
		if asset == undecided {
			m.cold[uint32(d)].pos = uint32(len(m.colds))
			m.colds = append(m.colds, uint32(d))
		}
	}
}

// settle returns the one asset that a device is beyond doubt, none if it needs
// no claim, and undecided otherwise.
func (c *claimer) settle(d uint32) uint32 {
	m := c.m
	if m.primary[d] != d || m.ignore[d] != nil || m.twiceDevice[d] {
		return none
	}
	if dec := m.pin[d]; dec != nil {
		if a := m.findAsset(dec.Asset); a != none && m.otherTaker(d, a) == none {
			return none
		}
	} else if l := m.ownLink(d); l != nil {
		a := m.findAsset(l.Asset)
		s, _ := m.assets.bySerial.one(m.devices.serial.key[d])
		if a != none && (s == a || s == none) && len(m.linkVetoes(d, a, l)) == 0 {
			return none
		}
	}
	f := m.factsOf(d)
	cold := c.collect(d, &f)
	if cold == nil {
		only := c.list[0]
		if m.clear(&f, d, only) {
			return only.asset
		}
		cold = &coldDevice{}
	}
	cold.claims = slices.Clone(c.list)
	c.cold[d] = cold
	return undecided
}

// clear reports whether a claim links a device, if it is the only one, and
// notes how.
func (m *Matching) clear(f *facts, d uint32, c claim) bool {
	if m.ownLink(d) != nil || m.pin[d] != nil {
		return false
	}
	rung := m.best(f, d, c)
	if rung == RungNone || len(m.vetoes(d, c.asset, nil)) > 0 {
		return false
	}
	fields := c.fields
	if sameModel(m.device(d), m.asset(c.asset)) || !f.apple {
		fields |= 1 << m.second(d, c.asset) &^ 1
	}
	m.rung[d], m.fields[d] = rung, fields
	return true
}

// collect gathers the claims of a device in c.list. It returns nil if there is
// exactly one asset and nothing that contradicts it.
func (c *claimer) collect(d uint32, f *facts) *coldDevice {
	m := c.m
	c.list = c.list[:0]
	var twins fieldSet
	if m.on(f, RungSerial) && f.good {
		twins |= c.serial(d, f)
	}
	if len(m.aliases[d]) > 0 || len(m.links.rows) > 0 {
		c.linked(d, f)
	}
	// A clear claim by serial makes it unnecessary to read what points to the
	// same asset.
	main := none
	if len(c.list) == 1 && twins == 0 && m.best(f, d, c.list[0]) != RungNone {
		main = c.list[0].asset
	}
	if m.on(f, RungKnown) && m.most(f) != Off {
		c.known(d, main, FieldUDID, m.devices.byUUID, m.assets.byUUID, m.devices.uuid.key[d])
		c.known(d, main, FieldDirectoryID, m.devices.byDirectory, m.assets.byDirectory, m.devices.directory.key[d])
	}
	if m.on(f, RungIMEI) {
		twins |= c.imeis(d, main)
	}
	if m.on(f, RungWiFi) || m.steps[index01(f.apple)][RungLooseMAC] == Auto {
		c.macs(d, f, main)
	}
	if len(c.list) > 0 && m.on(f, RungAssetTag) {
		c.tag(d)
	}
	c.list = slices.DeleteFunc(c.list, func(cl claim) bool { return m.rejects(d, cl.asset) })
	if len(c.list) == 1 && twins == 0 {
		return nil
	}
	return &coldDevice{twins: twins}
}

func (c *claimer) add(asset uint32, f Field, r Rung, l *Link) {
	for i := range c.list {
		if c.list[i].asset == asset {
			c.list[i].fields |= 1 << f
			c.list[i].rungs |= 1 << r
			if l != nil && c.list[i].link == nil {
				c.list[i].link = l
			}
			return
		}
	}
	c.list = append(c.list, claim{asset, 1 << f, 1 << r, l})
}

func (c *claimer) serial(d uint32, f *facts) (twins fieldSet) {
	m := c.m
	c.buf = c.buf[:0]
	key := m.devices.serial.key[d]
	a, n := m.assets.bySerial.one(key)
	if n > 1 {
		c.buf, _ = m.assets.bySerial.records(key, c.buf)
	} else if n == 1 {
		c.buf = append(c.buf, a)
	}
	equal := none
	for _, a := range c.buf {
		if !m.hasSerial(a, f.serial) || m.rejects(d, a) {
			continue
		}
		if equal != none {
			return 1 << FieldSerial
		}
		equal = a
	}
	if equal != none && n == 1 {
		c.add(equal, FieldSerial, RungSerial, nil)
	}
	return 0
}

func (c *claimer) linked(d uint32, f *facts) {
	if !c.m.on(f, RungKnown) {
		return
	}
	c.rows = c.m.linkClaims(d, f, c.rows[:0])
	for _, l := range c.rows {
		c.add(l.asset, FieldLink, RungKnown, l.link)
	}
}

// known claims by an id that the asset has from the MDM.
func (c *claimer) known(d, main uint32, field Field, devices, assets *index, key uint64) {
	a, n := assets.one(key)
	if n != 1 || a == main || c.m.sharedBy(devices, key) > 1 {
		return
	}
	dev, as := c.m.device(d), c.m.asset(a)
	read, x, y := c.m.rules.UUID, dev.UDID, as.UDID
	if field == FieldDirectoryID {
		read, x, y = c.m.rules.DirectoryID, dev.DirectoryID, as.DirectoryID
	}
	if bothStrong(read(x), read(y)) {
		c.add(a, field, RungKnown, nil)
	}
}

func (c *claimer) imeis(d, main uint32) (twins fieldSet) {
	m := c.m
	col := &m.devices.imei
	for e, end := col.of(d); e < end; e++ {
		key := col.key[e]
		a, n := m.assets.byIMEI.one(key)
		if n == 0 || n == 1 && a == main || n > maxShared || m.sharedBy(m.devices.byIMEI, key) > 1 {
			continue
		}
		id := withKey(m.deviceIMEIs(d), key, imeiTextKey)
		c.buf, _ = m.assets.byIMEI.records(key, c.buf[:0])
		c.buf = slices.DeleteFunc(c.buf, func(a uint32) bool {
			return m.rejects(d, a) || !bothStrong(id, withKey(m.assetIMEIs(a), key, imeiTextKey))
		})
		switch {
		case len(c.buf) > 1:
			twins |= 1 << FieldIMEI
		case len(c.buf) == 1 && n == 1:
			c.add(c.buf[0], FieldIMEI, RungIMEI, nil)
		}
	}
	return twins
}

// macs claims by addresses. One that is built in counts if the model or the
// name agrees; any other only if the policy lets RungLooseMAC decide.
func (c *claimer) macs(d uint32, f *facts, main uint32) {
	m := c.m
	col := &m.devices.mac
	loose := m.steps[index01(f.apple)][RungLooseMAC] == Auto
	for e, end := col.of(d); e < end; e++ {
		key := col.key[e]
		a, n := m.assets.byMAC.one(key)
		if n != 1 || a == main {
			continue
		}
		built := m.builtIn(d, key)
		if !built && !loose || m.sharedBy(m.devices.byMAC, key) > 1 {
			continue
		}
		id := m.assetMAC(a, key)
		switch {
		case !id.Usable():
		case built && m.on(f, RungWiFi) && id.Quality == ident.Strong && m.looksAlike(d, a):
			c.add(a, m.macField(d, key), RungWiFi, nil)
		case loose:
			c.add(a, m.macField(d, key), RungLooseMAC, nil)
		}
	}
}

// tag claims the asset whose label the device has, if another one was claimed
// by other values: a label may not be enough to link, but it is enough to doubt
// that the serials of two assets were not interchanged.
func (c *claimer) tag(d uint32) {
	m := c.m
	key := m.devices.tag.key[d]
	a, n := m.assets.byTag.one(key)
	if n != 1 || slices.ContainsFunc(c.list, func(cl claim) bool { return cl.asset == a }) || m.sharedBy(m.devices.byTag, key) > 1 {
		return
	}
	dev, as := m.device(d), m.asset(a)
	if bothStrong(m.rules.AssetTag(dev.AssetTag, hintsOf(dev)), m.rules.AssetTag(as.AssetTag, assetHints(as))) {
		c.add(a, FieldAssetTag, RungAssetTag, nil)
	}
}

func (m *Matching) assetMAC(a uint32, key uint64) ident.ID {
	for _, raw := range m.asset(a).MACs {
		if k, ok := plainMAC(raw); ok && k != key {
			continue
		}
		if id := withKey(m.rules.MACs(raw), key, macTextKey); id.Kind != 0 {
			return id
		}
	}
	return ident.ID{}
}

// macField says whether an address of the device is its Wi-Fi address.
func (m *Matching) macField(d uint32, key uint64) Field {
	if macKey(m.rules, m.device(d).WiFi) == key {
		return FieldWiFi
	}
	return FieldEthernet
}

// builtIn reports whether an address of the device may be taken for built in.
func (m *Matching) builtIn(d uint32, key uint64) bool {
	if m.macField(d, key) == FieldWiFi {
		return true
	}
	return m.policy.BuiltInEthernet && m.device(d).WiFi == ""
}
