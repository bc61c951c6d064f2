package inventory

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// decider carries out one decision. It works on the same move as a run does.
type decider struct {
	*move
	decision Decision
	planner  *planner
}

// newDecider reads the device, the asset, and who else is linked to it.
func newDecider(ctx context.Context, c Connection, store Store, d Decision) (*decider, error) {
	e, err := findEntry(ctx, c, store, d.Device)
	if err != nil {
		return nil, err
	}
	if d.Kind == DecideMerge && d.Into != "" {
		if _, err := findEntry(ctx, c, store, d.Into); err != nil {
			return nil, err
		}
	}
	assets := []string{}
	for _, id := range []string{d.Asset, e.Asset} {
		if id != "" {
			assets = append(assets, id)
		}
	}
	in := PlanInput{Connection: c, Now: d.At, Entries: []Entry{e}}
	if len(assets) > 0 {
		if err := load(ctx, c, store, assets, &in); err != nil {
			return nil, err
		}
	}
	p, err := newPlanner(in)
	if err != nil {
		return nil, err
	}
	k := p.own[d.Device]
	record, err := k.data.stored()
	if err != nil {
		return nil, err
	}
	m := &move{Step: Step{Device: d.Device}, known: k, old: k.Entry, next: k.Entry, data: k.data,
		at: &reading{record: &record, remembered: true}, serial: strongSerial(&record)}
	return &decider{m, d, p}, nil
}

// load reads assets and the entries that are linked to them.
func load(ctx context.Context, c Connection, store Store, assets []string, in *PlanInput) error {
	var err error
	in.Assets, err = collect(store.Assets(ctx, AssetQuery{Scope: c.Scope, IDs: assets}), "assets",
		func(a Asset) bool { return slices.Contains(assets, a.ID) })
	if err != nil {
		return err
	}
	device := in.Entries[0].Device
	linked, err := collect(store.Entries(ctx, EntryQuery{Scope: c.Scope, Assets: assets}), "entries", func(e Entry) bool {
		return slices.Contains(assets, e.Asset) && (e.Connection != c.ID || e.Device != device)
	})
	in.Entries = append(in.Entries, linked...)
	return err
}

func (w *decider) carryOut() error {
	switch w.decision.Kind {
	case DecideLink:
		return w.linkTo()
	case DecideCreate:
		return w.createFor()
	case DecideReject:
		return w.reject()
	case DecideIgnore:
		w.unlink(EntryIgnored)
		w.keep(match.Decision{Kind: match.Ignore}, match.Ignore, match.Pin)
	case DecideUnlink:
		if w.old.State != EntryLinked {
			return refuse(mdm.ErrInvalid, "the device is not linked")
		}
		w.keep(match.Decision{Kind: match.Reject, Asset: w.old.Asset}, match.Pin, match.AcceptReplacement)
		w.unlink(EntryStaged)
	case DecideUnignore:
		if w.old.State != EntryIgnored {
			return refuse(mdm.ErrInvalid, "the device is not ignored")
		}
		w.data.Decisions = without(w.data.Decisions, match.Ignore)
		w.next.State = EntryStaged
	case DecideReplace:
		return w.replace()
	case DecideMerge:
		return w.merge()
	default:
		return refuse(mdm.ErrInvalid, "there is no such kind of decision")
	}
	return nil
}

// linkTo links the device to the asset, whatever the rules say.
func (w *decider) linkTo() error {
	i, found := w.planner.assets.find(w.decision.Asset)
	if !found {
		return refuse(mdm.ErrNotFound, "the asset is not in the inventory")
	}
	if err := w.free(); err != nil {
		return err
	}
	w.data.Decisions = slices.DeleteFunc(slices.Clone(w.data.Decisions), func(x match.Decision) bool {
		return x.Kind == match.Reject && x.Asset == w.decision.Asset
	})
	w.keep(match.Decision{Kind: match.Pin, Asset: w.decision.Asset}, match.Pin, match.Ignore, match.MergeAlias)
	w.planner.link(w.move, i)
	w.conclude(match.Linked)
	w.planner.write(w.move)
	return nil
}

// free refuses to link to an asset that another device of the connection has.
func (w *decider) free() error {
	for k := w.planner.byAsset[w.decision.Asset]; k != nil; k = k.also {
		if k.Connection == w.planner.Connection.ID && k.Device != w.Device && k.data.Missed.IsZero() {
			return refuse(mdm.ErrConflict, "another device of this connection is linked to the asset; undo that link first")
		}
	}
	return nil
}

