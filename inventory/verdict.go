package inventory

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/match"
)

// verdict is what is planned for one device, without the change that is to be
// written: the changes of all devices are far more than the devices. They are
// made when they are about to be written.
type verdict struct {
	device   string
	known    *known        // of a device that is not there; nil = it is there
	outcome  match.Outcome // of a device that is there
	action   Action
	identity bool   // an identifier of the asset is written
	certain  bool   // the link was beyond doubt before
	held     string // code of the hold that keeps it back; "" = none
}

// tally is what a plan counts and what a person should look at.
type tally struct {
	outcomes   map[string]int
	life       map[string]int
	attributes Attributes
	warnings   []Warning
	damage     error // the first stored data that could not be read; nil = none
}

func newTally() *tally { return &tally{outcomes: map[string]int{}, life: map[string]int{}} }

// batch is how many moves are weighed at a time.
const batch = 4096

// judge plans what is done about every device, up to the changes themselves.
func (p *planner) judge() error {
	p.spare = make([]FieldChange, 0, len(p.rules))
	p.verdicts = make([]verdict, 0, max(64, len(p.order)-len(p.own)))
	for o := range match.Run(p.matchInput()) {
		m := p.begin()
		p.device(m, o)
		p.inherited(m)
		if err := p.add(m); err != nil {
			return err
		}
	}
	p.links, p.decided = nil, nil
	for _, k := range p.known {
		if k.Connection != p.Connection.ID || p.readings[k.Device] != nil {
			continue
		}
		m := p.begin()
		p.farewell(m, k)
		if err := p.add(m); err != nil {
			return err
		}
	}
	err := p.weigh()
	if err = cmp.Or(err, p.damage); err != nil {
		return err
	}
	slices.SortFunc(p.verdicts, func(a, b verdict) int { return strings.Compare(a.device, b.device) })
	p.hold()
	return nil
}

// begin starts a move, which is valid until the next one begins.
func (p *planner) begin() *move {
	p.moves = append(p.moves, move{})
	m := &p.moves[len(p.moves)-1]
	m.Fields = p.spare[:0]
	return m
}

// add adds the verdict of the last move, now or when it is weighed.
func (p *planner) add(m *move) error {
	switch {
	case m.evident():
		p.verdicts = append(p.verdicts, m.verdict())
		fallthrough
	case m.Action == "" || m.goes():
		p.moves = p.moves[:len(p.moves)-1]
	case len(p.moves) == batch:
		return p.weigh()
	}
	return nil
}

// weigh finds out which moves change what is stored.
func (p *planner) weigh() error {
	changes := make([]bool, len(p.moves))
	err := parallel(len(p.moves), func(from, to int) error {
		for i := from; i < to; i++ {
			m := &p.moves[i]
			same, err := m.data.same(&m.known.data)
			if err != nil {
				return fmt.Errorf("inventory: device %s: %w", m.Device, err)
			}
			changes[i] = !same
		}
		return nil
	})
	for i := range p.moves {
		if changes[i] {
			p.verdicts = append(p.verdicts, p.moves[i].verdict())
		}
	}
	clear(p.moves)
	p.moves = p.moves[:0]
	return err
}

func (m *move) verdict() verdict {
	v := verdict{device: m.Device, outcome: m.outcome, action: m.Action}
	v.outcome.Warnings, v.outcome.Trace, v.outcome.Aliases = nil, nil, nil
	if m.at == nil {
		v.known = m.known
	}
	v.certain = m.known != nil && (m.known.data.Outcome == match.Linked || m.known.data.Outcome == match.AutoLinked)
	v.identity = slices.ContainsFunc(m.Fields, func(f FieldChange) bool { return identityKeys.Has(f.From) })
	return v
}

// evident reports whether the move changes what is stored, as can be seen
// without a look at the data.
func (m *move) evident() bool {
	if m.at == nil {
		return m.Action != "" && m.Action != ActionNote
	}
	return m.known == nil || m.writes() || m.at.fresh && m.at.changed ||
		m.old.State != m.next.State || m.old.Asset != m.next.Asset || m.old.Name != m.next.Name || m.old.Serial != m.next.Serial
}

// pending are the verdicts that no hold keeps back.
func (p *planner) pending() []*verdict {
	todo := make([]*verdict, 0, len(p.verdicts))
	for i := range p.verdicts {
		if v := &p.verdicts[i]; v.held == "" {
			todo = append(todo, v)
		}
	}
	return todo
}

// steps makes the steps of verdicts. What was counted is not counted again.
func (p *planner) steps(all []*verdict) ([]Step, error) {
	steps := make([]Step, len(all))
	err := parallel(len(all), func(from, to int) error {
		q := *p
		q.tally, q.printer = newTally(), printer{}
		var b bytes.Buffer
		var m move
		for i := from; i < to; i++ {
			m = move{}
			if v := all[i]; v.known != nil {
				q.farewell(&m, v.known)
			} else {
				q.device(&m, v.outcome)
			}
			err := q.finish(&m, &b)
			if err = cmp.Or(err, q.damage); err != nil { // damage may have been found just now
				return err
			}
			steps[i] = m.Step
			steps[i].Held = all[i].held
		}
		return nil
	})
	return steps, err
}

// finish makes the change of a move, with the help of a buffer.
func (p *planner) finish(m *move, b *bytes.Buffer) error {
	if m.at != nil && m.at.fresh {
		p.remember(m)
	}
	p.write(m)
	var err error
	if m.next.Data, err = m.data.encodeWith(b, m.left, m.record); err != nil {
		return fmt.Errorf("inventory: device %s: %w", m.Device, err)
	}
	m.Change = Change{Key: p.Connection.key(m.Device, m.data.Births), Asset: m.asset, Entry: m.next, Remove: m.Change.Remove}
	return nil
}

// write makes the asset that the move writes, and notes what it leaves there.
func (p *planner) write(m *move) {
	switch {
	case m.born:
		asset := p.Connection.newAsset(m.at.record, p.nameOf(m.at.record), m.data.Births)
		m.asset = &asset
	case len(m.Fields) > 0:
		changed := p.assets.asset(m.to)
		changed.Values = maps.Clone(changed.Values)
		m.asset = &changed
	}
	if m.asset != nil && m.asset.Values == nil {
		m.asset.Values = make(map[string]string, len(m.Fields))
	}
	for _, f := range m.Fields {
		m.asset.Values[f.Field] = f.New
	}
	p.leave(m)
}
