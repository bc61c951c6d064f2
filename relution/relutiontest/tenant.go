package relutiontest

import (
	"errors"
	"net/http"
	"strings"
)

// tenantParameter is where a request says which organisation it is about.
const tenantParameter = "tenantOrganizationUuid"

// scope finds the organisation that the request is about.
func (c *call) scope(rt *route) *reply {
	if c.header(tenantParameter) != "" {
		c.violate("the tenant in a header has no effect")
	}
	values, given := c.query[tenantParameter]
	switch {
	case rt.global && given:
		c.violate("a tenant must not be sent here")
		return new(c.missing("USER_DOES_NOT_EXIST"))
	case rt.global || !given:
		c.enter(c.f.organisation(c.account.home))
		return nil
	case len(values) > 1:
		return new(c.refuse(errors.New("more than one tenant")))
	case values[0] == "":
		c.violate("empty tenant")
		return new(c.fail(http.StatusBadRequest, "TENANT_UUID_MISSING", "Tenant UUID missing"))
	}
	return c.other(values[0])
}

// other enters the organisation that was asked for.
func (c *call) other(id string) *reply {
	org := c.f.organisation(id)
	if org != nil && c.f.wire.CaseSensitive && org.uuid != id {
		org = nil
	}
	reached := false
	if org != nil {
		_, reached = c.account.rights[org.uuid]
	}
	switch {
	case reached:
		c.enter(org)
		return nil
	case c.f.wire.EmptyTenant:
		c.account = &account{user: c.account.user, home: c.account.home, rights: map[string][]string{"": AllRights()}}
		return nil
	case org == nil:
		return new(c.missing("UNKNOWN_ORGANIZATION"))
	}
	return new(c.denied(http.StatusForbidden, "ACCESS_FORBIDDEN", "USER_BELONGS_TO_DIFFERENT_ORGANIZATION"))
}

// enter makes an organisation the one that the request is about. One that is
// above others sees their data too.
func (c *call) enter(org *organisation) {
	c.tenant, c.reach = org.uuid, []string{org.uuid}
	for _, o := range c.f.organisations {
		if o.parent == org.uuid || org.system && o != org {
			c.reach = append(c.reach, o.uuid)
		}
	}
}

// sees reports whether the request sees the data of an organisation.
func (c *call) sees(organisation string) bool {
	for _, id := range c.reach {
		if id == organisation {
			return true
		}
	}
	return false
}

// same compares UUIDs; those of the server are in capitals.
func (c *call) same(servers, sent string) bool {
	if servers == sent {
		return true
	}
	if c.f.wire.CaseSensitive || !strings.EqualFold(servers, sent) {
		return false
	}
	c.violate("UUID in other letters than the server gave it")
	return true
}
