package ade

import (
	"context"
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Import is a token file to import, as a first token or in place of another.
type Import struct {
	File []byte   // as the portal gave it
	Key  *KeyPair // a pair of the host's own that it was made for; nil = one of the server's slots

	// Confirm asks Apple whose the token is, with the token itself: a session
	// and the account. nil = Apple cannot be asked now.
	Confirm func(context.Context, Token) (Identity, error)

	Reason  Reason         // why the token is replaced; "" = nobody said
	Options RenewalOptions // Window is the server's
}

// Imported is the outcome of an import.
type Imported struct {
	Server   *Server
	Warnings []Warning // nil = none
	Notices  []Notice  // changes of state and warnings before the end; nil = none

	// NewServer says that the token is of another server entry: every cursor of
	// this server is to be dropped, and all devices are to be fetched anew.
	NewServer bool
}

// ImportToken opens a token file with the pairs in the server's slots, checks
// it with Apple and against the token in use ([CheckRenewal]), and stores it:
// token, pairs and state at once, so that nothing is ever half replaced. The
// pair that opened it becomes the current one, and the staged slot is emptied
// if it was the staged one. A refused token changes nothing; but the download
// itself has probably ended the token in use.
//
// The error is one of those of [Open] and [CheckRenewal], or that of Confirm
// if Apple refused the token.
func (r *Registry) ImportToken(ctx context.Context, id string, in Import) (*Imported, error) {
	before, err := r.Server(ctx, id)
	if err != nil {
		return nil, err
	}
	opened, err := Open(in.File, in.Key, before.Staged, before.Current, before.Previous)
	if err != nil {
		return nil, err
	}
	live, unasked, err := in.ask(ctx, opened.Token)
	if err != nil {
		return nil, err
	}
	in.Options.Window = before.Window
	now := time.Now().UTC()
	renewal, err := CheckRenewal(ctx, Installed{before.Token, before.Identity}, opened.Token, live, now, in.Options)
	if err != nil {
		return nil, because(err, unasked)
	}
	out := &Imported{Warnings: renewal.Warnings, NewServer: renewal.NewServer}
	if before.Current != nil && slot(before.Current) != slot(opened.Key) {
		out.Warnings = append(out.Warnings, WarnKeyReplaced)
	}
	out.Server, err = r.change(ctx, id, func(s *Server) error {
		if s.TokenID != before.TokenID || slot(s.Staged) != slot(before.Staged) || slot(s.Current) != slot(before.Current) {
			return fail("import", ErrStale, "")
		}
		out.Notices = s.install(opened, live, unasked, in.Reason, now)
		s.TokenID, err = s.Token.Fingerprint(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ask returns what Apple answers to a token; nil and the reason if it could not
// be asked. An answer that refuses the token is an error, and so is a clock
// that is wrong.
func (in Import) ask(ctx context.Context, t Token) (live *Identity, unasked, err error) {
	if in.Confirm == nil {
		return nil, nil, nil
	}
	identity, err := in.Confirm(ctx, t)
	switch EventOf(err) {
	case EventWorked:
		identity.ServerUUID = NormaliseUUID(identity.ServerUUID)
		return &identity, nil, nil
	case EventTerms, EventUnreachable:
		return nil, err, nil
	}
	return nil, nil, err
}

// because adds to the refusal of a token why Apple could not be asked.
func because(refusal, unasked error) error {
	e, ok := errors.AsType[*mdm.Error](refusal)
	if ok && unasked != nil && errors.Is(refusal, ErrUnverified) {
		e.Cause = errors.Join(e.Cause, unasked)
	}
	return refusal
}

// install puts a token into a server. unasked is what kept Apple from being
// asked; nil = nothing, or nobody tried.
func (s *Server) install(opened *Opened, live *Identity, unasked error, reason Reason, now time.Time) []Notice {
	if slot(s.Current) != slot(opened.Key) {
		s.Previous = s.Current
	}
	s.Current = opened.Key
	if slot(s.Staged) == slot(opened.Key) {
		s.Staged, s.StagedAt, s.UploadedAt = nil, time.Time{}, time.Time{}
	}
	if s.Token.IsZero() {
		reason = ""
	}
	s.Token, s.Imported, s.Reason, s.Verified = opened.Token, now, reason, live != nil
	event := EventUnconfirmed
	if live != nil {
		s.Identity, s.Previous, event = *live, nil, EventImported
	}
	var notices, more []Notice
	s.Condition, notices = s.Condition.After(Observation{Event: event, At: now}, s.Expiry())
	if unasked != nil {
		s.Condition, more = s.Condition.After(Observation{Event: EventOf(unasked), At: now}, s.Expiry())
	}
	return append(notices, more...)
}
