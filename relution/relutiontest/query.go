package relutiontest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// listParameters are those that every GET of a list knows.
var listParameters = []string{"limit", "offset", "sortOrder", "filter", "field", "getItems", "getNonpagedCount"}

// query says which items of a list are wanted.
type query struct {
	limit, offset int // limit -1 = all
	sort          []sortField
	filter        filter
	fields        []string
	searches      []string
	items, count  bool
}

type sortField struct {
	Name      string `json:"name"`
	Ascending *bool  `json:"ascending"`
}

// listQuery reads the query of a list, from the URL or from the body.
func (c *call) listQuery(of schema) (*query, error) {
	q := &query{limit: -1, items: true}
	read := c.fromURL
	if c.r.Method == http.MethodPost {
		read = c.fromBody
	}
	if err := read(q, of); err != nil {
		return nil, err
	}
	for _, s := range q.sort {
		if of.kind(s.Name) == unknown {
			return nil, fmt.Errorf("sort order by unknown field %q", s.Name)
		}
	}
	for _, name := range q.fields {
		if of.kind(name) == unknown {
			return nil, fmt.Errorf("unknown field %q", name)
		}
	}
	if q.limit == 0 {
		c.violate("what limit 0 means is not known")
		q.limit = -1
	}
	if q.limit < -1 || q.offset < 0 {
		return nil, fmt.Errorf("limit %d and offset %d cannot be", q.limit, q.offset)
	}
	return q, nil
}

// fromURL reads the parameters of a GET.
func (c *call) fromURL(q *query, of schema) error {
	numbers := map[string]*int{"limit": &q.limit, "offset": &q.offset}
	for name, into := range numbers {
		if !c.query.Has(name) {
			continue
		}
		n, err := strconv.Atoi(c.query.Get(name))
		if err != nil || n < 0 {
			return fmt.Errorf("parameter %q is no number", name)
		}
		*into = n
	}
	flags := map[string]*bool{"getItems": &q.items, "getNonpagedCount": &q.count}
	for name, into := range flags {
		if !c.query.Has(name) {
			continue
		}
		switch v := c.query.Get(name); v {
		case "true", "false":
			*into = v == "true"
		default:
			return fmt.Errorf("parameter %q is neither true nor false", name)
		}
	}
	q.fields = c.query["field"]
	var err error
	if c.query.Has("filter") {
		if q.filter, err = c.f.parseFilter([]byte(c.query.Get("filter")), of); err != nil {
			return err
		}
	}
	q.sort, err = sortOrder(c.query)
	return err
}

// sortOrder reads a list such as "-modificationDate,+uuid".
func sortOrder(values url.Values) ([]sortField, error) {
	text := values.Get("sortOrder")
	if text == "" {
		return nil, nil
	}
	var list []sortField
	for part := range strings.SplitSeq(text, ",") {
		switch {
		case strings.HasPrefix(part, " "):
			return nil, fmt.Errorf("sortOrder has a blank: + was not encoded")
		case len(part) < 2 || part[0] != '+' && part[0] != '-':
			return nil, fmt.Errorf("sortOrder %q has no sign", part)
		}
		ascending := part[0] == '+'
		list = append(list, sortField{part[1:], &ascending})
	}
	return list, nil
}

