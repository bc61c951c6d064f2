// Package matchtest makes labelled fleets: a synthetic organisation whose
// devices appear both in an MDM and in an inventory, each with the dirt of real
// life, while the truth is known. It serves to test package match, and any
// other matcher.
//
//	fleet := matchtest.New(matchtest.Options{Devices: 100_000, Seed: 1, Rates: matchtest.Mixed()})
//	tally := fleet.Score(match.Run(fleet.Input))
//	// tally.Wrong must be 0
//
// A fleet begins with physical devices. The inventory gets an object for most
// of them, as people type it; the MDM gets a record of most of them, as
// firmware reports it. [Rates] says how often what goes wrong. Dirt is drawn
// without regard to whether it can be seen through: serials of one purchase
// count up, so that a typing error may hit the serial of a neighbour, and a
// neighbour may be missing from the inventory.
//
// Serials, addresses and names are drawn at random; likeness to those of real
// devices is an accident.
package matchtest
