// Package match decides which device of a management system (MDM) is which
// object of an inventory.
//
// It is pure: no input or output, no clock, no randomness. The same input
// gives the same outcomes, byte for byte, in whatever order the records come.
//
//	for o := range match.Run(match.Input{Devices: devices, Assets: assets, Now: now}) {
//		switch o.Kind {
//		case match.AutoLinked: // device o.Device is asset o.Asset
//		case match.Suggested:  // o.Candidates are for a person to choose from
//		}
//	}
//
// [Run] is all that a sync needs. Who also shows outcomes to people keeps a
// [Matching], which answers [Matching.Explain] for any pair and tries other
// policies over the same snapshot with [Matching.Compare].
//
// # How it decides
//
// A wrong automatic link is the worst outcome there is; a missed one costs a
// click. So each step only ever takes certainty away:
//
//  1. Every identifier is read and judged once, by package ident.
//  2. Records of one device are collapsed: the newest stands for all, the
//     others become [Alias]. Records that share a serial but live at the same
//     time as different devices are not collapsed, and their serial is weak.
//  3. Values are counted on both sides. What several devices or several assets
//     have decides nothing, as if it stood on a list of junk.
//  4. What people decided comes before all rules; what is linked stays so.
//  5. The ladder of [Policy] is climbed for the rest. A rung is a kind of
//     agreement, and its [Mode] says what it may do.
//  6. A veto holds back what the ladder found: another serial, another class
//     of device, another site, an asset that is retired or taken.
//  7. A link is made only if device and asset have no other claim at all that
//     could decide, and the label on the device is not another asset's.
//     Otherwise the outcome is [Ambiguous].
//
// Scores in bits only order suggestions. They never decide.
//
// # Identifiers
//
// MAC addresses of Bluetooth have no field: they look like those of Wi-Fi and
// must not be compared with them. Phone numbers and the numbers of SIMs have
// none either: they belong to a contract, and a SIM that moves would take the
// asset along.
package match
