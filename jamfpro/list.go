package jamfpro

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"strconv"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// envelope is a page of a list of anything but devices.
type envelope[W any] struct {
	Total   json.Int     `json:"totalCount"`
	Results json.List[W] `json:"results"`
}

// table is a list of anything but computers and mobile devices in full.
type table[W, T any] struct {
	op, path string
	sort     string // "" = the server's own order
	size     int    // of a page
	convert  func(W) T
	id       func(T) string // nil = rows have none
}

// row reads a row of a table.
func (l table[W, T]) row(c *Client, v json.Value) (T, error) {
	var w W
	if v.Kind() == '{' && json.Read(v, &w) {
		if row := l.convert(w); l.id == nil || l.id(row) != "" {
			return row, nil
		}
	}
	var none T
	return none, c.lost(l.op, "it has no id")
}

// tablePasses is how often a table is read until it is as long as the server
// counts.
const tablePasses = 2

// paged reads a table that comes in pages, one after the other, and once again
// if it changed meanwhile or is not as long as the server counts. If that does
// not help either, it ends with mdm.ErrConflict.
func (l table[W, T]) paged(ctx context.Context, c *Client) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen, told := idSet{}, 0
		var none T
		for range tablePasses {
			p := tablePass[W, T]{table: l, client: c, seen: &seen, told: told, yield: yield}
			whole, err := p.run(ctx)
			if err != nil && !errors.Is(err, errStop) {
				yield(none, err)
			}
			if err != nil || whole {
				return
			}
			told = max(told, p.lost)
		}
		yield(none, c.fail(l.op, mdm.ErrConflict, "the list changes while it is read, or is not as long as the server counts"))
	}
}

// tablePass is one reading of a table.
type tablePass[W, T any] struct {
	table[W, T]
	client *Client
	seen   *idSet // in all passes
	once   idSet  // in this one
	told   int    // lost rows that earlier passes told
	yield  func(T, error) bool

	rows, distinct, lost int
}

// run reads the pages up to an empty one, or until as many rows came as the
// server counts. It reports whether the table is proven to be whole.
func (p *tablePass[W, T]) run(ctx context.Context) (whole bool, err error) {
	total, changed := 0, false
	for page := 0; ; page++ {
		rows, count, err := p.page(ctx, page)
		if err != nil {
			return false, err
		}
		changed = changed || page > 0 && count != total
		total = count
		for _, v := range rows {
			if !p.take(v) {
				return false, errStop
			}
		}
		p.rows += len(rows)
		if len(rows) == 0 || p.rows >= total {
			return !changed && p.distinct+p.lost == total, nil
		}
	}
}

// page reads one page and the server's count.
func (p *tablePass[W, T]) page(ctx context.Context, page int) ([]json.Value, int, error) {
	q := url.Values{"page": {strconv.Itoa(page)}, "page-size": {strconv.Itoa(p.size)}}
	if p.sort != "" {
		q.Set("sort", p.sort)
	}
	var answer envelope[json.Value]
	if err := p.client.get(ctx, p.op, p.path, q, &answer); err != nil {
		return nil, 0, err
	}
	if !answer.Results.Present || !answer.Total.Present {
		return nil, 0, p.client.undecodable(p.op, "the answer holds no list with a count")
	}
	return answer.Results.Of, int(answer.Total.N), nil
}

// take hands on a row that was not handed on before. It returns false if nobody
// wants more.
func (p *tablePass[W, T]) take(v json.Value) bool {
	row, err := p.row(p.client, v)
	if err != nil {
		p.lost++
		return p.lost <= p.told || p.yield(row, err)
	}
	if p.once.add(p.id(row)) {
		p.distinct++
	}
	return !p.seen.add(p.id(row)) || p.yield(row, nil)
}

// whole reads a table that comes in one answer, as a bare array or in an
// envelope. Asking for a second page would give the same one again.
func (l table[W, T]) whole(ctx context.Context, c *Client) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var answer json.Value
		if err := c.get(ctx, l.op, l.path, nil, &answer); err != nil {
			yield(none, err)
			return
		}
		rows, ok := rowsOf[json.Value](answer)
		if !ok {
			yield(none, c.undecodable(l.op, "the answer holds no list"))
			return
		}
		for _, v := range rows {
			if !yield(l.row(c, v)) {
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

// collect reads a list up to its first error.
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
