package ade_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// listing is what a source gave.
type listing struct {
	ids, removed []string
	records      map[string]mdm.Record
	lost         int
	next         []mdm.Cursor
	end          *mdm.End
	err          error
}

func list(t testing.TB, src mdm.Source, q mdm.Query) listing {
	t.Helper()
	l := listing{records: map[string]mdm.Record{}}
	for page, err := range src.Pages(t.Context(), q) {
		l.err = err
		for _, d := range page.Devices {
			r := d.Record()
			l.ids = append(l.ids, r.ID)
			l.records[r.ID] = r
		}
		l.removed = append(l.removed, page.Removed...)
		l.lost += len(page.Lost)
		l.next = append(l.next, page.Next)
		if page.End != nil {
			l.end = page.End
		}
	}
	return l
}

// whole lists all devices and returns where changes begin.
func whole(t testing.TB, src mdm.Source) listing {
	t.Helper()
	l := list(t, src, mdm.Query{})
	require.NoError(t, l.err)
	require.NotNil(t, l.end)
	assert.True(t, l.end.Complete, l.end.Why)
	require.NotEmpty(t, l.end.Since)
	return l
}

func since(t testing.TB, src mdm.Source, from mdm.Cursor) listing {
	t.Helper()
	l := list(t, src, mdm.Query{From: from})
	require.NoError(t, l.err)
	require.NotNil(t, l.end)
	assert.True(t, l.end.Changes)
	return l
}

// answering is a service that gives the same page to each request of a path.
func answering(path, page string) *scripted {
	return script(func(e exchange) reply {
		if e.path == path {
			return reply{status: 200, body: page}
		}
		return reply{}
	})
}

// fetched serves one page of all devices.
func fetched(devices string) *scripted {
	return answering("/server/devices", `{"cursor":"C1","more_to_follow":false,"devices":[`+devices+`]}`)
}

// TestQuirk22Cursors goes from fetching to syncing, and says which cursors are
// of no use any more. An inventory then lists from the start, once.
//
//mdm:feature 5.22
func TestQuirk22Cursors(t *testing.T) {
	t.Parallel()
	f := newFake(t, 3)
	c := connect(t, f)
	page, err := c.FetchDevices(t.Context(), "")
	require.NoError(t, err)
	assert.False(t, page.More)
	_, err = c.FetchDevices(t.Context(), page.Cursor)
	require.ErrorIs(t, err, ade.ErrCursorExhausted)
	changes, err := c.SyncDevices(t.Context(), page.Cursor)
	require.NoError(t, err)
	assert.Empty(t, changes.Devices)
	_, err = c.SyncDevices(t.Context(), "")
	require.ErrorIs(t, err, mdm.ErrCursorInvalid)

	src := c.Source()
	from := whole(t, src).end.Since
	f.Advance(8 * 24 * time.Hour)
	require.ErrorIs(t, list(t, src, mdm.Query{From: from}).err, mdm.ErrCursorExpired)
	for _, position := range []string{`{}`, `{"changes":true}`, `{"at":"C","lost":-1}`, `[]`, `x`} {
		require.ErrorIs(t, list(t, src, mdm.Query{From: mdm.NewCursor(src.Info(), position)}).err, mdm.ErrCursorInvalid, position)
	}
	from = whole(t, src).end.Since
	f.Main.DropCursors()
	require.ErrorIs(t, list(t, src, mdm.Query{From: from}).err, mdm.ErrCursorInvalid)

	t.Run("exhausted in the middle", func(t *testing.T) {
		n := 0
		s := script(func(e exchange) reply {
			if e.path != "/server/devices" {
				return reply{}
			}
			if n++; n%2 == 1 {
				return reply{status: 200, body: `{"cursor":"C1","more_to_follow":true,"devices":[{"serial_number":"A1"}]}`}
			}
			return reply{status: 400, body: "EXHAUSTED_CURSOR"}
		})
		l := whole(t, client(t, s).Source())
		assert.Equal(t, []string{"A1"}, l.ids)
		assert.Len(t, clienttest.Collect(t, client(t, s).Devices(t.Context())), 1)
	})
	t.Run("refused from the start", func(t *testing.T) {
		s := script(func(e exchange) reply {
			if e.path == "/server/devices" {
				return reply{status: 400, body: "INVALID_CURSOR"}
			}
			return reply{}
		})
		require.ErrorIs(t, list(t, client(t, s).Source(), mdm.Query{}).err, mdm.ErrCursorInvalid)
		assert.Len(t, s.of("/server/devices"), 1)
	})
}

