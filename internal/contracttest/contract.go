// Package contracttest runs the clauses of a contract, such as what a Source
// or a Store promises, against something that claims to keep it.
package contracttest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
)

// Clause is one promise of a T.
type Clause[T any] struct {
	Name  string // stable, for Suite.Skip
	About string // the promise, as a sentence

	// Test says what is wrong with a T, in sentences; nil = nothing.
	Test func(context.Context, T) []string
}

// Suite is a contract, and what is known of the one who is held to it.
type Suite[T any] struct {
	Clauses  []Clause[T]
	Skip     map[string]string // names of clauses that cannot be kept, each with the reason
	Patience time.Duration     // how long one clause may take; 0 = 30 s
	Grace    time.Duration     // how long after its context is over; 0 = 1 s
}

// Violation is one way in which a clause is broken.
type Violation struct {
	Clause string // its name; "options" = of a Skip that makes no sense
	Detail string // what is wrong
}

// Names returns the names of the clauses, in order.
func (s Suite[T]) Names() []string {
	var names []string
	for _, c := range s.Clauses {
		names = append(names, c.Name)
	}
	return names
}

// Run holds a T to each clause, in a subtest and with a T of its own.
func (s Suite[T]) Run(t *testing.T, open func(t *testing.T) T) {
	t.Helper()
	for _, v := range s.unfit() {
		t.Errorf("%s: %s", v.Clause, v.Detail)
	}
	for _, c := range s.Clauses {
		t.Run(c.Name, func(t *testing.T) {
			if reason, skip := s.Skip[c.Name]; skip {
				t.Skip(reason)
			}
			for _, detail := range s.hold(t.Context(), c, open(t)) {
				t.Errorf("%s: %s", c.About, detail)
			}
		})
	}
}

// Check is Run without a testing.T. It returns all violations, in the order
// of the clauses.
func (s Suite[T]) Check(ctx context.Context, open func() T) []Violation {
	found := s.unfit()
	for _, c := range s.Clauses {
		if _, skip := s.Skip[c.Name]; skip {
			continue
		}
		for _, detail := range s.hold(ctx, c, open()) {
			found = append(found, Violation{c.Name, detail})
		}
	}
	return found
}

// unfit returns what is wrong with the skips.
func (s Suite[T]) unfit() []Violation {
	var bad []Violation
	names := s.Names()
	for _, name := range slices.Sorted(maps.Keys(s.Skip)) {
		if !slices.Contains(names, name) {
			bad = append(bad, Violation{"options", fmt.Sprintf("Skip names %q, which is no clause", name)})
		} else if s.Skip[name] == "" {
			bad = append(bad, Violation{"options", fmt.Sprintf("Skip gives no reason for %q", name)})
		}
	}
	return bad
}

// hold tests one clause. What panics or takes too long breaks it too.
func (s Suite[T]) hold(ctx context.Context, c Clause[T], of T) []string {
	patience, grace := s.Patience, s.Grace
	if patience == 0 {
		patience = 30 * time.Second
	}
	if grace == 0 {
		grace = time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done := make(chan []string, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- []string{fmt.Sprintf("it panics: %v", r)}
			}
		}()
		done <- c.Test(ctx, of)
	}()
	select {
	case found := <-done:
		return found
	case <-time.After(patience + grace):
		return []string{fmt.Sprintf("it takes longer than %v and does not heed its context", patience)}
	}
}
