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

// facts are what the policy asks about a device.
type facts struct {
	serial  ident.ID
	apple   bool
	virtual bool
	good    bool // the serial is strong and nobody else has it
}

// coldDevice is a device that one clear claim does not settle.
type coldDevice struct {
	claims []claim
	twins  fieldSet // identifiers of the best kind that several assets have
	pos    uint32   // position in Matching.colds
}

func (m *Matching) factsOf(d uint32) facts {
	dev := m.device(d)
	f := facts{apple: dev.Apple}
	if k := m.devices.serial.key[d]; k != 0 {
		f.serial = m.deviceSerial(d)
		f.good = f.serial.Quality == ident.Strong && !m.collided[k] && m.sharedBy(m.devices.bySerial, k) < 2
	}
	f.virtual = f.serial.Traits.Has(ident.TraitVirtual)
	if !f.apple && !f.virtual {
		f.virtual = m.virtualMACs(dev)
	}
	return f
}

// virtualMACs reports whether all addresses of a device are those of virtual
// machines; a computer that runs one has others as well.
func (m *Matching) virtualMACs(dev *Device) bool {
	if dev.WiFi != "" && !m.rules.MAC(dev.WiFi).Traits.Has(ident.TraitVirtual) {
		return false
	}
	for _, raw := range dev.Ethernet {
		if !m.rules.MAC(raw).Traits.Has(ident.TraitVirtual) {
			return false
		}
	}
	return dev.WiFi != "" || len(dev.Ethernet) > 0
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
	if m.on(f, RungKnown) {
		c.known(d, main, FieldUDID, m.devices.byUUID, m.assets.byUUID, m.devices.uuid.key[d])
		c.known(d, main, FieldDirectoryID, m.devices.byDirectory, m.assets.byDirectory, m.devices.directory.key[d])
	}
	if m.on(f, RungIMEI) {
		twins |= c.imeis(d, main)
	}
	if m.on(f, RungWiFi) || m.steps[index01(f.apple)][RungLooseMAC] == Auto {
		c.macs(d, f, main)
	}
	c.list = slices.DeleteFunc(c.list, func(cl claim) bool { return m.rejects(d, cl.asset) })
	if len(c.list) == 1 && twins == 0 {
		return nil
	}
	return &coldDevice{twins: twins}
}

func index01(b bool) int {
	if b {
		return 1
	}
	return 0
}

// on reports whether the policy looks at a rung at all.
func (m *Matching) on(f *facts, r Rung) bool { return m.steps[index01(f.apple)][r] != Off }

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

// looksAlike reports whether the model or the name agrees.
func (m *Matching) looksAlike(d, a uint32) bool {
	return m.deviceModels(d).compare(m.assetModels(a)) == Agrees || m.deviceName(d).Equal(m.assetName(a))
}

// second returns what agrees besides the serial: the model, the manufacturer
// or an address that is nobody else's; FieldNone if nothing does.
func (m *Matching) second(d, a uint32) Field {
	dev, as := m.device(d), m.asset(a)
	switch {
	case dev.Apple && sameModel(dev, as), m.deviceModels(d).compare(m.assetModels(a)) == Agrees:
		return FieldModel
	case m.compareMakers(d, a) == Agrees:
		return FieldManufacturer
	}
	col := &m.devices.mac
	for e, end := col.of(d); e < end; e++ {
		if b, _ := m.assets.byMAC.one(col.key[e]); b == a && m.assetMAC(a, col.key[e]).Quality == ident.Strong &&
			m.sharedBy(m.devices.byMAC, col.key[e]) < 2 {
			return m.macField(d, col.key[e])
		}
	}
	return FieldNone
}

// sameModel reports whether the models are spelled alike. Apple's firmware
// knows no placeholders.
func sameModel(dev *Device, as *Asset) bool {
	return dev.ModelID != "" && dev.ModelID == as.ModelID || dev.Model != "" && dev.Model == as.Model
}

// best returns the best rung by which the policy lets a claim decide; none if
// there is none.
func (m *Matching) best(f *facts, d uint32, c claim) Rung {
	best := RungNone
	for r := RungNone + 1; r < rungEnd; r++ {
		if !c.rungs.has(r) || best != RungNone && m.place[best] <= m.place[r] {
			continue
		}
		if mode, _ := m.limit(f, d, c.asset, r, c.link != nil, nil); mode == Auto {
			best = r
		}
	}
	return best
}

// limit returns what the policy lets a rung do for a pair, and adds the
// reasons why that is not Auto to held, unless held is nil.
func (m *Matching) limit(f *facts, d, a uint32, r Rung, linked bool, held []Reason) (Mode, []Reason) {
	mode := m.steps[index01(f.apple)][r]
	lower := func(to Mode, code Code) {
		if to < mode {
			mode = to
		}
		if held != nil && to < Auto {
			held = append(held, Reason{Code: code})
		}
	}
	lower(mode, CodeRungSuggests)
	if f.virtual {
		lower(m.policy.Virtual.of(f.apple), CodeVirtual)
	}
	if !f.good && !(r == RungKnown && linked) {
		lower(m.policy.NoSerial.of(f.apple), CodeNeedsSerial)
	}
	if r == RungSerial && mode == Auto {
		switch {
		case m.policy.Serials == TrustNone:
			lower(Suggest, CodeUntrusted)
		case m.policy.Serials == TrustApple && !f.apple && m.second(d, a) == FieldNone:
			lower(Suggest, CodeNeedsAgreement)
		}
	}
	if v := m.pair(d, a); v.reject != nil && v.reopened {
		lower(Suggest, CodeReopened)
	}
	return mode, held
}
