package inventory

import (
	"errors"
	"runtime"
	"sync"
)

// parallel calls f for parts of 0 to n-1 that make up the whole, on all
// processors where it is worth it. The parts must not depend on each other. No
// goroutine outlives it.
func parallel(n int, f func(from, to int) error) error {
	const worth = 64
	workers := runtime.GOMAXPROCS(0)
	if n < worth {
		workers = 1
	}
	failed := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { failed[w] = f(w*n/workers, (w+1)*n/workers) })
	}
	wait.Wait()
	return errors.Join(failed...)
}
