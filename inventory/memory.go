package inventory

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
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
	return sequence(ctx, func() []string { return m.assetIDs(q) }, func(id string) (Asset, bool) {
		m.mu.Lock()
		defer m.mu.Unlock()
		a, ok := m.scope(q.Scope).assets[id]
		return cloneAsset(a), ok
	})
}

func (m *Memory) assetIDs(q AssetQuery) []string {
	if q.IDs != nil {
		return slices.Compact(slices.Sorted(slices.Values(q.IDs)))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	assets := m.scope(q.Scope).assets
	ids := slices.AppendSeq(make([]string, 0, len(assets)), maps.Keys(assets))
	slices.Sort(ids)
	return ids
}

// Entries lists the entries, by connection and device.
func (m *Memory) Entries(ctx context.Context, q EntryQuery) iter.Seq2[Entry, error] {
	return sequence(ctx, func() []entryKey { return m.entryKeys(q) }, func(key entryKey) (Entry, bool) {
		m.mu.Lock()
		defer m.mu.Unlock()
		e, ok := m.scope(q.Scope).entries[key]
		return cloneEntry(e), ok
	})
}

func (m *Memory) entryKeys(q EntryQuery) []entryKey {
	m.mu.Lock()
	defer m.mu.Unlock()
	entries := m.scope(q.Scope).entries
	found := make([]entryKey, 0, len(entries))
	devices, assets := set(q.Devices), set(q.Assets)
	for key, e := range entries {
		if (q.Connection == "" || e.Connection == q.Connection) &&
			(devices == nil || devices[e.Device]) && (assets == nil || assets[e.Asset]) {
			found = append(found, key)
		}
	}
	slices.SortFunc(found, func(a, b entryKey) int {
		return cmp.Or(strings.Compare(a.connection, b.connection), strings.Compare(a.device, b.device))
	})
	return found
}

// State returns what a connection remembers.
func (m *Memory) State(ctx context.Context, connection string) (State, error) {
	if err := ctx.Err(); err != nil {
		return State{}, err
	}
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
	key := entryKey{c.Entry.Connection, c.Entry.Device}
	if s.entries[key].Revision != c.Entry.Revision {
		return Result{Key: c.Key, Outcome: OutcomeStale}
	}
	result := Result{Key: c.Key, Outcome: OutcomeDone}
	entry := cloneEntry(c.Entry)
	switch {
	case c.Asset == nil:
	case c.Asset.ID == "":
		result.Asset = m.create(s, *c.Asset)
		entry.Asset = result.Asset
	case s.assets[c.Asset.ID].Revision != c.Asset.Revision:
		return Result{Key: c.Key, Outcome: OutcomeStale}
	default:
		m.put(s, cloneAsset(*c.Asset))
	}
	if c.Remove {
		delete(s.entries, key)
	} else {
		entry.Revision = m.next()
		s.entries[key] = entry
	}
	m.applied++
	return result
}

// create stores a new asset, or finds the one that an earlier try stored.
func (m *Memory) create(s *memoryScope, a Asset) string {
	if id, ok := s.keys[a.Key]; ok && a.Key != "" {
		return id
	}
	return m.put(s, cloneAsset(a)).ID
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

func cloneEntry(e Entry) Entry {
	e.Data = slices.Clone(e.Data)
	return e
}

// sequence yields copies, so that the store's own values cannot be changed. No
// lock is held while the receiver works, and what left the store meanwhile is
// left out.
func sequence[K, T any](ctx context.Context, find func() []K, read func(K) (T, bool)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err := ctx.Err(); err != nil {
			yield(none, err)
			return
		}
		for _, key := range find() {
			if err := ctx.Err(); err != nil {
				yield(none, err)
				return
			}
			if v, ok := read(key); ok && !yield(v, nil) {
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
