package abm

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// listRequest is what a list is asked for.
type listRequest struct {
	op       string
	path     string
	resource string     // type of the objects, which names the parameter of their attributes
	fields   []string   // attributes to ask for; none = Apple's default
	query    url.Values // filters
	raw      bool       // give the JSON of each object too
}

// place is where a list goes on. The zero place is its beginning.
type place struct {
	Cursor string `json:"c,omitempty"`
	Link   string `json:"l,omitempty"` // where no cursor was given
}

// tail is what stands around the objects of a page.
type tail struct {
	total   int // of the whole list
	counted bool
	next    place // zero = this was the last page
}

// row is one object of a list.
type row[A any] struct {
	id         string
	attributes A
	raw        json.Value // valid while it is converted; nil = not asked for
}

// readPage reads one page. A record that makes no sense is given as nil.
//
// Source: reference/apple.md 8.1
func readPage[A any](ctx context.Context, c *Client, l listRequest, at place, take func(*row[A])) (tail, error) {
	response, err := c.sendList(ctx, l, at)
	if err != nil {
		return tail{}, err
	}
	defer response.Body.Close()
	var end tail
	var links json.Object[wire.Links]
	member := func(name string, v json.Value) error {
		var meta json.Object[wire.Meta]
		switch {
		case name == "links":
			json.Read(v, &links)
		case name == "meta" && json.Read(v, &meta):
			paging := meta.Of.Paging.Of
			end.total, end.counted = int(paging.Total.N), paging.Total.Present && paging.Total.N >= 0
			end.next.Cursor = paging.NextCursor.Text
		}
		return nil
	}
	element := func(v json.Value) error {
		var w wire.Resource[A]
		if !json.Read(v, &w) {
			take(nil)
			return nil
		}
		r := row[A]{id: strings.TrimSpace(w.ID.Text), attributes: w.Attributes.Of}
		if l.raw {
			r.raw = v
		}
		take(&r)
		return nil
	}
	found, err := json.Stream{Array: func(name string) bool { return name == "data" }, Element: element, Member: member}.Read(response.Body)
	switch {
	case err != nil && ctx.Err() != nil:
		return tail{}, ctx.Err()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return tail{}, c.fail(l.op, mdm.ErrUnavailable, "the answer broke off")
	case err != nil:
		return tail{}, c.unreadable(l.op, response, err)
	case !found:
		return tail{}, c.undecodable(l.op, "the answer holds no list")
	}
	if end.next.Cursor == "" {
		end.next.Link = links.Of.Next.Text
	}
	if end.next == at && at != (place{}) {
		return tail{}, c.repeats(l.op)
	}
	return end, c.checkLink(l, end.next.Link)
}

// checkLink refuses a link that leads out of the list: credentials go with it.
func (c *Client) checkLink(l listRequest, link string) error {
	if link == "" {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || !strings.EqualFold(u.Host, c.http.Address().Host) || u.Scheme != c.http.Address().Scheme || u.Path != l.path {
		return c.fail(l.op, mdm.ErrWrongAddress, "a link to the next page that leads elsewhere was refused")
	}
	return nil
}

// sendList asks for one page. An attribute that Apple refuses to give is left
// out from then on.
func (c *Client) sendList(ctx context.Context, l listRequest, at place) (*transport.Response, error) {
	for {
		r := transport.Request{Op: l.op, Method: http.MethodGet, Path: l.path}
		fields := c.refused.without(l.resource, l.fields)
		if at.Link != "" {
			r.Path, fields = at.Link, nil
		} else {
			r.Query = l.parameters(at, c.http.PageSize(), fields)
		}
		response, err := c.http.Do(ctx, r)
		if err == nil {
			return response, nil
		}
		if name := refusedField(err, fields); name != "" {
			c.refused.add(l.resource, name)
			continue
		}
		return nil, stale(err, at)
	}
}

func (l listRequest) parameters(at place, size int, fields []string) url.Values {
	q := url.Values{"limit": {strconv.Itoa(size)}}
	for name, values := range l.query {
		q[name] = values
	}
	if len(fields) > 0 {
		q.Set("fields["+l.resource+"]", strings.Join(fields, ","))
	}
	if at.Cursor != "" {
		q.Set("cursor", at.Cursor)
	}
	return q
}

// stale makes a refused cursor one that has expired: Apple names no error of
// its own for it, and a place in a list is all that differs from a request
// that was accepted before. A refusal of the key or of a token is none of the
// cursor.
//
// Source: reference/apple.md 9.1
func stale(err error, at place) error {
	e, ok := errors.AsType[*mdm.Error](err)
	if !ok || at == (place{}) || e.Op == opToken || errors.Is(err, mdm.ErrUnauthorized) {
		return err
	}
	if e.Status != http.StatusBadRequest && e.Status != http.StatusGone {
		return err
	}
	old := *e
	old.Kind = mdm.ErrCursorExpired
	old.Advice = "List anew from the start."
	return &old
}

// one reads a single object. None in the answer is mdm.ErrDecode.
func one[A any](ctx context.Context, c *Client, op, path, resource string, fields []string) (*row[A], error) {
	var answer struct {
		Data json.Value `json:"data"`
	}
	if err := c.getFields(ctx, op, path, resource, fields, &answer); err != nil {
		return nil, err
	}
	var w wire.Resource[A]
	if !json.Read(answer.Data, &w) {
		return nil, c.undecodable(op, "the answer holds no object")
	}
	return &row[A]{strings.TrimSpace(w.ID.Text), w.Attributes.Of, answer.Data}, nil
}

// getFields reads the answer of a GET into v, with these attributes of the
// object; none = Apple's default. One that Apple refuses to give is left out
// from then on.
func (c *Client) getFields(ctx context.Context, op, path, resource string, fields []string, v any) error {
	for {
		asked := c.refused.without(resource, fields)
		var q url.Values
		if len(asked) > 0 {
			q = url.Values{"fields[" + resource + "]": {strings.Join(asked, ",")}}
		}
		err := c.get(ctx, op, path, q, v)
		name := refusedField(err, asked)
		if name == "" {
			return err
		}
		c.refused.add(resource, name)
	}
}

// checkID refuses what cannot be an id.
func (c *Client) checkID(op, id string) error {
	if id == "" || len(id) > 128 || id == "." || id == ".." || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return c.fail(op, mdm.ErrInvalid, "the id is empty or not one of Apple's")
	}
	return nil
}

// checkIDs returns ids without repetition.
func (c *Client) checkIDs(op string, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, c.fail(op, mdm.ErrInvalid, "no device is named; give the ids of one or more")
	}
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if err := c.checkID(op, id); err != nil {
			return nil, err
		}
		seen[id] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { first := seen[id]; seen[id] = false; return !first }), nil
}
