package inventory

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Options are what a run may be told. The zero Options are good.
type Options struct {
	Scheduled bool     // the run was not asked for by a person: it is refused with ErrPaused where automatic runs are paused
	Observer  Observer // is told of progress; nil = nobody
	Approve   []Hold   // holds that a person let pass; see also Approve

	Batch   int           // number of changes that the Store gets at once; 0 = 200
	Lease   time.Duration // how long after its last sign of life a run counts as dead, so that another may start; 0 = 1 h
	Resume  int           // how often a listing goes on after a page that failed; 0 = 2; negative = never
	Full    bool          // read everything, even if the source can list changes
	Details Details       // which details are read in addition to the listing; zero = none

	Requests []Request       // commands of which something is newly known; see also Note
	Health   []mdm.Health    // of the credentials; nil = the source is asked, if it is an mdm.HealthReporter
	Throttle func() Throttle // tells at the end how the source was slowed down; nil = not known

	// Neighbours are further scopes in which devices may have been before, such
	// as the other schools of a district: a device that moves between them is
	// reported as moved.
	Neighbours []string

	// Software gets the installed software of linked devices, if the
	// connection asks for it; nil = it is not read.
	Software func(mdm.Install) error
}

// Details says for which devices the detail is read: it costs a request each.
// Those whose detail was never read come first, then those whose detail is the
// oldest.
type Details struct {
	New     bool // devices whose detail was never read
	Changed bool // devices whose listed attributes changed
	Max     int  // at most so many in one run; 0 = 100
}

// ErrDisabled says that a scheduled run was asked of a disabled connection.
var ErrDisabled = errors.New("inventory: the connection is disabled; runs by hand are possible")

// Sync reads the devices of a source, matches them with the assets of the
// connection's scope, and writes what follows into the Store. A second Sync
// of the connection at the same time is ErrRunning.
//
// The Run tells what happened. It is there even if there is an error, as far
// as the run came. A listing that broke off is not an error of Sync unless
// nothing could be read: what was read is applied, nothing new is linked and
// nobody goes missing, and Run.Error has the code.
func Sync(ctx context.Context, c Connection, src mdm.Source, store Store, o *Options) (*Run, error) {
	s, err := newSyncer(c, store, o)
	if err != nil {
		return nil, err
	}
	s.source = src
	if err := s.begin(ctx); err != nil {
		return nil, err
	}
	planned, err := s.work(ctx)
	return s.end(ctx, planned, err)
}

// PlanSync reads and plans as Sync does, and writes nothing.
func PlanSync(ctx context.Context, c Connection, src mdm.Source, store Store, o *Options) (Plan, error) {
	s, err := newSyncer(c, store, o)
	if err != nil {
		return Plan{}, err
	}
	s.source, s.dry = src, true
	if err := s.remember(ctx); err != nil {
		return Plan{}, err
	}
	if err := s.read(ctx); err != nil {
		return Plan{}, err
	}
	p, err := s.plan(ctx)
	if err != nil {
		return Plan{}, err
	}
	return p.plan()
}

// Apply carries out a plan that was made before, such as one that a person
// looked at. It writes in the same way as Sync. Nothing is planned anew: a
// change whose device or asset was changed since is left out and counted in
// Run.Stale, and so is one whose outcome nobody knows. Steps that are held are
// left out too.
func Apply(ctx context.Context, c Connection, store Store, plan Plan, o *Options) (*Run, error) {
	if plan.Version != dataVersion || plan.Connection != c.ID || plan.Scope != c.Scope {
		return nil, &mdm.Error{Op: "apply", Kind: mdm.ErrInvalid, Detail: "the plan is of another version, connection or scope"}
	}
	s, err := newSyncer(c, store, o)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx); err != nil {
		return nil, err
	}
	s.run.Listing = plan.Report.Listing
	todo := slices.DeleteFunc(slices.Clone(plan.Steps), func(s Step) bool { return s.Held != "" })
	again, err := s.apply(ctx, len(todo), func(from, to int) ([]Step, error) { return todo[from:to], nil })
	s.run.Stale = len(again)
	return s.end(ctx, plan.Report, err)
}

// Approve notes holds that a person let pass, so that the next run needs no
// Options.Approve. While a run is under way it is ErrRunning.
func Approve(ctx context.Context, c Connection, store Store, holds ...Hold) error {
	s, err := newSyncer(c, store, nil)
	if err != nil {
		return err
	}
	if err := s.remember(ctx); err != nil {
		return err
	}
	if s.memory.Running.alive(time.Now()) {
		return ErrRunning
	}
	s.memory.Approved = append(s.memory.Approved, holds...)
	return s.save(ctx)
}

