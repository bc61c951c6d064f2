package abmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// The names of the servers that an organisation has at first.
const (
	MainServer         = "Campus MDM"           // of all devices
	SpareServer        = "Reserve MDM"          // without devices; it may release them
	ConfiguratorServer = "Apple Configurator"   // Apple's own entry, without devices
	BuiltInServer      = "Apple Device Manager" // of Apple's built-in management; only in a business
)

// server is one management server that devices can be assigned to.
type server struct {
	id, name, kind   string
	disown           bool
	families         []string
	connected        time.Time // zero = never
	created, updated time.Time
	certificate      []byte // in DER
}

func newServers(now time.Time, school bool) []*server {
	born := now.AddDate(-3, -4, -10).Truncate(time.Second).Add(156 * time.Millisecond)
	list := []*server{
		{name: MainServer, kind: "MDM", families: []string{"IPAD", "MAC"}, connected: now.Add(-time.Minute).Truncate(time.Second), created: born, updated: now.AddDate(0, -3, 0)},
		{name: SpareServer, kind: "MDM", disown: true, families: []string{}, created: born.AddDate(1, 0, 0), updated: born.AddDate(1, 0, 0)},
		{name: ConfiguratorServer, kind: "APPLE_CONFIGURATOR", families: []string{}, created: born, updated: born},
	}
	if !school {
		list = append(list, &server{name: BuiltInServer, kind: "APPLE_MDM", families: []string{"IPHONE"}, created: born, updated: born})
	}
	for _, s := range list {
		s.id = fmt.Sprintf("%X", digest("server", s.name)[:16])
	}
	return list
}

// ServerID is the id of the server of that name; "" = there is none.
func (f *Fake) ServerID(name string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.servers {
		if s.name == name {
			return s.id
		}
	}
	return ""
}

// SetDisown lets a server release its devices, or no more. It panics if there
// is no such server.
func (f *Fake) SetDisown(serverID string, on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.server(serverID)
	if s == nil {
		panic("abmtest: no server " + serverID)
	}
	s.disown = on
}

// Certificate is the certificate of a server, in DER; nil = it was not set by
// the API, or there is no such server.
func (f *Fake) Certificate(serverID string) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.server(serverID); s != nil {
		return slices.Clone(s.certificate)
	}
	return nil
}

func (c *call) listServers() reply {
	return c.page(len(c.f.servers), func(i int) json.RawMessage { return encode(c.trim(c.serverItem(c.f.servers[i]))) })
}

func (c *call) showServer() reply {
	s := c.f.server(c.vars["id"])
	if s == nil {
		return c.notFound()
	}
	return c.one(http.StatusOK, c.serverItem(s))
}

// serverHas reports whether the version has an attribute of servers.
func (f *Fake) serverHas(name string) bool {
	later := []string{"status", "deviceCount", "enableMdmDisownFlag", "defaultProductFamilies", "lastConnectedDateTime", "lastConnectedIp"}
	return f.school || f.has(serverCRU) || !slices.Contains(later, name)
}

func (c *call) serverItem(s *server) item {
	a := map[string]any{
		"serverName": s.name, "serverType": s.kind, "status": "ACTIVE", "deviceCount": len(c.f.of(s.id)),
		"enableMdmDisownFlag": s.disown, "defaultProductFamilies": s.families,
		"lastConnectedDateTime": stamp(s.connected), "lastConnectedIp": nil,
		"createdDateTime": stamp(s.created), "updatedDateTime": stamp(s.updated),
	}
	if !s.connected.IsZero() {
		a["lastConnectedIp"] = "192.0.2.17"
	}
	for name := range a {
		hidden := c.f.wire.HideConnected && c.fields == nil && (name == "lastConnectedDateTime" || name == "lastConnectedIp")
		if hidden || !c.f.serverHas(name) {
			delete(a, name)
		}
	}
	return item{Type: "mdmServers", ID: s.id, Attributes: a, Relationships: map[string]any{
		"devices": map[string]any{"links": map[string]any{"self": c.address("mdmServers/" + s.id + "/relationships/devices")}},
	}}
}

// linkage names a resource.
type linkage struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// listLinks serves the ids of the devices of a server.
func (c *call) listLinks() reply {
	if c.f.server(c.vars["id"]) == nil {
		return c.notFound()
	}
	list := c.f.of(c.vars["id"])
	return c.page(len(list), func(i int) json.RawMessage { return encode(linkage{"orgDevices", c.f.idOf(list[i])}) })
}

// refuseRelated is the answer to a path that looks right and does not work.
func (c *call) refuseRelated() reply {
	c.violate("the devices of a server are read through its relationship")
	return c.forbidden("The resource 'mdmServers' does not allow 'GET_RELATED' of 'devices'")
}

// assigned finds a device and its server; rep is the answer if there is none.
func (c *call) assigned() (s *server, rep *reply) {
	d := c.f.find(c.vars["id"])
	if d == nil {
		missing := c.notFound()
		return nil, &missing
	}
	if s = c.f.server(c.f.serverOf(d)); s != nil {
		return s, nil
	}
	switch c.f.wire.Server {
	case NoneNull:
		none := success(document{nil, c.assignedLinks()})
		return nil, &none
	case NoneEmpty:
		none := success(document{linkage{"mdmServers", ""}, c.assignedLinks()})
		return nil, &none
	}
	missing := c.notFound()
	return nil, &missing
}

func (c *call) assignedLinks() map[string]any {
	self := c.address("orgDevices/" + c.vars["id"])
	return map[string]any{"self": self + "/relationships/assignedServer", "related": self + "/assignedServer"}
}

// showLink serves the id of a device's server.
func (c *call) showLink() reply {
	s, rep := c.assigned()
	if rep != nil {
		return *rep
	}
	return success(document{linkage{"mdmServers", s.id}, c.assignedLinks()})
}

// showAssigned serves the server of a device.
func (c *call) showAssigned() reply {
	s, rep := c.assigned()
	if rep != nil {
		return *rep
	}
	return success(document{c.trim(c.serverItem(s)), map[string]any{"self": c.address("orgDevices/" + c.vars["id"] + "/assignedServer")}})
}
