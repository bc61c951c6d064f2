// Package fleet makes a synthetic school district: schools, people, devices
// as a device management system (MDM) records them, and the hand-kept
// inventory that the devices have to be matched with. The fake servers of
// the vendors serve it, the examples run on it, and tests of matching know
// from it what belongs together.
//
// # Truth
//
// Every [Device] and every [Asset] carries Truth, the id of the physical
// thing it stands for. Two records with one Truth are one device. An asset
// and a record belong together exactly when their Truth is equal and not "".
// Nothing outside a test may look at it.
//
// # Dirt
//
// Real fleets are dirty, and the dirt decides whether matching is any good.
// Each defect is a [Flaw] with a documented rate ([Flaw.Rate]), and a record
// lists the ones it has. Flaws of identity never meet on one physical
// device, so that a test can tell which of them was too much for a rule.
// Options.Clean leaves all of them out.
//
// # Repeatability
//
// The same Options give the same District, down to the last byte, on every
// machine. Nothing here reads a clock: District.Now is the present of the
// district. All values are made up; addresses come from the ranges that are
// kept for documentation.
package fleet
