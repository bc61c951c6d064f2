package match

import "iter"

// Matching is an Input with all that was found out about it. It is immutable
// and safe for concurrent use, but only while nobody changes the Input.
type Matching struct {
	*snapshot
	groups
	verdicts

	policy Policy
	steps  [2][rungEnd]Mode // by platform class (0 other, 1 Apple) and rung
	place  [rungEnd]uint8   // position in the ladder, for the choice of the best rung

	takers takers     // the devices that have assets
	claim  []uint32   // by device: the one asset it is beyond doubt; none or cold
	fields []fieldSet // by device: what agrees, for a clear claim
	rung   []Rung     // by device: the rung of a clear claim
	cold   map[uint32]*coldDevice
	colds  []uint32            // keys of cold, by their position
	rivals map[uint32][]uint32 // by asset: the devices that claim it, if several do
	search search              // weak agreements of the cold devices
	news   map[uint32][]Reason // by device: values that several devices share
}

// undecided is the claim of a device that is not settled by one clear claim;
// see Matching.cold.
const undecided = none - 1

// New matches the devices of an Input with its assets. A policy that does not
// Validate has no ladder: it links nothing beyond what is linked or pinned.
func New(in Input) *Matching { return newSnapshot(in).with(in.Policy) }

// Run matches the devices of a connection with the assets of its scope. It
// yields one outcome for each device, in the order of the devices' ids. The
// work is done when the sequence is read.
func Run(in Input) iter.Seq[Outcome] {
	return func(yield func(Outcome) bool) { New(in).Outcomes()(yield) }
}

// with applies a policy to a snapshot.
func (s *snapshot) with(p Policy) *Matching {
	if p.isZero() {
		p = Default()
	}
	m := &Matching{snapshot: s, policy: p}
	if p.Validate() == nil {
		for i, step := range p.Ladder {
			m.steps[0][step.Rung], m.steps[1][step.Rung] = step.Other, step.Apple
			m.place[step.Rung] = uint8(i)
		}
	} else {
		m.policy.Ladder = nil
	}
	m.collapse()
	m.decide()
	m.take()
	m.makeClaims()
	m.searchWeak()
	m.claimWeak()
	m.findRivals()
	m.findNews()
	return m
}

// Policy returns the policy that was applied.
func (m *Matching) Policy() Policy { return m.policy }
