package intune

import (
	"context"
	"iter"
	"net/url"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// paged reads a list that comes in pages with links from one to the next. It
// goes by the links alone: a page without rows may have one.
func paged[W, T any](ctx context.Context, c *Client, op, path string, query url.Values, lim transport.Limiter, convert func(W) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		seen := map[string]struct{}{}
		r := transport.Request{Op: op, Path: path, Query: query, Limiter: lim}
		for {
			var answer wire.Page[W]
			if err := c.exchange(ctx, r, &answer); err != nil {
				yield(none, err)
				return
			}
			if !answer.Value.Present {
				yield(none, c.fail(op, mdm.ErrDecode, "the answer holds no list"))
				return
			}
			for _, w := range answer.Value.Of {
				if !yield(convert(w), nil) {
					return
				}
			}
			link := answer.NextLink.Text
			if link == "" {
				return
			}
			if _, again := seen[link]; again {
				yield(none, c.fail(op, mdm.ErrCursorInvalid, "the service's link to the next page repeats"))
				return
			}
			seen[link] = struct{}{}
			r = transport.Request{Op: op, Path: link, Limiter: lim}
		}
	}
}

// collect reads a list to its end.
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

// reference is an id of something, without the word for none.
func reference(t json.Text) string {
	if id := lower(clean(t)); id != zeroGUID {
		return id
	}
	return ""
}
