package adetest

import "encoding/json"

// Paging is what the service says about its pages, and keeps.
type Paging struct {
	Default int // records of a page when nothing is asked
	Fetch   int // the most of POST /server/devices
	Sync    int // the most of POST /devices/sync
	Batch   int // the most serials of one request about devices; 0 = any number

	// Told are the numbers that the account tells instead of the true ones;
	// nil = the true ones.
	Told *Paging
}

// SetPaging changes the sizes of pages. They begin as 1000, 1000 and 5000, and
// a batch as 5000, the largest that is known to have been answered.
func (f *Fake) SetPaging(p Paging) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.paging = p
}

// told is what the account says.
func (p Paging) told() Paging {
	if p.Told != nil {
		return *p.Told
	}
	return p
}

func fetchLimit(f *Fake) limit {
	p := f.paging.told()
	return limit{p.Default, p.Fetch}
}

func syncLimit(f *Fake) limit {
	p := f.paging.told()
	return limit{p.Default, p.Sync}
}

// pageRequest is the body of both listings.
type pageRequest struct {
	Limit  *int   `json:"limit"`
	Cursor string `json:"cursor"`
}

// page is the answer of both listings.
type page struct {
	Cursor  string `json:"cursor"`
	More    any    `json:"more_to_follow"`
	Until   string `json:"fetched_until"`
	Devices any    `json:"devices,omitempty"`
}

// read reads the request for a page, and how many records to give.
func (c *call) read(most int) (pageRequest, int, *reply) {
	req, rep := decode[pageRequest](c)
	if rep != nil {
		return req, 0, rep
	}
	n := min(c.f.paging.Default, most)
	switch {
	case req.Limit == nil:
	case *req.Limit < 0:
		bad := c.malformed("limit is negative")
		return req, 0, &bad
	case *req.Limit == 0:
		c.violate("limit is 0")
	case *req.Limit > most:
		c.violate("limit %d is above the maximum of %d", *req.Limit, most)
		n = most
	default:
		n = *req.Limit
	}
	return req, n, nil
}

// resume reads the cursor of a request.
func (c *call) resume(text string) (cursor, *reply) {
	at, ok := c.entry.cursor(text)
	var rep reply
	switch {
	case !ok:
		rep = bad("INVALID_CURSOR")
	case c.now.Sub(at.made) > cursorLife:
		rep = bad("EXPIRED_CURSOR")
	default:
		return at, nil
	}
	return at, &rep
}

// fetch serves POST /server/devices: the devices of an entry, those first that
// were changed the longest ago.
func (c *call) fetch() reply {
	req, n, rep := c.read(c.f.paging.Fetch)
	if rep != nil {
		return *rep
	}
	log := c.entry.log
	at := cursor{phase: "fetch", horizon: len(log)}
	if req.Cursor != "" {
		if at, rep = c.resume(req.Cursor); rep != nil {
			return *rep
		}
		if at.phase != "fetch" {
			return bad("EXHAUSTED_CURSOR")
		}
	}
	var records []any
	i := at.at
	for ; i < len(log); i++ {
		if !log[i].live {
			continue
		}
		if len(records) == n {
			break
		}
		records = append(records, c.record(log[i], false))
	}
	if at.at = i; i == len(log) {
		at.phase = "done"
	}
	return c.page(req, records, at, i < len(log))
}

// sync serves POST /devices/sync: what changed, in order.
func (c *call) sync() reply {
	req, n, rep := c.read(c.f.paging.Sync)
	if rep != nil {
		return *rep
	}
	if req.Cursor == "" {
		return c.refuse("CURSOR_REQUIRED", "no cursor")
	}
	at, rep := c.resume(req.Cursor)
	if rep != nil {
		return *rep
	}
	switch at.phase {
	case "fetch":
		c.violate("a sync begins before everything was fetched")
		fallthrough
	case "done":
		at.phase, at.at = "sync", at.horizon
	}
	log := c.entry.log
	var records []any
	for ; at.at < len(log) && len(records) < n; at.at++ {
		records = append(records, c.record(log[at.at], true))
	}
	return c.page(req, records, at, at.at < len(log))
}

// page makes the answer of a listing.
func (c *call) page(req pageRequest, records []any, next cursor, more bool) reply {
	next.made = c.now
	wire := c.f.wire
	p := page{Cursor: c.entry.text(next), More: more, Until: c.time(c.now)}
	if wire.StuckCursor && req.Cursor != "" {
		p.Cursor, p.More, more = req.Cursor, true, true
	}
	if wire.MoreAsText {
		p.More = map[bool]string{false: "false", true: "true"}[more]
	}
	switch {
	case len(records) > 0:
		p.Devices = records
	case !wire.NoDevices:
		p.Devices = []any{}
	}
	return success(p)
}

// record is one line of the log as JSON, with its operation if it is a change.
func (c *call) record(e event, change bool) any {
	if e.raw != nil {
		return json.RawMessage(e.raw)
	}
	if change && e.kind == "deleted" {
		return record{Serial: e.state.Serial, OpType: e.kind, OpDate: c.time(e.at)}
	}
	r := c.render(e.state)
	if change {
		r.OpType, r.OpDate = e.kind, c.time(e.at)
	}
	return r
}
