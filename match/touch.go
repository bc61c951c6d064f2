package match

// Records are scattered over memory, so most of the time goes into waiting for
// it. Touching a batch of records before they are looked at lets the processor
// wait for all of them at once.

// batch is the number of records that are touched together.
const batch = 32

// touched keeps the compiler from leaving out what is read only to be near.
type touched byte

func (t *touched) text(s string) {
	if len(s) > 0 {
		*t ^= touched(s[0])
	}
}

func (t *touched) texts(all []string) {
	if len(all) > 0 {
		t.text(all[0])
	}
}

// touchDevice touches what deviceKeys reads, and touchAsset what assetKeys does.
func (s *snapshot) touchDevice(t *touched, i int) {
	d := &s.in.Devices[i]
	t.text(d.Serial)
	t.text(d.UDID)
	t.text(d.WiFi)
	t.texts(d.IMEIs)
	t.texts(d.Ethernet)
	t.text(d.AssetTag)
	t.text(d.DirectoryID)
}

func (s *snapshot) touchAsset(t *touched, i int) {
	a := &s.in.Assets[i]
	t.text(a.ID)
	t.text(a.Serial)
	t.text(a.UDID)
	t.texts(a.MACs)
	t.text(a.AssetTag)
	t.texts(a.IMEIs)
	t.text(a.DirectoryID)
}

// touch touches where a key is looked up.
func (x *index) touch(t *touched, key uint64) {
	if x.slots != nil {
		*t ^= touched(x.slots[key*prime1>>x.shift])
	}
}

// touchClaims touches what the claims of a batch of devices need.
func (m *Matching) touchClaims(t *touched, from, to int) {
	for i := from; i < to; i++ {
		d := uint32(i)
		dev := m.device(d)
		t.text(dev.Serial)
		t.text(dev.Model)
		m.assets.bySerial.touch(t, m.devices.serial.key[d])
		m.assets.byUUID.touch(t, m.devices.uuid.key[d])
		m.assets.byIMEI.touch(t, m.devices.imei.first(d))
		m.assets.byMAC.touch(t, m.devices.mac.first(d))
		m.assets.byTag.touch(t, m.devices.tag.key[d])
	}
	var found [batch]uint32
	for i := from; i < to; i++ {
		found[i-from] = m.assets.bySerial.find(m.devices.serial.key[i])
	}
	for _, a := range found[:to-from] {
		if a == none {
			continue
		}
		as := m.asset(a)
		t.text(as.Serial)
		*t ^= touched(as.Class)
		*t ^= touched(m.assets.serial.key[a])
	}
}

// touchOutcomes touches what the outcomes of a batch of devices need.
func (m *Matching) touchOutcomes(t *touched, devices []uint32) {
	for _, d := range devices {
		*t ^= touched(len(m.device(d).ID)) ^ touched(m.primary[d]) ^ touched(m.rung[d]) ^ touched(m.fields[d])
		if a := m.claim[d]; a < undecided {
			*t ^= touched(len(m.asset(a).ID))
		}
	}
}

// batches calls f for parts of from to to.
func batches(from, to int, f func(from, to int)) {
	for ; from < to; from += batch {
		f(from, min(from+batch, to))
	}
}
