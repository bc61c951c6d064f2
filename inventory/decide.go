package inventory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Decision is what a person decides about a device. It is kept with the
// device, and no run overrides it.
type Decision struct {
	Kind   DecisionKind
	Device string    // id of the device
	Asset  string    // id of the asset, for DecideLink and DecideReject
	Into   string    // for DecideMerge: id of the device that stands for both
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
	DecideReplace               // the device is still its asset although its serial is another now
	DecideMerge                 // the device is another record of the device Into
)

// Decide carries out a person's decision. A device that somebody changed at
// the same time is mdm.ErrConflict: show the person what it is now. A decision
// that makes no sense is mdm.ErrInvalid or mdm.ErrNotFound. If nobody can say
// whether it was carried out, the error is mdm.ErrOutcomeUnknown.
//
// Linking a device that is linked to another asset undoes that link first.
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
	if d.Kind == DecideLink && w.old.State == EntryLinked && w.old.Asset != d.Asset {
		if !w.planner.assets.has(d.Asset) {
			return Result{}, refuse(mdm.ErrNotFound, "the asset is not in the inventory")
		}
		if err := w.free(); err != nil {
			return Result{}, err
		}
		undo := d
		undo.Kind = DecideUnlink
		if _, err := Decide(ctx, c, store, undo); err != nil {
			return Result{}, err
		}
		return Decide(ctx, c, store, d)
	}
	if err := w.carryOut(); err != nil {
		return Result{}, err
	}
	if err := w.planner.damage; err != nil {
		return Result{}, err
	}
	if w.next.Data, err = w.data.encodeWith(new(bytes.Buffer), w.left, w.record); err != nil {
		return Result{}, err
	}
	result, err := applyOne(ctx, c, store, Change{Key: c.key(d.Device, w.data.Births), Asset: w.asset, Entry: w.next})
	if err != nil {
		return Result{}, err
	}
	switch result.Outcome {
	case OutcomeStale:
		return result, refuse(mdm.ErrConflict, "the device or the asset was changed in the meantime; look again")
	case OutcomeRefused:
		return result, &mdm.Error{Op: "decide", Kind: mdm.ErrInvalid, Detail: "the inventory refuses it", Cause: errors.New(result.Reason)}
	}
	return result, nil
}

func refuse(kind error, detail string) error {
	return &mdm.Error{Op: "decide", Kind: kind, Detail: detail}
}

// applyOne carries out one change. If its outcome is unknown it is read back,
// and never tried again.
func applyOne(ctx context.Context, c Connection, store Store, change Change) (Result, error) {
	results, failure := store.Apply(ctx, Batch{Scope: c.Scope, Connection: c.ID, Changes: []Change{change}})
	if failure == nil && len(results) == 1 && results[0].Outcome != OutcomeUnknown {
		return results[0], nil
	}
	e, err := findEntry(ctx, c, store, change.Entry.Device)
	switch {
	case err == nil && e.Revision != change.Entry.Revision && bytes.Equal(e.Data, change.Entry.Data) && e.State == change.Entry.State:
		return Result{Key: change.Key, Outcome: OutcomeDone, Asset: e.Asset}, nil
	case err == nil && e.Revision == change.Entry.Revision && failure != nil:
		return Result{}, fmt.Errorf("inventory: apply: it was not carried out: %w", failure)
	}
	return Result{}, &mdm.Error{Op: "apply", Kind: mdm.ErrOutcomeUnknown, Detail: "look at the device before deciding again", Cause: failure}
}

// findEntry reads the entry of a device.
func findEntry(ctx context.Context, c Connection, store Store, device string) (Entry, error) {
	all, err := collect(store.Entries(ctx, EntryQuery{Scope: c.Scope, Connection: c.ID, Devices: []string{device}}), "entries",
		func(e Entry) bool { return e.Connection == c.ID && e.Device == device })
	if err == nil && len(all) == 0 {
		err = refuse(mdm.ErrNotFound, "no run has stored this device")
	}
	if err != nil {
		return Entry{}, err
	}
	return all[0], nil
}

// collect reads a sequence to its end, and keeps what belongs to the question:
// a Store may give more.
func collect[T any](all iter.Seq2[T, error], what string, keep func(T) bool) ([]T, error) {
	var kept []T
	for v, err := range all {
		if err != nil {
			return nil, fmt.Errorf("inventory: %s: %w", what, err)
		}
		if keep(v) {
			kept = append(kept, v)
		}
	}
	return kept, nil
}
