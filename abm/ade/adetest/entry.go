package adetest

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// Organisation is who owns the devices.
type Organisation struct {
	Name    string
	Email   string
	Phone   string
	Address string
	Type    string // "edu", "org" or "tvprovider"
	Version string // "v2"; "v1" = of the old deployment programmes
	ID      string // digits
}

func organisationOf(d *fleet.District) Organisation {
	o := Organisation{
		Name: d.Name, Email: "it@example-school.org", Phone: "+1 555 0100",
		Address: "1 Example Way, Springfield, 12345, US", Type: "edu", Version: "v2", ID: "10203040",
	}
	if o.Name == "" {
		o.Name = "Example School District"
	}
	return o
}

// Entry is one server entry of the portal: what a server token belongs to.
type Entry struct {
	f        *Fake
	uuid     string
	name     string
	admin    string
	org      Organisation
	cert     *x509.Certificate
	grant    *grant // the newest token
	issued   int    // tokens
	made     int    // profiles
	revoked  bool
	deleted  bool
	log      []event
	epoch    int // of its cursors
	profiles map[string]*profile
	details  map[string]json.RawMessage // planted, by serial
}

// AddEntry makes a further server entry of the same organisation, with a token
// and without devices.
func (f *Fake) AddEntry(name string) *Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.addEntry(name, f.Main.org)
	e.issue(f.Now())
	return e
}

func (f *Fake) addEntry(name string, o Organisation) *Entry {
	f.entries++
	sum := digest("entry", fmt.Sprint(f.entries))
	return &Entry{
		f: f, uuid: fmt.Sprintf("%X", sum[:16]), name: name, admin: "it-admin@example-school.org", org: o,
		profiles: map[string]*profile{}, details: map[string]json.RawMessage{},
	}
}

// UUID is the identity of the entry: 32 upper-case hexadecimal digits.
func (e *Entry) UUID() string { return e.uuid }

// Rename changes the name of the entry, which is no identity.
func (e *Entry) Rename(name string) {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.name = name
}

// Organisation is who the entry belongs to.
func (e *Entry) Organisation() Organisation {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	return e.org
}

// SetOrganisation gives the entry to another organisation, or changes what is
// known of its own.
func (e *Entry) SetOrganisation(o Organisation) {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	e.org = o
}

// accountDetail is the answer of GET /account.
type accountDetail struct {
	Name        string `json:"server_name"`
	UUID        string `json:"server_uuid"`
	Admin       string `json:"admin_id"`
	Facilitator string `json:"facilitator_id,omitempty"`
	OrgName     string `json:"org_name"`
	OrgEmail    string `json:"org_email"`
	OrgPhone    string `json:"org_phone"`
	OrgAddress  string `json:"org_address"`
	OrgType     string `json:"org_type,omitempty"`
	OrgVersion  string `json:"org_version,omitempty"`
	OrgID       string `json:"org_id,omitempty"`
	OrgIDHash   string `json:"org_id_hash,omitempty"`
	URLs        []uri  `json:"urls,omitempty"`
}

// uri is one address that an account may use.
type uri struct {
	URI     string   `json:"uri"`
	Methods []string `json:"http_method"`
	Limit   *limit   `json:"limit,omitempty"`
}

type limit struct {
	Default int `json:"default"`
	Maximum int `json:"maximum"`
}

// account serves GET /account.
func (c *call) account() reply {
	e, o := c.entry, c.entry.org
	a := accountDetail{
		Name: e.name, UUID: e.uuid, Admin: e.grant.admin, Facilitator: e.grant.admin,
		OrgName: o.Name, OrgEmail: o.Email, OrgPhone: o.Phone, OrgAddress: o.Address,
	}
	if c.f.wire.DashedUUID {
		u := e.uuid
		a.UUID = strings.Join([]string{u[:8], u[8:12], u[12:16], u[16:20], u[20:]}, "-")
	}
	if c.f.wire.NoFacilitator {
		a.Facilitator = ""
	}
	if c.version >= 3 {
		a.OrgType, a.OrgVersion, a.OrgID = o.Type, o.Version, o.ID
		a.OrgIDHash = fmt.Sprintf("%x", digest("organisation", o.ID))
		if !c.f.wire.NoURLs {
			a.URLs = c.urls()
		}
	}
	return success(a)
}

// urls lists the operations.
func (c *call) urls() []uri {
	var list []uri
	for i := range c.f.routes {
		rt := &c.f.routes[i]
		if rt.hidden {
			continue
		}
		if n := len(list); n > 0 && list[n-1].URI == rt.path {
			list[n-1].Methods = append(list[n-1].Methods, rt.method)
			continue
		}
		u := uri{URI: rt.path, Methods: []string{rt.method}}
		if rt.limit != nil {
			l := rt.limit(c.f)
			u.Limit = &l
		}
		list = append(list, u)
	}
	return list
}
