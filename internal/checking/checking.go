// Package checking is what the connection tests of all vendors share: a list
// of steps in order, of which each passes, or fails and skips the rest.
package checking

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// Steps is one run of a connection test.
type Steps struct {
	All   []mdm.Step          // names and titles, in order
	Yield func(mdm.Step) bool // gives a step to the caller; false = nobody wants more
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
