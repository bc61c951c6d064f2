package relution

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// meanings are the server's own codes, by what they come down to.
//
// Source: reference/relution.md 6.3
var meanings = []struct {
	kind   error
	advice string
	codes  []string
}{
	{mdm.ErrCredentialExpired, adviceToken, []string{"ACCESS_TOKEN_EXPIRED"}},
	{mdm.ErrUnauthorized, adviceToken, unauthorised},
	{mdm.ErrTermsNotAccepted, "Sign in to the portal as the user of the access token and accept the terms.", []string{"USER_NEEDS_TO_ACCEPT_TERMS"}},
	{mdm.ErrPermissionMissing, "", []string{"ACCESS_FORBIDDEN", "INSUFFICIENT_PRIVILEGES", "OPERATION_NOT_PERMITTED"}},
	{mdm.ErrUnsupported, "The licence of the server does not cover this.", []string{"FEATURE_NOT_ENABLED", "LICENSE_EXCEEDED", "EDUCATION_LICENSE_NEEDED"}},
	{mdm.ErrWrongTenant, adviceTenant, []string{"UNKNOWN_ORGANIZATION", "ORGANIZATION_DOES_NOT_EXIST", "ORGANIZATION_NOT_VALID", elsewhere}},
	{mdm.ErrWrongTenant, "The server demands a tenant: enter the tenant ID, which is the UUID behind " + tenantParameter + "= in the portal's address under Devices > Inventory.", []string{"TENANT_UUID_MISSING"}},
	{mdm.ErrWrongTenant, "The access token acts in the global organisation, where this does not exist. Enter the tenant ID of the school.", []string{"OPERATION_NOT_SUPPORTED_IN_GLOBAL_ORGA", "NOT_SYSTEM_ORGANIZATION"}},
	{mdm.ErrNotFound, "", []string{"DEVICE_DOES_NOT_EXIST", "DEVICE_GROUP_DOES_NOT_EXIST", "RESOURCE_NOT_FOUND", "USER_DOES_NOT_EXIST", "GROUP_DOES_NOT_EXIST", "AUTOENROLLMENT_NOT_FOUND", "DEP_DEVICE_DOES_NOT_EXIST", "DEP_ACCOUNT_DOES_NOT_EXIST"}},
	{mdm.ErrConflict, "", []string{"ILLEGAL_DEVICE_STATE", "DEVICE_MISMATCH", "NO_DEVICE_USER_ASSIGNED", "DEVICE_USER_READ_ONLY", "PRECONDITION_FAILED"}},
	{mdm.ErrUnsupported, "", []string{"UNSUPPORTED_ACTION", "WRONG_DEVICE_PLATFORM", "INCORRECT_ACTION_TYPE", "DEVICE_INFO_NOT_PRESENT"}},
	{mdm.ErrPermissionMissing, "The action is switched off for devices of this ownership, or the user of the access token lacks the permission for it.", []string{"ACTION_NOT_ALLOWED"}},
	{mdm.ErrInvalid, "", []string{"ARGUMENTS_MISSING_OR_INVALID", "DATA_INVALID", "UUID_MISMATCH", "UNSUPPORTED_MEDIA_TYPE"}},
}

// unauthorised are the codes of a token that is refused.
var unauthorised = []string{"REQUEST_UNAUTHORIZED", "ACCESS_TOKEN_DOES_NOT_EXIST", "HEADER_CONTAINS_INVALID_TOKENS", "INVALID_JWT", "MFA_VERIFICATION_REQUIRED"}

// adviceTenant is the advice for a tenant that the token does not reach.
const adviceTenant = "Check the tenant ID, which is the UUID behind " + tenantParameter + "= in the portal's address under Devices > Inventory, and that the user of the access token belongs to this tenant."

