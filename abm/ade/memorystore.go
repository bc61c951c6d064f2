package ade

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/mdmlink/mdmlink/mdm"
)

// MemoryStore is a Store in memory, for examples and tests. Its zero value is
// empty and ready to use.
type MemoryStore struct {
	mu     sync.Mutex
	values map[Key]Value
	last   int // counts revisions
}

// Get returns one value.
func (m *MemoryStore) Get(ctx context.Context, k Key) (Value, error) {
	if err := ctx.Err(); err != nil {
		return Value{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[k]
	if !ok {
		return Value{}, missing(k.Kind)
	}
	v.Data = slices.Clone(v.Data)
	return v, nil
}

func missing(kind ValueKind) error {
	return &mdm.Error{Op: string(kind), Origin: mdm.Origin{Kind: Kind}, Kind: mdm.ErrNotFound}
}

// List lists the values of one kind in one scope, by ID.
func (m *MemoryStore) List(ctx context.Context, scope string, kind ValueKind) iter.Seq2[Value, error] {
	return func(yield func(Value, error) bool) {
		for _, v := range m.list(scope, kind) {
			if ctx.Err() != nil {
				break
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Value{}, err)
		}
	}
}

func (m *MemoryStore) list(scope string, kind ValueKind) []Value {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Value
	for k, v := range m.values {
		if k.Scope == scope && k.Kind == kind {
			v.Data = slices.Clone(v.Data)
			found = append(found, v)
		}
	}
	slices.SortFunc(found, func(a, b Value) int { return strings.Compare(a.ID, b.ID) })
	return found
}

// Put stores a value.
func (m *MemoryStore) Put(ctx context.Context, v Value) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values[v.Key].Revision != v.Revision {
		return "", fail(string(v.Kind), ErrStale, "")
	}
	if len(v.Data) == 0 {
		delete(m.values, v.Key)
		return "", nil
	}
	if m.values == nil {
		m.values = map[Key]Value{}
	}
	m.last++
	v.Revision, v.Data = strconv.Itoa(m.last), slices.Clone(v.Data)
	m.values[v.Key] = v
	return v.Revision, nil
}
