package transport

import (
	"net/http"

	"github.com/mdmlink/mdmlink/mdm"
)

// byStatus reads an error answer by its status alone, for systems that say no
// more and for answers that the vendor's own reading does not know.
func byStatus(f Failure) *mdm.Error {
	switch f.Status {
	case http.StatusUnauthorized:
		return &mdm.Error{
			Kind:   mdm.ErrUnauthorized,
			Advice: "Check the credentials, and whether they were replaced, disabled or have expired.",
		}
	case http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return &mdm.Error{
			Kind:   mdm.ErrPermissionMissing,
			Advice: "Give the account the permission for this operation.",
		}
	case http.StatusNotFound, http.StatusGone:
		return missing(f)
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return &mdm.Error{
			Kind:   mdm.ErrUnsupported,
			Advice: "Check the address and the version of the system; it does not know this operation.",
		}
	case http.StatusProxyAuthRequired:
		return &mdm.Error{
			Kind:   mdm.ErrUnavailable,
			Detail: "the proxy wants a sign-in",
			Advice: adviceProxy,
		}
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusLocked, http.StatusPreconditionRequired:
		return &mdm.Error{
			Kind:   mdm.ErrConflict,
			Advice: "Read the object again: its state does not allow the request, or it was changed meanwhile.",
		}
	case http.StatusTooManyRequests:
		return &mdm.Error{
			Kind:   mdm.ErrRateLimited,
			Advice: "Wait, and ask less often. Other programs may share the same limit.",
		}
	case http.StatusRequestTimeout:
		return &mdm.Error{Kind: mdm.ErrUnavailable, Advice: adviceLater}
	}
	return byClass(f)
}

// adviceLater is the advice for what passes by itself.
const adviceLater = "Try again later. If it lasts, turn to the operator of the system."

// byClass reads the statuses that have no meaning of their own.
func byClass(f Failure) *mdm.Error {
	switch {
	case f.Status >= 500:
		return &mdm.Error{Kind: mdm.ErrUnavailable, Advice: adviceLater}
	case f.Status >= 400:
		return &mdm.Error{Kind: mdm.ErrInvalid}
	default:
		return &mdm.Error{Kind: mdm.ErrDecode, Detail: "an answer with an unexpected status"}
	}
}

// missing tells an object that does not exist from an address that leads to a
// web site: a mistyped address must not look as if every device were gone.
func missing(f Failure) *mdm.Error {
	if !f.WebPage() {
		return &mdm.Error{Kind: mdm.ErrNotFound}
	}
	return &mdm.Error{
		Kind:   mdm.ErrWrongAddress,
		Detail: "a web page instead of an answer",
		Advice: adviceWebPage,
	}
}

// adviceWebPage is the advice for HTML where data was expected.
const adviceWebPage = "Check the address: it leads to a web page, perhaps of a login, a firewall or another product."
