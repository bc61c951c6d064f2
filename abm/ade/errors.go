package ade

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// ErrCursorExhausted says that everything was fetched up to this cursor: go on
// with it in SyncDevices. The listings of this package do so by themselves.
var ErrCursorExhausted = flaw("cursor_exhausted", mdm.ErrConflict, "everything was fetched up to this cursor",
	"Use the cursor to list the changes from here on.", "Verwenden Sie den Cursor, um die Änderungen ab hier aufzulisten.")

// Codes of Apple's that the session looks at, too.
const (
	codeTerms          = "T_C_NOT_SIGNED"
	codeDenied         = "ACCESS_DENIED"
	codeForbidden      = "FORBIDDEN"
	codeExpiredSession = "EXPIRED_TOKEN"
	codeSeedOff        = "APPLE_SEED_FOR_IT_TURNED_OFF"

	codeAdvice   = "oauth_problem_advice"
	codeRejected = "token_rejected"
	codeExpired  = "token_expired"
)

// meaning is what a code of Apple's says.
type meaning struct {
	kind           error // of package mdm, or one of this package
	detail, advice string
}

const adviceProxy = "Check the proxy in between: it answered in place of mdmenrollment.apple.com."

const adviceBug = "Update this software: the request is not made as Apple wants it."

// meanings are the codes of ordinary requests.
//
// Source: reference/apple.md 5.3
var meanings = map[string]meaning{
	"UNAUTHORIZED":          {mdm.ErrUnauthorized, "a new session was refused too", "Check the token in the portal."},
	codeForbidden:           {mdm.ErrPermissionMissing, "a new session was refused too", "Check in the portal what the server entry may do."},
	codeExpiredSession:      {mdm.ErrUnauthorized, "a new session was refused too", "Check the token in the portal."},
	codeTerms:               {kind: ErrTerms},
	codeDenied:              {kind: ErrAccessDenied},
	"TOO_MANY_REQUESTS":     {mdm.ErrRateLimited, "", "Wait, and ask less often. Other programs may use the same token."},
	"INVALID_CURSOR":        {mdm.ErrCursorInvalid, "", "List from the start, with an empty cursor."},
	"CURSOR_REQUIRED":       {mdm.ErrCursorInvalid, "none was given", "List from the start, with an empty cursor."},
	"EXPIRED_CURSOR":        {mdm.ErrCursorExpired, "it is older than seven days", "List from the start, with an empty cursor, and then at least once a week."},
	"EXHAUSTED_CURSOR":      {kind: ErrCursorExhausted},
	"DEVICE_ID_REQUIRED":    {mdm.ErrInvalid, "no device is named", "Give the serial numbers of one or more devices."},
	"DEVICE_NOT_FOUND":      {kind: mdm.ErrNotFound},
	"NOT_FOUND":             {kind: mdm.ErrNotFound},
	"PROFILE_NOT_FOUND":     {mdm.ErrNotFound, "there is no such profile", "Publish the profile again."},
	"PROFILE_UUID_REQUIRED": {mdm.ErrInvalid, "no profile is named", "Give the UUID of a published profile."},
	codeSeedOff:             {mdm.ErrUnsupported, "beta programmes are turned off for the organisation", "Turn on AppleSeed for IT in the portal."},
	"ORG_NOT_SUPPORTED":     {mdm.ErrUnsupported, "not for organisations of this kind", ""},

	"USER_AGENT_MISSING":     {mdm.ErrInvalid, "the header User-Agent was lost on the way", "Check the proxy in between, and Options.Base: the header User-Agent has to arrive."},
	"USER_AGENT_INVALID":     {mdm.ErrInvalid, "the header User-Agent was refused", "Check Options.UserAgent."},
	"MALFORMED_REQUEST_BODY": {mdm.ErrInvalid, "the body of the request was not understood", adviceBug},

	"MDM_SERVICE_DISCOVERY_URL_REQUIRED":  {mdm.ErrInvalid, "no address is given", "Give the https address of the service discovery."},
	"MDM_SERVICE_DISCOVERY_URL_NOT_VALID": {mdm.ErrInvalid, "the address was refused", "Give the https address of the service discovery."},
}

// profileCodes are the refusals of a profile, and the member that each is
// about.
//
// Source: reference/apple.md 5.3
var profileCodes = map[string]string{
	"CONFIG_NAME_REQUIRED": "profile_name is missing", "CONFIG_NAME_INVALID": "profile_name",
	"CONFIG_URL_REQUIRED": "url is missing", "CONFIG_URL_INVALID": "url",
	"DEPARTMENT_REQUIRED": "department is missing", "DEPARTMENT_INVALID": "department",
	"DESCRIPTION_INVALID": "the description", "LOCALE_INVALID": "language or region", "MAGIC_INVALID": "org_magic",
	"FLAGS_INVALID":         "the flags: is_mdm_removable may be false only together with is_supervised",
	"SUPPORT_EMAIL_INVALID": "support_email_address",
	"SUPPORT_PHONE_INVALID": "support_phone_number", "SUPPORT_PHONE_REQUIRED": "support_phone_number is missing",
}

