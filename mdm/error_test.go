package mdm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

// kinds are all kinds of failure, by code.
var kinds = map[string]error{
	"unauthorized":          mdm.ErrUnauthorized,
	"credential_expired":    mdm.ErrCredentialExpired,
	"credential_superseded": mdm.ErrCredentialSuperseded,
	"consent_missing":       mdm.ErrConsentMissing,
	"permission_missing":    mdm.ErrPermissionMissing,
	"address_not_allowed":   mdm.ErrAddressNotAllowed,
	"terms_not_accepted":    mdm.ErrTermsNotAccepted,
	"wrong_address":         mdm.ErrWrongAddress,
	"wrong_tenant":          mdm.ErrWrongTenant,
	"not_found":             mdm.ErrNotFound,
	"rate_limited":          mdm.ErrRateLimited,
	"quota_exhausted":       mdm.ErrQuotaExhausted,
	"unavailable":           mdm.ErrUnavailable,
	"conflict":              mdm.ErrConflict,
	"invalid":               mdm.ErrInvalid,
	"unsupported":           mdm.ErrUnsupported,
	"approval_required":     mdm.ErrApprovalRequired,
	"outcome_unknown":       mdm.ErrOutcomeUnknown,
	"cursor_invalid":        mdm.ErrCursorInvalid,
	"cursor_expired":        mdm.ErrCursorExpired,
	"decode":                mdm.ErrDecode,
}

func TestErrorText(t *testing.T) {
	jamf := mdm.Origin{Kind: "jamfschool", Address: "https://school.jamfcloud.com", Tenant: "12"}
	for want, err := range map[string]*mdm.Error{
		"jamfschool: devices: rate limited (429, request 7f3a, retry after 30s)": {
			Op: "devices", Origin: jamf, Kind: mdm.ErrRateLimited, Status: 429, RequestID: "7f3a", RetryAfter: 30 * time.Second},
		"jamfschool: wipe: conflict: the device is in the trash (409, UnlockFailed)": {
			Op: "wipe", Origin: jamf, Kind: mdm.ErrConflict, Status: 409, Vendor: "UnlockFailed", Detail: "the device is in the trash"},
		"devices: not found": {Op: "devices", Kind: mdm.ErrNotFound, Advice: "not printed", Cause: errors.New("not printed")},
		"failed":             {},
	} {
		t.Run(want, func(t *testing.T) {
			assert.Equal(t, want, err.Error())
			for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
				assert.Equal(t, want, fmt.Sprintf(verb, err), verb)
			}
			assert.Contains(t, logged(err)["text"], want)
			assert.Contains(t, logged(err)["json"], want)
		})
	}
}

func TestErrorForeignTexts(t *testing.T) {
	for name, foreign := range map[string]string{
		"sentence": "user ada@example.com is unknown",
		"markup":   "<b>AuthFailed</b>",
		"new line": "AuthFailed\nlevel=ERROR",
		"quotes":   `Auth"Failed`,
		"umlaut":   "Prüfung",
		"nothing":  "",
	} {
		t.Run(name, func(t *testing.T) {
			err := &mdm.Error{Op: "devices", Kind: mdm.ErrInvalid, Vendor: foreign, RequestID: foreign}
			assert.Equal(t, "devices: invalid", err.Error())
		})
	}
	long := (&mdm.Error{Kind: mdm.ErrInvalid, Vendor: strings.Repeat("x", 500)}).Error()
	assert.Equal(t, "invalid ("+strings.Repeat("x", 64)+")", long)
	assert.Equal(t, "invalid (a-B_9.c:d)", (&mdm.Error{Kind: mdm.ErrInvalid, Vendor: "a-B_9.c:d"}).Error())
}

// TestErrorCause shows that a cause, which may hold an address with its
// query, is found by errors.As and printed by nothing.
func TestErrorCause(t *testing.T) {
	cause := &url.Error{Op: "Get", URL: "https://mdm.example/devices?token=" + hidden, Err: context.DeadlineExceeded}
	err := &mdm.Error{Op: "devices", Kind: mdm.ErrUnavailable, Vendor: hidden, Cause: cause}
	for name, v := range map[string]any{
		"error":   err,
		"wrapped": fmt.Errorf("listing: %w", err),
		"step":    mdm.Step{Name: mdm.StepReach, Err: err},
		"report":  mdm.Report{Steps: []mdm.Step{{Err: err}}},
		"health":  mdm.Health{Err: err},
		"page":    mdm.Page{Lost: []error{err}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				assert.NotContains(t, fmt.Sprintf(verb, v), "correct", verb)
			}
			for how, text := range logged(v) {
				assert.NotContains(t, text, "correct", how)
			}
			text, failed := json.Marshal(v)
			require.NoError(t, failed)
			assert.NotContains(t, string(text), "correct")
		})
	}
	found, ok := errors.AsType[*url.Error](error(err))
	require.True(t, ok)
	assert.Same(t, cause, found)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	assert.ErrorIs(t, err, mdm.ErrUnavailable)
	assert.NotErrorIs(t, err, mdm.ErrNotFound)
}

func TestCode(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for code, kind := range kinds {
		t.Run(code, func(t *testing.T) {
			assert.Regexp(t, shape, code)
			for name, err := range map[string]error{
				"kind":       kind,
				"error":      &mdm.Error{Op: "devices", Kind: kind},
				"wrapped":    fmt.Errorf("sync: %w", &mdm.Error{Kind: kind}),
				"joined":     errors.Join(errors.New("other"), kind),
				"kind of":    &mdm.Error{Kind: fmt.Errorf("more: %w", kind)},
				"with cause": &mdm.Error{Kind: kind, Cause: mdm.ErrDecode},
			} {
				assert.Equal(t, code, mdm.Code(err), name)
				assert.ErrorIs(t, err, kind, name)
			}
		})
	}
	assert.Empty(t, mdm.Code(nil))
	assert.Empty(t, mdm.Code(errors.New("something else")))
	assert.Empty(t, mdm.Code(&mdm.Error{}))
}

func TestAdvice(t *testing.T) {
	err := fmt.Errorf("sync: %w", &mdm.Error{Kind: mdm.ErrRateLimited, Advice: "Wait.", RetryAfter: time.Minute})
	assert.Equal(t, "Wait.", mdm.Advice(err))
	assert.Equal(t, time.Minute, mdm.RetryAfter(err))
	assert.Empty(t, mdm.Advice(mdm.ErrRateLimited))
	assert.Zero(t, mdm.RetryAfter(nil))
}
