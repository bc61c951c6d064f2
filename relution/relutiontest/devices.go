package relutiontest

import (
	"encoding/json"
	"slices"
	"strings"
)

// Plant puts elements in front of the lists of devices, verbatim: damaged
// records, or records of other times. They need not even be JSON. The total
// includes them. Filters apply to them as far as they can be read.
func (f *Fake) Plant(raw ...json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.planted = append(f.planted, raw...)
}

// PlantDetail answers the detail of a device with this element, verbatim. The
// device need not exist.
func (f *Fake) PlantDetail(id string, raw json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.details[strings.ToUpper(id)] = raw
}

// visible are the devices that the request sees: all of its organisations, or
// those that the caller uses. The answer is for a caller who may see neither.
// Those by UUID are in that order already, which spares the sorting.
func (c *call) visible(byUUID bool) ([]*device, *reply) {
	own := !c.may("READ_DEVICES")
	if own && !c.may("READ_YOUR_DEVICES") {
		return nil, c.lacks("READ_DEVICES")
	}
	from := c.f.devices
	if byUUID {
		from = c.f.inOrder()
	}
	var list []*device
	for _, d := range from {
		s := d.state
		if c.sees(s.org) && (!own || s.user != nil && s.user.uuid == c.account.user.uuid) {
			list = append(list, d)
		}
	}
	return list, nil
}

// inOrder are all devices by UUID.
func (f *Fake) inOrder() []*device {
	if f.sorted == nil {
		f.sorted = slices.Clone(f.devices)
		slices.SortFunc(f.sorted, func(a, b *device) int { return strings.Compare(a.state.uuid, b.state.uuid) })
	}
	return f.sorted
}

// queryBase is the light list.
func (c *call) queryBase() reply {
	q, err := c.listQuery(baseFields)
	devices, refused := c.visible(err == nil && len(q.sort) > 0 && q.sort[0].Name == "uuid")
	switch {
	case refused != nil:
		return *refused
	case err != nil:
		return c.refuse(err)
	}
	if name := c.query.Get("group"); name != "" {
		devices = slices.DeleteFunc(devices, func(d *device) bool { return !slices.Contains(d.state.groups, name) })
	}
	items := c.f.plants()
	for _, d := range devices {
		c.f.baseInfo(d)
		items = append(items, item{object: d.base, raw: d.raw})
	}
	return c.wrapped(c.page(q, items))
}

// plants are the planted elements as items.
func (f *Fake) plants() []item {
	var list []item
	for _, raw := range f.planted {
		o := object{}
		if json.Unmarshal(raw, &o) != nil || o == nil {
			o = object{}
		}
		list = append(list, item{object: o, raw: raw, planted: true})
	}
	return list
}

// listFull is the heavy list: it has all details.
func (c *call) listFull() reply {
	devices, refused := c.visible(false)
	if refused != nil {
		return *refused
	}
	q, err := c.listQuery(fullFields)
	if err != nil {
		return c.refuse(err)
	}
	items := c.f.plants()
	for _, d := range devices {
		items = append(items, item{object: c.f.full(d)})
	}
	return c.wrapped(c.page(q, items))
}

// showDevice answers with a list of one.
func (c *call) showDevice() reply {
	if raw, planted := c.f.details[strings.ToUpper(c.vars["uuid"])]; planted {
		return c.one(raw)
	}
	d := c.device()
	if d == nil {
		return c.missing("DEVICE_DOES_NOT_EXIST")
	}
	return c.one(c.f.full(d))
}

// deleteDevice keeps the record.
func (c *call) deleteDevice() reply {
	d := c.device()
	if d == nil {
		return c.missing("DEVICE_DOES_NOT_EXIST")
	}
	c.delete(d)
	return c.one(d.state.uuid)
}

// deleteDevices deletes all of some devices, or none.
func (c *call) deleteDevices() reply {
	var body struct {
		Values []string `json:"values"`
	}
	if err := strictly(c.body, &body); err != nil {
		return c.refuse(err)
	}
	var devices []*device
	for _, id := range body.Values {
		c.vars = map[string]string{"uuid": id}
		d := c.device()
		if d == nil {
			return c.missing("DEVICE_DOES_NOT_EXIST")
		}
		devices = append(devices, d)
	}
	for _, d := range devices {
		c.delete(d)
	}
	return noContent()
}

// delete ends the management of a device.
func (c *call) delete(d *device) {
	c.f.change(d, func(s *state) {
		s.status, s.deleted, s.deletedBy, s.Managed = "DELETED", c.f.Now(), c.account.user.Username, false
	})
}
