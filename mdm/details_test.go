package mdm_test

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

// desk is a source that reads single devices and takes its time. Ids that are
// no numbers do not exist.
type desk struct {
	mdm.Source
	takes       func(n int) time.Duration
	active, top atomic.Int32
	calls       atomic.Int32
}

func (d *desk) Info() mdm.Info { return school }

func (d *desk) Device(ctx context.Context, id string) (mdm.Device, error) {
	d.calls.Add(1)
	now := d.active.Add(1)
	defer d.active.Add(-1)
	for top := d.top.Load(); now > top && !d.top.CompareAndSwap(top, now); top = d.top.Load() {
	}
	n, err := strconv.Atoi(id)
	if err != nil {
		return nil, &mdm.Error{Op: "device", Kind: mdm.ErrNotFound}
	}
	if d.takes != nil {
		select {
		case <-time.After(d.takes(n)):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return mdm.Record{ID: id}, nil
}

// fast reads in batches, and says so.
type fast struct{ *desk }

func (f fast) DeviceBatch(_ context.Context, ids []string) iter.Seq2[mdm.Device, error] {
	return func(yield func(mdm.Device, error) bool) {
		for _, id := range ids {
			if !yield(mdm.Record{ID: id, Name: "from a batch"}, nil) {
				return
			}
		}
	}
}

func TestDetails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{takes: func(n int) time.Duration { return time.Duration(20-n) * time.Millisecond }} // later ones are faster
		ids := append(numbers(0, 10), "missing")
		ids = append(ids, numbers(10, 20)...)
		var got []string
		for device, err := range mdm.Details(t.Context(), d, ids) {
			if err != nil {
				assert.ErrorIs(t, err, mdm.ErrNotFound)
				assert.True(t, device == nil)
				got = append(got, "missing")
				continue
			}
			got = append(got, device.Record().ID)
		}
		assert.Equal(t, ids, got)
		assert.EqualValues(t, 4, d.top.Load(), "a few are read at the same time")
		assert.Zero(t, d.active.Load())
	})
}

func TestDetailsNone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range mdm.Details(ctx, &desk{}, nil) {
		t.Error("no id, no element")
	}
}

func TestDetailsBatch(t *testing.T) {
	names := func(src mdm.Source) []string {
		var all []string
		for d, err := range mdm.Details(t.Context(), src, []string{"1", "2"}) {
			require.NoError(t, err)
			all = append(all, d.Record().Name)
		}
		return all
	}
	assert.Equal(t, []string{"from a batch", "from a batch"}, names(fast{&desk{}}))
	assert.Equal(t, []string{"", ""}, names(mdm.Wrapper{Source: fast{&desk{}}}), "a wrapper is never passed by")
}

func TestDetailsBreak(t *testing.T) {
	for stop := range 6 {
		t.Run(fmt.Sprint("after ", stop+1), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &desk{takes: func(int) time.Duration { return time.Second }}
				n := 0
				for range mdm.Details(t.Context(), d, numbers(0, 50)) {
					if n++; n > stop {
						break
					}
				}
				assert.Zero(t, d.active.Load(), "nothing is read any more")
				assert.LessOrEqual(t, int(d.calls.Load()), stop+1+5)
			})
		})
	}
}

func TestDetailsCancel(t *testing.T) {
	for at := time.Duration(0); at < 60*time.Millisecond; at += 3 * time.Millisecond {
		t.Run(fmt.Sprint("after ", at), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &desk{takes: func(int) time.Duration { return 10 * time.Millisecond }}
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(at, cancel)
				begin := time.Now()
				var last error
				n := 0
				for _, err := range mdm.Details(ctx, d, numbers(0, 100)) {
					last = err
					n++
				}
				assert.ErrorIs(t, last, context.Canceled)
				assert.Equal(t, at, time.Since(begin))
				assert.Less(t, n, 100)
				assert.Zero(t, d.active.Load())
			})
		})
	}
}

// TestDetailsCancelAfterLast shows that no error follows when all ids were
// answered.
func TestDetailsCancelAfterLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n := 0
		for _, err := range mdm.Details(ctx, &desk{}, numbers(0, 3)) {
			require.NoError(t, err)
			synctest.Wait() // all have been read
			if n++; n == 3 {
				cancel()
			}
		}
		assert.Equal(t, 3, n)
	})
}

func TestDetailsTwice(t *testing.T) {
	seq := mdm.Details(t.Context(), &desk{}, numbers(0, 3))
	for range 2 {
		n := 0
		for range seq {
			n++
		}
		assert.Equal(t, 3, n)
	}
}
