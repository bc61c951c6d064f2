package abmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// event is something that happened in the organisation.
type event struct {
	at      time.Time
	kind    string // such as DEVICE_ADDED_TO_ORG
	subject string // serial number, or id of an account
	actor   string // USER, API or SYSTEM
	data    map[string]any
}

// eventKinds lists the events that the fake knows.
var eventKinds = []string{
	"DEVICE_ADDED_TO_ORG", "DEVICE_REMOVED_FROM_ORG", "DEVICE_ASSIGNED_TO_SERVER", "DEVICE_UNASSIGNED_FROM_SERVER",
	"DEVICE_IS_ERASED", "API_ACCOUNT_KEY_REVOKED",
}

// dataKey is the name of the attribute that holds what is special of an event.
func dataKey(kind string) string {
	var b strings.Builder
	b.WriteString("eventData")
	for word := range strings.SplitSeq(kind, "_") {
		b.WriteString(word[:1] + strings.ToLower(word[1:]))
	}
	return b.String()
}

func eventDataKeys() []string {
	var list []string
	for _, kind := range eventKinds {
		list = append(list, dataKey(kind))
	}
	return list
}

// note records that something happened now.
func (f *Fake) note(e event) {
	e.at = f.Now()
	f.events = append(f.events, e)
}

// removal is the event of a release.
func removal(d *device, at time.Time) event {
	return event{at: at, kind: "DEVICE_REMOVED_FROM_ORG", subject: d.serial, actor: d.releaserType,
		data: map[string]any{"serialNumber": d.serial, "releaseEntityType": d.releaserType, "releaseEntityId": d.releaser}}
}

// moved is the event of another server.
func (f *Fake) moved(d *device, actor string) event {
	if s := f.server(d.server); s != nil {
		return event{kind: "DEVICE_ASSIGNED_TO_SERVER", subject: d.serial, actor: actor,
			data: map[string]any{"serialNumber": d.serial, "targetServerName": s.name}}
	}
	return event{kind: "DEVICE_UNASSIGNED_FROM_SERVER", subject: d.serial, actor: actor, data: map[string]any{"serialNumber": d.serial}}
}

// Erase tells of the erasure of a device, which shows among the audit events.
func (f *Fake) Erase(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.find(id); d != nil {
		f.note(event{kind: "DEVICE_IS_ERASED", subject: d.serial, actor: "USER", data: map[string]any{}})
	}
}

// SetRetention lets audit events go that are older. 0 = all are kept.
func (f *Fake) SetRetention(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.retention = d
}

// listEvents serves the events of a span of time.
func (c *call) listEvents() reply {
	var span [2]time.Time
	for i, name := range []string{"filter[startTimestamp]", "filter[endTimestamp]"} {
		text := c.query.Get(name)
		if text == "" {
			c.violate("%s is missing", name)
			return c.fail(http.StatusBadRequest, "PARAMETER_ERROR.REQUIRED", "A required parameter is missing", name+" is required", source{Parameter: name})
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return *c.badParameter(name, fmt.Sprintf("'%s' is not a valid value for '%s'", text, name))
		}
		span[i] = at
	}
	var list []event
	for _, e := range append(slices.Clone(c.f.past), c.f.events...) {
		old := c.f.retention > 0 && c.now.Sub(e.at) > c.f.retention
		if !old && !e.at.Before(span[0]) && !e.at.After(span[1]) && c.wants(e) {
			list = append(list, e)
		}
	}
	return c.page(len(list), func(i int) json.RawMessage { return encode(c.trim(list[i].item())) })
}

// wants applies the filters that a caller may leave out.
func (c *call) wants(e event) bool {
	for name, value := range map[string]string{"filter[type]": e.kind, "filter[subjectId]": e.subject, "filter[actorId]": e.actorID()} {
		if c.query.Has(name) && !slices.Contains(strings.Split(c.query.Get(name), ","), value) {
			return false
		}
	}
	return true
}

func (e event) actorID() string {
	if e.actor == "USER" {
		return "1000200030"
	}
	return "1000200031"
}

func (e event) item() item {
	subject, category := "DEVICE", "DEVICE_INVENTORY"
	if strings.HasPrefix(e.kind, "API_ACCOUNT") {
		subject, category = "API_ACCOUNT", "API_ACCOUNT"
	}
	id := uuid("event", e.kind, e.subject, e.at.String())
	a := map[string]any{
		"eventDateTime": stamp(e.at), "type": e.kind, "category": category, "actorType": e.actor, "actorId": e.actorID(),
		"actorName": "Pat Example", "subjectType": subject, "subjectId": e.subject, "subjectName": e.subject, "outcome": "SUCCESS",
		"groupId": uuid("group", id), "eventDataPropertyKey": dataKey(e.kind), dataKey(e.kind): e.data,
	}
	if e.data == nil {
		a[dataKey(e.kind)] = map[string]any{}
	}
	return item{Type: "auditEvents", ID: id, Attributes: a}
}
