package abm

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"golang.org/x/oauth2"
)

// The life of what signs in.
//
// Source: reference/apple.md 6.3, 6.4
const (
	assertionLife = 15 * time.Minute
	assertionLead = 30 * time.Second // how far the other clock may be behind
	renewEarly    = 4 * time.Minute  // in addition to the minute of transport.Bearer
	tokenLimit    = 1 << 20
)

// opToken is the operation that the transport gives to failures of the token
// endpoint.
const opToken = "token"

// tokens fetches access tokens, each with an assertion of its own.
type tokens struct {
	account account
	key     mdm.Secret
}

// Token asks Apple for a token.
//
// Source: reference/apple.md 6.4
func (s *tokens) Token(ctx context.Context) (*oauth2.Token, error) {
	assertion, err := s.assertion(ctx)
	if err != nil {
		return nil, err
	}
	form := url.Values{
		"grant_type":            {"client_credentials"},
		"client_id":             {s.account.client},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {assertion},
		"scope":                 {s.account.scope.String() + ".api"},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.account.tokens, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sent := time.Now()
	answer, err := askToken(ctx, r)
	if err != nil {
		return nil, err
	}
	kind := answer.TokenType.Text
	if answer.AccessToken.Text == "" || kind != "" && !strings.EqualFold(kind, "bearer") {
		return nil, &mdm.Error{Op: opToken, Kind: mdm.ErrDecode, Detail: "the answer holds no bearer token"}
	}
	token := &oauth2.Token{AccessToken: answer.AccessToken.Text}
	if seconds := answer.ExpiresIn.N; seconds > 0 && seconds < 1<<31 {
		life := time.Duration(seconds) * time.Second
		if life > 4*renewEarly {
			life -= renewEarly
		}
		token.Expiry = sent.Add(life)
	}
	return token, nil
}

// Discard forgets nothing: each token is fetched anew, so that another one may
// work after a refusal.
//
// Source: reference/apple.md 9.1
func (*tokens) Discard(*oauth2.Token) {}

// assertion signs a claim that lives for some minutes and is used once.
//
// Source: reference/apple.md 6.3
func (s *tokens) assertion(ctx context.Context) (string, error) {
	file, err := s.key.Reveal(ctx)
	if err != nil {
		return "", err
	}
	key, err := parseKey(file)
	if err != nil {
		return "", err
	}
	issued := time.Now().Add(-assertionLead)
	token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
		"iss": s.account.client,
		"sub": s.account.client,
		"aud": tokenAudience,
		"iat": issued.Unix(),
		"exp": issued.Add(assertionLife).Unix(),
		"jti": rand.Text(),
	})
	token.Header["kid"] = s.account.keyID
	return token.SignedString(key)
}

// askToken sends a request for a token. An error answer is a
// *oauth2.RetrieveError, which the transport classifies.
func askToken(ctx context.Context, r *http.Request) (wire.Token, error) {
	var answer wire.Token
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
	body, err := io.ReadAll(io.LimitReader(response.Body, tokenLimit))
	if err != nil {
		return answer, err
	}
	readable := json.Unmarshal(body, &answer) == nil
	if response.StatusCode != http.StatusOK {
		patient(response, answer)
		return answer, &oauth2.RetrieveError{Response: response, Body: body, ErrorCode: answer.Error.Text}
	}
	if !readable {
		return answer, &mdm.Error{Op: opToken, Kind: mdm.ErrWrongAddress, Detail: "the answer is not one of Apple's",
			Advice: "Check the proxy in between: it answered in place of account.apple.com."}
	}
	return answer, nil
}

// patient makes a 429 of the 400 with which the token endpoint asks to come
// back later, and gives either a time to wait where it names none.
//
// Source: reference/apple.md 6.4
func patient(response *http.Response, answer wire.Token) {
	if response.StatusCode == http.StatusBadRequest && answer.Error.Text == "invalid_request" &&
		strings.Contains(strings.ToLower(answer.Description.Text), "too many requests") {
		response.StatusCode = http.StatusTooManyRequests
	}
	if response.StatusCode == http.StatusTooManyRequests && response.Header.Get("Retry-After") == "" {
		response.Header.Set("Retry-After", "30")
	}
}
