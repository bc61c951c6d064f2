package abmtest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	audience = "https://account.apple.com/auth/oauth2/v2/token"
	longest  = 180 * 24 * time.Hour // life of an assertion
	leeway   = time.Minute          // for an iat in the future
)

// accepts verifies a client assertion. What no client should ever do is a
// violation; a key that is not valid, and a clock that is wrong, are not.
func (f *Fake) accepts(c *call, h *holder, text string) bool {
	f.inspect(c, text)
	var claims jwt.RegisteredClaims
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{"ES256"}), jwt.WithAudience(audience), jwt.WithSubject(h.id),
		jwt.WithExpirationRequired(), jwt.WithStrictDecoding(), jwt.WithTimeFunc(f.Wall),
	)
	_, err := parser.ParseWithClaims(text, &claims, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		if k := h.valid(id); k != nil {
			return &k.private.PublicKey, nil
		}
		return nil, errors.New("no such key")
	})
	switch {
	case err != nil:
		return false
	case claims.Issuer != h.id && claims.Issuer != f.TeamID:
		c.violate("iss is neither the client id nor the team id")
		return false
	case claims.IssuedAt == nil:
		c.violate("iat is missing")
		return false
	case claims.IssuedAt.After(f.Wall().Add(leeway)):
		return false
	case claims.ExpiresAt.Sub(claims.IssuedAt.Time) > longest:
		c.violate("the assertion lives longer than 180 days")
		return false
	case claims.ID == "":
		c.violate("jti is missing")
		return false
	}
	id := h.id + " " + claims.ID
	if f.seen[id] {
		c.violate("jti was used before")
		return !f.wire.RefuseReplay
	}
	f.seen[id] = true
	return true
}

// inspect notes mistakes in the form of an assertion.
func (f *Fake) inspect(c *call, text string) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		c.violate("the assertion is no JWT")
		return
	}
	var header struct{ Alg, Kid, Typ string }
	var claims struct {
		Aud any
		Sub string
		Exp json.Number
	}
	for i, into := range []any{&header, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(raw, into) != nil {
			c.violate("part %d of the assertion cannot be read", i+1)
			return
		}
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	for _, check := range []struct {
		wrong   bool
		problem string
	}{
		{header.Alg != "ES256", "alg is not ES256"},
		{header.Kid == "", "kid is missing"},
		{header.Typ != "" && header.Typ != "JWT", "typ is not JWT"},
		{claims.Aud != audience, "aud is not " + audience},
		{claims.Sub == "", "sub is missing"},
		{claims.Exp == "", "exp is missing"},
		{err != nil || len(signature) != 64, "the signature is not 64 bytes in base64url"},
	} {
		if check.wrong {
			c.violate("assertion: %s", check.problem)
		}
	}
}
