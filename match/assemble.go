package match

import (
	"iter"
	"slices"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// block is the number of outcomes that are made before the first of them is
// yielded.
const block = 16 * minChunk

// Outcomes yields one outcome for each device, in the order of their ids.
func (m *Matching) Outcomes() iter.Seq[Outcome] {
	return func(yield func(Outcome) bool) {
		made := make([]Outcome, min(block, len(m.order)))
		writers := make([]writer, chunks(len(made)))
		for i := range writers {
			writers[i] = m.writer()
		}
		for from := 0; from < len(m.order); from += block {
			devices := m.order[from:min(from+block, len(m.order))]
			parallel(len(devices), func(p, from, to int) {
				batches(from, to, func(from, to int) {
					m.touchOutcomes(&writers[p].touched, devices[from:to])
					for i := from; i < to; i++ {
						made[i] = writers[p].outcome(devices[i])
					}
				})
			})
			for _, o := range made[:len(devices)] {
				if !yield(o) {
					return
				}
			}
		}
	}
}

// Outcome returns the outcome for the device of an id; false if there is no
// such device, or more than one.
func (m *Matching) Outcome(device string) (Outcome, bool) {
	d := m.findDevice(device)
	if d == none {
		return Outcome{}, false
	}
	w := m.writer()
	return w.outcome(d), true
}

// writer writes outcomes. Reasons without arguments are shared among them.
type writer struct {
	m     *Matching
	links map[fieldSet][]Reason

	touched touched
}

func (m *Matching) writer() writer { return writer{m: m, links: map[fieldSet][]Reason{}} }

func (w *writer) outcome(d uint32) Outcome {
	m := w.m
	o := Outcome{Device: m.device(d).ID, Warnings: m.warnings(d)}
	for _, alias := range m.aliases[d] {
		o.Aliases = append(o.Aliases, m.device(alias).ID)
	}
	switch asset := m.claim[d]; {
	case m.twiceDevice[d]:
		o.Kind, o.Reasons = Invalid, []Reason{{Code: CodeDuplicateID, Value: o.Device}}
	case m.primary[d] != d:
		w.alias(d, &o)
	case m.ignore[d] != nil:
		o.Kind, o.Reasons = Ignored, []Reason{{Code: CodeIgnored, Other: m.ignore[d].name()}}
	case m.pin[d] != nil:
		w.pinned(d, &o)
	case m.ownLink(d) != nil:
		w.linked(d, &o)
	case asset == undecided:
		w.cold(d, &o)
	default:
		w.clear(d, asset, &o)
	}
	return o
}

func (m *Matching) warnings(d uint32) []Reason {
	var all []Reason
	for _, alias := range m.aliases[d] {
		all = append(all, Reason{Code: CodeDuplicateRecord, Other: m.device(alias).ID})
	}
	return append(append(all, m.notes[d]...), m.news[d]...)
}

func (w *writer) alias(d uint32, o *Outcome) {
	o.Kind, o.AliasOf = Alias, w.m.device(w.m.primary[d]).ID
	if by, ok := w.m.merged[d]; ok {
		o.Reasons = []Reason{{Code: CodeMerged, Other: o.AliasOf, Value: by}}
		return
	}
	o.Reasons = []Reason{{Code: CodeDuplicateRecord, Other: o.AliasOf}}
}

func (w *writer) pinned(d uint32, o *Outcome) {
	m := w.m
	dec := m.pin[d]
	o.Asset, o.Rung = dec.Asset, RungKnown
	a := m.findAsset(dec.Asset)
	switch {
	case a == none:
		o.Kind, o.Reasons = Blocked, []Reason{{Code: CodeAssetMissing, Other: dec.Asset}}
	case m.otherTaker(d, a) != none:
		o.Kind, o.Reasons = Blocked, []Reason{{Code: CodeAssetTaken, Other: m.device(m.otherTaker(d, a)).ID}}
	default:
		o.Kind, o.Reasons = Linked, []Reason{{Code: CodePinned, Other: dec.name()}}
		return
	}
	w.offer(d, o)
}

func (w *writer) linked(d uint32, o *Outcome) {
	m := w.m
	l := m.ownLink(d)
	a := m.findAsset(l.Asset)
	o.Asset, o.Rung = l.Asset, RungKnown
	if a == none {
		o.Kind, o.Reasons = Blocked, []Reason{{Code: CodeAssetMissing, Other: l.Asset}}
		w.offer(d, o)
		return
	}
	if v := m.linkVetoes(d, a, l); len(v) > 0 {
		o.Kind, o.Reasons = Blocked, v
		w.offer(d, o)
		return
	}
	o.Kind = Linked
	o.Reasons = linkedBefore
	if v := m.pair(d, a); v.accept != nil && !v.reopened {
		o.Reasons = append(slices.Clone(o.Reasons), Reason{Code: CodeReplaceAccepted, Other: v.accept.name()})
	} else if r, ok := m.serialCorrected(d, a, l); ok {
		o.Reasons = append(slices.Clone(o.Reasons), r)
	}
}

var linkedBefore = []Reason{{Code: CodeLinkedBefore}}

// serialCorrected reports whether the serial of a device is another than when
// it was linked, and the asset has the new one.
func (m *Matching) serialCorrected(d, a uint32, l *Link) (Reason, bool) {
	if l.Serial == "" || m.devices.serial.key[d] != m.assets.serial.key[a] ||
		m.devices.serial.key[d] == serialKey(m.rules, l.Serial, false) {
		return Reason{}, false
	}
	then, now := m.rules.Serial(l.Serial, ident.Hints{}), m.deviceSerial(d)
	return Reason{Code: CodeSerialCorrected, Value: now.Text, Other: then.Text}, strongDiffer(then, now)
}

func (w *writer) clear(d, a uint32, o *Outcome) {
	m := w.m
	if r := m.rival(d, a); r != none {
		o.Kind, o.Rung = Ambiguous, m.rung[d]
		o.Reasons = []Reason{{Code: CodeContested, Other: m.device(r).ID}}
		w.offer(d, o)
		return
	}
	o.Kind, o.Asset, o.Rung = AutoLinked, m.asset(a).ID, m.rung[d]
	fields := m.fields[d]
	o.Reasons = w.agreeing(fields &^ (1 << FieldLink))
	if fields.has(FieldLink) {
		o.Reasons = append(m.linkReasons(d, a), o.Reasons...)
	}
}

// agreeing returns a reason for each field, the same slice for the same
// fields.
func (w *writer) agreeing(fields fieldSet) []Reason {
	if known, ok := w.links[fields]; ok {
		return known
	}
	var all []Reason
	for _, f := range Fields() {
		if fields.has(f) {
			all = append(all, Reason{Code: CodeAgrees, Field: f})
		}
	}
	w.links[fields] = slices.Clip(all)
	return w.links[fields]
}

// linkReasons says which earlier link shows what a device is.
func (m *Matching) linkReasons(d, a uint32) []Reason {
	f := m.factsOf(d)
	for _, row := range m.linkClaims(d, &f, nil) {
		if row.asset != a {
			continue
		}
		l := row.link
		if l.Connection != m.in.Connection {
			return []Reason{{Code: CodeLinkedElsewhere, Other: l.Connection, Value: l.Device}}
		}
		if r := m.findDevice(l.Device); r != none {
			return []Reason{{Code: CodeAliasLinked, Other: l.Device}}
		}
		return []Reason{{Code: CodeLinkFollowed, Other: l.Device}}
	}
	return nil
}

// cold decides about a device that one clear claim does not settle.
func (w *writer) cold(d uint32, o *Outcome) {
	m := w.m
	cold := m.cold[d]
	refused := w.offer(d, o)
	switch {
	case len(cold.claims) > 1:
		o.Kind = Ambiguous
		o.Reasons = []Reason{{Code: CodePointApart}, {Code: CodeSeveral, Count: len(o.Candidates)}}
	case cold.twins != 0:
		w.twins(cold, o)
	case len(cold.claims) == 1 && m.rival(d, cold.claims[0].asset) != none:
		o.Kind = Ambiguous
		o.Reasons = []Reason{{Code: CodeContested, Other: m.device(m.rival(d, cold.claims[0].asset)).ID}}
	case w.blocked(d, cold, o):
	case len(o.Candidates) > 0:
		o.Kind = Suggested
		o.Reasons = suggestionReasons(o.Candidates)
	default:
		w.unmatched(d, o, refused)
	}
}

// twins handles identifiers that several assets have.
func (w *writer) twins(cold *coldDevice, o *Outcome) {
	o.Kind = Ambiguous
	for _, f := range Fields() {
		if cold.twins.has(f) {
			n := 0
			for _, c := range o.Candidates {
				n = max(n, c.Evidence.Of(f).Shared)
			}
			o.Reasons = append(o.Reasons, Reason{Code: CodeShared, Field: f, Count: max(n, 2)})
		}
	}
	o.Reasons = append(o.Reasons, Reason{Code: CodeSeveral, Count: len(o.Candidates)})
}

// blocked handles a claim that would link but for its vetoes.
func (w *writer) blocked(d uint32, cold *coldDevice, o *Outcome) bool {
	if len(cold.claims) != 1 {
		return false
	}
	m, c := w.m, cold.claims[0]
	f := m.factsOf(d)
	vetoes := m.vetoes(d, c.asset, nil)
	rung := m.best(&f, d, c)
	if rung == RungNone || len(vetoes) == 0 {
		return false
	}
	o.Kind, o.Rung = Blocked, rung
	o.Reasons = append(vetoes, w.agreeing(c.fields)...)
	return true
}

func suggestionReasons(candidates []Candidate) []Reason {
	if len(candidates) > 1 {
		return []Reason{{Code: CodeSeveral, Count: len(candidates)}}
	}
	only := candidates[0]
	all := append([]Reason{{Code: CodeSingleCandidate}}, only.Held...)
	return append(all, only.Vetoes...)
}

func (w *writer) unmatched(d uint32, o *Outcome, refused []Reason) {
	m := w.m
	usable, bad := m.usable(d)
	if !usable {
		o.Kind = Invalid
		o.Reasons = append([]Reason{{Code: CodeNoIdentifier}}, bad...)
		return
	}
	o.Kind = Unmatched
	o.Reasons = append([]Reason{{Code: CodeNoCandidate}}, refused...)
	o.Reasons = append(o.Reasons, bad...)
}

// usable reports whether a device has any value by which it could be found,
// and returns what is wrong with the others.
func (m *Matching) usable(d uint32) (bool, []Reason) {
	dev := m.device(d)
	h := hintsOf(dev)
	any, bad := false, []Reason(nil)
	look := func(f Field, ids ...ident.ID) {
		for _, id := range ids {
			any = any || id.Usable()
			if why := badReasons(id); why != 0 {
				bad = append(bad, Reason{Code: CodeUnused, Field: f, Why: why})
			}
		}
	}
	look(FieldSerial, m.rules.Serial(dev.Serial, h))
	look(FieldUDID, m.rules.UUID(dev.UDID))
	look(FieldDirectoryID, m.rules.DirectoryID(dev.DirectoryID))
	look(FieldIMEI, m.deviceIMEIs(d)...)
	look(FieldWiFi, readMACs(m.rules, dev.WiFi)...)
	look(FieldEthernet, readMACs(m.rules, dev.Ethernet...)...)
	look(FieldAssetTag, m.rules.AssetTag(dev.AssetTag, h))
	look(FieldName, m.rules.Name(dev.Name, h))
	return any, bad
}
