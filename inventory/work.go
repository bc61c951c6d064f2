package inventory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// work reads, plans and applies, until nothing is left to do. It returns what
// the plan counted.
func (s *syncer) work(ctx context.Context) (Run, error) {
	if err := s.read(ctx); err != nil {
		return Run{}, err
	}
	p, err := s.plan(ctx)
	if err != nil {
		return Run{}, err
	}
	planned := p.report()
	const rounds = 4
	var again map[string]bool // nil = all
	for round := 1; ; round++ {
		if again, err = s.carryOut(ctx, p, again); err != nil {
			return planned, err
		}
		if len(again) == 0 {
			break
		}
		if round == rounds {
			return planned, fmt.Errorf("inventory: %d devices changed again and again while they were written; run again: %w", len(again), mdm.ErrConflict)
		}
		p = nil // before the next one is there
		if p, err = s.plan(ctx); err != nil {
			return planned, err
		}
	}
	return planned, s.software(ctx)
}

// carryOut writes what is planned for some devices; nil = all. It returns the
// devices that have to be planned again.
func (s *syncer) carryOut(ctx context.Context, p *planner, devices map[string]bool) (map[string]bool, error) {
	todo := slices.DeleteFunc(p.pending(), func(v *verdict) bool { return devices != nil && !devices[v.device] })
	return s.apply(ctx, len(todo), func(from, to int) ([]Step, error) { return p.steps(todo[from:to]) })
}

// apply writes steps in batches, and returns the devices that have to be
// planned again: somebody changed them, or nobody knows whether they were
// written. Planning again reads back what is there.
func (s *syncer) apply(ctx context.Context, n int, steps func(from, to int) ([]Step, error)) (map[string]bool, error) {
	again := map[string]bool{}
	for from := 0; from < n; from += s.options.Batch {
		batch, err := steps(from, min(from+s.options.Batch, n))
		if err != nil {
			return again, err
		}
		changes := make([]Change, len(batch))
		for i, step := range batch {
			changes[i] = step.Change
		}
		results, err := s.batch(ctx, Progress{PhaseApply, from, n}, changes)
		switch {
		case errors.Is(err, ErrRunning), ctx.Err() != nil:
			return again, cmp.Or(err, ctx.Err())
		case err != nil:
			if err := s.lost(ctx, err); err != nil {
				return again, err
			}
		}
		s.note(batch, results, again)
		s.options.Observer.tell(PhaseApply, from+len(batch), n)
	}
	return again, nil
}

// lost deals with a batch whose outcome is unknown: whether this run is still
// the one that writes shows in the state, and after several the run gives up.
func (s *syncer) lost(ctx context.Context, failure error) error {
	if s.failures++; s.failures > 2 {
		return fmt.Errorf("inventory: apply: %w", failure)
	}
	if err := s.remember(ctx); err != nil {
		return errors.Join(failure, err)
	}
	if r := s.memory.Running; r == nil || r.Run != s.run.ID {
		return ErrRunning
	}
	return nil
}

func (s *syncer) note(steps []Step, results []Result, again map[string]bool) {
	for i := range steps {
		device := steps[i].Device
		var r Result
		if i < len(results) {
			r = results[i]
		}
		switch r.Outcome {
		case OutcomeDone:
			s.applied++
		case OutcomeRefused:
			s.run.Refused = append(s.run.Refused, Refusal{device, r.Reason})
		default:
			again[device] = true
		}
	}
}

// software reads the installed software of linked devices.
func (s *syncer) software(ctx context.Context) error {
	if s.connection.Software == nil || s.options.Software == nil {
		return nil
	}
	own := func(e Entry) bool { return e.Connection == s.connection.ID && e.State == EntryLinked }
	entries, err := collect(s.store.Entries(ctx, EntryQuery{Scope: s.connection.Scope, Connection: s.connection.ID}), "entries", own)
	if err != nil {
		return err
	}
	linked := map[string]bool{}
	for _, e := range entries {
		linked[e.Device] = true
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
