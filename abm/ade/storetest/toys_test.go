package storetest_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

type toyStore struct {
	breaks string
	open   func() ade.Store
}

type (
	getter = func(*toy, context.Context, ade.Key) (ade.Value, error)
	lister = func(*toy, context.Context, string, ade.ValueKind) iter.Seq2[ade.Value, error]
	putter = func(*toy, context.Context, ade.Value) (string, error)
)

func broken(breaks string, get getter, list lister, put putter) toyStore {
	return toyStore{breaks, func() ade.Store { return &toy{get: get, list: list, put: put, seen: map[ade.Key]string{}} }}
}

func putting(breaks string, put putter) toyStore { return broken(breaks, nil, nil, put) }

// force writes whatever the revision.
func (s *toy) force(ctx context.Context, v ade.Value) (string, error) {
	current, err := s.MemoryStore.Get(ctx, v.Key)
	if err != nil && !errors.Is(err, mdm.ErrNotFound) {
		return "", err
	}
	v.Revision = current.Revision
	return s.MemoryStore.Put(ctx, v)
}

// current is the revision that the store has.
func (s *toy) current(ctx context.Context, k ade.Key) string {
	v, _ := s.MemoryStore.Get(ctx, k)
	return v.Revision
}

func toys() []toyStore {
	return slices.Concat(readingToys(), writingToys(), conductToys())
}

func readingToys() []toyStore {
	return []toyStore{
		broken("missing", func(s *toy, ctx context.Context, k ade.Key) (ade.Value, error) {
			v, err := s.MemoryStore.Get(ctx, k)
			if errors.Is(err, mdm.ErrNotFound) && !s.written.Load() {
				return ade.Value{}, nil
			}
			return v, err
		}, nil, func(s *toy, ctx context.Context, v ade.Value) (string, error) {
			s.written.Store(true)
			return s.MemoryStore.Put(ctx, v)
		}),
		broken("stored", func(s *toy, ctx context.Context, k ade.Key) (ade.Value, error) {
			v, err := s.MemoryStore.Get(ctx, k)
			if len(v.Data) > 1<<16 {
				v.Data = v.Data[:1<<16]
			}
			return v, err
		}, nil, nil),
		broken("listed", nil, func(s *toy, ctx context.Context, scope string, kind ade.ValueKind) iter.Seq2[ade.Value, error] {
			return func(yield func(ade.Value, error) bool) {
				n := 0
				for v, err := range s.MemoryStore.List(ctx, scope, kind) {
					if n++; n > 20 || !yield(v, err) {
						return
					}
				}
			}
		}, nil),
		broken("apart", nil, func(s *toy, ctx context.Context, scope string, kind ade.ValueKind) iter.Seq2[ade.Value, error] {
			if scope == "" { // taken for no condition
				scope = "customer-2"
			}
			return s.MemoryStore.List(ctx, scope, kind)
		}, nil),
	}
}

func writingToys() []toyStore {
	return []toyStore{
		putting("replaced", func(s *toy, ctx context.Context, v ade.Value) (string, error) {
			before, err := s.MemoryStore.Get(ctx, v.Key)
			if err == nil && len(v.Data) == 301 && string(before.Data) == string(v.Data) && before.Revision == v.Revision {
				return v.Revision, nil // nothing changed, so the revision stays
			}
			return s.MemoryStore.Put(ctx, v)
		}),
		putting("exists", func(s *toy, ctx context.Context, v ade.Value) (string, error) {
			if v.Revision == "" && len(v.Data) > 0 {
				return s.force(ctx, v)
			}
			return s.MemoryStore.Put(ctx, v)
		}),
		putting("absent", func(s *toy, ctx context.Context, v ade.Value) (string, error) {
			if s.current(ctx, v.Key) == "" && len(v.Data) > 0 {
				return s.force(ctx, v)
			}
			return s.MemoryStore.Put(ctx, v)
		}),
		putting("stale", func(s *toy, ctx context.Context, v ade.Value) (string, error) {
			revision, err := s.MemoryStore.Put(ctx, v)
			if errors.Is(err, ade.ErrStale) && s.overtaken(v) {
				return s.force(ctx, v)
			}
			s.note(v)
			return revision, err
		}),
		putting("removed", func(s *toy, ctx context.Context, v ade.Value) (string, error) {
			if len(v.Data) == 0 && v.Revision != "" && s.pair(ctx, v.Key) {
				return "", nil
			}
			return s.MemoryStore.Put(ctx, v)
		}),
		putting("stale removal", func(s *toy, ctx context.Context, v ade.Value) (string, error) {
			if len(v.Data) == 0 && v.Revision != "" {
				return s.force(ctx, v)
			}
			return s.MemoryStore.Put(ctx, v)
		}),
		putting("remade", func(s *toy, ctx context.Context, v ade.Value) (string, error) {
			s.mu.Lock()
			gone, known := s.seen[v.Key]
			if len(v.Data) == 0 {
				s.seen[v.Key] = v.Revision
			}
			s.mu.Unlock()
			if known && v.Revision == gone && gone != "" { // counts anew from the same revision
				return s.force(ctx, v)
			}
			return s.MemoryStore.Put(ctx, v)
		}),
	}
}

