package abm

import (
	"context"
	"iter"
	"time"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
)

// UserGroup is a group of users.
//
// Source: reference/apple.md 8.7
type UserGroup struct {
	ID      string
	Name    string
	Unit    string // id of the organisational unit
	Type    string // "STANDARD", "SMART", or another
	Members int    // how many; 0 = none, or not reported
	Status  string // "ACTIVE", or another
	Created time.Time
	Updated time.Time
}

func newUserGroup(r *row[wire.UserGroup]) UserGroup {
	w := &r.attributes
	return UserGroup{r.id, clean(w.Name), clean(w.Unit), clean(w.Type), int(w.Members.N), clean(w.Status), w.Created.At(), w.Updated.At()}
}

const groupsPath = "/v1/userGroups"

// UserGroups lists the groups of users. Apple Business Manager only.
//
// Source: reference/apple.md 7.2, 8.7
//
//mdm:endpoint GET /v1/userGroups
func (c *Client) UserGroups(ctx context.Context) iter.Seq2[UserGroup, error] {
	return businessList(ctx, c, opGroups, groupsPath, func(r *row[wire.UserGroup]) (UserGroup, string) { return newUserGroup(r), r.id })
}

// UserGroup reads one group by id. Apple Business Manager only.
//
// Source: reference/apple.md 7.2, 8.7
//
//mdm:endpoint GET /v1/userGroups/{id}
func (c *Client) UserGroup(ctx context.Context, id string) (UserGroup, error) {
	r, err := businessOne[wire.UserGroup](ctx, c, opGroup, groupsPath, id, "")
	if err != nil {
		return UserGroup{}, err
	}
	return newUserGroup(r), nil
}

// UserGroupMembers lists the ids of the users of a group. Apple Business
// Manager only.
//
// Source: reference/apple.md 7.2
//
//mdm:endpoint GET /v1/userGroups/{id}/relationships/users
func (c *Client) UserGroupMembers(ctx context.Context, id string) iter.Seq2[string, error] {
	return c.businessMembers(ctx, opGroupMembers, groupsPath, id)
}
