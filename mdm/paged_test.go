package mdm_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

// book is a vendor of numbered pages, one device each, which takes its time.
type book struct {
	pages  int
	takes  time.Duration
	fails  map[int][]error // errors of a page, one for each try
	next   map[int]string  // where a page leads to, if not to the next one
	calls  []string        // cursors that were asked for
	wanted mdm.Keys
	active atomic.Int32
}

func (b *book) fetch(ctx context.Context, from mdm.Cursor, want mdm.Keys) (mdm.Page, error) {
	b.active.Add(1)
	defer b.active.Add(-1)
	b.calls = append(b.calls, string(from)) // one at a time: the race detector watches
	b.wanted = want
	n, _ := strconv.Atoi(string(from))
	select {
	case <-time.After(b.takes):
	case <-ctx.Done():
		return mdm.Page{}, ctx.Err()
	}
	if errs := b.fails[n]; len(errs) > 0 {
		b.fails[n] = errs[1:]
		return mdm.Page{}, errs[0]
	}
	page := mdm.Page{Devices: []mdm.Device{mdm.Record{ID: strconv.Itoa(n)}}, Total: b.pages}
	if next, ok := b.next[n]; ok {
		page.Next = mdm.Cursor(next)
	} else if n+1 < b.pages {
		page.Next = mdm.Cursor(strconv.Itoa(n + 1))
	} else {
		page.End = &mdm.End{Complete: true}
	}
	return page, nil
}

// read lists the book, spending some time on each page.
func (b *book) read(ctx context.Context, q mdm.Query, spend time.Duration) (ids []string, end *mdm.End, err error) {
	for page, failed := range mdm.Paged(b.fetch)(ctx, q) {
		if failed != nil {
			err = failed
			continue
		}
		for _, d := range page.Devices {
			ids = append(ids, d.Record().ID)
		}
		end = page.End
		time.Sleep(spend)
	}
	return ids, end, err
}

func numbers(from, to int) []string {
	var all []string
	for i := from; i < to; i++ {
		all = append(all, strconv.Itoa(i))
	}
	return all
}

func TestPaged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{pages: 5}
		want := mdm.Keys{mdm.KeySerial}
		pages := mdm.Paged(b.fetch)
		for range 2 { // a second range starts anew
			ids, end, err := b.read(t.Context(), mdm.Query{Want: want}, 0)
			require.NoError(t, err)
			assert.Equal(t, numbers(0, 5), ids)
			assert.True(t, end.Complete)
		}
		assert.Equal(t, want, b.wanted)

		seq := pages(t.Context(), mdm.Query{From: "3"})
		for range 2 {
			var ids []string
			for page, err := range seq {
				require.NoError(t, err)
				ids = append(ids, page.Devices[0].Record().ID)
			}
			assert.Equal(t, numbers(3, 5), ids)
		}
	})
}

func TestPagedPrefetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{pages: 10, takes: 50 * time.Millisecond}
		begin := time.Now()
		ids, _, err := b.read(t.Context(), mdm.Query{}, 50*time.Millisecond)
		require.NoError(t, err)
		assert.Len(t, ids, 10)
		assert.Equal(t, 550*time.Millisecond, time.Since(begin), "reading and working overlap: not 1 s")
	})
}

func TestPagedRepeatedCursor(t *testing.T) {
	for name, next := range map[string]map[int]string{
		"itself":     {2: "2"},
		"an earlier": {3: "1"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &book{pages: 9, next: next}
				ids, end, err := b.read(t.Context(), mdm.Query{}, 0)
				assert.ErrorIs(t, err, mdm.ErrCursorInvalid)
				assert.Nil(t, end)
				assert.LessOrEqual(t, len(ids), 4)
			})
		})
	}
	t.Run("the start", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &book{pages: 9, next: map[int]string{5: "4"}}
			_, _, err := b.read(t.Context(), mdm.Query{From: "4"}, 0)
			assert.ErrorIs(t, err, mdm.ErrCursorInvalid)
		})
	})
}

