package inventorytest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/contracttest"
	"github.com/mdmlink/mdmlink/inventory"
)

// Options says what the suite should know about a store. The zero Options
// suits a store that creates assets as it is told to.
type Options struct {
	// Skip names clauses that the store cannot keep, each with the reason. A
	// name that is no clause, or an empty reason, is a violation.
	Skip map[string]string

	// Shape changes an asset of the suite into one that the host's database
	// takes, such as one with a field that it demands; nil = as it is. What
	// it changes is not compared.
	Shape func(*inventory.Asset)

	// Field is a field of Asset.Values that the store keeps; "" = "note".
	Field string

	Patience time.Duration // how long one clause may take; 0 = 30 s
}

func (o Options) field() string {
	if o.Field == "" {
		return "note"
	}
	return o.Field
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

// Run holds a store against the contract of [inventory.Store], one subtest
// for each clause. Each clause gets an empty store of its own from open, with
// the subtest's t for what has to be closed again.
func Run(t *testing.T, open func(t *testing.T) inventory.Store, o Options) {
	t.Helper()
	o.suite().Run(t, open)
}

// Check is Run without a testing.T: it returns the violations, at most one
// for each clause, in the order of the clauses. Each clause gets an empty
// store of its own from open.
func Check(ctx context.Context, open func() inventory.Store, o Options) []Violation {
	var found []Violation
	for _, v := range o.suite().Check(ctx, open) {
		found = append(found, Violation(v))
	}
	return found
}

// clause is one promise of a store.
type clause struct {
	name  string // stable, for Options.Skip
	about string // the promise, as a sentence
	test  func(*probe) error
}

func clauses() []clause {
	return slices.Concat(readingClauses(), writingClauses(), revisionClauses(), stateClauses(), conductClauses())
}

func (o Options) suite() contracttest.Suite[inventory.Store] {
	s := contracttest.Suite[inventory.Store]{Skip: o.Skip, Patience: o.Patience}
	for _, c := range clauses() {
		s.Clauses = append(s.Clauses, contracttest.Clause[inventory.Store]{Name: c.name, About: c.about,
			Test: func(ctx context.Context, store inventory.Store) []string {
				if err := c.test(&probe{ctx: ctx, store: store, options: o}); err != nil {
					return []string{err.Error()}
				}
				return nil
			}})
	}
	return s
}
