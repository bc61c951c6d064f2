package relutiontest

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// accounts are the users that call the API, with their tokens.
type accounts struct {
	tokens   map[string]*token // by value
	password map[string]*account
}

// token is an access token. It can do what its owner can.
type token struct {
	uuid, name string
	owner      *account
	expires    time.Time // zero = never
	created    time.Time
}

// account is a user that tokens belong to.
type account struct {
	user    *user
	home    string
	rights  map[string][]string // by organisation; without an entry the account does not get there
	refusal string              // why it is refused, such as "USER_LOCKED"; "" = it is not
}

func newAccounts(f *Fake) accounts {
	a := accounts{tokens: map[string]*token{}, password: map[string]*account{}}
	one := f.newAccount(f.serviceUser)
	a.tokens[f.Token] = &token{uuid: uuid("token", f.Token), name: "inventory", owner: one, created: f.Now()}
	a.password[f.Username+":"+f.Password] = one
	return a
}

// newAccount reaches the home organisation and the tenant, with all rights.
func (f *Fake) newAccount(u *user) *account {
	return &account{user: u, home: f.Home, rights: map[string][]string{f.Home: AllRights(), f.Tenant: AllRights()}}
}

// AllRights are the permissions that the fake looks at, by the names of the
// server: those to read, DEVICE_ACTION_ for each kind of action, and so on.
func AllRights() []string {
	list := []string{
		"READ_DEVICES", "READ_DEVICE_DETAILS", "READ_INSTALLED_APPS", "READ_DEVICE_GROUPS", "READ_AUTO_ENROLLMENTS",
		"READ_DEP_ACCOUNTS", "READ_USERS", "READ_GROUPS", "READ_ACCESS_TOKENS", "READ_DEVICE_ACTIONS", "UPDATE_DEVICE_ACTIONS",
		"READ_DEVICE_CUSTOM_FIELDS_SETTINGS", "UPDATE_DEVICES", "CHANGE_DEVICE_USER", "UPDATE_USERS",
	}
	for _, kind := range slices.Sorted(maps.Keys(actionKinds)) {
		list = append(list, "DEVICE_ACTION_"+kind)
	}
	return list
}

// SetRights gives the owner of a token exactly these permissions in every
// organisation it gets to. READ_YOUR_DEVICES alone shows it the devices that it uses
// itself. A token that the fake does not have yet is added, with an owner of
// its own.
func (f *Fake) SetRights(value string, rights ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	owner := f.holder(value).owner
	for org := range owner.rights {
		owner.rights[org] = slices.Clone(rights)
	}
}

// SetRightsIn gives the owner of a token exactly these permissions in one
// organisation, which it gets to from then on, even without any permission.
func (f *Fake) SetRightsIn(organisation, value string, rights ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holder(value).owner.rights[f.known(organisation).uuid] = slices.Clone(rights)
}

// Bar keeps the owner of a token out of an organisation.
func (f *Fake) Bar(organisation, value string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.holder(value).owner.rights, f.known(organisation).uuid)
}

// SetHome makes an organisation the home of a token's owner, who gets there
// with all permissions unless it got there before.
func (f *Fake) SetHome(value, organisation string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	owner := f.holder(value).owner
	owner.home = f.known(organisation).uuid
	if _, reached := owner.rights[owner.home]; !reached {
		owner.rights[owner.home] = AllRights()
	}
}

// Revoke removes a token: requests with it are answered with 401.
func (f *Fake) Revoke(value string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.tokens, value)
}

// Expire lets a token end at that time of the fake's clock. The zero time
// lets it live for ever, as tokens do at first.
func (f *Fake) Expire(value string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holder(value).expires = at
}

// Refuse answers the owner of a token with 401 and a reason such as
// "USER_LOCKED", "USER_DEACTIVATED" or "MFA_SETUP_REQUIRED". The reason
// "USER_NEEDS_TO_ACCEPT_TERMS" is answered with the terms; "" ends it.
func (f *Fake) Refuse(value, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holder(value).owner.refusal = reason
}

// ActAs makes a token that of a person of the district, by login. It panics
// if there is no such person.
func (f *Fake) ActAs(value, login string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, u := range f.users {
		if u.Username == login {
			f.holder(value).owner.user = u
			return
		}
	}
	panic("relutiontest: nobody has the login " + login)
}

// holder finds a token or adds it. The caller holds the lock.
func (f *Fake) holder(value string) *token {
	t := f.tokens[value]
	if t == nil {
		t = &token{uuid: uuid("token", value), name: "another", owner: f.newAccount(f.serviceUser), created: f.Now()}
		f.tokens[value] = t
	}
	return t
}

// caller finds out who calls: the account, or the answer to somebody who is
// turned away. The caller holds the lock.
func (c *call) caller() (*account, *reply) {
	value := c.header("X-User-Access-Token")
	if value == "" {
		return c.basic()
	}
	if strings.TrimSpace(value) != value {
		c.violate("blanks around the access token")
	}
	t := c.f.tokens[value]
	switch {
	case t == nil:
		return c.turnAway("REQUEST_UNAUTHORIZED", "INVALID_CREDENTIALS")
	case !t.expires.IsZero() && !c.f.Now().Before(t.expires):
		return c.turnAway("ACCESS_TOKEN_EXPIRED", "INVALID_CREDENTIALS")
	}
	return c.accepted(t.owner)
}

// basic accepts the name and password of the account too.
func (c *call) basic() (*account, *reply) {
	sent, isBasic := strings.CutPrefix(c.header("Authorization"), "Basic ")
	plain, err := base64.StdEncoding.DecodeString(sent)
	if one := c.f.password[string(plain)]; isBasic && err == nil && one != nil {
		return c.accepted(one)
	}
	if !isBasic {
		c.violate("no X-User-Access-Token")
	}
	return c.turnAway("REQUEST_UNAUTHORIZED", "INVALID_CREDENTIALS")
}

func (c *call) accepted(a *account) (*account, *reply) {
	switch a.refusal {
	case "":
		return a, nil
	case "USER_NEEDS_TO_ACCEPT_TERMS":
		rep := reply{status: c.errorStatus(http.StatusForbidden), body: object{
			"errorCode": a.refusal, "message": "The terms have to be accepted", "terms": []object{{"uuid": uuid("terms"), "name": "Terms of use"}},
		}}
		return nil, &rep
	}
	return c.turnAway("REQUEST_UNAUTHORIZED", a.refusal)
}

// turnAway answers with 401 and counts the attempt.
func (c *call) turnAway(code, reason string) (*account, *reply) {
	c.f.failedLogin(c.r)
	rep := c.denied(http.StatusUnauthorized, code, reason)
	if c.f.wire.LoginPage {
		rep = portal()
	}
	return nil, &rep
}

// may reports whether the caller has a permission in the organisation that
// the request is about. In a wider scope the permission has a longer name.
func (c *call) may(right string) bool {
	rights := c.account.rights[c.tenant]
	return slices.Contains(rights, right) || slices.Contains(rights, right+"_METAWIDE") || slices.Contains(rights, right+"_SYSTEMWIDE")
}

// lacks is the answer to a caller without a permission; nil = it has one.
func (c *call) lacks(right string) *reply {
	if right == "" || c.may(right) {
		return nil
	}
	rep := c.denied(http.StatusForbidden, "ACCESS_FORBIDDEN", "UNKNOWN")
	return &rep
}