// createFor creates an asset for the device.
func (w *decider) createFor() error {
	if w.old.State == EntryLinked {
		return refuse(mdm.ErrConflict, "the device is linked already; undo the link first")
	}
	w.data.Decisions = without(w.data.Decisions, match.Ignore, match.Pin, match.MergeAlias)
	w.planner.create(w.move)
	w.planner.write(w.move)
	if w.decision.Edit != nil {
		key := w.asset.Key
		w.decision.Edit(w.asset)
		w.asset.ID, w.asset.Revision, w.asset.Key = "", "", key
	}
	w.conclude(match.Linked)
	return nil
}

// reject notes that device and asset are two.
func (w *decider) reject() error {
	asset := w.decision.Asset
	if asset == "" {
		return refuse(mdm.ErrInvalid, "the asset is missing")
	}
	if w.old.State == EntryLinked && w.old.Asset == asset {
		return refuse(mdm.ErrConflict, "the device is linked to this asset; undo the link")
	}
	candidates, err := w.data.Candidates.list()
	if err != nil {
		return fmt.Errorf("inventory: device %s: %w", w.Device, err)
	}
	evidence := ""
	w.data.Candidates = carried[match.Candidate]{fresh: slices.DeleteFunc(candidates, func(c match.Candidate) bool {
		if c.Asset == asset {
			evidence = c.Evidence.String()
		}
		return c.Asset == asset
	})}
	w.data.Decisions = slices.DeleteFunc(slices.Clone(w.data.Decisions), func(x match.Decision) bool {
		return x.Kind == match.Reject && x.Asset == asset
	})
	w.keep(match.Decision{Kind: match.Reject, Asset: asset, Evidence: evidence})
	return nil
}

// replace accepts that the linked device has another serial now.
func (w *decider) replace() error {
	if w.old.State != EntryLinked {
		return refuse(mdm.ErrInvalid, "the device is not linked")
	}
	w.keep(match.Decision{Kind: match.AcceptReplacement, Asset: w.old.Asset, Serial: w.serial}, match.AcceptReplacement)
	w.data.Serial = w.serial
	w.conclude(match.Linked)
	return nil
}

// merge notes that the device is another record of one that is there.
func (w *decider) merge() error {
	if w.decision.Into == "" || w.decision.Into == w.Device {
		return refuse(mdm.ErrInvalid, "the device that stands for both is missing")
	}
	w.unlink(EntryAlias)
	w.data.Primary = w.decision.Into
	w.keep(match.Decision{Kind: match.MergeAlias, Primary: w.decision.Into}, match.MergeAlias, match.Pin)
	return nil
}

// unlink undoes a link: fields that still hold what was written go back to
// what they were.
func (w *decider) unlink(state EntryState) {
	if w.old.State == EntryLinked {
		w.restore()
		if w.data.Created {
			w.data.Births++
		}
	}
	w.data = w.data.staged()
	w.next.State, w.next.Asset = state, ""
	w.conclude(match.Unmatched)
}

func (w *decider) restore() {
	i, found := w.planner.assets.find(w.old.Asset)
	if !found || w.data.Created {
		return // an asset that the link made has nothing to go back to
	}
	changed := w.planner.assets.asset(i)
	changed.Values = maps.Clone(changed.Values)
	if changed.Values == nil {
		changed.Values = map[string]string{}
	}
	for _, l := range w.planner.left(w.Device, &w.data) {
		if l.Before != nil && changed.Values[l.Field] == l.Value && l.Value != *l.Before {
			changed.Values[l.Field] = *l.Before
			w.asset = &changed
		}
	}
}

// conclude stores the outcome that the decision makes.
func (w *decider) conclude(kind match.Kind) {
	w.data.Outcome, w.data.Rung = kind, match.RungNone
	w.data.Candidates, w.data.Reasons = carried[match.Candidate]{}, carried[match.Reason]{}
	if kind == match.Linked {
		w.data.Reasons.fresh = []match.Reason{{Code: match.CodePinned}}
	}
}

// keep stores a decision, in place of earlier ones of the given kinds.
func (w *decider) keep(d match.Decision, instead ...match.DecisionKind) {
	d.Device, d.Connection = w.Device, w.planner.Connection.ID
	d.Serial = or(d.Serial, w.old.Serial)
	d.Who, d.Why, d.At = w.decision.By, w.decision.Why, w.decision.At
	w.data.Decisions = append(without(w.data.Decisions, instead...), d)
}
