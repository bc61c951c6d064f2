package intune

import (
	"context"
	"net/url"

	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// User is a user of the tenant's directory.
type User struct {
	ID         string
	Name       string
	Login      string // user principal name
	Email      string // may differ from Login
	EmployeeID string
}

func newUser(w wire.User) User {
	return User{ID: reference(w.ID), Name: clean(w.Name), Login: clean(w.Login), Email: clean(w.Mail), EmployeeID: clean(w.EmployeeID)}
}

const userProperties = "id,displayName,userPrincipalName,mail,employeeId"

// User reads a user by id or by user principal name.
//
// Source: reference/intune.md 2
//
//mdm:endpoint GET /v1.0/users/{id}
func (c *Client) User(ctx context.Context, id string) (User, error) {
	var w wire.User
	if id == "" || id == zeroGUID {
		return User{}, c.fail(opUser, mdm.ErrNotFound, "no user is named")
	}
	err := c.get(ctx, opUser, v1+"/users/"+url.PathEscape(id), url.Values{"$select": {userProperties}}, &w, nil)
	return newUser(w), err
}

// PrimaryUser reads the primary user of a device, who may be another than the
// list tells. None is mdm.ErrNotFound, which is usual for shared devices.
//
// Source: reference/intune.md 2, 9.1
//
//mdm:endpoint GET /v1.0/deviceManagement/managedDevices/{id}/users
func (c *Client) PrimaryUser(ctx context.Context, deviceID string) (User, error) {
	if err := c.checkID(opPrimaryUser, deviceID); err != nil {
		return User{}, err
	}
	for u, err := range paged(ctx, c, opPrimaryUser, v1+devicesPath+"/"+lower(deviceID)+"/users", nil, nil, newUser) {
		return u, err
	}
	return User{}, c.fail(opPrimaryUser, mdm.ErrNotFound, "the device has no primary user")
}
