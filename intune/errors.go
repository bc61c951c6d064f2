package intune

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// reason is an error answer, unwrapped: Intune's services put a document as a
// text into the message, up to several deep.
type reason struct {
	codes      []string // from the outside in
	text       string   // innermost message, to be searched and never shown
	retryAfter time.Duration
}

// readReason unwraps an error answer. What is broken inside ends it early.
//
// Source: reference/intune.md 6.1
func readReason(body []byte) reason {
	var r reason
	var w wire.Failure
	if json.Unmarshal(body, &w) != nil {
		return r
	}
	r.add(w.Error.Of.Code.Text)
	r.text = w.Error.Of.Message.Text
	const levels = 3
	for range levels {
		var inner wire.Nested
		text := strings.TrimSpace(r.text)
		if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &inner) != nil {
			break
		}
		r.add(inner.ErrorCode.Text)
		if wait, ok := transport.ParseRetryAfter(inner.RetryAfter.Text, time.Now()); ok {
			r.retryAfter = wait
		}
		r.text = inner.Message.Text
	}
	return r
}

func (r *reason) add(code string) {
	if code != "" {
		r.codes = append(r.codes, code)
	}
}

func (r reason) has(codes ...string) bool {
	return slices.ContainsFunc(r.codes, func(c string) bool {
		return slices.ContainsFunc(codes, func(want string) bool { return strings.EqualFold(c, want) })
	})
}

// says reports whether the innermost message holds a text, whatever the case.
func (r reason) says(text string) bool {
	return strings.Contains(strings.ToLower(r.text), strings.ToLower(text))
}

func (r reason) vendor() string {
	if len(r.codes) == 0 {
		return ""
	}
	return r.codes[len(r.codes)-1]
}

// classifyFailure reads an error answer.
//
// Source: reference/intune.md 1.7, 5.4, 6.2
func (c *Client) classifyFailure(f transport.Failure) error {
	if f.Op == "token" {
		return c.classifyToken(f)
	}
	r := readReason(f.Body)
	e := &mdm.Error{Vendor: r.vendor(), RetryAfter: f.RetryAfter()}
	if e.RetryAfter == 0 {
		e.RetryAfter = r.retryAfter
	}
	switch {
	case f.WebPage():
		return nil
	case approval(r, f.Header):
		e.Kind, e.Vendor = mdm.ErrApprovalRequired, approvalCode(f.Header, r)
		e.Detail = "the tenant demands that a second administrator approves"
		e.Advice = "Have an administrator approve the request in the Intune admin center under Tenant administration > Multi Admin Approval, then resume the command with the code."
	case r.says("not applicable to target tenant"):
		e.Kind, e.Detail, e.Advice = mdm.ErrUnsupported, "the tenant has no Intune licence", adviceLicence
	case r.has("Authorization_IdentityNotFound"):
		e.Kind, e.Advice = mdm.ErrConsentMissing, adviceConsent
	case f.Status == http.StatusForbidden, f.Status == http.StatusUnauthorized && r.has("Forbidden", "AccessDenied", "Authorization_RequestDenied"):
		e.Kind = mdm.ErrPermissionMissing
		e.Detail, e.Advice = missingRight(f.Op)
	case f.Status == http.StatusUnauthorized:
		e.Kind = mdm.ErrUnauthorized
		e.Advice = "Microsoft Graph refuses the token: check that the app registration and the tenant are in the configured cloud."
	case f.Status == http.StatusNotFound, f.Status == http.StatusBadRequest && r.says("cannot find device"):
		e.Kind = mdm.ErrNotFound
	case f.Status == http.StatusBadRequest:
		e.Kind = mdm.ErrInvalid
	case f.Status == http.StatusConflict:
		e.Kind = mdm.ErrConflict
	case f.Status == http.StatusTooManyRequests:
		e.Kind = mdm.ErrRateLimited
	case f.Status >= http.StatusInternalServerError:
		e.Kind = mdm.ErrUnavailable
	default:
		return nil
	}
	return e
}