// note remembers the revision that a change replaced.
func (s *toy) note(v ade.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.Revision != "" && len(v.Data) > 0 {
		s.seen[v.Key] = v.Revision
	}
}

// overtaken reports whether a change comes behind one of the same revision,
// and does so as the clause does: with other data of a length of its own.
func (s *toy) overtaken(v ade.Value) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(v.Data) == 303 && v.Revision != "" && s.seen[v.Key] == v.Revision
}

// pair reports whether exactly two values are there.
func (s *toy) pair(ctx context.Context, k ade.Key) bool {
	n := 0
	for range s.MemoryStore.List(ctx, k.Scope, k.Kind) {
		n++
	}
	return n == 2
}

func conductToys() []toyStore {
	return []toyStore{
		oneWinnerToy(),
		copyingToy(),
		brokenOffToy(),
		broken("context", func(s *toy, ctx context.Context, k ade.Key) (ade.Value, error) {
			return s.MemoryStore.Get(context.WithoutCancel(ctx), k)
		}, nil, nil),
	}
}

// oneWinnerToy compares and stores in two steps, and another always gets in
// between.
func oneWinnerToy() toyStore {
	return toyStore{"one winner", func() ade.Store {
		var mu sync.Mutex
		met := sync.NewCond(&mu)
		compared := map[string]int{}
		return &toy{put: func(s *toy, ctx context.Context, v ade.Value) (string, error) {
			if s.current(ctx, v.Key) != v.Revision || v.Revision == "" || len(v.Data) < 310 {
				return s.MemoryStore.Put(ctx, v)
			}
			mu.Lock()
			compared[v.Revision]++
			met.Broadcast()
			for compared[v.Revision] < 2 {
				met.Wait()
			}
			mu.Unlock()
			return s.force(ctx, v)
		}}
	}}
}

// copyingToy keeps the caller's own slice.
func copyingToy() toyStore {
	kept := &sync.Map{}
	return broken("copies", func(s *toy, ctx context.Context, k ade.Key) (ade.Value, error) {
		v, err := s.MemoryStore.Get(ctx, k)
		if data, ok := kept.Load(v.Revision + k.ID); ok && err == nil && len(v.Data) == len(data.([]byte)) && len(v.Data) == 301 {
			v.Data = data.([]byte)
		}
		return v, err
	}, nil, func(s *toy, ctx context.Context, v ade.Value) (string, error) {
		revision, err := s.MemoryStore.Put(ctx, v)
		if err == nil {
			kept.Store(revision+v.ID, v.Data)
		}
		return revision, err
	})
}

// brokenOffToy has a pool of ten connections and gives one back only at the
// end of a list.
func brokenOffToy() toyStore {
	return toyStore{"broken off", func() ade.Store {
		free := 10
		return &toy{seen: map[ade.Key]string{}, list: func(s *toy, ctx context.Context, scope string, kind ade.ValueKind) iter.Seq2[ade.Value, error] {
			return func(yield func(ade.Value, error) bool) {
				if free == 0 {
					yield(ade.Value{}, errors.New("no connection is free"))
					return
				}
				free--
				for v, err := range s.MemoryStore.List(ctx, scope, kind) {
					if !yield(v, err) {
						return
					}
				}
				free++
			}
		}}
	}}
}