// syncer is one run.
type syncer struct {
	connection Connection
	source     mdm.Source // nil = a stored plan is applied
	store      Store
	options    Options
	dry        bool // nothing is written

	run      Run
	state    State
	memory   stateData
	signed   time.Time // last sign of life
	reading  listing
	details  map[string]mdm.Record
	health   []health // fresh
	applied  int
	failures int // batches whose outcome was unknown
}

func newSyncer(c Connection, store Store, o *Options) (*syncer, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	s := &syncer{connection: c, store: store}
	if o != nil {
		s.options = *o
	}
	if s.options.Batch <= 0 {
		s.options.Batch = 200
	}
	s.options.Lease = or(s.options.Lease, time.Hour)
	s.options.Resume = or(s.options.Resume, 2)
	s.run = Run{ID: rand.Text(), Connection: c.ID, Started: time.Now().UTC()}
	return s, nil
}

func (s *syncer) remember(ctx context.Context) error {
	var err error
	if s.state, err = s.store.State(ctx, s.connection.ID); err != nil {
		return fmt.Errorf("inventory: state: %w", err)
	}
	s.memory, err = decodeState(s.state)
	return err
}

// begin notes that the run is under way, so that no other starts.
func (s *syncer) begin(ctx context.Context) error {
	if err := s.remember(ctx); err != nil {
		return err
	}
	if s.memory.Running.alive(s.run.Started) {
		return ErrRunning
	}
	s.examine(ctx)
	if s.options.Scheduled {
		now := s.memory
		if s.health != nil {
			now.Health = s.health
		}
		if reason, until := s.connection.paused(now, s.run.Started); reason != "" && reason != PausedSchedule {
			return s.pause(ctx, reason, until)
		}
	}
	s.memory.Automatic = s.run.Started
	_, err := s.batch(ctx, Progress{Phase: PhaseRead}, nil)
	if err != nil && !errors.Is(err, ErrRunning) {
		err = s.confirm(ctx, err)
	}
	return err
}

// pause refuses a scheduled run, and notes the health that stops it.
func (s *syncer) pause(ctx context.Context, reason string, until time.Time) error {
	if s.health != nil && !sameHealth(s.health, s.memory.Health) {
		s.memory.Health = s.health
		if err := s.save(ctx); err != nil {
			return err
		}
	}
	return &PausedError{reason, until}
}

// save stores what the connection remembers, outside a run.
func (s *syncer) save(ctx context.Context) error {
	data, err := s.memory.encode()
	if err != nil {
		return err
	}
	_, err = s.store.Apply(ctx, Batch{Scope: s.connection.Scope, Connection: s.connection.ID, State: &State{s.state.Revision, data}})
	if err != nil {
		return fmt.Errorf("inventory: state: %w", err)
	}
	return nil
}

// batch writes changes together with a sign of life. A state that somebody
// else changed in between is ErrRunning, and then nothing was written.
func (s *syncer) batch(ctx context.Context, at Progress, changes []Change) ([]Result, error) {
	s.signed = time.Now().UTC()
	s.memory.Running = &running{Run: s.run.ID, Since: s.signed, Started: s.run.Started, Lease: int64(s.options.Lease / time.Second),
		Phase: at.Phase, Done: at.Done, Total: at.Total}
	data, err := s.memory.encode()
	if err != nil {
		return nil, err
	}
	results, err := s.store.Apply(ctx, Batch{Scope: s.connection.Scope, Connection: s.connection.ID,
		State: &State{Revision: s.state.Revision, Data: data}, Changes: changes})
	if err != nil {
		return nil, err
	}
	return results, s.confirm(ctx, nil)
}

// confirm reads the state back. That it is not this run's any more is
// ErrRunning; that a write with an unknown outcome was not carried out at the
// start is that write's failure.
func (s *syncer) confirm(ctx context.Context, failure error) error {
	before := s.state.Revision
	if err := s.remember(ctx); err != nil {
		return errors.Join(failure, err)
	}
	switch r := s.memory.Running; {
	case r != nil && r.Run == s.run.ID:
		return nil
	case failure != nil && s.state.Revision == before:
		return fmt.Errorf("inventory: apply: %w", failure)
	}
	return ErrRunning
}

// sign gives a sign of life now and then while the run writes nothing.
func (s *syncer) sign(ctx context.Context, at Progress) error {
	if s.dry || time.Since(s.signed) < s.options.Lease/4 {
		return nil
	}
	_, err := s.batch(ctx, at, nil)
	if err != nil && !errors.Is(err, ErrRunning) {
		err = s.confirm(ctx, err)
	}
	return err
}
