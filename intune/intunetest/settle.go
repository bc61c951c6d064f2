package intunetest

import (
	"fmt"
	"time"
)

// SetOffline lets a device not check in, so that its actions wait, or check in
// again. The id must exist.
func (f *Fake) SetOffline(id string, on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byID[id].offline = on
}

// FailActions lets the actions of a device end as failed, or succeed again.
// The id must exist.
func (f *Fake) FailActions(id string, on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byID[id].fails = on
}

// UsePIN unlocks a Mac with the PIN of its last lock, after which it can be
// locked again. The id must exist.
func (f *Fake) UsePIN(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byID[id].pin = ""
}

// Lost reports whether a device is in lost mode.
func (f *Fake) Lost(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byID[id] != nil && f.byID[id].lost
}

// Settle lets time pass: all devices that are not offline check in and carry
// their actions out or refuse. A device that was wiped or retired vanishes. It
// returns how many actions came to an end.
func (f *Fake) Settle() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	var gone []*device
	for _, d := range f.devices {
		if d.offline {
			continue
		}
		for _, res := range d.results {
			if res.state == "pending" {
				f.finish(d, res)
				n++
			}
			if res.state == "done" && !res.keep && (res.action == "wipe" || res.action == "retire") {
				gone = append(gone, d)
			}
		}
	}
	for _, d := range gone {
		f.drop(d)
	}
	return n
}

// finish lets a device answer one action. The caller holds the lock.
func (f *Fake) finish(d *device, res *result) {
	now := f.Now()
	d.LastSeen, res.updated = now.Truncate(time.Second), now
	if res.state = "done"; d.fails || obstacle(d, res) {
		res.state = "failed"
		if d.state == "wipePending" && res.action == "wipe" || d.state == "retirePending" && res.action == "retire" {
			d.state = res.action + "Failed"
		}
		return
	}
	f.serial++
	switch res.action {
	case "remoteLock":
		if d.kind == Mac {
			res.pin = fmt.Sprintf("%06d", 100000+f.serial*7919%900000)
			d.pin = res.pin
		}
	case "resetPasscode":
		if d.android() {
			res.passcode = fmt.Sprintf("Ex%06d", f.serial*104729%1000000)
		} else {
			d.Passcode = false
		}
	case "enableLostMode":
		d.lost = true
	case "disableLostMode":
		d.lost = false
	case "locateDevice":
		res.location = true
	case "setDeviceName":
		d.Name = res.name
	}
}

// obstacle reports whether the state of a device forbids an action.
func obstacle(d *device, res *result) bool {
	switch res.action {
	case "remoteLock":
		return d.kind == Mac && d.pin != ""
	case "locateDevice", "playLostModeSound":
		return apple.has(d.kind) && !d.lost
	case "disableLostMode":
		return !d.lost
	}
	return false
}

// actionResults writes what became of the actions: nothing in lists.
func (v view) actionResults() any {
	list := []object{}
	if !v.item {
		return list
	}
	for _, res := range v.results {
		kind := map[string]string{"remoteLock": "remoteLockActionResult", "resetPasscode": "resetPasscodeActionResult",
			"locateDevice": "locateDeviceActionResult"}[res.action]
		if kind == "" {
			kind = "deviceActionResult"
		}
		o := object{{"@odata.type", "#microsoft.graph." + kind}, {"actionName", res.action}, {"actionState", res.state},
			{"startDateTime", stamp(res.start)}, {"lastUpdatedDateTime", stamp(res.updated)}}
		switch res.action {
		case "remoteLock":
			o = append(o, member{"unlockPin", text(res.pin)})
		case "resetPasscode":
			o = append(o, member{"passcode", text(res.passcode)})
			if v.c.beta() {
				o = append(o, member{"errorCode", 0})
			}
		case "locateDevice":
			o = append(o, member{"deviceLocation", location(res)})
		}
		list = append(list, o)
	}
	return list
}

func location(res *result) any {
	if !res.location {
		return nil
	}
	return object{{"lastCollectedDateTime", stamp(res.updated)}, {"longitude", 13.4}, {"latitude", 52.5}, {"altitude", 34.0},
		{"horizontalAccuracy", 12.0}, {"verticalAccuracy", 8.0}, {"heading", -1.0}, {"speed", -1.0}}
}
