package inventory_test

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

// feed is a source that can list changes.
type feed struct {
	*mdmtest.Memory
	changed []mdm.Record
	removed []string
	from    []mdm.Cursor // of each listing
	expired bool
	broken  error
}

func (s *feed) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	s.from = append(s.from, q.From)
	return func(yield func(mdm.Page, error) bool) {
		switch {
		case q.From == "":
			for p, err := range s.Memory.Pages(ctx, q) {
				if err == nil && p.End != nil {
					p.End.Since = mdm.NewCursor(info, "now")
				}
				if !yield(p, err) {
					return
				}
			}
		case s.expired:
			yield(mdm.Page{}, &mdm.Error{Op: "devices", Kind: mdm.ErrCursorExpired})
		default:
			p := mdm.Page{Removed: s.removed}
			for _, r := range s.changed {
				r.Origin = info.Origin
				p.Devices = append(p.Devices, r)
			}
			if s.broken == nil {
				p.End = &mdm.End{Changes: true, Complete: true, Since: mdm.NewCursor(info, "later")}
			}
			if yield(p, nil) && s.broken != nil {
				yield(mdm.Page{}, s.broken)
			}
		}
	}
}

func newFeed(t *testing.T) (*rig, *feed, func() *inventory.Run) {
	r := newRig(t, ipads(20)...).put(asset(1), asset(2))
	f := &feed{Memory: r.source}
	run := func() *inventory.Run {
		got, err := inventory.Sync(t.Context(), r.connection, f, r.store, &r.options)
		require.NoError(t, err)
		return got
	}
	assert.True(t, run().Listing.Complete)
	return r, f, run
}

//mdm:feature 5.22
func TestSyncChanges(t *testing.T) {
	r, f, run := newFeed(t)
	r.put(asset(30), asset(7))
	one := ipad(1)
	one.OS.Version = "19"
	f.changed, f.removed = []mdm.Record{one, ipad(30)}, []string{"d002"}
	got := run()
	assert.NotEmpty(t, f.from[1])
	assert.False(t, got.Listing.Complete, "a delta is no complete listing")
	assert.True(t, got.Listing.Changes)
	assert.Equal(t, "19", r.assets()["a001"].Values["os"])
	assert.Equal(t, "a030", r.row("d030").Asset, "added")
	assert.Equal(t, "a007", r.row("d007").Asset, "not mentioned, and matched all the same")
	assert.False(t, r.row("d002").Missing.IsZero(), "removed")
	assert.Equal(t, "a002", r.row("d002").Asset)
	for n := 3; n <= 20; n++ {
		assert.True(t, r.row(ipad(n).ID).Missing.IsZero())
	}
	f.changed, f.removed = nil, nil
	assert.Zero(t, run().Writes)
	assert.Equal(t, mdm.NewCursor(info, "later"), f.from[2])
}

func TestSyncChangesTwin(t *testing.T) {
	r, f, run := newFeed(t)
	r.put(asset(5))
	twin := ipad(5) // another device claims the serial of one that is not mentioned
	twin.ID, twin.UDID, twin.Interfaces[0].MAC, twin.ModelID = "d500", "00008101-0000000000000BBB", "3c:5a:b4:10:99:99", "iPad13,18"
	f.changed = []mdm.Record{twin}
	run()
	assert.NotEqual(t, inventory.EntryLinked, r.row("d500").State)
	assert.NotEqual(t, inventory.EntryLinked, r.row("d005").State)
}

func TestSyncChangesExpired(t *testing.T) {
	r, f, run := newFeed(t)
	f.expired = true
	r.source.Remove("d001")
	got := run()
	assert.Len(t, f.from, 3)
	assert.Empty(t, f.from[2])
	assert.True(t, got.Listing.Complete)
	assert.False(t, r.row("d001").Missing.IsZero())
}

// Changes that could not all be read, or not be applied, are listed again.
func TestSyncChangesAgain(t *testing.T) {
	t.Run("broke off", func(t *testing.T) {
		_, f, run := newFeed(t)
		f.broken, f.changed = mdm.ErrDecode, []mdm.Record{ipad(1)}
		got := run()
		assert.Equal(t, "decode", got.Error)
		f.broken = nil
		run()
		assert.Equal(t, f.from[1], f.from[2])
	})
	t.Run("held", func(t *testing.T) {
		r, f, run := newFeed(t)
		for n := range 15 {
			f.removed = append(f.removed, ipad(n+1).ID)
		}
		held := run().Holds
		require.Len(t, held, 1)
		run()
		assert.Equal(t, f.from[1], f.from[2])
		r.options.Approve = held
		assert.Empty(t, run().Holds)
		assert.False(t, r.row("d001").Missing.IsZero())
	})
	t.Run("read whole", func(t *testing.T) {
		r, f, run := newFeed(t)
		r.options.Full = true
		run()
		r.options.Full = false
		r.connection.Mapping = append(r.connection.Mapping, inventory.Rule{From: mdm.KeySiteName, Field: "site"})
		run()
		assert.Equal(t, []mdm.Cursor{"", "", ""}, f.from, "asked for, or after other attributes are wanted")
	})
}

