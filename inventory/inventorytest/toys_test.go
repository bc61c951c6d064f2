package inventorytest_test

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/mdmlink/mdmlink/inventory"
)

// toy wraps Memory and may change what it is told and what it says.
type toy struct {
	*inventory.Memory
	mu      sync.Mutex
	assets  func(*toy, context.Context, inventory.AssetQuery) iter.Seq2[inventory.Asset, error]
	entries func(*toy, context.Context, inventory.EntryQuery) iter.Seq2[inventory.Entry, error]
	state   func(*toy, context.Context, string) (inventory.State, error)
	apply   func(*toy, context.Context, inventory.Batch) ([]inventory.Result, error)
}

func (s *toy) Assets(ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
	if s.assets == nil {
		return s.Memory.Assets(ctx, q)
	}
	return s.assets(s, ctx, q)
}

func (s *toy) Entries(ctx context.Context, q inventory.EntryQuery) iter.Seq2[inventory.Entry, error] {
	if s.entries == nil {
		return s.Memory.Entries(ctx, q)
	}
	return s.entries(s, ctx, q)
}

func (s *toy) State(ctx context.Context, connection string) (inventory.State, error) {
	if s.state == nil {
		return s.Memory.State(ctx, connection)
	}
	return s.state(s, ctx, connection)
}

func (s *toy) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	if s.apply == nil {
		return s.Memory.Apply(ctx, b)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.apply(s, ctx, b)
}

type (
	applier  = func(*toy, context.Context, inventory.Batch) ([]inventory.Result, error)
	toyStore struct {
		breaks string
		open   func() inventory.Store
	}
)

func applying(breaks string, f applier) toyStore {
	return toyStore{breaks, func() inventory.Store { return &toy{Memory: &inventory.Memory{}, apply: f} }}
}

// changing breaks a store by changing each change before it is carried out.
func changing(breaks string, f func(*toy, context.Context, inventory.Batch, *inventory.Change)) toyStore {
	return applying(breaks, func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
		b.Changes = slices.Clone(b.Changes)
		for i := range b.Changes {
			f(s, ctx, b, &b.Changes[i])
		}
		return s.Memory.Apply(ctx, b)
	})
}

func mapped[T any](all iter.Seq2[T, error], f func(*T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range all {
			if (err != nil || f(&v)) && !yield(v, err) {
				return
			}
		}
	}
}

func (s *toy) entry(ctx context.Context, b inventory.Batch, e inventory.Entry) inventory.Entry {
	for found := range s.Memory.Entries(ctx, inventory.EntryQuery{Scope: b.Scope, Connection: e.Connection, Devices: []string{e.Device}}) {
		return found
	}
	return inventory.Entry{}
}

func (s *toy) asset(ctx context.Context, b inventory.Batch, id string) inventory.Asset {
	for found := range s.Memory.Assets(ctx, inventory.AssetQuery{Scope: b.Scope, IDs: []string{id}}) {
		return found
	}
	return inventory.Asset{}
}

func (s *toy) keyed(ctx context.Context, b inventory.Batch, key string) bool {
	for a := range s.Memory.Assets(ctx, inventory.AssetQuery{Scope: b.Scope}) {
		if a.Key == key {
			return true
		}
	}
	return false
}

func toys() []toyStore {
	return slices.Concat(readingToys(), writingToys(), revisionToys(), stateToys(), conductToys())
}

