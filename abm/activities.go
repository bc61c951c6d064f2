package abm

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

const activitiesPath = "/v1/orgDeviceActivities"

// Activity is a request about devices that Apple carries out later. It can be
// read for 30 days.
//
// Source: reference/apple.md 8.5
type Activity struct {
	ID        string
	Status    string // "IN_PROGRESS", "COMPLETED", "STOPPED", "FAILED", or another
	SubStatus string // such as "COMPLETED_WITH_ERROR"; see Outcome
	Created   time.Time
	Completed time.Time  // zero = not yet
	Log       mdm.Secret // address of the result log, which whoever has it can read; zero = none
}

// Outcome is what came of an activity. The zero Outcome is unknown.
type Outcome uint8

// The outcomes.
const (
	OutcomeUnknown   Outcome = iota
	OutcomeRunning           // not finished
	OutcomeSucceeded         // done for all devices
	OutcomePartial           // failed for some devices; the log tells which
	OutcomeFailed            // done for none, or stopped
	OutcomeNoLog             // finished, but Apple could not make the result log: read the devices
)

// String returns "running", "succeeded", "partial", "failed", "no log" or "".
func (o Outcome) String() string {
	return [...]string{"", "running", "succeeded", "partial", "failed", "no log"}[min(o, OutcomeNoLog)]
}

// Outcome returns what came of the activity. An activity that is completed did
// not necessarily succeed.
//
// Source: reference/apple.md 8.5
func (a *Activity) Outcome() Outcome {
	switch a.SubStatus {
	case "COMPLETED_WITH_SUCCESS":
		return OutcomeSucceeded
	case "COMPLETED_WITH_ERROR":
		return OutcomePartial
	case "COMPLETED_WITH_FAILURE":
		return OutcomeFailed
	case "COMPLETED_POST_PROCESSING_FAILED":
		return OutcomeNoLog
	}
	switch a.Status {
	case "IN_PROGRESS":
		return OutcomeRunning
	case "FAILED", "STOPPED":
		return OutcomeFailed
	}
	return OutcomeUnknown
}

// Done reports whether the activity has come to an end.
func (a *Activity) Done() bool {
	switch a.Status {
	case "COMPLETED", "FAILED", "STOPPED":
		return true
	}
	return false
}

func newActivity(r *row[wire.Activity]) *Activity {
	w := &r.attributes
	return &Activity{ID: r.id, Status: clean(w.Status), SubStatus: clean(w.SubStatus),
		Created: w.Created.At(), Completed: w.Completed.At(), Log: mdm.NewSecret(clean(w.DownloadURL))}
}

// AssignDevices assigns devices to a server entry, whatever they were assigned
// to before. Apple carries it out later: see WaitActivity. A device that is
// assigned there already counts as failed. Assignment does not enrol a device.
//
// Unverified: how many devices one request may name.
//
// Source: reference/apple.md 8.5
//
//mdm:endpoint POST /v1/orgDeviceActivities
func (c *Client) AssignDevices(ctx context.Context, server string, devices ...string) (*Activity, error) {
	if server == "" {
		return nil, c.noServer(opAssign)
	}
	return c.act(ctx, opAssign, activityRequest{kind: "ASSIGN_DEVICES", server: server, devices: devices})
}

// UnassignDevices takes devices from the server entry that they are assigned
// to.
//
// Source: reference/apple.md 8.5
//
//mdm:endpoint POST /v1/orgDeviceActivities
func (c *Client) UnassignDevices(ctx context.Context, server string, devices ...string) (*Activity, error) {
	if server == "" {
		return nil, c.noServer(opUnassign)
	}
	return c.act(ctx, opUnassign, activityRequest{kind: "UNASSIGN_DEVICES", server: server, devices: devices})
}

// noServer explains that devices need a server to be assigned to.
func (c *Client) noServer(op string) error {
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: mdm.ErrInvalid, Detail: "no server is named; nothing was sent",
		Advice: "Link at least one MDM server in the portal first: devices can only be assigned to one of those that Servers lists."}
}

// MigrateDevices assigns devices to a server entry and gives them until the
// deadline to move there without being erased. The deadline may be 90 days
// ahead at most.
//
// Unverified: where in the request the deadline stands.
//
// Source: reference/apple.md 8.5
//
//mdm:endpoint POST /v1/orgDeviceActivities
func (c *Client) MigrateDevices(ctx context.Context, server string, deadline time.Time, devices ...string) (*Activity, error) {
	if server == "" {
		return nil, c.noServer(opMigrate)
	}
	if err := c.checkDeadline(deadline); err != nil {
		return nil, err
	}
	return c.act(ctx, opMigrate, activityRequest{"ASSIGN_DEVICES_WITH_MDM_MIGRATION_DEADLINE", server, devices, deadline})
}

// SetMigrationDeadline changes the deadline of devices that are to move.
//
// Unverified: where in the request the deadline stands.
//
// Source: reference/apple.md 8.5
//
//mdm:endpoint POST /v1/orgDeviceActivities
func (c *Client) SetMigrationDeadline(ctx context.Context, deadline time.Time, devices ...string) (*Activity, error) {
	if err := c.checkDeadline(deadline); err != nil {
		return nil, err
	}
	return c.act(ctx, opMigrate, activityRequest{kind: "UPDATE_MDM_MIGRATION_DEADLINE", devices: devices, deadline: deadline})
}

