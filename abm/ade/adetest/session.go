package adetest

import (
	"crypto/hmac"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const sessionHeader = "X-Adm-Auth-Session" // the canonical form of X-ADM-Auth-Session

// window is how far the time of a signature may be from the server's.
const window = 5 * time.Minute

// Sessions says how session tokens live. The zero value is a session that ends
// after three minutes of disuse.
type Sessions struct {
	Life   time.Duration // of disuse; 0 = 3 minutes
	Calls  int           // requests that a session token serves; 0 = any number
	Rotate int           // every n-th answer of a session replaces its token at once; 0 = none does
	Single bool          // a new session ends the others of its entry
}

// auth is what the fake knows about sessions.
type auth struct {
	rules    Sessions
	sessions map[string]*session
	nonces   map[string]bool
	minted   int
}

// session is one session token.
type session struct {
	token   string
	grant   *grant
	used    time.Time
	calls   int // of this token
	answers int // of the session, the tokens before included
	dead    bool
}

func newAuth() auth { return auth{sessions: map[string]*session{}, nonces: map[string]bool{}} }

// SetSessions says how session tokens live from now on.
func (f *Fake) SetSessions(s Sessions) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = s
}

// DropSessions ends all sessions.
func (f *Fake) DropSessions() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.sessions {
		s.dead = true
	}
}

// session serves GET /session.
func (c *call) session() reply {
	if c.f.wire.Simulator && c.r.Header.Get("Content-Type") != mediaType {
		return c.malformed("Content-Type is not %q", mediaType)
	}
	if rep := c.ordered(); rep != nil {
		return *rep
	}
	params, err := c.oauth()
	if err != nil {
		return c.refuse("oauth_problem_adviceBad Request", "%v", err)
	}
	g, rep := c.verify(params)
	if g == nil {
		return rep
	}
	if c.f.wire.EmptySession {
		return success(map[string]string{"auth_session_token": ""})
	}
	if c.f.rules.Single {
		for _, s := range c.f.sessions {
			s.dead = s.dead || s.grant.entry == g.entry
		}
	}
	return success(map[string]string{"auth_session_token": c.f.open(g, 0).token})
}

// open begins a session.
func (f *Fake) open(g *grant, answers int) *session {
	f.minted++
	seed := digest("session", g.AccessToken, strconv.Itoa(f.minted))
	now := f.Now()
	s := &session{grant: g, used: now, answers: answers,
		token: fmt.Sprintf("%dO1O%XO%xO%X", now.UnixMilli(), seed[:16], seed[16:28], seed[28:32])}
	f.sessions[s.token] = s
	return s
}

// oauth reads the parameters of the signature and checks that exactly the
// right ones are there.
func (c *call) oauth() (map[string]string, error) {
	if n := len(c.r.Header.Values("Authorization")); n != 1 {
		return nil, fmt.Errorf("%d Authorization headers", n)
	}
	params, err := parseOAuth(c.r.Header.Get("Authorization"))
	if err != nil {
		return nil, err
	}
	if len(c.query) > 0 || len(c.body) > 0 {
		return nil, fmt.Errorf("parameters outside the Authorization header")
	}
	left := len(params)
	for _, name := range []string{"oauth_consumer_key", "oauth_token", "oauth_signature_method", "oauth_signature", "oauth_timestamp", "oauth_nonce"} {
		if params[name] == "" {
			return nil, fmt.Errorf("no %s", name)
		}
		left--
	}
	if version, ok := params["oauth_version"]; ok {
		if left--; version != "1.0" {
			return nil, fmt.Errorf("oauth_version %q", version)
		}
	}
	if realm, ok := params["realm"]; ok {
		if left--; realm != "ADM" {
			c.violate("realm %q is not ADM", realm)
		}
	}
	switch {
	case left > 0:
		return nil, fmt.Errorf("unsupported parameter")
	case params["oauth_signature_method"] != "HMAC-SHA1":
		return nil, fmt.Errorf("signature method %q", params["oauth_signature_method"])
	}
	return params, nil
}

