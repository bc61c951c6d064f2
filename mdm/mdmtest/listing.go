package mdmtest

import (
	"sync"

	"github.com/mdmlink/mdmlink/mdm"
)

func listingClauses() []clause {
	return []clause{
		{"fixture", "the source lists enough for the other clauses to mean something", (*probe).fixture},
		{"info", "Info names the origin, never changes and gives a role", (*probe).info},
		{"repeatable", "listing again, with the same sequence or a new one, gives equal records in the same order", (*probe).repeatable},
		{"ids", "every record has an id that no other of the listing has", (*probe).ids},
		{"origin", "every record has the origin of Info", (*probe).origin},
		{"page-size", "pages are bounded", (*probe).pageSize},
		{"deterministic", "two calls of Record are equal", (*probe).deterministic},
		{"ownership", "a page and its records belong to the receiver", (*probe).ownership},
		{"concurrent", "a source is safe for concurrent use", (*probe).concurrent},
	}
}

func (p *probe) fixture() {
	if l, ok := p.whole(); ok && (len(l.records) < 3 || len(l.pages) < 2) {
		p.failf("%d devices on %d pages; give the fake at least 3 devices and a page size that makes 2 pages",
			len(l.records), len(l.pages))
	}
}

func (p *probe) info() {
	info := p.src.Info()
	if info.Origin.Kind == "" {
		p.failf("the origin has no kind")
	}
	if info.Role == mdm.RoleUnknown {
		p.failf("the role is unknown")
	}
	if p.src.Info() != info {
		p.failf("two calls differ")
	}
}

func (p *probe) repeatable() {
	first, ok := p.whole()
	if !ok {
		return
	}
	pages := p.src.Pages(p.ctx, mdm.Query{})
	for _, what := range []string{"the second listing", "the second range over one sequence"} {
		var again listing
		for page, err := range pages {
			again.take(page, err)
		}
		if again.err != nil {
			p.failf("%s fails: %v", what, again.err)
			return
		}
		p.compare(what, first.records, again.records)
	}
}

func (p *probe) ids() {
	l, _ := p.whole()
	seen := map[string]bool{}
	for i, r := range l.records {
		if r.ID == "" {
			p.failf("device %d has no id", i+1)
		} else if seen[r.ID] {
			p.failf("device %d has an id that an earlier one has", i+1)
		}
		seen[r.ID] = true
	}
}

func (p *probe) origin() {
	l, _ := p.whole()
	want := p.src.Info().Origin
	for i, r := range l.records {
		if r.Origin != want {
			p.failf("device %d is of %q, not of %q", i+1, r.Origin, want)
		}
	}
}

func (p *probe) pageSize() {
	l, _ := p.whole()
	for i, page := range l.pages {
		if n := len(page.Devices) + len(page.Lost); n > p.opts.maxPage() {
			p.failf("page %d holds %d devices, more than %d", i+1, n, p.opts.maxPage())
		}
	}
}

func (p *probe) deterministic() {
	l, _ := p.whole()
	for i, d := range l.devices {
		for range 3 { // what depends on the order of a map is equal now and then
			if again := d.Record(); !equal(l.records[i], again) {
				p.failf("device %d differs in %v", i+1, differences(l.records[i], again))
				break
			}
		}
	}
}

func (p *probe) ownership() {
	l, ok := p.whole()
	if !ok {
		return
	}
	before := make([]mdm.Record, len(l.records))
	for i, r := range l.records {
		before[i] = r.Record()
		spoil(&l.records[i])
	}
	for i, d := range l.devices {
		if now := d.Record(); !equal(before[i], now) {
			p.failf("what a receiver writes into a record shows in the device: %v", differences(before[i], now))
			return
		}
	}
	for _, page := range l.pages {
		clear(page.Devices)
		clear(page.Lost)
		clear(page.Removed)
	}
	again, ok := p.whole()
	if ok {
		p.compare("a listing after a receiver changed its pages", before, again.records)
	}
}

// spoil overwrites all memory that a copy of a record could share.
func spoil(r *mdm.Record) {
	const mark = "spoilt"
	for i := range r.Interfaces {
		for j := range r.Interfaces[i].IPs {
			r.Interfaces[i].IPs[j] = mark
		}
		r.Interfaces[i].MAC = mark
	}
	for i := range r.IMEIs {
		r.IMEIs[i] = mark
	}
	for i := range r.SIMs {
		r.SIMs[i] = mdm.SIM{ICCID: mark}
	}
	for i := range r.Groups {
		r.Groups[i] = mark
	}
	for name := range r.Custom {
		r.Custom[name] = mark
	}
	for i := range r.Blank {
		r.Blank[i] = mark
	}
}

func (p *probe) concurrent() {
	first, ok := p.whole()
	if !ok || len(first.records) == 0 {
		return
	}
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			again := p.list(p.ctx, mdm.Query{})
			if again.err != nil {
				p.failf("one of four listings at once fails: %v", again.err)
				return
			}
			p.compare("one of four listings at once", first.records, again.records)
		})
		all.Go(func() {
			id := first.records[worker%len(first.records)].ID
			d, err := p.src.Device(p.ctx, id)
			if err != nil {
				p.failf("reading a device while others list fails: %v", err)
			} else if got := d.Record().ID; got != id {
				p.failf("reading a device while others list gives another device")
			}
			_ = p.src.Info()
		})
	}
	all.Wait()
}
