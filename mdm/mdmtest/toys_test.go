package mdmtest_test

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

// toy is a source that breaks one clause.
type toy struct {
	clause string
	name   string
	open   func() mdm.Source
	opts   func(*mdmtest.Options)
}

func toys() []toy {
	return slices.Concat(listingToys(), cursorToys(), endingToys(), deviceToys(), privacyToys(), abilityToys())
}

// changed is Memory with some of its answers changed; nil changes nothing.
type changed struct {
	*mdmtest.Memory
	info   func(mdm.Info) mdm.Info
	page   func(q mdm.Query, n int, p *mdm.Page)
	pages  func(iter.Seq2[mdm.Page, error]) iter.Seq2[mdm.Page, error]
	query  func(*mdm.Query)
	ctx    func(context.Context) context.Context
	device func(mdm.Device, error) (mdm.Device, error)
}

func (c changed) Info() mdm.Info {
	if c.info == nil {
		return c.Memory.Info()
	}
	return c.info(c.Memory.Info())
}

func (c changed) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	if c.ctx != nil {
		ctx = c.ctx(ctx)
	}
	if c.query != nil {
		c.query(&q)
	}
	pages := c.Memory.Pages(ctx, q)
	if c.pages != nil {
		pages = c.pages(pages)
	}
	return func(yield func(mdm.Page, error) bool) {
		n := 0
		for page, err := range pages {
			if c.page != nil && err == nil {
				c.page(q, n, &page)
			}
			n++
			if !yield(page, err) {
				return
			}
		}
	}
}

func (c changed) Device(ctx context.Context, id string) (mdm.Device, error) {
	d, err := c.Memory.Device(ctx, id)
	if c.device != nil {
		return c.device(d, err)
	}
	return d, err
}

// open makes a new changed source for each clause.
func open(change func(*changed)) func() mdm.Source {
	return func() mdm.Source {
		c := changed{Memory: memory()}
		change(&c)
		return c
	}
}

// edited changes the records of a listing.
func edited(edit func(n int, r *mdm.Record)) func(mdm.Query, int, *mdm.Page) {
	return func(_ mdm.Query, page int, p *mdm.Page) {
		for i, d := range p.Devices {
			r := d.Record()
			edit(2*page+i, &r)
			p.Devices[i] = r
		}
	}
}

// vendor is a device type of a vendor's own.
type vendor struct {
	record mdm.Record
	raw    []byte
}

func (v vendor) Record() mdm.Record { return v.record.Record() }
func (v vendor) Raw() []byte        { return v.raw }

// shared gives the same memory out with each Record.
type shared struct{ r mdm.Record }

func (s shared) Record() mdm.Record { return s.r }

func listingToys() []toy {
	return []toy{
		{"fixture", "one page", func() mdm.Source { m := memory(); m.SetPageSize(5); return m },
			func(o *mdmtest.Options) { o.MaxPage = 5 }},
		{"info", "no role", open(func(c *changed) { c.info = func(i mdm.Info) mdm.Info { i.Role = 0; return i } }), nil},
		{"repeatable", "range goes on", goesOn, nil},
		{"ids", "repeated", open(func(c *changed) {
			c.Memory = mdmtest.NewMemory(info, record(1), record(2), record(3))
			c.Memory.SetPageSize(2)
			twice := record(1)
			twice.Origin = info.Origin
			c.page = func(q mdm.Query, n int, p *mdm.Page) {
				if p.Total = 0; p.End != nil {
					p.Devices = append(p.Devices, mdm.Limit(twice, q.Want))
				}
			}
		}), func(o *mdmtest.Options) { o.Devices = 4 }},
		{"origin", "none", open(func(c *changed) {
			c.page = edited(func(n int, r *mdm.Record) { r.Origin = mdm.Origin{Kind: "toy"} })
			c.device = func(d mdm.Device, err error) (mdm.Device, error) {
				if err != nil {
					return nil, err
				}
				r := d.Record()
				r.Origin = mdm.Origin{Kind: "toy"}
				return r, nil
			}
		}), nil},
		{"page-size", "all at once", func() mdm.Source { return memory() }, func(o *mdmtest.Options) { o.MaxPage = 1 }},
		{"deterministic", "counts its calls", open(func(c *changed) {
			c.page = func(q mdm.Query, _ int, p *mdm.Page) {
				if len(q.Want) == 0 && p.End != nil {
					p.Devices[0] = &restless{record: p.Devices[0].Record()}
				}
			}
		}), nil},
		{"ownership", "shares a map", open(func(c *changed) {
			c.page = func(q mdm.Query, _ int, p *mdm.Page) {
				if len(q.Want) == 0 {
					p.Devices[0] = shared{p.Devices[0].Record()}
				}
			}
		}), nil},
		{"ownership", "shares its pages", cached, nil},
		{"concurrent", "one at a time", func() mdm.Source { return &single{Memory: memory()} }, nil},
	}
}

// restless is a device whose third Record differs.
type restless struct {
	record mdm.Record
	calls  int
}

func (r *restless) Record() mdm.Record {
	record := r.record.Record()
	if r.calls++; r.calls == 3 {
		record.Battery = 50
	}
	return record
}

// goesOn remembers where the last range of a sequence ended.
func goesOn() mdm.Source {
	return open(func(c *changed) {
		c.pages = func(pages iter.Seq2[mdm.Page, error]) iter.Seq2[mdm.Page, error] {
			ranges := 0
			return func(yield func(mdm.Page, error) bool) {
				if ranges++; ranges == 1 {
					pages(yield)
				}
			}
		}
	})()
}

// cached gives the same slice of devices to every receiver.
func cached() mdm.Source {
	var mu sync.Mutex
	pages := map[string][]mdm.Device{}
	return open(func(c *changed) {
		c.page = func(q mdm.Query, _ int, p *mdm.Page) {
			mu.Lock()
			defer mu.Unlock()
			key, _ := json.Marshal([]any{q.Want, p.Devices[0].Record().ID})
			if pages[string(key)] == nil {
				pages[string(key)] = p.Devices
			}
			p.Devices = slices.Clip(pages[string(key)])
			for i := range p.Devices {
				if p.Devices[i] == nil {
					p.Devices[i] = mdm.Record{ID: "gone", Origin: info.Origin}
				}
			}
		}
	})()
}

// single fails when it is listed twice at the same time.
type single struct {
	*mdmtest.Memory
	mu sync.Mutex
}

func (s *single) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		if !s.mu.TryLock() {
			yield(mdm.Page{}, mdm.ErrConflict)
			return
		}
		defer s.mu.Unlock()
		s.Memory.Pages(ctx, q)(func(p mdm.Page, err error) bool {
			time.Sleep(5 * time.Millisecond)
			return yield(p, err)
		})
	}
}