// CancelMigration takes back that devices are to move.
//
// Source: reference/apple.md 8.5
//
//mdm:endpoint POST /v1/orgDeviceActivities
func (c *Client) CancelMigration(ctx context.Context, devices ...string) (*Activity, error) {
	return c.act(ctx, opMigrate, activityRequest{kind: "CANCEL_MDM_MIGRATION", devices: devices})
}

const longestMigration = 90 * 24 * time.Hour

func (c *Client) checkDeadline(deadline time.Time) error {
	if left := time.Until(deadline); left <= 0 || left > longestMigration {
		return c.fail(opMigrate, mdm.ErrInvalid, "the deadline is not within the next 90 days; nothing was sent")
	}
	return nil
}

// ReleaseDevices gives devices away: they leave the organisation, and nothing
// brings them back but their seller. It needs Config.AllowDestructive, and is
// refused for devices of a server entry that may not release devices; these
// are looked up before.
//
// Unverified: the whole request is known from one source; that the flag of a
// server entry holds for releases by the API as well.
//
// Source: reference/apple.md 7.1, 8.3, 8.5
//
//mdm:endpoint POST /v1/orgDeviceActivities
func (c *Client) ReleaseDevices(ctx context.Context, devices ...string) (*Activity, error) {
	if err := c.onlyBusiness(opRelease); err != nil {
		return nil, err
	}
	if err := c.permitted(opRelease); err != nil {
		return nil, err
	}
	devices, err := c.checkIDs(opRelease, devices)
	if err != nil {
		return nil, err
	}
	if err := c.mayRelease(ctx, devices); err != nil {
		return nil, err
	}
	return c.act(ctx, opRelease, activityRequest{kind: "RELEASE_DEVICES", devices: devices})
}

// activityRequest is what an activity is asked for.
type activityRequest struct {
	kind     string
	server   string // "" = none
	devices  []string
	deadline time.Time // zero = none
}

func (a activityRequest) body() any {
	type object = map[string]any
	attributes := object{"activityType": a.kind}
	if !a.deadline.IsZero() {
		attributes["activityTypeMetadata"] = object{"mdmMigrationDeadlineDateTime": a.deadline.UTC().Format(time.RFC3339)}
	}
	devices := make([]object, len(a.devices))
	for i, id := range a.devices {
		devices[i] = object{"type": devicesField, "id": id}
	}
	relations := object{"devices": object{"data": devices}}
	if a.server != "" {
		relations["mdmServer"] = object{"data": object{"type": serversField, "id": a.server}}
	}
	return object{"data": object{"type": "orgDeviceActivities", "attributes": attributes, "relationships": relations}}
}

// act starts an activity. It is sent again after a 429 only.
func (c *Client) act(ctx context.Context, op string, a activityRequest) (*Activity, error) {
	var err error
	if a.devices, err = c.checkIDs(op, a.devices); err != nil {
		return nil, err
	}
	if a.server != "" {
		if err := c.checkID(op, a.server); err != nil {
			return nil, err
		}
	}
	var answer wire.One[wire.Activity]
	r := transport.Request{Op: op, Method: http.MethodPost, Path: activitiesPath, Body: a.body()}
	if err := c.exchange(ctx, r, &answer); err != nil {
		return nil, c.doubtful(op, err)
	}
	if answer.Data.Of.ID.Text == "" {
		return nil, c.fail(op, mdm.ErrOutcomeUnknown, "it was accepted, but the answer names no activity")
	}
	return newActivity(&row[wire.Activity]{clean(answer.Data.Of.ID), answer.Data.Of.Attributes.Of, nil}), nil
}

// Activity reads the state of an activity of the past 30 days.
//
// Source: reference/apple.md 7.2, 8.5
//
//mdm:endpoint GET /v1/orgDeviceActivities/{id}
func (c *Client) Activity(ctx context.Context, id string) (*Activity, error) {
	if err := c.checkID(opActivity, id); err != nil {
		return nil, err
	}
	r, err := one[wire.Activity](ctx, c, opActivity, activitiesPath+"/"+url.PathEscape(id), "", nil)
	if err != nil {
		return nil, err
	}
	if r.id == "" {
		return nil, c.undecodable(opActivity, "the answer holds no activity")
	}
	return newActivity(r), nil
}

// The pauses between looks at an activity.
const (
	firstLook   = 5 * time.Second
	longestLook = time.Minute
)

// WaitActivity reads the state of an activity until it has come to an end, at
// first after 5 seconds and then less often, or until ctx ends. A device's
// assigned server may follow some 15 seconds later.
//
// Source: reference/apple.md 8.5
//
//mdm:endpoint GET /v1/orgDeviceActivities/{id}
func (c *Client) WaitActivity(ctx context.Context, id string) (*Activity, error) {
	for pause := firstLook; ; pause = min(2*pause, longestLook) {
		a, err := c.Activity(ctx, id)
		if err != nil || a.Done() {
			return a, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
