package mdmtest

import (
	"errors"

	"github.com/mdmlink/mdmlink/mdm"
)

func commandClauses() []clause {
	return []clause{
		{"command-vet", "Vet answers nil or ErrUnsupported, always the same and without a request", (*probe).vet},
		{"command-tenant", "Send refuses a record of another origin with ErrWrongTenant, without a request", (*probe).wrongTenant},
		{"command-receipt", "a receipt says what was requested for which device", (*probe).receipt},
	}
}

// commands returns one of each.
func commands() []mdm.Command {
	return []mdm.Command{mdm.Lock{}, mdm.Wipe{}, mdm.ClearPasscode{}, mdm.Restart{}, mdm.ShutDown{}, mdm.Refresh{},
		mdm.Retire{}, mdm.EnableLostMode{Message: "lost"}, mdm.DisableLostMode{}, mdm.Rename{To: "new name"}, mdm.ClearActivationLock{}}
}

// silent runs f and fails if the system saw a request meanwhile.
func (p *probe) silent(what string, f func()) {
	if p.opts.Requests == nil {
		f()
		return
	}
	before := p.opts.Requests()
	f()
	if n := p.opts.Requests() - before; n != 0 {
		p.failf("%s makes %d requests", what, n)
	}
}

func (p *probe) vet() {
	commander, ok := mdm.As[mdm.Commander](p.src)
	if !ok {
		return
	}
	l, _ := p.whole()
	p.silent("Vet", func() {
		for i, r := range l.records {
			for _, c := range commands() {
				first, second := commander.Vet(r.Record(), c), commander.Vet(r.Record(), c)
				if first != nil && !errors.Is(first, mdm.ErrUnsupported) {
					p.failf("%s for device %d is refused with another error: %v", c.Name(), i+1, first)
				}
				if (first == nil) != (second == nil) {
					p.failf("%s for device %d is allowed once and refused once", c.Name(), i+1)
				}
			}
		}
	})
}

// wrongTenant sends the most harmless command there is, should it be sent
// after all.
func (p *probe) wrongTenant() {
	commander, ok := mdm.As[mdm.Commander](p.src)
	if !ok {
		return
	}
	l, _ := p.whole()
	if len(l.records) == 0 {
		return
	}
	r := l.records[0]
	r.Origin.Tenant += "another"
	p.silent("Send for a record of another tenant", func() {
		if _, err := commander.Send(p.ctx, r, mdm.Refresh{}); !errors.Is(err, mdm.ErrWrongTenant) {
			p.failf("the error is %v", err)
		}
	})
}

func (p *probe) receipt() {
	commander, ok := mdm.As[mdm.Commander](p.src)
	if !ok {
		return
	}
	l, _ := p.whole()
	for _, c := range p.opts.Sends {
		for _, r := range l.records {
			if commander.Vet(r, c) != nil {
				continue
			}
			receipt, err := commander.Send(p.ctx, r, c)
			if err != nil {
				p.failf("%s fails although Vet allows it: %v", c.Name(), err)
			} else if receipt.Origin != r.Origin || receipt.Device != r.ID || receipt.Command != c.Name() {
				p.failf("the receipt of %s names another origin, device or command", c.Name())
			}
			break
		}
	}
}