// reasons are why the server refuses a user, in words.
//
// Source: reference/relution.md 6.1
var reasons = map[string]string{
	"USER_LOCKED": "the user of the access token is locked", "USER_DEACTIVATED": "the user of the access token is deactivated",
	"PASSWORD_EXPIRED": "the password of the token's user has expired", "PASSWORD_CHANGE_REQUIRED": "the token's user has to change the password",
	"INVITATION_NOT_ACCEPTED": "the token's user has not accepted the invitation", "MFA_SETUP_REQUIRED": "the token's user has to set up a second factor",
	elsewhere: "the token's user belongs to another organisation", "SSL_REQUIRED": "the server wants https",
}

// classifyFailure reads an error answer.
//
// Source: reference/relution.md 6
func classifyFailure(f transport.Failure) error {
	code, reason, _ := failureOf(f.Body)
	e := &mdm.Error{Vendor: code, Detail: reasons[reason]}
	switch {
	case f.Status == http.StatusUnauthorized:
		e.Kind, e.Advice = mdm.ErrUnauthorized, adviceToken
		if code == "ACCESS_TOKEN_EXPIRED" {
			e.Kind = mdm.ErrCredentialExpired
		}
	case meant(e, f.Op, code, reason):
	case f.Status == http.StatusForbidden:
		permissionMissing(e, f.Op)
	case f.Status == http.StatusUnprocessableEntity, f.Status == http.StatusBadRequest:
		e.Kind = mdm.ErrInvalid
	case f.Status == http.StatusNotImplemented:
		e.Kind, e.Detail = mdm.ErrUnsupported, "the server is not set up for this"
	case f.Status == http.StatusServiceUnavailable && f.Method == http.MethodPost:
		e.Kind = mdm.ErrUnavailable
		e.Advice = "Try again later. If reading works and only this does not, a proxy limits POST: set the way of listing to " + ListBaseInfo + "."
	case code != "" && f.Status == http.StatusNotFound:
		e.Kind = mdm.ErrNotFound
	case code != "" && f.Status >= http.StatusInternalServerError:
		e.Kind = mdm.ErrUnavailable
	default:
		return nil
	}
	return e
}

// elsewhere is the reason of a refusal that no permission mends: the user is
// one of another organisation.
const elsewhere = "USER_BELONGS_TO_DIFFERENT_ORGANIZATION"

// meant gives e the meaning of the server's reason or else of its code, and
// reports whether there is one. A token that is refused stays refused, whatever
// the reason.
func meant(e *mdm.Error, op, code, reason string) bool {
	if reason == elsewhere && !slices.Contains(unauthorised, code) {
		e.Kind, e.Advice = mdm.ErrWrongTenant, adviceTenant
		return true
	}
	for _, m := range meanings {
		if code == "" || !slices.Contains(m.codes, code) {
			continue
		}
		e.Kind, e.Advice = m.kind, m.advice
		if errors.Is(m.kind, mdm.ErrPermissionMissing) && m.advice == "" {
			permissionMissing(e, op)
		}
		return true
	}
	return false
}

// permissionMissing names the permissions that a request needs: the answer
// does not tell which of them is missing.
func permissionMissing(e *mdm.Error, op string) {
	e.Kind = mdm.ErrPermissionMissing
	names := strings.Join(rights.Of(op), ", ")
	if names == "" {
		e.Advice = "Give the user of the access token the permission for this, in this organisation. A new token of the same user does not help."
		return
	}
	if e.Detail == "" {
		e.Detail = "the user of the access token seems to lack " + names
	}
	e.Advice = "Give the user of the access token the permission " + names + " in this organisation, or the group Device Manager. A new token of the same user does not help."
}

// failureOf returns code and reason of an answer that holds an error, and the
// HTTP status that the answer names for it.
func failureOf(body []byte) (code, reason string, e wire.Envelope) {
	if json.Unmarshal(body, &e) != nil {
		return "", "", wire.Envelope{}
	}
	for _, text := range []json.Text{e.Exception.Of.ErrorCode, e.ErrorCode} {
		if code == "" && codeForm(text.Text) {
			code = text.Text
		}
	}
	for _, text := range []json.Text{e.Exception.Of.Reason, e.Reason} {
		if reason == "" && codeForm(text.Text) {
			reason = text.Text
		}
	}
	return code, reason, e
}

