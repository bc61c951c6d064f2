package mdmtest

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/mdmlink/mdmlink/mdm"
)

// Batches gives a source that embeds it the ability of [mdm.Batcher], by
// reading device by device from Of.
type Batches struct {
	Of mdm.Source // what to read from
}

// DeviceBatch reads the devices one after the other.
func (b Batches) DeviceBatch(ctx context.Context, ids []string) iter.Seq2[mdm.Device, error] {
	return func(yield func(mdm.Device, error) bool) {
		for _, id := range ids {
			if d, err := b.Of.Device(ctx, id); !yield(d, err) {
				return
			}
		}
	}
}

// Checks gives a source that embeds it the ability of [mdm.Checker], with
// these steps.
type Checks []mdm.Step

// Passing returns a check in which every step that checks have passes.
func Passing() Checks {
	var steps Checks
	for _, name := range []string{mdm.StepReach, mdm.StepProduct, mdm.StepAuthenticate,
		mdm.StepPermission + string(mdm.AbilityList), mdm.StepTenant, mdm.StepSample} {
		steps = append(steps, mdm.Step{Name: name, Title: "Test " + name, Result: mdm.StepPassed})
	}
	return steps
}

// Check gives the steps. When ctx ends, so does the check.
func (c Checks) Check(ctx context.Context) iter.Seq[mdm.Step] {
	return func(yield func(mdm.Step) bool) {
		for _, step := range c {
			if ctx.Err() != nil || !yield(step) {
				return
			}
		}
	}
}

// Commands gives a source that embeds a pointer to it the ability of
// [mdm.Commander]. It remembers what it was told to send. It is safe for
// concurrent use, and must not be copied.
type Commands struct {
	Origin mdm.Origin                          // of the source; records of others are refused
	Refuse func(mdm.Record, mdm.Command) error // what Vet says; nil = everything is possible
	Err    error                               // what Send fails with; nil = nothing

	mu   sync.Mutex
	sent []Sent
}

// Sent is a command that was sent to a device.
type Sent struct {
	Device  string // id
	Command mdm.Command
}

// Vet asks Refuse.
func (c *Commands) Vet(rec mdm.Record, command mdm.Command) error {
	if c.Refuse == nil {
		return nil
	}
	return c.Refuse(rec, command)
}

// Send remembers the command. Its receipt has no time, so that tests may
// compare it.
func (c *Commands) Send(ctx context.Context, rec mdm.Record, command mdm.Command) (mdm.Receipt, error) {
	if rec.Origin != c.Origin {
		return mdm.Receipt{}, &mdm.Error{Op: command.Name(), Origin: c.Origin, Kind: mdm.ErrWrongTenant}
	}
	if err := c.Vet(rec, command); err != nil {
		return mdm.Receipt{}, err
	}
	if err := ctx.Err(); err != nil {
		return mdm.Receipt{}, err
	}
	if c.Err != nil {
		return mdm.Receipt{}, c.Err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, Sent{Device: rec.ID, Command: command})
	return mdm.Receipt{Origin: rec.Origin, Device: rec.ID, Command: command.Name()}, nil
}

// Sent returns what was sent so far, in order.
func (c *Commands) Sent() []Sent {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sent)
}

// Credentials gives a source that embeds it the ability of
// [mdm.HealthReporter], with these states.
type Credentials []mdm.Health

// Health returns a copy of the states.
func (c Credentials) Health(ctx context.Context) ([]mdm.Health, error) {
	return slices.Clone(c), ctx.Err()
}

// Installs gives a source that embeds it the ability of [mdm.SoftwareLister],
// with these rows. Rows of one device stand together.
type Installs []mdm.Install

// Software lists the rows of the devices, or all if ids is nil.
func (i Installs) Software(ctx context.Context, ids []string) iter.Seq2[mdm.Install, error] {
	return func(yield func(mdm.Install, error) bool) {
		for _, row := range i {
			if err := ctx.Err(); err != nil {
				yield(mdm.Install{}, err)
				return
			}
			if (ids == nil || slices.Contains(ids, row.Device)) && !yield(row, nil) {
				return
			}
		}
	}
}

// Places gives a source that embeds it the ability of [mdm.SiteLister], with
// these sites.
type Places []mdm.Site

// Sites lists the sites.
func (p Places) Sites(ctx context.Context) iter.Seq2[mdm.Site, error] {
	return func(yield func(mdm.Site, error) bool) {
		for _, site := range p {
			if err := ctx.Err(); err != nil {
				yield(mdm.Site{}, err)
				return
			}
			if !yield(site, nil) {
				return
			}
		}
	}
}
