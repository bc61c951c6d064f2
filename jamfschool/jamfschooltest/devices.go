package jamfschooltest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Plant puts elements in front of every list of devices without filters,
// verbatim: damaged records, or records of other times. They need not even
// be JSON. The count includes them.
func (f *Fake) Plant(raw ...json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.planted = append(f.planted, raw...)
}

// PlantDetail answers the detail of a device with this object, verbatim. The
// device need not exist.
func (f *Fake) PlantDetail(udid string, raw json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.details[strings.ToUpper(udid)] = raw
}

// listDevices streams: only one device at a time is in memory as JSON.
func (c *call) listDevices() reply {
	keep, err := c.filters()
	if err != nil {
		return c.refuse(err)
	}
	withApps := c.query.Has("includeApps") // whatever its value
	if v := c.query.Get("includeApps"); withApps && v != "true" && v != "1" {
		c.violate("includeApps=%s asks for apps all the same", v)
	}
	var list []*state
	for _, d := range c.f.devices {
		s := d.look()
		if !s.inTrash && !slices.ContainsFunc(keep, func(k filter) bool { return !k(s) }) {
			list = append(list, s)
		}
	}
	var planted []json.RawMessage
	if len(keep) == 0 {
		planted = slices.Clone(c.f.planted)
	}
	return reply{stream: func(w io.Writer) { c.streamDevices(w, planted, list, withApps) }}
}

// streamDevices writes a listing. It runs without the lock.
func (c *call) streamDevices(w io.Writer, planted []json.RawMessage, list []*state, withApps bool) {
	out := bufio.NewWriterSize(w, 32<<10)
	fmt.Fprintf(out, `{"code":200,"count":%d,"devices":[`, len(planted)+len(list))
	separator := ""
	for _, raw := range planted {
		fmt.Fprintf(out, "%s%s", separator, raw)
		separator = ","
	}
	for _, s := range list {
		if c.r.Context().Err() != nil {
			return
		}
		fmt.Fprintf(out, "%s%s", separator, c.f.listed(s, withApps))
		separator = ","
	}
	out.WriteString("]}\n")
	out.Flush()
}

// listed is one element of a listing.
func (f *Fake) listed(s *state, withApps bool) []byte {
	f.mu.Lock()
	v := f.renderListed(s, withApps)
	f.mu.Unlock()
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // the fake's own mistake
	}
	return b
}

func (c *call) showDevice() reply {
	withApps := c.query.Get("includeApps") == "true" // nothing else works here
	if c.query.Has("includeApps") && !withApps {
		c.violate("includeApps=%s gives no apps on a single device", c.query.Get("includeApps"))
	}
	if raw, planted := c.f.details[strings.ToUpper(c.vars["udid"])]; planted {
		return reply{stream: func(w io.Writer) { fmt.Fprintf(w, `{"code":200,"device":%s}`, raw) }}
	}
	d := c.device()
	if d == nil {
		return missing("DeviceNotFound")
	}
	return success(map[string]any{"code": 200, "device": c.f.renderDetail(d.look(), withApps)})
}

// deviceApps answers in a shape that nobody has seen: the apps of the detail.
func (c *call) deviceApps() reply {
	d := c.device()
	if d == nil {
		return missing("DeviceNotFound")
	}
	return success(map[string]any{"code": 200, "apps": renderApps(d.look().Apps)})
}
