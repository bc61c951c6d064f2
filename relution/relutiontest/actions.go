package relutiontest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// action is one command for a device.
type action struct {
	uuid, device, kind string
	details            json.RawMessage
	state              string
	created, modified  time.Time
	delivered          time.Time
	by                 *user
	code               int
	failure            string
}

// open counts the actions of a device that have not come to an end.
func (f *Fake) open(id string) int {
	n := 0
	for _, a := range f.actions {
		if a.device == id && !a.ended() {
			n++
		}
	}
	return n
}

func (a *action) ended() bool {
	return slices.Contains([]string{"EXECUTED", "ERROR", "CANCELLED"}, a.state)
}

// quota is how many actions a device may have in a day, by the terms of the
// cloud. More are carried out all the same.
const quota = 50

// actionFields are the fields of actions.
var actionFields = schemaOf(map[kind]string{
	text:   `uuid errorMessage createdBy createdByUuid`,
	enum:   `type state channel`,
	date:   `deliveredDate creationDate modificationDate`,
	number: `errorCode retryCount priority subActionCount`,
	nested: `details device`,
})

func (c *call) createAction() reply {
	d := c.device()
	if d == nil {
		return c.missing("DEVICE_DOES_NOT_EXIST")
	}
	var body struct {
		Type    string          `json:"type"`
		Details json.RawMessage `json:"details"`
	}
	if err := strictly(c.body, &body); err != nil {
		return c.refuse(err)
	}
	if rep := c.vetAction(d, body.Type, body.Details); rep != nil {
		return *rep
	}
	a := c.enqueue(d, body.Type, body.Details)
	return c.one(c.f.renderAction(a))
}

// vetAction finds out why an action cannot be; nil = it can.
func (c *call) vetAction(d *device, kind string, details json.RawMessage) *reply {
	form, known := actionKinds[kind]
	switch {
	case !known:
		c.violate("unknown type of action %q", kind)
		return new(c.fail(http.StatusUnprocessableEntity, "INCORRECT_ACTION_TYPE", "Unknown action type"))
	case form.modern && !c.f.version.modern():
		return new(c.fail(http.StatusUnprocessableEntity, "UNSUPPORTED_ACTION", "Action not supported"))
	}
	if err := form.check(kind, d.state.platform, details); err != nil {
		return new(c.refuse(err))
	}
	if rep := c.lacks("DEVICE_ACTION_" + kind); rep != nil {
		return rep
	}
	code := ""
	switch s := d.state; {
	case s.gone():
		code = "ILLEGAL_DEVICE_STATE"
	case form.platforms != nil && !slices.Contains(form.platforms, s.platform):
		code = "WRONG_DEVICE_PLATFORM"
	case form.supervised && s.Apple() && !s.Supervised:
		code = "ACTION_NOT_ALLOWED"
	case s.ownership == "BYOD" && (kind == "WIPE" || kind == "LOST_MODE_ENABLE"):
		code = "ACTION_NOT_ALLOWED"
	}
	if code != "" {
		return new(c.fail(http.StatusUnprocessableEntity, code, "Action not possible"))
	}
	return nil
}

// enqueue adds an action, and notes when there are more than the quota.
func (c *call) enqueue(d *device, kind string, details json.RawMessage) *action {
	now, today := c.f.Now().Truncate(time.Millisecond), 0
	for _, a := range c.f.actions {
		if a.device == d.state.uuid && now.Sub(a.created) < 24*time.Hour {
			today++
		}
	}
	if today >= quota {
		c.violate("more than %d actions for a device in a day", quota)
	}
	a := &action{
		uuid: uuid("action", d.state.uuid, fmt.Sprint(len(c.f.actions))), device: d.state.uuid, kind: kind, details: details,
		state: "NEW", created: now, modified: now, by: c.account.user,
	}
	c.f.actions = append(c.f.actions, a)
	d.rendered = nil // openActions changed
	return a
}

