package mdmtest

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/mdmlink/mdmlink/mdm"
)

// Memory is a source over records held in memory, in the order of their ids.
// It keeps the whole contract of [mdm.Source] and can be told to fail. It is
// safe for concurrent use, also while records are put and removed.
type Memory struct {
	info mdm.Info

	mu       sync.Mutex
	records  []*mdm.Record // sorted by id; never changed, only replaced
	size     int
	why      string
	failure  error
	after    int
	requests int
}

// NewMemory returns a source with the records. Their origin becomes that of
// info. Records without an id, and ids that repeat, are a mistake of the test
// and panic.
func NewMemory(info mdm.Info, records ...mdm.Record) *Memory {
	m := &Memory{info: info, size: 50}
	m.Put(records...)
	if len(m.records) != len(records) {
		panic("mdmtest: two records with one id")
	}
	return m
}

// Put adds records, in place of those with the same id.
func (m *Memory) Put(records ...mdm.Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records = slices.Grow(m.records, len(records))
	for _, r := range records {
		if r.ID == "" {
			panic("mdmtest: a record without an id")
		}
		r = r.Record()
		r.Origin = m.info.Origin
		if i, found := m.find(r.ID); found {
			m.records[i] = &r
		} else {
			m.records = slices.Insert(m.records, i, &r)
		}
	}
}

// Remove takes records out. An id that is not there is ignored.
func (m *Memory) Remove(ids ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records = slices.DeleteFunc(m.records, func(r *mdm.Record) bool { return slices.Contains(ids, r.ID) })
}

// SetPageSize sets how many devices a page holds at most; the default is 50.
func (m *Memory) SetPageSize(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.size = max(1, n)
}

// SetIncomplete makes listings end as not complete, for the reason why. ""
// makes them complete again.
func (m *Memory) SetIncomplete(why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.why = why
}

// Fail makes every listing and reading fail with err until Fail(nil).
func (m *Memory) Fail(err error) { m.FailAfter(0, err) }

// FailAfter makes every listing give so many pages and then fail with err,
// until Fail(nil). Single devices fail only if pages is 0.
func (m *Memory) FailAfter(pages int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.after, m.failure = pages, err
}

// Requests returns how many pages and single devices were asked for so far.
func (m *Memory) Requests() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.requests
}

// Info returns what NewMemory was given.
func (m *Memory) Info() mdm.Info { return m.info }

// Pages lists the records, as a Source does.
func (m *Memory) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		for from, given := q.From, 0; ; given++ {
			page, err := m.page(ctx, from, q.Want, given)
			if err != nil {
				yield(mdm.Page{}, err)
				return
			}
			from = page.Next // before the receiver has it: the page is the receiver's then
			if !yield(page, nil) || from == "" {
				return
			}
		}
	}
}

func (m *Memory) page(ctx context.Context, from mdm.Cursor, want mdm.Keys, given int) (mdm.Page, error) {
	if err := ctx.Err(); err != nil {
		return mdm.Page{}, err
	}
	last, err := from.Position(m.info)
	if err != nil {
		return mdm.Page{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests++
	if m.failure != nil && given >= m.after {
		return mdm.Page{}, m.failure
	}
	start, found := m.find(last)
	if found {
		start++
	}
	end := min(start+m.size, len(m.records))
	page := mdm.Page{Total: len(m.records)}
	for _, r := range m.records[start:end] {
		page.Devices = append(page.Devices, mdm.Limit(listed{r}, want))
	}
	if end < len(m.records) {
		page.Next = mdm.NewCursor(m.info, m.records[end-1].ID)
	} else {
		page.End = &mdm.End{Complete: m.why == "", Why: m.why}
	}
	return page, nil
}

// listed is a device whose record the receiver cannot change.
type listed struct{ record *mdm.Record }

func (l listed) Record() mdm.Record { return l.record.Record() }

// Device reads one record, as a Source does.
func (m *Memory) Device(ctx context.Context, id string) (mdm.Device, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests++
	if m.failure != nil && m.after == 0 {
		return nil, m.failure
	}
	i, found := m.find(id)
	if !found {
		return nil, &mdm.Error{Op: "device", Origin: m.info.Origin, Kind: mdm.ErrNotFound}
	}
	return m.records[i].Record(), nil
}

// find returns where the record is, or would be.
func (m *Memory) find(id string) (int, bool) {
	return slices.BinarySearchFunc(m.records, id, func(r *mdm.Record, id string) int { return cmp.Compare(r.ID, id) })
}
