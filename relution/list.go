package relution

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// rows are the elements of an answer.
type rows struct {
	of    []json.Value
	sent  int  // rows that came, whatever became of them
	total int  // the server's count of the whole list
	told  bool // it told one
}

var errNoList = errors.New("no list")

// at judges the count of a page that begins at an offset. Behind the start of a
// list, the count of all of it is greater than the page; any other count is of
// the page alone, and none.
//
// Source: reference/relution.md 2.2, 11 row 10
func (r rows) at(offset int) rows {
	r.told = r.told && (offset == 0 || r.total > r.sent)
	return r
}

// last reports whether no page follows one after which so many rows came. A
// count that is not greater than the page may be that of the page alone. Then
// only a page is surely the last that is shorter than one that came before,
// with most rows: a server that sends fewer rows than were asked for may have
// more.
//
// Source: reference/relution.md 11, row 15
func (r rows) last(received, most int) bool {
	switch {
	case r.sent == 0:
		return true
	case r.told && r.total > r.sent:
		return received >= r.total
	}
	return r.sent < most
}

// rowsOf reads an answer in any of its forms: a list under one of four names,
// a bare list, or a bare object, which is a list of one.
//
// Source: reference/relution.md 2.2
func rowsOf(answer json.Value) (rows, error) {
	var list json.List[json.Value]
	switch answer.Kind() {
	case '[':
		json.Read(answer, &list)
		return rows{of: list.Of, sent: len(list.Of)}, nil
	case '{':
		var e wire.Envelope
		if err := json.Unmarshal(answer, &e); err != nil {
			return rows{}, err
		}
		for _, l := range []json.List[json.Value]{e.Results, e.Items, e.AccessTokens, e.Groups} {
			if l.Present {
				return rows{of: l.Of, sent: len(l.Of), total: int(min(max(e.Total.N, e.Nonpaged.N, 0), 1<<31)),
					told: e.Total.Present || e.Nonpaged.Present}, nil
			}
		}
		var object wire.Named
		if json.Unmarshal(answer, &object) == nil && clean(object.UUID) != "" {
			return rows{of: []json.Value{answer}, sent: 1}, nil
		}
	}
	return rows{}, errNoList
}

// object reads a row; false if it is no object.
func object[W any](row json.Value, w *W) bool {
	return json.Read(row, w)
}

// query is what a list is asked for: parameters of a GET, or the body of a
// POST, whose members have other names and forms.
//
// Source: reference/relution.md 2.1
type query struct {
	limit, offset int
	sort          string // a member of the rows
	filter        Filter
	searches      []string
}

func (q query) parameters() url.Values {
	v := url.Values{"limit": {strconv.Itoa(q.limit)}, "offset": {strconv.Itoa(q.offset)}, "sortOrder": {"+" + q.sort},
		"getItems": {"true"}, "getNonpagedCount": {"true"}}
	if text := q.filter.text(); text != "" {
		v.Set("filter", text)
	}
	return v
}

func (q query) body() map[string]any {
	body := map[string]any{"limit": q.limit, "offset": q.offset, "getItems": true, "getNonpagedCount": true,
		"sortOrder": map[string]any{"sortFields": []any{map[string]any{"name": q.sort, "ascending": true}}}}
	if q.filter.of != nil {
		body["filter"] = q.filter.of
	}
	if len(q.searches) > 0 {
		body["searches"] = q.searches
	}
	return body
}

// whole reads an answer that holds all there is.
func whole[W, T any](c *Client, r call, answer json.Value, err error, convert func(*W) (T, string)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	got, err := rowsOf(answer)
	if err != nil {
		return nil, c.undecodable(r.op, "the answer holds no list")
	}
	var all []T
	for i, row := range got.of {
		var w W
		if !object(row, &w) {
			return nil, c.undecodable(r.op, fmt.Sprintf("record %d is no object", i+1))
		}
		v, id := convert(&w)
		if id == "" {
			return nil, c.undecodable(r.op, fmt.Sprintf("record %d has no UUID", i+1))
		}
		all = append(all, v)
	}
	return all, nil
}

// one reads an answer that holds one object.
func one[W, T any](ctx context.Context, c *Client, r call, convert func(*W) (T, string)) (T, error) {
	var none T
	if !uuidForm.MatchString(r.id.uuid) {
		return none, c.fail(r.op, mdm.ErrInvalid, "not a UUID")
	}
	answer, err := c.get(ctx, r)
	all, err := whole(c, r, answer, err, convert)
	if err != nil {
		return none, err
	}
	if len(all) == 0 {
		return none, c.fail(r.op, mdm.ErrNotFound, "")
	}
	return all[0], nil
}

// either reads a list from the first of two addresses that the server has.
func either[T any](first, second iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range first {
			if absent(err) {
				second(yield)
				return
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

func clean(t json.Text) string { return strings.TrimSpace(t.Text) }
