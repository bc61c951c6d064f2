// Package traffic is what all fake servers have in common: a log of the
// requests that reached them, a list of the rules that these requests broke,
// and a port of this machine to listen on.
//
//	type Fake struct {
//		*traffic.Log
//		…
//	}
//
//	func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.Serve(w, r, f.api) }
//
// A host that writes an adapter of its own can build its fake server with it
// too.
package traffic
