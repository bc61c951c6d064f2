package abm

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// classifyFailure reads an error answer.
//
// Source: reference/apple.md 9.1
func classifyFailure(f transport.Failure) error {
	var answer wire.Failure
	_ = json.Unmarshal(f.Body, &answer) // may be empty, HTML or anything else
	if f.Op == opToken {
		return classifyToken(f, answer)
	}
	e := &mdm.Error{Vendor: vendorCode(answer), RequestID: errorID(answer)}
	switch f.Status {
	case http.StatusUnauthorized:
		e.Kind, e.Advice = mdm.ErrUnauthorized, "The token was refused: the key may have been revoked. Check the API account in the portal."
	case http.StatusForbidden:
		e.Kind = mdm.ErrPermissionMissing
		e.Detail, e.Advice = missingRight(f.Op)
	case http.StatusNotFound:
		if f.WebPage() {
			return nil
		}
		e.Kind = mdm.ErrNotFound
	case http.StatusNotAcceptable:
		e.Kind, e.Detail = mdm.ErrInvalid, "the header Accept was lost on the way"
		e.Advice = "Check the proxy in between, and Options.Base: the header Accept has to arrive."
	case http.StatusBadRequest:
		e.Kind, e.Cause = mdm.ErrInvalid, complaintOf(answer)
	case http.StatusUnprocessableEntity:
		e.Kind = mdm.ErrInvalid
	case http.StatusConflict:
		e.Kind = mdm.ErrConflict
		e.Advice = "Read the object again: its state does not allow the request."
	default:
		return otherStatus(e, f.Status)
	}
	return e
}

// otherStatus leaves the kind to the status, and keeps Apple's code.
func otherStatus(e *mdm.Error, status int) error {
	switch {
	case e.Vendor == "" && e.RequestID == "":
		return nil
	case status == http.StatusTooManyRequests:
		e.Kind = mdm.ErrRateLimited
		e.Advice = "Wait, and ask less often. The limit seems to be shared by all API accounts of the organisation, and by its device management."
	case status >= http.StatusInternalServerError:
		e.Kind = mdm.ErrUnavailable
	default:
		return nil
	}
	return e
}

// skewed is how far the clocks may differ before the answer names them.
const skewed = 5 * time.Minute

// classifyToken reads an error answer of the token endpoint. Its body may echo
// the assertion.
//
// Source: reference/apple.md 6.4
func classifyToken(f transport.Failure, answer wire.Failure) error {
	code := answer.OAuthCode.Text
	e := &mdm.Error{Kind: mdm.ErrUnauthorized,
		Advice: "Check client ID, key ID and private key; they belong together, and the key may have been revoked in the portal."}
	if !oauthCode(code) {
		code = ""
	}
	e.Vendor = code
	switch {
	case f.Status == http.StatusTooManyRequests:
		e.Kind, e.Advice = mdm.ErrRateLimited, "Keep the client instead of making one per request: each asks for a token of its own."
	case f.WebPage():
		return nil
	case code == "invalid_scope":
		e.Detail = "the API account has not the scope that its client ID names"
	case f.Status == http.StatusBadRequest || f.Status == http.StatusUnauthorized || f.Status == http.StatusForbidden:
		if date, err := http.ParseTime(f.Header.Get("Date")); err == nil && time.Since(date).Abs() > skewed {
			e.Detail = "the clock of this machine differs from Apple's"
			e.Advice = "Set the clock of this machine: an assertion with a wrong time is refused."
		}
	default:
		return nil
	}
	return e
}

func oauthCode(code string) bool {
	return len(code) <= 64 && !strings.ContainsFunc(code, func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' })
}

// vendorCode returns Apple's code of the first error that has one.
func vendorCode(a wire.Failure) string {
	for _, item := range a.Errors.Of {
		code := item.Code.Text
		if code != "" && len(code) <= 128 && !strings.ContainsFunc(code, func(r rune) bool {
			return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '.'
		}) {
			return code
		}
	}
	return ""
}

// errorID returns Apple's id of the failure, for its support.
func errorID(a wire.Failure) string {
	for _, item := range a.Errors.Of {
		if uuidForm.MatchString(item.ID.Text) {
			return item.ID.Text
		}
	}
	return ""
}

// complaint is what Apple says about a parameter. It is foreign text and never
// printed.
type complaint struct{ parameter, detail string }

func (*complaint) Error() string { return "a parameter was refused" }

func complaintOf(a wire.Failure) error {
	for _, item := range a.Errors.Of {
		if p := item.Source.Of.Parameter.Text; p != "" || item.Detail.Text != "" {
			return &complaint{p, item.Detail.Text}
		}
	}
	return nil
}

// missing reports whether an object does not exist.
func missing(err error) bool { return errors.Is(err, mdm.ErrNotFound) }

// unreadable is the error of an answer that is not what it should be. What the
// transport says (a broken connection, a login page) is returned as it is.
func (c *Client) unreadable(op string, response *transport.Response, err error) error {
	if _, ok := errors.AsType[*mdm.Error](err); ok {
		return err
	}
	e := response.Fail(mdm.ErrDecode)
	e.Op, e.Detail = op, "not the JSON that was expected"
	return e
}
