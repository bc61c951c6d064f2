package abmtest

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"time"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	tokenPath     = "/auth/oauth2/token"
	tokenPathV2   = "/auth/oauth2/v2/token"
)

// tokenAnswer is a token that was granted.
type tokenAnswer struct {
	Token   string `json:"access_token"`
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in"`
	Scope   string `json:"scope"`
}

// tokenError is the body of a refused token request.
type tokenError struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func refuseToken(status int, code, description string) reply {
	return reply{status: status, body: tokenError{code, description}}
}

// grant answers a request for a token.
func (c *call) grant() reply {
	if c.r.Method != http.MethodPost {
		c.violate("tokens are asked for with POST")
		return refuseToken(http.StatusMethodNotAllowed, "invalid_request", "Method not allowed")
	}
	if wait := c.f.grants.Wait(c.now); wait > 0 {
		rep := refuseToken(c.f.wire.tokenLimit(), "invalid_request", "Too many requests")
		rep.retryAfter = c.f.retryAfter(wait)
		return rep
	}
	form, problem := c.tokenForm()
	if problem != "" {
		c.violate("%s", problem)
		return refuseToken(http.StatusBadRequest, "invalid_request", problem)
	}
	switch {
	case form.Get("grant_type") != "client_credentials":
		c.violate("grant_type is not client_credentials")
		return refuseToken(http.StatusBadRequest, "unsupported_grant_type", "")
	case form.Get("client_assertion_type") != assertionType:
		c.violate("client_assertion_type is not %s", assertionType)
		return refuseToken(http.StatusBadRequest, "invalid_request", "Unsupported client_assertion_type")
	}
	h := c.f.holders[form.Get("client_id")]
	if h == nil || !c.f.accepts(c, h, form.Get("client_assertion")) {
		return refuseToken(c.f.wire.tokenStatus(), "invalid_client", "The assertion was refused: "+form.Get("client_assertion"))
	}
	if form.Get("scope") != c.f.scope() {
		return refuseToken(http.StatusBadRequest, "invalid_scope", "")
	}
	return success(tokenAnswer{c.f.issue(h), "Bearer", int(c.f.life / time.Second), c.f.scope()})
}

// tokenForm reads the parameters of the body and of the query, which are both
// accepted, and says what is wrong with them.
func (c *call) tokenForm() (url.Values, string) {
	form := url.Values{}
	if len(c.body) > 0 {
		kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
		if err != nil || kind != "application/x-www-form-urlencoded" {
			return nil, "Content-Type is not application/x-www-form-urlencoded"
		}
		if form, err = url.ParseQuery(string(c.body)); err != nil {
			return nil, "the form cannot be read"
		}
	}
	for name, values := range c.query {
		form[name] = append(form[name], values...)
	}
	known := []string{"grant_type", "client_id", "client_assertion_type", "client_assertion", "scope"}
	for name, values := range form {
		if !slices.Contains(known, name) {
			c.violate("unknown parameter %q", name)
		}
		if len(values) > 1 {
			return nil, name + " is given more than once"
		}
	}
	for _, name := range known {
		if form.Get(name) == "" && name != "scope" {
			return nil, name + " is missing"
		}
	}
	return form, ""
}
