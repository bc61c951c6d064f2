package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/internal/contracttest"
)

// Options says what the suite should know about a store. The zero Options
// suits every store.
type Options struct {
	// Skip names clauses that the store cannot keep, each with the reason. A
	// name that is no clause, or an empty reason, is a violation.
	Skip map[string]string

	Patience time.Duration // how long one clause may take; 0 = 30 s
}

// Violation is one way in which a store breaks a clause of the contract. As
// an error its text is "clause: what is wrong".
type Violation struct {
	Clause string // name of the clause, one of Clauses
	Detail string // what is wrong
}

// Error returns clause and detail.
func (v Violation) Error() string { return v.Clause + ": " + v.Detail }

// Clauses returns the names of all clauses, in the order in which they are
// tested.
func Clauses() []string { return Options{}.suite().Names() }

// Run holds a store against the contract of [ade.Store], one subtest for each
// clause. Each clause gets an empty store of its own from open, with the
// subtest's t for what has to be closed again.
func Run(t *testing.T, open func(t *testing.T) ade.Store, o Options) {
	t.Helper()
	o.suite().Run(t, open)
}

// Check is Run without a testing.T: it returns the violations, at most one
// for each clause, in the order of the clauses. Each clause gets an empty
// store of its own from open.
func Check(ctx context.Context, open func() ade.Store, o Options) []Violation {
	var found []Violation
	for _, v := range o.suite().Check(ctx, open) {
		found = append(found, Violation(v))
	}
	return found
}

func (o Options) suite() contracttest.Suite[ade.Store] {
	s := contracttest.Suite[ade.Store]{Skip: o.Skip, Patience: o.Patience}
	for _, c := range clauses() {
		s.Clauses = append(s.Clauses, contracttest.Clause[ade.Store]{Name: c.name, About: c.about,
			Test: func(ctx context.Context, store ade.Store) []string {
				if err := c.test(&probe{ctx: ctx, store: store}); err != nil {
					return []string{err.Error()}
				}
				return nil
			}})
	}
	return s
}

// clause is one promise of a store.
type clause struct {
	name  string // stable, for Options.Skip
	about string // the promise, as a sentence
	test  func(*probe) error
}

func clauses() []clause {
	return []clause{
		{"missing", "what is not there is not found, and lists are empty", missing},
		{"stored", "what is stored is read back byte by byte", stored},
		{"listed", "every value of the scope and kind is listed once", listed},
		{"apart", "scopes, kinds and ids have nothing to do with each other", apart},
		{"replaced", "a value is replaced, and its revision changes", replaced},
		{"exists", "a value without a revision does not replace one that is there", exists},
		{"absent", "a value with a revision does not create one", absent},
		{"stale", "a value with an old revision replaces nothing", stale},
		{"removed", "a value without data removes", removed},
		{"stale removal", "a value with an old revision is not removed", staleRemoval},
		{"remade", "a revision from before a removal is good for nothing afterwards", remade},
		{"one winner", "of changes at the same time one succeeds and the others are stale", oneWinner},
		{"copies", "what is handed over is not shared with what is stored", copies},
		{"broken off", "a list can be left early, and the store goes on", brokenOff},
		{"context", "a context that is over ends every call, and nothing is written", contextOver},
	}
}
