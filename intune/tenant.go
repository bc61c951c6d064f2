package intune

import (
	"context"
	"net/url"

	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// Account is Intune's account of the tenant.
type Account struct{ ID string }

// Account reads Intune's account of the tenant. A tenant without an Intune
// licence is mdm.ErrUnsupported.
//
// Source: reference/intune.md 1.7
//
//mdm:endpoint GET /v1.0/deviceManagement
func (c *Client) Account(ctx context.Context) (Account, error) {
	var w wire.Account
	err := c.get(ctx, opAccount, v1+"/deviceManagement", url.Values{"$select": {"intuneAccountId"}}, &w, c.limits.enrolment)
	if err != nil {
		return Account{}, err
	}
	if clean(w.ID) == "" {
		return Account{}, c.fail(opAccount, mdm.ErrDecode, "the answer names no account")
	}
	return Account{ID: reference(w.ID)}, nil
}

// Subscription reads the state of Intune's subscription of the tenant:
// "pending", "active", "warning", "disabled", "deleted", "blocked",
// "lockedOut". What the account itself says of it is wrong, so the beta version
// is asked.
//
// Source: reference/intune.md 1.7
//
// Unverified: the form of the answer.
//
//mdm:endpoint GET /beta/deviceManagement/subscriptionState
func (c *Client) Subscription(ctx context.Context) (string, error) {
	var w wire.Subscription
	if err := c.get(ctx, opAccount, beta+"/deviceManagement/subscriptionState", nil, &w, c.limits.enrolment); err != nil {
		return "", err
	}
	if clean(w.State) == "" {
		return "", c.fail(opAccount, mdm.ErrDecode, "the answer names no state")
	}
	return clean(w.State), nil
}

// Organization is the tenant in the directory.
type Organization struct {
	ID   string // tenant ID
	Name string
}

// Organization reads which tenant the credentials lead to.
//
// Source: reference/intune.md 1.5, 1.6
//
//mdm:endpoint GET /v1.0/organization
func (c *Client) Organization(ctx context.Context) (Organization, error) {
	query := url.Values{"$select": {"id,displayName"}}
	for o, err := range paged(ctx, c, opOrganization, v1+"/organization", query, nil,
		func(w wire.Organization) Organization { return Organization{ID: reference(w.ID), Name: clean(w.Name)} }) {
		return o, err
	}
	return Organization{}, c.fail(opOrganization, mdm.ErrDecode, "the answer names no tenant")
}

// Enrolled counts the devices of the tenant, as the service's overview does.
//
// Source: reference/intune.md 2
//
//mdm:endpoint GET /v1.0/deviceManagement/managedDeviceOverview
func (c *Client) Enrolled(ctx context.Context) (int, error) {
	var w wire.Overview
	if err := c.get(ctx, opOverview, v1+"/deviceManagement/managedDeviceOverview", nil, &w, nil); err != nil {
		return 0, err
	}
	if !w.Enrolled.Present || w.Enrolled.N < 0 {
		return 0, c.fail(opOverview, mdm.ErrDecode, "the answer holds no count")
	}
	return int(w.Enrolled.N), nil
}