// TestQuirk22Inventory shows the same end to end: a run with an expired cursor
// lists everything, once.
func TestQuirk22Inventory(t *testing.T) {
	t.Parallel()
	f := newFake(t, 4)
	src := connect(t, f).Source()
	store := &inventory.Memory{}
	run := func() *inventory.Run {
		got, err := inventory.Sync(t.Context(), inventory.Connection{ID: "ade", Scope: "school", Kind: "ade", Name: "Inventory Sync"}, src, store, nil)
		require.NoError(t, err)
		require.Empty(t, got.Error, got.Advice)
		return got
	}
	assert.True(t, run().Listing.Complete)
	f.Assign(nil, serial(1))
	f.Add(f.Main, tablet(9))
	got := run()
	assert.True(t, got.Listing.Changes)
	assert.Equal(t, 1, got.Listing.Received)
	f.Advance(8 * 24 * time.Hour)
	fetches := asked(f, "/server/devices")
	got = run()
	assert.True(t, got.Listing.Complete)
	assert.Equal(t, 4, got.Listing.Received)
	assert.Equal(t, fetches+1, asked(f, "/server/devices"))
}

// TestQuirk23StuckCursor ends a list that would go on for ever.
func TestQuirk23StuckCursor(t *testing.T) {
	t.Parallel()
	f := newFake(t, 30)
	from := whole(t, connect(t, f).Source()).end.Since
	f.SetWire(adetest.Wire{StuckCursor: true})
	src := connect(t, f, pageSize(10)).Source()
	require.ErrorIs(t, list(t, src, mdm.Query{From: from}).err, mdm.ErrCursorInvalid)
	s := script(func(e exchange) reply {
		switch {
		case e.path != "/server/devices":
			return reply{}
		case strings.Contains(e.body, "cursor"):
			return reply{status: 200, body: `{"cursor":"C1","more_to_follow":"true","devices":[{"serial_number":"A2"}]}`}
		}
		return reply{status: 200, body: `{"cursor":"C1","more_to_follow":"true","devices":[{"serial_number":"A1"}]}`}
	})
	l := list(t, client(t, s).Source(), mdm.Query{})
	require.ErrorIs(t, l.err, mdm.ErrCursorInvalid)
	assert.Nil(t, l.end)
	assert.Len(t, s.of("/server/devices"), 2)
	var err error
	for _, failed := range client(t, s).Devices(t.Context()) {
		err = failed
	}
	require.ErrorIs(t, err, mdm.ErrCursorInvalid)
	s = answering("/server/devices", `{"more_to_follow":true,"devices":[]}`)
	require.ErrorIs(t, list(t, client(t, s).Source(), mdm.Query{}).err, mdm.ErrDecode)
}

// TestQuirk24LastWord takes the last of several records of one device, in one
// answer and in several.
func TestQuirk24LastWord(t *testing.T) {
	t.Parallel()
	record := func(op, at string) string {
		return fmt.Sprintf(`{"serial_number":"A1","model":%q,"op_type":%q,"op_date":%q}`, op, op, at)
	}
	const early, late = "2026-02-03T09:20:10Z", "2026-02-03T09:20:11Z"
	for name, tt := range map[string]struct {
		records []string
		present bool
	}{
		"deleted then added":         {[]string{record("deleted", early), record("added", late)}, true},
		"added then deleted":         {[]string{record("added", early), record("deleted", late)}, false},
		"out of order":               {[]string{record("added", late), record("deleted", early)}, true},
		"equal, deleted first":       {[]string{record("deleted", early), record("added", early)}, false},
		"equal, deleted last":        {[]string{record("added", early), record("deleted", early)}, false},
		"without times":              {[]string{record("deleted", ""), record("added", "")}, true},
		"fraction after the seconds": {[]string{record("added", "2026-02-03T09:20:10.1Z"), record("deleted", "2026-02-03T09:20:10.25Z")}, false},
	} {
		for _, pages := range []int{1, 2} {
			s := script(func(e exchange) reply {
				switch {
				case e.path == "/server/devices":
					return reply{status: 200, body: `{"cursor":"C0","more_to_follow":false}`}
				case e.path != "/devices/sync":
					return reply{}
				case pages == 1:
					return reply{status: 200, body: `{"cursor":"C2","more_to_follow":false,"devices":[` + strings.Join(tt.records, ",") + `]}`}
				case strings.Contains(e.body, "C0"):
					return reply{status: 200, body: `{"cursor":"C1","more_to_follow":true,"devices":[` + tt.records[0] + `]}`}
				}
				return reply{status: 200, body: `{"cursor":"C2","more_to_follow":false,"devices":[` + tt.records[1] + `]}`}
			})
			src := client(t, s).Source()
			l := since(t, src, whole(t, src).end.Since)
			if tt.present {
				assert.Equal(t, []string{"A1"}, l.ids, name)
				assert.Empty(t, l.removed, name)
			} else {
				assert.Empty(t, l.ids, name)
				assert.Equal(t, []string{"A1"}, l.removed, name)
			}
		}
	}
}

