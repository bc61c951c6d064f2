// Package faulty makes any http.Handler misbehave the way networks, proxies
// and servers do. Every vendor's fake is wrapped in a [Handler], so that each
// client is tested against the same faults.
//
// A fault applies to every request until [Handler.Clear], unless it was
// scoped before it was set:
//
//	h := faulty.New(fake)
//	h.FailNext(2, http.StatusServiceUnavailable, http.Header{"Retry-After": {"1"}})
//	h.Slow(time.Second)                       // every request from now on
//	h.On(isWipe).Times(1).Reset()             // one wipe: the connection breaks
//	h.On(isList).CutBody(4096)                // every listing ends early
//
// Faults add up: a request meets the matching ones in the order they were
// set, and one that answers by itself ends the chain. A fault of limited
// number is used up only by requests that reach it.
//
// No fault leaves a goroutine behind, and one that waits stops when the
// client goes away. [Transport] runs a handler without any socket, for tests
// in a testing/synctest bubble; all faults work there too.
package faulty
