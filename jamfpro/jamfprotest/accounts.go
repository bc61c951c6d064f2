package jamfprotest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// accounts is who may ask for tokens, and the tokens that they got.
type accounts struct {
	holders map[string]*holder
	tokens  map[string]*token
	life    time.Duration // of OAuth tokens
	stay    time.Duration // of user tokens
	made    int
}

// holder is an API client or a user.
type holder struct {
	name, secret string
	old          string // the secret before, which nodes take that lag
	rotated      written
	user         bool
	revoked      bool
	rights       []string
}

type token struct {
	holder  *holder
	expires time.Time
	dead    bool
	rights  []string // when it was made
}

func newAccounts(f *Fake) accounts {
	all := Privileges()
	return accounts{
		holders: map[string]*holder{
			f.ClientID: {name: f.ClientID, secret: f.ClientSecret, rights: all},
			f.Username: {name: f.Username, secret: f.Password, rights: all, user: true},
		},
		tokens: map[string]*token{},
		life:   time.Minute,
		stay:   30 * time.Minute,
	}
}

// SetTokenLife sets how long OAuth tokens live, a minute at first. The answer
// says one second less.
func (f *Fake) SetTokenLife(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.life = d
}

// SetUserTokenLife sets how long tokens of users live, half an hour at first.
func (f *Fake) SetUserTokenLife(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stay = d
}

// DropTokens ends all tokens at once.
func (f *Fake) DropTokens() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.tokens {
		t.dead = true
	}
}

// Revoke disables an account: it gets no more tokens. Those that it has live
// until they expire, see [Fake.DropTokens].
func (f *Fake) Revoke(account string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if h := f.holders[account]; h != nil {
		h.revoked = true
	}
}

// RotateSecret gives the API client a new secret and returns it. The old one
// gets no more tokens, but tokens live on. Of several nodes the first one
// learns it at once.
func (f *Fake) RotateSecret() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.renew(f.holders[f.ClientID], written{at: f.Now()})
}

// renew gives a client a new secret. The caller holds the lock.
func (f *Fake) renew(h *holder, at written) string {
	f.made++
	h.old, h.secret, h.rotated = h.secret, fmt.Sprintf("n3w&secret+%d=%%2F", f.made), at
	return h.secret
}

// issue makes a token. The caller holds the lock.
func (f *Fake) issue(h *holder, expires time.Time) string {
	f.made++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", h.name, f.made))
	part := base64.RawURLEncoding.EncodeToString
	text := part([]byte(`{"alg":"HS256"}`)) + "." + part(fmt.Appendf(nil, `{"sub":%q,"n":%d}`, h.name, f.made)) + "." + part(sum[:])
	f.tokens[text] = &token{holder: h, expires: expires, rights: h.rights}
	return text
}

// oauthError is the body of a refused token request.
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	URI         string `json:"error_uri"`
}

func (c *call) refuseToken(code string) reply {
	status := http.StatusBadRequest
	if code == "invalid_client" {
		status = http.StatusUnauthorized
	}
	if c.f.wire.TokenStatus != 0 {
		status = c.f.wire.TokenStatus
	}
	return reply{status: status, body: oauthError{code, "Client authentication failed", "https://datatracker.ietf.org/doc/html/rfc6749#section-5.2"}}
}

// oauthToken gives a token for client credentials.
func (c *call) oauthToken() reply {
	if err := c.mediaType("application/x-www-form-urlencoded"); err != nil {
		c.violate("%v", err)
		return c.refuseToken("invalid_request")
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		c.violate("form cannot be read")
		return c.refuseToken("invalid_request")
	}
	if c.r.Header.Get("Authorization") != "" {
		c.violate("credentials belong into the form")
	}
	for name, values := range form {
		if !slices.Contains([]string{"grant_type", "client_id", "client_secret", "scope"}, name) || len(values) > 1 {
			c.violate("form field %q unknown or repeated", name)
		}
	}
	if form.Get("grant_type") != "client_credentials" {
		c.violate("grant_type %q", form.Get("grant_type"))
		return c.refuseToken("unsupported_grant_type")
	}
	return c.grant(form)
}

const scope = "api-role:3"

func (c *call) grant(form url.Values) reply {
	h := c.f.holders[form.Get("client_id")]
	if h == nil || h.user || h.revoked || form.Get("client_secret") != c.secretOf(h) {
		return c.refuseToken("invalid_client")
	}
	if s := form.Get("scope"); s != "" && s != scope {
		return c.refuseToken("invalid_scope")
	}
	kind := c.f.wire.TokenType
	if kind == "" {
		kind = "Bearer"
	}
	return success(struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		Scope       string `json:"scope"`
		ExpiresIn   int    `json:"expires_in"`
	}{c.f.issue(h, c.now.Add(c.f.life)), kind, scope, int(c.f.life.Seconds()) - 1})
}

// secretOf is the secret that the node of this request knows.
func (c *call) secretOf(h *holder) string {
	if h.old != "" && !c.sees(h.rotated) {
		return h.old
	}
	return h.secret
}

// userToken gives a token for a name and a password.
func (c *call) userToken() reply {
	c.emptyBody()
	name, password, ok := c.r.BasicAuth()
	h := c.f.holders[name]
	switch {
	case !ok:
		c.violate("no Basic credentials")
	case h != nil && !h.user:
		c.violate("the id of an API client is no user name")
	case h != nil && !h.revoked && h.secret == password:
		return c.userTokenOf(h)
	}
	return fail(http.StatusUnauthorized, "INVALID_CREDENTIALS", "", "Unauthorized")
}

func (c *call) userTokenOf(h *holder) reply {
	expires := c.now.Add(c.f.stay).Truncate(time.Millisecond)
	return success(struct {
		Token   string `json:"token"`
		Expires string `json:"expires"`
	}{c.f.issue(h, expires), expires.Format("2006-01-02T15:04:05.000Z")})
}

// keepAlive exchanges a user's token for a new one.
func (c *call) keepAlive() reply {
	c.emptyBody()
	if !c.token.holder.user {
		c.violate("tokens of API clients cannot be kept alive")
		return fail(http.StatusUnauthorized, "INVALID_TOKEN", "token", "Unauthorized")
	}
	c.token.dead = true
	return c.userTokenOf(c.token.holder)
}

func (c *call) invalidate() reply {
	c.emptyBody()
	c.token.dead = true
	return noContent()
}

func (c *call) emptyBody() {
	if len(c.body) > 0 {
		c.violate("a body where none is read")
	}
}

// rotate gives the client a new secret; there is one, with the id 1.
func (c *call) rotate() reply {
	if strings.TrimSpace(c.vars["id"]) != "1" {
		return noSuchID()
	}
	h := c.f.holders[c.f.ClientID]
	return success(map[string]string{"clientId": h.name, "clientSecret": c.f.renew(h, c.stamp())})
}