// TestQuirk25ModifiedIsUpsert shows that a device that comes from another
// server is listed, although Apple says that it was modified.
func TestQuirk25ModifiedIsUpsert(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2)
	other := f.AddEntry("Annex")
	f.Add(other, tablet(7))
	src := connect(t, f).Source()
	from := whole(t, src).end.Since
	f.SetWire(adetest.Wire{MovedModified: true})
	f.Assign(f.Main, serial(7))
	assert.Equal(t, []string{serial(7)}, since(t, src, from).ids)
}

// TestQuirk26DeletedIsBare reads a device that left, of which Apple tells
// nothing but that.
//
//mdm:feature 5.41
func TestQuirk26DeletedIsBare(t *testing.T) {
	t.Parallel()
	f := newFake(t, 3)
	src := connect(t, f).Source()
	from := whole(t, src).end.Since
	f.Assign(nil, serial(1))
	f.Release(serial(2))
	f.Edit(serial(0), func(d *adetest.Device) { d.AssetTag = "T-1" })
	l := since(t, src, from)
	assert.ElementsMatch(t, []string{serial(1), serial(2)}, l.removed)
	assert.Equal(t, "T-1", l.records[serial(0)].AssetTag)
	assert.True(t, l.end.Complete)
	assert.Empty(t, since(t, src, l.end.Since).removed, "each change once")
}

// TestQuirk27Replay shows that a page that is read again gives the same.
func TestQuirk27Replay(t *testing.T) {
	t.Parallel()
	f := newFake(t, 6)
	src := connect(t, f, pageSize(2)).Source()
	all := whole(t, src)
	assert.Equal(t, all.ids[2:], list(t, src, mdm.Query{From: all.next[0]}).ids)
	assert.Equal(t, all.ids[2:], list(t, src, mdm.Query{From: all.next[0]}).ids)
	f.Assign(nil, serial(3))
	assert.Equal(t, since(t, src, all.end.Since).removed, since(t, src, all.end.Since).removed)
}

// TestQuirk28NoSweep shows that a listing that breaks off, or that lost a
// record, proves nothing about who is absent.
func TestQuirk28NoSweep(t *testing.T) {
	t.Parallel()
	f := newFake(t, 6)
	c := connect(t, f, pageSize(2))
	f.Before(func(r *http.Request) {
		if asked(f, "/server/devices") == 2 {
			f.Refuse("/server/devices", 1, 400, "INVALID_CURSOR")
		}
	})
	l := list(t, c.Source(), mdm.Query{})
	require.ErrorIs(t, l.err, mdm.ErrCursorInvalid)
	assert.Len(t, l.ids, 2)
	assert.Nil(t, l.end)

	lost := list(t, client(t, fetched(`{"serial_number":"A1"},{"model":"x"},7,{"serial_number":"A2"}`)).Source(), mdm.Query{})
	require.NoError(t, lost.err)
	assert.Equal(t, []string{"A1", "A2"}, lost.ids)
	assert.Equal(t, 2, lost.lost)
	assert.False(t, lost.end.Complete)
	assert.Contains(t, lost.end.Why, "2 records")
	assert.Empty(t, lost.end.Since, "the next listing is a whole one")

	f = newFake(t, 3)
	f.Main.Plant(json.RawMessage(`7`))
	f.Add(f.Main, tablet(4))
	src := connect(t, f, pageSize(1)).Source()
	lost = list(t, src, mdm.Query{})
	assert.False(t, lost.end.Complete, "lost on an earlier page")
	resumed := list(t, src, mdm.Query{From: lost.next[len(lost.next)-2]})
	assert.False(t, resumed.end.Complete, "lost before the listing went on")

	n := 0
	for _, err := range client(t, fetched(`{"serial_number":"A1"},{"model":"x"}`)).Devices(t.Context()) {
		if n++; err != nil {
			require.ErrorIs(t, err, mdm.ErrDecode)
		}
	}
	assert.Equal(t, 2, n)
}

// TestStrayDeleted shows that a device that a full listing calls deleted, and
// then lists, is there.
func TestStrayDeleted(t *testing.T) {
	t.Parallel()
	s := script(func(e exchange) reply {
		switch {
		case e.path != "/server/devices":
			return reply{}
		case strings.Contains(e.body, "cursor"):
			return reply{status: 200, body: `{"cursor":"C2","more_to_follow":false,"devices":[{"serial_number":"A1"}]}`}
		}
		return reply{status: 200, body: `{"cursor":"C1","more_to_follow":true,"devices":[{"serial_number":"A1","op_type":"deleted"},{"serial_number":"A2"},{"serial_number":"A2"}]}`}
	})
	assert.Equal(t, []string{"A2", "A1"}, whole(t, client(t, s).Source()).ids)
	assert.Len(t, clienttest.Collect(t, client(t, s).Devices(t.Context())), 2)
}
