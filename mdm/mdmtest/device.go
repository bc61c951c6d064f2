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
		{"wrapping", "in a wrapper the abilities stay, and what the wrapper holds back stays back", (*probe).wrapping},
		{"hiding", "what the source promises to hide shows nowhere", (*probe).hiding},
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

// guard is the plainest privacy wrapper there is.
type guard struct {
	mdm.Wrapper
	want mdm.Keys
}

func (p *probe) wrapping() {
	wrapped := guard{mdm.Wrapper{Source: p.src}, nil}
	for _, ability := range mdm.Abilities(p.src) {
		if ability != mdm.AbilityBatch && !has(mdm.Abilities(wrapped), ability) {
			p.failf("the ability %q is lost", ability)
		}
	}
	if has(mdm.Abilities(wrapped), mdm.AbilityBatch) {
		p.failf("reading in batches passes a wrapper by")
	}
}

func has(all []mdm.Ability, one mdm.Ability) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}

// hiding looks for hidden attributes on every way that data takes.
func (p *probe) hiding() {
	if len(p.opts.Hides) == 0 {
		return
	}
	l, _ := p.whole()
	p.hidden("a listing", l.devices...)
	wanted := p.list(p.ctx, mdm.Query{Want: p.opts.Hides})
	p.hidden("a listing that wants them", wanted.devices...)
	for _, r := range l.records {
		if d, err := p.src.Device(p.ctx, r.ID); err == nil {
			p.hidden("a device read by its id", d)
		}
	}
	for d, err := range mdm.Details(p.ctx, p.src, ids(l.records)) {
		if err == nil {
			p.hidden("the details of a device", d)
		}
	}
}

func (p *probe) hidden(where string, devices ...mdm.Device) {
	for _, d := range devices {
		for at := d; at != nil; at = inner(at) {
			for _, key := range p.opts.Hides {
				if mdm.Value(at, key).State == mdm.Reported {
					p.failf("%s tells %s", where, key)
					return
				}
			}
			if raw, ok := at.(mdm.Raw); ok && len(raw.Raw()) > 0 {
				p.failf("%s holds the vendor's answer", where)
				return
			}
		}
	}
}

// inner returns the device that d wraps, or nil.
func inner(d mdm.Device) mdm.Device {
	if w, ok := d.(interface{ Unwrap() mdm.Device }); ok {
		return w.Unwrap()
	}
	return nil
}
