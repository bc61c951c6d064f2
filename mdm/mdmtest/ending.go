package mdmtest

import (
	"context"
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

func endingClauses() []clause {
	return []clause{
		{"end", "the last page, and no other, says honestly how the listing ended", (*probe).end},
		{"total", "a total that is told is the number of devices", (*probe).total},
		{"error-last", "an error is the last element, and comes without a page", (*probe).errorLast},
		{"break", "a receiver may stop after any page, and nothing is left running", (*probe).early},
		{"cancel-before", "a context that has ended ends everything at once", (*probe).cancelBefore},
		{"cancel-during", "a context that ends while a listing runs ends the listing promptly, and nothing is left running", (*probe).cancelDuring},
	}
}

func (p *probe) end() {
	l, ok := p.whole()
	if !ok || len(l.pages) == 0 {
		return
	}
	last := len(l.pages) - 1
	for i, page := range l.pages[:last] {
		if page.End != nil {
			p.failf("page %d of %d has an End", i+1, last+1)
		}
	}
	end := l.pages[last].End
	if end == nil {
		p.failf("the last page has no End")
		return
	}
	switch {
	case end.Changes:
		p.failf("a listing from the start says that it holds changes only")
	case end.Complete && end.Why != "":
		p.failf("a complete listing says why it is not complete")
	case !end.Complete && end.Why == "":
		p.failf("an incomplete listing does not say why")
	case end.Complete && l.lost > 0:
		p.failf("a listing that lost %d records calls itself complete", l.lost)
	case end.Complete && p.opts.Devices != 0 && len(l.records) != p.opts.Devices:
		p.failf("a listing of %d devices calls itself complete, but there are %d", len(l.records), p.opts.Devices)
	}
	if end.Since != "" {
		p.since(end.Since)
	}
}

// since follows the cursor of a source that can list changes.
func (p *probe) since(from mdm.Cursor) {
	l := p.list(p.ctx, mdm.Query{From: from})
	if l.err != nil {
		p.failf("listing the changes since the end fails: %v", l.err)
		return
	}
	if n := len(l.pages); n == 0 || l.pages[n-1].End == nil || !l.pages[n-1].End.Changes {
		p.failf("a listing of changes does not end with an End that says so")
	}
}

func (p *probe) total() {
	l, _ := p.whole()
	for i, page := range l.pages {
		if count := len(l.records) + l.lost; page.Total != 0 && page.Total != count {
			p.failf("page %d tells a total of %d; there are %d", i+1, page.Total, count)
			return
		}
	}
}

func (p *probe) errorLast() {
	ended, cancel := context.WithCancel(p.ctx)
	cancel()
	for _, l := range []listing{
		p.list(p.ctx, mdm.Query{From: "?? no cursor ??"}),
		p.list(ended, mdm.Query{}),
		p.failing(),
	} {
		if l.after > 0 {
			p.failf("after an error came %d more elements", l.after)
			return
		}
	}
}

// failing is a listing whose context ends after the first page.
func (p *probe) failing() listing {
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	var l listing
	for page, err := range p.src.Pages(ctx, mdm.Query{}) {
		if err != nil && (len(page.Devices) > 0 || page.End != nil) {
			p.failf("an error comes together with a page")
		}
		l.take(page, err)
		cancel()
	}
	return l
}

func (p *probe) early() {
	p.settles("a receiver that stopped after the first page", func() {
		for range p.src.Pages(p.ctx, mdm.Query{}) {
			break
		}
	})
	p.settles("a receiver of devices that stopped at the first", func() {
		for range mdm.Devices(p.ctx, p.src, mdm.Query{}) {
			break
		}
	})
}

func (p *probe) cancelBefore() {
	l, _ := p.whole()
	ctx, cancel := context.WithCancel(p.ctx)
	cancel()
	got := p.list(ctx, mdm.Query{})
	if len(got.pages) > 0 {
		p.failf("the listing gives pages")
	}
	p.canceled("the listing", got.err)
	if len(l.records) == 0 {
		return
	}
	d, err := p.src.Device(ctx, l.records[0].ID)
	if d != nil {
		p.failf("reading a device gives one")
	}
	p.canceled("reading a device", err)
}

func (p *probe) cancelDuring() {
	l, ok := p.whole()
	if !ok || len(l.pages) < 2 {
		return
	}
	p.settles("a listing that was cancelled", func() {
		var got listing
		begin := time.Now()
		ctx, cancel := context.WithCancel(p.ctx)
		defer cancel()
		for page, err := range p.src.Pages(ctx, mdm.Query{}) {
			got.take(page, err)
			cancel()
		}
		if took := time.Since(begin); took > p.opts.prompt() {
			p.failf("the listing went on for %v", took)
		}
		if len(got.pages) > 1 {
			p.failf("the listing gives %d more pages", len(got.pages)-1)
		}
		p.canceled("the listing", got.err)
	})
}

func (p *probe) canceled(what string, err error) {
	if err == nil {
		p.failf("%s gives no error", what)
	} else if !errors.Is(err, context.Canceled) {
		p.failf("%s gives an error that is not context.Canceled: %v", what, err)
	}
}
