package jamfschool

import (
	"context"
	"iter"
	"net/url"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// User is a user of the organisation. Texts are without blanks around them.
//
// Source: reference/jamfschool.md 2.4
type User struct {
	ID          int64
	LocationID  int64
	Status      string // "Active" or "Trash"
	DeviceCount int64
	Email       string
	Username    string
	Domain      string
	FirstName   string
	LastName    string
	Name        string
	GroupIDs    []int64
	Groups      []string
	Notes       string
	Excluded    bool
	Modified    time.Time
}

// UserGroup is a group of users.
type UserGroup struct {
	ID          int64
	LocationID  int64
	Name        string
	Description string
}

// UsersOptions narrows a list of users. The zero value lists all.
type UsersOptions struct {
	Trashed   bool     // those in the trash instead
	HasDevice mdm.Flag // Yes: with a device; No: without
	Groups    []int64  // members of any of these user groups
	Location  *int64   // users of this location; nil = any, 0 is a location
}

func (o *UsersOptions) query() url.Values {
	q := url.Values{}
	if o == nil {
		return q
	}
	if o.Trashed {
		q.Set("inTrash", "1")
	}
	if text := binary(o.HasDevice); text != "" {
		q.Set("hasDevice", text)
	}
	if len(o.Groups) > 0 {
		q.Set("memberOf", joinIDs(o.Groups))
	}
	if o.Location != nil { // for devices, the same filter is called location
		q.Set("locationId", formatID(*o.Location))
	}
	return q
}

// Users lists users. An error is the last element.
//
//mdm:endpoint GET /users
func (c *Client) Users(ctx context.Context, o *UsersOptions) iter.Seq2[User, error] {
	return list(ctx, c, "users", "/users", o.query(), c.newUser, "users")
}

// User reads one user.
//
//mdm:endpoint GET /users/{id}
func (c *Client) User(ctx context.Context, id int64) (User, error) {
	return one(ctx, c, "user", "/users/"+formatID(id), c.newUser, "user")
}

// UserGroups lists the groups of users. An error is the last element.
//
//mdm:endpoint GET /users/groups
func (c *Client) UserGroups(ctx context.Context) iter.Seq2[UserGroup, error] {
	return list(ctx, c, "user groups", "/users/groups", nil, newUserGroup, "groups")
}

func newUserGroup(w wire.UserGroup) UserGroup {
	return UserGroup{ID: w.ID.N, LocationID: w.LocationID.N, Name: clean(w.Name), Description: clean(w.Description)}
}

func (c *Client) newUser(w wire.User) User {
	return User{ID: w.ID.N, LocationID: w.LocationID.N, Status: clean(w.Status), DeviceCount: w.DeviceCount.N,
		Email: clean(w.Email), Username: clean(w.Username), Domain: clean(w.Domain), FirstName: clean(w.FirstName),
		LastName: clean(w.LastName), Name: clean(w.Name), GroupIDs: numbers(w.GroupIDs), Groups: json.Texts(w.Groups),
		Notes: w.Notes.Text, Excluded: w.Exclude.Yes, Modified: w.Modified.In(c.zone)}
}