// fromBody reads the body of a POST.
func (c *call) fromBody(q *query, of schema) error {
	for name := range c.query {
		if name != tenantParameter && name != "locale" {
			return fmt.Errorf("parameter %q beside a query in the body", name)
		}
	}
	var body struct {
		Limit  *int `json:"limit"`
		Offset *int `json:"offset"`
		Sort   *struct {
			Fields []sortField `json:"sortFields"`
		} `json:"sortOrder"`
		Filter   json.RawMessage `json:"filter"`
		Fields   []string        `json:"fields"`
		Items    *bool           `json:"getItems"`
		Count    *bool           `json:"getNonpagedCount"`
		Searches []string        `json:"searches"`
	}
	if err := strictly(c.body, &body); err != nil {
		return err
	}
	q.fields, q.searches = body.Fields, body.Searches
	q.items = !c.f.wire.ItemsOnRequest
	set(&q.limit, body.Limit)
	set(&q.offset, body.Offset)
	set(&q.items, body.Items)
	set(&q.count, body.Count)
	if body.Limit != nil && q.limit < 0 {
		return fmt.Errorf("limit %d", q.limit)
	}
	if body.Sort != nil {
		q.sort = body.Sort.Fields
	}
	for _, s := range q.sort {
		if s.Ascending == nil {
			return fmt.Errorf("sort order by %q without direction", s.Name)
		}
	}
	var err error
	if len(body.Filter) > 0 && string(body.Filter) != "null" {
		q.filter, err = c.f.parseFilter(body.Filter, of)
	}
	return err
}

// set takes a value over if there is one.
func set[T any](into, from *T) {
	if from != nil {
		*into = *from
	}
}

// item is one element of a list: what filters look at, and what is sent.
type item struct {
	object  object
	raw     json.RawMessage // as it is sent; nil = the object
	planted bool            // stays in front, verbatim
}

// page picks the items that a query asks for. The total counts what the
// filter lets through.
func (c *call) page(q *query, all []item) (results []json.RawMessage, total int) {
	list := make([]item, 0, len(all))
	for _, it := range all {
		if c.wants(q, it.object) {
			list = append(list, it)
		}
	}
	q.arrange(list)
	total = len(list)
	list = list[min(q.offset, len(list)):]
	if q.limit >= 0 {
		list = list[:min(q.limit, len(list))]
	}
	if c.f.cut > 0 {
		list = list[:min(c.f.cut, len(list))]
	}
	results = []json.RawMessage{}
	if q.items {
		for _, it := range list {
			results = append(results, it.encode(q.fields))
		}
	}
	if !q.count || c.f.wire.IgnoreTotal {
		total = len(results) // says nothing about the rest
	}
	return results, total
}

// wants reports whether filter and searches let an object through.
func (c *call) wants(q *query, o object) bool {
	if q.filter != nil && !c.f.wire.IgnoreFilters && !q.filter(o) {
		return false
	}
	for _, word := range q.searches {
		found := false
		for _, v := range o {
			text, ok := v.(string)
			found = found || ok && strings.Contains(strings.ToLower(text), strings.ToLower(word))
		}
		if !found {
			return false
		}
	}
	return true
}

// encode writes an item, or those of its members that were asked for.
func (it item) encode(fields []string) json.RawMessage {
	switch {
	case it.planted, len(fields) == 0 && it.raw != nil:
		return it.raw
	case len(fields) == 0:
		return encode(it.object)
	}
	some := object{}
	for _, name := range fields {
		top, _, _ := strings.Cut(name, ".")
		some[top] = it.object[top]
	}
	return encode(some)
}

// row is an item with the values it is sorted by.
type row struct {
	item
	values []any
	place  int // among the unsorted items
}

// arrange sorts items. Those without a value come first, and planted ones
// before all others.
func (q *query) arrange(list []item) {
	if len(q.sort) == 0 {
		return
	}
	rows := make([]row, len(list))
	values := make([]any, len(list)*len(q.sort))
	for i, it := range list {
		own := values[i*len(q.sort) : (i+1)*len(q.sort)]
		for k, s := range q.sort {
			own[k] = value(it.object, s.Name)
		}
		rows[i] = row{it, own, i}
	}
	slices.SortFunc(rows, q.compare)
	for i := range rows {
		list[i] = rows[i].item
	}
}

func (q *query) compare(a, b row) int {
	if a.planted != b.planted {
		return order(!a.planted, !b.planted)
	}
	for k, s := range q.sort {
		n := 0
		if !a.planted {
			n = order(a.values[k], b.values[k])
		}
		if n != 0 && !*s.Ascending {
			n = -n
		}
		if n != 0 {
			return n
		}
	}
	return a.place - b.place
}
