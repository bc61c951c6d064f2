// Package mdm is the vocabulary of mdmlink: what a device, a listing, a
// command, a connection test and a failure are, whichever system they come
// from. It makes no request and imports nothing but the standard library and
// mdm/ident.
//
// # Devices
//
// A vendor's own device type implements [Device], whose [Record] is the
// neutral form. The catalogue ([Catalogue], [Lookup], [Value]) reads any
// attribute of a Record by its [Key]. A zero field was not reported, which is
// not the same as having no value: see [Record.Blank].
//
// # Sources
//
// A [Source] lists the devices of one tenant in bounded pages and reads single
// ones. What else it can do is found with [As]: [Checker], [Commander],
// [SoftwareLister], [SiteLister], [HealthReporter], and [Batcher] on the
// outermost value only. [Abilities] lists them. A host changes a source by
// wrapping it ([Wrapper]).
//
// # Completeness
//
// A listing proves that a device is gone only if its last page carries an
// [End] that says Complete. Everything else proves nothing.
//
// # Errors
//
// Every failure of a remote system is an [*Error] of one of the kinds that
// this package lists (ErrUnauthorized and so on). [Code] gives a text to
// store, [Advice] one to show. No error and no log line holds a secret, a
// response body or personal data.
//
// # Secrets
//
// A [Secret] cannot be printed, logged or marshalled, and may be rotated
// while a client lives.
package mdm
