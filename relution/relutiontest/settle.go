package relutiontest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Postpone lets a device answer all actions with NOT_NOW, or no more. Older
// servers leave them pending.
func (f *Fake) Postpone(id string, on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.byUUID[strings.ToUpper(id)]; d != nil {
		d.busy = on
	}
}

// FailActions lets a device answer all actions with an error; "" lets them
// succeed again.
func (f *Fake) FailActions(id, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.byUUID[strings.ToUpper(id)]; d != nil {
		d.fails = reason
	}
}

// Deliver lets some time pass: the devices have got their actions and not
// carried them out yet. It returns how many were delivered.
func (f *Fake) Deliver() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, a := range f.actions {
		if d := f.byUUID[a.device]; d != nil && !a.ended() && a.delivered.IsZero() && !d.state.gone() {
			a.state, a.delivered, a.modified = "DELIVERED", f.Now(), f.Now()
			n++
		}
	}
	return n
}

// Settle lets time pass: all managed devices check in for their actions and
// carry them out or refuse. A device that was wiped or let go is withdrawn
// and obeys no more. Settle returns how many actions came to an end.
func (f *Fake) Settle() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range slices.Clone(f.devices) {
		f.catchUp(d)
	}
	n := 0
	for _, a := range f.actions {
		d := f.byUUID[a.device]
		if d == nil || a.ended() || d.state.gone() {
			continue
		}
		d.rendered = nil
		a.modified = f.Now().Truncate(time.Millisecond)
		switch {
		case d.busy && f.version.modern():
			a.state = "NOT_NOW"
			continue
		case d.busy:
			a.state = "PENDING"
			continue
		case d.fails != "":
			a.state, a.code, a.failure = "ERROR", 12021, d.fails
		case a.kind == "LOCATE_DEVICE" && d.state.platform == "IOS" && d.state.lost != "ENABLED":
			a.state, a.code, a.failure = "ERROR", 422, "The device is not in lost mode"
		default:
			a.state = "EXECUTED"
			f.carryOut(d, a)
		}
		if a.delivered.IsZero() {
			a.delivered = a.modified
		}
		n++
	}
	return n
}

// catchUp lets the inventory show what the device did.
func (f *Fake) catchUp(d *device) {
	for _, edit := range d.later {
		f.change(d, edit)
	}
	d.later = nil
}

func (f *Fake) carryOut(d *device, a *action) {
	f.change(d, func(s *state) { s.LastSeen = f.Now().Truncate(time.Millisecond) })
	switch a.kind {
	case "REFRESH_DEVICE_INFO":
		f.catchUp(d)
		f.change(d, func(s *state) { s.refreshed = s.LastSeen })
	case "WITHDRAW":
		f.change(d, func(s *state) { s.status, s.Managed = "WITHDRAWN", false })
	case "WIPE", "RETURN_TO_SERVICE":
		f.change(d, func(s *state) {
			s.status, s.Managed, s.Apps, s.Passcode, s.lost = "WITHDRAWN", false, nil, false, "DISABLED"
		})
	default:
		d.later = append(d.later, effect(a))
		if !f.wire.InventoryLags {
			f.catchUp(d)
		}
	}
}

// effect is what an action changes on the device.
func effect(a *action) func(*state) {
	var details struct {
		Name string `json:"deviceName"`
	}
	json.Unmarshal(a.details, &details) // was checked when it was sent
	return func(s *state) {
		switch a.kind {
		case "LOST_MODE_ENABLE":
			s.lost = "ENABLED"
		case "LOST_MODE_DISABLE":
			s.lost = "DISABLED"
		case "RESET_PASSCODE":
			s.Passcode = false
		case "DEVICE_NAME":
			s.Name = details.Name
		}
	}
}
