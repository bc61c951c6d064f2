package jamfschooltest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Command is one that waits for its device.
type Command struct {
	UDID   string
	Name   string // "refresh", "restart", "wipe", "unenroll" or "cellularPlan"
	Option bool   // the command's option was set: clearErrors, clearPasscode, clearActivationLock
}

// Queue returns the commands that wait, in the order of the devices.
func (f *Fake) Queue() []Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []Command
	for _, d := range f.devices {
		list = append(list, d.queue...)
	}
	return list
}

// Settle lets time pass: all devices check in for their commands and carry
// them out, and no read is stale any more. A refresh and a restart make a
// device check in. A wiped one has never checked in, lost its name and its
// apps and waits to be set up; its owner stays. An unenrolled one is listed
// but not managed, and obeys no more. Settle returns how many commands were
// carried out.
func (f *Fake) Settle() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	stale, n := f.stale, 0
	f.stale = 0
	for _, d := range f.devices {
		d.before = nil
		queue := d.queue
		d.queue = nil
		for _, c := range queue {
			if d.state.Managed {
				f.carryOut(d, c)
				n++
			}
		}
	}
	f.stale = stale
	return n
}

func (f *Fake) carryOut(d *device, c Command) {
	f.change(d, func(s *state) {
		switch c.Name {
		case "refresh", "restart":
			s.LastSeen, s.pending = f.clock, false
		case "wipe":
			s.LastSeen, s.Enrolled, s.pending = time.Time{}, time.Time{}, true
			s.Apps, s.Passcode, s.Name = nil, false, s.Line
		case "unenroll":
			s.Managed = false
		}
	})
}

// FailUnlock lets the next attempts to clear the activation lock of a device
// fail with a reason; "" lets them succeed again.
func (f *Fake) FailUnlock(udid, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.byUDID[strings.ToUpper(udid)]; d != nil {
		d.locked = reason
	}
}

// active finds the device of the path for a command; nil = there is none or
// it is in the trash.
func (c *call) active() *device {
	if d := c.device(); d != nil && !d.state.inTrash {
		return d
	}
	return nil
}

func (c *call) queue(d *device, name string, option bool) {
	d.queue = append(d.queue, Command{UDID: d.state.UDID, Name: name, Option: option})
}

// scheduled is the answer of commands that has no code.
func scheduled(message string, d *device) reply {
	return success(struct {
		Message string `json:"message"`
		Device  string `json:"device"`
	}{message, d.state.UDID})
}

func (c *call) refresh() reply {
	fm := c.form("clearErrors")
	option := fm.option("clearErrors")
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.active()
	if d == nil {
		return missing("DeviceNotFound")
	}
	c.queue(d, "refresh", option)
	return success(struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		UUID    string `json:"UUID"`
	}{200, "CommandScheduled", fmt.Sprintf("5C0FFEE5-0000-4000-8000-%06X%06X", d.state.index, c.f.tick().Unix()&0xffffff)})
}

func (c *call) restart() reply {
	fm := c.form("clearPasscode")
	option := fm.option("clearPasscode")
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.active()
	if d == nil {
		return missing("DeviceNotFound")
	}
	c.queue(d, "restart", option)
	return scheduled("DeviceRestartScheduled", d)
}

// wipe is done whatever the body holds: there is no confirmation.
func (c *call) wipe() reply {
	fm := c.form("clearActivationLock")
	option := fm.option("clearActivationLock")
	if fm.err != nil {
		c.violate("%v", fm.err)
	}
	d := c.active()
	if d == nil {
		return missing("DeviceNotFound")
	}
	c.queue(d, "wipe", option)
	return scheduled("DeviceWipeScheduled", d)
}

func (c *call) unenroll() reply {
	if fm := c.form(); fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.active()
	if d == nil {
		return missing("DeviceNotFound")
	}
	c.queue(d, "unenroll", false)
	return done("DeviceUnenrolled")
}

func (c *call) clearLock() reply {
	if fm := c.form(); fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.active()
	switch {
	case d == nil:
		return missing("DeviceNotFound")
	case d.locked != "":
		return success(failure{Code: 400, Message: "UnlockFailed", Reason: d.locked})
	}
	return scheduled("Unlocked", d)
}

func (c *call) cellularPlan() reply {
	fm := c.form("serverUrl", "requiresNetworkTether")
	fm.need("serverUrl", "requiresNetworkTether")
	member[string](fm, "serverUrl")
	member[bool](fm, "requiresNetworkTether")
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.active()
	if d == nil {
		return missing("DeviceNotFound")
	}
	c.queue(d, "cellularPlan", false)
	return done("RefreshCellularPlanScheduled")
}

func (c *call) trash() reply {
	if fm := c.form(); fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.active()
	if d == nil {
		return missing("DeviceNotFound")
	}
	c.f.change(d, func(s *state) { s.inTrash = true })
	return done("DeviceTrashed")
}

func (c *call) restore() reply {
	if fm := c.form(); fm.err != nil {
		return c.refuse(fm.err)
	}
	d := c.device()
	if d == nil {
		return missing("DeviceNotFound")
	}
	c.f.change(d, func(s *state) { s.inTrash = false })
	return success(struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Device  string `json:"device"`
	}{200, "DeviceRestored", d.state.UDID})
}

// without returns the ids but for one.
func without(ids []int, id int) []int {
	return slices.DeleteFunc(slices.Clone(ids), func(other int) bool { return other == id })
}
