package intunetest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// jwtHeader and jwtClaims are the parts of an assertion that are looked at.
type jwtHeader struct {
	Alg  string `json:"alg"`
	Typ  string `json:"typ"`
	SHA1 string `json:"x5t"`
	SHA2 string `json:"x5t#S256"`
}

type jwtClaims struct {
	Aud string `json:"aud"`
	Iss string `json:"iss"`
	Sub string `json:"sub"`
	ID  string `json:"jti"`
	Nbf int64  `json:"nbf"`
	Exp int64  `json:"exp"`
}

// assertion checks a client assertion; nil = it is good. Its times are
// compared with the clock of this machine, which signed it, and not with the
// fake's.
func (v *visit) assertion(a *app, form url.Values, t *tenant) *reply {
	wrong := func(number int, message string) *reply {
		rep := v.refuse("invalid_client", number, message)
		return &rep
	}
	if form.Get("client_assertion_type") != assertionType {
		v.f.Violate(v.r, "client_assertion_type is not that of a JWT")
		return wrong(50027, "JWT token is invalid or malformed.")
	}
	parts := strings.Split(form.Get("client_assertion"), ".")
	var head jwtHeader
	var claims jwtClaims
	if len(parts) != 3 || !decodePart(parts[0], &head) || !decodePart(parts[1], &claims) {
		v.f.Violate(v.r, "the assertion is no JWT")
		return wrong(50027, "JWT token is invalid or malformed.")
	}
	cert := a.certificate(head)
	if cert == nil {
		return wrong(700027, "The certificate with identifier used to sign the client assertion is not registered on application.")
	}
	if !signed(cert.PublicKey.(*rsa.PublicKey), head.Alg, parts) {
		return wrong(700027, "Client assertion failed signature validation.")
	}
	now := time.Now()
	switch {
	case !slices.Contains(v.audiences(t), claims.Aud):
		v.f.Violate(v.r, "the audience of the assertion is not this token endpoint")
		return wrong(700023, "Client assertion audience claim does not match Realm issuer.")
	case claims.Iss != a.id || claims.Sub != a.id:
		v.f.Violate(v.r, "issuer and subject of the assertion are not the client id")
		return wrong(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
	case claims.Exp == 0 || now.Unix() >= claims.Exp || now.Unix()+clockSkew < claims.Nbf || now.After(cert.NotAfter):
		return wrong(700024, "Client assertion is not within its valid time range.")
	}
	v.judge(head, claims, now)
	return nil
}

// clockSkew is by how many seconds a client's clock may be ahead.
const clockSkew = 300

// judge notes what is accepted although it should not be done.
func (v *visit) judge(head jwtHeader, claims jwtClaims, now time.Time) {
	if head.Typ != "JWT" {
		v.f.Violate(v.r, "typ of the assertion is not JWT")
	}
	if claims.Exp-now.Unix() > 600+clockSkew {
		v.f.Violate(v.r, "the assertion lives longer than ten minutes")
	}
	if claims.Nbf == 0 {
		v.f.Violate(v.r, "the assertion has no nbf")
	}
	if claims.ID == "" || v.f.used[claims.ID] {
		v.f.Violate(v.r, "jti of the assertion is missing or was used before")
	}
	v.f.used[claims.ID] = true
}

// audiences are the addresses of the token endpoint of a tenant.
func (v *visit) audiences(t *tenant) []string {
	var list []string
	for _, name := range []string{t.id, t.domain} {
		roots := []string{v.root}
		for _, c := range v.in {
			for _, host := range clouds[c].logins {
				roots = append(roots, "https://"+host)
			}
		}
		for _, root := range roots {
			list = append(list, root+"/"+name+"/oauth2/v2.0/token")
		}
	}
	return list
}

// certificate finds the one that a header names; nil = none is registered.
func (a *app) certificate(head jwtHeader) *x509.Certificate {
	for _, cert := range a.certs {
		short, long := sha1.Sum(cert.Raw), sha256.Sum256(cert.Raw)
		if head.Alg == "RS256" && sameThumbprint(head.SHA1, short[:]) || sameThumbprint(head.SHA2, long[:]) {
			return cert
		}
	}
	return nil
}

// sameThumbprint takes base64 of both alphabets, padded or not: both are seen
// to work.
func sameThumbprint(text string, sum []byte) bool {
	text = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "="))
	return text == base64.RawURLEncoding.EncodeToString(sum)
}

func signed(key *rsa.PublicKey, alg string, parts []string) bool {
	sig, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return false
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	switch alg {
	case "PS256":
		return rsa.VerifyPSS(key, crypto.SHA256, sum[:], sig, nil) == nil
	case "RS256":
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig) == nil
	}
	return false
}

func decodePart(part string, into any) bool {
	b, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(b, into) == nil
}
