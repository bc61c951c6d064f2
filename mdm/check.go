package mdm

import (
	"context"
	"iter"
)

// Checker is the ability to test a connection, step by step and without side
// effects: is the address reachable, is it the right product, do the
// credentials work, is each needed permission there, which tenant is it
// really, what can be seen.
type Checker interface {
	// Check runs the test while the caller ranges over it. A step that cannot
	// be tried because an earlier one failed comes as StepSkipped.
	Check(ctx context.Context) iter.Seq[Step]
}

// Step is one step of a connection test.
type Step struct {
	Name   string     // stable name, such as "reach" or "permission:list"
	Title  string     // what is tested, in English
	Result StepResult // zero = unknown
	Reason string     // what was found; no secret
	Advice string     // what a person can do; "" = nothing to do
	Err    error      `json:"-"` // the failure, for its Code; nil unless StepFailed
}

// Names of the steps that every vendor's check has, in this order. The step
// of a permission is called StepPermission and the name of the ability.
const (
	StepReach        = "reach"
	StepProduct      = "product"
	StepAuthenticate = "authenticate"
	StepPermission   = "permission:"
	StepTenant       = "tenant"
	StepSample       = "sample"
)

// StepResult is how a step ended. The zero StepResult is unknown.
type StepResult uint8

const (
	StepUnknown StepResult = iota
	StepPassed
	StepFailed
	StepSkipped // not tried
	StepNote    // nothing wrong, but worth knowing
)

var stepNames = names{"", "passed", "failed", "skipped", "note"}

// String returns "passed", "failed", "skipped", "note" or "".
func (r StepResult) String() string { return stepNames.text(int(r)) }

// MarshalText returns what String does.
func (r StepResult) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (r *StepResult) UnmarshalText(text []byte) error {
	*r = StepResult(stepNames.index(text))
	return nil
}

// Report is a whole connection test.
type Report struct {
	OK    bool // no step failed, and there was at least one
	Steps []Step
}

// Failed returns the first step that failed, if any did.
func (r Report) Failed() (Step, bool) {
	for _, s := range r.Steps {
		if s.Result == StepFailed {
			return s, true
		}
	}
	return Step{}, false
}

// Summarise runs a check to its end.
func Summarise(steps iter.Seq[Step]) Report {
	var report Report
	for step := range steps {
		report.Steps = append(report.Steps, step)
	}
	_, failed := report.Failed()
	report.OK = !failed && len(report.Steps) > 0
	return report
}
