// Package inventorytest holds an [inventory.Store] to its contract.
//
// # The suite
//
// A host calls [Run] in a test of its own; every clause of the contract is a
// subtest with a store of its own:
//
//	func TestStore(t *testing.T) {
//		inventorytest.Run(t, func(t *testing.T) inventory.Store { return open(t) }, inventorytest.Options{})
//	}
//
// [Check] does the same and returns the violations instead.
//
// # Stores that misbehave
//
// [Strict], [Generous], [Halting], [Torn] and [Unsure] wrap a store and make
// it fail in the ways that stores do fail: they show that what is built upon a
// store survives that.
package inventorytest
