package abm

import (
	"context"
	"iter"
	"net/url"
	"time"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// User is a person with a Managed Apple Account. It is personal data.
//
// Source: reference/apple.md 8.7
type User struct {
	ID             string
	FirstName      string
	MiddleName     string
	LastName       string
	Status         string // "ACTIVE", "NEW", "RELEASED", "DEACTIVATED", "LOCKED", "LOCKED_FOR_SHARED_IPAD", or another
	ManagedAccount string // Managed Apple Account
	External       mdm.Flag
	Roles          []UserRole
	Email          string
	EmployeeNumber string
	CostCenter     string
	Division       string
	Department     string
	JobTitle       string
	Start          time.Time
	Created        time.Time
	Updated        time.Time
	Phones         []UserPhone
}

// UserRole is a role that a user has in an organisational unit.
type UserRole struct {
	Name string
	Unit string // id of the organisational unit
}

// UserPhone is a phone number of a user.
type UserPhone struct {
	Number string
	Type   string // "WORK", "HOME", "MOBILE", or another
}

func newUser(r *row[wire.User]) User {
	w := &r.attributes
	u := User{ID: r.id, FirstName: clean(w.FirstName), MiddleName: clean(w.MiddleName), LastName: clean(w.LastName),
		Status: clean(w.Status), ManagedAccount: clean(w.ManagedAccount), External: flag(w.External), Email: clean(w.Email),
		EmployeeNumber: clean(w.EmployeeNumber), CostCenter: clean(w.CostCenter), Division: clean(w.Division),
		Department: clean(w.Department), JobTitle: clean(w.JobTitle),
		Start: w.Start.At(), Created: w.Created.At(), Updated: w.Updated.At()}
	for _, role := range w.Roles.Of {
		u.Roles = append(u.Roles, UserRole{clean(role.Name), clean(role.Unit)})
	}
	for _, phone := range w.Phones.Of {
		u.Phones = append(u.Phones, UserPhone{clean(phone.Number), clean(phone.Type)})
	}
	return u
}

// businessList lists what Apple School Manager does not have.
func businessList[A, T any](ctx context.Context, c *Client, op, path string, convert func(*row[A]) (T, string)) iter.Seq2[T, error] {
	if err := c.onlyBusiness(op); err != nil {
		var none T
		return func(yield func(T, error) bool) { yield(none, err) }
	}
	return listed(ctx, c, listRequest{op: op, path: path}, convert)
}

// businessOne reads one object of what Apple School Manager does not have.
func businessOne[A any](ctx context.Context, c *Client, op, path, id, suffix string) (*row[A], error) {
	if err := c.onlyBusiness(op); err != nil {
		return nil, err
	}
	if err := c.checkID(op, id); err != nil {
		return nil, err
	}
	r, err := one[A](ctx, c, op, path+"/"+url.PathEscape(id)+suffix, "", nil)
	if err == nil && r.id == "" {
		return nil, c.undecodable(op, "the answer holds no object with an id")
	}
	return r, err
}

const usersPath = "/v1/users"

// Users lists the users of the organisation. Apple Business Manager only.
//
// Source: reference/apple.md 7.2, 8.7
//
//mdm:endpoint GET /v1/users
func (c *Client) Users(ctx context.Context) iter.Seq2[User, error] {
	return businessList(ctx, c, opUsers, usersPath, func(r *row[wire.User]) (User, string) { return newUser(r), r.id })
}

// User reads one user by id. Apple Business Manager only.
//
// Source: reference/apple.md 7.2, 8.7
//
//mdm:endpoint GET /v1/users/{id}
func (c *Client) User(ctx context.Context, id string) (User, error) {
	r, err := businessOne[wire.User](ctx, c, opUser, usersPath, id, "")
	if err != nil {
		return User{}, err
	}
	return newUser(r), nil
}

// UnitUsers lists the ids of the users of an organisational unit. Apple
// Business Manager only.
//
// Unverified: known from one source.
//
// Source: reference/apple.md 7.2
//
//mdm:endpoint GET /v1/organizationalUnits/{id}/relationships/users
func (c *Client) UnitUsers(ctx context.Context, unit string) iter.Seq2[string, error] {
	return c.businessMembers(ctx, opUnitMembers, "/v1/organizationalUnits", unit)
}

func (c *Client) businessMembers(ctx context.Context, op, path, id string) iter.Seq2[string, error] {
	if err := c.onlyBusiness(op); err != nil {
		return func(yield func(string, error) bool) { yield("", err) }
	}
	return c.members(ctx, op, path, id, "users")
}