// TestPagedTriesAgain shows that a page that breaks off is read again, from
// its own cursor and within the same listing.
//
//mdm:feature 4.51
func TestPagedTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cut := &mdm.Error{Op: "devices", Kind: mdm.ErrUnavailable, Detail: "the answer broke off"}
		b := &book{pages: 4, fails: map[int][]error{2: {cut, cut}}}
		begin := time.Now()
		ids, end, err := b.read(t.Context(), mdm.Query{}, 0)
		require.NoError(t, err)
		assert.Equal(t, numbers(0, 4), ids)
		assert.True(t, end.Complete)
		assert.Equal(t, []string{"", "1", "2", "2", "2", "3"}, b.calls)
		assert.Equal(t, 3*time.Second, time.Since(begin))
	})
}

func TestPagedGivesUp(t *testing.T) {
	for name, row := range map[string]struct {
		err   error
		tries int
	}{
		"unavailable thrice": {mdm.ErrUnavailable, 3},
		"another error":      {mdm.ErrUnauthorized, 1},
		"rate limited":       {mdm.ErrRateLimited, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				failed := &mdm.Error{Op: "devices", Kind: row.err}
				b := &book{pages: 4, fails: map[int][]error{1: {failed, failed, failed, failed}}}
				ids, end, err := b.read(t.Context(), mdm.Query{}, 0)
				assert.Same(t, failed, err)
				assert.Equal(t, []string{"0"}, ids)
				assert.Nil(t, end)
				assert.Len(t, b.calls, 1+row.tries)

				ids, _, err = b.read(t.Context(), mdm.Query{From: "1"}, 0) // a later run goes on there
				if row.tries == 3 {
					require.NoError(t, err)
					assert.Equal(t, numbers(1, 4), ids)
				}
			})
		})
	}
}

// TestPagedCancel ends the context at every moment of a listing.
func TestPagedCancel(t *testing.T) {
	for at := time.Duration(0); at < 300*time.Millisecond; at += 10 * time.Millisecond {
		t.Run(fmt.Sprint("after ", at), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &book{pages: 100, takes: 35 * time.Millisecond}
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(at, cancel)
				begin := time.Now()
				ids, end, err := b.read(ctx, mdm.Query{}, 20*time.Millisecond)
				assert.ErrorIs(t, err, context.Canceled)
				assert.Nil(t, end)
				assert.Less(t, len(ids), 10)
				assert.LessOrEqual(t, time.Since(begin), at+20*time.Millisecond)
				assert.Zero(t, b.active.Load(), "no fetch outlives the range")
			})
		})
	}
}

// TestPagedCancelLast shows that a listing that was cancelled never ends as
// complete, although its last page was already there.
func TestPagedCancelLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{pages: 2}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var errs []error
		n := 0
		for page, err := range mdm.Paged(b.fetch)(ctx, mdm.Query{}) {
			errs = append(errs, err)
			n += len(page.Devices)
			synctest.Wait() // the next page is fetched
			cancel()
		}
		assert.Equal(t, 1, n)
		require.Len(t, errs, 2)
		assert.ErrorIs(t, errs[1], context.Canceled)
	})
}

func TestPagedCancelBetweenTries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{pages: 2, fails: map[int][]error{0: {mdm.ErrUnavailable, mdm.ErrUnavailable}}}
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		_, _, err := b.read(ctx, mdm.Query{}, 0)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Len(t, b.calls, 1)
	})
}

func TestPagedBreak(t *testing.T) {
	for stop := 1; stop < 5; stop++ {
		t.Run(fmt.Sprint("after page ", stop), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &book{pages: 5, takes: time.Second}
				n := 0
				for range mdm.Paged(b.fetch)(t.Context(), mdm.Query{}) {
					if n++; n == stop {
						break
					}
				}
				assert.Zero(t, b.active.Load(), "no fetch outlives the range")
				assert.Equal(t, stop, n)
			})
		})
	}
}

func TestPagedPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{pages: 5, takes: time.Second}
		assert.PanicsWithError(t, "ouch", func() {
			for range mdm.Paged(b.fetch)(t.Context(), mdm.Query{}) {
				panic(errors.New("ouch"))
			}
		})
		assert.Zero(t, b.active.Load())
	})
}
