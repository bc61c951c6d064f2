package inventory_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
)

// pages changes each page of a source.
type pages struct {
	mdm.Source
	change func(*mdm.Page)
}

func (s pages) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		for p, err := range s.Source.Pages(ctx, q) {
			if err == nil {
				s.change(&p)
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

// throttled is a store that refuses batches of changes from the n-th Apply on.
type throttled struct {
	inventory.Store
	from, calls int
}

func (s *throttled) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	if s.calls++; s.calls >= s.from && len(b.Changes) > 0 {
		return nil, &mdm.Error{Op: "apply", Kind: mdm.ErrRateLimited}
	}
	return s.Store.Apply(ctx, b)
}

// meddling is a store whose assets a person edits while they are written.
type meddling struct {
	inventory.Store
	meddle func()
	always bool
	done   bool
}

func (s *meddling) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	if len(b.Changes) > 0 && (s.always || !s.done) {
		s.done = true
		s.meddle()
	}
	return s.Store.Apply(ctx, b)
}

// picky is a store that does not want one device.
type picky struct {
	inventory.Store
	refuses string
}

func (s *picky) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	all := b.Changes
	b.Changes = slices.DeleteFunc(slices.Clone(all), func(c inventory.Change) bool { return c.Entry.Device == s.refuses })
	done, err := s.Store.Apply(ctx, b)
	if err != nil {
		return nil, err
	}
	var results []inventory.Result
	for _, c := range all {
		if c.Entry.Device == s.refuses {
			results = append(results, inventory.Result{Key: c.Key, Outcome: inventory.OutcomeRefused, Reason: "no"})
			continue
		}
		results, done = append(results, done[0]), done[1:]
	}
	return results, nil
}

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

func devices(r *rig) iter.Seq[string] {
	return func(yield func(string) bool) {
		for e := range r.memory.Entries(context.Background(), inventory.EntryQuery{Scope: r.connection.Scope}) {
			if !yield(e.Device) {
				return
			}
		}
	}
}

type contextType = context.Context

func errorsIs(err, target error) bool { return errors.Is(err, target) }
