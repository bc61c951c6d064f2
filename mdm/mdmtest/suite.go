package mdmtest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/contracttest"
	"github.com/mdmlink/mdmlink/mdm"
)

// Options says what the suite should know about a source. The zero Options
// suits a source over a fake that lists at least three devices on at least
// two pages.
type Options struct {
	// Skip names clauses that the source cannot keep, each with the reason. A
	// name that is no clause, or an empty reason, is a violation.
	Skip map[string]string

	Secrets  []string      // texts that must appear nowhere, such as the API key
	Devices  int           // how many devices a complete listing has; 0 = not known
	MaxPage  int           // most devices that a page may hold; 0 = 1000
	Missing  string        // an id that does not exist; "" = "no-such-device"
	Hides    mdm.Keys      // attributes that the source must never tell, as a privacy wrapper promises
	Sends    []mdm.Command // commands that may really be sent to the first device that allows them; nil = none
	Requests func() int    // requests that the fake has seen so far; nil = not known
	Patience time.Duration // how long one clause may take; 0 = 30 s
	Prompt   time.Duration // how soon a listing must end after its context; 0 = 2 s
}

func (o Options) missing() string {
	if o.Missing == "" {
		return "no-such-device"
	}
	return o.Missing
}

func (o Options) maxPage() int {
	if o.MaxPage == 0 {
		return 1000
	}
	return o.MaxPage
}

func (o Options) prompt() time.Duration {
	if o.Prompt == 0 {
		return 2 * time.Second
	}
	return o.Prompt
}

// Violation is one way in which a source breaks a clause of the contract. As
// an error its text is "clause: what is wrong". It holds no personal data.
type Violation struct {
	Clause string // name of the clause, one of Clauses
	Detail string // what is wrong
}

// Error returns clause and detail.
func (v Violation) Error() string { return v.Clause + ": " + v.Detail }

// Clauses returns the names of all clauses, in the order in which they are
// tested.
func Clauses() []string { return Options{}.suite().Names() }

// Run holds a source against the contract of package mdm, one subtest for
// each clause. Each clause gets a source of its own from open, with the
// subtest's t for what has to be closed again.
func Run(t *testing.T, open func(t *testing.T) mdm.Source, opts Options) {
	t.Helper()
	opts.suite().Run(t, open)
}

// Check is Run without a testing.T: it returns all violations, in the order
// of the clauses, or nil. Each clause gets a source of its own from open.
func Check(ctx context.Context, open func() mdm.Source, opts Options) []Violation {
	var found []Violation
	for _, v := range opts.suite().Check(ctx, open) {
		found = append(found, Violation(v))
	}
	return found
}

// clause is one promise of a source.
type clause struct {
	name  string // stable, for Options.Skip
	about string // the promise, as a sentence
	test  func(*probe)
}

func clauses() []clause {
	return slices.Concat(listingClauses(), cursorClauses(), endingClauses(),
		deviceClauses(), wantClauses(), privacyClauses(),
		checkClauses(), commandClauses(), abilityClauses(), secretClauses())
}

func (o Options) suite() contracttest.Suite[mdm.Source] {
	s := contracttest.Suite[mdm.Source]{Skip: o.Skip, Patience: o.Patience, Grace: o.prompt()}
	for _, c := range clauses() {
		s.Clauses = append(s.Clauses, contracttest.Clause[mdm.Source]{Name: c.name, About: c.about,
			Test: func(ctx context.Context, src mdm.Source) []string {
				p := &probe{ctx: ctx, src: src, opts: o}
				c.test(p)
				return p.wrong()
			}})
	}
	return s
}
