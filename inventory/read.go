package inventory

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// listing is what was read of the source so far.
type listing struct {
	records []mdm.Record
	index   map[string]int // of records, by id
	removed []string
	rows    int        // devices and losses, repetitions counted
	from    mdm.Cursor // where it started
	next    mdm.Cursor // where it can go on
	since   mdm.Cursor // lists what changes from now on
	failure error      // what ended it
}

// read reads the source. What was read before a failure is kept.
func (s *syncer) read(ctx context.Context) error {
	s.list(ctx, s.since())
	if s.reading.from != "" && (errors.Is(s.reading.failure, mdm.ErrCursorExpired) || errors.Is(s.reading.failure, mdm.ErrCursorInvalid)) {
		s.list(ctx, "") // the changes are lost, so everything is read
	}
	l := &s.run.Listing
	l.Received = len(s.reading.records)
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.reading.failure; err != nil {
		if errors.Is(err, ErrRunning) {
			return err
		}
		l.Complete, l.Whole, l.EndedBy = false, false, "error"
		s.run.Error, s.run.Advice = or(mdm.Code(err), "error"), mdm.Advice(err)
		if len(s.reading.records) == 0 {
			return err
		}
	}
	return s.fill(ctx)
}

// since is the cursor from which only changes are listed; "" = everything. The
// devices that such a listing does not mention are matched as they were stored,
// so what matching needs must be stored.
func (s *syncer) since() mdm.Cursor {
	info := s.source.Info()
	if s.options.Full || slices.ContainsFunc(matchKeys, func(key mdm.Key) bool { return !s.connection.keeps(key) }) || s.memory.Wanted != s.wanted() || s.memory.Origin != info.Origin || s.memory.Filter != info.Filter {
		return ""
	}
	return s.memory.Since
}

// wanted stands for the scope and for the attributes that are read: after they
// changed, what is stored does not have all of them.
func (s *syncer) wanted() string {
	var text strings.Builder
	text.WriteString(s.connection.Scope + "\n")
	for _, key := range slices.Concat(s.connection.want(), s.connection.Mapping.keys()) {
		text.WriteString(string(key) + "\n")
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:8])
}

// list reads a listing from a cursor, and goes on after a page that failed.
func (s *syncer) list(ctx context.Context, from mdm.Cursor) {
	s.reading = listing{from: from, index: map[string]int{}}
	s.run.Listing = Listing{Changes: from != ""}
	s.pages(ctx, from)
	for s.run.Listing.Resumed < s.options.Resume && s.resumable() {
		if !pause(ctx, max(mdm.RetryAfter(s.reading.failure), 5*time.Second)) {
			return
		}
		s.run.Listing.Resumed++
		s.reading.failure = nil
		s.pages(ctx, s.reading.next)
	}
	if s.reading.failure == nil && s.run.Listing.EndedBy == "" {
		s.run.Listing.EndedBy = "the source did not say how the listing ended"
	}
}

// resumable reports whether the listing broke off for a reason that may pass,
// at a place from where it can go on.
func (s *syncer) resumable() bool {
	passes := errors.Is(s.reading.failure, mdm.ErrUnavailable) || errors.Is(s.reading.failure, mdm.ErrRateLimited)
	return passes && s.reading.next != "" && mdm.RetryAfter(s.reading.failure) <= time.Minute
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *syncer) pages(ctx context.Context, from mdm.Cursor) {
	for page, err := range s.source.Pages(ctx, mdm.Query{From: from, Want: s.connection.want()}) {
		if err == nil {
			s.page(page)
			err = s.sign(ctx, Progress{PhaseRead, len(s.reading.records), s.run.Listing.Expected})
		}
		if err != nil {
			s.reading.failure = err
			return
		}
	}
}

func (s *syncer) page(page mdm.Page) {
	l, r := &s.run.Listing, &s.reading
	l.Pages++
	l.Lost += len(page.Lost)
	l.Expected = max(l.Expected, page.Total)
	if r.records == nil {
		r.records = make([]mdm.Record, 0, min(page.Total, 1<<20))
	}
	r.rows += len(page.Devices) + len(page.Lost)
	for _, d := range page.Devices {
		s.device(d)
	}
	for _, id := range page.Removed {
		r.remove(id)
	}
	r.next = page.Next
	s.options.Observer.tell(PhaseRead, len(r.records), l.Expected)
	if page.End != nil {
		s.ended(*page.End)
	}
}

