// Package checking is what the connection tests of all vendors share: a list
// of steps in order, of which each passes, or fails and skips the rest.
package checking

import (
	"errors"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Steps is one run of a connection test.
type Steps struct {
	All   []mdm.Step          // names and titles, in order
	Yield func(mdm.Step) bool // gives a step to the caller; false = nobody wants more
}

// Reach is the step that says whether the system can be reached: whether the
// error of a request, if there was one, is an answer of it.
func (s Steps) Reach(err error, reached string) bool {
	step := s.Step(mdm.StepReach)
	if reach := transport.Diagnose(err); err != nil && reach.Reason != transport.ReachUnknown {
		return s.Fail(step, err, reach.Reason.String(), reach.Advice)
	}
	if errors.Is(err, mdm.ErrUnavailable) || mdm.Code(err) == "" && err != nil {
		return s.Fail(step, err, "", "")
	}
	return s.Pass(step, reached)
}

// Product is the step that says whether it is the right product, of that name:
// whether anything in the error of a request speaks against it.
func (s Steps) Product(err error, name, advice string) bool {
	step := s.Step(mdm.StepProduct)
	switch {
	case errors.Is(err, mdm.ErrWrongAddress), errors.Is(err, mdm.ErrDecode), errors.Is(err, mdm.ErrNotFound):
		return s.Fail(step, err, "", advice)
	case err != nil:
		return s.Pass(step, "nothing speaks against it")
	}
	return s.Pass(step, "it answers as "+name+" does")
}

// Step returns the step of a name, to be completed.
func (s Steps) Step(name string) mdm.Step { return s.All[s.index(name)] }

func (s Steps) index(name string) int {
	return slices.IndexFunc(s.All, func(step mdm.Step) bool { return step.Name == name })
}

// Pass gives a step that passed, and reports whether to go on.
func (s Steps) Pass(step mdm.Step, reason string) bool {
	step.Result, step.Reason = mdm.StepPassed, reason
	return s.Yield(step)
}

// Fail gives a step that failed and those that are therefore not tried. An
// empty reason or advice is taken from err. It reports false: the test ends.
func (s Steps) Fail(step mdm.Step, err error, reason, advice string) bool {
	step.Result, step.Err, step.Reason, step.Advice = mdm.StepFailed, err, reason, mdm.Advice(err)
	if reason == "" {
		step.Reason = err.Error()
	}
	if advice != "" {
		step.Advice = advice
	}
	if !s.Yield(step) {
		return false
	}
	for _, skipped := range s.All[s.index(step.Name)+1:] {
		skipped.Result, skipped.Reason = mdm.StepSkipped, "an earlier step failed"
		if !s.Yield(skipped) {
			return false
		}
	}
	return false
}
