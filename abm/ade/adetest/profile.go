package adetest

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// profile is an enrolment profile. It never changes.
type profile struct {
	uuid   string
	fields map[string]json.RawMessage // as they were sent
}

func (p *profile) name() string {
	var s string
	json.Unmarshal(p.fields["profile_name"], &s) // was checked when it was made
	return s
}

// Profiles lists the profiles of the entry by their profile_uuid, sorted.
func (e *Entry) Profiles() []string {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	return slices.Sorted(maps.Keys(e.profiles))
}

// Profile is a field of a profile as it was sent, such as "profile_name"; nil
// = it was not.
func (e *Entry) Profile(uuid, field string) json.RawMessage {
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	if p := e.profiles[uuid]; p != nil {
		return slices.Clone(p.fields[field])
	}
	return nil
}

// SetThrottle lets a device be assigned to profiles n times in a span of time;
// more is THROTTLED, or FAILED for clients that do not know the word. n = 0 =
// any number.
func (f *Fake) SetThrottle(n int, per time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.throttle = traffic.Limit{N: n, Per: per}
}

// defineProfile serves POST /profile.
func (c *call) defineProfile() reply {
	fields, rep := c.profileFields()
	if rep != nil {
		return *rep
	}
	var serials []string
	json.Unmarshal(fields["devices"], &serials) // was checked with the other fields
	delete(fields, "devices")
	if len(serials) > 0 {
		if rep := c.batch(serials); rep != nil {
			return *rep
		}
	}
	p := c.entry.newProfile(fields)
	return success(c.assign(p, serials))
}

// getProfile serves GET /profile.
func (c *call) getProfile() reply {
	uuid := c.query.Get("profile_uuid")
	if uuid == "" {
		return c.refuse("PROFILE_UUID_REQUIRED", "no profile_uuid")
	}
	p := c.entry.profiles[uuid]
	if p == nil {
		return fail(http.StatusNotFound, "PROFILE_NOT_FOUND")
	}
	answer := map[string]json.RawMessage{"profile_uuid": encode(uuid)}
	for name, field := range profileTable {
		if field.since > c.version {
			continue
		}
		if sent, ok := p.fields[name]; ok {
			answer[name] = sent
		} else if field.kind == flag {
			answer[name] = encode(field.standard)
		}
	}
	return success(answer)
}

// assignment is the body of POST and PUT /profile/devices.
type assignment struct {
	Profile string   `json:"profile_uuid"`
	Devices []string `json:"devices"`
}

// assignProfile serves POST and PUT /profile/devices.
func (c *call) assignProfile() reply {
	req, rep := decode[assignment](c)
	if rep != nil {
		return *rep
	}
	p := c.entry.profiles[req.Profile]
	switch {
	case req.Profile == "":
		return c.refuse("PROFILE_UUID_REQUIRED", "no profile_uuid")
	case p == nil:
		return fail(http.StatusNotFound, "PROFILE_NOT_FOUND")
	}
	if rep := c.batch(req.Devices); rep != nil {
		return *rep
	}
	return success(c.assign(p, req.Devices))
}

// assign gives a profile to devices.
func (c *call) assign(p *profile, serials []string) statuses {
	var wait time.Duration
	answer := statuses{Profile: p.uuid}
	answer.Devices = c.each(serials, func(d *device) string {
		d.assigns.N, d.assigns.Per = c.f.throttle.N, c.f.throttle.Per
		if w := d.assigns.Wait(c.now); w > 0 {
			wait = max(wait, w)
			if c.version < 9 {
				return "FAILED"
			}
			return "THROTTLED"
		}
		c.f.change(d, func(s *Device) {
			s.Status, s.Profile, s.ProfileSet, s.ProfilePushed = "assigned", p.uuid, c.now.Truncate(time.Second), time.Time{}
		})
		return ""
	})
	for _, status := range answer.Devices {
		if status == "THROTTLED" && c.version >= 10 {
			answer.Retry = int((cmp.Or(wait, forcedWait) + time.Second - 1) / time.Second)
		}
	}
	return answer
}

// forcedWait is what a THROTTLED that was set gives as retry_after_seconds.
const forcedWait = 2 * time.Minute

// removeProfile serves DELETE /profile/devices.
func (c *call) removeProfile() reply {
	serials, rep := c.listed("profile_uuid")
	if rep != nil {
		return *rep
	}
	return success(statuses{Devices: c.each(serials, func(d *device) string {
		c.f.change(d, func(s *Device) {
			next := "empty"
			if s.Status == "pushed" || s.Status == "removed" {
				next = "removed"
			}
			s.Status, s.Profile, s.ProfileSet, s.ProfilePushed = next, "", time.Time{}, time.Time{}
		})
		return ""
	})})
}
