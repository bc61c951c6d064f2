package inventorytest

import (
	"context"
	"errors"
	"sync"

	"github.com/mdmlink/mdmlink/inventory"
)

// Torn wraps a store and writes as a host does without transactions: first
// the state, then each change by itself, the asset before the entry. At the
// n-th of these writes it stops, as a program does that is killed.
type Torn struct {
	inventory.Store
	After  int // so many writes work
	mu     sync.Mutex
	writes int
}

// Halted reports whether the store has stopped working.
func (s *Torn) Halted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes > s.After
}

func (s *Torn) write() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writes++; s.writes > s.After {
		return ErrHalted
	}
	return nil
}

// State returns a state, until the store halts.
func (s *Torn) State(ctx context.Context, connection string) (inventory.State, error) {
	if s.Halted() {
		return inventory.State{}, ErrHalted
	}
	return s.Store.State(ctx, connection)
}

// Apply carries out a batch write by write, until the store halts.
func (s *Torn) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	if err := s.write(); err != nil {
		return nil, err
	}
	if b.State != nil {
		head := b
		head.Changes = nil
		if _, err := s.Store.Apply(ctx, head); err != nil {
			return nil, err
		}
	}
	results := make([]inventory.Result, 0, len(b.Changes))
	for _, c := range b.Changes {
		r, err := s.change(ctx, b, c)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

func (s *Torn) change(ctx context.Context, b inventory.Batch, c inventory.Change) (inventory.Result, error) {
	if c.Asset != nil {
		if err := s.write(); err != nil {
			return inventory.Result{}, err
		}
		written, err := s.asset(ctx, b, c)
		if err != nil || written.Outcome != inventory.OutcomeDone {
			return written, err
		}
		c.Asset = nil
		if written.Asset != "" {
			c.Entry.Asset = written.Asset
		}
		r, err := s.one(ctx, b, c)
		r.Asset = written.Asset
		return r, err
	}
	return s.one(ctx, b, c)
}

// asset writes an asset alone. The store beneath knows only whole changes, so
// an entry is stored with it and removed again.
func (s *Torn) asset(ctx context.Context, b inventory.Batch, c inventory.Change) (inventory.Result, error) {
	alone := inventory.Change{Key: c.Key, Asset: c.Asset, Entry: inventory.Entry{Connection: "torn", Device: c.Entry.Device}, Remove: true}
	results, err := s.Store.Apply(ctx, inventory.Batch{Scope: b.Scope, Connection: b.Connection, Changes: []inventory.Change{alone}})
	if err != nil {
		return inventory.Result{}, err
	}
	return results[0], nil
}

func (s *Torn) one(ctx context.Context, b inventory.Batch, c inventory.Change) (inventory.Result, error) {
	if err := s.write(); err != nil {
		return inventory.Result{}, err
	}
	results, err := s.Store.Apply(ctx, inventory.Batch{Scope: b.Scope, Connection: b.Connection, Changes: []inventory.Change{c}})
	if err != nil {
		return inventory.Result{}, err
	}
	return results[0], nil
}

// ErrLost is what an Unsure store says.
var ErrLost = errors.New("inventorytest: the answer was lost")

// Unsure wraps a store and loses the answer of the n-th Apply, counted from
// one: the caller gets ErrLost and cannot know whether it was carried out.
type Unsure struct {
	inventory.Store
	At    int  // which Apply
	Done  bool // it was carried out all the same
	mu    sync.Mutex
	calls int
}

// Calls returns how often Apply was called.
func (u *Unsure) Calls() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.calls
}

// Apply carries out a batch, or says that the answer was lost.
func (u *Unsure) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	u.mu.Lock()
	u.calls++
	lost := u.calls == u.At
	u.mu.Unlock()
	if !lost {
		return u.Store.Apply(ctx, b)
	}
	if u.Done {
		if _, err := u.Store.Apply(ctx, b); err != nil {
			return nil, err
		}
	}
	return nil, ErrLost
}