func readingToys() []toyStore {
	listing := func(breaks string, s *toy) toyStore {
		return toyStore{breaks, func() inventory.Store {
			return &toy{Memory: &inventory.Memory{}, assets: s.assets, entries: s.entries, state: s.state, apply: s.apply}
		}}
	}
	return []toyStore{
		listing("empty", &toy{state: func(s *toy, ctx context.Context, c string) (inventory.State, error) {
			st, err := s.Memory.State(ctx, c)
			if st.Revision == "" && c == "mdm-1" {
				st.Data = []byte("{}")
			}
			return st, err
		}}),
		listing("round trip", &toy{entries: func(s *toy, ctx context.Context, q inventory.EntryQuery) iter.Seq2[inventory.Entry, error] {
			return mapped(s.Memory.Entries(ctx, q), func(e *inventory.Entry) bool { e.Serial = strings.ToLower(e.Serial); return true })
		}}),
		listing("scopes apart", &toy{assets: func(s *toy, ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
			for range s.Memory.Assets(ctx, q) {
				return s.Memory.Assets(ctx, q)
			}
			q.Scope = "school-1" // in place of nothing
			return s.Memory.Assets(ctx, q)
		}}),
		listing("never less", &toy{entries: func(s *toy, ctx context.Context, q inventory.EntryQuery) iter.Seq2[inventory.Entry, error] {
			left := 1
			return mapped(s.Memory.Entries(ctx, q), func(*inventory.Entry) bool {
				left--
				return q.Devices == nil || left >= 0 // forgets its other places
			})
		}}),
		listing("archived", &toy{assets: func(s *toy, ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
			return mapped(s.Memory.Assets(ctx, q), func(a *inventory.Asset) bool { return !a.Archived })
		}}),
		listing("all connections", &toy{entries: func(s *toy, ctx context.Context, q inventory.EntryQuery) iter.Seq2[inventory.Entry, error] {
			q.Connection = "mdm-1"
			return s.Memory.Entries(ctx, q)
		}}),
	}
}

func writingToys() []toyStore {
	return []toyStore{
		changing("key", func(s *toy, ctx context.Context, b inventory.Batch, c *inventory.Change) {
			if c.Asset != nil && c.Asset.ID == "" && c.Entry.Revision != "" && s.keyed(ctx, b, c.Asset.Key) {
				a := *c.Asset
				a.Key = ""
				c.Asset = &a
			}
		}),
		applying("key", func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
			if len(b.Changes) == 0 {
				return s.Memory.Apply(ctx, b)
			}
			c := b.Changes[0]
			known := c.Asset != nil && c.Asset.ID == "" && c.Entry.Revision != "" && s.keyed(ctx, b, c.Asset.Key)
			results, err := s.Memory.Apply(ctx, b)
			if known && err == nil {
				for e := range s.Memory.Entries(ctx, inventory.EntryQuery{Scope: b.Scope, Devices: []string{c.Entry.Device}}) {
					c.Entry.Revision = e.Revision
				}
				c.Asset, c.Entry.Asset = nil, ""
				_, err = s.Memory.Apply(ctx, inventory.Batch{Scope: b.Scope, Connection: b.Connection, Changes: []inventory.Change{c}})
			}
			return results, err
		}),
		changing("key of a scope", func(s *toy, _ context.Context, b inventory.Batch, c *inventory.Change) {
			if b.Scope != "school-1" {
				c.Entry.Revision = "the row of the other scope"
			}
		}),
		changing("update", func(_ *toy, _ context.Context, _ inventory.Batch, c *inventory.Change) {
			if c.Asset != nil && c.Asset.ID != "" {
				a := *c.Asset
				a.Key = ""
				c.Asset = &a
			}
		}),
		changing("update", func(_ *toy, _ context.Context, _ inventory.Batch, c *inventory.Change) {
			if c.Asset != nil && c.Asset.ID != "" {
				a := *c.Asset
				a.Identifiers.Email = ""
				c.Asset = &a
			}
		}),
		changing("key in one batch", func(s *toy, ctx context.Context, b inventory.Batch, c *inventory.Change) {
			if len(b.Changes) == 2 && c.Asset != nil && c.Entry.Device == "device-2" && c.Asset.Key == b.Changes[0].Key {
				a := *c.Asset
				a.Key = ""
				c.Asset = &a
			}
		}),
		applying("new id", func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
			results, err := s.Memory.Apply(ctx, b)
			if len(results) == 1 && !strings.Contains(b.Changes[0].Entry.Revision, "1") && b.Changes[0].Entry.Revision == "" {
				results[0].Asset = ""
			}
			return results, err
		}),
		changing("update", func(_ *toy, _ context.Context, b inventory.Batch, c *inventory.Change) {
			if c.Entry.Name == "new" {
				c.Entry.Name = "old"
			}
		}),
		changing("remove", func(_ *toy, _ context.Context, b inventory.Batch, c *inventory.Change) {
			if c.Remove && c.Asset == nil && c.Entry.Name == "Tablet 1" {
				c.Remove = false
			}
		}),
		applying("order", func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
			results, err := s.Memory.Apply(ctx, b)
			slices.SortFunc(results, func(x, y inventory.Result) int {
				if len(results) != 3 || x.Outcome != y.Outcome {
					return 0
				}
				return strings.Compare(x.Key, y.Key)
			})
			return results, err
		}),
		applying("independent", func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
			failed := false
			results := make([]inventory.Result, len(b.Changes))
			for i, c := range b.Changes {
				results[i] = inventory.Result{Key: c.Key, Outcome: inventory.OutcomeRefused}
				if failed {
					continue
				}
				one := b
				one.Changes = b.Changes[i : i+1]
				if i > 0 {
					one.State = nil
				}
				r, err := s.Memory.Apply(ctx, one)
				if err != nil {
					return nil, err
				}
				results[i], failed = r[0], r[0].Outcome != inventory.OutcomeDone
			}
			if len(b.Changes) == 0 {
				return s.Memory.Apply(ctx, b)
			}
			return results, nil
		}),
		applying("many", func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
			if len(b.Changes) > 200 {
				b.Changes = b.Changes[:200]
			}
			return s.Memory.Apply(ctx, b)
		}),
	}
}

