// Package liveheap measures, for benchmarks, how far the live heap grows.
package liveheap

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// Watch is a measurement that is under way.
type Watch struct {
	before, most uint64
	end, done    chan struct{}
}

// Start collects garbage and begins a measurement. What is alive is seen
// whenever the collector has run: it has to run often for the measurement to
// be true, see debug.SetGCPercent.
func Start() *Watch {
	runtime.GC()
	w := &Watch{before: live(), end: make(chan struct{}), done: make(chan struct{})}
	w.most = w.before
	go func() {
		defer close(w.done)
		for {
			select {
			case <-w.end:
				return
			case <-time.After(time.Millisecond):
				w.most = max(w.most, live())
			}
		}
	}()
	return w
}

// Stop ends the measurement. It returns how much more was alive at the most
// than at the start, in millions of bytes.
func (w *Watch) Stop() float64 {
	close(w.end)
	<-w.done
	return float64(w.most-w.before) / 1e6
}

// live is what was alive at the end of the last collection.
func live() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
