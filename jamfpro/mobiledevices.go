package jamfpro

import (
	"context"
	"iter"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// MobileDevicesOptions narrows a list of mobile devices. The zero value lists
// all, with what an inventory needs.
type MobileDevicesOptions struct {
	Filter   Filter    // by fields such as "serialNumber" or "lastInventoryUpdateDate"
	Sections []Section // what to read of each; nil = all but the applications
}

// MobileDevices lists mobile devices, by id, like Computers. A record that is
// damaged costs nobody else's: servers of version 11.29 and later leave out the
// damaged part, and of older ones it is read around.
//
// Source: reference/jamfpro.md 2.3, 3.3
//
//mdm:endpoint GET /api/v2/mobile-devices/detail
func (c *Client) MobileDevices(ctx context.Context, o *MobileDevicesOptions) iter.Seq2[*Device, error] {
	l := listRequest{kind: MobileDevice, sections: mobileSections}
	if o != nil {
		l.filter = o.Filter
		if o.Sections != nil {
			l.sections = o.Sections
		}
	}
	return c.devices(ctx, l)
}

// MobileDevice reads one mobile device by its id, in the form of the list,
// which holds no secrets. Sections are what to read of it; none = all but the
// applications. None is mdm.ErrNotFound, and one whose record cannot be read is
// mdm.ErrDecode.
//
//mdm:endpoint GET /api/v2/mobile-devices/detail
func (c *Client) MobileDevice(ctx context.Context, id string, sections ...Section) (*Device, error) {
	if len(sections) == 0 {
		sections = mobileSections
	}
	l := listRequest{kind: MobileDevice, sections: sections}
	read := newFound()
	if err := c.byIDs(ctx, l, []string{id}, read); err != nil {
		return nil, err
	}
	return read.device(c, MobileDevice.String()+":"+id)
}

// MobileDeviceBySerial reads the one mobile device with this serial number.
// None is mdm.ErrNotFound, several are mdm.ErrConflict, and one whose record
// cannot be read is mdm.ErrDecode. The short list is not asked: it ignores
// filters.
//
//mdm:endpoint GET /api/v2/mobile-devices/detail
func (c *Client) MobileDeviceBySerial(ctx context.Context, serial string) (*Device, error) {
	return c.bySerial(ctx, listRequest{kind: MobileDevice, sections: mobileSections}, "serialNumber", serial)
}

// MobileDeviceDetail reads all that is known of one mobile device, in a form
// of its own. It tells when a device was first seen and the name of its site,
// and nothing of lost mode. The answer holds secrets, which are dropped.
//
// Source: reference/jamfpro.md 3.4
//
//mdm:endpoint GET /api/v2/mobile-devices/{id}/detail
func (c *Client) MobileDeviceDetail(ctx context.Context, id string) (*Device, error) {
	if err := c.checkID(opMobileDevices, id); err != nil {
		return nil, err
	}
	var answer json.Value
	if err := c.get(ctx, opMobileDevices, "/api/v2/mobile-devices/"+id+"/detail", nil, &answer); err != nil {
		return nil, err
	}
	var w wire.Single
	if answer.Kind() != '{' || json.Unmarshal(answer, &w) != nil || clean(w.ID) == "" {
		return nil, c.undecodable(opMobileDevices, "the answer holds no mobile device")
	}
	d := c.newSingle(&w)
	if c.keepRaw {
		d.raw = withoutTokens(answer)
	}
	return d, nil
}

// withoutTokens drops the members that unlock a device.
func withoutTokens(v json.Value) []byte {
	var members map[string]json.Value
	if json.Unmarshal(v, &members) != nil {
		return nil
	}
	for name, member := range members {
		var part map[string]json.Value
		if member.Kind() != '{' || json.Unmarshal(member, &part) != nil {
			continue
		}
		if security := part["security"]; len(security) > 0 && security.Kind() == '{' {
			var inner map[string]json.Value
			if json.Unmarshal(security, &inner) == nil {
				delete(inner, "bootstrapToken")
				part["security"] = marshal(inner)
			}
		}
		members[name] = marshal(part)
	}
	return json.Redact(marshal(members))
}

func marshal(v map[string]json.Value) json.Value {
	text, err := json.Marshal(v)
	if err != nil { // cannot happen: it was read from JSON
		return json.Value("null")
	}
	return text
}

// ShortMobileDevices lists mobile devices with little about each: name, serial
// number, UDID, model, user. A record that cannot be read comes as an error
// between the devices; a failure of the list is the last element. A list that
// changes while it is read, again and again, or that is not as long as the
// server counts, ends with mdm.ErrConflict.
//
// Source: reference/jamfpro.md 3.2
//
//mdm:endpoint GET /api/v2/mobile-devices
func (c *Client) ShortMobileDevices(ctx context.Context) iter.Seq2[*Device, error] {
	return table[wire.Short, *Device]{op: opMobileDevices, path: "/api/v2/mobile-devices", sort: "id:asc", size: pageSize,
		convert: c.newShort, id: func(d *Device) string { return d.ID }}.paged(ctx, c)
}

// unlockToken reads the token that clears the passcode of a mobile device. It
// is handed on and kept nowhere.
//
// Source: reference/jamfpro.md 3.4, 5.1
func (c *Client) unlockToken(ctx context.Context, op, id string) (mdm.Secret, error) {
	var w wire.Unlock
	if err := c.get(ctx, op, "/api/v2/mobile-devices/"+id+"/detail", nil, &w); err != nil {
		return mdm.Secret{}, err
	}
	token := w.Token()
	if token == "" {
		return mdm.Secret{}, c.fail(op, mdm.ErrUnsupported, "the server has no unlock token of this device")
	}
	return mdm.NewSecret(token), nil
}
