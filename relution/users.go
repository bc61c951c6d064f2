package relution

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// User is a user of the server.
//
// Source: reference/relution.md 2.5
type User struct {
	UUID             string
	OrganizationUUID string // his home; "" = not reported
	Login            string // unique
	GivenName        string
	Surname          string
	Email            string
	ManagedAppleID   string
	Activated        mdm.Flag
	Created          time.Time
	Modified         time.Time
	LastLogin        time.Time // zero = never, or not reported
}

// Users lists users: in the light form, or in the full one of older servers.
//
// Source: reference/relution.md 2.5
//
//mdm:endpoint POST /api/management/v1/security/users/baseInfo/query
//mdm:endpoint GET /api/management/v1/security/users
//mdm:endpoint GET /api/v1/security/users
//mdm:endpoint GET /relution/api/v1/security/users
func (c *Client) Users(ctx context.Context) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) {
		g, err := c.generation(ctx)
		if err != nil {
			yield(User{}, err)
			return
		}
		full := list(ctx, c, call{op: opUsers, endpoint: EndpointUsers}, Filter{}, newUser)
		if g.prefix != PrefixManagement || g.listing != ListQuery {
			full(yield)
			return
		}
		light := list(ctx, c, call{op: opUsers, method: http.MethodPost, endpoint: EndpointUsersQuery}, Filter{}, newUser)
		either(light, full)(yield)
	}
}

// User reads one user by the UUID.
//
// Source: reference/relution.md 2.5
//
//mdm:endpoint GET /api/management/v1/security/users/{uuid}
//mdm:endpoint GET /api/v1/security/users/{uuid}
//mdm:endpoint GET /relution/api/v1/security/users/{uuid}
func (c *Client) User(ctx context.Context, uuid string) (User, error) {
	return one(ctx, c, call{op: opUsers, endpoint: EndpointUser, id: ids{uuid: strings.ToUpper(uuid)}}, newUser)
}

// UserGroups lists the groups that a user is in, with UUID and name.
//
// Source: reference/relution.md 2.5
//
//mdm:endpoint GET /api/management/v1/security/users/{uuid}/groups
//mdm:endpoint GET /api/v1/security/users/{uuid}/groups
//mdm:endpoint GET /relution/api/v1/security/users/{uuid}/groups
func (c *Client) UserGroups(ctx context.Context, uuid string) ([]Group, error) {
	r := call{op: opGroups, endpoint: EndpointUserGroups, id: ids{uuid: strings.ToUpper(uuid)}}
	if !uuidForm.MatchString(uuid) {
		return nil, c.fail(r.op, mdm.ErrInvalid, "not a UUID")
	}
	return collect(list(ctx, c, r, Filter{}, newGroup))
}

// AccessToken is a token of a user, without its value, which the server shows
// once only.
type AccessToken struct {
	UUID    string
	Name    string
	Scope   string    // "API" or "SHARED_DEVICE_LOGIN", as reported
	Expires time.Time // zero = it does not expire
}

// AccessTokens lists the access tokens of a user, with their expiry. It does
// not tell which of them this client uses.
//
// Source: reference/relution.md 2.5, 11 row 42
//
//mdm:endpoint GET /api/management/v1/security/users/{uuid}/accessTokens
//mdm:endpoint GET /api/v1/security/users/{uuid}/accessTokens
//mdm:endpoint GET /relution/api/v1/security/users/{uuid}/accessTokens
func (c *Client) AccessTokens(ctx context.Context, userUUID string) ([]AccessToken, error) {
	r := call{op: opTokens, endpoint: EndpointAccessTokens, id: ids{uuid: strings.ToUpper(userUUID)}}
	if !uuidForm.MatchString(userUUID) {
		return nil, c.fail(r.op, mdm.ErrInvalid, "not a UUID")
	}
	return collect(list(ctx, c, r, Filter{}, func(w *wire.AccessToken) (AccessToken, string) {
		return AccessToken{UUID: clean(w.UUID), Name: clean(w.Name), Scope: clean(w.Scope), Expires: w.Expires.At()}, clean(w.UUID)
	}))
}

func newUser(w *wire.User) (User, string) {
	return User{UUID: clean(w.UUID), OrganizationUUID: clean(w.Organization), Login: clean(w.Name), GivenName: clean(w.Given),
		Surname: clean(w.Surname), Email: clean(w.Email), ManagedAppleID: clean(w.AppleID), Activated: flag(w.Activated),
		Created: w.Created.At(), Modified: w.Modified.At(), LastLogin: w.LastLogin.At()}, clean(w.UUID)
}

// notUUID is a list that cannot be asked for.
func notUUID[T any](c *Client, r call) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, c.fail(r.op, mdm.ErrInvalid, "not a UUID"))
	}
}
