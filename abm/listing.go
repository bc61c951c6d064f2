package abm

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// A list is read page by page; list.go reads a single page.

const listTries = 3

// item is a converted object. Its id is "" for one that makes no sense.
type item[T any] struct {
	value T
	id    string
}

// listed reads a whole list, page by page. A record that cannot be read comes
// as an error between the others and does not end it; one that comes twice is
// given once.
func listed[A, T any](ctx context.Context, c *Client, l listRequest, convert func(*row[A]) (T, string)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var at place
		seen := map[string]struct{}{}
		met := map[place]bool{}
		for {
			page, end, err := patiently(ctx, c, l, at, convert)
			if err != nil {
				yield(none, err)
				return
			}
			for _, i := range page {
				if _, again := seen[i.id]; again && i.id != "" {
					continue
				}
				seen[i.id] = struct{}{}
				if i.id == "" {
					err = c.lost(l.op)
				}
				if !yield(i.value, err) {
					return
				}
				err = nil
			}
			switch at = end.next; {
			case at == (place{}):
				return
			case met[at]:
				yield(none, c.repeats(l.op))
				return
			}
			met[at] = true
		}
	}
}

// patiently reads a page again that broke off, at the same place.
//
// Source: reference/apple.md 9.1
func patiently[A, T any](ctx context.Context, c *Client, l listRequest, at place, convert func(*row[A]) (T, string)) ([]item[T], tail, error) {
	for try := 1; ; try++ {
		page, end, err := converted(ctx, c, l, at, convert)
		if err == nil || try == listTries || !errors.Is(err, mdm.ErrUnavailable) || ctx.Err() != nil {
			return page, end, err
		}
		select {
		case <-time.After(time.Duration(try) * 5 * time.Second):
		case <-ctx.Done():
			return nil, tail{}, ctx.Err()
		}
	}
}

// converted reads one page and converts each object as it comes.
func converted[A, T any](ctx context.Context, c *Client, l listRequest, at place, convert func(*row[A]) (T, string)) ([]item[T], tail, error) {
	var page []item[T]
	end, err := readPage(ctx, c, l, at, func(r *row[A]) {
		var i item[T]
		if r != nil {
			i.value, i.id = convert(r)
		}
		if i.id == "" {
			i = item[T]{}
		}
		page = append(page, i)
	})
	return page, end, err
}

func (c *Client) repeats(op string) error {
	return c.fail(op, mdm.ErrCursorInvalid, "the list repeats itself")
}

func (c *Client) lost(op string) error {
	return c.fail(op, mdm.ErrDecode, "a record was left out: it is not an object with an id")
}

// collect reads a list to its end. A record that cannot be read is an error.
func collect[T any](all iter.Seq2[T, error]) ([]T, error) {
	var kept []T
	for v, err := range all {
		if err != nil {
			return nil, err
		}
		kept = append(kept, v)
	}
	return kept, nil
}
