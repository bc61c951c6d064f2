package jamfprotest

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// properties are what lists of a T can be sorted and filtered by.
type properties[T any] map[string]property[T]

type property[T any] struct {
	use  use
	like any         // a value of its type: a string, an int, a bool or a time.Time
	get  func(T) any // such a value, or nil
}

type use uint8

const (
	sorts use = 1 << iota
	filters
	both = sorts | filters
)

// maxRows is the server's maximum for a page.
const maxRows = 2000

// span is what part of a list is asked for.
type span struct{ number, size int }

// span reads the page and its size. A size above the maximum is cut.
func (c *call) span() (span, *reply) {
	p := span{0, 100}
	for name, place := range map[string]*int{"page": &p.number, "page-size": &p.size} {
		if !c.query.Has(name) {
			continue
		}
		n, err := strconv.Atoi(c.query.Get(name))
		if err != nil || n < 0 || n == 0 && name == "page-size" {
			rep := c.refuse(name, fmt.Errorf("%s cannot be %q", name, c.query.Get(name)))
			return p, &rep
		}
		*place = n
	}
	if c.f.rows > 0 && p.size > c.f.rows {
		rep := page(http.StatusGatewayTimeout)
		return p, &rep
	}
	if p.size > maxRows {
		c.violate("page-size %d is above the maximum of %d", p.size, maxRows)
		p.size = maxRows
	}
	if c.f.cut > 0 {
		p.size = min(p.size, c.f.cut)
	}
	return p, nil
}

// of is the part of n rows that lies on the page.
func (p span) of(n int) (from, to int) {
	from = min(p.number*p.size, n)
	return from, min(from+p.size, n)
}

// order is one sort criterion.
type order struct {
	name string
	down bool
}

// orders reads the sort criteria.
func (c *call) orders(standard string, known func(string) bool) ([]order, *reply) {
	texts := c.query["sort"]
	if len(texts) == 0 {
		texts = []string{standard}
	}
	var list []order
	for part := range strings.SplitSeq(strings.Join(texts, ","), ",") {
		name, direction, given := strings.Cut(part, ":")
		if !known(name) || given && direction != "asc" && direction != "desc" {
			rep := c.refuse("sort", fmt.Errorf("cannot sort by %q", part))
			return nil, &rep
		}
		if !given {
			c.violate("sort %q has no direction", part)
		}
		list = append(list, order{name, direction == "desc"})
	}
	return list, nil
}

func (ps properties[T]) sortable(name string) bool { return ps[name].use&sorts != 0 }

// arrange sorts rows; those that compare equal keep their order.
func (ps properties[T]) arrange(rows []T, orders []order) {
	slices.SortStableFunc(rows, func(a, b T) int {
		for _, o := range orders {
			get := ps[o.name].get
			if n := compare(get(a), get(b)); n != 0 && o.down {
				return -n
			} else if n != 0 {
				return n
			}
		}
		return 0
	})
}

// compare puts null first and ignores case.
func compare(a, b any) int {
	if a == nil || b == nil {
		return digit(a != nil) - digit(b != nil)
	}
	switch a := a.(type) {
	case string:
		return cmp.Compare(strings.ToLower(a), strings.ToLower(b.(string)))
	case int:
		return cmp.Compare(a, b.(int))
	case time.Time:
		return a.Compare(b.(time.Time))
	case bool:
		return digit(a) - digit(b.(bool))
	}
	panic(fmt.Sprintf("jamfprotest: a property of type %T", a)) // the fake's own mistake
}

func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// condition reads the filter; nil = there is none.
func condition[T any](c *call, ps properties[T]) (func(T) bool, *reply) {
	text := c.query.Get("filter")
	if text == "" {
		return nil, nil
	}
	q, err := parseQuery(text, func(name string) bool { return ps[name].use&filters != 0 })
	if err == nil {
		err = q.check(func(name string) any { return ps[name].like })
	}
	if err != nil {
		rep := c.refuse("filter", err)
		return nil, &rep
	}
	return func(row T) bool { return q.eval(func(name string) any { return ps[name].get(row) }) }, nil
}

// envelope is the answer of a paged list whose rows are few.
type envelope struct {
	Total   int `json:"totalCount"`
	Results any `json:"results"`
}

// listRows answers with a page of rows that are in memory.
func listRows[T any](c *call, rows []T, ps properties[T], standard string) reply {
	p, bad := c.span()
	if bad != nil {
		return *bad
	}
	orders, bad := c.orders(standard, ps.sortable)
	if bad != nil {
		return *bad
	}
	match, bad := condition(c, ps)
	if bad != nil {
		return *bad
	}
	rows = slices.Clone(rows)
	if match != nil {
		rows = slices.DeleteFunc(rows, func(r T) bool { return !match(r) })
	}
	ps.arrange(rows, orders)
	from, to := p.of(len(rows))
	return success(envelope{len(rows), append([]T{}, rows[from:to]...)})
}

// streamed answers with a page of which each row is made when it is written.
func streamed(total, n int, row func(int) any) reply {
	return reply{status: http.StatusOK, stream: func(w io.Writer) error {
		b := bufio.NewWriterSize(w, 32<<10)
		fmt.Fprintf(b, `{"totalCount":%d,"results":[`, total)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			v := row(i)
			if raw, ok := v.(json.RawMessage); ok { // planted: it need not be JSON
				b.Write(raw)
				continue
			}
			text, err := json.Marshal(v)
			if err != nil {
				panic(err) // the fake's own mistake
			}
			b.Write(text)
		}
		b.WriteString("]}")
		return b.Flush()
	}}
}
