package relution

import (
	"context"
	"iter"
	"net/http"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// DevicesOptions narrows a list of devices. The zero value lists all that were
// not deleted.
type DevicesOptions struct {
	Filter Filter

	// Search are words to look for, as in the portal. Where devices are listed
	// by GET, it is mdm.ErrUnsupported.
	//
	// Unverified: that the server looks for them in devices.
	Search []string

	// Deleted also lists devices that were deleted.
	Deleted bool

	// Details is how many devices, from the first on, are filled up with their
	// detail, which takes a request for each. 0 = none. A detail that cannot
	// be read comes as an error behind its device.
	Details int
}

// Devices lists devices by UUID. A record that cannot be read comes as an error
// between the devices and does not end the list; a failure of the list itself
// is the last element. So is mdm.ErrConflict for a list that did not hold still,
// and mdm.ErrDecode for one that is not as long as the server counts.
//
// Source: reference/relution.md 2.3
//
//mdm:endpoint POST /api/management/v2/devices/baseInfo/query
//mdm:endpoint POST /api/v2/devices/baseInfo/query
//mdm:endpoint GET /api/management/v1/devices/baseInfo
//mdm:endpoint GET /api/v1/devices/baseInfo
//mdm:endpoint GET /api/v1/devices
//mdm:endpoint GET /relution/api/v1/devices/baseInfo
//mdm:endpoint GET /relution/api/v1/devices
func (c *Client) Devices(ctx context.Context, o *DevicesOptions) iter.Seq2[*Device, error] {
	if o == nil {
		o = &DevicesOptions{}
	}
	return func(yield func(*Device, error) bool) {
		fill := o.Details
		l := listing{client: c, list: listRequest{size: c.http.PageSize(), filter: o.Filter, searches: o.Search, deleted: o.Deleted,
			raw: c.keepRaw}}
		l.visit = func(b batch) error {
			n := min(fill, len(b.devices))
			fill -= n
			for i, d := range c.filled(ctx, b.devices, n) {
				if d.device == nil {
					d.device = b.devices[i]
				}
				if !yield(d.device, nil) || d.err != nil && !yield(nil, d.err) {
					return errStop
				}
			}
			for _, lost := range b.lost {
				if !yield(nil, lost) {
					return errStop
				}
			}
			return nil
		}
		found, err := l.run(ctx)
		if err == nil && found.kind != nil {
			err = c.fail(opDevices, found.kind, found.why)
		}
		if err != nil && err != errStop {
			yield(nil, err)
		}
	}
}

// detail is what reading one device gave.
type detail struct {
	device *Device
	err    error
}

// filled reads the details of the first n devices, a few at a time and in
// order. No goroutine outlives it.
func (c *Client) filled(ctx context.Context, devices []*Device, n int) []detail {
	all := make([]detail, len(devices))
	places := make(chan struct{}, max(c.http.Concurrency(), 1))
	done := make(chan struct{})
	for i := range n {
		go func() {
			defer func() { done <- struct{}{} }()
			places <- struct{}{}
			defer func() { <-places }()
			all[i].device, all[i].err = c.Device(ctx, devices[i].UUID)
			if all[i].err == nil {
				all[i].device = c.fill(all[i].device, devices[i])
			}
		}()
	}
	for range n {
		<-done
	}
	return all
}

// Device reads one device by its UUID, with all that its detail tells. An
// unknown UUID is mdm.ErrNotFound, what is none mdm.ErrInvalid. A device of
// another tenant than the configured one is mdm.ErrWrongTenant.
//
// Unverified: the path under /api/management.
//
// Source: reference/relution.md 2.3
//
//mdm:endpoint GET /api/management/v1/devices/{uuid}
//mdm:endpoint GET /api/v1/devices/{uuid}
//mdm:endpoint GET /relution/api/v1/devices/{uuid}
func (c *Client) Device(ctx context.Context, uuid string) (*Device, error) {
	if !uuidForm.MatchString(uuid) {
		return nil, c.fail(opDevice, mdm.ErrInvalid, "not a UUID")
	}
	answer, err := c.get(ctx, call{op: opDevice, endpoint: EndpointDevice, id: ids{uuid: strings.ToUpper(uuid)}})
	if err != nil {
		return nil, err
	}
	got, err := rowsOf(answer)
	if err != nil {
		return nil, c.undecodable(opDevice, "the answer holds no device")
	}
	if len(got.of) == 0 {
		return nil, c.fail(opDevice, mdm.ErrNotFound, "")
	}
	var w wire.Device
	if !object(got.of[0], &w) || !strings.EqualFold(clean(w.UUID), uuid) {
		return nil, c.undecodable(opDevice, "the answer holds another device")
	}
	d := c.newDevice(&w)
	d.Detailed = true
	if err := c.ours(opDevice, d); err != nil {
		return nil, err
	}
	if c.keepRaw {
		d.raw = json.Redact(got.of[0])
	}
	return d, nil
}

// ours refuses a device of another tenant than the configured one.
//
// Source: reference/relution.md 11, rows 3 and 36
func (c *Client) ours(op string, d *Device) error {
	if c.tenant == "" || c.children || d.OrganizationUUID == "" || strings.EqualFold(d.OrganizationUUID, c.tenant) {
		return nil
	}
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: mdm.ErrWrongTenant, Detail: "the answer holds a device of another organisation", Advice: adviceTenant}
}

