package abmtest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

const (
	defaultLimit = 100
	maxLimit     = 1000
)

// SetPageLimit lets no page have more than n rows, whatever was asked. 0 = as
// many as were asked for.
func (f *Fake) SetPageLimit(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows = n
}

// SetCursorLife lets cursors go stale after a time; the answer is 400 then.
// 0 = never.
func (f *Fake) SetCursorLife(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stale = d
}

// list is one page.
type list struct {
	data  []json.RawMessage // planted ones need not be JSON
	links map[string]any
	meta  any
}

// encode writes a page.
func (l list) encode() []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	b.Write(bytes.Join(asBytes(l.data), []byte(",")))
	fmt.Fprintf(&b, `],"links":%s`, encode(l.links))
	if l.meta != nil {
		fmt.Fprintf(&b, `,"meta":%s`, encode(l.meta))
	}
	b.WriteString("}")
	return b.Bytes()
}

func asBytes(list []json.RawMessage) [][]byte {
	out := make([][]byte, len(list))
	for i, raw := range list {
		out[i] = raw
	}
	return out
}

// cursor is the place of a page in a list.
type cursor struct {
	List   string `json:"l"`
	Offset int    `json:"o"`
	Page   int    `json:"p"`
	Made   int64  `json:"t"` // in milliseconds, by the fake's clock
}

// text is opaque to callers; an equals sign is usual at its end.
func (cu cursor) text() string {
	raw := string(encode(cu))
	for len(raw)%3 == 0 {
		raw += " "
	}
	return base64.StdEncoding.EncodeToString([]byte(raw))
}

// place reads limit and cursor. The whole query makes the list, but for those
// two and the fields.
func (c *call) place() (at cursor, limit int, wrong *reply) {
	limit = defaultLimit
	if c.query.Has("limit") {
		text := c.query.Get("limit")
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxLimit {
			return at, 0, c.badParameter("limit", fmt.Sprintf("'%s' is not a valid value for 'limit'", text))
		}
		limit = n
	}
	name := []string{c.r.URL.Path}
	for _, parameter := range slices.Sorted(maps.Keys(c.query)) {
		if strings.HasPrefix(parameter, "filter[") {
			name = append(name, parameter, c.query.Get(parameter))
		}
	}
	at = cursor{List: fmt.Sprintf("%x", digest(name...))[:8]}
	if !c.query.Has("cursor") {
		return at, limit, nil
	}
	got := cursor{}
	raw, err := base64.StdEncoding.DecodeString(c.query.Get("cursor"))
	if err != nil || json.Unmarshal(raw, &got) != nil || got.List != at.List || got.Offset < 0 {
		return at, 0, c.badParameter("cursor", "the value of 'cursor' is not valid for this list")
	}
	if c.f.stale > 0 && c.now.Sub(time.UnixMilli(got.Made)) >= c.f.stale {
		rep := c.fail(http.StatusBadRequest, "PARAMETER_ERROR.INVALID", "A parameter has an invalid value", "the cursor has expired", source{Parameter: "cursor"})
		return at, 0, &rep
	}
	return got, limit, nil
}

// page answers with one page of a list of n elements.
func (c *call) page(n int, element func(int) json.RawMessage) reply {
	at, limit, wrong := c.place()
	if wrong != nil {
		return *wrong
	}
	if c.f.cut() {
		return reply{broken: true}
	}
	size := limit
	if c.f.rows > 0 {
		size = min(size, c.f.rows)
	}
	if c.f.wire.EmptyPage && at.Page == 1 {
		size = 0
	}
	l := list{data: []json.RawMessage{}, links: map[string]any{"self": c.link("")}}
	end := min(n, at.Offset+size)
	for i := at.Offset; i < end; i++ {
		l.data = append(l.data, element(i))
	}
	next := cursor{at.List, max(at.Offset, end), at.Page + 1, c.now.UnixMilli()}
	if c.f.wire.Loop && at.Page > 0 {
		next = at
	}
	if next.Offset < n {
		c.finish(&l, n, limit, next.text())
	} else {
		c.finish(&l, n, limit, "")
	}
	return success(l)
}

// finish writes what is around a page; next is "" on the last one.
func (c *call) finish(l *list, total, limit int, next string) {
	wire := c.f.wire
	paging := map[string]any{"total": total, "limit": limit}
	if wire.NoTotal {
		delete(paging, "total")
	}
	switch {
	case next != "":
		l.links["next"] = c.link(next)
		paging["nextCursor"] = next
		if wire.OnlyLink {
			delete(paging, "nextCursor")
		}
		if !c.query.Has("cursor") {
			l.links["first"] = c.link("")
		}
	case wire.EmptyNext:
		l.links["next"], paging["nextCursor"] = "", ""
	case wire.NullNext:
		l.links["next"], paging["nextCursor"] = nil, nil
	}
	if !wire.NoMeta {
		l.meta = map[string]any{"paging": paging}
	}
}

// link is the address of this list, at a cursor or as it was asked for.
func (c *call) link(cursor string) string {
	q := url.Values{}
	for name, values := range c.query {
		q[name] = values
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	address := c.address(strings.TrimPrefix(c.r.URL.EscapedPath(), "/v1/"))
	if cursor != "" && c.f.wire.Foreign {
		address = strings.Replace(address, "://"+c.r.Host, "://elsewhere.example", 1)
	}
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	return address
}

// address is a path of the API on the host that was asked.
func (c *call) address(path string) string { return c.scheme() + "://" + c.r.Host + "/v1/" + path }

// scheme is https for Apple's hosts, and else that of the connection.
func (c *call) scheme() string {
	if strings.HasSuffix(c.r.Host, ".apple.com") {
		return "https"
	}
	return traffic.Scheme(c.r)
}
