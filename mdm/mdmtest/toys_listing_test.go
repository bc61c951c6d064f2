package mdmtest_test

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

func cursorToys() []toy {
	return []toy{
		{"resume", "from the start", open(func(c *changed) {
			c.query = func(q *mdm.Query) {
				if _, err := q.From.Position(info); err == nil {
					q.From = ""
				}
			}
		}), nil},
		{"cursor-invalid", "starts over", open(func(c *changed) {
			c.query = func(q *mdm.Query) {
				if _, err := q.From.Position(info); err != nil {
					q.From = ""
				}
			}
		}), nil},
		{"cursor-invalid", "another error", open(func(c *changed) {
			c.pages = func(pages iter.Seq2[mdm.Page, error]) iter.Seq2[mdm.Page, error] {
				return func(yield func(mdm.Page, error) bool) {
					for page, err := range pages {
						if errors.Is(err, mdm.ErrCursorInvalid) {
							err = mdm.ErrUnavailable
						}
						if !yield(page, err) {
							return
						}
					}
				}
			}
		}), nil},
		{"cursor-repeat", "an empty page between", func() mdm.Source { return stutter{memory()} }, nil},
	}
}

// stutter gives an empty page with the same cursor after each page.
type stutter struct{ *mdmtest.Memory }

func (s stutter) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		for page, err := range s.Memory.Pages(ctx, q) {
			next := page.Next
			if !yield(page, err) {
				return
			}
			if next != "" && ctx.Err() == nil && !yield(mdm.Page{Next: next}, nil) {
				return
			}
		}
	}
}

func endingToys() []toy {
	page := func(edit func(n int, p *mdm.Page)) func() mdm.Source {
		return open(func(c *changed) { c.page = func(_ mdm.Query, n int, p *mdm.Page) { edit(n, p) } })
	}
	return []toy{
		{"end", "on every page", page(func(_ int, p *mdm.Page) { p.End = &mdm.End{Complete: true} }), nil},
		{"end", "nowhere", page(func(_ int, p *mdm.Page) { p.End = nil }), nil},
		{"end", "incomplete without a reason", page(func(_ int, p *mdm.Page) {
			if p.End != nil {
				p.End = &mdm.End{}
			}
		}), nil},
		{"end", "complete but lost one", page(func(_ int, p *mdm.Page) {
			if p.Total = 0; p.End != nil {
				p.Lost = []error{mdm.ErrDecode}
			}
		}), nil},
		{"end", "complete but short", open(func(c *changed) { c.Memory.Remove("id-05") }), nil},
		{"end", "changes that are none", page(func(_ int, p *mdm.Page) {
			if p.End != nil {
				p.End.Since = mdm.NewCursor(info, "id-05")
			}
		}), nil},
		{"total", "too many", page(func(_ int, p *mdm.Page) { p.Total++ }), nil},
		{"error-last", "goes on", open(func(c *changed) {
			c.pages = func(pages iter.Seq2[mdm.Page, error]) iter.Seq2[mdm.Page, error] {
				return func(yield func(mdm.Page, error) bool) {
					for page, err := range pages {
						if !yield(page, err) || err != nil && !yield(mdm.Page{}, err) {
							return
						}
					}
				}
			}
		}), nil},
		{"break", "leaves a goroutine", open(func(c *changed) { c.pages = leaving(false) }), nil},
		{"break", "yields again", open(func(c *changed) {
			c.pages = func(pages iter.Seq2[mdm.Page, error]) iter.Seq2[mdm.Page, error] {
				return func(yield func(mdm.Page, error) bool) {
					for page, err := range pages {
						yield(page, err)
					}
				}
			}
		}), nil},
		{"cancel-before", "device ignores it", func() mdm.Source { return heedless{memory()} }, nil},
		{"cancel-during", "ignores it", open(func(c *changed) {
			c.ctx = func(ctx context.Context) context.Context {
				if ctx.Err() != nil {
					return ctx
				}
				return context.WithoutCancel(ctx)
			}
		}), nil},
		{"cancel-during", "leaves a goroutine", open(func(c *changed) { c.pages = leaving(true) }), nil},
	}
}

// leaving leaves a goroutine behind when a listing fails, or when its
// receiver stops.
func leaving(failed bool) func(iter.Seq2[mdm.Page, error]) iter.Seq2[mdm.Page, error] {
	return func(pages iter.Seq2[mdm.Page, error]) iter.Seq2[mdm.Page, error] {
		return func(yield func(mdm.Page, error) bool) {
			for page, err := range pages {
				if on := yield(page, err); on && (err == nil || !failed) {
					continue
				} else if failed == (err != nil) {
					go time.Sleep(2 * time.Second)
				}
				return
			}
		}
	}
}

// heedless reads devices whatever the context says.
type heedless struct{ *mdmtest.Memory }

func (h heedless) Device(ctx context.Context, id string) (mdm.Device, error) {
	return h.Memory.Device(context.WithoutCancel(ctx), id)
}
