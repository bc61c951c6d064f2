// Package adetest is a fake of Apple's device enrolment web service
// (mdmenrollment.apple.com), and of the part of the portal that feeds it, for
// tests and examples.
//
// It is written from what is known about the service and not from any client,
// so that a client's mistake is not repeated on this side. It serves the Apple
// devices of a synthetic district (package fleet), keeps state, and is strict.
//
//	srv := adetest.NewServer(fleet.New(fleet.Options{}))
//	defer srv.Close()
//	// srv.URL and srv.Main.Token() are the address and the credentials.
//
// [New] gives the [Fake] alone: an http.Handler for a port of your own, and
// with [Fake.Transport] a server without any socket, for testing/synctest.
//
// # The portal
//
// An [Entry] is one server entry: a name, an identity, tokens and devices.
// Fake.Main has all devices at first, [Fake.AddEntry] makes others, and
// [Fake.Assign] moves devices between them. [Entry.Upload] takes a certificate
// and [Entry.Download] gives the token as the encrypted file of the portal,
// whose form [File] chooses; [Entry.Issue] makes a token without a file. Each
// new token ends the one before. [Entry.ChangePassword], [Entry.Revoke],
// [Entry.Delete], [Entry.SetTerms] and [Fake.SetTokenLife] are the other ways
// in which a token comes to its end, and [Entry.SetAdmin] lets another account
// download the next one.
//
// # Devices
//
// Apple knows the devices of the district that came by automated enrolment,
// those in stock included. Records without a real serial, and devices that a
// person enrolled or that came over a cable, are not there. Every fifth device
// in stock has no profile, so that it would fail to enrol. [Fake.Edit],
// [Fake.Add], [Fake.Release] and [Fake.Settle] (the devices are set up and
// get their profiles) write to the log that sync reads. No two operations on
// one device have the same second, so that dates run a little ahead of the
// clock where there are many.
//
// # Time
//
// Signatures are made by the clock of this machine, so the fake's present is
// that too. A district whose present lies ahead of it is moved back with all
// its dates, as happens in the bubbles of testing/synctest. Fake.Advance
// lets tokens, sessions, cursors and limits age faster, Fake.SetSkew sets
// the two clocks apart.
//
// # Strictness
//
// What the service does not allow is noted and returned by [Fake.Violations]:
// a header that is missing or spelt differently, a nonce that comes back,
// unknown parameters and keys, a wrong method. Such a request is answered as
// the real service would where that is known. Refusals that an honest client
// can meet are not noted: a token that ended, a cursor that is too old, a
// profile field that does not fit. A test that talks to the fake should end
// with a look at the violations.
//
// # Trouble
//
// [Fake.SetSessions] lets session tokens end or be replaced, [Fake.SetLimit],
// [Fake.SetPaging] and [Fake.SetThrottle] set limits, [Fake.SetStatus] lets
// single devices fail, [Entry.DropCursors] ends cursors, [Fake.Refuse] orders
// any error code, [Entry.Plant] puts damaged records among the good ones,
// [Fake.SetWire] chooses among forms of the same answer, Apple's simulator
// among them, and [Fake.Faults] makes the connection misbehave.
//
// # Guesses
//
// Where nothing is known about the real service the fake had to choose. A
// request without Accept, or with one that does not take JSON, is 406. A
// signature may be five minutes off. A session ends after three minutes of
// disuse and, like a token that a newer one replaced, is 401; a session token
// that never was is 403 FORBIDDEN. A token that was replaced or whose owner
// changed the password loses its sessions at once. The token of a deleted
// entry is refused like an unknown one. Access that was taken away comes
// before terms, and both come before what is wrong with the request. A replaced
// session token stops working at once. A protocol version above 10 counts as
// 10, one that is no number as 1. Operations and fields that a version lacks
// are 404 NOT_FOUND and ignored. THROTTLED is FAILED before version 9. A limit
// of 0 is the standard one, a negative one and a batch above the maximum are
// MALFORMED_REQUEST_BODY. A cursor of an unfinished fetch can begin a sync. A
// web address that is not one is CONFIG_URL_INVALID in both fields that hold
// one; lengths are counted in characters; DESCRIPTION_INVALID is never given,
// because no field of that kind is known. A profile is shown with the standard
// values of its flags. Removing a profile leaves "removed" when it had been
// pushed, else "empty". Assigning and pushing a profile are changes that sync
// lists. A device that leaves an entry loses its profile. An activation lock
// is refused for Apple TVs, and for the old deployment programmes and TV
// providers, which have no account-driven enrolment either. A device that
// replaces none is DEVICE_NOT_FOUND. The roster of a school and the profile of
// TV providers are not served, because their shapes are not known, and are not
// among the urls of the account.
package adetest
