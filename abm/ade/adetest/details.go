package adetest

import "encoding/json"

// Absent is a per-device status that is none: the answer does not name the
// device at all.
const Absent = "absent"

// SetStatus lets requests about some devices end with a status, such as
// "FAILED" or "THROTTLED", and nothing be done. "" = they work again.
func (f *Fake) SetStatus(status string, serials ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, serial := range serials {
		if delete(f.forced, serial); status != "" {
			f.forced[serial] = status
		}
	}
}

// serialList is the body of requests about devices.
type serialList struct {
	Devices []string `json:"devices"`
}

// statuses is the answer of writes.
type statuses struct {
	Profile string            `json:"profile_uuid,omitempty"`
	Devices map[string]string `json:"devices"`
	Retry   int               `json:"retry_after_seconds,omitempty"`
}

// listed reads the serials of a request.
func (c *call) listed(ignored ...string) ([]string, *reply) {
	req, rep := decode[serialList](c, ignored...)
	if rep == nil {
		rep = c.batch(req.Devices)
	}
	return req.Devices, rep
}

// batch gives the answer to a request about no devices, or about too many.
func (c *call) batch(serials []string) *reply {
	var rep reply
	switch most := c.f.paging.Batch; {
	case len(serials) == 0:
		rep = c.refuse("DEVICE_ID_REQUIRED", "no devices")
	case most > 0 && len(serials) > most:
		rep = c.malformed("%d devices are more than %d", len(serials), most)
	default:
		return nil
	}
	return &rep
}

// find is a device of the caller's entry and the status to give for it; with a
// device it is SUCCESS.
func (c *call) find(serial string) (*device, string) {
	d := c.f.devices[serial]
	if d == nil || d.entry != c.entry {
		if c.f.wire.OmitStatusOfBad {
			return nil, Absent
		}
		return nil, "NOT_ACCESSIBLE"
	}
	if forced, ok := c.f.forced[serial]; ok {
		if forced == "THROTTLED" && c.version < 9 {
			forced = "FAILED"
		}
		return nil, forced
	}
	return d, "SUCCESS"
}

// each does something with each device that can be reached, and gives the
// status of all. Do may refuse with a status of its own; "" = done.
func (c *call) each(serials []string, do func(*device) string) map[string]string {
	result := map[string]string{}
	for _, serial := range serials {
		if _, twice := result[serial]; twice {
			continue
		}
		d, status := c.find(serial)
		if d != nil {
			if refused := do(d); refused != "" {
				status = refused
			}
		}
		if status != Absent {
			result[serial] = status
		}
	}
	return result
}

// details serves POST /devices.
func (c *call) details() reply {
	serials, rep := c.listed()
	if rep != nil {
		return *rep
	}
	result := map[string]any{}
	for _, serial := range serials {
		if planted, ok := c.entry.details[serial]; ok {
			result[serial] = json.RawMessage(planted)
			continue
		}
		switch d, status := c.find(serial); {
		case d != nil:
			r := c.render(d.state)
			r.Response = status
			result[serial] = r
		case status != Absent:
			result[serial] = record{Response: status}
		}
	}
	return success(map[string]any{"devices": result})
}

// disown serves POST /devices/disown.
func (c *call) disown() reply {
	serials, rep := c.listed()
	if rep != nil {
		return *rep
	}
	return success(statuses{Devices: c.each(serials, func(d *device) string {
		c.f.release(d)
		return ""
	})})
}
