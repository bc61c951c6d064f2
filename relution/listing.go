package relution

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// errStop ends a list that nobody wants any more.
var errStop = errors.New("stop")

// listing reads all pages of a list of devices, in order.
//
// The list is paged by offset. A device that leaves between two pages moves
// the ones behind it forward, and one of them is skipped. So each page begins
// with the last device of the one before. If another one stands there, or the
// server's count changed, the list is read again, and what was skipped is
// delivered then.
//
// Source: reference/relution.md 10, 11 rows 14 and 15
type listing struct {
	client *Client
	list   listRequest
	at     position
	visit  func(batch) error

	seen    map[string]struct{}
	pending *batch // the last page is known only when no other follows
	empty   string // why an empty list would prove nothing
}

// batch is a page of a listing, with devices that were not delivered before.
type batch struct {
	devices []*Device
	lost    []error
	total   int
	at      position // where to go on after it
	resumes bool     // whether at can be gone on from
	final   bool     // the last one of the list
}

const (
	passes   = 3       // how often a list is read until it holds still
	maxPages = 100_000 // of one pass, whatever the server says
)

// tally is what one pass saw.
type tally struct {
	position
	counted  bool // the server told a count
	changed  bool // the list moved
	most     int  // rows of the longest page
	doubtful bool // the only page seems to be all, and its count may be that of the page alone
}

// run reads the list to its end. It returns why the listing is not complete.
func (l *listing) run(ctx context.Context) (flaw, error) {
	l.seen = map[string]struct{}{}
	resumed := l.at.Rows > 0
	if len(l.list.searches) > 0 {
		if err := l.searchable(ctx); err != nil {
			return flaw{}, err
		}
	}
	for pass := 1; ; pass++ {
		t, err := l.pass(ctx, pass)
		if err != nil {
			return flaw{}, err
		}
		if !t.moved() || t.Lost > 0 || resumed || pass == passes {
			return t.flaw(l.empty), l.end()
		}
		l.at = position{Size: l.at.Size}
	}
}

func (l *listing) searchable(ctx context.Context) error {
	g, err := l.client.generation(ctx)
	if err == nil && g.listing != ListQuery {
		err = l.client.fail(opDevices, mdm.ErrUnsupported, "this server cannot be searched for devices")
	}
	return err
}

// moved reports whether the list may have lacked something because it moved.
func (t tally) moved() bool { return t.changed || t.counted && t.Distinct != t.Total }

// flaw is why a listing is not proven to be complete. The zero flaw is none.
type flaw struct {
	why  string
	kind error // what a list in the client's own type ends with; nil = nothing speaks for a gap, or it was told
}

// flaw says why a pass proves nothing.
func (t tally) flaw(empty string) flaw {
	switch {
	case t.Lost > 0:
		return flaw{why: fmt.Sprintf("%d records could not be read", t.Lost)}
	case t.changed:
		return flaw{"the list changed while it was read", mdm.ErrConflict}
	case !t.counted:
		return flaw{why: "the server does not count its devices"}
	case t.Distinct != t.Total:
		return flaw{fmt.Sprintf("the server counts %d devices and sent %d", t.Total, t.Distinct), mdm.ErrDecode}
	case t.Rows == 0 && empty != "":
		return flaw{empty, mdm.ErrUnavailable}
	}
	return flaw{}
}

// note takes a page into account. fresh says that it held something new.
func (t *tally) note(got rows, moved, fresh bool) {
	t.changed = t.changed || moved || t.counted && got.told && got.total != t.Total
	switch {
	case got.told:
		t.Total, t.counted = got.total, true
	case fresh:
		t.Total, t.counted = 0, false // what seemed to be a count was that of a page
	}
	t.most, t.doubtful = max(t.most, got.sent), false
}

// pass reads the list once, from where the listing starts.
func (l *listing) pass(ctx context.Context, pass int) (tally, error) {
	t := tally{position: l.at, counted: l.at.Total > 0}
	once := map[string]struct{}{}
	for range maxPages {
		got, moved, err := l.page(ctx, t)
		if err != nil {
			return t, err
		}
		first, most := t.Rows == 0, t.most
		b := batch{resumes: pass == 1}
		fresh := l.take(&t, &b, got, once)
		t.note(got, moved, fresh)
		t.doubtful = first && got.told && got.total <= got.sent
		if first && pass == 1 {
			if err := l.verify(ctx, b, len(got.of)); err != nil {
				return t, err
			}
		}
		b.at, b.total = t.position, t.Total
		if first || len(b.devices)+len(b.lost) > 0 {
			if err := l.flush(); err != nil {
				return t, err
			}
			l.pending = &b
		}
		if !fresh || got.last(t.Rows, most) {
			return t, nil
		}
	}
	return t, l.client.undecodable(opDevices, "the list does not end")
}