// remove drops what was read of a device before it left.
func (l *listing) remove(id string) {
	l.removed = append(l.removed, id)
	i, ok := l.index[id]
	if !ok {
		return
	}
	last := len(l.records) - 1
	l.records[i] = l.records[last]
	l.index[l.records[i].ID] = i
	delete(l.index, id)
	l.records = l.records[:last]
}

// device keeps a record. In a listing of changes the last word on a device
// counts, otherwise the first.
func (s *syncer) device(d mdm.Device) {
	r := s.record(d)
	i, seen := s.reading.index[r.ID]
	switch {
	case !seen:
		s.reading.index[r.ID] = len(s.reading.records)
		s.reading.records = append(s.reading.records, r)
	case s.run.Listing.Changes:
		s.reading.records[i] = r
	}
}

// record is what is kept of a device. A time that no calendar has is as if it
// were not reported: it could not be stored.
func (s *syncer) record(d mdm.Device) mdm.Record {
	r := d.Record()
	s.connection.Mapping.keepRaw(d, &r)
	for _, t := range [...]*time.Time{&r.Enrolment.At, &r.Added, &r.Released, &r.LastSeen, &r.Purchase.Date, &r.Purchase.WarrantyEnd} {
		if t.IsZero() {
			continue
		}
		if year := t.UTC().Year(); year < 1 || year > 9998 {
			*t = time.Time{}
		}
	}
	return r
}

// ended judges how a listing ended. Fewer devices than were announced, or a
// record that could not be read, prove nothing about who is absent.
func (s *syncer) ended(end mdm.End) {
	l := &s.run.Listing
	l.Changes = end.Changes
	l.EndedBy, s.reading.since = or(end.Why, "last_page"), end.Since
	l.Whole = end.Complete || end.Changes
	l.Complete = end.Complete && !end.Changes
	switch {
	case !l.Complete:
	case s.reading.rows < l.Expected:
		l.Complete, l.Whole, l.EndedBy = false, false, "fewer_than_announced"
	case l.Lost > 0:
		l.Complete, l.EndedBy = false, "lost_records"
	}
}

// fill reads the details that are asked for.
func (s *syncer) fill(ctx context.Context) error {
	ask := s.options.Details
	if !ask.New && !ask.Changed {
		return nil
	}
	ids, err := s.needy(ctx)
	if err != nil {
		return err
	}
	s.details = map[string]mdm.Record{}
	for d, err := range mdm.Details(ctx, s.source, ids) {
		switch {
		case errors.Is(err, mdm.ErrRateLimited), errors.Is(err, mdm.ErrQuotaExhausted):
			return nil // the rest follows in later runs
		case err != nil:
			continue
		}
		r := s.record(d)
		s.details[r.ID] = r
		if _, listed := s.reading.index[r.ID]; !listed { // after a listing of changes
			s.reading.index[r.ID] = len(s.reading.records)
			s.reading.records = append(s.reading.records, r)
		}
		s.options.Observer.tell(PhaseDetails, len(s.details), len(ids))
		if err := s.sign(ctx, Progress{PhaseDetails, len(s.details), len(ids)}); err != nil {
			return err
		}
	}
	s.run.Details = len(s.details)
	return ctx.Err()
}

// needy are the devices whose detail is to be read, the oldest first.
func (s *syncer) needy(ctx context.Context) ([]string, error) {
	own := func(e Entry) bool { return e.Connection == s.connection.ID }
	entries, err := collect(s.store.Entries(ctx, EntryQuery{Scope: s.connection.Scope, Connection: s.connection.ID}), "entries", own)
	if err != nil {
		return nil, err
	}
	before := map[string]entryData{}
	for _, e := range entries {
		data, err := decodeEntry(e)
		if err != nil {
			return nil, err
		}
		data.record = nil
		before[e.Device] = data
	}
	p := &planner{PlanInput: PlanInput{Connection: s.connection}}
	var ids []string
	if s.run.Listing.Changes && s.options.Details.New {
		removed := set(s.reading.removed)
		for id, d := range before {
			if _, listed := s.reading.index[id]; !listed && d.Detailed.IsZero() && d.Missed.IsZero() && !removed[id] {
				ids = append(ids, id)
			}
		}
	}
	for i := range s.reading.records {
		r := &s.reading.records[i]
		d := before[r.ID]
		if s.options.Details.New && d.Detailed.IsZero() || s.options.Details.Changed && d.Print != p.print(r) {
			ids = append(ids, r.ID)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(before[a].Detailed.Compare(before[b].Detailed), strings.Compare(a, b))
	})
	return ids[:min(len(ids), or(s.options.Details.Max, 100))], nil
}

