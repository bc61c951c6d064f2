// Package storetest holds an [ade.Store] to its contract.
//
// A host calls [Run] in a test of its own; every clause of the contract is a
// subtest with an empty store of its own:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) ade.Store { return open(t) }, storetest.Options{})
//	}
//
// [Check] does the same and returns the violations instead.
package storetest
