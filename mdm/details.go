package mdm

import (
	"context"
	"iter"
)

// Batcher is the ability to read several devices with one request. Details
// uses it only if the source itself has it: a wrapper that holds data back
// must not be passed by.
type Batcher interface {
	// DeviceBatch reads devices by id, in the order of ids. A device that
	// cannot be read comes as an error in its place.
	DeviceBatch(ctx context.Context, ids []string) iter.Seq2[Device, error]
}

// Details reads the detail of several devices, in the order of ids. Each id
// gives one element: the device, or the error that reading it met. If ctx
// ends before all ids were tried, its error is the last element. A few are
// read at the same time; no goroutine outlives the range.
func Details(ctx context.Context, src Source, ids []string) iter.Seq2[Device, error] {
	if b, ok := src.(Batcher); ok {
		return b.DeviceBatch(ctx, ids)
	}
	return func(yield func(Device, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		const ahead = 4
		waiting := make(chan chan detail, ahead-1)
		go func() {
			defer close(waiting)
			for _, id := range ids {
				if ctx.Err() != nil { // or the select below may choose to go on
					return
				}
				result := make(chan detail, 1)
				select {
				case waiting <- result:
				case <-ctx.Done():
					return
				}
				go func() {
					d, err := src.Device(ctx, id)
					result <- detail{d, err}
				}()
			}
		}()
		defer func() {
			cancel()
			for result := range waiting {
				<-result
			}
		}()
		answered := 0
		for result := range waiting {
			got := <-result
			if !yield(got.device, got.err) {
				return
			}
			answered++
		}
		if answered < len(ids) {
			yield(nil, ctx.Err())
		}
	}
}

type detail struct {
	device Device
	err    error
}
