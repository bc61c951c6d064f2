package intune

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
	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"golang.org/x/oauth2"
)

// tokens signs requests. What a token may do is written into it when it is
// made, so one that was made before an administrator consented is dropped when
// it is refused for that.
//
// Source: reference/intune.md 1.3, 1.5
type tokens struct {
	source transport.TokenSource

	mu    sync.Mutex
	inner transport.Auth
	since time.Time // when inner was made
}

// patience is how long a token is kept after it was refused for a right.
const patience = time.Minute

func newTokens(cfg Config) *tokens {
	source := cfg.TokenSource
	if source == nil {
		source = &clientTokens{cfg: cfg}
	}
	if d, ok := source.(transport.Discarder); ok {
		source = &remembered{TokenSource: source, Discarder: d}
	}
	t := &tokens{source: source}
	t.forget()
	return t
}

// remembered is a source with a memory of its own. It remembers the last token,
// so that the source can be told to drop it.
type remembered struct {
	transport.TokenSource
	transport.Discarder

	mu   sync.Mutex
	last *oauth2.Token // nil: none
}

// Token implements transport.TokenSource.
func (s *remembered) Token(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.TokenSource.Token(ctx)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.last = token
	}
	return token, err
}

// drop makes the source fetch another token.
func (s *remembered) drop() {
	s.mu.Lock()
	last := s.last
	s.last = nil
	s.mu.Unlock()
	if last != nil {
		s.Discard(last)
	}
}

func (t *tokens) current() transport.Auth {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.inner
}

// forget makes the next request fetch another token, from a source without a
// memory or with one that can drop it.
func (t *tokens) forget() {
	if s, ok := t.source.(*remembered); ok {
		s.drop()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inner, t.since = transport.Bearer(t.source), time.Now()
}

// Apply implements transport.Auth.
func (t *tokens) Apply(ctx context.Context, r *http.Request) error {
	return t.current().Apply(ctx, r)
}

// Answered implements transport.Watcher.
func (t *tokens) Answered(r *http.Request, resp *http.Response) bool {
	if resp.StatusCode == http.StatusForbidden {
		t.mu.Lock()
		old := time.Since(t.since) > patience
		t.mu.Unlock()
		if old {
			t.forget()
		}
		return false
	}
	watcher, ok := t.current().(transport.Watcher)
	return ok && watcher.Answered(r, resp)
}

// ForgetToken makes the next request fetch another token. Call it after an
// administrator has consented: a token that was made before knows nothing of
// the new rights. A Config.TokenSource that keeps its tokens is told to drop
// the one in use, for which it has to be a transport.Discarder; one that is
// not may give the old one again.
func (c *Client) ForgetToken() { c.auth.forget() }

// clientTokens fetches the tokens of an app registration.
type clientTokens struct{ cfg Config }

// Token fetches a token for the customer's tenant. There is no refresh token:
// a new one is asked for each time.
//
// Source: reference/intune.md 1.3, 1.4
func (s *clientTokens) Token(ctx context.Context) (*oauth2.Token, error) {
	address := s.cfg.Cloud.tokenAddress(s.cfg.TenantID)
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.cfg.ClientID}, "scope": {s.cfg.Cloud.scope()}}
	sent := time.Now()
	if s.cfg.Certificate != nil {
		assertion, err := s.cfg.Certificate.assertion(s.cfg.ClientID, address, sent)
		if err != nil {
			return nil, err
		}
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", assertion)
	} else {
		secret, err := s.cfg.ClientSecret.Reveal(ctx)
		if err != nil {
			return nil, err
		}
		form.Set("client_secret", secret)
	}
	answer, err := askToken(ctx, address, form)
	if err != nil {
		return nil, err
	}
	if kind := answer.TokenType.Text; answer.AccessToken.Text == "" || kind != "" && !strings.EqualFold(kind, "bearer") {
		return nil, tokenError(mdm.ErrDecode, "the answer holds no bearer token")
	}
	token := &oauth2.Token{AccessToken: answer.AccessToken.Text}
	if seconds := answer.ExpiresIn.N; seconds > 0 && seconds < 1<<31 {
		token.Expiry = sent.Add(time.Duration(seconds) * time.Second)
	}
	return token, nil
}

// askToken sends a request for a token. An error answer is a
// *oauth2.RetrieveError, which the transport classifies.
func askToken(ctx context.Context, address string, form url.Values) (wire.Token, error) {
	var answer wire.Token
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return answer, errors.New("the token address is not valid")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	client, ok := ctx.Value(oauth2.HTTPClient).(*http.Client)
	if !ok {
		client = http.DefaultClient
	}
	response, err := client.Do(r)
	if err != nil {
		return answer, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return answer, err
	}
	readable := json.Unmarshal(body, &answer) == nil
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return answer, &oauth2.RetrieveError{Response: response, Body: body, ErrorCode: answer.Error.Text}
	}
	if !readable {
		return answer, tokenError(mdm.ErrWrongAddress, "the answer is not one of Microsoft's sign-in")
	}
	return answer, nil
}

func tokenError(kind error, detail string) error {
	return &mdm.Error{Op: "token", Kind: kind, Detail: detail}
}