// DeviceBySerial reads the list entry of the device with this serial number.
// Of several, the one is meant that is managed, then the one that was enrolled
// last: a device that was enrolled again is there twice. None is
// mdm.ErrNotFound; a list that is not complete is an error as with Devices.
//
// Unverified: that the server filters by serial number. A server that does not
// is read to its end.
//
// Source: reference/relution.md 11, row 1
//
//mdm:endpoint POST /api/management/v2/devices/baseInfo/query
func (c *Client) DeviceBySerial(ctx context.Context, serial string) (*Device, error) {
	serial = strings.TrimSpace(serial)
	if serial == "" {
		return nil, c.fail(opDevices, mdm.ErrInvalid, "the serial number is empty")
	}
	var found *Device
	for d, err := range c.Devices(ctx, &DevicesOptions{Filter: Equal("serialNumber", serial)}) {
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(d.SerialNumber, serial) && (found == nil || d.preferredTo(found)) {
			found = d
		}
	}
	if found == nil {
		return nil, c.fail(opDevices, mdm.ErrNotFound, "")
	}
	return found, nil
}

// preferredTo reports whether d stands for a device rather than other does.
func (d *Device) preferredTo(other *Device) bool {
	if a, b := d.managed() == mdm.Yes, other.managed() == mdm.Yes; a != b {
		return a
	}
	if !d.Enrolled.Equal(other.Enrolled) {
		return d.Enrolled.After(other.Enrolled)
	}
	return d.LastContact.After(other.LastContact)
}

// listRequest is a list of devices.
type listRequest struct {
	size     int
	filter   Filter
	searches []string
	deleted  bool
	raw      bool
}

// call is the request for a page of the list in a generation.
func (l *listRequest) call(g generation, offset int) call {
	q := query{limit: l.size, offset: offset, sort: "uuid", filter: l.filter, searches: l.searches}
	if !l.deleted {
		q.filter = And(l.filter, Not(OneOf("status", statusDeleted)))
	}
	switch g.listing {
	case ListQuery:
		return call{op: opDevices, method: http.MethodPost, endpoint: EndpointDevicesQuery, body: q.body()}
	case ListBaseInfo:
		return call{op: opDevices, endpoint: EndpointDevicesBaseInfo, query: q.parameters()}
	}
	return call{op: opDevices, endpoint: EndpointDevices, query: q.parameters()}
}

// keeps applies what the server cannot be trusted with.
func (l *listRequest) keeps(d *Device) bool { return l.deleted || d.Status != statusDeleted }
