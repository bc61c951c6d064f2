package relution

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// tokenHeader carries the access token.
//
// Source: reference/relution.md 1.2
const tokenHeader = "X-User-Access-Token"

// accessToken signs requests. Once a token was refused, no request is made
// with it any more: servers count failures and lock out the address, which a
// whole school shares.
//
// Source: reference/relution.md 11, row 34
type accessToken struct {
	secret mdm.Secret

	mu      sync.Mutex
	last    [sha256.Size]byte // fingerprint of the token that was used last
	refused [sha256.Size]byte // fingerprint of the token that was refused
	err     error             // what is said instead of trying it again; nil = none was refused
	until   time.Time         // how long it is not tried; zero = for good
}

// Apply adds the token, without the blanks and line ends of a careless copy.
func (t *accessToken) Apply(ctx context.Context, r *http.Request) error {
	token, err := t.secret.Reveal(ctx)
	if err != nil {
		return err
	}
	token = strings.TrimSpace(token)
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return &mdm.Error{Kind: mdm.ErrInvalid, Detail: "the access token holds blanks or signs that no token has",
			Advice: "Copy the access token again, without what stands around it."}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = sha256.Sum256([]byte(token))
	if t.err != nil && t.refused == t.last && (t.until.IsZero() || time.Now().Before(t.until)) {
		return t.err
	}
	r.Header.Set(tokenHeader, token)
	return nil
}

// Answered notes a refused token. It never asks for the request to be repeated.
func (t *accessToken) Answered(r *http.Request, resp *http.Response) bool {
	if resp.StatusCode == http.StatusUnauthorized {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.stop(sha256.Sum256([]byte(r.Header.Get(tokenHeader))))
	}
	return false
}

// refuse notes that the token was refused in an answer of status 200.
func (t *accessToken) refuse() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop(t.last)
}

// stop ends the use of a token for good. The caller holds the lock.
func (t *accessToken) stop(refused [sha256.Size]byte) {
	t.refused, t.until = refused, time.Time{}
	t.err = &mdm.Error{Kind: mdm.ErrUnauthorized, Detail: "this access token was refused before, and is not tried again", Advice: adviceToken}
}

// patience is how long a token is left alone for which only web pages came.
const patience = 10 * time.Minute

// suspect notes that only web pages came: the token may have been refused each
// time, and the address is left alone for a while.
func (t *accessToken) suspect() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refused, t.until = t.last, time.Now().Add(patience)
	t.err = &mdm.Error{Kind: mdm.ErrWrongAddress, Detail: "only web pages came instead of answers, which is not tried again for some minutes", Advice: advicePages}
}

// advicePages is the advice for web pages instead of answers.
//
// Source: reference/relution.md 6.2
const advicePages = "Check the access token and the address: the portal's login page is shown for a token that is not accepted, and for an address that is not that of the API."

// adviceToken is the advice for a refused token.
const adviceToken = "Make a new access token in the Relution portal (user name > Profile > Access Token) and enter it. If that one is refused too, its user is locked or deactivated."

var uuidForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// tenantParameter names the organisation in requests, and in the addresses of
// the portal.
//
// Source: reference/relution.md 1.3
const tenantParameter = "tenantOrganizationUuid"

// parseAddress returns scheme, host and port of what people paste, whatever
// page of the portal it leads to.
//
// Source: reference/relution.md 1.1
func parseAddress(text string) (*url.URL, error) {
	return mdm.AddressForm{}.Parse(text)
}

// TenantOf returns the tenant that an address of the portal names, in
// canonical form, or "" if it names none. It is what stands behind
// tenantOrganizationUuid= under Devices > Inventory.
func TenantOf(address string) string {
	_, rest, found := strings.Cut(address, tenantParameter+"=")
	if !found {
		return ""
	}
	id, _, _ := strings.Cut(rest, "&")
	id, _, _ = strings.Cut(id, "#")
	if id, err := url.QueryUnescape(strings.TrimSpace(id)); err == nil && uuidForm.MatchString(id) {
		return strings.ToUpper(id)
	}
	return ""
}

// parseTenant accepts a UUID in any case, or an address of the portal that
// holds it. No text is no tenant.
func parseTenant(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch id := TenantOf(text); {
	case text == "":
		return "", nil
	case uuidForm.MatchString(text):
		return strings.ToUpper(text), nil
	case id != "":
		return id, nil
	}
	return "", errors.New("is no tenant ID; give the UUID behind " + tenantParameter + "= in the portal's address under Devices > Inventory, or that whole address")
}

// canonical is the address that names the server in records.
func canonical(base *url.URL) string { return base.Scheme + "://" + strings.ToLower(base.Host) }
