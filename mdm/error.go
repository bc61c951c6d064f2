package mdm

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// The kinds of failure, the same for every vendor. Test for them with
// errors.Is; store them with [Code].
var (
	// ErrUnauthorized says that the credentials were refused.
	ErrUnauthorized = kind("unauthorized", "credentials refused")
	// ErrCredentialExpired says that a credential is past its expiry.
	ErrCredentialExpired = kind("credential_expired", "credential expired")
	// ErrCredentialSuperseded says that a newer credential replaced this one.
	ErrCredentialSuperseded = kind("credential_superseded", "credential superseded by a newer one")
	// ErrConsentMissing says that an administrator has not yet consented.
	ErrConsentMissing = kind("consent_missing", "consent missing")
	// ErrPermissionMissing says that the credentials are good but lack a right.
	ErrPermissionMissing = kind("permission_missing", "permission missing")
	// ErrAddressNotAllowed says that the system refuses the caller's address.
	ErrAddressNotAllowed = kind("address_not_allowed", "caller address not allowed")
	// ErrTermsNotAccepted says that the vendor's new terms wait for a signature.
	ErrTermsNotAccepted = kind("terms_not_accepted", "terms not accepted")
	// ErrWrongAddress says that the address leads to something else: another
	// product, a login page, a path that does not exist.
	ErrWrongAddress = kind("wrong_address", "wrong address")
	// ErrWrongTenant says that the answer belongs to another tenant, or that a
	// record of another origin was handed to a source.
	ErrWrongTenant = kind("wrong_tenant", "wrong tenant")
	// ErrNotFound says that the object does not exist.
	ErrNotFound = kind("not_found", "not found")
	// ErrRateLimited says that too much was asked at once; RetryAfter may tell
	// when to go on.
	ErrRateLimited = kind("rate_limited", "rate limited")
	// ErrQuotaExhausted says that a longer budget, such as a day's, is used up.
	ErrQuotaExhausted = kind("quota_exhausted", "quota exhausted")
	// ErrUnavailable says that the system could not be reached or answered
	// that it cannot serve now.
	ErrUnavailable = kind("unavailable", "unavailable")
	// ErrConflict says that the object's state does not allow the request.
	ErrConflict = kind("conflict", "conflict")
	// ErrInvalid says that what the caller supplied is not valid.
	ErrInvalid = kind("invalid", "invalid")
	// ErrUnsupported says that the system, or this device, cannot do it.
	ErrUnsupported = kind("unsupported", "unsupported")
	// ErrApprovalRequired says that a second administrator has to approve.
	ErrApprovalRequired = kind("approval_required", "approval required")
	// ErrOutcomeUnknown says that a request may or may not have been carried
	// out; it is never repeated by itself.
	ErrOutcomeUnknown = kind("outcome_unknown", "outcome unknown")
	// ErrCursorInvalid says that a cursor is damaged or belongs to another source.
	ErrCursorInvalid = kind("cursor_invalid", "cursor invalid")
	// ErrCursorExpired says that a cursor is too old; list anew from the start.
	ErrCursorExpired = kind("cursor_expired", "cursor expired")
	// ErrDecode says that an answer could not be understood.
	ErrDecode = kind("decode", "answer not understood")
)

// sentinel is one kind of failure: a stable code and a readable text.
type sentinel struct{ code, text string }

func (s *sentinel) Error() string { return s.text }

func kind(code, text string) error { return &sentinel{code: code, text: text} }

// Code returns the stable code of the kind of failure that err is, such as
// "rate_limited", for storage and statistics. It is "" for nil and for an
// error of no known kind.
func Code(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		if s, ok := e.Kind.(*sentinel); ok {
			return s.code
		}
	}
	if s, ok := errors.AsType[*sentinel](err); ok {
		return s.code
	}
	return ""
}

// Advice returns what a person can do about err, in one or two English
// sentences, or "".
func Advice(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Advice
	}
	return ""
}

// RetryAfter returns how long the system asked to wait before the next try;
// 0 means it did not say.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// Error is a failure of a remote system or of what was asked of it. Its text
// holds no address query, no body, no secret and no personal data, and is
// safe to log and to show.
type Error struct {
	Op         string        // what was attempted, such as "devices" or "wipe"
	Origin     Origin        // which system; may be zero
	Kind       error         // one of the Err values of this package; never nil
	Status     int           // HTTP status; 0 = no answer was received
	Vendor     string        // the vendor's own code, such as "UnlockFailed"; "" = none
	RequestID  string        // the vendor's id of the request, for its support; "" = none
	RetryAfter time.Duration // how long to wait; 0 = not said
	Detail     string        // a fixed text of ours that says more; "" = none
	Advice     string        // what a person can do; "" = nothing known
	Cause      error         // underlying error, for errors.Is and errors.As; may be nil, never printed
}

// Error returns one line such as
// "jamfschool: devices: rate limited (429, request 7f3a, retry after 30s)".
func (e *Error) Error() string {
	var b strings.Builder
	for _, part := range []string{e.Origin.Kind, e.Op} {
		if part != "" {
			b.WriteString(part + ": ")
		}
	}
	if e.Kind != nil {
		b.WriteString(e.Kind.Error())
	} else {
		b.WriteString("failed")
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if notes := e.notes(); len(notes) > 0 {
		b.WriteString(" (" + strings.Join(notes, ", ") + ")")
	}
	return b.String()
}

// GoString returns what Error does, so that no verb prints the cause.
func (e *Error) GoString() string { return e.Error() }

// MarshalText returns what Error does: an encoder that meets the error inside
// another value must not write out its cause.
func (e *Error) MarshalText() ([]byte, error) { return []byte(e.Error()), nil }

func (e *Error) notes() []string {
	var notes []string
	if e.Status != 0 {
		notes = append(notes, strconv.Itoa(e.Status))
	}
	if vendor := plain(e.Vendor); vendor != "" {
		notes = append(notes, vendor)
	}
	if id := plain(e.RequestID); id != "" {
		notes = append(notes, "request "+id)
	}
	if e.RetryAfter > 0 {
		notes = append(notes, "retry after "+e.RetryAfter.String())
	}
	return notes
}

// plain keeps of a foreign code what a code is made of, so that no sentence,
// name or markup of a remote system reaches a log.
func plain(code string) string {
	const limit = 64
	var b strings.Builder
	for _, r := range code {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && !strings.ContainsRune("-_.:", r) {
			return ""
		}
		if b.Len() == limit {
			return b.String()
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Unwrap returns the kind and the cause, so that errors.Is and errors.As find
// both.
func (e *Error) Unwrap() []error {
	wrapped := make([]error, 0, 2)
	if e.Kind != nil {
		wrapped = append(wrapped, e.Kind)
	}
	if e.Cause != nil {
		wrapped = append(wrapped, e.Cause)
	}
	return wrapped
}
