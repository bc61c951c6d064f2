package mdmtest

import (
	"context"
	"iter"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

func privacyClauses() []clause {
	return []clause{
		{"wrapping", "in a wrapper the abilities stay, and what the wrapper holds back stays back", (*probe).wrapping},
		{"hiding", "what the source promises to hide shows nowhere", (*probe).hiding},
	}
}

// guard is the plainest privacy wrapper there is.
type guard struct {
	mdm.Wrapper
	want mdm.Keys
}

func (g guard) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		for page, err := range g.Wrapper.Pages(ctx, q) {
			for i, d := range page.Devices {
				page.Devices[i] = mdm.Limit(d, g.want)
			}
			if !yield(page, err) {
				return
			}
		}
	}
}

func (g guard) Device(ctx context.Context, id string) (mdm.Device, error) {
	d, err := g.Wrapper.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	return mdm.Limit(d, g.want), nil
}

func (p *probe) wrapping() {
	want := mdm.Keys{mdm.KeyModel}
	wrapped := guard{mdm.Wrapper{Source: p.src}, want}
	abilities := mdm.Abilities(wrapped)
	for _, ability := range mdm.Abilities(p.src) {
		if ability != mdm.AbilityBatch && !slices.Contains(abilities, ability) {
			p.failf("the ability %q is lost", ability)
		}
	}
	var all []string
	for d, err := range mdm.Devices(p.ctx, wrapped, mdm.Query{}) {
		if err == nil {
			p.guarded("a listing", d, want)
			all = append(all, d.Record().ID)
		}
	}
	for d, err := range mdm.Details(p.ctx, wrapped, all) {
		if err == nil {
			p.guarded("the details", d, want)
		}
	}
}

func (p *probe) guarded(what string, d mdm.Device, want mdm.Keys) {
	if r := d.Record(); !equal(r, r.Only(want)) {
		p.failf("%s of a wrapped source pass the wrapper by", what)
	}
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
