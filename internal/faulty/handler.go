package faulty

import (
	"net/http"
	"slices"
	"sync"
)

// Handler passes requests on to another handler, except for the faults that
// were set. The methods of [Scope] set them. All methods may be called while
// requests are served.
type Handler struct {
	Scope // every request, any number of times

	next http.Handler

	mu     sync.Mutex
	faults []*fault
}

// Scope says which requests the next fault is for, and how many of them.
type Scope struct {
	h     *Handler
	match func(*http.Request) bool // nil = every request
	times int                      // 0 = any number
}

// effect serves a request badly; next is what would have served it.
type effect func(w http.ResponseWriter, r *http.Request, next http.Handler)

type fault struct {
	match func(*http.Request) bool
	left  int // how often it still happens; negative = always
	do    effect
}

// New wraps a handler, without any fault.
func New(next http.Handler) *Handler {
	h := &Handler{next: next}
	h.Scope.h = h
	return h
}

// On narrows a scope to the requests for which match is true. It must not
// read the request's body. A scope that was narrowed before stays so.
func (s Scope) On(match func(*http.Request) bool) Scope {
	if before := s.match; before != nil {
		s.match = func(r *http.Request) bool { return before(r) && match(r) }
		return s
	}
	s.match = match
	return s
}

// Times limits a scope to the next n requests; 0 means no limit.
func (s Scope) Times(n int) Scope {
	s.times = n
	return s
}

func (s Scope) add(do effect) {
	f := &fault{match: s.match, left: s.times, do: do}
	if s.times <= 0 {
		f.left = -1
	}
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	s.h.faults = append(s.h.faults, f)
}

// Clear removes all faults.
func (h *Handler) Clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = nil
}

// ServeHTTP serves a request with the faults that are set for it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	faults := slices.Clone(h.faults)
	h.mu.Unlock()
	h.from(faults).ServeHTTP(w, r)
}

// from is the handler that begins with the first of these faults.
func (h *Handler) from(faults []*fault) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i, f := range faults {
			if h.take(f, r) {
				f.do(w, r, h.from(faults[i+1:]))
				return
			}
		}
		h.next.ServeHTTP(w, r)
	})
}

// take uses a fault up by one, if it is for the request.
func (h *Handler) take(f *fault, r *http.Request) bool {
	if f.match != nil && !f.match(r) {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if f.left == 0 {
		h.faults = slices.DeleteFunc(h.faults, func(g *fault) bool { return g == f })
		return false
	}
	if f.left > 0 {
		f.left--
	}
	return true
}
