package jamfprotest

import (
	"encoding/json"
	"strconv"
	"time"
)

// Postpone lets a device answer all commands with NOT_NOW, as one that is
// locked, or no more.
func (f *Fake) Postpone(managementID string, on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.client(managementID); d != nil {
		d.busy = on
		f.shelves[d.state.kind].keep(d)
	}
}

// FailCommands lets a device answer all commands with an error; "" lets them
// succeed again.
func (f *Fake) FailCommands(managementID, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.client(managementID); d != nil {
		d.fails = reason
		f.shelves[d.state.kind].keep(d)
	}
}

// ManagementID is that of a device; "" = there is no such device.
func (f *Fake) ManagementID(k Kind, id string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := strconv.Atoi(id)
	if d := f.shelves[k].find(n); err == nil && d != nil {
		return d.state.managementID
	}
	return ""
}

// Settle lets time pass: all managed devices check in for their commands and
// carry them out or refuse, and all nodes have caught up. A wiped device lost
// its name and its apps and is not managed; one whose management ended is
// listed still. Neither obeys any more. Commands of devices that are not
// managed stay pending. Settle returns how many commands came to an end.
func (f *Fake) Settle() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range f.shelves {
		for _, d := range f.shelves[k].list {
			d.before, d.changed = nil, written{}
		}
		for _, d := range f.shelves[k].touched {
			d.before, d.changed = nil, written{}
		}
	}
	for _, h := range f.holders {
		h.rotated = written{}
	}
	n := 0
	for _, e := range f.commands {
		e.at = written{}
		if e.completed.IsZero() && e.device.state.Managed && f.answer(e) {
			n++
		}
	}
	return n
}

// answer lets a device answer a command; false = it will do so later.
func (f *Fake) answer(e *errand) bool {
	if e.device.busy {
		e.State = "NOT_NOW"
		return false
	}
	var data map[string]json.RawMessage
	json.Unmarshal(e.Data, &data) // was checked when it was sent
	e.completed, e.State = f.Now(), "ACKNOWLEDGED"
	if e.failure = e.device.fails; e.failure == "" {
		e.failure = obstacle(e, data)
	}
	if e.failure != "" {
		e.State = "ERROR"
		return true
	}
	next := *e.device.state
	f.carryOut(&next, e.Type, data)
	e.device.state = &next
	return true
}

// word reads a text of a command's data.
func word(data map[string]json.RawMessage, key string) string {
	var s string
	json.Unmarshal(data[key], &s) // "" if it is none
	return s
}

// obstacle is why the device's state forbids a command.
func obstacle(e *errand, data map[string]json.RawMessage) string {
	s := e.device.state
	switch e.Type {
	case "ENABLE_LOST_MODE":
		if !s.Supervised {
			return "The device is not supervised."
		}
	case "DISABLE_LOST_MODE", "PLAY_LOST_MODE_SOUND", "DEVICE_LOCATION":
		if s.lost == nil {
			return "The device is not in Lost Mode."
		}
	case "CLEAR_PASSCODE":
		if word(data, "unlockToken") != s.unlockToken() {
			return "The unlock token is not valid."
		}
	}
	return ""
}

func (f *Fake) carryOut(s *state, kind string, data map[string]json.RawMessage) {
	s.LastSeen = f.Now().Truncate(time.Millisecond)
	switch kind {
	case "DEVICE_INFORMATION", "RESTART_DEVICE":
		s.inventoried = s.LastSeen
	case "DEVICE_LOCK":
		s.pin = word(data, "pin")
	case "ERASE_DEVICE":
		s.Name, s.Apps, s.Passcode, s.lost, s.Managed = s.Line, nil, false, nil, false
	case "REMOVE_PROFILE":
		s.Managed = false
	case "CLEAR_PASSCODE":
		s.Passcode = false
	case "ENABLE_LOST_MODE":
		s.lost = &lostMode{word(data, "lostModeMessage"), word(data, "lostModePhone"), word(data, "lostModeFootnote")}
	case "DISABLE_LOST_MODE":
		s.lost = nil
	case "SETTINGS":
		if name := word(data, "deviceName"); name != "" {
			s.Name = name
		}
	}
}
