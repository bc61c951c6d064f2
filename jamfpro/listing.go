package jamfpro

import (
	"context"
	"fmt"
)

// listing reads all pages of one list, several at a time and in order.
//
// The list is paged by offset. A device that leaves between two pages moves
// the ones behind it forward, and one of them is skipped. Sorted by id, new
// devices come at the end. So a pass over the list proves that nothing was
// skipped if the server counted the same on each page, as many devices came,
// and the last of them is the one that was the last before. Otherwise the list
// is read again, and what was skipped is delivered then.
//
// Source: reference/jamfpro.md 2.7
type listing struct {
	client *Client
	list   listRequest
	size   int
	at     position
	visit  func(batch) error

	pages   divided
	told    int // lost records that were handed on
	seen    idSet
	pending *batch // the last page is known only when no other follows
}

// batch is a page of a listing, with devices that were not delivered before.
type batch struct {
	devices []*Device
	lost    []error
	at      position // where to go on after it
	resumes bool     // whether at can be gone on from
	final   bool     // the last one of the list
}

// passes is how often a list is read until it holds still.
const passes = 3

// tally is what one pass saw.
type tally struct {
	rows, lost int
	distinct   int    // devices, each counted once
	total      int    // the server's count, as it was told last
	last       string // id of the last row; "" = it could not be read
	changed    bool   // the server's count changed
}

// flaw is why a pass proves nothing. The zero flaw is none.
type flaw struct {
	why   string
	moved bool // reading the list again may help
}

// run reads the list to its end. It returns why the listing is not complete.
func (l *listing) run(ctx context.Context) (flaw, error) {
	l.pages = divided{client: l.client, list: l.list}
	l.told = l.at.Lost
	resumed := l.at.Page > 0
	for pass := 1; ; pass++ {
		t, err := l.pass(ctx, pass)
		if err != nil {
			return flaw{}, err
		}
		found := t.flaw(l.at.Mark)
		if !found.moved || resumed || pass == passes {
			return found, l.end()
		}
		if err := l.flush(false); err != nil {
			return flaw{}, err
		}
		l.pages.damaged = 0
		l.at = position{Kind: l.at.Kind, Size: l.size, Other: l.at.Other, Flaw: l.at.Flaw}
		if l.at.Mark, err = l.client.mark(ctx, l.list); err != nil {
			return flaw{}, err
		}
	}
}

// flaw judges a pass. A record that could not be read was there all the same:
// it does not hide that the list changed.
func (t tally) flaw(m mark) flaw {
	const changed = "the list changed while it was read"
	switch {
	case t.changed || m.Known && m.Total != t.total:
		return flaw{changed, true}
	case t.distinct+t.lost != t.total:
		return flaw{fmt.Sprintf("the server counts %d devices and sent %d", t.total, t.distinct+t.lost), true}
	case m.Last != "" && t.last != "" && m.Last != t.last:
		return flaw{changed, true}
	case t.lost > 0:
		return flaw{why: fmt.Sprintf("%d records could not be read", t.lost)}
	}
	return flaw{}
}

// pass reads the list once, from where the listing starts.
func (l *listing) pass(ctx context.Context, pass int) (tally, error) {
	t := tally{rows: l.at.Rows, distinct: l.at.Distinct, lost: l.at.Lost, total: l.at.Mark.Total}
	once := idSet{}
	known := l.at.Mark.Known
	err := l.parallel(ctx, &t, func(page int, r rows) error {
		if r.total == 0 && len(r.lost) > 0 {
			r.total = t.total // only records that make the server fail: it told no count
		}
		t.changed = t.changed || known && r.total != t.total
		t.total, known = r.total, true
		t.rows += r.count()
		t.lost += len(r.lost)
		if r.count() > 0 {
			t.last = r.last
		}
		b := batch{resumes: pass == 1}
		if n := t.lost - l.told; n > 0 { // a later pass tells only what is more than before
			b.lost, l.told = r.lost[len(r.lost)-n:], t.lost
		}
		for _, d := range r.devices {
			if once.add(d.ID) {
				t.distinct++
			}
			if l.seen.add(d.ID) {
				b.devices = append(b.devices, d)
			}
		}
		b.at = position{Kind: l.at.Kind, Page: page + 1, Size: l.size, Mark: l.at.Mark, Other: l.at.Other, Flaw: l.at.Flaw,
			Rows: t.rows, Distinct: t.distinct, Lost: t.lost}
		if pass > 1 && len(b.devices)+len(b.lost) == 0 {
			return nil
		}
		if err := l.flush(true); err != nil {
			return err
		}
		l.pending = &b
		return nil
	})
	return t, err
}

// flush hands on the batch at hand. resumes is false if what follows cannot be
// gone on from.
func (l *listing) flush(resumes bool) error {
	if l.pending == nil {
		return nil
	}
	b := *l.pending
	b.resumes = b.resumes && resumes
	l.pending = nil
	return l.visit(b)
}

// end hands on the last batch, which is empty if there is none.
func (l *listing) end() error {
	if l.pending == nil {
		l.pending = &batch{at: l.at}
	}
	l.pending.final = true
	return l.flush(false)
}

// fetched is the result of reading a page.
type fetched struct {
	rows rows
	err  error
}

// parallel reads pages, as many at a time as there may be connections, and
// hands them on in order. It reads until as many rows came as the server
// counts, or until a page is empty: a page may be shorter than asked for. Two
// short ones in a row say that all of them are. No goroutine outlives it.
func (l *listing) parallel(ctx context.Context, t *tally, take func(int, rows) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var queue []chan fetched
	defer func() {
		cancel()
		for _, waiting := range queue {
			<-waiting
		}
	}()
	page, next, size := l.at.Page, l.at.Page, l.size
	more, ended, short := true, false, 0
	for {
		for more && len(queue) < 2*l.client.http.Concurrency() && (next*size < t.total || len(queue) == 0) {
			queue = append(queue, l.start(ctx, next))
			next++
		}
		if len(queue) == 0 {
			return nil
		}
		got := <-queue[0]
		queue = queue[1:]
		if err := ctx.Err(); err != nil {
			return err
		}
		if got.err != nil {
			return got.err
		}
		if err := take(page, got.rows); err != nil {
			return err
		}
		page++
		n := got.rows.count()
		ended = ended || n == 0
		more = !ended && t.rows < t.total
		if n >= size {
			n = 0
		}
		if short > 0 && n > 0 {
			size = max(short, n)
		}
		short = n
	}
}

func (l *listing) start(ctx context.Context, page int) chan fetched {
	result := make(chan fetched, 1)
	go func() {
		r, err := l.pages.page(ctx, page, l.size)
		result <- fetched{r, err}
	}()
	return result
}

// mark is the end of a list before it is read.
type mark struct {
	Known bool   `json:"k,omitempty"`
	Total int    `json:"t,omitempty"`
	Last  string `json:"l,omitempty"` // the highest id
}

// mark reads the end of a list. It is not known where the last record is
// damaged.
func (c *Client) mark(ctx context.Context, l listRequest) (mark, error) {
	l.sections, l.sort = []Section{SectionGeneral}, l.idField()+":desc"
	reader := divided{client: c, list: l}
	r, err := reader.patiently(ctx, 0, 1)
	if broken(err) {
		return mark{}, nil
	}
	m := mark{Known: err == nil, Total: r.total}
	for _, d := range r.devices {
		m.Last = d.ID
	}
	return m, err
}
