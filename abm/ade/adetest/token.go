package adetest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Token is a server token as it stands in the file of the portal.
type Token struct {
	ConsumerKey    string    `json:"consumer_key"`
	ConsumerSecret string    `json:"consumer_secret"`
	AccessToken    string    `json:"access_token"`
	AccessSecret   string    `json:"access_secret"`
	Expiry         time.Time `json:"access_token_expiry"`
}

// Message is the text that the portal encrypts: mail headers, and the token as
// one line of JSON between two marks.
func (t Token) Message() []byte {
	b, err := json.Marshal(t)
	if err != nil {
		panic(err) // the fake's own mistake: a year of five digits
	}
	return []byte("Content-Type: text/plain;charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" +
		"-----BEGIN MESSAGE-----\n" + string(b) + "\n-----END MESSAGE-----\n")
}

// end is why a token does not work any more.
type end uint8

const (
	stillGood end = iota
	endedByNewer
	endedByPassword
)

// grant is a token as the server keeps it.
type grant struct {
	Token
	entry  *Entry
	admin  string // the account that downloaded it
	issued time.Time
	end    end
}

// year is the life of a token.
const year = 365 * 24 * time.Hour

// issue makes a token and ends the one before.
func (e *Entry) issue(now time.Time) *grant {
	now = now.Truncate(time.Second)
	if e.grant != nil && e.grant.end == stillGood {
		e.grant.end = endedByNewer
	}
	e.issued++
	life := e.f.tokenLife
	if life == 0 {
		life = year
	}
	holder := digest("consumer", e.uuid, e.admin)
	more := digest("consumer", e.uuid, e.admin, "more")
	secret := digest("secret", e.uuid, e.admin)
	access := digest("access", e.uuid, strconv.Itoa(e.issued))
	accessSecret := digest("access secret", e.uuid, strconv.Itoa(e.issued))
	e.grant = &grant{entry: e, admin: e.admin, issued: now, Token: Token{
		ConsumerKey:    fmt.Sprintf("CK_%x%x", holder[:], more[:16]),
		ConsumerSecret: fmt.Sprintf("CS_%x", secret[:20]),
		AccessToken:    fmt.Sprintf("AT_O%011dO%xO%d", 10203040506+e.issued, access[:20], now.UnixMilli()),
		AccessSecret:   fmt.Sprintf("AS_%x", accessSecret[:20]),
		Expiry:         now.Add(life),
	}}
	e.f.grants[e.grant.AccessToken] = e.grant
	return e.grant
}

// Issue makes a new token, as a download in the portal does, and ends the one
// before.
func (e *Entry) Issue() Token {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	return e.issue(e.f.Now()).Token
}

// Token is the newest token.
func (e *Entry) Token() Token {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	return e.grant.Token
}

// SetAdmin says which account downloads tokens from now on. Another account
// gets another consumer key.
func (e *Entry) SetAdmin(account string) {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.admin = account
}

// ChangePassword ends the newest token, as a change of the password of the
// account that downloaded it does.
func (e *Entry) ChangePassword() {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.grant.end = endedByPassword
}

// Revoke takes all access away from the entry, or gives it back.
func (e *Entry) Revoke(on bool) {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.revoked = on
}

// Delete removes the entry in the portal. Its tokens are refused as unknown
// ones are, and its devices are assigned to no entry.
func (e *Entry) Delete() {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.deleted = true
	for _, d := range e.f.devices {
		if d.entry == e {
			e.f.leave(d)
		}
	}
}

// SetTokenLife says how long tokens live that are made from now on. 0 = 365
// days.
func (f *Fake) SetTokenLife(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokenLife = d
}

// SetTerms says whether the organisation of the entry has accepted Apple's
// terms, as it has at first. Without that every request of all its entries is
// refused.
func (e *Entry) SetTerms(accepted bool) {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.f.termsOpen[e.org.ID] = !accepted
}

// digest makes the values that look random.
func digest(from ...string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.Join(from, "\x00")))
}

// simulatedToken serves GET /token of the simulator.
func (c *call) simulatedToken() reply { return success(c.f.Main.grant.Token) }
