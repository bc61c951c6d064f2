package intune

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// ConsentRequest is what a host keeps between sending an administrator to
// Microsoft and seeing the browser come back: with the person's session, bound
// to the customer for whom it was begun, and deleted when it is used.
type ConsentRequest struct {
	Cloud       Cloud
	ClientID    string    // of the app registration
	TenantID    string    // of the customer, where it is known before; "" = whichever the administrator belongs to
	RedirectURI string    // exactly as it is registered
	State       string    // from NewState; opaque, holds nothing
	Expires     time.Time // zero = never
}

// NewState returns a text that nobody can guess, for ConsentRequest.State. It
// is used once.
func NewState() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(rand.Reader, b[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// minState is the length of a state that cannot be guessed.
const minState = 22

// URL returns the address to which the administrator is sent. It asks for the
// application permissions of the app registration, all at once.
//
// Source: reference/intune.md 1.5
func (r ConsentRequest) URL() (string, error) {
	tenant := "organizations"
	var err error
	if r.TenantID != "" {
		tenant, err = canonicalTenant(r.TenantID)
	}
	redirect, parsed := url.Parse(r.RedirectURI)
	switch {
	case err != nil:
		return "", consentError("the tenant " + err.Error())
	case r.Cloud >= cloudsCount:
		return "", consentError("the cloud " + errCloud.Error())
	case !guidForm.MatchString(r.ClientID):
		return "", consentError("the client ID is not a GUID")
	case len(r.State) < minState:
		return "", consentError("the state is too short to be a secret; take one from NewState")
	case parsed != nil || redirect.Host == "" || redirect.Scheme != "https" && redirect.Hostname() != "localhost" && redirect.Hostname() != "127.0.0.1":
		return "", consentError("the redirect URI is not an address over https")
	}
	query := url.Values{"client_id": {r.ClientID}, "scope": {r.Cloud.scope()}, "redirect_uri": {r.RedirectURI}, "state": {r.State}}
	return clouds[r.Cloud].login + "/" + tenant + "/v2.0/adminconsent?" + query.Encode(), nil
}

func consentError(detail string) error {
	return &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "consent", Kind: mdm.ErrInvalid, Detail: detail}
}

// ConsentOutcome is how the way of an administrator ended.
type ConsentOutcome uint8

// The outcomes. The zero ConsentOutcome is unknown.
const (
	ConsentUnknown ConsentOutcome = iota
	ConsentGranted                // the application may begin; see Consent.TenantID
	ConsentDenied                 // the administrator said no
	ConsentFailed                 // Microsoft could not do it; see Consent.Err
	ConsentForged                 // this is not the answer to the request: ignore it
)

// String returns "granted", "denied", "failed", "forged" or "".
func (o ConsentOutcome) String() string {
	return [...]string{"", "granted", "denied", "failed", "forged"}[min(o, ConsentForged)]
}

// Consent is what came of a ConsentRequest.
type Consent struct {
	Outcome ConsentOutcome

	// TenantID is the tenant that the browser named, if the outcome is
	// granted. It is a claim and no proof: anybody can write it into an
	// address. Bind it to the customer of the request only after a Check of a
	// client with it succeeds, and never to a second customer.
	TenantID string

	Code string // Microsoft's code, such as "AADSTS65004"; "" = none
	Err  error  // why the outcome is not granted; nil if it is
}

// Verify reads the query with which the browser came back. State is compared
// in constant time, and nothing else of the query counts before it fits. A zero
// request, as for a state that nobody knows, makes every answer forged.
//
// Source: reference/intune.md 1.5
//
// Unverified: that access_denied means no, too.
func (r ConsentRequest) Verify(query url.Values, now time.Time) Consent {
	if !r.fits(query) {
		return refused(ConsentForged, mdm.ErrInvalid, "the answer does not belong to this request", "Begin again from the application.")
	}
	if !r.Expires.IsZero() && !now.Before(r.Expires) {
		return refused(ConsentForged, mdm.ErrInvalid, "the request is too old", "Begin again from the application.")
	}
	if code := query.Get("error"); code != "" || query.Has("error") {
		return failed(code, query.Get("error_description"))
	}
	tenant := lower(query.Get("tenant"))
	switch {
	case !strings.EqualFold(query.Get("admin_consent"), "true"):
		return refused(ConsentFailed, mdm.ErrConsentMissing, "the answer tells of no consent", "Begin again from the application.")
	case query.Get("tenant") != strings.TrimSpace(query.Get("tenant")) || !guidForm.MatchString(tenant) || tenant == zeroGUID:
		return refused(ConsentForged, mdm.ErrInvalid, "the answer names no tenant", "Begin again from the application.")
	case guidForm.MatchString(r.TenantID) && lower(r.TenantID) != tenant:
		return refused(ConsentForged, mdm.ErrWrongTenant, "the answer names another tenant than the request", "Sign in as an administrator of the tenant that was entered.")
	}
	return Consent{Outcome: ConsentGranted, TenantID: tenant}
}

// fits reports whether the state is that of the request.
func (r ConsentRequest) fits(query url.Values) bool {
	want, got := sha256.Sum256([]byte(r.State)), sha256.Sum256([]byte(query.Get("state")))
	same := subtle.ConstantTimeCompare(want[:], got[:]) == 1
	return same && len(r.State) >= minState && len(query["state"]) == 1 && len(query["tenant"]) <= 1 && len(query["error"]) <= 1
}

// failed reads an answer that tells of an error. It may claim a consent all
// the same.
func failed(code, description string) Consent {
	c := Consent{Code: aadsts(description)}
	switch {
	case code == "permission_denied", code == "access_denied", code == "consent_required" && c.Code == "AADSTS65004":
		c = refused(ConsentDenied, mdm.ErrConsentMissing, "the administrator did not consent", "An administrator of the tenant has to consent to the application.")
	default:
		c = refused(ConsentFailed, mdm.ErrConsentMissing, "Microsoft could not record the consent", "Sign in as a Global Administrator or Privileged Role Administrator of the tenant, and try again.")
	}
	c.Code = aadsts(description)
	if e, ok := errors.AsType[*mdm.Error](c.Err); ok {
		e.Vendor = first(c.Code, code)
	}
	return c
}

func refused(o ConsentOutcome, kind error, detail, advice string) Consent {
	return Consent{Outcome: o, Err: &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "consent", Kind: kind, Detail: detail, Advice: advice}}
}

// aadsts returns the code at the begin of a description.
func aadsts(description string) string {
	code, _, _ := strings.Cut(strings.TrimSpace(description), ":")
	if digits, ok := strings.CutPrefix(code, "AADSTS"); ok && digits != "" && len(digits) < 12 && strings.Trim(digits, "0123456789") == "" {
		return code
	}
	return ""
}