func codeForm(code string) bool {
	return code != "" && len(code) <= 64 && !strings.ContainsFunc(code, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
	})
}

// hidden returns the failure that an answer of status 200 holds, if it does.
// What has a UUID is an object, whose members of the same names mean something
// else.
//
// Source: reference/relution.md 2.2, 11 row 7
func (c *Client) hidden(r call, response *transport.Response, answer json.Value) error {
	if answer.Kind() != '{' {
		return nil
	}
	var object wire.Named
	code, reason, envelope := failureOf(answer)
	if json.Unmarshal(answer, &object) == nil && object.UUID.Text != "" || succeeded(envelope.Status.Text) && code == "" {
		return nil
	}
	e := response.Fail(mdm.ErrInvalid)
	e.Op, e.Vendor, e.Detail = r.op, code, reasons[reason]
	if !meant(e, r.op, code, reason) {
		switch status := envelope.Exception.Of.HTTPStatus.N; {
		case status == http.StatusUnauthorized:
			e.Kind, e.Advice = mdm.ErrUnauthorized, adviceToken
		case status == http.StatusForbidden:
			permissionMissing(e, r.op)
		case status == http.StatusNotFound:
			e.Kind = mdm.ErrNotFound
		case status >= http.StatusInternalServerError && !r.reads():
			e.Kind = mdm.ErrOutcomeUnknown
		case status >= http.StatusInternalServerError:
			e.Kind = mdm.ErrUnavailable
		}
	}
	if errors.Is(e.Kind, mdm.ErrUnauthorized) || errors.Is(e.Kind, mdm.ErrCredentialExpired) {
		c.token.refuse()
	}
	if e.Detail == "" {
		e.Detail = "the server reports a failure"
	}
	return e
}

// succeeded reads the status of an answer: the text "0" in general.
func succeeded(status string) bool {
	switch strings.ToUpper(strings.TrimSpace(status)) {
	case "", "0", "OK", "SUCCESS":
		return true
	}
	return false
}

// unreadable is the error of an answer that is not what it should be. What the
// transport says (a broken connection, a login page) is returned as it is.
func unreadable(op string, response *transport.Response, err error) error {
	if _, ok := errors.AsType[*mdm.Error](err); ok || !json.IsSyntax(err) {
		return err
	}
	kind, detail := mdm.ErrDecode, "not the JSON that was expected"
	if errors.Is(err, io.ErrUnexpectedEOF) {
		kind, detail = mdm.ErrUnavailable, "the answer broke off"
	}
	e := response.Fail(kind)
	e.Op, e.Detail = op, detail
	return e
}

// unclear is the error of an answer to a write that cannot be read: nobody knows
// what became of it.
func unclear(op string, response *transport.Response, err error) error {
	if e, ok := errors.AsType[*mdm.Error](err); ok {
		return e
	}
	e := response.Fail(mdm.ErrOutcomeUnknown)
	e.Op, e.Detail, e.Advice = op, "the answer cannot be read", "Read the actions of the device before trying again: the command may have been accepted."
	return e
}

// statusOf returns the HTTP status of an error; 0 if it has none.
func statusOf(err error) int {
	if e, ok := errors.AsType[*mdm.Error](err); ok {
		return e.Status
	}
	return 0
}

// absent reports whether an error means that there is no such address: the
// server may speak another generation. A web page may also mean that.
//
// Source: reference/relution.md 10
func absent(err error) bool {
	switch statusOf(err) {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return !errors.Is(err, mdm.ErrWrongTenant)
	}
	return webPage(err)
}

// webPage reports whether a web page came with status 200: a login page, or
// the portal.
func webPage(err error) bool {
	return errors.Is(err, mdm.ErrWrongAddress) && statusOf(err) == http.StatusOK
}