// plan reads what the Store holds now and plans.
func (s *syncer) plan(ctx context.Context) (*planner, error) {
	info := s.source.Info()
	in := PlanInput{Connection: s.connection, Now: s.run.Started, Records: s.reading.records, Removed: s.reading.removed,
		Details: s.details, Listing: s.run.Listing, Round: s.memory.Round, Part: part(info), Requests: s.options.Requests,
		Approved: slices.Concat(s.memory.Approved, s.options.Approve)}
	if in.Listing.Complete {
		in.Round++
	}
	if err := s.load(ctx, &in); err != nil {
		return nil, err
	}
	s.options.Observer.tell(PhasePlan, 0, len(s.reading.records))
	p, err := newPlanner(in)
	if err != nil {
		return nil, err
	}
	return p, p.judge()
}

func (s *syncer) load(ctx context.Context, in *PlanInput) error {
	in.assets = newAssets(len(in.Records))
	for a, err := range s.store.Assets(ctx, AssetQuery{Scope: s.connection.Scope}) {
		if err != nil {
			return fmt.Errorf("inventory: assets: %w", err)
		}
		in.assets.add(&a)
		if n := len(in.assets.matched); n%1000 == 0 {
			s.options.Observer.tell(PhaseLoad, n, 0)
		}
	}
	s.options.Observer.tell(PhaseLoad, len(in.assets.matched), len(in.assets.matched))
	in.prints = make([]string, len(in.Records))
	err := parallel(len(in.Records), func(from, to int) error {
		p := &planner{PlanInput: PlanInput{Connection: s.connection}}
		for i := from; i < to; i++ {
			in.prints[i] = p.print(&in.Records[i])
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.loadEntries(ctx, in); err != nil {
		return err
	}
	for _, neighbour := range s.options.Neighbours {
		if neighbour == s.connection.Scope {
			continue
		}
		more, err := collect(s.store.Entries(ctx, EntryQuery{Scope: neighbour}), "entries", func(e Entry) bool { return e.Serial != "" })
		if err != nil {
			return err
		}
		in.Elsewhere = append(in.Elsewhere, more...)
	}
	return nil
}

// loadEntries reads the entries, some thousands at a time, so that those of a
// large scope are never there as they are stored all at once.
func (s *syncer) loadEntries(ctx context.Context, in *PlanInput) error {
	const some = 4096
	in.known = []*known{}
	page := make([]known, 0, some)
	take := func() error {
		from := len(in.known)
		for i := range page {
			in.known = append(in.known, &page[i])
		}
		page = make([]known, 0, some)
		return s.decode(in.known[from:], in.prints)
	}
	for e, err := range s.store.Entries(ctx, EntryQuery{Scope: s.connection.Scope}) {
		if err != nil {
			return fmt.Errorf("inventory: entries: %w", err)
		}
		if page = append(page, known{Entry: e}); len(page) == some {
			if err := take(); err != nil {
				return err
			}
		}
	}
	return take()
}

// decode reads the data of entries and keeps what is needed of it.
func (s *syncer) decode(all []*known, prints []string) error {
	return parallel(len(all), func(from, to int) error {
		for _, k := range all[from:to] {
			if err := k.decode(); err != nil {
				return err
			}
			print := ""
			if i, listed := s.reading.index[k.Device]; listed && k.Connection == s.connection.ID {
				print = prints[i]
			}
			k.data.shed(print)
		}
		return nil
	})
}

// part stands for the tenant and the part of it that is listed.
func part(info mdm.Info) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{info.Origin.Kind, info.Origin.Address, info.Origin.Tenant, info.Filter}, "\x00")))
	return hex.EncodeToString(sum[:6])
}