func revisionToys() []toyStore {
	return []toyStore{
		changing("stale entry", func(s *toy, ctx context.Context, b inventory.Batch, c *inventory.Change) {
			if c.Entry.Revision != "" && c.Asset != nil && !c.Remove {
				c.Entry.Revision = s.entry(ctx, b, c.Entry).Revision
			}
		}),
		changing("stale asset", func(s *toy, ctx context.Context, b inventory.Batch, c *inventory.Change) {
			if c.Asset != nil && c.Asset.ID != "" && s.asset(ctx, b, c.Asset.ID).ID != "" {
				a := *c.Asset
				a.Revision = s.asset(ctx, b, a.ID).Revision
				c.Asset = &a
			}
		}),
		changing("entry exists", func(s *toy, ctx context.Context, b inventory.Batch, c *inventory.Change) {
			if c.Entry.Revision == "" && c.Asset == nil {
				c.Entry.Revision = s.entry(ctx, b, c.Entry).Revision
			}
		}),
		changing("asset gone", func(s *toy, ctx context.Context, b inventory.Batch, c *inventory.Change) {
			if c.Asset != nil && c.Asset.ID != "" && s.asset(ctx, b, c.Asset.ID).ID == "" {
				a := *c.Asset
				a.ID, a.Key = "", ""
				c.Asset = &a
			}
		}),
		changing("stale removal", func(s *toy, ctx context.Context, b inventory.Batch, c *inventory.Change) {
			if c.Remove {
				c.Entry.Revision = s.entry(ctx, b, c.Entry).Revision
			}
		}),
	}
}

func stateToys() []toyStore {
	return []toyStore{
		{"state", func() inventory.Store {
			return &toy{Memory: &inventory.Memory{}, state: func(s *toy, ctx context.Context, c string) (inventory.State, error) {
				st, err := s.Memory.State(ctx, c)
				if len(st.Data) == 3 { // cuts at a zero byte
					st.Data = st.Data[:1]
				}
				return st, err
			}}
		}},
		applying("state with changes", func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
			if b.State != nil && len(b.Changes) > 1 {
				b.Changes = b.Changes[:1]
			}
			return s.Memory.Apply(ctx, b)
		}),
		applying("stale state", func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
			current, _ := s.Memory.State(ctx, b.Connection)
			if b.State != nil && b.State.Revision != "" && len(b.Changes) > 0 && b.State.Revision != current.Revision {
				b.State = nil // too late: the changes are written first
				if _, err := s.Memory.Apply(ctx, b); err != nil {
					return nil, err
				}
				return nil, inventory.ErrRunning
			}
			return s.Memory.Apply(ctx, b)
		}),
		applying("state exists", func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
			if b.State != nil && b.State.Revision == "" {
				current, err := s.Memory.State(ctx, b.Connection)
				if err != nil {
					return nil, err
				}
				b.State = &inventory.State{Revision: current.Revision, Data: b.State.Data}
			}
			return s.Memory.Apply(ctx, b)
		}),
		{"states apart", func() inventory.Store {
			return &toy{Memory: &inventory.Memory{}, state: func(s *toy, ctx context.Context, _ string) (inventory.State, error) {
				return s.Memory.State(ctx, "mdm-1")
			}}
		}},
	}
}

