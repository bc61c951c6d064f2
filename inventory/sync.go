package inventory

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Options are what a run may be told. The zero Options are good.
type Options struct {
	Scheduled bool     // the run was not asked for by a person: a Disabled connection refuses it
	Observer  Observer // is told of progress; nil = nobody
	Approve   []Hold   // holds that a person let pass

	// Batch is the number of changes that the Store gets at once; 0 = 200.
	Batch int

	// Lease is how long after its last sign of life a run counts as dead, so
	// that another may start; 0 = 1 h.
	Lease time.Duration

	// Software gets the installed software of linked devices, if the
	// connection asks for it; nil = it is not read.
	Software func(mdm.Install) error
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
	s, err := newSyncer(c, src, store, o)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx); err != nil {
		return nil, err
	}
	plan, err := s.work(ctx)
	return s.end(ctx, plan, err)
}

// PlanSync reads and plans as Sync does, and writes nothing.
func PlanSync(ctx context.Context, c Connection, src mdm.Source, store Store, o *Options) (Plan, error) {
	s, err := newSyncer(c, src, store, o)
	if err != nil {
		return Plan{}, err
	}
	if err := s.remember(ctx); err != nil {
		return Plan{}, err
	}
	if err := s.read(ctx); err != nil {
		return Plan{}, err
	}
	return s.plan(ctx)
}

// syncer is one Sync.
type syncer struct {
	connection Connection
	source     mdm.Source
	store      Store
	options    Options

	run      Run
	state    State
	memory   stateData
	records  []mdm.Record
	failure  error // what ended the listing
	applied  int
	failures int // batches whose outcome was unknown
}

func newSyncer(c Connection, src mdm.Source, store Store, o *Options) (*syncer, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	s := &syncer{connection: c, source: src, store: store}
	if o != nil {
		s.options = *o
	}
	if s.options.Scheduled && c.Disabled {
		return nil, ErrDisabled
	}
	s.options.Batch = or(s.options.Batch, 200)
	s.options.Lease = or(s.options.Lease, time.Hour)
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
	if r := s.memory.Running; r != nil && time.Since(r.Since) < s.options.Lease {
		return ErrRunning
	}
	return s.sign(ctx, nil)
}

// sign stores a sign of life together with changes. A state that somebody
// else changed in between is ErrRunning, and then nothing was written.
func (s *syncer) sign(ctx context.Context, changes []Change) error {
	_, err := s.batch(ctx, &running{s.run.ID, time.Now().UTC()}, changes)
	return err
}

func (s *syncer) batch(ctx context.Context, r *running, changes []Change) ([]Result, error) {
	s.memory.Running = r
	data, err := s.memory.encode()
	if err != nil {
		return nil, err
	}
	results, err := s.store.Apply(ctx, Batch{Scope: s.connection.Scope, Connection: s.connection.ID,
		State: &State{Revision: s.state.Revision, Data: data}, Changes: changes})
	if err != nil {
		return nil, err
	}
	if s.state, err = s.store.State(ctx, s.connection.ID); err != nil {
		return results, fmt.Errorf("inventory: state: %w", err)
	}
	now, err := decodeState(s.state)
	if err != nil {
		return results, err
	}
	if r != nil && (now.Running == nil || now.Running.Run != r.Run) {
		return results, ErrRunning
	}
	return results, nil
}

// work reads, plans and applies, until nothing is left to do.
func (s *syncer) work(ctx context.Context) (Plan, error) {
	if err := s.read(ctx); err != nil {
		return Plan{}, err
	}
	plan, err := s.plan(ctx)
	if err != nil {
		return plan, err
	}
	todo := pending(plan.Steps)
	const rounds = 4
	for round := 1; len(todo) > 0; round++ {
		again, err := s.apply(ctx, todo)
		if err != nil {
			return plan, err
		}
		if len(again) == 0 {
			break
		}
		if round == rounds {
			return plan, fmt.Errorf("inventory: %d devices changed again and again while they were written; run again: %w", len(again), mdm.ErrConflict)
		}
		fresh, err := s.plan(ctx)
		if err != nil {
			return plan, err
		}
		todo = concerning(pending(fresh.Steps), again)
	}
	if err := s.software(ctx); err != nil {
		return plan, err
	}
	return plan, nil
}

// read reads the source. What was read before a failure is kept.
func (s *syncer) read(ctx context.Context) error {
	l := &s.run.Listing
	seen := map[string]bool{}
	for page, err := range s.source.Pages(ctx, mdm.Query{Want: s.connection.want()}) {
		if err != nil {
			s.failure = err
			break
		}
		l.Pages++
		l.Lost += len(page.Lost)
		l.Expected = max(l.Expected, page.Total)
		for _, d := range page.Devices {
			if r := d.Record(); !seen[r.ID] {
				seen[r.ID] = true
				s.records = append(s.records, r)
			}
		}
		l.Received = len(s.records)
		s.options.Observer.tell(PhaseRead, l.Received, l.Expected)
		if page.End != nil {
			l.Complete, l.EndedBy = page.End.Complete && !page.End.Changes, or(page.End.Why, "last_page")
		}
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case s.failure != nil:
		l.Complete, l.EndedBy, s.run.Error = false, "error", or(mdm.Code(s.failure), "error")
		if len(s.records) == 0 {
			return s.failure
		}
	case l.EndedBy == "":
		l.EndedBy = "the source did not say how the listing ended"
	}
	return nil
}

