package mdmtest

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

func checkClauses() []clause {
	return []clause{
		{"check-steps", "the steps of a check have names, results and reasons, in the common order", (*probe).checkSteps},
		{"check-repeatable", "a check changes nothing: a second one gives equal steps, and the listing is as before", (*probe).checkRepeatable},
		{"check-break", "a receiver may stop after any step, and nothing is left running", (*probe).checkBreak},
	}
}

func (p *probe) checkSteps() {
	checker, ok := mdm.As[mdm.Checker](p.src)
	if !ok {
		return
	}
	steps := slices.Collect(checker.Check(p.ctx))
	p.stepNames(steps)
	for _, s := range steps {
		switch {
		case s.Result == mdm.StepUnknown:
			p.failf("step %q has no result", s.Name)
		case s.Title == "":
			p.failf("step %q has no title", s.Name)
		case s.Result == mdm.StepFailed && (s.Err == nil || s.Reason == ""):
			p.failf("step %q failed without an error or a reason", s.Name)
		case s.Result != mdm.StepFailed && s.Err != nil:
			p.failf("step %q did not fail and has an error", s.Name)
		}
	}
}

// stepNames checks that all common steps are there and in order. A source may
// have further steps anywhere.
func (p *probe) stepNames(steps []mdm.Step) {
	order := []string{mdm.StepReach, mdm.StepProduct, mdm.StepAuthenticate, mdm.StepPermission, mdm.StepTenant, mdm.StepSample}
	at := 0
	seen := map[string]bool{}
	for _, s := range steps {
		if s.Name == "" || seen[s.Name] {
			p.failf("a step is called %q, as no other may be", s.Name)
		}
		seen[s.Name] = true
		rank := slices.IndexFunc(order, func(name string) bool { return common(s.Name) == name })
		if rank < 0 {
			continue
		}
		if rank < at {
			p.failf("step %q comes after %q", s.Name, order[at])
		}
		at = max(at, rank)
	}
	for _, name := range order {
		if !slices.ContainsFunc(steps, func(s mdm.Step) bool { return common(s.Name) == name }) {
			p.failf("there is no step %q", name)
		}
	}
}

// common returns the name of a step without the permission it is about.
func common(step string) string {
	if strings.HasPrefix(step, mdm.StepPermission) {
		return mdm.StepPermission
	}
	return step
}

func (p *probe) checkRepeatable() {
	checker, ok := mdm.As[mdm.Checker](p.src)
	if !ok {
		return
	}
	before, _ := p.whole()
	first := slices.Collect(checker.Check(p.ctx))
	second := slices.Collect(checker.Check(p.ctx))
	if !slices.EqualFunc(first, second, alike) {
		p.failf("the second check has other steps or results")
	}
	if after, ok := p.whole(); ok {
		p.compare("the listing after a check", before.records, after.records)
	}
}

// alike compares two steps but for their texts, which may tell how long
// something took.
func alike(a, b mdm.Step) bool {
	return a.Name == b.Name && a.Result == b.Result && mdm.Code(a.Err) == mdm.Code(b.Err)
}

func (p *probe) checkBreak() {
	checker, ok := mdm.As[mdm.Checker](p.src)
	if !ok {
		return
	}
	p.settles("a receiver that stopped after the first step", func() {
		for range checker.Check(p.ctx) {
			break
		}
	})
}