const (
	adviceLicence = "Assign an Intune licence in the tenant, and open the Intune admin center once so that the service is set up."
	adviceConsent = "An administrator of the tenant has to consent to the application, through the consent link; then wait a few minutes."
	adviceTenant  = "Check the tenant ID, and that the tenant lives in the configured cloud."
)

// missingRight names the permissions that a request needs.
func missingRight(op string) (detail, advice string) {
	names := rights.Of(op)
	if len(names) == 0 {
		return "", "Add the application permission for this operation to the app registration, and have an administrator consent again."
	}
	quoted := strings.Join(names, ", ")
	return "the application lacks the permission " + quoted,
		"Add the application permission " + quoted + " to the app registration, and have an administrator of the tenant consent again."
}

// tokenReasons are the codes of the sign-in that have advice of their own.
//
// Source: reference/intune.md 1.7, 6.2
var tokenReasons = []struct {
	codes  []int64
	kind   error
	detail string
	advice string
}{
	{[]int64{7000222}, mdm.ErrCredentialExpired, "the client secret has expired", "Make a new client secret in the app registration and enter it here."},
	{[]int64{7000215}, mdm.ErrUnauthorized, "the client secret is wrong", "Enter the value of the client secret, not its ID."},
	{[]int64{700027, 50012, 700030, 700024}, mdm.ErrUnauthorized, "the certificate is refused", "Check that this certificate is uploaded in the app registration and has not expired, and that the clock of this machine is right."},
	{[]int64{65001, 65004, 700016, 7000112, 70001, 700011, 650056}, mdm.ErrConsentMissing, "the application is not known in the tenant, or disabled there", adviceConsent},
	{[]int64{650052, 500011}, mdm.ErrUnsupported, "the tenant has not subscribed to the service", adviceLicence},
	{[]int64{90002, 90038, 900382, 900432, 9001023}, mdm.ErrWrongTenant, "there is no such tenant in this cloud", adviceTenant},
	{[]int64{53003}, mdm.ErrAddressNotAllowed, "a conditional access policy blocks the application", "Allow this application, or the address of this machine, in the tenant's conditional access policies."},
	{[]int64{90055}, mdm.ErrRateLimited, "", ""},
	{[]int64{90033, 90006, 90012, 90024, 90090}, mdm.ErrUnavailable, "", ""},
}

// classifyToken reads an error answer of the token endpoint. The numbers serve
// for advice; the kind of what has no number here follows from the OAuth code.
func (c *Client) classifyToken(f transport.Failure) error {
	var w wire.Token
	if json.Unmarshal(f.Body, &w) != nil {
		return nil
	}
	for _, known := range tokenReasons {
		if slices.ContainsFunc(w.Codes.Of, func(n json.Int) bool { return slices.Contains(known.codes, n.N) }) {
			return &mdm.Error{Kind: known.kind, Vendor: w.Error.Text, Detail: known.detail, Advice: known.advice}
		}
	}
	switch w.Error.Text {
	case "unauthorized_client":
		return &mdm.Error{Kind: mdm.ErrConsentMissing, Vendor: w.Error.Text, Advice: adviceConsent}
	case "invalid_client":
		return &mdm.Error{Kind: mdm.ErrUnauthorized, Vendor: w.Error.Text, Advice: "Check the client ID, and the client secret or the certificate of the app registration."}
	case "invalid_scope":
		return &mdm.Error{Kind: mdm.ErrInvalid, Vendor: w.Error.Text, Advice: adviceTenant}
	}
	return nil
}

// unreadable is the error of an answer that is not what it should be. What the
// transport says (a broken connection, a login page) is returned as it is. An
// answer that breaks off inside its JSON is unavailable: it is worth asking
// again.
func (c *Client) unreadable(op string, response *transport.Response, err error) error {
	if _, ok := errors.AsType[*mdm.Error](err); ok || !json.IsSyntax(err) && !errors.Is(err, errSyntax) {
		return err
	}
	e := response.Fail(mdm.ErrDecode)
	e.Op, e.Detail = op, "not the JSON that was expected"
	if errors.Is(err, io.ErrUnexpectedEOF) {
		e.Kind, e.Detail = mdm.ErrUnavailable, "the answer broke off"
	}
	return e
}
