// Package transport holds the HTTP manners that every client of a device
// management system shares. A host that writes an adapter of its own uses
// the same [Client] and gets the same behaviour.
//
// # Layers
//
// A request passes these layers, each an http.RoundTripper in a file of its
// own, from the outside in:
//
//	user agent     who is asking
//	log            one line per attempt, one warning per retry
//	retry          what may be repeated is repeated, after a fitting pause
//	concurrency    how many requests are in flight
//	rate limit     how many requests are made in a time
//	attempt        how long an answer may keep silent
//	auth           credentials, to the configured server only
//	departure      notes whether a request may have left this machine
//	base           the host's RoundTripper, or http.DefaultTransport
//
// Retry is outside the limits, so that each attempt pays for itself. There is
// no time-out over the whole: waiting for a limit is no failure, and the
// context of the caller bounds everything.
//
// # Reads and writes
//
// GET and HEAD are reads, and so is a POST marked with [Request.Read]. A read
// is repeated after 429, 502, 503, 504 and after a lost connection. A write is
// repeated only after 429, after a 401 that new credentials may heal, and when
// it provably never left. Any other failure of a write that may have arrived
// is mdm.ErrOutcomeUnknown: read the state back, then decide.
//
// # Limits
//
// [Rate] makes a limiter that keeps a documented limit in every window of
// time. [All] joins several. An answer 429 pauses everybody who shares a
// limiter with the method PauseUntil, such as [Gate].
//
// # Safety
//
// Credentials go to one scheme, host and port. Redirects and next links to
// another server are refused, and so is plain http, except to this machine.
// There is no cookie jar. Answers are bounded in bytes after decompression,
// so that neither an endless answer nor a compressed bomb fills the memory.
//
// # Errors
//
// [Client.Do] returns *mdm.Error, whose text holds no address, query, body or
// secret. When the caller's context ended, the error Is context.Canceled or
// context.DeadlineExceeded and mdm.Code gives "": it is the caller's own. The
// one exception is a write that may have arrived before; it Is both that and
// mdm.ErrOutcomeUnknown. Time-outs that are not the caller's never match
// context.DeadlineExceeded. [Diagnose] says why a system was not reached.
package transport
