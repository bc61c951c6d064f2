package storetest_test

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/storetest"
)

func TestRun(t *testing.T) {
	storetest.Run(t, func(*testing.T) ade.Store { return &ade.MemoryStore{} }, storetest.Options{})
}

// A toy is a store that is right but for one thing, and violates exactly the
// clause of it.
func TestCheckToys(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, toy := range toys() {
		t.Run(toy.breaks, func(t *testing.T) {
			found := storetest.Check(t.Context(), toy.open, storetest.Options{})
			require.Len(t, found, 1, "%v", found)
			assert.Equal(t, toy.breaks, found[0].Clause)
			assert.NotEmpty(t, found[0].Detail)
			assert.Equal(t, toy.breaks+": "+found[0].Detail, found[0].Error())
		})
		seen[toy.breaks] = true
	}
	for _, clause := range storetest.Clauses() {
		assert.True(t, seen[clause], "no toy breaks %q", clause)
	}
}

func TestCheckSkip(t *testing.T) {
	t.Parallel()
	skip := map[string]string{"no such clause": "why not", "copies": ""}
	for _, name := range storetest.Clauses() {
		if name != "copies" {
			skip[name] = "not today"
		}
	}
	opened := 0
	found := storetest.Check(t.Context(), func() ade.Store { opened++; return &ade.MemoryStore{} }, storetest.Options{Skip: skip})
	assert.Len(t, found, 2)
	assert.Zero(t, opened)
}

func TestCheckPanics(t *testing.T) {
	t.Parallel()
	found := storetest.Check(t.Context(), func() ade.Store { return nil }, storetest.Options{})
	assert.Len(t, found, len(storetest.Clauses()))
}

func TestCheckHangs(t *testing.T) {
	t.Parallel()
	skip := map[string]string{}
	for _, name := range storetest.Clauses() {
		if name != "missing" {
			skip[name] = "one is enough"
		}
	}
	hang := &toy{get: func(*toy, context.Context, ade.Key) (ade.Value, error) { select {} }}
	found := storetest.Check(t.Context(), func() ade.Store { return hang }, storetest.Options{Skip: skip, Patience: time.Millisecond})
	require.Len(t, found, 1)
	assert.Contains(t, found[0].Detail, "does not heed its context")
}

// toy wraps MemoryStore and may change what it is told and what it says.
type toy struct {
	ade.MemoryStore
	written atomic.Bool
	mu      sync.Mutex
	seen    map[ade.Key]string
	get     func(*toy, context.Context, ade.Key) (ade.Value, error)
	list    func(*toy, context.Context, string, ade.ValueKind) iter.Seq2[ade.Value, error]
	put     func(*toy, context.Context, ade.Value) (string, error)
}

func (s *toy) Get(ctx context.Context, k ade.Key) (ade.Value, error) {
	if s.get == nil {
		return s.MemoryStore.Get(ctx, k)
	}
	return s.get(s, ctx, k)
}

func (s *toy) List(ctx context.Context, scope string, kind ade.ValueKind) iter.Seq2[ade.Value, error] {
	if s.list == nil {
		return s.MemoryStore.List(ctx, scope, kind)
	}
	return s.list(s, ctx, scope, kind)
}

func (s *toy) Put(ctx context.Context, v ade.Value) (string, error) {
	if s.put == nil {
		return s.MemoryStore.Put(ctx, v)
	}
	return s.put(s, ctx, v)
}