// classifyFailure reads an error answer.
//
// Source: reference/apple.md 5
func classifyFailure(f transport.Failure) error {
	if f.WebPage() {
		return webPageFailure(f)
	}
	code := vendorCode(f.Body)
	if f.Op == "token" {
		return classifySession(f, code)
	}
	e := &mdm.Error{Vendor: code}
	switch m, known := meanings[code]; {
	case known:
		m.tell(e)
	case profileCodes[code] != "":
		meaning{ErrProfile, profileCodes[code], ""}.tell(e)
	case f.Status == http.StatusUnauthorized:
		meanings["UNAUTHORIZED"].tell(e)
	case f.Status == http.StatusMethodNotAllowed:
		meaning{mdm.ErrUnsupported, "Apple does not know this request", adviceBug}.tell(e)
	case code == "":
		return nil // the status says it
	}
	return e
}

// tell completes an error with the meaning.
func (m meaning) tell(e *mdm.Error) {
	e.Kind, e.Detail, e.Advice = m.kind, m.detail, m.advice
	if f, own := errors.AsType[*fault](m.kind); own {
		e.Kind, e.Cause, e.Detail, e.Advice = f.kind, f, f.detail, f.say.EN
		if m.detail != "" {
			e.Detail += ": " + m.detail
		}
	}
}

// webPageFailure keeps a proxy that refuses from looking like Apple.
func webPageFailure(f transport.Failure) error {
	e := &mdm.Error{}
	if f.Op == "token" {
		e.Op = opSession
	}
	switch f.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusBadRequest:
		meaning{mdm.ErrWrongAddress, "a web page instead of an answer", adviceProxy}.tell(e)
	default:
		if e.Op == "" {
			return nil // the status says it
		}
	}
	return e
}

// skewed is how far the clocks may differ before the answer names them.
//
// Source: reference/apple.md 10.2
const skewed = 5 * time.Minute

// classifySession reads the refusal of a session, which is that of the token.
//
// Source: reference/apple.md 5.2
func classifySession(f transport.Failure, code string) error {
	e := &mdm.Error{Op: opSession, Vendor: code}
	tell := func(kind error, detail, advice string) { meaning{kind, detail, advice}.tell(e) }
	refused := f.Status == http.StatusUnauthorized || f.Status == http.StatusForbidden
	switch {
	case code == codeTerms:
		tell(ErrTerms, "", "")
	case code == codeDenied:
		tell(ErrAccessDenied, "", "")
	case code == codeExpired && refused:
		tell(ErrTokenExpired, "Apple says so", "")
	case f.Status == http.StatusUnauthorized && clockIsWrong(f.Header):
		tell(ErrClockSkew, "", "")
	case f.Status == http.StatusUnauthorized, code == codeRejected:
		tell(ErrSuperseded, "", "")
	case f.Status == http.StatusForbidden:
		tell(mdm.ErrPermissionMissing, "no session is allowed", "Check in the portal what the server entry may do.")
	case f.Status == http.StatusBadRequest && (code == codeAdvice || code == ""):
		tell(mdm.ErrInvalid, "the request for a session was not understood", adviceBug)
	case f.Status == http.StatusMethodNotAllowed:
		tell(mdm.ErrUnsupported, "Apple does not know this request", adviceBug)
	default:
		if m, known := meanings[code]; known {
			m.tell(e)
		}
	}
	return e
}

func clockIsWrong(h http.Header) bool {
	date, err := http.ParseTime(h.Get("Date"))
	return err == nil && time.Since(date).Abs() > skewed
}

// codeLimit is how much of an error answer is looked at.
const codeLimit = 1 << 10

// vendorCode returns Apple's code in an error answer, or "". It is the
// beginning of a plain text, of a quoted one, or a member of an object; a word
// somewhere in a text is none.
//
// Source: reference/apple.md 5.1
func vendorCode(body []byte) string {
	text := string(bytes.TrimPrefix(body[:min(len(body), codeLimit)], []byte("\ufeff")))
	text = strings.Trim(text, " \t\r\n\"'")
	if strings.HasPrefix(text, "{") {
		var answer struct {
			Code    json.Text `json:"code"`
			Error   json.Text `json:"error"`
			Message json.Text `json:"message"`
		}
		if json.Unmarshal([]byte(text), &answer) != nil {
			return ""
		}
		for _, t := range []json.Text{answer.Code, answer.Error, answer.Message} {
			if code := leadingCode(strings.TrimSpace(t.Text)); code != "" {
				return code
			}
		}
		return ""
	}
	return leadingCode(text)
}

// leadingCode returns the code that a text begins with. Those of OAuth are
// glued to a phrase.
func leadingCode(text string) string {
	for _, code := range []string{codeAdvice, codeRejected, codeExpired} {
		if strings.HasPrefix(text, code) {
			return code
		}
	}
	part := func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' }
	end := strings.IndexFunc(text, func(r rune) bool { return !part(r) })
	if end < 0 {
		end = len(text)
	}
	word := end == len(text) || text[end] < 'a' || text[end] > 'z'
	if end < 3 || end > 64 || !word {
		return ""
	}
	return text[:end]
}

func isWebPage(h http.Header, start []byte) bool {
	return transport.Failure{Header: h, Body: start}.WebPage()
}
