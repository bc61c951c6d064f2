package abm

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"time"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

const (
	serversPath  = "/v1/mdmServers"
	serversField = "mdmServers"
)

// Types of server entries.
const (
	ServerMDM          = "MDM"                // a device management of another maker
	ServerConfigurator = "APPLE_CONFIGURATOR" // Apple Configurator
	ServerAppleMDM     = "APPLE_MDM"          // Apple's own device management
)

// Server is a server entry of the organisation, to which devices are assigned.
// Zero values were not reported or have no value.
//
// Source: reference/apple.md 8.3
type Server struct {
	ID            string // 32 hexadecimal digits
	Name          string
	Type          string   // ServerMDM, ServerConfigurator, ServerAppleMDM, or another
	Status        string   // "ACTIVE", "INACTIVE", "DELETED", or another
	Devices       int      // how many are assigned; see HasDevices
	HasDevices    bool     // Devices was reported
	MayRelease    mdm.Flag // the server may release its devices
	Families      []string // product lines that are assigned by default, such as "IPAD"
	LastConnected time.Time
	LastIP        string
	Created       time.Time
	Updated       time.Time
}

// serverFields are asked for, since some are missing otherwise.
//
// Source: reference/apple.md 7.2, 8.3
var serverFields = []string{"serverName", "serverType", "status", "deviceCount", "enableMdmDisownFlag", "defaultProductFamilies",
	"lastConnectedDateTime", "lastConnectedIp", "createdDateTime", "updatedDateTime"}

func newServer(r *row[wire.Server]) Server {
	w := &r.attributes
	return Server{ID: r.id, Name: clean(w.Name), Type: clean(w.Type), Status: clean(w.Status),
		Devices: int(w.DeviceCount.N), HasDevices: w.DeviceCount.Present, MayRelease: flag(w.Disown), Families: w.DefaultFamilies.Of,
		LastConnected: w.LastConnected.At(), LastIP: clean(w.LastConnectedIP), Created: w.Created.At(), Updated: w.Updated.At()}
}

// fieldsOfServers returns what to ask for. The newer attributes are those of
// Apple Business Manager.
func (c *Client) fieldsOfServers() []string {
	if c.scope == ScopeSchool {
		return nil
	}
	return serverFields
}

// Servers lists the server entries of the organisation.
//
// Source: reference/apple.md 7.2, 8.3
//
//mdm:endpoint GET /v1/mdmServers
func (c *Client) Servers(ctx context.Context) iter.Seq2[Server, error] {
	l := listRequest{op: opServers, path: serversPath, resource: serversField, fields: c.fieldsOfServers()}
	return listed(ctx, c, l, func(r *row[wire.Server]) (Server, string) { return newServer(r), r.id })
}

// Server reads one server entry. Where the organisation's version of the API
// does not give single entries, it is looked for in the list.
//
// Source: reference/apple.md 7.2
//
//mdm:endpoint GET /v1/mdmServers/{id}
func (c *Client) Server(ctx context.Context, id string) (Server, error) {
	if err := c.checkID(opServer, id); err != nil {
		return Server{}, err
	}
	r, err := one[wire.Server](ctx, c, opServer, serversPath+"/"+url.PathEscape(id), serversField, c.fieldsOfServers())
	if err == nil {
		return newServer(r), nil
	}
	if !errors.Is(err, mdm.ErrPermissionMissing) {
		return Server{}, err
	}
	for s, err := range c.Servers(ctx) {
		switch {
		case err != nil:
			return Server{}, err
		case s.ID == id:
			return s, nil
		}
	}
	return Server{}, c.fail(opServer, mdm.ErrNotFound, "")
}

// ServerDevices lists the ids of the devices that are assigned to a server
// entry.
//
// Source: reference/apple.md 7.2, 8.3
//
//mdm:endpoint GET /v1/mdmServers/{id}/relationships/devices
func (c *Client) ServerDevices(ctx context.Context, id string) iter.Seq2[string, error] {
	return c.members(ctx, opServerDevices, serversPath, id, "devices")
}

// members lists the ids that an object is linked to.
func (c *Client) members(ctx context.Context, op, path, id, relation string) iter.Seq2[string, error] {
	if err := c.checkID(op, id); err != nil {
		return func(yield func(string, error) bool) { yield("", err) }
	}
	l := listRequest{op: op, path: path + "/" + url.PathEscape(id) + "/relationships/" + relation}
	return listed(ctx, c, l, func(r *row[wire.Nothing]) (string, string) { return r.id, r.id })
}

// AssignedServerID returns the id of the server entry that a device is
// assigned to; "" = to none. Apple says so in the same way for a device that
// it does not know.
//
// Source: reference/apple.md 7.2, 8.3
//
//mdm:endpoint GET /v1/orgDevices/{id}/relationships/assignedServer
func (c *Client) AssignedServerID(ctx context.Context, device string) (string, error) {
	r, err := assigned[wire.Nothing](ctx, c, device, "/relationships/assignedServer", nil)
	return r.id, err
}

// AssignedServer returns the server entry that a device is assigned to. None
// is mdm.ErrNotFound, as is a device that Apple does not know.
//
// Source: reference/apple.md 7.2, 8.3
//
//mdm:endpoint GET /v1/orgDevices/{id}/assignedServer
func (c *Client) AssignedServer(ctx context.Context, device string) (Server, error) {
	r, err := assigned[wire.Server](ctx, c, device, "/assignedServer", c.fieldsOfServers())
	switch {
	case err != nil:
		return Server{}, err
	case r.id == "":
		return Server{}, c.fail(opAssigned, mdm.ErrNotFound, "the device is assigned to no server")
	}
	return newServer(&r), nil
}

// assigned reads a relation to a server. None comes as 404, as null, or as an
// object without an id.
//
// Source: reference/apple.md 8.3
func assigned[A any](ctx context.Context, c *Client, device, path string, fields []string) (row[A], error) {
	if err := c.checkID(opAssigned, device); err != nil {
		return row[A]{}, err
	}
	var answer wire.One[A]
	err := c.getFields(ctx, opAssigned, devicesPath+"/"+url.PathEscape(device)+path, serversField, fields, &answer)
	if missing(err) {
		return row[A]{}, nil
	}
	return row[A]{id: clean(answer.Data.Of.ID), attributes: answer.Data.Of.Attributes.Of}, err
}
