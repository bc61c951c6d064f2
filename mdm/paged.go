package mdm

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Fetch reads one page of a listing. From is "" for the first page; after the
// last page the result's Next is "" and its End is set.
type Fetch func(ctx context.Context, from Cursor, want Keys) (Page, error)

// Paged makes Source.Pages for a vendor whose pages are fetched one by one.
// While the receiver works on a page, the next one is already being fetched.
// A page that fails because the system is unavailable is fetched again from
// its own cursor before the listing gives up. A cursor that repeats ends the
// listing with ErrCursorInvalid, since following it would never end. No
// goroutine outlives the range.
func Paged(fetch Fetch) func(context.Context, Query) iter.Seq2[Page, error] {
	return func(ctx context.Context, q Query) iter.Seq2[Page, error] {
		return func(yield func(Page, error) bool) {
			p := pager{fetch: fetch, want: q.Want, seen: map[Cursor]bool{q.From: true}}
			p.run(ctx, q.From, yield)
		}
	}
}

type pager struct {
	fetch Fetch
	want  Keys
	seen  map[Cursor]bool
}

type fetched struct {
	page Page
	err  error
}

func (p pager) run(ctx context.Context, from Cursor, yield func(Page, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	next := p.start(ctx, from)
	defer func() { // wait for the page that nobody wants any more
		cancel()
		if next != nil {
			<-next
		}
	}()
	for next != nil {
		got := <-next
		next = nil
		if err := ctx.Err(); err != nil && got.err == nil { // fetched before the end, but no longer wanted
			got.err = err
		}
		if got.err != nil {
			yield(Page{}, got.err)
			return
		}
		if err := p.check(got.page); err != nil {
			yield(Page{}, err)
			return
		}
		if got.page.Next != "" && got.page.End == nil {
			next = p.start(ctx, got.page.Next)
		}
		if !yield(got.page, nil) {
			return
		}
	}
}

func (p pager) check(page Page) error {
	if page.Next == "" || page.End != nil {
		return nil
	}
	if p.seen[page.Next] {
		return &Error{Op: "devices", Kind: ErrCursorInvalid, Detail: "the system repeats itself"}
	}
	p.seen[page.Next] = true
	return nil
}

func (p pager) start(ctx context.Context, from Cursor) chan fetched {
	result := make(chan fetched, 1)
	go func() {
		page, err := p.patiently(ctx, from)
		result <- fetched{page, err}
	}()
	return result
}

// patiently fetches a page up to three times. The transport below has already
// repeated what fails at once; this is for answers that break off later.
func (p pager) patiently(ctx context.Context, from Cursor) (Page, error) {
	const tries = 3
	for try := 1; ; try++ {
		page, err := p.fetch(ctx, from, p.want)
		if err == nil {
			return page, nil
		}
		if try == tries || !errors.Is(err, ErrUnavailable) || ctx.Err() != nil {
			return Page{}, err
		}
		select {
		case <-time.After(time.Duration(try) * time.Second):
		case <-ctx.Done():
			return Page{}, ctx.Err()
		}
	}
}
