package abm

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// The API signs in with tokens, which token.go fetches with the private key of
// key.go and transport.Bearer keeps; this file reads what people paste.

// Scope says which of the two portals an organisation uses. The zero Scope is
// unknown.
type Scope uint8

// The scopes.
const (
	ScopeUnknown  Scope = iota
	ScopeBusiness       // Apple Business Manager
	ScopeSchool         // Apple School Manager
)

// String returns "business", "school" or "".
func (s Scope) String() string {
	switch s {
	case ScopeBusiness:
		return "business"
	case ScopeSchool:
		return "school"
	}
	return ""
}

func (s Scope) title() string {
	if s == ScopeSchool {
		return "Apple School Manager"
	}
	return "Apple Business Manager"
}

// account is what a client signs in with, but for the private key.
//
// Source: reference/apple.md 6.1, 6.3, 6.4
type account struct {
	client string
	keyID  string
	scope  Scope
	tenant string
	api    *url.URL // root of the API
	tokens string   // address of the token endpoint
}

const (
	tokenHost     = "https://account.apple.com"
	tokenPath     = "/auth/oauth2/token"
	tokenAudience = "https://account.apple.com/auth/oauth2/v2/token"
)

// locate sets the addresses: Apple's, or those of a server on this machine.
func (a *account) locate(address string) error {
	if address == "" {
		host := "api-business.apple.com"
		if a.scope == ScopeSchool {
			host = "api-school.apple.com"
		}
		a.api, a.tokens = &url.URL{Scheme: "https", Host: host}, tokenHost+tokenPath
		return nil
	}
	u, err := mdm.AddressForm{}.Parse(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(u.Hostname()); !strings.EqualFold(u.Hostname(), "localhost") && (ip == nil || !ip.IsLoopback()) {
		return errors.New("is not on this machine; leave it empty for Apple's own address")
	}
	a.api, a.tokens = u, u.Scheme+"://"+u.Host+tokenPath
	return nil
}

var uuidForm = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// parseClientID returns the client ID in its canonical case, and the scope
// that its prefix names.
func parseClientID(text string) (string, Scope, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", ScopeUnknown, errors.New("is missing; it begins with BUSINESSAPI or SCHOOLAPI and is shown with the API account in the portal")
	}
	prefix, id, _ := strings.Cut(text, ".")
	prefix = strings.ToUpper(prefix)
	if uuidForm.MatchString(text) {
		return "", ScopeUnknown, errors.New("looks like the key ID; the client ID begins with BUSINESSAPI or SCHOOLAPI")
	}
	scope := map[string]Scope{"BUSINESSAPI": ScopeBusiness, "SCHOOLAPI": ScopeSchool}[prefix]
	if scope == ScopeUnknown || !uuidForm.MatchString(id) {
		return "", ScopeUnknown, errors.New("is none; it is BUSINESSAPI. or SCHOOLAPI. with a UUID behind it, shown with the API account in the portal")
	}
	return prefix + "." + id, scope, nil
}

func parseKeyID(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", errors.New("is missing; it is shown with the private key of the API account in the portal")
	case strings.HasPrefix(strings.ToUpper(text), "BUSINESSAPI.") || strings.HasPrefix(strings.ToUpper(text), "SCHOOLAPI."):
		return "", errors.New("is the client ID; the key ID is a UUID without a prefix, shown with the private key")
	case !uuidForm.MatchString(text):
		return "", errors.New("is not a UUID; it is shown with the private key of the API account in the portal")
	}
	return text, nil
}

// parseOrganisation returns what names the organisation: the given name, or a
// fingerprint of the client ID, which is one part of the credentials and stays
// out of logs.
func parseOrganisation(name, client string) (string, error) {
	name = strings.TrimSpace(name)
	if len(name) > 128 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", errors.New("is longer than 128 bytes or holds control characters")
	}
	if name != "" {
		return name, nil
	}
	sum := sha256.Sum256([]byte(Kind + client))
	return hex.EncodeToString(sum[:6]), nil
}
