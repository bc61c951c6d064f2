package relutiontest

import (
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// born is when all users and groups were made, and last changed.
var born = time.Date(2025, time.August, 1, 7, 15, 9, 0, time.UTC)

// when writes a date of a user or a group: in milliseconds on modern servers,
// as text on older ones.
func (f *Fake) when(t time.Time) any {
	if !f.version.modern() {
		return t.Format(time.RFC3339)
	}
	return millis(t)
}

// userFields are the fields of users.
var userFields = schemaOf(map[kind]string{
	text: `uuid name organizationUuid givenName surname email managedAppleId createdUser modifiedUser locale provider
		custom1 custom2 custom3 custom4 custom5`,
	date: `lastLoggedTime createdDate modifiedDate`,
	flag: `activated ssoOnly mfaConfigured`,
	many: `dynamicPermissionRoles roles teacherOfClasses studentOfClasses`,
})

// queryUsers is the light list of users.
func (c *call) queryUsers() reply {
	q, err := c.listQuery(userFields)
	if err != nil {
		return c.refuse(err)
	}
	return c.wrapped(c.page(q, c.userItems()))
}

// listUsers is the full list, in the envelope of accounts.
func (c *call) listUsers() reply {
	q, err := c.listQuery(userFields)
	if err != nil {
		return c.refuse(err)
	}
	return c.items(q, c.userItems())
}

func (c *call) userItems() []item {
	var items []item
	for _, u := range c.f.users {
		if c.sees(u.org) {
			items = append(items, item{object: c.f.renderUser(u)})
		}
	}
	return items
}

// items answers with the envelope of accounts. Without being asked it counts
// nothing.
func (c *call) items(q *query, all []item) reply {
	results, total := c.page(q, all)
	return bare(object{"items": results, "nonpagedCount": total})
}

func (f *Fake) renderUser(u *user) object {
	o := object{
		"uuid": u.uuid, "name": u.Username, "organizationUuid": u.org, "givenName": u.First, "surname": u.Last,
		"email": u.Email, "activated": true, "lastLoggedTime": f.when(born.AddDate(0, 3, 0)), "createdDate": f.when(born),
		"modifiedDate": f.when(born), "createdUser": "system", "modifiedUser": "system", "roles": []object{},
	}
	if f.version.modern() {
		o["managedAppleId"], o["ssoOnly"], o["provider"], o["mfaConfigured"] = nil, false, nil, false
		o["dynamicPermissionRoles"], o["teacherOfClasses"], o["studentOfClasses"] = []object{}, []object{}, []object{}
		o["locale"] = "de_DE"
	}
	return o
}

// userOfPath finds the user of the path; nil = there is none.
func (c *call) userOfPath() *user {
	for _, u := range c.f.users {
		if c.sees(u.org) && c.same(u.uuid, c.vars["uuid"]) {
			return u
		}
	}
	return nil
}

func (c *call) showUser() reply {
	u := c.userOfPath()
	if u == nil {
		return c.missing("USER_DOES_NOT_EXIST")
	}
	return bare(c.f.renderUser(u))
}

// groupsOfUser has an envelope of its own, without a count.
func (c *call) groupsOfUser() reply {
	u := c.userOfPath()
	if u == nil {
		return c.missing("USER_DOES_NOT_EXIST")
	}
	q, err := c.listQuery(groupFields)
	if err != nil {
		return c.refuse(err)
	}
	var items []item
	for _, g := range c.f.groups {
		if slices.Contains(u.groups, g.uuid) {
			items = append(items, item{object: object{"uuid": g.uuid, "name": g.name}})
		}
	}
	results, _ := c.page(q, items)
	return bare(object{"groups": results})
}

// setGroupsOfUser replaces the groups of a user by those in a bare list.
func (c *call) setGroupsOfUser() reply {
	u := c.userOfPath()
	if u == nil {
		return c.missing("USER_DOES_NOT_EXIST")
	}
	var ids []string
	if err := json.Unmarshal(c.body, &ids); err != nil {
		return c.refuse(errors.New("no list of UUIDs"))
	}
	for _, id := range ids {
		if !slices.ContainsFunc(c.f.groups, func(g *group) bool { return g.uuid == id && g.org == u.org }) {
			return c.missing("GROUP_DOES_NOT_EXIST")
		}
	}
	u.groups = ids
	return noContent()
}

// listTokens has an envelope of its own too. It never shows a token's value.
func (c *call) listTokens() reply {
	u := c.userOfPath()
	if u == nil {
		return c.missing("USER_DOES_NOT_EXIST")
	}
	q, err := c.listQuery(tokenFields)
	if err != nil {
		return c.refuse(err)
	}
	var items []item
	for _, t := range c.f.tokens {
		if t.owner.user == u {
			items = append(items, item{object: object{
				"uuid": t.uuid, "name": t.name, "scope": "API", "expirationDate": millis(t.expires), "creationDate": millis(t.created),
			}})
		}
	}
	slices.SortFunc(items, func(a, b item) int { return order(a.object["uuid"], b.object["uuid"]) })
	results, total := c.page(q, items)
	return bare(object{"accessTokens": results, "nonpagedCount": total, "version": 0})
}

var tokenFields = schemaOf(map[kind]string{text: "uuid name", enum: "scope", date: "expirationDate creationDate"})

// setUser gives a device to a user, or to nobody.
func (c *call) setUser() reply {
	d := c.device()
	if d == nil {
		return c.missing("DEVICE_DOES_NOT_EXIST")
	}
	var body struct {
		UUID *string `json:"userUuid"`
		Name *string `json:"username"`
	}
	if err := strictly(c.body, &body); err != nil {
		return c.refuse(err)
	}
	var next *user
	name := any(nil)
	for _, u := range c.f.users {
		if c.sees(u.org) && (body.UUID != nil && c.same(u.uuid, *body.UUID) || body.UUID == nil && body.Name != nil && u.Username == *body.Name) {
			next, name = u, u.Username
		}
	}
	if next == nil && (body.UUID != nil || body.Name != nil) {
		return c.missing("USER_DOES_NOT_EXIST")
	}
	c.f.change(d, func(s *state) { s.user = next })
	return bare(object{"name": name})
}

// currentUser is the owner of the token, whatever the organisation.
func (c *call) currentUser() reply { return bare(c.f.renderUser(c.account.user)) }

func (c *call) currentAuthorization() reply {
	home := c.f.organisation(c.account.home)
	return bare(object{
		"user": c.f.renderUser(c.account.user), "organization": c.f.renderOrganisation(home), "roles": []object{},
		"permissions": slices.Concat([]string{}, c.account.rights[home.uuid]), "licenseInfos": []object{},
		"serverProperties": object{}, "serverFeatures": []string{},
	})
}

// settings are those of the custom fields; under which name they are is not
// known.
func (c *call) settings() reply {
	if c.vars["type"] != "DEVICE_MANAGEMENT" {
		return c.missing("RESOURCE_NOT_FOUND")
	}
	labels := object{}
	for i, label := range c.f.labels[c.tenant] {
		labels["custom"+string(rune('1'+i))] = object{"label": orNull(label), "enabled": label != ""}
	}
	return bare(object{"deviceCustomFieldsSettings": labels})
}

// SetLabels names the five custom fields of an organisation; "" turns one off.
func (f *Fake) SetLabels(organisation string, labels [5]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.labels[organisation] = labels
}

// renderMember writes a user as lists of members have it.
func renderMember(u *user) object {
	return object{"uuid": u.uuid, "type": "USER", "name": u.Username, "givenName": u.First, "surname": u.Last, "email": u.Email}
}