// plan reads what the Store holds now and plans.
func (s *syncer) plan(ctx context.Context) (Plan, error) {
	in := PlanInput{Connection: s.connection, Now: s.run.Started, Records: s.records, Listing: s.run.Listing,
		Approved: append(s.memory.Approved, s.options.Approve...)}
	info := s.source.Info()
	in.Comparable = s.memory.Origin.IsZero() || s.memory.Origin == info.Origin && s.memory.Filter == info.Filter
	scope := s.connection.Scope
	for a, err := range s.store.Assets(ctx, AssetQuery{Scope: scope}) {
		if err != nil {
			return Plan{}, fmt.Errorf("inventory: assets: %w", err)
		}
		in.Assets = append(in.Assets, a)
		s.options.Observer.tell(PhaseLoad, len(in.Assets), 0)
	}
	for e, err := range s.store.Entries(ctx, EntryQuery{Scope: scope}) {
		if err != nil {
			return Plan{}, fmt.Errorf("inventory: entries: %w", err)
		}
		in.Entries = append(in.Entries, e)
	}
	s.options.Observer.tell(PhasePlan, 0, len(s.records))
	return NewPlan(in)
}

// apply writes steps in batches, and returns the devices that have to be
// planned again: somebody changed them, or nobody knows whether they were
// written.
func (s *syncer) apply(ctx context.Context, steps []Step) (map[string]bool, error) {
	again := map[string]bool{}
	for from := 0; from < len(steps); from += s.options.Batch {
		batch := steps[from:min(from+s.options.Batch, len(steps))]
		changes := make([]Change, len(batch))
		for i, step := range batch {
			changes[i] = step.Change
		}
		results, err := s.batch(ctx, &running{s.run.ID, time.Now().UTC()}, changes)
		switch {
		case errors.Is(err, ErrRunning), ctx.Err() != nil:
			return nil, err
		case err != nil:
			if s.failures++; s.failures > 2 {
				return nil, fmt.Errorf("inventory: apply: %w", err)
			}
			if err := s.remember(ctx); err != nil { // our sign of life may have been stored
				return nil, err
			}
		}
		s.note(batch, results, again)
		s.options.Observer.tell(PhaseApply, from+len(batch), len(steps))
	}
	return again, nil
}

func (s *syncer) note(steps []Step, results []Result, again map[string]bool) {
	for i, step := range steps {
		var r Result
		if i < len(results) {
			r = results[i]
		}
		switch r.Outcome {
		case OutcomeDone:
			s.applied++
		case OutcomeRefused:
			s.run.Refused = append(s.run.Refused, Refusal{step.Device, r.Reason})
		default:
			again[step.Device] = true
		}
	}
}

// software reads the installed software of linked devices.
func (s *syncer) software(ctx context.Context) error {
	if s.connection.Software == nil || s.options.Software == nil {
		return nil
	}
	linked := map[string]bool{}
	for e, err := range s.store.Entries(ctx, EntryQuery{Scope: s.connection.Scope, Connection: s.connection.ID}) {
		if err != nil {
			return fmt.Errorf("inventory: entries: %w", err)
		}
		linked[e.Device] = e.State == EntryLinked
	}
	query := mdm.SoftwareQuery{Cap: or(s.connection.Software.Cap, 500), Match: s.connection.Software.Match}
	for install, err := range mdm.Software(ctx, s.source, query) {
		if err != nil {
			return fmt.Errorf("inventory: software: %w", err)
		}
		if !linked[install.Device] {
			continue
		}
		if err := s.options.Software(install); err != nil {
			return fmt.Errorf("inventory: software: %w", err)
		}
		s.run.Software++
	}
	return nil
}

// end completes the report and stores it. A run that failed is noted too, so
// that the next one may start at once.
func (s *syncer) end(ctx context.Context, plan Plan, failure error) (*Run, error) {
	started := s.run
	s.run = plan.Report
	s.run.ID, s.run.Connection, s.run.Started = started.ID, started.Connection, started.Started
	s.run.Listing, s.run.Refused, s.run.Software = started.Listing, started.Refused, started.Software
	s.run.Error, s.run.Writes, s.run.Finished = started.Error, s.applied, time.Now().UTC()
	if errors.Is(failure, ErrRunning) {
		return &s.run, failure
	}
	if failure != nil && s.run.Error == "" {
		s.run.Error = or(mdm.Code(failure), "error")
	}
	if s.run.Error != "" {
		s.memory.Failures++
	} else {
		s.memory.Failures = 0
		if s.run.Listing.Complete {
			info := s.source.Info()
			s.memory.Origin, s.memory.Filter, s.memory.Approved = info.Origin, info.Filter, nil
		}
	}
	last := s.run
	s.memory.Last = &last
	// The run's own context may be over; this note must still be written.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if _, err := s.batch(ctx, nil, nil); err != nil && failure == nil {
		failure = fmt.Errorf("inventory: state: %w", err)
	}
	return &s.run, failure
}

// pending are the steps that no hold keeps back.
func pending(steps []Step) []Step {
	var todo []Step
	for _, s := range steps {
		if s.Held == "" {
			todo = append(todo, s)
		}
	}
	return todo
}

// concerning are the steps of some devices.
func concerning(steps []Step, devices map[string]bool) []Step {
	var todo []Step
	for _, s := range steps {
		if devices[s.Device] {
			todo = append(todo, s)
		}
	}
	return todo
}
