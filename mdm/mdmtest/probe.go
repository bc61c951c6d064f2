package mdmtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/mdmlink/mdmlink/mdm"
)

// probe is one clause's look at a source.
type probe struct {
	ctx  context.Context
	src  mdm.Source
	opts Options

	mu    sync.Mutex
	found []string
}

// failf notes a violation. A clause that fails in many places says so only a
// few times.
func (p *probe) failf(format string, args ...any) {
	const enough = 5
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.found) < enough {
		p.found = append(p.found, fmt.Sprintf(format, args...))
	}
}

// wrong is what was noted.
func (p *probe) wrong() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.found)
}

// listing is what one range over Pages gave.
type listing struct {
	pages   []mdm.Page
	devices []mdm.Device
	records []mdm.Record
	lost    int
	err     error // the first error, if there was one
	after   int   // elements that came after it
}

func (p *probe) list(ctx context.Context, q mdm.Query) listing {
	var l listing
	for page, err := range p.src.Pages(ctx, q) {
		if l.take(page, err); len(l.pages) > far {
			l.err = fmt.Errorf("it has not ended after %d pages", far)
			break
		}
	}
	return l
}

// far is where a listing that never ends is cut off.
const far = 10_000

func (l *listing) take(page mdm.Page, err error) {
	switch {
	case l.err != nil:
		l.after++
	case err != nil:
		l.err = err
	default:
		l.pages = append(l.pages, page)
		l.devices = append(l.devices, page.Devices...)
		l.lost += len(page.Lost)
		for _, d := range page.Devices {
			l.records = append(l.records, d.Record())
		}
	}
}

// whole lists everything, and reports false where that fails.
func (p *probe) whole() (listing, bool) {
	l := p.list(p.ctx, mdm.Query{})
	if l.err != nil {
		p.failf("listing from the start fails: %v", l.err)
	}
	return l, l.err == nil
}

// compare fails where two listings differ.
func (p *probe) compare(what string, want, got []mdm.Record) {
	if len(want) != len(got) {
		p.failf("%s: %d devices, not %d", what, len(got), len(want))
		return
	}
	for i := range want {
		if !equal(want[i], got[i]) {
			p.failf("%s: device %d differs in %v", what, i+1, differences(want[i], got[i]))
			return
		}
	}
}

// equal compares what two records say; their JSON form holds all of it.
func equal(a, b mdm.Record) bool {
	left, err1 := json.Marshal(a)
	right, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(left, right)
}

// differences names the attributes in which two records differ, without their
// values.
func differences(a, b mdm.Record) []string {
	var names []string
	if a.Origin != b.Origin {
		names = append(names, "origin")
	}
	if a.ID != b.ID {
		names = append(names, "id")
	}
	for _, attribute := range mdm.Catalogue() {
		if attribute.Value(&a) != attribute.Value(&b) {
			names = append(names, string(attribute.Key))
		}
	}
	if len(names) == 0 {
		names = append(names, "custom fields or the like")
	}
	return names
}

// ids returns the ids of records, in order.
func ids(records []mdm.Record) []string {
	all := make([]string, len(records))
	for i, r := range records {
		all[i] = r.ID
	}
	return all
}
