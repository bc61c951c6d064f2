// Package inventory keeps a host's inventory in step with the systems that
// manage its devices.
//
// # Flow
//
// A host implements [Store], four methods over its database, and calls [Sync]
// for each [Connection]. Sync lists the devices of the source, has package
// match decide which device is which asset, plans what follows, and writes it.
// What no rule may decide waits in a staging table; a person decides with
// [Decide], and no run overrides that. [ReadRow] shows what is known of a
// device.
//
// A run reports in [Run] what it did. It reads a source page by page and holds
// records, never devices; changes are written in bounded batches.
//
// # Store
//
// Each change is atomic, a batch is not: one refused asset does not hold up
// the rest. A change names the revisions that it was planned from; if one is
// not current any more, nothing is written and the device is planned again. A
// new asset carries a key, so that a crash between asset and entry creates
// nothing twice. A write whose outcome is unknown is read back before anything
// else is done. Package inventorytest holds a Store to all that, and [Memory]
// is one in memory.
//
// # Plans
//
// [NewPlan] is pure. A dry run is the plan of [PlanSync]: it can be stored as
// JSON, read as text, and carried out later with [Apply]. What would change
// too much is kept back in a [Hold] until a person approves it.
//
// Only a complete listing of the same tenant and the same part of it makes
// devices missing. A listing of changes is applied as changes: devices that it
// does not mention are known from before, and those it says have left are
// missing.
//
// Attributes are compared three ways: what a sync left last, what the
// inventory holds, what the source says. So an edit by a person is told from
// an old value, over all connections of the scope. A blank never wins unless
// the rule says so, equal meaning is no change, and attributes that change by
// themselves are never the only reason to write.
//
// # Decisions
//
// Decisions are kept with the device and follow its serial number when the
// system gives it another id. A link that is undone gives fields back that
// nobody edited since. A staging row does not vanish while its device is away,
// and does not come back after it was ignored.
//
// # Life cycle
//
// A device is pending, active, stale, missing, gone or moved; see [Stage] and
// [LifePolicy]. A confirmed wipe marks it wiped until it is enrolled again,
// see [Note]. Nothing is ever deleted because a system deleted it.
//
// # Schedules
//
// A [Schedule] is data and computes when the next run is due; running it is
// the host's. [Connection.Status] says what a connection does and when it runs
// next, from what the Store returned. Broken credentials stop automatic runs
// and remote failures put them off, with a reason; runs by hand are always
// possible.
package inventory
