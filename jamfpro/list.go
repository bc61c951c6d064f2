package jamfpro

import (
	"context"
	"iter"
	"net/url"
	"strconv"

	"github.com/mdmlink/mdmlink/internal/json"
)

// envelope is a page of a list of anything but devices.
type envelope[W any] struct {
	Total   json.Int     `json:"totalCount"`
	Results json.List[W] `json:"results"`
}

// paged reads a list that comes in pages, one after the other. It ends with an
// empty page or when as many rows came as the server counts.
func paged[W, T any](ctx context.Context, c *Client, op, path, sort string, size int, convert func(W) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows := 0
		for page := 0; ; page++ {
			var answer envelope[W]
			q := url.Values{"page": {strconv.Itoa(page)}, "page-size": {strconv.Itoa(size)}}
			if sort != "" {
				q.Set("sort", sort)
			}
			if err := c.get(ctx, op, path, q, &answer); err != nil {
				yield(none, err)
				return
			}
			if !answer.Results.Present {
				yield(none, c.undecodable(op, "the answer holds no list"))
				return
			}
			for _, w := range answer.Results.Of {
				if !yield(convert(w), nil) {
					return
				}
			}
			rows += len(answer.Results.Of)
			if len(answer.Results.Of) == 0 || rows >= int(answer.Total.N) {
				return
			}
		}
	}
}

// whole reads a list that comes in one answer, as a bare array or in an
// envelope. Asking for a second page would give the same one again.
func whole[W, T any](ctx context.Context, c *Client, op, path string, convert func(W) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var answer json.Value
		if err := c.get(ctx, op, path, nil, &answer); err != nil {
			yield(none, err)
			return
		}
		rows, ok := rowsOf[W](answer)
		if !ok {
			yield(none, c.undecodable(op, "the answer holds no list"))
			return
		}
		for _, w := range rows {
			if !yield(convert(w), nil) {
				return
			}
		}
	}
}

// rowsOf reads a bare array or an envelope.
func rowsOf[W any](answer json.Value) ([]W, bool) {
	if answer.Kind() == '[' {
		var rows json.List[W]
		err := json.Unmarshal(answer, &rows)
		return rows.Of, err == nil
	}
	var e envelope[W]
	if answer.Kind() != '{' || json.Unmarshal(answer, &e) != nil {
		return nil, false
	}
	return e.Results.Of, e.Results.Present
}

// either reads a list from the first of two addresses that the server has.
func either[T any](first, second iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range first {
			if missing(err) {
				second(yield)
				return
			}
			if !yield(v, err) {
				return
			}
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
