package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

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
	return plan, s.software(ctx)
}

// apply writes steps in batches, and returns the devices that have to be
// planned again: somebody changed them, or nobody knows whether they were
// written. Planning again reads back what is there.
func (s *syncer) apply(ctx context.Context, steps []*Step) (map[string]bool, error) {
	again := map[string]bool{}
	for from := 0; from < len(steps); from += s.options.Batch {
		batch := steps[from:min(from+s.options.Batch, len(steps))]
		changes := make([]Change, len(batch))
		for i, step := range batch {
			changes[i] = step.Change
		}
		results, err := s.batch(ctx, Progress{PhaseApply, from, len(steps)}, changes)
		switch {
		case errors.Is(err, ErrRunning), ctx.Err() != nil:
			return again, err
		case err != nil:
			if err := s.lost(ctx, err); err != nil {
				return again, err
			}
		}
		s.note(batch, results, again)
		s.options.Observer.tell(PhaseApply, from+len(batch), len(steps))
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

func (s *syncer) note(steps []*Step, results []Result, again map[string]bool) {
	for i, step := range steps {
		var r Result
		if i < len(results) {
			r = results[i]
		}
		switch r.Outcome {
		case OutcomeDone:
			s.applied++
			*step = Step{Device: step.Device} // what is written is not held twice
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

// pending are the steps that no hold keeps back.
func pending(steps []Step) []*Step {
	todo := make([]*Step, 0, len(steps))
	for i := range steps {
		if steps[i].Held == "" {
			todo = append(todo, &steps[i])
		}
	}
	return todo
}

// concerning are the steps of some devices.
func concerning(steps []*Step, devices map[string]bool) []*Step {
	return slices.DeleteFunc(steps, func(s *Step) bool { return !devices[s.Device] })
}
