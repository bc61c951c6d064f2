package intunetest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// list is how a collection is paged.
type list struct {
	context string
	keys    [2]string // of the skip token, such as LastDeviceName and LastDeviceId; the second may be ""
	size    int       // default size of a page
	most    int       // largest size
	counted bool      // @odata.count comes without being asked for
	planted []json.RawMessage
}

// row is one entity with the two values that it is sorted by.
type row struct {
	name, id string
	write    func() any
}

// less orders rows by name and id, as the cursor does.
func less(a, b row) int {
	if c := strings.Compare(a.name, b.name); c != 0 {
		return c
	}
	return strings.Compare(a.id, b.id)
}

// SetPageSize makes pages have n entities where $top asks for no fewer, in
// place of 1000 or what else the service has. 0 = the service's own.
func (f *Fake) SetPageSize(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pages = n
}

// SetOverlap repeats the last n entities of each page at the beginning of the
// next one, as a rename during the listing does. 0 = none.
func (f *Fake) SetOverlap(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.overlap = n
}

// Plant puts elements in front of every list of managed devices without a
// filter, verbatim: damaged records, or records of other times. They need not
// even be JSON.
func (f *Fake) Plant(raw ...json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.planted = append(f.planted, raw...)
}

// PlantDetail answers GET of one device with this object, verbatim. The device
// need not exist.
func (f *Fake) PlantDetail(id string, raw json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.details[strings.ToLower(id)] = raw
}

// page answers with one page of sorted rows.
func (c *call) page(l list, rows []row) reply {
	size, refusal := c.size(l)
	if refusal != nil {
		return *refusal
	}
	cur, refusal := c.cursor(l)
	if refusal != nil {
		return *refusal
	}
	begin := 0
	if cur.set {
		for begin < len(rows) && less(rows[begin], row{name: cur.name, id: cur.id}) <= 0 {
			begin++
		}
	}
	if cur.set && c.f.wire.EmptyPages && !cur.empty {
		return c.written(l, nil, c.link(l, row{name: cur.name, id: cur.id}, "%2cEmpty%3d%27True%27"), false)
	}
	end := min(begin+size, len(rows))
	next := ""
	if end < len(rows) {
		next = c.link(l, rows[end-1], "")
	}
	if cur.set && c.f.wire.SameLink {
		next = c.root + c.r.URL.RequestURI()
	}
	if cur.set {
		begin = max(0, begin-c.f.overlap)
	}
	return c.written(l, c.skipped(rows[begin:end]), next, !cur.set)
}

// skipped takes $skip rows away, after $top.
func (c *call) skipped(rows []row) []row {
	if n, err := strconv.Atoi(c.option("skip")); err == nil {
		c.violate("$skip is not reliable")
		return rows[min(max(n, 0), len(rows)):]
	}
	return rows
}

// size is how many rows a page has at most.
func (c *call) size(l list) (int, *reply) {
	size := l.size
	if c.f.pages > 0 {
		size = c.f.pages
	}
	top := c.option("top")
	if top == "" {
		return size, nil
	}
	n, err := strconv.Atoi(top)
	if err != nil || n < 1 {
		rep := c.refuse("Invalid value '" + top + "' for $top.")
		return 0, &rep
	}
	if n > l.most {
		c.violate("$top %d is more than %d", n, l.most)
	}
	most := l.most
	if c.f.pages > 0 {
		most = min(most, c.f.pages)
	}
	return min(n, most), nil
}

type cursor struct {
	set      bool
	empty    bool // the empty page was had
	name, id string
}

// cursor reads the skip token. One that was not given out like this is a
// violation, even if it can be read.
func (c *call) cursor(l list) (cursor, *reply) {
	token := c.option("skiptoken")
	if token == "" {
		return cursor{}, nil
	}
	if !c.f.links[c.r.URL.RequestURI()] {
		c.violate("the next link was changed")
	}
	cur := cursor{set: true}
	rest, ok := strings.CutPrefix(token, l.keys[0]+"='")
	if l.keys[1] != "" && ok {
		var tail string
		at := strings.LastIndex(rest, "',"+l.keys[1]+"='")
		if ok = at >= 0; ok {
			rest, tail = rest[:at], rest[at+len(l.keys[1])+4:]
			tail, cur.empty = strings.CutSuffix(tail, "',Empty='True'")
			cur.id = strings.TrimSuffix(tail, "'")
		}
	} else if ok {
		rest, cur.empty = strings.CutSuffix(rest, "',Empty='True'")
		rest = strings.TrimSuffix(rest, "'")
	}
	if !ok {
		rep := c.refuse("The skip token is not valid.")
		return cur, &rep
	}
	cur.name = strings.ReplaceAll(rest, "''", "'")
	return cur, nil
}

// link makes the address of the page behind a row. It keeps the options as
// they were written and is escaped in a way that Go's url.Values would not.
func (c *call) link(l list, last row, tail string) string {
	var parts []string
	for part := range strings.SplitSeq(c.r.URL.RawQuery, "&") {
		name, _, _ := strings.Cut(part, "=")
		if plain, _ := url.QueryUnescape(name); part != "" && strings.TrimPrefix(plain, "$") != "skiptoken" {
			parts = append(parts, part)
		}
	}
	token := "$skiptoken=" + l.keys[0] + "%3d%27" + escape(strings.ReplaceAll(last.name, "'", "''")) + "%27"
	if l.keys[1] != "" {
		token += "%2c" + l.keys[1] + "%3d%27" + escape(last.id) + "%27"
	}
	address := c.r.URL.EscapedPath() + "?" + strings.Join(append(parts, token+tail), "&")
	c.f.links[address] = true
	root := c.root
	if host := c.f.wire.NextHost; host != "" {
		root = "https://" + host
	}
	if c.f.wire.NextPlain {
		root = "http://" + strings.TrimPrefix(root, "https://")
	}
	return root + address
}

// escape escapes with small hex digits.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if ch := s[i]; 'a' <= ch && ch <= 'z' || 'A' <= ch && ch <= 'Z' || '0' <= ch && ch <= '9' || strings.IndexByte("-._~", ch) >= 0 {
			b.WriteByte(ch)
		} else {
			fmt.Fprintf(&b, "%%%02x", ch)
		}
	}
	return b.String()
}

// raws are rows as they are sent; they need not be JSON.
type raws [][]byte

// written writes a page.
func (c *call) written(l list, rows []row, next string, first bool) reply {
	values := raws{}
	if first {
		for _, raw := range l.planted {
			values = append(values, raw)
		}
	}
	for _, r := range rows {
		values = append(values, encode(r.write()))
	}
	head := object{c.context(l.context)}
	if l.counted || c.option("count") == "true" {
		count := len(values)
		if c.f.wire.ZeroCount {
			count = 0
		}
		head = append(head, member{"@odata.count", count})
	}
	if next != "" {
		head = append(head, member{"@odata.nextLink", next})
	}
	b := encode(head)
	b = append(b[:len(b)-1], `,"value":[`...)
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, v...)
	}
	return reply{status: 200, raw: append(b, "]}"...), kind: graphType}
}
