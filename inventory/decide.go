package inventory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// Decision is what a person decides about a device. It is kept with the
// device, and no run overrides it.
type Decision struct {
	Kind   DecisionKind
	Device string    // id of the device
	Asset  string    // id of the asset, for DecideLink and DecideReject
	By     string    // who decided; the host's own text
	Why    string    // the host's own text
	At     time.Time // when; required

	// Edit changes the asset that DecideCreate proposes, before it is created;
	// nil = as proposed.
	Edit func(*Asset)
}

// DecisionKind is the sort of a decision. The zero DecisionKind is unknown and
// refused.
type DecisionKind uint8

const (
	DecideUnknown  DecisionKind = iota
	DecideLink                  // the device is this asset
	DecideCreate                // create an asset for the device
	DecideReject                // the device is not this asset: never suggest it again
	DecideIgnore                // leave the device alone
	DecideUnlink                // undo a link: fields go back to what they were unless edited since
	DecideUnignore              // stop ignoring the device
)

// Decide carries out a person's decision. A device that somebody changed at
// the same time is mdm.ErrConflict: show the person what it is now. A decision
// that makes no sense is mdm.ErrInvalid or mdm.ErrNotFound.
func Decide(ctx context.Context, c Connection, store Store, d Decision) (Result, error) {
	if err := c.Check(); err != nil {
		return Result{}, err
	}
	if d.At.IsZero() {
		return Result{}, refuse(mdm.ErrInvalid, "the time of the decision is missing")
	}
	w, err := newDecider(ctx, c, store, d)
	if err != nil {
		return Result{}, err
	}
	if err := w.carryOut(); err != nil {
		return Result{}, err
	}
	if w.next.Data, err = w.data.encode(); err != nil {
		return Result{}, err
	}
	change := Change{Key: c.key(d.Device), Asset: w.asset, Entry: w.next}
	results, err := store.Apply(ctx, Batch{Scope: c.Scope, Connection: c.ID, Changes: []Change{change}})
	if err != nil {
		return Result{}, fmt.Errorf("inventory: apply: %w", err)
	}
	if len(results) != 1 || results[0].Outcome == OutcomeUnknown {
		return Result{}, refuse(mdm.ErrOutcomeUnknown, "look at the device before deciding again")
	}
	switch results[0].Outcome {
	case OutcomeStale:
		return results[0], refuse(mdm.ErrConflict, "the device or the asset was changed in the meantime; look again")
	case OutcomeRefused:
		return results[0], refuse(mdm.ErrInvalid, "the inventory refuses it: "+results[0].Reason)
	}
	return results[0], nil
}

func refuse(kind error, detail string) error {
	return &mdm.Error{Op: "decide", Kind: kind, Detail: detail}
}

// decider carries out one decision.
type decider struct {
	decision Decision
	planner  *planner
	old      Entry
	data     entryData
	next     Entry
	asset    *Asset // to write; nil = none
}

// newDecider reads the device, the asset, and who else is linked to it.
func newDecider(ctx context.Context, c Connection, store Store, d Decision) (*decider, error) {
	w := &decider{decision: d}
	for e, err := range store.Entries(ctx, EntryQuery{Scope: c.Scope, Connection: c.ID, Devices: []string{d.Device}}) {
		if err != nil {
			return nil, fmt.Errorf("inventory: entries: %w", err)
		}
		if e.Connection == c.ID && e.Device == d.Device {
			w.old = e
		}
	}
	if w.old.Revision == "" {
		return nil, refuse(mdm.ErrNotFound, "no run has stored this device")
	}
	asset := d.Asset
	if w.old.State == EntryLinked && d.Kind != DecideLink && d.Kind != DecideReject {
		asset = w.old.Asset
	}
	in := PlanInput{Connection: c, Now: d.At, Entries: []Entry{w.old}}
	if asset != "" {
		if err := load(ctx, c, store, asset, &in); err != nil {
			return nil, err
		}
	}
	w.planner = &planner{PlanInput: in, heirs: map[string]string{}}
	if err := w.planner.index(); err != nil {
		return nil, err
	}
	w.data, w.next = w.planner.old[d.Device], w.old
	return w, nil
}

// load reads an asset and the entries that are linked to it.
func load(ctx context.Context, c Connection, store Store, asset string, in *PlanInput) error {
	for a, err := range store.Assets(ctx, AssetQuery{Scope: c.Scope, IDs: []string{asset}}) {
		if err != nil {
			return fmt.Errorf("inventory: assets: %w", err)
		}
		if a.ID == asset {
			in.Assets = []Asset{a}
		}
	}
	for e, err := range store.Entries(ctx, EntryQuery{Scope: c.Scope, Assets: []string{asset}}) {
		if err != nil {
			return fmt.Errorf("inventory: entries: %w", err)
		}
		if e.Asset == asset && (e.Connection != c.ID || e.Device != in.Entries[0].Device) {
			in.Entries = append(in.Entries, e)
		}
	}
	return nil
}

