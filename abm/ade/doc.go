// Package ade keeps Apple's server tokens for Automated Device Enrolment alive,
// remembers what belongs to them, and is a client of the enrolment web service
// that they open, with the devices of a server entry as a mdm.Source.
//
//	client, err := registry.Connect(ctx, server.ID, ade.Config{}, nil)
//	for page, err := range client.Source().Pages(ctx, mdm.Query{}) { … }
//
// It sees the devices that are assigned to one server entry, and can list what
// changed since. Package abm is the other interface of Apple's, which sees all
// devices of the organisation and needs no server token. A server entry has one
// token that works: an inventory either shares the token of the device
// management, or has a server entry of its own.
//
// # Server tokens
//
// A server token belongs to one server entry of Apple School Manager or Apple
// Business Manager, lives for a year, and dies earlier when a newer one is
// downloaded, when the person who downloaded it changes the password, or when
// that person leaves. There is no call that renews it: a person downloads a
// new file. [NewKeyPair] makes the pair whose certificate is uploaded in the
// portal, [Open] opens the file that the portal then gives, and every kind of
// wrong file is an error of its own: see [Explain]. [LinkSteps] and
// [RenewSteps] are the instructions for the person.
//
// A key pair waits in the staged slot until a token was opened with it; only
// then does it take the place of the current pair.
//
// # States
//
// [Condition] says how a token is, and changes with events: an answer of
// Apple's, or the clock. Each change and each warning before the expiry is
// reported once. [Expiry] serves any other credential that ends, too.
//
// # What is remembered
//
// [Registry] keeps server entries with their tokens and keys, server
// configurations, enrolment profiles and which device gets which profile. It
// stores them in a [Store] of the host, which sees ciphertext only: a [Sealer]
// such as [Keyring] encrypts every value with a key of the host. Package
// storetest holds a Store to its contract.
//
// # Actions
//
// What a menu may offer, and the call behind it:
//
//   - Add Server: [Registry.AddServer], then [Registry.StageKey] and
//     [Registry.ImportToken]
//   - Renew a server: [Registry.ImportToken]
//   - Assign Server Configuration: [Registry.AssignServerConfig]
//   - Unassign Server Configuration: [Registry.UnassignServerConfig]
//   - Create Profile: [Registry.SaveProfile]
//   - Configure profile: [Registry.Publish] with [Client.DefineProfile]
//   - Add Devices: [Registry.SetDeviceProfile], then [Registry.AssignProfiles];
//     without a registry [Client.AssignProfile]
//   - Remove Devices: [Registry.ClearDeviceProfile] and [Client.RemoveProfile]
//
// # Authentication
//
// The token signs one request, with OAuth 1.0a, which opens a session; any
// answer may bring the next one. A session that Apple refuses is opened again,
// once for a request. Terms that wait and access that was taken away are not
// answered with another attempt. [Registry.Connect] makes a client that asks
// the token's [Condition] before, and keeps what came of it; a client of [New]
// remembers nothing. A token that has expired sends nothing at all.
//
// # Paging
//
// Lists go from cursor to cursor, with as many records in a page as the account
// says. A full listing ends with a cursor from which only changes are listed,
// for seven days. Several changes of one device come as the last. That a device
// is gone means that it left this server entry, not the organisation.
//
// # Rate limits
//
// Apple publishes none. The default is one request at a time and about one a
// second.
//
// # Errors
//
// All failures are *mdm.Error; those of the token Are one of this package, too:
// [ErrTerms], [ErrAccessDenied], [ErrTokenExpired], [ErrSuperseded],
// [ErrClockSkew]. Requests about several devices give each a [Result]. A write
// that broke off is mdm.ErrOutcomeUnknown and never repeated.
//
// # Differences
//
// There is no device name, no user, no system version, no order number or date
// and no last contact; the text of the order stands in Record.Custom. MAC
// addresses, IMEI and replacements need version 10 of the protocol. Which
// device another stands in for is told by reading it, not by listing. A profile
// cannot be changed or removed: it is a draft until a person publishes it. The
// activation lock can be turned on, and not off. [Open] opens a token file; what
// other vendors call Open is [OpenSource].
//
// # Unverified
//
// What is marked Unverified in the comments of methods was concluded and not
// seen, or seen by one source; docs/endpoints.md lists it. The rosters of
// schools and the request for TV providers are left out: their shapes are not
// known.
package ade
