package mdmtest

import (
	"errors"

	"github.com/mdmlink/mdmlink/mdm"
)

func deviceClauses() []clause {
	return []clause{
		{"device", "a listed device can be read by its id and is the same one", (*probe).device},
		{"device-missing", "a device that does not exist is ErrNotFound, with a literal nil Device", (*probe).deviceMissing},
		{"details", "details come in the order of the ids, errors in their place", (*probe).details},
	}
}

func (p *probe) device() {
	l, _ := p.whole()
	for i, r := range l.records {
		d, err := p.src.Device(p.ctx, r.ID)
		if err != nil || d == nil {
			p.failf("reading device %d gives %T and the error %v", i+1, d, err)
			continue
		}
		if got := d.Record(); got.ID != r.ID || got.Origin != r.Origin {
			p.failf("reading device %d gives another id or origin than the listing", i+1)
		}
	}
}

func (p *probe) deviceMissing() {
	d, err := p.src.Device(p.ctx, p.opts.missing())
	if !errors.Is(err, mdm.ErrNotFound) {
		p.failf("the error is %v", err)
	}
	if d != nil {
		p.failf("the device is not nil but a %T", d)
	}
}

func (p *probe) details() {
	l, ok := p.whole()
	if !ok || len(l.records) < 2 {
		return
	}
	last := len(l.records) - 1
	wanted := []string{l.records[last].ID, p.opts.missing(), l.records[0].ID}
	n := 0
	for d, err := range mdm.Details(p.ctx, p.src, wanted) {
		if n++; n > len(wanted) {
			break
		}
		switch {
		case wanted[n-1] == p.opts.missing():
			if d != nil || !errors.Is(err, mdm.ErrNotFound) {
				p.failf("in the place of a missing device stand %T and the error %v", d, err)
			}
		case err != nil || d == nil:
			p.failf("in the place of a device stand %T and the error %v", d, err)
		case d.Record().ID != wanted[n-1]:
			p.failf("in the place of a device stands another one")
		}
	}
	if n != len(wanted) {
		p.failf("%d ids give %d elements", len(wanted), n)
	}
}