// lean is a source whose listing tells less than its details.
type lean struct {
	*mdmtest.Memory
	asked []string
}

func (s *lean) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return pages{s.Memory, func(p *mdm.Page) {
		for i, d := range p.Devices {
			r := d.Record()
			r.Room, r.User = "", mdm.User{}
			p.Devices[i] = r
		}
	}}.Pages(ctx, q)
}

func (s *lean) DeviceBatch(ctx context.Context, ids []string) iter.Seq2[mdm.Device, error] {
	s.asked = append(s.asked, ids...)
	return mdmtest.Batches{Of: s.Memory}.DeviceBatch(ctx, ids)
}

func TestSyncDetails(t *testing.T) {
	r := newRig(t, ipads(5)...).put(asset(1), asset(5))
	src := &lean{Memory: r.source}
	r.options.Details = inventory.Details{New: true, Changed: true, Max: 3}
	run := func() *inventory.Run {
		src.asked = nil
		got, err := inventory.Sync(t.Context(), r.connection, src, r.store, &r.options)
		require.NoError(t, err)
		return got
	}
	assert.Equal(t, 3, run().Details)
	assert.Equal(t, []string{"d001", "d002", "d003"}, src.asked)
	assert.Equal(t, "R1", r.assets()["a001"].Values["room"])
	assert.Empty(t, r.assets()["a005"].Values["room"])
	run()
	assert.Equal(t, []string{"d004", "d005"}, src.asked, "what is left")
	assert.Equal(t, "R1", r.assets()["a005"].Values["room"])
	got := run()
	assert.Empty(t, src.asked)
	assert.Zero(t, got.Writes, "what only the details tell stays")
	assert.Equal(t, "R1", r.row("d001").Record.Room)

	r.change(2, func(x *mdm.Record) { x.Room, x.Name = "R2", "renamed" })
	r.source.Put(ipad(6))
	run()
	assert.Equal(t, []string{"d006", "d002"}, src.asked, "the oldest first")
	assert.Equal(t, "R2", r.row("d002").Record.Room)
	assert.Zero(t, run().Writes)
}

// A listing of changes that broke off proves nothing: nothing new is linked and
// nobody goes missing.
func TestSyncChangesBrokenOff(t *testing.T) {
	r, f, run := newFeed(t)
	r.put(asset(30))
	f.changed, f.removed = []mdm.Record{ipad(30)}, []string{"d002"}
	f.broken = &mdm.Error{Op: "devices", Kind: mdm.ErrDecode}
	got := run()
	assert.False(t, got.Listing.Whole)
	assert.Equal(t, inventory.EntryStaged, r.row("d030").State)
	assert.True(t, r.row("d002").Missing.IsZero())
	f.broken = nil
	run()
	assert.Equal(t, inventory.EntryLinked, r.row("d030").State)
	assert.False(t, r.row("d002").Missing.IsZero())
}

// A device that changed and then left has left.
func TestSyncChangedThenRemoved(t *testing.T) {
	r, f, run := newFeed(t)
	two := ipad(2)
	two.OS.Version = "19"
	f.changed, f.removed = []mdm.Record{two, ipad(3)}, []string{"d002"}
	run()
	assert.False(t, r.row("d002").Missing.IsZero())
	assert.True(t, r.row("d003").Missing.IsZero())
	f.changed, f.removed = []mdm.Record{two}, nil
	run()
	assert.True(t, r.row("d002").Missing.IsZero(), "it is back")
}

// Changes are not enough where the rest could not be matched as it is stored,
// and in a scope that nothing is stored of.
func TestSyncChangesNotEnough(t *testing.T) {
	t.Run("little is kept", func(t *testing.T) {
		r := newRig(t, ipads(3)...)
		a := asset(1)
		a.Identifiers.Number, a.Identifiers.Serial = a.Identifiers.Serial, ""
		r.put(a)
		r.connection.OnNew, r.connection.Keep = inventory.NewCreate, mdm.Keys{mdm.KeyName}
		f := &feed{Memory: r.source}
		for range 3 {
			_, err := inventory.Sync(t.Context(), r.connection, f, r.store, &r.options)
			require.NoError(t, err)
			assert.Len(t, r.assets(), 3, "no twin")
		}
		assert.Equal(t, []mdm.Cursor{"", "", ""}, f.from)
	})
	t.Run("another scope", func(t *testing.T) {
		r, f, run := newFeed(t)
		r.connection.Scope = "school-2"
		assert.Equal(t, 20, run().Writes)
		assert.Equal(t, []mdm.Cursor{"", ""}, f.from)
	})
}

// Details that were never read are read in later runs, of devices too that no
// listing of changes mentions.
func TestSyncChangesDetails(t *testing.T) {
	r, _, run := newFeed(t)
	r.options.Details = inventory.Details{New: true, Max: 8}
	read := 0
	for range 4 {
		read += run().Details
	}
	assert.Equal(t, 20, read)
	assert.Zero(t, run().Writes)
	assert.Equal(t, inventory.EntryLinked, r.row("d001").State)
}
