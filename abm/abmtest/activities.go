package abmtest

import (
	"net/http"
	"slices"
	"time"
)

// activity is a change of many devices that goes on by itself.
type activity struct {
	id, kind       string
	account        string // client id
	server         string // id
	devices        []string
	deadline       time.Time
	status, sub    string
	created, ended time.Time
	polls          int // since it was made
	rows           []row
	signature      string // of the address of its log
}

// row is the outcome for one device.
type row struct{ id, serial, problem string }

// activityKinds says what an activity needs.
var activityKinds = map[string]struct {
	server, deadline bool
	since            version
	right            Right
}{
	"ASSIGN_DEVICES":   {server: true, since: first, right: AssignDevices},
	"UNASSIGN_DEVICES": {server: true, since: first, right: AssignDevices},
	"ASSIGN_DEVICES_WITH_MDM_MIGRATION_DEADLINE": {server: true, deadline: true, since: migration, right: AssignDevices},
	"UPDATE_MDM_MIGRATION_DEADLINE":              {deadline: true, since: migration, right: AssignDevices},
	"CANCEL_MDM_MIGRATION":                       {since: migration, right: AssignDevices},
	"RELEASE_DEVICES":                            {since: release, right: ReleaseDevices},
}

// activityForm is the body of a new activity.
type activityForm struct {
	kind     string
	deadline time.Time
	server   string
	devices  []string
}

// longestMigration is how far ahead a deadline may be.
const longestMigration = 90 * 24 * time.Hour

// memory is how long activities can be looked at.
const memory = 30 * 24 * time.Hour

func (c *call) createActivity() reply {
	fm, rep := c.activityForm()
	if rep != nil {
		return *rep
	}
	kind := activityKinds[fm.kind]
	switch {
	case !c.may(kind.right):
		return c.forbidden("The role of the account does not allow this operation")
	case fm.server != "" && c.f.server(fm.server) == nil:
		return c.notFound()
	case kind.deadline && (!fm.deadline.After(c.now) || fm.deadline.After(c.now.Add(longestMigration))):
		return *c.conflict(http.StatusConflict, "/data/attributes/activityTypeMetadata/mdmMigrationDeadlineDateTime", "the deadline is not within the next 90 days")
	}
	n := c.f.next()
	a := &activity{
		id: uuid("activity", n), kind: fm.kind, account: c.holder.id, server: fm.server, devices: fm.devices, deadline: fm.deadline,
		status: "IN_PROGRESS", sub: "SUBMITTED", created: c.now.Truncate(time.Millisecond), signature: uuid("signature", n)[:8],
	}
	c.f.activities = append(c.f.activities, a)
	return c.one(http.StatusCreated, c.activityItem(a))
}

// activityForm reads and checks the body.
func (c *call) activityForm() (fm activityForm, rep *reply) {
	p, rep := c.payload("orgDeviceActivities", "")
	if rep != nil {
		return fm, rep
	}
	var attributes struct {
		Kind     string `json:"activityType"`
		Metadata *struct {
			Deadline string `json:"mdmMigrationDeadlineDateTime"`
		} `json:"activityTypeMetadata"`
	}
	if rep := c.strict(p.Data.Attributes, &attributes, "/data/attributes"); rep != nil {
		return fm, rep
	}
	fm.kind = attributes.Kind
	kind, ok := activityKinds[fm.kind]
	if !ok || !c.f.has(kind.since) {
		return fm, c.invalid(http.StatusUnprocessableEntity, "/data/attributes/activityType", "no such activity")
	}
	const pointer = "/data/attributes/activityTypeMetadata"
	switch {
	case kind.deadline && attributes.Metadata == nil:
		return fm, c.invalid(http.StatusUnprocessableEntity, pointer, "the deadline is missing")
	case !kind.deadline && attributes.Metadata != nil:
		return fm, c.invalid(http.StatusUnprocessableEntity, pointer, "this activity has no deadline")
	case kind.deadline:
		at, err := time.Parse(time.RFC3339, attributes.Metadata.Deadline)
		if err != nil {
			return fm, c.invalid(http.StatusUnprocessableEntity, pointer, "the deadline is no time")
		}
		fm.deadline = at
	}
	return fm, c.relations(p, &fm, kind.server)
}

// relations reads the server and the devices.
func (c *call) relations(p payload, fm *activityForm, needsServer bool) *reply {
	var related struct {
		Server *struct {
			Data linkage `json:"data"`
		} `json:"mdmServer"`
		Devices struct {
			Data []linkage `json:"data"`
		} `json:"devices"`
	}
	if rep := c.strict(p.Data.Relationships, &related, "/data/relationships"); rep != nil {
		return rep
	}
	const server, devices = "/data/relationships/mdmServer", "/data/relationships/devices"
	switch {
	case needsServer && related.Server == nil:
		return c.invalid(http.StatusUnprocessableEntity, server, "the server is missing")
	case !needsServer && related.Server != nil:
		return c.invalid(http.StatusUnprocessableEntity, server, "this activity has no server")
	case needsServer && (related.Server.Data.Type != "mdmServers" || related.Server.Data.ID == ""):
		return c.invalid(http.StatusUnprocessableEntity, server, "the server is no mdmServers linkage")
	case len(related.Devices.Data) == 0:
		return c.invalid(http.StatusUnprocessableEntity, devices, "there are no devices")
	}
	if needsServer {
		fm.server = related.Server.Data.ID
	}
	for _, d := range related.Devices.Data {
		switch {
		case d.Type != "orgDevices" || d.ID == "":
			return c.invalid(http.StatusUnprocessableEntity, devices, "a device is no orgDevices linkage")
		case slices.Contains(fm.devices, d.ID):
			c.violate("device %s comes twice", d.ID)
		default:
			fm.devices = append(fm.devices, d.ID)
		}
	}
	return nil
}

// showActivity serves the state of an activity, which each look brings
// forward.
func (c *call) showActivity() reply {
	for _, a := range c.f.activities {
		if a.id == c.vars["id"] && c.now.Sub(a.created) < memory {
			c.f.advance(a)
			return c.one(http.StatusOK, c.activityItem(a))
		}
	}
	return c.notFound()
}

func (c *call) activityItem(a *activity) item {
	attributes := map[string]any{"status": a.status, "subStatus": a.sub, "createdDateTime": stamp(a.created)}
	if !a.ended.IsZero() {
		attributes["completedDateTime"] = stamp(a.ended)
		if a.rows != nil {
			attributes["downloadUrl"] = c.logAddress(a)
		}
	}
	return item{Type: "orgDeviceActivities", ID: a.id, Attributes: attributes,
		Links: map[string]any{"self": c.address("orgDeviceActivities/" + a.id)}}
}