// verify checks a signature, and then what became of the token.
func (c *call) verify(params map[string]string) (*grant, reply) {
	unauthorized := fail(http.StatusUnauthorized, "oauth_problem_adviceUnauthorized")
	g := c.f.grants[params["oauth_token"]]
	if g == nil || g.ConsumerKey != params["oauth_consumer_key"] {
		return nil, unauthorized
	}
	base := baseString(c.r.Method, address(c.r), params, nil)
	if !hmac.Equal([]byte(sign(base, g.ConsumerSecret, g.AccessSecret)), []byte(params["oauth_signature"])) {
		return nil, unauthorized
	}
	seconds, err := strconv.ParseInt(params["oauth_timestamp"], 10, 64)
	if err != nil || seconds <= 0 {
		return nil, c.refuse("oauth_problem_adviceBad Request", "oauth_timestamp is no number of seconds")
	}
	if off := c.f.Wall().Sub(time.Unix(seconds, 0)); off > window || off < -window {
		return nil, unauthorized
	}
	nonce := params["oauth_consumer_key"] + " " + params["oauth_nonce"]
	if c.f.nonces[nonce] {
		c.violate("oauth_nonce was used before")
		return nil, unauthorized
	}
	c.f.nonces[nonce] = true
	if rep := c.standing(g); rep != nil {
		return nil, *rep
	}
	return g, reply{}
}

// standing is why a token is refused whose signature is right; nil = it is
// not.
func (c *call) standing(g *grant) *reply {
	var rep reply
	switch wire := c.f.wire; {
	case g.entry.deleted, g.end == endedByPassword:
		rep = fail(http.StatusUnauthorized, "oauth_problem_adviceUnauthorized")
	case g.end == endedByNewer:
		rep = wire.Superseded.or(http.StatusUnauthorized, "token_rejected")
	case g.entry.revoked:
		rep = fail(http.StatusForbidden, "ACCESS_DENIED")
	case !c.now.Before(g.Expiry):
		rep = wire.Expired.or(http.StatusForbidden, "token_expiredForbidden")
	case c.f.termsOpen[g.entry.org.ID]:
		rep = fail(http.StatusForbidden, "T_C_NOT_SIGNED")
	default:
		return nil
	}
	return &rep
}

// admit checks the session token of a request; it gives the answer to a caller
// who is turned away.
func (c *call) admit() (*session, *reply) {
	if c.r.Header.Get("Authorization") != "" {
		c.violate("Authorization belongs to /session only")
	}
	var token string
	for name, values := range c.r.Header {
		if http.CanonicalHeaderKey(name) == sessionHeader && len(values) == 1 {
			token = values[0]
		}
	}
	s := c.f.sessions[token]
	var rep reply
	switch {
	case token == "":
		c.violate("no session token")
		rep = fail(http.StatusUnauthorized, "UNAUTHORIZED")
	case s == nil:
		rep = c.f.wire.BadSession.or(http.StatusForbidden, "FORBIDDEN")
	case s.ended(c):
		rep = c.f.wire.OldSession.or(http.StatusUnauthorized, "UNAUTHORIZED")
	case s.grant.entry.revoked:
		rep = fail(http.StatusForbidden, "ACCESS_DENIED")
	case c.f.termsOpen[s.grant.entry.org.ID]:
		rep = fail(http.StatusForbidden, "T_C_NOT_SIGNED")
	default:
		c.entry = s.grant.entry
		s.used = c.now
		s.calls++
		s.answers++
		return s, nil
	}
	return nil, &rep
}

// ended reports whether a session is over; it ends with its token.
func (s *session) ended(c *call) bool {
	life := c.f.rules.Life
	if life == 0 {
		life = 3 * time.Minute
	}
	if s.grant.end != stillGood || s.grant.entry.deleted || !c.now.Before(s.grant.Expiry) ||
		c.now.Sub(s.used) >= life || c.f.rules.Calls > 0 && s.calls >= c.f.rules.Calls {
		s.dead = true
	}
	return s.dead
}

// rotate gives the session token that replaces the one in use; "" = it stays.
func (f *Fake) rotate(s *session) string {
	if f.rules.Rotate <= 0 || s.answers%f.rules.Rotate != 0 {
		return ""
	}
	s.dead = true
	return f.open(s.grant, s.answers).token
}
