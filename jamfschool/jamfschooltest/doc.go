// Package jamfschooltest is a fake Jamf School server for tests and examples.
//
// It is written from what is known about the API and not from any client, so
// that a client's mistake is not repeated on this side. It serves a synthetic
// district (package fleet), keeps state, and is strict.
//
//	srv := jamfschooltest.NewServer(fleet.New(fleet.Options{}))
//	defer srv.Close()
//	// srv.URL, srv.NetworkID and srv.Key are the address and the credentials.
//
// [New] gives the [Fake] alone: an http.Handler for a port of your own, and
// with [Fake.Transport] a server without any socket, for testing/synctest.
//
// # State
//
// Writes are visible in later reads, or a little later with
// [Fake.SetStaleReads]. Commands are only queued; [Fake.Settle] lets the
// devices carry them out. A wiped device of automated enrolment then waits
// to be set up again and has never checked in.
//
// # Strictness
//
// What no known answer of the real server allows is noted and returned by
// [Fake.Violations]: unknown parameters and keys, a missing header, an empty
// or misspelt UDID, more than twenty devices in one move, a cookie that comes
// back. Such a request is answered as the real server would where that is
// known, and else with status 400. A test that talks to the fake should end
// with a look at the violations.
//
// # Trouble
//
// [Fake.SetRights] and [Fake.Revoke] take rights and keys away,
// [Fake.AllowAddresses] refuses callers, [Fake.SetLimit] limits the rate, and
// [Fake.Faults] makes the connection misbehave. [Fake.SetWire] chooses among
// the forms that the same JSON had over the years, and [Fake.Plant] puts
// damaged records among the good ones.
//
// # Guesses
//
// Where nothing is known about the real server the fake had to choose: the
// body of 401, 403 and 429; the value of a check-in that never was (each
// such device shows another form); the separator of several Ethernet
// addresses (a comma); whether a device that was unenrolled stays listed (it
// does, not managed); the shape of a device's own list of apps; and the
// answers to requests that break a limit.
//
// # Recordings
//
// [Answers] serves a folder of recorded answers instead of a district.
package jamfschooltest
