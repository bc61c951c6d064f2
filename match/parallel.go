package match

import (
	"runtime"
	"sync"
)

// minChunk is the number of records below which a second worker costs more
// than it saves.
const minChunk = 2048

// parallel calls f for parts of 0 to n, in several goroutines if that is worth
// it, and returns when all are done. The parts are numbered from 0 in the order
// of their records; there are chunks(n) of them.
func parallel(n int, f func(part, from, to int)) {
	parts := chunks(n)
	if parts == 1 {
		f(0, 0, n)
		return
	}
	var wg sync.WaitGroup
	for p := range parts {
		wg.Go(func() { f(p, p*n/parts, (p+1)*n/parts) })
	}
	wg.Wait()
}

func chunks(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n/minChunk)) }

// together calls all functions, in as many goroutines as there are processors,
// and returns when all are done.
func together(n int, jobs ...func()) {
	if n < minChunk {
		for _, job := range jobs {
			job()
		}
		return
	}
	queue := make(chan func(), len(jobs))
	for _, job := range jobs {
		queue <- job
	}
	close(queue)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for job := range queue {
				job()
			}
		})
	}
	wg.Wait()
}
