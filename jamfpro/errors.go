package jamfpro

import (
	"errors"
	"net/http"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// classifyFailure reads an error answer.
//
// Source: reference/jamfpro.md 6
func (c *Client) classifyFailure(f transport.Failure) error {
	var answer wire.APIError
	isJSON := json.Unmarshal(f.Body, &answer) == nil
	e := &mdm.Error{Vendor: vendorCode(answer)}
	switch {
	case f.Op == "token":
		return c.classifyToken(f, e)
	case isJSON && answer.Code.Present && answer.Message.Present && !answer.HTTPStatus.Present:
		e.Kind = mdm.ErrWrongAddress
		e.Detail = "this looks like a Jamf School server"
		e.Advice = "Check the address: it leads to Jamf School, not to Jamf Pro."
	case f.Status == http.StatusUnauthorized:
		e.Kind, e.Advice = mdm.ErrUnauthorized, c.hint
	case f.Status == http.StatusForbidden && f.WebPage() && !ofClassic(f.Op):
		blocked(e)
	case f.Status == http.StatusForbidden:
		e.Kind = mdm.ErrPermissionMissing
		e.Detail, e.Advice = missingRight(f.Op)
	case f.Status == http.StatusNotFound && (!f.WebPage() || ofClassic(f.Op)):
		e.Kind = mdm.ErrNotFound
	case f.Status == http.StatusBadRequest:
		e.Kind = mdm.ErrInvalid
	case f.Status == http.StatusInternalServerError && f.Method != http.MethodGet:
		e.Kind = mdm.ErrUnavailable // the transport makes an unknown outcome of it
		e.Detail = "the server answers so for an id that it does not know, too"
	case e.Vendor != "" && f.Status != http.StatusNotFound:
		return withVendor(e, f.Status)
	default:
		return nil
	}
	return e
}

// withVendor keeps the vendor's code and leaves the kind to the status.
func withVendor(e *mdm.Error, status int) error {
	switch {
	case status >= http.StatusInternalServerError:
		e.Kind = mdm.ErrUnavailable
	case status == http.StatusConflict:
		e.Kind = mdm.ErrConflict
	default:
		return nil
	}
	return e
}

// classifyToken reads an error answer of a token endpoint. The codes of OAuth
// are the transport's own reading.
func (c *Client) classifyToken(f transport.Failure, e *mdm.Error) error {
	switch {
	case f.Status == http.StatusForbidden && f.WebPage():
		blocked(e)
	case f.Status == http.StatusNotFound:
		e.Kind = mdm.ErrWrongAddress
		e.Detail = "there is no token address"
		e.Advice = "Check the address: it does not lead to a Jamf Pro server of version 10.49 or later."
	case e.Vendor == "USER_EXPIRED_PASSWORD":
		e.Kind = mdm.ErrCredentialExpired
		e.Advice = "The password of the account has expired: set a new one in Jamf Pro."
	case strings.Contains(string(f.Body), `"invalid_scope"`):
		e.Kind = mdm.ErrPermissionMissing
		e.Advice = "Give the API client its API roles."
	case f.Status == http.StatusBadRequest, f.Status == http.StatusUnauthorized, f.Status == http.StatusForbidden:
		e.Kind, e.Advice = mdm.ErrUnauthorized, c.hint
	default:
		return nil
	}
	return e
}

// ofClassic reports whether an operation goes to the Classic API, whose errors
// are web pages.
func ofClassic(op string) bool { return op == mdm.Refresh{}.Name()+onMobile }

func blocked(e *mdm.Error) {
	e.Kind = mdm.ErrAddressNotAllowed
	e.Detail = "a web page refuses the request"
	e.Advice = "A firewall or a list of allowed addresses is before the server: add the address that this machine has on the internet."
}

// vendorCode returns the server's own code of the first error that has one.
func vendorCode(a wire.APIError) string {
	for _, e := range a.Errors.Of {
		if code := e.Code.Text; code != "" && len(code) <= 64 && codeForm(code) {
			return code
		}
	}
	return ""
}

func codeForm(code string) bool {
	return !strings.ContainsFunc(code, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
	})
}

// missingRight names the privileges that a request needs: the answer does not
// tell which of them is missing.
func missingRight(op string) (detail, advice string) {
	names := rightsOf(op)
	if len(names) == 0 {
		return "", "Give the API role the privilege for this operation under Settings > System > API roles and clients."
	}
	quoted := strings.Join(names, ", ")
	if len(names) == 1 {
		return "the API role lacks the privilege " + quoted,
			"Give the API role the privilege " + quoted + " under Settings > System > API roles and clients."
	}
	return "the API role lacks one of the privileges " + quoted,
		"Give the API role the privileges " + quoted + " under Settings > System > API roles and clients."
}

// unreadable is the error of an answer that is not what it should be. What the
// transport says (a broken connection, a login page) is returned as it is.
func (c *Client) unreadable(op string, response *transport.Response, err error) error {
	if _, ok := errors.AsType[*mdm.Error](err); ok || !json.IsSyntax(err) {
		return err
	}
	e := response.Fail(mdm.ErrDecode)
	e.Op, e.Detail = op, "not the JSON that was expected"
	return e
}
