// Package relutiontest is a fake Relution server for tests and examples.
//
// It is written from what is known about the API and not from any client, so
// that a client's mistake is not repeated on this side. It serves a synthetic
// district (package fleet), keeps state, and is strict.
//
//	srv := relutiontest.NewServer(fleet.New(fleet.Options{Windows: 5, Android: 8}))
//	defer srv.Close()
//	// srv.URL, srv.Token and srv.Tenant are the address and the credentials.
//
// [New] gives the [Fake] alone: an http.Handler for a port of your own, and
// with [Fake.Transport] a server without any socket, for testing/synctest.
//
// # Releases
//
// [Fake.SetVersion] makes it a server of another release. Up to 5.0 the API
// is below /relution/api, from 5.0 on below /api, and from 5.34 on below
// /api/management, with /api as an alias. The light list of devices came with
// 5.0, lists with a query in the body with 5.34, which is also taken for the
// release that nested Apple's details.
//
// # Organisations
//
// The token's owner was made in one organisation, [Fake.Home], which has three
// devices of its own, and gets to another, [Fake.Tenant], which has the
// district. A request without tenant is about the first, so that a tenant
// which was forgotten shows. [Fake.Split] puts an organisation for each
// school below the tenant.
//
// # State
//
// Actions are only queued. [Fake.Deliver] hands them to the devices, and
// [Fake.Settle] lets the devices carry them out. A list that is not sorted
// has the device that changed last at its end, so that pages shift when
// devices check in while they are read.
//
// # Devices
//
// Records that a newer enrolment replaced are deleted or withdrawn, and stay
// listed. Devices that never checked in are pending and have no hardware.
// Phones that their owner enrolled, and one of four Android devices, report
// no serial; another one of four Android devices reports the serial of the
// next. One of four Android devices is of the older kind.
//
// # Strictness
//
// What no known answer of the real server allows is noted and returned by
// Violations: unknown parameters and keys, a tenant where none may be, in a
// header or empty, a plus sign that was not encoded, unknown types and members
// of filters and fields that they do not fit, details of an action that do not
// belong to it, more than fifty actions for a device in a day, a UUID in a
// path in other letters. Such a request is answered as the real server would
// where that is known, and else with status 400. Asking for what only another
// release has is no violation: clients find the release out in that way. A
// test that talks to the fake should end with a look at the violations.
//
// # Trouble
//
// [Fake.SetRights], [Fake.Bar], [Fake.Revoke], [Fake.Expire] and
// [Fake.Refuse] take away what a token can do. Ten requests with bad
// credentials within ten minutes ban the caller, see [Fake.SetBan].
// [Fake.SetLimit], [Fake.SetPostLimit] and [Fake.SetPageLimit] limit,
// [Fake.SetRedirect] stands for a proxy, [Fake.FailNext] answers with the
// server's own errors, and [Fake.Faults] makes the connection misbehave.
// [Fake.SetWire] chooses among the forms that the same answer may have, and
// [Fake.Plant] puts damaged records among the good ones.
//
// # Guesses
//
// Where nothing is known about the real server the fake had to choose: which
// permission an endpoint needs; 403 for an organisation that exists and that
// the caller does not get to, 404 for one that does not; 403 for terms that
// were not accepted; the total of a list that was not asked to count (the size
// of the page); that the groups of a user come in pages too; the order of a
// list that is not sorted; the case of text in filters (contains and like do
// not care); what NOT does with several filters (the opposite of AND); a limit
// of 0 (all items); the status of a device that was wiped (withdrawn); a single
// group of devices on modern servers (in the wrapper); the calls about the
// account on servers before 5.0 (they are there); and the name of the settings
// that label the custom fields (DEVICE_MANAGEMENT). The light list with a query
// is served for POST and for GET. Session logins and bearer tokens are not
// served, nor are compliance, lendings, enrolment profiles, uploads of CSV, and
// a whole device by PUT.
package relutiontest
