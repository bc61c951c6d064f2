// Package traffic is what all fake servers have in common: a log of the
// requests that reached them, a list of the rules that these requests broke,
// failures on demand, a present that can be moved forward, limits of requests,
// and a port of this machine to listen on.
//
//	type Fake struct {
//		*traffic.Front
//		*traffic.Clock
//		…
//	}
//
//	f.Clock = traffic.NewClock(start)
//	f.Front = traffic.NewFront(traffic.Rules{}, f.serve, f.Now)
//
// A host that writes an adapter of its own can build its fake server with it
// too.
package traffic
