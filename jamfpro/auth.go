package jamfpro

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// The API signs in with tokens, which token.go fetches and transport.Bearer
// keeps; this file reads what people paste and remembers the load balancer's
// cookie.

// parseAddress returns the address of the console, with port and context path
// and without what stands behind them: the API, or the page that the browser
// was on.
//
// Source: reference/jamfpro.md 1.2
func parseAddress(text string) (*url.URL, error) {
	base, err := mdm.AddressForm{}.Parse(text)
	if err != nil {
		return nil, err
	}
	host := strings.ToLower(base.Hostname())
	if gateway(host) {
		return nil, errors.New("is that of the Jamf Platform Gateway, another product with credentials and rights of its own; give the address of the Jamf Pro server, such as school.jamfcloud.com")
	}
	if !strings.HasSuffix(host, ".jamfcloud.com") {
		base.Path = contextPath(text)
	}
	return base, nil
}

// gateway recognises the hosts of the Jamf Platform Gateway.
func gateway(host string) bool {
	return host == "api.jamfcloud.com" || strings.HasSuffix(host, ".api.jamfcloud.com") ||
		host == "apigw.jamf.com" || strings.HasSuffix(host, ".apigw.jamf.com")
}

// contextPath returns the part of the path under which a server of one's own
// may live, such as "/jamf".
func contextPath(text string) string {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	}
	text, _, _ = strings.Cut(text, "?")
	text, _, _ = strings.Cut(strings.TrimSpace(text), "#")
	_, path, _ := strings.Cut(text, "/")
	var kept []string
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "" || ownPage(segment) || !pathSegment.MatchString(segment) {
			break
		}
		kept = append(kept, segment)
	}
	if len(kept) == 0 {
		return ""
	}
	return "/" + strings.Join(kept, "/")
}

var pathSegment = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// ownPage reports whether a part of a path is the product's own.
func ownPage(segment string) bool {
	switch segment = strings.ToLower(segment); segment {
	case "api", "uapi", "jssresource", "view", "dashboard", "legacy", "ui", "oauth2", "saml", "login":
		return true
	}
	return strings.HasSuffix(segment, ".html") || strings.HasSuffix(segment, ".jsp")
}

// canonical is the address that names the server in records.
func canonical(base *url.URL) string {
	return base.Scheme + "://" + strings.ToLower(base.Host) + base.Path
}

var uuidForm = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// hint is the advice for refused credentials.
//
// Source: reference/jamfpro.md 11, rows 11 and 14
func (cfg Config) hint() string {
	switch {
	case cfg.Username != "" && uuidForm.MatchString(strings.TrimSpace(cfg.Username)):
		return "The user name looks like the ID of an API client: give it as client ID, with the client secret."
	case cfg.Username != "":
		return "Check user name and password of the Jamf Pro account. It has to be a local account: accounts of single sign-on cannot use the API this way."
	case !uuidForm.MatchString(strings.TrimSpace(cfg.ClientID)):
		return "Check client ID and client secret. The client ID is usually a UUID; a user name does not work here."
	}
	return "Check client ID and client secret under Settings > System > API roles and clients: the secret may have been rotated, or the client disabled."
}

// tokens returns the source of tokens.
func (cfg Config) tokens(base *url.URL) transport.TokenSource {
	if cfg.Username != "" {
		return &userTokens{base: base, username: cfg.Username, password: cfg.Password}
	}
	return &clientTokens{base: base, id: strings.TrimSpace(cfg.ClientID), secret: cfg.ClientSecret}
}

// stickyFor is how long other servers of a cluster may lag behind a write.
//
// Source: reference/jamfpro.md 1.6
const stickyFor = time.Minute

// sticky is the load balancer's cookie of the last write. Listings are not
// pinned to one server by it, as the vendor asks.
type sticky struct {
	mu     sync.Mutex
	cookie string
	until  time.Time
}

// note remembers the cookie of the answer to a write. A load balancer need not
// set the cookie anew that the write carried.
func (s *sticky) note(h http.Header, carried string) {
	var kept []string
	for _, cookie := range (&http.Response{Header: h}).Cookies() {
		if cookie.Name == "jpro-ingress" || cookie.Name == "APBALANCEID" {
			kept = append(kept, cookie.Name+"="+cookie.Value)
		}
	}
	latest := cmp.Or(strings.Join(kept, "; "), carried)
	if latest == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cookie, s.until = latest, time.Now().Add(stickyFor)
}

// header adds the cookie to the headers of a request, while it counts.
func (s *sticky) header(h http.Header) http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cookie == "" || time.Now().After(s.until) {
		return h
	}
	h = h.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Cookie", s.cookie)
	return h
}
