// Package abmtest is a fake of Apple's organisation API, which Apple Business
// Manager and Apple School Manager share, for tests and examples.
//
// It is written from what is known about the API and not from any client, so
// that a client's mistake is not repeated on this side. It serves a synthetic
// district (package fleet), keeps state, and is strict.
//
//	srv := abmtest.NewServer(fleet.New(fleet.Options{}))
//	defer srv.Close()
//	// srv.URL is the address of both the token endpoint and the API;
//	// srv.ClientID, srv.Key().ID and srv.Key().File(abmtest.KeyDownloaded) are the credentials.
//
// [New] and [NewServer] make a business organisation, [NewSchool] and
// [NewSchoolServer] one of a school. New gives the [Fake] alone: an
// http.Handler for a port of your own, and with [Fake.Transport] a server
// without any socket, for testing/synctest. On Apple's own host names it
// serves only what is served there, on others it serves everything.
//
// # State
//
// The organisation owns Apple's devices of the district, each once, and the
// stock that was never enrolled; every third device in stock has no server. It
// never owned what people enrolled by hand, and it released the Apple devices
// that only the inventory knows. There is a server for all, one without
// devices, Apple Configurator's entry, and in a business Apple's built-in
// management with the last two phones. Writes are visible in later reads.
// Activities end after two polls, or with [Fake.Settle]. [Fake.Add],
// [Fake.Remove], [Fake.Release] and [Fake.Replace] change the fleet, and
// paging goes by offset: what vanishes between two pages shifts the rest.
// [Fake.Before] is the place for that.
//
// # Time
//
// The present is the clock of this machine and goes faster with
// Fake.Advance: tokens, cursors, limits and activities age by it. Assertions
// are judged by the clock of this machine alone, which is the one they were
// made by; Fake.SetSkew moves that, and the Date header with it. The dates
// of devices are those of the district.
//
// # Versions
//
// [Fake.SetVersion] makes the API an older one. What it lacks is refused or
// not sent, and its arrays are plain texts.
//
// # Strictness
//
// What the API does not allow is noted and returned by [Fake.Violations]:
// unknown parameters, fields and members, a limit out of range, a missing
// header, more than four requests at a time, a malformed assertion or one that
// is used twice, a bearer token on its way to the storage, calls that only a
// business has. Such a request is answered as the real server would where that
// is known, and else with status 400. A test that talks to the fake should end
// with a look at the violations.
//
// # Trouble
//
// [Fake.SetRights], [Fake.RevokeKey] and [Fake.RotateKey] take rights and keys
// away, [Fake.SetTokenLife] and [Fake.DropTokens] end tokens, [Fake.SetLimit],
// [Fake.SetWriteLimit] and [Fake.SetTokenLimit] limit the rate, [Fake.CutAfter]
// breaks the connection after some pages, [Fake.SetCursorLife] lets cursors go
// stale, [Fake.Plant] puts damaged records among the good ones, [Fake.SetWire]
// chooses among forms of the same answer, and [Fake.Faults] makes the
// connection misbehave.
//
// # Guesses
//
// Where nothing is known about the real server the fake had to choose.
//
//   - The rights of an account are the fake's own, as Apple's roles are not
//     known. An endpoint that the version lacks is 403. A school has no writes
//     of servers, no read of a single one and no release of devices.
//   - Selected fields leave the relationships out that they do not name, and a
//     relationship can be selected. Units have a name and two dates.
//   - An unknown parameter is 400, a wrong Content-Type 415, a damaged body 400,
//     wrong content 422, a state that forbids a write 409, an unknown server in
//     an activity 404. A cursor of another list, and one that is stale, is 400.
//   - A JWT id that comes twice is noted and taken ([Wire.RefuseReplay] for the
//     other), and so is an audience in an array. The issuer may be the client id
//     or [Fake.TeamID]. A client's clock that is a minute ahead is forgiven.
//   - The columns of an activity's log, the texts of its rows and the answers of
//     the storage are made up. Devices that cannot be changed make an activity
//     COMPLETED_WITH_ERROR, however many they are.
//   - The disown flag and the default families of a server can be written as
//     its name and certificate can. Apple's own entries cannot be written.
//   - Audit events come in the order of time. For a device that was replaced
//     releaseEntityId is the serial number of the new one.
//   - There are no apps, packages, configurations and blueprints, and none can
//     be made.
package abmtest
