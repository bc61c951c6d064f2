package mdmtest_test

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

func deviceToys() []toy {
	return []toy{
		{"device", "another origin", open(func(c *changed) {
			c.device = func(d mdm.Device, err error) (mdm.Device, error) {
				if err != nil {
					return nil, err
				}
				r := d.Record()
				r.Origin.Tenant = "8"
				return r, nil
			}
		}), nil},
		{"device-missing", "typed nil", func() mdm.Source { return absent{newFull(), (*mdm.Record)(nil), mdm.ErrNotFound} }, nil},
		{"device-missing", "another error", func() mdm.Source { return absent{newFull(), nil, mdm.ErrInvalid} }, nil},
		{"device-missing", "no error", func() mdm.Source { return absent{newFull(), nil, nil} }, nil},
		{"details", "wrong order", func() mdm.Source { return backwards{memory()} }, nil},
		{"want", "ignored", open(func(c *changed) {
			c.query = func(q *mdm.Query) { q.Want = nil }
			c.page = plain
		}), nil},
		{"want", "gives less", open(func(c *changed) {
			c.query = func(q *mdm.Query) {
				if len(q.Want) > 0 {
					q.Want = mdm.Keys{mdm.KeyClass}
				}
			}
		}), nil},
		{"want-type", "the vendor's answer", open(func(c *changed) { c.page = raw(`{"a":1}`) }), nil},
		{"want-type", "the vendor's type", open(func(c *changed) { c.page = raw("") }), nil},
	}
}

func raw(answer string) func(mdm.Query, int, *mdm.Page) {
	return func(_ mdm.Query, _ int, p *mdm.Page) {
		for i, d := range p.Devices {
			p.Devices[i] = vendor{d.Record(), []byte(answer)}
		}
	}
}

// plain gives devices that are nothing but records.
func plain(_ mdm.Query, _ int, p *mdm.Page) {
	for i, d := range p.Devices {
		p.Devices[i] = d.Record()
	}
}

// absent answers so for a device that does not exist. In batches, which
// Details uses, it answers as it should.
type absent struct {
	full
	device mdm.Device
	err    error
}

func (a absent) Device(ctx context.Context, id string) (mdm.Device, error) {
	d, err := a.full.Device(ctx, id)
	if errors.Is(err, mdm.ErrNotFound) {
		return a.device, a.err
	}
	return d, err
}

// backwards reads batches in the wrong order.
type backwards struct{ *mdmtest.Memory }

func (b backwards) DeviceBatch(ctx context.Context, ids []string) iter.Seq2[mdm.Device, error] {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return mdmtest.Batches{Of: b.Memory}.DeviceBatch(ctx, ids)
}

func privacyToys() []toy {
	hides := func(o *mdmtest.Options) { o.Hides = mdm.Keys{mdm.KeyUserEmail} }
	return []toy{
		{"wrapping", "an ability that comes and goes", func() mdm.Source { return &fickle{Memory: memory()} }, nil},
		{"hiding", "in the listing only", func() mdm.Source { return half{mdm.Wrapper{Source: memory()}} }, hides},
		{"hiding", "passed by in batches", func() mdm.Source {
			m := memory()
			return struct {
				closed
				mdmtest.Batches
			}{closed{half{mdm.Wrapper{Source: m}}}, mdmtest.Batches{Of: m}}
		}, hides},
		{"hiding", "still wrapped", func() mdm.Source { return cloaked{closed{half{mdm.Wrapper{Source: memory()}}}} }, hides},
		{"secrets", "in the source", func() mdm.Source {
			return struct {
				*mdmtest.Memory
				token string
			}{memory(), secret}
		}, nil},
		{"secrets", "in an error", open(func(c *changed) {
			c.device = func(d mdm.Device, err error) (mdm.Device, error) {
				if err != nil {
					return nil, errors.Join(err, errors.New(secret))
				}
				return d, nil
			}
		}), nil},
		{"secrets", "in a step", func() mdm.Source {
			steps := mdmtest.Passing()
			steps[2].Reason = "signed in with " + secret
			return struct {
				*mdmtest.Memory
				mdmtest.Checks
			}{memory(), steps}
		}, nil},
	}
}

// fickle has abilities only after they were looked for a few times.
type fickle struct {
	*mdmtest.Memory
	asked int
}

func (f *fickle) Unwrap() mdm.Source {
	if f.asked++; f.asked > 5 {
		return newFull()
	}
	return nil
}

var shown = mdm.Keys{mdm.KeySerial, mdm.KeyName, mdm.KeyModel, mdm.KeyMAC, mdm.KeyOSVersion, mdm.KeyLastSeen, mdm.KeyCustom}

// half holds data back in its listing, and forgets single devices.
type half struct{ mdm.Wrapper }

func (h half) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		for page, err := range h.Wrapper.Pages(ctx, q) {
			for i, d := range page.Devices {
				page.Devices[i] = mdm.Limit(d, shown)
			}
			if !yield(page, err) {
				return
			}
		}
	}
}

// closed is half without the hole.
type closed struct{ half }

func (c closed) Device(ctx context.Context, id string) (mdm.Device, error) {
	d, err := c.half.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	return mdm.Limit(d, shown), nil
}

// cloaked hides attributes behind a device that still holds the whole one.
type cloaked struct{ closed }

type cloak struct{ record, inner mdm.Device }

func (c cloak) Record() mdm.Record { return c.record.Record() }
func (c cloak) Unwrap() mdm.Device { return c.inner }

func (c cloaked) Device(ctx context.Context, id string) (mdm.Device, error) {
	d, err := c.Wrapper.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	return cloak{d.Record().Only(shown), d}, nil
}
