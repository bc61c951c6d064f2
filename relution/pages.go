package relution

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// listPage is how many rows of a list of anything but devices are read at once.
const listPage = 200

// ask sends the request for a page.
type ask func(context.Context, call) (json.Value, error)

// list reads a list that comes in pages, one after the other, and yields its
// elements in the client's own type. A row that makes no sense comes as an
// error between the elements and does not end the list. A list of which less
// came than the server counts, or that changed, ends with an error.
func list[W, T any](ctx context.Context, c *Client, r call, filter Filter, convert func(*W) (T, string)) iter.Seq2[T, error] {
	return listBy(ctx, c, c.get, r, filter, convert)
}

// listBy is list for an endpoint that is asked in another way.
func listBy[W, T any](ctx context.Context, c *Client, ask ask, r call, filter Filter, convert func(*W) (T, string)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		p := pages{client: c, ask: ask, call: r, filter: filter, seen: map[string]bool{}}
		for range maxPages {
			got, err := p.next(ctx)
			if err != nil {
				yield(none, err)
				return
			}
			fresh := false
			for i, row := range got.of {
				v, id := element(row, convert)
				if !p.isNew(id, i, row) {
					continue
				}
				fresh = true
				if id == "" {
					err = c.undecodable(r.op, "a record was left out: it has no UUID")
				} else {
					err = nil
				}
				if !yield(v, err) {
					return
				}
			}
			if p.note(got, fresh) {
				break
			}
		}
		if err := p.flaw(); err != nil {
			yield(none, err)
		}
	}
}

// element reads a row; one without an id makes no sense.
func element[W, T any](row json.Value, convert func(*W) (T, string)) (v T, id string) {
	var w W
	if object(row, &w) {
		v, id = convert(&w)
	}
	if id == "" {
		var none T
		return none, ""
	}
	return v, id
}

// pages are one reading of a list.
type pages struct {
	client *Client
	ask    ask
	call   call
	filter Filter

	seen     map[string]bool
	received int  // rows
	total    int  // the server's count
	counted  bool // there is one
	changed  bool // it did not stay the same
	ended    bool
}

// next reads the page behind what was received.
func (p *pages) next(ctx context.Context) (rows, error) {
	r := p.call
	q := query{limit: listPage, offset: p.received, sort: "uuid", filter: p.filter}
	if r.endpoint == EndpointApps {
		q.sort = "appUuid" // these have no UUID of their own
	}
	r.query = q.parameters()
	if r.method == http.MethodPost {
		r.query, r.body = nil, q.body()
	}
	answer, err := p.ask(ctx, r)
	if err != nil {
		return rows{}, err
	}
	got, err := rowsOf(answer)
	if err != nil {
		return got, p.client.undecodable(r.op, "the answer holds no list")
	}
	return got.at(p.received), nil
}

// isNew reports whether a row did not come before.
func (p *pages) isNew(id string, i int, row json.Value) bool {
	key := strings.ToUpper(id)
	if id == "" {
		key = nameless(i, row)
	}
	if p.seen[key] {
		return false
	}
	p.seen[key] = true
	return true
}

// nameless stands for the id of a row that has none: a server that repeats a
// page repeats it in the same place.
func nameless(i int, row json.Value) string { return fmt.Sprintf("%d %s", i, row) }

// note takes a page into account, and reports whether no page follows it. fresh
// says that it held something new.
func (p *pages) note(got rows, fresh bool) (last bool) {
	p.changed = p.changed || got.told && p.counted && got.total != p.total
	if got.told {
		p.total, p.counted = got.total, true
	}
	if !fresh {
		p.ended = true
		return true
	}
	p.received += len(got.of)
	p.ended = got.last(p.received, p.client.api.widest(p.call.endpoint, got.sent))
	return p.ended
}

// flaw is why a list that was read to its end is not complete; nil if nothing
// speaks against it.
func (p *pages) flaw() error {
	switch c, op := p.client, p.call.op; {
	case !p.ended:
		return c.undecodable(op, "the list does not end")
	case p.changed:
		return c.fail(op, mdm.ErrConflict, "the list changed while it was read")
	case p.counted && p.received < p.total:
		return c.undecodable(op, fmt.Sprintf("the server counts %d and sent %d", p.total, p.received))
	}
	return nil
}
