package match

import (
	"github.com/mdmlink/mdmlink/mdm/ident"
)

// facts are what the policy asks about a device.
type facts struct {
	serial  ident.ID
	apple   bool
	virtual bool
	good    bool // the serial is strong and nobody else has it
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

func index01(b bool) int {
	if b {
		return 1
	}
	return 0
}

// on reports whether the policy looks at a rung at all. Earlier links are for
// all devices, whatever their serials.
func (m *Matching) on(f *facts, r Rung) bool {
	return m.steps[index01(f.apple)][r] != Off && (r == RungKnown || m.most(f) != Off)
}

// most returns the most that any rung may do for a device.
func (m *Matching) most(f *facts) Mode {
	most := Auto
	if f.virtual {
		most = m.policy.Virtual.of(f.apple)
	}
	if !f.good {
		most = min(most, m.policy.NoSerial.of(f.apple))
	}
	return most
}

// looksAlike reports whether the model or the name agrees.
func (m *Matching) looksAlike(d, a uint32) bool {
	return m.compareModels(d, a) == Agrees || m.deviceName(d).Equal(m.assetName(a))
}

// second returns what agrees besides the serial: the model, the manufacturer
// or an address that is nobody else's; FieldNone if nothing does.
func (m *Matching) second(d, a uint32) Field {
	dev, as := m.device(d), m.asset(a)
	switch {
	case dev.Apple && sameModel(dev, as), m.compareModels(d, a) == Agrees:
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
