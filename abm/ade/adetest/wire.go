package adetest

// ErrorForm is the shape of error bodies.
type ErrorForm uint8

// The shapes of error bodies.
const (
	PlainErrors  ErrorForm = iota // EXPIRED_CURSOR, as the service
	QuotedErrors                  // "EXPIRED_CURSOR", as Apple's simulator
	JSONErrors                    // {"code":"EXPIRED_CURSOR"}, as other fakes
)

// Failure is an answer: a status and an error code, "" = no body.
type Failure struct {
	Status int
	Code   string
}

// Wire chooses among forms that the same answer can have. The zero Wire is
// what is known best.
type Wire struct {
	Errors ErrorForm

	Expired    Failure // /session with a token past its year; zero = 403 token_expiredForbidden
	Superseded Failure // /session with a token that a newer one replaced; zero = 401 token_rejected
	OldSession Failure // a session that ended; zero = 401 UNAUTHORIZED
	BadSession Failure // a session token that never was; zero = 403 FORBIDDEN

	EmptySession bool // /session gives an empty token

	MoreAsText  bool // more_to_follow is "true" or "false" in quotes
	NoDevices   bool // without devices, the list is left out; else it is []
	StuckCursor bool // a page gives back the cursor of its request, and there is always more to follow
	FullCursor  bool // cursors have 1000 characters, the documented maximum

	EmptyTexts    bool // texts and times without a value are "", profile_status too; else they are left out
	Fractions     bool // times have milliseconds
	PlainIMEI     bool // IMEIs are digits only; else in groups, as in the documented sample
	MovedModified bool // a device that comes from another entry is "modified", not "added"

	DashedUUID      bool // server_uuid has dashes, as in an old sample
	NoFacilitator   bool // the account has no facilitator_id, which is deprecated
	NoURLs          bool // the account has no urls
	EmptyWrites     bool // writes of the discovery address answer without a body; else they repeat it
	MissingIs404    bool // an unknown device of the replacement details is 404 NOT_FOUND, as documented
	RetryAfterDate  bool // Retry-After is a date; else seconds
	NoRetryAfter    bool // a 429 says nothing about when
	OmitStatusOfBad bool // devices that are not accessible are left out of the per-device status; else NOT_ACCESSIBLE

	// Simulator lets the fake be like Apple's simulator: Content-Type has to be
	// exact, PUT is the only way to assign a profile, department and support
	// phone number are required, GET /token gives the token of the main entry,
	// and errors are quoted.
	Simulator bool
}

// or is the failure, or another one if it is zero.
func (f Failure) or(status int, code string) reply {
	if f == (Failure{}) {
		return fail(status, code)
	}
	return fail(f.Status, f.Code)
}

// SetWire chooses the forms of answers from now on.
func (f *Fake) SetWire(w Wire) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if w.Simulator {
		w.Errors = QuotedErrors
	}
	f.wire = w
}
