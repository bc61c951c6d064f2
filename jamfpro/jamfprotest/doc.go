// Package jamfprotest is a fake Jamf Pro server for tests and examples.
//
// It is written from what is known about the API and not from any client, so
// that a client's mistake is not repeated on this side. It serves a synthetic
// district (package fleet), keeps state, and is strict.
//
//	srv := jamfprotest.NewServer(fleet.New(fleet.Options{}))
//	defer srv.Close()
//	// srv.URL, srv.ClientID and srv.ClientSecret are the address and the credentials.
//
// [New] gives the [Fake] alone: an http.Handler for a port of your own, and
// with [Fake.Transport] a server without any socket, for testing/synctest.
//
// # State
//
// Macs are computers, all other Apple devices are mobile devices; both kinds
// have numbers of their own, so that one number can stand for two devices.
// Schools become buildings and sites; departments and purchasing data are
// derived. Writes are visible in later reads. Commands are only queued;
// [Fake.Settle] lets the devices carry them out. [Fake.Add] and [Fake.Remove]
// change the fleet, and paging goes by offset: what vanishes between two pages
// shifts the rest. [Fake.Before] is the place for that. [Fake.SetBulk] adds
// any number of computers that are made from their index while a page is
// written, so that a hundred thousand of them take no memory.
//
// # Time
//
// The fake's present begins with the district's and goes on as time goes on,
// faster with Fake.Advance. Tokens age by it, and each answer has a Date
// header that tells it: it is usually far from the clock of this machine.
//
// # Generations
//
// [Fake.SetVersion] makes the fake an older or newer server. Endpoints that
// this version lacks are answered with 404, fields that it lacks are not sent.
// On a host of the Platform Gateway the fake answers nothing but 404.
//
// # Strictness
//
// What the API does not allow is noted and returned by [Fake.Violations]:
// unknown parameters, sections, fields and keys, a page-size above the
// maximum, a missing header, more than five requests at a time. Such a request
// is answered as the real server would where that is known, and else with
// status 400. A test that talks to the fake should end with a look at the
// violations.
//
// # Trouble
//
// [Fake.SetRights] and [Fake.Revoke] take privileges and accounts away,
// [Fake.RotateSecret], [Fake.SetTokenLife] and [Fake.DropTokens] make
// credentials and tokens end, [Fake.SetLimit] limits the rate,
// [Fake.SetRowLimit] lets large pages time out, [Fake.SetNodes] makes a
// cluster whose nodes lag behind each other, [Fake.SetDamage] and [Fake.Plant]
// put damaged records among the good ones, [Fake.SetWire] chooses among forms
// of the same answer, and [Fake.Faults] makes the connection misbehave.
//
// # Guesses
//
// Where nothing is known about the real server the fake had to choose. An
// endpoint that the version lacks answers {"httpStatus":404,"errors":[]}. An
// unknown token is 401 without errors, an expired one has INVALID_TOKEN.
// Changed privileges hold for running tokens ([Wire.StaleRights] for the
// other). Sorting by id is numeric. In a PATCH an empty text clears and null
// changes nothing and is a violation. A megabyte is 10^6 bytes. A comparison
// with null is never true, except for !=. RSQL's word "and" works, "or" does
// not. Sending a command needs both the View and the Send privilege beside
// its own. Without "View Mobile Device Lost Mode Location" the location of a lost
// device is null. IMEIs are filtered without their blanks. A command for the wrong kind of device is 400; one that the
// device's state forbids ends as ERROR. A wiped device stays listed, not
// managed. The shapes of GET /v1/api-role-privileges and of Classic's answer
// to UpdateInventory are made up, and so are the name of the command that installs the agent anew, the
// fields of SETTINGS that are refused as unknown, and the limit for the length
// of an address.
package jamfprotest
