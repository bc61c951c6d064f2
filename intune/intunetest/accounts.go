package intunetest

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
)

// directory is what the login service knows: tenants, apps and tokens.
type directory struct {
	tenants map[string]*tenant // by id
	apps    map[string]*app    // by client id
	tokens  map[string]*token
	life    time.Duration
	answerC Consent
	lag     time.Duration // until consent works
	used    map[string]bool
}

type tenant struct {
	id, domain, name string
	granted          map[string][]string  // roles by client id; a missing id was never consented
	since            map[string]time.Time // when consent begins to work, by client id
}

// app is a registration.
type app struct {
	id, secret string
	expired    bool // the secret
	revoked    bool
	roles      []string // what the registration asks for
	redirects  []string
	certs      []*x509.Certificate
}

type token struct {
	tenant  *tenant
	cloud   Cloud
	app     string
	roles   []string
	expires time.Time
	dead    bool
}

func (t *token) has(role string) bool { return slices.Contains(t.roles, role) }

func newDirectory(f *Fake) directory {
	all := Permissions()
	return directory{
		tenants: map[string]*tenant{f.TenantID: {
			id: f.TenantID, domain: f.Domain, name: f.world.name,
			granted: map[string][]string{f.ClientID: all}, since: map[string]time.Time{},
		}},
		apps:    map[string]*app{f.ClientID: {id: f.ClientID, secret: f.ClientSecret, roles: all}},
		tokens:  map[string]*token{},
		life:    time.Hour,
		answerC: Granted,
		used:    map[string]bool{},
	}
}

// home is the tenant whose devices are served. The caller holds the lock.
func (f *Fake) home() *tenant { return f.tenants[f.TenantID] }

// tenantOf finds a tenant by its id or its domain; nil = there is none.
func (f *Fake) tenantOf(name string) *tenant {
	for _, t := range f.tenants {
		if strings.EqualFold(t.id, name) || strings.EqualFold(t.domain, name) {
			return t
		}
	}
	return nil
}

// AddTenant adds a tenant without Intune, in which no app has consent yet.
func (f *Fake) AddTenant(id, domain string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tenants[id] = &tenant{id: id, domain: domain, name: domain, granted: map[string][]string{}, since: map[string]time.Time{}}
}

// SetTokenLife sets how long tokens live, an hour at first. The answer says
// one second less.
func (f *Fake) SetTokenLife(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.life = d
}

// DropTokens ends all tokens at once.
func (f *Fake) DropTokens() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.tokens {
		t.dead = true
	}
}

// Revoke disables an app: it gets no more tokens. Those that it has live until
// they expire, see [Fake.DropTokens].
func (f *Fake) Revoke(clientID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if a := f.apps[clientID]; a != nil {
		a.revoked = true
	}
}

// RotateSecret gives an app a new secret and returns it. The old one gets no
// more tokens, but tokens live on. The app must exist.
func (f *Fake) RotateSecret(clientID string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.serial++
	a := f.apps[clientID]
	a.secret, a.expired = fmt.Sprintf("n3w~secret+%d&%%=", f.serial), false
	return a.secret
}

// ExpireSecret ends the secret of an app. The app must exist.
func (f *Fake) ExpireSecret(clientID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.apps[clientID].expired = true
}

// AddCertificate registers a certificate with an app, whose private key may
// then sign its assertions. The app must exist, and the key be RSA.
func (f *Fake) AddCertificate(clientID string, cert *x509.Certificate) {
	if _, ok := cert.PublicKey.(*rsa.PublicKey); !ok {
		panic("intunetest: the key of a certificate is RSA")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.apps[clientID].certs = append(f.apps[clientID].certs, cert)
}

// AddRedirect registers an address that the consent page may answer to. The
// app must exist.
func (f *Fake) AddRedirect(clientID, uri string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.apps[clientID].redirects = append(f.apps[clientID].redirects, uri)
}

// issue makes a token. It looks like a signed one, and its claims can be read.
func (f *Fake) issue(t *tenant, a *app, c Cloud, aud string, now time.Time) string {
	f.serial++
	var roles []string
	if !now.Before(t.since[a.id]) {
		roles = t.granted[a.id]
	}
	claims := object{{"aud", aud}, {"iat", now.Unix()}, {"exp", now.Add(f.life).Unix()}, {"appid", a.id}, {"tid", t.id}, {"uti", fmt.Sprint(f.serial)}}
	if len(roles) > 0 {
		claims = append(claims, member{"roles", roles})
	}
	part := base64.RawURLEncoding.EncodeToString
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", t.id, a.id, f.serial))
	text := part([]byte(`{"typ":"JWT","alg":"RS256"}`)) + "." + part(encode(claims)) + "." + part(sum[:])
	f.tokens[text] = &token{tenant: t, cloud: c, app: a.id, roles: roles, expires: now.Add(f.life)}
	return text
}
