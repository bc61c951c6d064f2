// Package ade keeps Apple's server tokens for Automated Device Enrolment alive
// and remembers what belongs to them.
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
package ade
