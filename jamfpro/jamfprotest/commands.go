package jamfprotest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// Command is one that was sent to a device.
type Command struct {
	UUID         string
	Type         string // such as "RESTART_DEVICE"; "REMOVE_PROFILE" for the end of management
	Kind         Kind
	ID           string // of the device
	ManagementID string
	Data         json.RawMessage // commandData, or the body of an endpoint of its own; nil = none
	State        string          // "PENDING", "NOT_NOW", "ACKNOWLEDGED" or "ERROR"
}

// book is all commands in the order in which they were sent.
type book struct{ commands []*errand }

// errand is a command with what is known about it.
type errand struct {
	Command
	device    *device
	at        written
	sent      time.Time
	completed time.Time
	failure   string
}

// Queue returns the commands that wait for their devices, in the order in
// which they were sent.
func (f *Fake) Queue() []Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []Command
	for _, o := range f.commands {
		if o.completed.IsZero() {
			list = append(list, o.Command)
		}
	}
	return list
}

// enqueue puts a command into the queue of a device.
func (c *call) enqueue(d *device, kind string, data json.RawMessage) *errand {
	s := d.state
	o := &errand{device: d, at: c.stamp(), sent: c.now, Command: Command{
		UUID: uuid("command", fmt.Sprint(len(c.f.commands)), s.managementID), Type: kind, Kind: s.kind, ID: s.idText(),
		ManagementID: s.managementID, Data: data, State: "PENDING",
	}}
	c.f.commands = append(c.f.commands, o)
	c.f.shelves[s.kind].keep(d)
	return o
}

// sendCommand takes one command for some devices: all of them or none.
func (c *call) sendCommand() reply {
	fm := c.form("clientData", "commandData")
	fm.need("clientData", "commandData")
	var ids []string
	for _, client := range fm.each("clientData", "managementId", "clientType") {
		client.need("managementId")
		ids = append(ids, member[string](client, "managementId"))
	}
	if len(ids) == 0 {
		fm.fail("clientData is empty")
	}
	data := fm.within("commandData", slices.Collect(maps.Keys(member[map[string]json.RawMessage](fm, "commandData")))...)
	data.need("commandType")
	kind := member[string](data, "commandType")
	def, known := commandKinds[kind]
	if !known || !c.version.has(def.since, def.until) {
		data.fail("commandType %q is not known to this server", kind)
	}
	c.checkFields(data, kind, def)
	if err := fm.failed(); err != nil {
		return c.refuse("commandData", err)
	}
	return c.dispatch(ids, kind, data, fm.raw["commandData"])
}

// dispatch checks the devices of a command and queues it.
func (c *call) dispatch(ids []string, kind string, data *form, raw json.RawMessage) reply {
	var targets []*device
	for _, id := range ids {
		d := c.f.client(id)
		if d == nil {
			return fail(http.StatusInternalServerError, "SERVER_ERROR", "", "Failed to queue the command")
		}
		if kind == "DEVICE_INFORMATION" && d.state.kind == Mobile { // seen on real servers
			return fail(http.StatusInternalServerError, "SERVER_ERROR", "", "Failed to queue the command")
		}
		rights := commandRights(kind, d.state.kind, data)
		if rights == nil {
			return c.refuse("commandType", fmt.Errorf("%s is not for a %s", kind, d.state.kind))
		}
		if !c.may(rights...) {
			return forbidden()
		}
		if c.checkTarget(data, kind, d); data.failed() != nil {
			return c.refuse("commandData", data.failed())
		}
		targets = append(targets, d)
	}
	type link struct {
		ID   string `json:"id"`
		Href string `json:"href"`
	}
	links := []link{}
	for _, d := range targets {
		o := c.enqueue(d, kind, raw)
		links = append(links, link{o.UUID, c.href("v2/mdm/commands?filter=uuid==%s", o.UUID)})
	}
	if c.f.wire.OneCommand && len(links) == 1 {
		return reply{status: http.StatusCreated, body: links[0]}
	}
	return reply{status: http.StatusCreated, body: links}
}

// commandRights are the privileges for a command on one kind of device; nil =
// there is no such command for it.
func commandRights(kind string, of Kind, data *form) []string {
	def := commandKinds[kind]
	switch {
	case kind != "SETTINGS" && of == Computer:
		return def.computer
	case kind != "SETTINGS":
		return def.mobile
	}
	rights := []string{}
	for key := range data.raw {
		switch name := settingsRights[key]; {
		case key == "commandType" || of == Computer && key != "bluetooth":
		case of == Computer:
			rights = append(rights, computerBluetooth)
		case name != "":
			rights = append(rights, name)
		default:
			rights = append(rights, settingsRights[""])
		}
	}
	return rights
}

// checkFields checks names, types and presence of a command's fields.
func (c *call) checkFields(data *form, kind string, def commandKind) {
	keys := []string{"commandType"}
	for _, f := range strings.Fields(def.fields) {
		name, form, _ := strings.Cut(f, ":")
		keys = append(keys, name)
		if strings.HasSuffix(form, "*") {
			data.need(name)
		}
		switch form[0] {
		case 's':
			member[string](data, name)
		case 'b':
			member[bool](data, name)
		case 'n':
			member[float64](data, name)
		case 'a':
			member[[]json.RawMessage](data, name)
		case 'o':
			member[map[string]json.RawMessage](data, name)
		}
	}
	data.only(keys)
	switch kind {
	case "ENABLE_LOST_MODE":
		if member[string](data, "lostModeMessage") == "" && member[string](data, "lostModePhone") == "" {
			data.fail("lost mode needs a message or a phone number")
		}
	case "CLEAR_PASSCODE":
		if b, err := base64.StdEncoding.DecodeString(member[string](data, "unlockToken")); err != nil || len(b) == 0 {
			data.fail("unlockToken is not base64")
		}
	case "DEVICE_INFORMATION":
		if len(member[[]json.RawMessage](data, "queries")) == 0 {
			data.fail("queries is empty")
		}
	case "ERASE_DEVICE":
		checkErase(data)
	}
}

func checkErase(data *form) {
	words := []string{"Default", "DoNotObliterate", "ObliterateWithWarning", "Always"}
	if w := member[string](data, "obliterationBehavior"); data.has("obliterationBehavior") && !slices.Contains(words, w) {
		data.fail("obliterationBehavior %q", w)
	}
	if data.has("returnToService") {
		rts := data.within("returnToService", "enabled", "mdmProfileData", "wifiProfileData", "bootstrapToken")
		rts.need("enabled")
		member[bool](rts, "enabled")
	}
	checkPin(data)
}

func checkPin(data *form) {
	if pin := member[string](data, "pin"); data.has("pin") && len([]rune(pin)) != 6 {
		data.fail("pin does not have six characters")
	}
}

// checkTarget checks what depends on the device.
func (c *call) checkTarget(data *form, kind string, d *device) {
	if kind != "DEVICE_LOCK" || d.state.kind != Computer {
		return
	}
	data.need("pin")
	pin := member[string](data, "pin")
	if len(pin) != 6 || strings.ContainsFunc(pin, func(r rune) bool { return r < '0' || r > '9' }) {
		data.fail("pin is not six digits")
	}
}

// clientType is the word for a device as the receiver of commands.
func clientType(s *state) string {
	switch {
	case s.kind == Computer:
		return "COMPUTER"
	case s.Platform == fleet.TVOS:
		return "TV"
	}
	return "MOBILE_DEVICE"
}
