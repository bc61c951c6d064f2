package ade

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// State is how a server token is. The zero State is not known: nothing was
// found out yet.
//
// Source: reference/apple.md 10.2
type State uint8

const (
	StateUnknown    State = iota
	StateNone             // there is no token
	StatePending          // there is no token, and a key pair waits for one
	StateValid            // works, and its end is far
	StateExpiring         // works, and its end is within the warning window
	StateExpired          // past its end
	StateSuperseded       // refused before its end, most likely because a newer one was downloaded
	StateTerms            // good, and new terms of Apple's wait for a signature
	StateRevoked          // its server entry has no access any more
)

type stateRow struct {
	code      string
	name, say mdm.Text
}

var states = [...]stateRow{
	StateUnknown: {code: "", name: mdm.Text{EN: "not known", DE: "nicht bekannt"},
		say: mdm.Text{EN: "It is not known yet how the token is.", DE: "Der Zustand des Tokens ist noch nicht bekannt."}},
	StateNone: {code: "none", name: mdm.Text{EN: "no token", DE: "kein Token"},
		say: mdm.Text{EN: "There is no token. Make a key pair and upload its certificate in the portal.", DE: "Es gibt kein Token. Erzeugen Sie ein Schlüsselpaar und laden Sie dessen Zertifikat im Portal hoch."}},
	StatePending: {code: "pending", name: mdm.Text{EN: "waiting for a token", DE: "wartet auf ein Token"},
		say: mdm.Text{EN: "The key pair is ready. Upload its certificate in the portal, download the token and import it.", DE: "Das Schlüsselpaar ist bereit. Laden Sie dessen Zertifikat im Portal hoch, laden Sie das Token herunter und importieren Sie es."}},
	StateValid: {code: "valid", name: mdm.Text{EN: "valid", DE: "gültig"},
		say: mdm.Text{EN: "The token works.", DE: "Das Token funktioniert."}},
	StateExpiring: {code: "expiring", name: mdm.Text{EN: "about to expire", DE: "läuft bald ab"},
		say: mdm.Text{EN: "The token works and expires soon. Download a new one in the portal and import it at once: the old one ends with the download.", DE: "Das Token funktioniert und läuft bald ab. Laden Sie im Portal ein neues herunter und importieren Sie es sofort: Mit dem Download endet das alte."}},
	StateExpired: {code: "expired", name: mdm.Text{EN: "expired", DE: "abgelaufen"},
		say: mdm.Text{EN: "The token has expired. Download a new one in the portal and import it.", DE: "Das Token ist abgelaufen. Laden Sie im Portal ein neues herunter und importieren Sie es."}},
	StateSuperseded: {code: "superseded", name: mdm.Text{EN: "no longer accepted", DE: "nicht mehr akzeptiert"},
		say: mdm.Text{EN: "Apple refuses the token before its end. Probably a newer one was downloaded for this server, or the person who downloaded it changed the password or left. Download a new one in the portal and import it.", DE: "Apple lehnt das Token vor seinem Ablauf ab. Wahrscheinlich wurde für diesen Server ein neueres heruntergeladen, oder die Person, die es heruntergeladen hat, hat ihr Kennwort geändert oder die Organisation verlassen. Laden Sie im Portal ein neues herunter und importieren Sie es."}},
	StateTerms: {code: "terms", name: mdm.Text{EN: "new terms not accepted", DE: "neue Bedingungen nicht akzeptiert"},
		say: mdm.Text{EN: "The token is good. An administrator has to sign in to the portal and accept Apple's new terms.", DE: "Das Token ist in Ordnung. Ein Administrator muss sich im Portal anmelden und Apples neue Bedingungen akzeptieren."}},
	StateRevoked: {code: "revoked", name: mdm.Text{EN: "access denied", DE: "Zugriff verweigert"},
		say: mdm.Text{EN: "This server has no access any more. Check that it still exists in the portal and that the person who downloaded the token kept the role; then download a new token and import it.", DE: "Dieser Server hat keinen Zugriff mehr. Prüfen Sie, ob er im Portal noch existiert und ob die Person, die das Token heruntergeladen hat, ihre Rolle behalten hat; laden Sie dann ein neues Token herunter und importieren Sie es."}},
}

// States returns all states that a token can be in, without StateUnknown.
func States() []State {
	return []State{StateNone, StatePending, StateValid, StateExpiring, StateExpired, StateSuperseded, StateTerms, StateRevoked}
}

func (s State) row() stateRow {
	if int(s) >= len(states) {
		return states[StateUnknown]
	}
	return states[s]
}

// String returns a stable code such as "expiring", or "" for not known.
func (s State) String() string { return s.row().code }

// Name returns the state in a word or two, for a list.
func (s State) Name() mdm.Text { return s.row().name }

// Text returns what the state means and what to do, in one to three sentences.
func (s State) Text() mdm.Text { return s.row().say }

// Works reports whether requests with the token succeed, as far as is known.
func (s State) Works() bool { return s == StateValid || s == StateExpiring }

// MarshalText returns what String does.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is not known.
func (s *State) UnmarshalText(text []byte) error {
	*s = State(max(0, slices.IndexFunc(states[:], func(r stateRow) bool { return r.code == string(text) })))
	return nil
}

// Event is what happens to a token. The zero Event is none and changes
// nothing.
type Event uint8

const (
	EventNone        Event = iota
	EventStaged            // a key pair was made
	EventDiscarded         // the key pair that waited was dropped
	EventImported          // a token was imported, and Apple confirmed it
	EventUnconfirmed       // a token was imported, and Apple could not be asked
	EventWorked            // a session was opened and the account was read
	EventRefused           // 401, with a clock that is right
	EventExpired           // Apple says that the token has expired
	EventTerms             // T_C_NOT_SIGNED
	EventDenied            // ACCESS_DENIED
	EventSkewed            // 401, with a clock that is wrong
	EventUnreachable       // no answer, 5xx or 429
	EventClock             // time went by
)

var eventCodes = [...]string{"", "staged", "discarded", "imported", "unconfirmed", "worked", "refused", "expired", "terms", "denied", "skewed", "unreachable", "clock"}

// asks reports whether Apple was asked.
func (e Event) asks() bool {
	switch e {
	case EventNone, EventStaged, EventDiscarded, EventClock:
		return false
	}
	return true
}

// Events returns all events, without EventNone.
func Events() []Event {
	var all []Event
	for e := EventStaged; e <= EventClock; e++ {
		all = append(all, e)
	}
	return all
}

// String returns a stable code such as "refused", or "".
func (e Event) String() string {
	if int(e) >= len(eventCodes) {
		return ""
	}
	return eventCodes[e]
}

// MarshalText returns what String does.
func (e Event) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is none.
func (e *Event) UnmarshalText(text []byte) error {
	*e = Event(max(0, slices.Index(eventCodes[:], string(text))))
	return nil
}
