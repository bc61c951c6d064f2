// Package ident reads and judges the identifiers by which systems name a
// device: serial numbers, hardware UUIDs, MAC addresses, IMEIs and others.
//
// Two systems rarely write the same serial alike, and many serials are none:
// firmware reports "To be filled by O.E.M.", a dock lends its address to every
// laptop, and an emulator has the IMEI that all emulators have. [Rules] turn
// each raw value into an [ID], which holds a canonical form, a key to compare,
// a quality, and the reasons for that quality. Nothing is repaired, guessed or
// looked up, and the same value always gets the same verdict.
//
//	rules := ident.Default()
//	id := rules.Serial(" c02zx90aklmn", ident.Hints{Apple: true})
//	// id.Key is "C02ZX90AKLMN", id.Quality is ident.Strong
//
// # Forms
//
// An ID keeps the value in up to four forms. Raw is what the source gave. Text
// is the form to show and to store; reading Text again gives the same Text. Key
// is what equality compares, and is empty where nothing may be compared. Folded
// is a looser key for suggestions: it takes O for 0 in a serial, or drops the
// " (2)" of a name.
//
// # Quality
//
// Absent means that there is no value, Junk that the value says nothing about
// the device, Weak that two equal values are worth a suggestion, and Strong
// that there is nothing to say against it. A Strong value may still occur on
// several devices: whoever sees all of them has to count. What describes a
// device or a contract is Weak at best: names, models, phone numbers, and the
// numbers of SIMs. IP addresses, and the serials of disks, memory, batteries
// and monitors, have no kind here, since they are not identifiers of a device.
//
// # Data
//
// Lists of known values are versioned [Data], which a host extends with
// [Data.With], for example by the UUIDs it knows to be duplicated. Values that a
// host knows to be good go into [Data].Allow and win over every list and rule.
// Only the best quality of their kind is restored: an allowed name is still
// Weak. Rules that need no list, such as check digits, are code.
package ident
