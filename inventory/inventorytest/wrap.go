package inventorytest

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/mdmlink/mdmlink/inventory"
)

// ErrOverlap is what a Strict store says to a call that comes before an
// earlier one has ended.
var ErrOverlap = errors.New("inventorytest: a call of the store while a sequence is being read")

// Strict wraps a store and fails calls that overlap, as a database does that
// has one connection: there they would wait for each other for ever.
type Strict struct {
	inventory.Store
	mu   sync.Mutex
	busy bool
}

func (s *Strict) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	free := !s.busy
	s.busy = true
	return free
}

func (s *Strict) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = false
}

// Assets lists assets, and occupies the store meanwhile.
func (s *Strict) Assets(ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
	return occupying(s, s.Store.Assets(ctx, q))
}

// Entries lists entries, and occupies the store meanwhile.
func (s *Strict) Entries(ctx context.Context, q inventory.EntryQuery) iter.Seq2[inventory.Entry, error] {
	return occupying(s, s.Store.Entries(ctx, q))
}

// State returns a state, unless the store is occupied.
func (s *Strict) State(ctx context.Context, connection string) (inventory.State, error) {
	if !s.enter() {
		return inventory.State{}, ErrOverlap
	}
	defer s.leave()
	return s.Store.State(ctx, connection)
}

// Apply carries out a batch, unless the store is occupied.
func (s *Strict) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	if !s.enter() {
		return nil, ErrOverlap
	}
	defer s.leave()
	return s.Store.Apply(ctx, b)
}

func occupying[T any](s *Strict, all iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if !s.enter() {
			var none T
			yield(none, ErrOverlap)
			return
		}
		defer s.leave()
		all(yield)
	}
}

// Generous wraps a store and gives everything of a scope, whatever is asked
// for. The contract allows that.
type Generous struct{ inventory.Store }

// Assets lists all assets of the scope.
func (g Generous) Assets(ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
	return g.Store.Assets(ctx, inventory.AssetQuery{Scope: q.Scope})
}

// Entries lists all entries of the scope.
func (g Generous) Entries(ctx context.Context, q inventory.EntryQuery) iter.Seq2[inventory.Entry, error] {
	return g.Store.Entries(ctx, inventory.EntryQuery{Scope: q.Scope})
}

// ErrHalted is what a halted store says to every call.
var ErrHalted = errors.New("inventorytest: the program was stopped here")

// Halting wraps a store and stops working at the n-th call, as a program does
// that is killed: from then on every call fails and nothing is written.
type Halting struct {
	inventory.Store
	After int // so many calls work
	mu    sync.Mutex
	calls int
}

// Halted reports whether the store has stopped working.
func (h *Halting) Halted() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.calls > h.After
}

func (h *Halting) call() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.calls++; h.calls > h.After {
		return ErrHalted
	}
	return nil
}

// Assets lists assets, until the store halts.
func (h *Halting) Assets(ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
	return halting(h, h.Store.Assets(ctx, q))
}

// Entries lists entries, until the store halts.
func (h *Halting) Entries(ctx context.Context, q inventory.EntryQuery) iter.Seq2[inventory.Entry, error] {
	return halting(h, h.Store.Entries(ctx, q))
}

func halting[T any](h *Halting, all iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if err := h.call(); err != nil {
			var none T
			yield(none, err)
			return
		}
		all(yield)
	}
}

// State returns a state, until the store halts.
func (h *Halting) State(ctx context.Context, connection string) (inventory.State, error) {
	if err := h.call(); err != nil {
		return inventory.State{}, err
	}
	return h.Store.State(ctx, connection)
}

// Apply carries out a batch, until the store halts.
func (h *Halting) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	if err := h.call(); err != nil {
		return nil, err
	}
	return h.Store.Apply(ctx, b)
}
