package inventory

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"sync"
)

// Memory is a Store in memory, for examples and tests. Its zero value is
// empty and ready to use.
type Memory struct {
	mu      sync.Mutex
	scopes  map[string]*memoryScope
	states  map[string]State
	last    int // counts revisions and ids
	applied int
}

type memoryScope struct {
	assets  map[string]Asset
	keys    map[string]string // Asset.Key to id
	entries map[entryKey]Entry
}

type entryKey struct{ connection, device string }

// Put stores assets as a person would who keeps the inventory by hand. An
// asset without an ID gets one, and each gets a new revision.
func (m *Memory) Put(scope string, assets ...Asset) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range assets {
		m.put(m.scope(scope), cloneAsset(a))
	}
}

// Writes returns how many changes were carried out so far by Apply.
func (m *Memory) Writes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.applied
}

// Assets lists the assets, by id.
func (m *Memory) Assets(ctx context.Context, q AssetQuery) iter.Seq2[Asset, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Asset
	if q.IDs != nil {
		for _, id := range q.IDs {
			if a, ok := m.scope(q.Scope).assets[id]; ok {
				found = append(found, a)
			}
		}
	} else {
		found = slices.Collect(maps.Values(m.scope(q.Scope).assets))
	}
	slices.SortFunc(found, func(a, b Asset) int { return compareIDs(a.ID, b.ID) })
	return sequence(ctx, found, cloneAsset)
}

// Entries lists the entries, by connection and device.
func (m *Memory) Entries(ctx context.Context, q EntryQuery) iter.Seq2[Entry, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Entry
	devices, assets := set(q.Devices), set(q.Assets)
	for _, e := range m.scope(q.Scope).entries {
		if (q.Connection == "" || e.Connection == q.Connection) &&
			(devices == nil || devices[e.Device]) && (assets == nil || assets[e.Asset]) {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b Entry) int {
		if a.Connection != b.Connection {
			return compareIDs(a.Connection, b.Connection)
		}
		return compareIDs(a.Device, b.Device)
	})
	return sequence(ctx, found, func(e Entry) Entry { e.Data = slices.Clone(e.Data); return e })
}

// State returns what a connection remembers.
func (m *Memory) State(_ context.Context, connection string) (State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.states[connection]
	s.Data = slices.Clone(s.Data)
	return s, nil
}

// Apply carries out a batch.
func (m *Memory) Apply(ctx context.Context, b Batch) ([]Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if b.State != nil {
		if b.State.Revision != m.states[b.Connection].Revision {
			return nil, fmt.Errorf("inventory: state of the connection: %w", ErrRunning)
		}
		if m.states == nil {
			m.states = map[string]State{}
		}
		m.states[b.Connection] = State{Revision: m.next(), Data: slices.Clone(b.State.Data)}
	}
	results := make([]Result, len(b.Changes))
	for i, c := range b.Changes {
		results[i] = m.change(m.scope(b.Scope), c)
	}
	return results, nil
}

func (m *Memory) change(s *memoryScope, c Change) Result {
	result := Result{Key: c.Key, Outcome: OutcomeStale}
	key := entryKey{c.Entry.Connection, c.Entry.Device}
	if s.entries[key].Revision != c.Entry.Revision {
		return result
	}
	entry := c.Entry
	if c.Asset != nil {
		a := cloneAsset(*c.Asset)
		if a.ID == "" {
			a.ID = s.keys[a.Key] // made by an earlier try
			a.Revision = s.assets[a.ID].Revision
			result.Asset = a.ID
		}
		if a.ID != "" && s.assets[a.ID].Revision != a.Revision {
			return result
		}
		a = m.put(s, a)
		if c.Asset.ID == "" {
			entry.Asset, result.Asset = a.ID, a.ID
		}
	}
	if c.Remove {
		delete(s.entries, key)
	} else {
		entry.Revision, entry.Data = m.next(), slices.Clone(entry.Data)
		s.entries[key] = entry
	}
	m.applied++
	result.Outcome = OutcomeDone
	return result
}

func (m *Memory) put(s *memoryScope, a Asset) Asset {
	a.Revision = m.next()
	if a.ID == "" {
		a.ID = "asset-" + m.next()
	}
	if a.Key != "" {
		s.keys[a.Key] = a.ID
	}
	s.assets[a.ID] = a
	return a
}

func (m *Memory) scope(name string) *memoryScope {
	if m.scopes == nil {
		m.scopes = map[string]*memoryScope{}
	}
	s, ok := m.scopes[name]
	if !ok {
		s = &memoryScope{assets: map[string]Asset{}, keys: map[string]string{}, entries: map[entryKey]Entry{}}
		m.scopes[name] = s
	}
	return s
}

func (m *Memory) next() string {
	m.last++
	return strconv.Itoa(m.last)
}

func cloneAsset(a Asset) Asset {
	a.Values = maps.Clone(a.Values)
	a.Identifiers.MACs = slices.Clone(a.Identifiers.MACs)
	a.Identifiers.IMEIs = slices.Clone(a.Identifiers.IMEIs)
	return a
}

// sequence yields copies, so that the store's own values cannot be changed.
func sequence[T any](ctx context.Context, all []T, clone func(T) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for _, v := range all {
			if err := ctx.Err(); err != nil {
				yield(none, err)
				return
			}
			if !yield(clone(v), nil) {
				return
			}
		}
	}
}

func set(ids []string) map[string]bool {
	if ids == nil {
		return nil
	}
	s := make(map[string]bool, len(ids))
	for _, id := range ids {
		s[id] = true
	}
	return s
}

// compareIDs orders ids as people expect: numbers by value.
func compareIDs(a, b string) int {
	if len(a) != len(b) && digits(a) && digits(b) {
		return len(a) - len(b)
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
