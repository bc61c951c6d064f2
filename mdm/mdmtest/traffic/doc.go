// Package traffic is what all fake servers have in common: a log of the
// requests that reached them, a list of the rules that these requests broke,
// failures on demand, and a port of this machine to listen on.
//
//	type Fake struct {
//		*traffic.Front
//		…
//	}
//
//	f.Front = traffic.NewFront(traffic.Rules{}, f.serve, f.Now)
//
// A host that writes an adapter of its own can build its fake server with it
// too.
package traffic
