package abm

import (
	"context"
	"iter"
	"net/url"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
)

const (
	devicesPath  = "/v1/orgDevices"
	devicesField = "orgDevices"
)

// DevicesOptions narrows what a list of devices tells. The zero value asks for
// all that Apple gives by default.
type DevicesOptions struct {
	// Fields are the attributes to give, by Apple's names, such as
	// "serialNumber"; all others are then missing. One that Apple does not
	// know is left out. nil = Apple's default.
	Fields []string
}

func devicesRequest(fields []string, raw bool) listRequest {
	return listRequest{op: opDevices, path: devicesPath, resource: devicesField, fields: fields, raw: raw}
}

// Devices lists the devices of the organisation, without those that were
// released. A record that cannot be read comes as an error between the devices
// and does not end the list; a failure of the list itself is the last element.
// A page that breaks off is read again at the same place.
//
// Source: reference/apple.md 7.2, 8.2
//
//mdm:endpoint GET /v1/orgDevices
func (c *Client) Devices(ctx context.Context, o *DevicesOptions) iter.Seq2[*Device, error] {
	var fields []string
	if o != nil {
		fields = o.Fields
	}
	return listed(ctx, c, devicesRequest(fields, c.keepRaw), func(r *row[wire.Device]) (*Device, string) {
		d := c.newDevice(r)
		return d, d.ID
	})
}

// Device reads one device by its id, which is its serial number in practice. A
// device that was released is given for some time, with the date of its
// release, and is mdm.ErrNotFound later.
//
// Source: reference/apple.md 7.2, 8.2
//
//mdm:endpoint GET /v1/orgDevices/{id}
func (c *Client) Device(ctx context.Context, id string) (*Device, error) {
	if err := c.checkID(opDevice, id); err != nil {
		return nil, err
	}
	r, err := one[wire.Device](ctx, c, opDevice, devicesPath+"/"+url.PathEscape(id), devicesField, nil)
	if err != nil {
		return nil, err
	}
	d := c.newDevice(r)
	if d.ID == "" {
		return nil, c.undecodable(opDevice, "the answer holds no device")
	}
	if c.keepRaw {
		d.raw = json.Redact(r.raw)
	}
	return d, nil
}
