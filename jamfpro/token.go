package jamfpro

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"golang.org/x/oauth2"
)

// tokenPaths are where an API client gets tokens: the original place, and the
// one that newer servers document.
//
// Source: reference/jamfpro.md 1.3
var tokenPaths = []string{"/api/oauth/token", "/api/v1/oauth/token"}

// clientTokens fetches the tokens of an API client. A token cannot be renewed,
// only replaced.
type clientTokens struct {
	base   *url.URL
	id     string
	secret mdm.Secret

	mu   sync.Mutex
	path int // of tokenPaths: the one that worked last
}

func (s *clientTokens) Token(ctx context.Context) (*oauth2.Token, error) {
	secret, err := s.secret.Reveal(ctx)
	if err != nil {
		return nil, err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.id}, "client_secret": {secret}}
	s.mu.Lock()
	first := s.path
	s.mu.Unlock()
	for i := range tokenPaths {
		at := (first + i) % len(tokenPaths)
		token, err := s.fetch(ctx, tokenPaths[at], form)
		if missing := notThere(err); missing && i+1 < len(tokenPaths) {
			continue
		}
		if err == nil {
			s.mu.Lock()
			s.path = at
			s.mu.Unlock()
		}
		return token, err
	}
	return nil, errors.New("no token address")
}

func (s *clientTokens) fetch(ctx context.Context, path string, form url.Values) (*oauth2.Token, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base.String()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sent := time.Now()
	answer, _, err := askToken(ctx, r)
	if err != nil {
		return nil, err
	}
	kind := answer.TokenType.Text
	switch {
	case answer.AccessToken.Text == "" && answer.Token.Text != "":
		return nil, tokenError(mdm.ErrDecode, "the answer is that of a sign-in with user and password")
	case answer.AccessToken.Text == "" || kind != "" && !strings.EqualFold(kind, "bearer"):
		return nil, tokenError(mdm.ErrDecode, "the answer holds no bearer token")
	}
	token := &oauth2.Token{AccessToken: answer.AccessToken.Text}
	if seconds := answer.ExpiresIn.N; seconds > 0 && seconds < 1<<31 {
		token.Expiry = sent.Add(time.Duration(seconds) * time.Second)
	}
	return token, nil
}

// userTokens fetches the tokens of an account. A token that still lives is
// renewed, which needs no password; the password is asked for otherwise.
//
// Source: reference/jamfpro.md 1.5
type userTokens struct {
	base     *url.URL
	username string
	password mdm.Secret

	mu   sync.Mutex
	last *oauth2.Token // nil: none that could be renewed
}

func (s *userTokens) Token(ctx context.Context) (*oauth2.Token, error) {
	s.mu.Lock()
	last := s.last
	s.mu.Unlock()
	if last != nil && time.Now().Before(last.Expiry) {
		if token, err := s.fetch(ctx, "/api/v1/auth/keep-alive", func(r *http.Request) { last.SetAuthHeader(r) }); err == nil {
			return s.keep(token), nil
		} else if ctx.Err() != nil {
			return nil, err
		}
	}
	password, err := s.password.Reveal(ctx)
	if err != nil {
		return nil, err
	}
	token, err := s.fetch(ctx, "/api/v1/auth/token", func(r *http.Request) { r.SetBasicAuth(s.username, password) })
	if err != nil {
		return nil, err
	}
	return s.keep(token), nil
}

// Discard forgets a token that was refused: it cannot be renewed any more.
func (s *userTokens) Discard(*oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = nil
}

func (s *userTokens) keep(token *oauth2.Token) *oauth2.Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = token
	return token
}

func (s *userTokens) fetch(ctx context.Context, path string, sign func(*http.Request)) (*oauth2.Token, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base.String()+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	sign(r)
	sent := time.Now()
	answer, header, err := askToken(ctx, r)
	if err != nil {
		return nil, err
	}
	if answer.Token.Text == "" {
		return nil, tokenError(mdm.ErrDecode, "the answer holds no token of a sign-in with user and password")
	}
	token := &oauth2.Token{AccessToken: answer.Token.Text}
	if expires := answer.Expires.At(); !expires.IsZero() { // by the clock of the server, which may differ from ours
		now := sent
		if date, err := http.ParseTime(header.Get("Date")); err == nil {
			now = date
		}
		token.Expiry = sent.Add(expires.Sub(now))
	}
	return token, nil
}

// askToken sends a request for a token. An error answer is a
// *oauth2.RetrieveError, which the transport classifies.
func askToken(ctx context.Context, r *http.Request) (wire.Token, http.Header, error) {
	var answer wire.Token
	r.Header.Set("Accept", "application/json")
	client, ok := ctx.Value(oauth2.HTTPClient).(*http.Client)
	if !ok {
		client = http.DefaultClient
	}
	response, err := client.Do(r)
	if err != nil {
		return answer, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return answer, nil, err
	}
	readable := json.Unmarshal(body, &answer) == nil
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return answer, nil, &oauth2.RetrieveError{Response: response, Body: body, ErrorCode: answer.Error.Text}
	}
	if !readable {
		return answer, nil, tokenError(mdm.ErrWrongAddress, "the answer is not one of a Jamf Pro API")
	}
	return answer, response.Header, nil
}

// notThere reports whether there is no such token address.
func notThere(err error) bool {
	answer, ok := errors.AsType[*oauth2.RetrieveError](err)
	return ok && answer.Response.StatusCode == http.StatusNotFound
}

func tokenError(kind error, detail string) error {
	return &mdm.Error{Op: "token", Kind: kind, Detail: detail}
}

// SignOut invalidates the token at hand, so that nobody who may have read it
// can use it. The next request fetches another one.
//
// Source: reference/jamfpro.md 1.3, 1.5
//
//mdm:endpoint POST /api/v1/auth/invalidate-token
func (c *Client) SignOut(ctx context.Context) error {
	return c.post(ctx, "sign out", "/api/v1/auth/invalidate-token", nil, nil)
}
