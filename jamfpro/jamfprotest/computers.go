package jamfprotest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// sections reads the sections that are asked for: GENERAL if none is.
func (c *call) sections(known []string) ([]string, *reply) {
	asked := c.query["section"]
	for _, s := range asked {
		if !slices.Contains(known, s) {
			rep := c.refuse("section", fmt.Errorf("unknown section %q: the parameter is repeated, not joined", s))
			return nil, &rep
		}
	}
	if len(asked) == 0 {
		asked = []string{"GENERAL"}
	}
	return asked, nil
}

func (c *call) computerSections() ([]string, *reply) {
	known := computerSections
	if c.gen == 1 {
		known = slices.Concat(known, oldSections)
	}
	return c.sections(known)
}

func (c *call) listComputers() reply {
	sections, bad := c.computerSections()
	if bad != nil {
		return *bad
	}
	rows, total, bad := c.shelfPage(Computer, c.f.planted[Computer], computerProperties(c.gen), "general.name:asc", "id")
	if bad != nil {
		return *bad
	}
	p := c.painter(sections)
	asked, buffer := p.asked(), []byte(nil)
	return streamed(total, rows.len(), func(i int) any {
		if raw := rows.raw(i); raw != nil {
			return raw
		}
		if n := i - len(rows.planted) - len(rows.states); n >= 0 {
			buffer = rows.foundry.row(buffer[:0], p, asked, rows.bulkFirst+n)
			return json.RawMessage(buffer)
		}
		return p.computer(rows.state(i))
	})
}

// rowset is one page of a shelf: planted elements first, then states, then
// bulk ones that are made when they are written.
type rowset struct {
	planted   []json.RawMessage
	states    []*state
	bulk      int // how many
	bulkFirst int // index of the first
	foundry   *foundry
}

func (r *rowset) len() int { return len(r.planted) + len(r.states) + r.bulk }

func (r *rowset) raw(i int) json.RawMessage {
	if i < len(r.planted) {
		return r.planted[i]
	}
	return nil
}

// state is for rows that are neither planted nor bulk.
func (r *rowset) state(i int) *state { return r.states[i-len(r.planted)] }

// shelfPage is the page that the query asks for, and the number of all rows.
// Sorted by id alone it is cut out by offset. Planted elements come first
// unless there is a filter.
func (c *call) shelfPage(k Kind, planted []json.RawMessage, ps properties[*state], standard, id string) (*rowset, int, *reply) {
	p, bad := c.span()
	if bad != nil {
		return nil, 0, bad
	}
	orders, bad := c.orders(standard, ps.sortable)
	if bad != nil {
		return nil, 0, bad
	}
	match, bad := condition(c, ps)
	if bad != nil {
		return nil, 0, bad
	}
	shelf := &c.f.shelves[k]
	if match != nil {
		planted = nil
	}
	if match == nil && len(orders) == 1 && orders[0] == (order{id, false}) {
		total := len(planted) + shelf.len()
		from, to := p.of(total)
		return c.slice(shelf, planted, from, to), total, nil
	}
	var all []*state
	for i := range shelf.len() {
		if s := c.look(shelf.at(i)); match == nil || match(s) {
			all = append(all, s)
		}
	}
	ps.arrange(all, orders)
	total := len(planted) + len(all)
	from, to := p.of(total)
	split := len(planted)
	return &rowset{planted: planted[min(from, split):min(to, split)], states: all[max(from-split, 0):max(to-split, 0)]}, total, nil
}

// slice is the rows from one offset to another. Bulk devices that were
// written to are among the states, as are those in front of them.
func (c *call) slice(s *shelf, planted []json.RawMessage, from, to int) *rowset {
	split := len(planted)
	r := &rowset{planted: planted[min(from, split):min(to, split)], foundry: s.foundry}
	first, end := max(from-split, 0), max(to-split, 0)
	held := len(s.list)
	for i := range s.touched {
		if at := len(s.list) + i; at >= first && at < end {
			held = max(held, at+1)
		}
	}
	for i := first; i < min(end, held); i++ {
		r.states = append(r.states, c.look(s.at(i)))
	}
	r.bulkFirst = max(first, held) - len(s.list)
	r.bulk = max(end-max(first, held), 0)
	return r
}

// device finds the device of the path.
func (c *call) device(k Kind) (*device, *reply) {
	id, bad := c.id()
	if bad != nil {
		return nil, bad
	}
	d := c.f.shelves[k].find(id)
	if d == nil {
		rep := noSuchID()
		return nil, &rep
	}
	return d, nil
}

// plantedDetail is the planted answer for the id of the path.
func (c *call) plantedDetail(k Kind) *reply {
	if raw := c.f.details[k][c.vars["id"]]; raw != nil {
		rep := success(raw)
		return &rep
	}
	return nil
}

func (c *call) showComputer() reply {
	sections, bad := c.computerSections()
	if bad != nil {
		return *bad
	}
	return c.oneComputer(sections)
}

// computerDetail shows all sections.
func (c *call) computerDetail() reply {
	if c.gen == 1 {
		return c.oneComputer(slices.Concat(computerSections, oldSections))
	}
	return c.oneComputer(computerSections)
}

func (c *call) oneComputer(sections []string) reply {
	if planted := c.plantedDetail(Computer); planted != nil {
		return *planted
	}
	d, bad := c.device(Computer)
	if bad != nil {
		return *bad
	}
	return success(c.painter(sections).computer(c.look(d)))
}

func (c *call) deleteComputer() reply {
	d, bad := c.device(Computer)
	if bad != nil {
		return *bad
	}
	if !c.f.drop(Computer, d.state.id) {
		return fail(http.StatusInternalServerError, "SERVER_ERROR", "", "bulk computers stay")
	}
	return noContent()
}

// lockPin shows the PIN of the last lock or wipe. 404 also means that there
// is none.
func (c *call) lockPin() reply {
	d, bad := c.device(Computer)
	if bad != nil {
		return *bad
	}
	if d.state.pin == "" {
		return fail(http.StatusNotFound, "NOT_FOUND", "", "No PIN")
	}
	return success(map[string]string{"pin": d.state.pin})
}