func conductToys() []toyStore {
	return []toyStore{
		{"broken off", func() inventory.Store { return &pooled{Memory: &inventory.Memory{}, free: 10} }},
		{"copies", func() inventory.Store { return &sharing{Memory: &inventory.Memory{}, data: map[string][]byte{}} }},
		{"one winner", func() inventory.Store { return newRacing("device-1") }},
		{"one run", func() inventory.Store { return newRacing("") }},
		{"one creation", func() inventory.Store { return newRacing("one") }},
		applying("context", func(s *toy, ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
			return s.Memory.Apply(context.WithoutCancel(ctx), b)
		}),
	}
}

// pooled forgets to give its connections back when a sequence is left early.
type pooled struct {
	*inventory.Memory
	free int
}

func (s *pooled) Assets(ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
	return func(yield func(inventory.Asset, error) bool) {
		if s.free == 0 {
			yield(inventory.Asset{}, context.DeadlineExceeded)
			return
		}
		s.free--
		for a, err := range s.Memory.Assets(ctx, q) {
			if !yield(a, err) {
				return
			}
		}
		s.free++
	}
}

// sharing keeps the slices that it is given.
type sharing struct {
	*inventory.Memory
	mu   sync.Mutex
	data map[string][]byte
}

func (s *sharing) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range b.Changes {
		if c.Asset != nil {
			s.data[c.Entry.Device] = c.Entry.Data
		}
	}
	return s.Memory.Apply(ctx, b)
}

func (s *sharing) Entries(ctx context.Context, q inventory.EntryQuery) iter.Seq2[inventory.Entry, error] {
	return mapped(s.Memory.Entries(ctx, q), func(e *inventory.Entry) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if data, ok := s.data[e.Device]; ok && len(data) > 0 && data[0] == '!' {
			e.Data = slices.Clone(data)
		}
		return true
	})
}

// racing looks first and writes later, with nothing in between to hold others
// off, for one sort of batch.
type racing struct {
	*inventory.Memory
	loses string
	meet  chan struct{}
}

func newRacing(loses string) *racing {
	return &racing{Memory: &inventory.Memory{}, loses: loses, meet: make(chan struct{}, 1)}
}

func (s *racing) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	switch {
	case s.loses == "" && b.State != nil && len(b.State.Data) == 1 && b.State.Data[0] < 8 && len(b.Changes) == 0:
		current, err := s.Memory.State(ctx, b.Connection)
		if err != nil {
			return nil, err
		}
		b.State = &inventory.State{Revision: current.Revision, Data: b.State.Data}
	case s.loses == "one" && len(b.Changes) == 1 && b.Changes[0].Asset != nil && b.Changes[0].Asset.Key == "one":
		a := *b.Changes[0].Asset
		a.Key = b.Changes[0].Entry.Device
		b.Changes = []inventory.Change{{Key: b.Changes[0].Key, Asset: &a, Entry: b.Changes[0].Entry}}
	case s.loses == "device-1" && len(b.Changes) == 1 && strings.HasPrefix(b.Changes[0].Key, "device-"):
		for e := range s.Memory.Entries(ctx, inventory.EntryQuery{Scope: b.Scope}) {
			b.Changes = slices.Clone(b.Changes)
			b.Changes[0].Entry.Revision = e.Revision
		}
		return s.retry(ctx, b)
	}
	r, err := s.Memory.Apply(ctx, b)
	if err != nil && s.loses == "" && b.State != nil && len(b.State.Data) == 1 && b.State.Data[0] < 8 {
		return s.Apply(ctx, b)
	}
	return r, err
}

func (s *racing) retry(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	r, err := s.Memory.Apply(ctx, b)
	if err == nil && r[0].Outcome == inventory.OutcomeStale {
		return s.Apply(ctx, b)
	}
	return r, err
}
