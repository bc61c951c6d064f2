package abmtest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Right is something that an API account may do. Apple gives accounts roles;
// what these allow is not known, so the fake has rights of its own.
type Right uint8

// The rights. The zero value is none of them.
const (
	RightUnknown    Right = iota
	ReadDevices           // devices, and the server of one
	ReadCoverage          // AppleCare coverage
	ReadServers           // servers, and the devices of one
	ReadActivities        // the state of activities
	AssignDevices         // activities that assign, unassign or migrate
	ReleaseDevices        // activities that release
	WriteServers          // make, change and delete servers
	ReadManaged           // devices in Apple's built-in management
	ReadPeople            // users, groups of users and organisational units
	ReadAudit             // audit events
	ReadDeployments       // apps, packages, configurations and blueprints

	rights // how many there are
)

// Rights lists all rights.
func Rights() []Right {
	list := make([]Right, 0, rights-1)
	for r := RightUnknown + 1; r < rights; r++ {
		list = append(list, r)
	}
	return list
}

// accounts is who may ask for tokens, and the tokens that they got.
type accounts struct {
	holders map[string]*holder
	tokens  map[string]*token
	life    time.Duration // of tokens
	seen    map[string]bool
	made    int
}

// holder is an API account.
type holder struct {
	id     string
	keys   []*key // the newest last
	rights []Right
}

func (h *holder) newest() *key { return h.keys[len(h.keys)-1] }

// valid is the key of that id that was not revoked; nil = there is none.
func (h *holder) valid(id string) *key {
	for _, k := range h.keys {
		if k.id == id && !k.revoked {
			return k
		}
	}
	return nil
}

type token struct {
	holder  *holder
	expires time.Time
	dead    bool
}

func newAccounts(clientID string) accounts {
	return accounts{
		holders: map[string]*holder{clientID: {
			id: clientID, keys: []*key{newKey("7b2e9c10-4d5f-4a61-8e77-0c1d2e3f4a5b")}, rights: Rights(),
		}},
		tokens: map[string]*token{}, seen: map[string]bool{}, life: time.Hour,
	}
}

// holder is an account that must exist. The caller holds the lock.
func (f *Fake) holder(clientID string) *holder {
	h := f.holders[clientID]
	if h == nil {
		panic("abmtest: no account " + clientID)
	}
	return h
}

// AddAccount makes another API account of the organisation, with a key and
// these rights, and returns its client id.
func (f *Fake) AddAccount(granted ...Right) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	prefix := "BUSINESSAPI."
	if f.school {
		prefix = "SCHOOLAPI."
	}
	id := prefix + uuid("account", f.next())
	f.holders[id] = &holder{id: id, keys: []*key{newKey(uuid("key", id))}, rights: slices.Clone(granted)}
	return id
}

// SetRights gives an account exactly these rights. It panics if there is no
// such account.
func (f *Fake) SetRights(clientID string, granted ...Right) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holder(clientID).rights = slices.Clone(granted)
}

// SetTokenLife sets how long tokens live, an hour at first.
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

// next is a number that was not used before. The caller holds the lock.
func (f *Fake) next() string {
	f.made++
	return strconv.Itoa(f.made)
}

// issue makes a token. The caller holds the lock.
func (f *Fake) issue(h *holder) string {
	part := base64.RawURLEncoding.EncodeToString
	text := part([]byte(`{"kid":"example"}`)) + "." + part(fmt.Appendf(nil, `{"scope":%q,"n":%s}`, f.scope(), f.next())) + "." + part([]byte("sig"))
	f.tokens[text] = &token{holder: h, expires: f.Now().Add(f.life)}
	return text
}

// scope is the scope of the organisation's API.
func (f *Fake) scope() string {
	if f.school {
		return "school.api"
	}
	return "business.api"
}
