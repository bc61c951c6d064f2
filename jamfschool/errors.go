package jamfschool

import (
	"errors"
	"net/http"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// classifyFailure reads an error answer.
//
// Source: reference/jamfschool.md 6.2
func classifyFailure(f transport.Failure) error {
	answer, isJSON := parseAnswer(f.Body)
	code, message := failureOf(answer)
	e := &mdm.Error{Vendor: message}
	switch status := f.Status; {
	case isJSON && (answer.HTTPStatus.Present && !answer.Code.Present):
		e.Kind = mdm.ErrWrongAddress
		e.Detail = "this looks like a Jamf Pro server"
		e.Advice = "Check the domain: it leads to Jamf Pro, not to Jamf School."
	case status == http.StatusUnauthorized:
		e.Kind = mdm.ErrUnauthorized
		e.Advice = "Check network ID and API key; both are shown in the Jamf School console."
	case status == http.StatusForbidden:
		e.Kind = mdm.ErrAddressNotAllowed
		e.Advice = "The server refuses requests from this address. If the API key has a list of allowed addresses (Organization > Settings > API), add the address that this machine has on the internet."
	case status == http.StatusMethodNotAllowed:
		e.Kind, e.Vendor = mdm.ErrPermissionMissing, ""
		e.Detail, e.Advice = missingRight(f.Method, strings.Contains(message, "not allowed using this API key"))
	case status == http.StatusNotFound && strings.HasSuffix(message, "NotFound"):
		e.Kind = mdm.ErrNotFound
	case status == http.StatusNotFound && isJSON && code != 0:
		e.Kind = mdm.ErrNotFound
	case status == http.StatusNotFound:
		e.Kind = mdm.ErrWrongAddress
		e.Detail = "no such route, or a protocol version too low for it"
		e.Advice = "Check the domain, and that nothing on the way removes the header " + protocolHeader + "."
	case status == http.StatusBadRequest:
		e.Kind = mdm.ErrInvalid
	default:
		return nil
	}
	return e
}

func parseAnswer(body []byte) (answer wire.Answer, isJSON bool) {
	isJSON = json.Unmarshal(body, &answer) == nil
	return answer, isJSON
}

// failureOf returns code and message of an answer, wherever they stand.
func failureOf(a wire.Answer) (code int64, message string) {
	code, message = a.Code.N, a.Message.Text
	if a.Error.Present {
		code, message = a.Error.Of.Code.N, a.Error.Of.Message.Text
	}
	return code, message
}

// hidden returns the failure that an answer of status 200 holds, if it does.
func (c *Client) hidden(r transport.Request, response *transport.Response, raw []byte) error {
	answer, isJSON := parseAnswer(raw)
	if !isJSON {
		return nil
	}
	return c.failed(r, response, answer)
}

// failed returns the failure that an answer tells of, if it does.
func (c *Client) failed(r transport.Request, response *transport.Response, answer wire.Answer) error {
	code, message := failureOf(answer)
	if code < http.StatusBadRequest {
		return nil
	}
	e := &mdm.Error{Op: r.Op, Origin: c.info.Origin, Kind: kindOf(int(code), message), Status: response.Status,
		Vendor: message, RequestID: response.RequestID}
	if reason := answer.Reason.Text; reason != "" {
		e.Cause = reasonError(reason)
	}
	if e.Kind == mdm.ErrUnavailable {
		doubt(r, e)
	}
	return e
}

// doubt makes the failure of a write one whose outcome is unknown. A read stays
// as it is.
func doubt(r transport.Request, e *mdm.Error) {
	if r.Method == http.MethodGet {
		return
	}
	e.Kind = mdm.ErrOutcomeUnknown
	e.Advice = "Read the device before trying again: the request may have been carried out."
}

func kindOf(code int, message string) error {
	switch {
	case strings.HasSuffix(message, "NotFound") || code == http.StatusNotFound:
		return mdm.ErrNotFound
	case code == http.StatusUnauthorized:
		return mdm.ErrUnauthorized
	case code == http.StatusMethodNotAllowed:
		return mdm.ErrPermissionMissing
	case code == http.StatusTooManyRequests:
		return mdm.ErrRateLimited
	case code >= http.StatusInternalServerError:
		return mdm.ErrUnavailable
	case strings.HasSuffix(message, "Failed"):
		return mdm.ErrConflict
	}
	return mdm.ErrInvalid
}

// Reason returns the server's own words on why a request failed, such as
// "Device offline", or "". They are foreign text: show them to a person, and
// keep them out of logs.
func Reason(err error) string {
	reason, _ := errors.AsType[reasonError](err)
	return string(reason)
}

// reasonError carries the server's words behind an error, which never prints
// them.
type reasonError string

func (reasonError) Error() string { return "the server gave a reason" }

// unreadable is the error of an answer that is not what it should be. What
// the transport says (a broken connection, a login page) is returned as it is.
// Of a write whose answer cannot be read, nobody knows what became.
func (c *Client) unreadable(r transport.Request, response *transport.Response, err error) error {
	if _, ok := errors.AsType[*mdm.Error](err); ok || !json.IsSyntax(err) {
		return err
	}
	e := &mdm.Error{Op: r.Op, Origin: c.info.Origin, Kind: mdm.ErrDecode, Status: response.Status,
		RequestID: response.RequestID, Detail: "not the JSON that was expected"}
	doubt(r, e)
	return e
}
