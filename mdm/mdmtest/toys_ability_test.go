package mdmtest_test

import (
	"context"
	"iter"
	"slices"
	"sync/atomic"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

func abilityToys() []toy {
	with := func(change func(*full)) func() mdm.Source {
		return func() mdm.Source {
			f := newFull()
			change(&f)
			return f
		}
	}
	step := func(change func(mdmtest.Checks) mdmtest.Checks) func() mdm.Source {
		return with(func(f *full) { f.Checks = change(f.Checks) })
	}
	var requests atomic.Int64
	return []toy{
		{"check-steps", "wrong order", step(func(c mdmtest.Checks) mdmtest.Checks { slices.Reverse(c); return c }), nil},
		{"check-steps", "one is missing", step(func(c mdmtest.Checks) mdmtest.Checks { return c[1:] }), nil},
		{"check-steps", "no result", step(func(c mdmtest.Checks) mdmtest.Checks { c[1].Result = 0; return c }), nil},
		{"check-steps", "failed without an error", step(func(c mdmtest.Checks) mdmtest.Checks {
			c[1].Result = mdm.StepFailed
			return c
		}), nil},
		{"check-repeatable", "deletes a device", func() mdm.Source { return meddler{newFull()} }, nil},
		{"check-break", "leaves a goroutine", func() mdm.Source { return lingering{newFull()} }, nil},
		{"command-vet", "another error", with(func(f *full) {
			f.Refuse = func(_ mdm.Record, c mdm.Command) error {
				if c.Name() == "wipe" {
					return mdm.ErrConflict
				}
				return nil
			}
		}), nil},
		{"command-vet", "asks the system", func() mdm.Source { return chatty{newFull(), &requests} },
			func(o *mdmtest.Options) { o.Requests = func() int { return int(requests.Load()) } }},
		{"command-tenant", "sends all the same", func() mdm.Source { return generous{newFull()} }, nil},
		{"command-receipt", "names nothing", func() mdm.Source { return vague{newFull()} }, nil},
		{"software", "rows apart", with(func(f *full) { f.Installs[1], f.Installs[2] = f.Installs[2], f.Installs[1] }), nil},
		{"sites", "repeated", with(func(f *full) { f.Places[1].ID = "0" }), nil},
		{"health", "broken without an error", with(func(f *full) { f.Credentials[0].State = mdm.HealthBroken }), nil},
	}
}

// meddler deletes a device when it is checked.
type meddler struct{ full }

func (m meddler) Check(ctx context.Context) iter.Seq[mdm.Step] {
	m.Memory.Remove("id-05")
	return m.full.Check(ctx)
}

// lingering leaves a goroutine behind when its receiver stops.
type lingering struct{ full }

func (l lingering) Check(ctx context.Context) iter.Seq[mdm.Step] {
	return func(yield func(mdm.Step) bool) {
		for step := range l.full.Check(ctx) {
			if !yield(step) {
				go time.Sleep(2 * time.Second)
				return
			}
		}
	}
}

// chatty makes a request to answer Vet.
type chatty struct {
	full
	requests *atomic.Int64
}

func (c chatty) Vet(rec mdm.Record, command mdm.Command) error {
	c.requests.Add(1)
	return c.full.Vet(rec, command)
}

// generous sends commands to the devices of other tenants.
type generous struct{ full }

func (g generous) Send(ctx context.Context, rec mdm.Record, command mdm.Command) (mdm.Receipt, error) {
	rec.Origin = info.Origin
	return g.full.Send(ctx, rec, command)
}

// vague gives receipts that say nothing.
type vague struct{ full }

func (v vague) Send(ctx context.Context, rec mdm.Record, command mdm.Command) (mdm.Receipt, error) {
	_, err := v.full.Send(ctx, rec, command)
	return mdm.Receipt{}, err
}