func (w *decider) carryOut() error {
	switch w.decision.Kind {
	case DecideLink:
		return w.link()
	case DecideCreate:
		return w.create()
	case DecideReject:
		return w.reject()
	case DecideIgnore:
		w.unlink()
		w.next.State = EntryIgnored
		w.keep(match.Ignore, "", "", match.Ignore, match.Pin)
		return nil
	case DecideUnlink:
		if w.old.State != EntryLinked {
			return refuse(mdm.ErrInvalid, "the device is not linked")
		}
		w.keep(match.Reject, w.old.Asset, "", match.Pin, match.AcceptReplacement)
		w.unlink()
		return nil
	case DecideUnignore:
		w.data.Decisions = without(w.data.Decisions, match.Ignore)
		w.next.State = EntryStaged
		return nil
	}
	return refuse(mdm.ErrInvalid, "there is no such kind of decision")
}

// link links the device to the asset, whatever the rules say.
func (w *decider) link() error {
	d := w.decision
	asset := w.planner.assets[d.Asset]
	if asset == nil {
		return refuse(mdm.ErrNotFound, "the asset is not in the inventory")
	}
	for _, e := range w.planner.byAsset[d.Asset] {
		if e.Connection == w.planner.Connection.ID && e.Device != d.Device {
			other, err := decodeEntry(e)
			if err == nil && other.Missed.IsZero() {
				return refuse(mdm.ErrConflict, "another device of this connection is linked to the asset; undo that link first")
			}
		}
	}
	w.data.Decisions = slices.DeleteFunc(w.data.Decisions, func(x match.Decision) bool {
		return x.Kind == match.Reject && x.Asset == d.Asset
	})
	w.keep(match.Pin, d.Asset, "", match.Pin, match.Ignore)
	s := Step{Action: ActionLink}
	w.asset = w.planner.link(&s, &w.next, &w.data, w.record(), *asset)
	w.settle(match.Linked)
	return nil
}

// create creates an asset for the device.
func (w *decider) create() error {
	if w.old.State == EntryLinked {
		return refuse(mdm.ErrConflict, "the device is linked already; undo the link first")
	}
	s := Step{Action: ActionCreate}
	w.data.Decisions = without(w.data.Decisions, match.Ignore)
	w.asset = w.planner.create(&s, &w.next, &w.data, w.record())
	if w.decision.Edit != nil {
		key := w.asset.Key
		w.decision.Edit(w.asset)
		w.asset.ID, w.asset.Key = "", key
	}
	w.settle(match.Linked)
	return nil
}

// reject notes that device and asset are two.
func (w *decider) reject() error {
	d := w.decision
	if w.old.State == EntryLinked && w.old.Asset == d.Asset {
		return refuse(mdm.ErrConflict, "the device is linked to this asset; undo the link")
	}
	if d.Asset == "" {
		return refuse(mdm.ErrInvalid, "the asset is missing")
	}
	evidence := ""
	left := slices.DeleteFunc(slices.Clone(w.data.Candidates), func(c match.Candidate) bool {
		if c.Asset == d.Asset {
			evidence = c.Evidence.String()
		}
		return c.Asset == d.Asset
	})
	w.data.Candidates = left
	w.keep(match.Reject, d.Asset, evidence)
	return nil
}

// unlink undoes a link: fields that still hold what was written go back to
// what they were.
func (w *decider) unlink() {
	if asset := w.planner.assets[w.old.Asset]; w.old.State == EntryLinked && asset != nil {
		values := maps.Clone(asset.Values)
		for field, before := range w.data.Before {
			if values[field] == w.data.Written[field] && values[field] != before {
				values[field] = before
				changed := *asset
				changed.Values = values
				w.asset = &changed
			}
		}
	}
	w.data = staged(w.data)
	w.next.State, w.next.Asset = EntryStaged, ""
	w.settle(match.Unmatched)
}

// settle stores the outcome that the decision makes.
func (w *decider) settle(kind match.Kind) {
	w.data.Outcome, w.data.Rung = kind, match.RungNone
	w.data.Candidates = nil
	w.data.Reasons = nil
	if kind == match.Linked {
		w.data.Reasons = []match.Reason{{Code: match.CodePinned}}
	}
}

// keep stores a decision, in place of earlier ones of the given kinds.
func (w *decider) keep(kind match.DecisionKind, asset, evidence string, instead ...match.DecisionKind) {
	d := w.decision
	w.data.Decisions = append(without(w.data.Decisions, instead...), match.Decision{
		Kind: kind, Device: d.Device, Serial: w.old.Serial, Asset: asset, Evidence: evidence, Who: d.By, Why: d.Why, At: d.At,
		Connection: w.planner.Connection.ID,
	})
}

func (w *decider) record() mdm.Record { return w.data.Record }
