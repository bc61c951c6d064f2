package intune

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/url"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

const devicesPath = "/deviceManagement/managedDevices"

// DevicesOptions narrows a list of devices. The zero value lists all.
type DevicesOptions struct {
	// Beta asks the beta version of the service, which alone tells lost mode,
	// the type of device, how Android is enrolled and how Windows is joined.
	Beta bool

	// Filter leaves out devices. The service ignores some filters and refuses
	// others, so what it sends is held against the filter again, and where it
	// refuses one the whole list is read.
	Filter Filter
}

// Devices lists devices page by page. Records that could not be read come as
// errors between the devices and do not end the list; a failure of the list
// itself is the last element.
//
// Source: reference/intune.md 2.1
//
//mdm:endpoint GET /v1.0/deviceManagement/managedDevices
//mdm:endpoint GET /beta/deviceManagement/managedDevices
func (c *Client) Devices(ctx context.Context, o *DevicesOptions) iter.Seq2[*Device, error] {
	return func(yield func(*Device, error) bool) {
		l := listing{client: c}
		if o != nil {
			l.beta, l.filter = o.Beta, o.Filter
		}
		err := l.run(ctx, func(b batch) error {
			for _, d := range b.devices {
				if !yield(d, nil) {
					return errStop
				}
			}
			for _, lost := range b.lost {
				if !yield(nil, lost) {
					return errStop
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

// errStop says that nobody wants more.
var errStop = errors.New("intune: stopped")

// Device reads one device, with what lists leave empty: UDID, ICCID, Ethernet
// address, memory, notes, and of the beta version the hardware. Ten devices in
// a second are read at most, and fewer after the service refused some.
//
// Source: reference/intune.md 2.2, 7
//
//mdm:endpoint GET /beta/deviceManagement/managedDevices/{id}
func (c *Client) Device(ctx context.Context, id string) (*Device, error) {
	if err := c.checkID(opDevice, id); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	var value json.Value
	err := c.get(ctx, opDevice, beta+devicesPath+"/"+lower(id), url.Values{"$select": {selection(fieldsCount)}}, &value, c.limits.hardware)
	if err != nil {
		return nil, err
	}
	d := c.decode(value)
	if d == nil {
		return nil, c.fail(opDevice, mdm.ErrDecode, "the answer holds no device")
	}
	return d, nil
}

// decode reads one device from a whole answer; nil if it holds none.
func (c *Client) decode(body []byte) *Device {
	var value json.Value
	if json.Unmarshal(body, &value) != nil || value.Kind() != '{' {
		return nil
	}
	var r row
	if _, err := r.scan(value); err != nil {
		return nil
	}
	d := r.device()
	if d != nil {
		c.complete(d, value)
	}
	return d
}

// complete adds what the client knows to a device that was read.
func (c *Client) complete(d *Device, value []byte) {
	d.client = c
	if c.cfg.KeepRaw {
		d.raw = json.Redact(value)
	}
}

// listed forgets what the row of a list says of properties that lists never
// fill: their defaults say nothing.
//
// Source: reference/intune.md 2.2
func (d *Device) listed() {
	d.reported &= inLists
	d.raw = filled(d.raw)
}

// filled is the JSON of a device without what lists never fill.
func filled(value []byte) []byte {
	if value == nil {
		return nil
	}
	kept := []byte{'{'}
	_, _ = scanObject(value, 0, func(name, value []byte) { // it was read before
		if neverInLists[string(name)] {
			return
		}
		if len(kept) > 1 {
			kept = append(kept, ',')
		}
		kept = append(append(append(append(kept, '"'), name...), '"', ':'), value...)
	})
	return append(kept, '}')
}

// DeviceBySerial reads the one device with this serial number, of which a list
// tells. None is mdm.ErrNotFound. Of several, as after an enrolment anew, the
// one that was seen last is meant, and of those the one that was enrolled last.
//
// Source: reference/intune.md 2.1
//
//mdm:endpoint GET /v1.0/deviceManagement/managedDevices
func (c *Client) DeviceBySerial(ctx context.Context, serial string) (*Device, error) {
	var found *Device
	var lost []error
	l := listing{client: c, filter: Equal(BySerial, serial)}
	err := l.run(ctx, func(b batch) error {
		lost = append(lost, b.lost...)
		for _, d := range b.devices {
			if found == nil || later(d, found) {
				found = d
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case found == nil && len(lost) > 0: // it may be one of these
		return nil, lost[0]
	case found == nil:
		return nil, c.fail(opDevice, mdm.ErrNotFound, "")
	}
	return found, nil
}

// later reports whether a is the more recent of two records of a device.
func later(a, b *Device) bool {
	return cmp.Or(a.LastSync.Compare(b.LastSync), a.Enrolled.Compare(b.Enrolled)) > 0
}
