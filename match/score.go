package match

import (
	"math"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// judge finds the best rung and what holds it back.
func (c *comparer) judge() {
	p := &c.p
	for _, step := range c.m.policy.Ladder {
		r := step.Rung
		if !p.rungs.has(r) || !c.m.on(c.f, r) {
			continue
		}
		mode, held := c.m.limit(c.f, c.d, c.a, r, p.linked, make([]Reason, 0, 4))
		if mode == Off {
			continue
		}
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
	case FieldReplaces:
		return RungReplacement
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
