package inventory

import (
	"errors"
	"runtime"
	"sync"
)

// parallel calls f for 0 to n-1, on all processors where it is worth it. The
// calls must not depend on each other. No goroutine outlives it.
func parallel(n int, f func(i int) error) error {
	const worth = 512
	workers := runtime.GOMAXPROCS(0)
	if n < worth {
		workers = 1
	}
	failed := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w * n / workers; i < (w+1)*n/workers && failed[w] == nil; i++ {
				failed[w] = f(i)
			}
		})
	}
	wait.Wait()
	return errors.Join(failed...)
}
