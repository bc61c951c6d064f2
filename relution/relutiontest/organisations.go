package relutiontest

import "slices"

var organisationFields = schemaOf(map[kind]string{text: "uuid name uniqueName", flag: "isSystem meta duplicateName"})

// tenantOrganisations are those that the caller gets to, its home included.
func (c *call) tenantOrganisations() reply {
	q, err := c.listQuery(organisationFields)
	if err != nil {
		return c.refuse(err)
	}
	return c.wrapped(c.page(q, c.organisationItems()))
}

func (c *call) listOrganisations() reply {
	q, err := c.listQuery(organisationFields)
	if err != nil {
		return c.refuse(err)
	}
	return c.items(q, c.organisationItems())
}

func (c *call) organisationItems() []item {
	var items []item
	for _, o := range c.f.organisations {
		if _, reached := c.account.rights[o.uuid]; reached {
			items = append(items, item{object: c.f.renderOrganisation(o)})
		}
	}
	return items
}

// renderOrganisation says of a name that others have too that it is one.
func (f *Fake) renderOrganisation(o *organisation) object {
	twin := slices.ContainsFunc(f.organisations, func(other *organisation) bool { return other != o && other.name == o.name })
	return object{
		"uuid": o.uuid, "name": o.name, "uniqueName": o.unique, "isSystem": o.system, "meta": o.meta, "duplicateName": twin,
	}
}