// page reads the rows behind those of a pass. moved says that another device
// stands where the last one stood. Where all seems to have come, it only looks
// whether there is more.
func (l *listing) page(ctx context.Context, at tally) (got rows, moved bool, err error) {
	if at.Last == "" || at.doubtful {
		got, err = l.fetch(ctx, at.Rows)
		return got, false, err
	}
	got, err = l.fetch(ctx, at.Rows-1)
	if err != nil || len(got.of) == 0 {
		return got, true, err
	}
	if uuid := uuidOf(got.of[0]); !strings.EqualFold(uuid, at.Last) {
		return got, true, nil
	}
	if got.of = got.of[1:]; len(got.of) == 0 && (!got.told || got.total > at.Rows) {
		got, err = l.fetch(ctx, at.Rows) // the server sends single rows
	}
	return got, false, err
}

func (l *listing) fetch(ctx context.Context, offset int) (rows, error) {
	answer, err := l.client.request(ctx, func(g generation) call { return l.list.call(g, offset) })
	if err != nil {
		return rows{}, err
	}
	got, err := rowsOf(answer)
	if err != nil {
		return rows{}, l.client.undecodable(opDevices, "the answer holds no list of devices")
	}
	return got.at(offset), nil
}

func uuidOf(row json.Value) string {
	var w wire.Named
	if !object(row, &w) {
		return ""
	}
	return clean(w.UUID)
}

// take reads the rows of a page into a batch, and reports whether one of them
// is new in this pass.
func (l *listing) take(t *tally, b *batch, got rows, once map[string]struct{}) (fresh bool) {
	for i, row := range got.of {
		t.Rows++
		var w wire.Device
		if !object(row, &w) || clean(w.UUID) == "" {
			t.Last = ""
			key := nameless(i, row)
			if _, there := once[key]; there {
				continue
			}
			once[key] = struct{}{}
			t.Lost++
			fresh = true
			b.lost = append(b.lost, l.client.undecodable(opDevices, "a record was left out: it has no UUID"))
			continue
		}
		d := l.client.newDevice(&w)
		t.Last = d.UUID
		id := d.SourceID()
		if _, there := once[id]; there {
			continue
		}
		once[id] = struct{}{}
		t.Distinct++
		fresh = true
		if _, there := l.seen[id]; there {
			continue
		}
		l.seen[id] = struct{}{}
		if !l.list.keeps(d) {
			continue
		}
		if l.list.raw {
			d.raw = json.Redact(row)
		}
		b.devices = append(b.devices, d)
	}
	return fresh
}

// verify makes sure that a listing is of the configured tenant: by its devices
// or, where these do not tell, by the tenants that the token reaches.
//
// Source: reference/relution.md 1.3
func (l *listing) verify(ctx context.Context, b batch, n int) error {
	c := l.client
	if c.tenant == "" {
		return nil
	}
	for _, d := range b.devices {
		if d.OrganizationUUID != "" {
			return nil // each device is compared when its page is handed on
		}
	}
	reachable, err := c.reaches(ctx, c.tenant)
	switch {
	case err != nil && ctx.Err() != nil, errors.Is(err, mdm.ErrUnauthorized), errors.Is(err, mdm.ErrCredentialExpired):
		return err
	case err != nil && n == 0 && l.list.filter.of == nil && len(l.list.searches) == 0:
		l.empty = "no device came, and whether the tenant exists could not be found out"
	case err == nil && !reachable:
		return &mdm.Error{Op: opDevices, Origin: c.info.Origin, Kind: mdm.ErrWrongTenant, Detail: "the access token does not reach the tenant", Advice: adviceTenant}
	}
	return nil
}

// flush hands on the batch at hand, unless it holds a device of another
// tenant.
func (l *listing) flush() error {
	if l.pending == nil {
		return nil
	}
	b := *l.pending
	l.pending = nil
	for _, d := range b.devices {
		if err := l.client.ours(opDevices, d); err != nil {
			return err
		}
	}
	return l.visit(b)
}

// end hands on the last batch.
func (l *listing) end() error {
	if l.pending == nil {
		l.pending = &batch{at: l.at}
	}
	l.pending.final = true
	return l.flush()
}
