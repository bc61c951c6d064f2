package inventorytest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

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

func (o Options) patience() time.Duration {
	if o.Patience == 0 {
		return 30 * time.Second
	}
	return o.Patience
}

// unfit returns what is wrong with the declared skips.
func (o Options) unfit() []Violation {
	var bad []Violation
	for name, reason := range o.Skip {
		if !slices.Contains(Clauses(), name) {
			bad = append(bad, Violation{"options", fmt.Sprintf("Skip names %q, which is no clause", name)})
		} else if reason == "" {
			bad = append(bad, Violation{"options", fmt.Sprintf("Skip gives no reason for %q", name)})
		}
	}
	return bad
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
func Clauses() []string {
	var names []string
	for _, c := range clauses() {
		names = append(names, c.name)
	}
	return names
}

// Run holds a store against the contract of [inventory.Store], one subtest
// for each clause. Each clause gets an empty store of its own from open, with
// the subtest's t for what has to be closed again.
func Run(t *testing.T, open func(t *testing.T) inventory.Store, o Options) {
	t.Helper()
	for _, v := range o.unfit() {
		t.Error(v)
	}
	for _, c := range clauses() {
		t.Run(c.name, func(t *testing.T) {
			if reason, skip := o.Skip[c.name]; skip {
				t.Skip(reason)
			}
			if err := c.hold(t.Context(), open(t), o); err != nil {
				t.Errorf("%s: %v", c.about, err)
			}
		})
	}
}

// Check is Run without a testing.T: it returns the violations, at most one
// for each clause, in the order of the clauses. Each clause gets an empty
// store of its own from open.
func Check(ctx context.Context, open func() inventory.Store, o Options) []Violation {
	found := o.unfit()
	for _, c := range clauses() {
		if _, skip := o.Skip[c.name]; skip {
			continue
		}
		if err := c.hold(ctx, open(), o); err != nil {
			found = append(found, Violation{c.name, err.Error()})
		}
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

// hold tests the clause on a store. What panics or takes too long violates it
// too.
func (c clause) hold(ctx context.Context, store inventory.Store, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, o.patience())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Errorf("it panics: %v", r)
			}
		}()
		done <- c.test(&probe{ctx: ctx, store: store, options: o})
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(o.patience() + time.Second):
		return fmt.Errorf("it takes longer than %v and does not heed its context", o.patience())
	}
}