// renderAction writes an action.
func (f *Fake) renderAction(a *action) object {
	o := object{
		"uuid": a.uuid, "type": a.kind, "state": a.state, "deliveredDate": millis(a.delivered), "result": nil,
		"errorCode": 0, "errorMessage": nil, "errorMessageRaw": nil, "retryCount": 0,
		"createdBy": a.by.Username, "createdByUuid": a.by.uuid, "creationDate": millis(a.created),
		"modificationDate": millis(a.modified), "channel": "DEVICE", "priority": 0, "deviceGroupUuid": nil,
		"deviceGroupName": nil, "subActionCount": 0, "details": a.details, "device": object{"uuid": a.device},
	}
	if a.failure != "" {
		o["errorCode"], o["errorMessage"], o["errorMessageRaw"] = a.code, a.failure, a.failure
	}
	return o
}

// listActions are those of one device, or of all.
func (c *call) listActions() reply {
	var d *device
	if c.vars["uuid"] != "" {
		if d = c.device(); d == nil {
			return c.missing("DEVICE_DOES_NOT_EXIST")
		}
	}
	q, err := c.listQuery(actionFields)
	if err != nil {
		return c.refuse(err)
	}
	var items []item
	for _, a := range c.f.actions {
		if d != nil && a.device == d.state.uuid || d == nil && c.sees(c.f.organisationOf(a.device)) {
			items = append(items, item{object: c.f.renderAction(a)})
		}
	}
	return c.wrapped(c.page(q, items))
}

// organisationOf is that of a device; "" = there is no such device.
func (f *Fake) organisationOf(id string) string {
	if d := f.byUUID[id]; d != nil {
		return d.state.org
	}
	return ""
}

// action finds the action of the path; nil = there is none.
func (c *call) action() *action {
	d := c.device()
	if d == nil {
		return nil
	}
	for _, a := range c.f.actions {
		if a.device == d.state.uuid && c.same(a.uuid, c.vars["action"]) {
			return a
		}
	}
	return nil
}

func (c *call) showAction() reply {
	a := c.action()
	if a == nil {
		return c.missing("RESOURCE_NOT_FOUND")
	}
	return c.one(c.f.renderAction(a))
}

// cancelAction cancels an action that waits, and removes one that ended.
func (c *call) cancelAction() reply {
	a := c.action()
	switch {
	case a == nil:
		return c.missing("RESOURCE_NOT_FOUND")
	case a.ended():
		c.f.actions = slices.DeleteFunc(c.f.actions, func(other *action) bool { return other == a })
	case slices.Contains([]string{"DELIVERED", "DELIVERY_CONFIRMED"}, a.state):
		return c.fail(http.StatusUnprocessableEntity, "ILLEGAL_DEVICE_STATE", "Action was delivered")
	default:
		a.state, a.modified = "CANCELLED", c.f.Now()
	}
	c.f.byUUID[a.device].rendered = nil
	return c.one(a.uuid)
}

// bulkActions creates the same action for several devices, or for none if one
// of them cannot have it.
func (c *call) bulkActions() reply {
	var body struct {
		Operation string   `json:"operationType"`
		Request   string   `json:"requestType"`
		Devices   []string `json:"operations"`
		Details   struct {
			Type     string `json:"type"`
			Template struct {
				Type    string          `json:"type"`
				Details json.RawMessage `json:"details"`
			} `json:"actionTemplate"`
		} `json:"details"`
	}
	if err := strictly(c.body, &body); err != nil {
		return c.refuse(err)
	}
	if body.Operation != "ACTION" || body.Request != "CREATE" || body.Details.Type != "ACTION" || len(body.Devices) == 0 {
		return c.refuse(errors.New("bulk request of an unknown kind"))
	}
	var devices []*device
	for _, id := range body.Devices {
		c.vars = map[string]string{"uuid": strings.TrimSpace(id)}
		d := c.device()
		if d == nil {
			return c.missing("DEVICE_DOES_NOT_EXIST")
		}
		if rep := c.vetAction(d, body.Details.Template.Type, body.Details.Template.Details); rep != nil {
			return *rep
		}
		devices = append(devices, d)
	}
	for _, d := range devices {
		c.enqueue(d, body.Details.Template.Type, body.Details.Template.Details)
	}
	return bare(json.RawMessage(c.body))
}
