package relution

import (
	"context"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// Tenant is an organisation that the access token reaches.
//
// Source: reference/relution.md 1.3
type Tenant struct {
	UUID       string
	Name       string
	UniqueName string   // to tell organisations of the same name apart
	System     mdm.Flag // the organisation above all others
	Meta       mdm.Flag // it has organisations below it

	duplicate bool
}

// Title returns the name, together with the unique one where there are several
// of that name.
func (t Tenant) Title() string {
	switch {
	case t.Name == "":
		return t.UUID
	case t.duplicate && t.UniqueName != "":
		return t.Name + " (" + t.UniqueName + ")"
	}
	return t.Name
}

// Tenants lists the organisations that the access token reaches. The
// configured tenant makes no difference to it.
//
// Unverified: the path under /api/management; the one under /api is tried, too.
//
// Source: reference/relution.md 1.3
//
//mdm:endpoint GET /api/management/v1/security/tenantOrganizations
//mdm:endpoint GET /api/v1/security/tenantOrganizations
//mdm:endpoint GET /relution/api/v1/security/tenantOrganizations
func (c *Client) Tenants(ctx context.Context) ([]Tenant, error) {
	r := call{op: opTenants, endpoint: EndpointTenants}
	return collect(listBy(ctx, c, c.account, r, Filter{}, func(w *wire.Tenant) (Tenant, string) {
		return Tenant{UUID: clean(w.UUID), Name: clean(w.Name), UniqueName: clean(w.UniqueName), System: flag(w.System),
			Meta: flag(w.Meta), duplicate: w.Duplicate.Yes}, clean(w.UUID)
	}))
}

// CurrentUser reads the user of the access token, who belongs to his home
// organisation whatever tenant is configured.
//
// Unverified: the path under /api/management; the one under /api is tried, too.
//
// Source: reference/relution.md 1.2
//
//mdm:endpoint GET /api/management/v1/security/currentAuthorization/user
//mdm:endpoint GET /api/v1/security/currentAuthorization/user
//mdm:endpoint GET /relution/api/v1/security/currentAuthorization/user
func (c *Client) CurrentUser(ctx context.Context) (User, error) {
	r := call{op: opCurrentUser, endpoint: EndpointCurrentUser}
	answer, err := c.account(ctx, r)
	all, err := whole(c, r, answer, err, newUser)
	if err != nil {
		return User{}, err
	}
	if len(all) != 1 {
		return User{}, c.undecodable(r.op, "the answer holds no user")
	}
	return all[0], nil
}

// reaches reports whether the access token reaches a tenant.
func (c *Client) reaches(ctx context.Context, tenant string) (bool, error) {
	all, err := c.Tenants(ctx)
	if err != nil {
		return false, err
	}
	for _, t := range all {
		if strings.EqualFold(t.UUID, tenant) {
			return true, nil
		}
	}
	return false, nil
}
