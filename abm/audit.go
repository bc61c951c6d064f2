package abm

import (
	"context"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// Types of events about devices.
//
// Source: reference/apple.md 8.8
const (
	EventDeviceAdded      = "DEVICE_ADDED_TO_ORG"
	EventDeviceRemoved    = "DEVICE_REMOVED_FROM_ORG"
	EventDeviceAssigned   = "DEVICE_ASSIGNED_TO_SERVER"
	EventDeviceUnassigned = "DEVICE_UNASSIGNED_FROM_SERVER"
	EventDeviceErased     = "DEVICE_IS_ERASED"
	EventKeyRevoked       = "API_ACCOUNT_KEY_REVOKED"
)

// AuditOptions says which events to list. From and To are required.
type AuditOptions struct {
	From    time.Time
	To      time.Time
	Type    string // such as EventDeviceRemoved; "" = all
	Actor   string // id of who did it; "" = all
	Subject string // id of what it was done to; "" = all
}

// AuditEvent is something that happened in the organisation. It may hold the
// name of the person who did it.
//
// Source: reference/apple.md 8.8
type AuditEvent struct {
	ID          string
	At          time.Time
	Type        string
	Category    string // such as "DEVICE_INVENTORY"
	ActorType   string // such as "USER"
	ActorID     string
	ActorName   string
	SubjectType string // such as "DEVICE"
	SubjectID   string
	SubjectName string
	Outcome     string // such as "SUCCESS"
	GroupID     string

	// What events about devices tell.
	SerialNumber       string
	PurchaseSourceType string // of devices that were added
	PurchaseSourceID   string
	ReleaserType       string // "USER", "MDM", "RESELLER", "API", "REPLACEMENT", or another
	ReleaserID         string
	ServerName         string // to which a device was assigned
}

// Replaced reports whether a device left the organisation because another one
// took its place. The event does not name the other device.
func (e AuditEvent) Replaced() bool {
	return e.Type == EventDeviceRemoved && e.ReleaserType == "REPLACEMENT"
}

func newAuditEvent(r *row[wire.AuditEvent]) AuditEvent {
	w, d := &r.attributes, &r.attributes.Data
	return AuditEvent{ID: r.id, At: w.At.At(), Type: clean(w.Type), Category: clean(w.Category),
		ActorType: clean(w.ActorType), ActorID: clean(w.ActorID), ActorName: clean(w.ActorName),
		SubjectType: clean(w.SubjectType), SubjectID: clean(w.SubjectID), SubjectName: clean(w.SubjectName),
		Outcome: clean(w.Outcome), GroupID: clean(w.GroupID), SerialNumber: clean(d.SerialNumber),
		PurchaseSourceType: clean(d.PurchaseSourceType), PurchaseSourceID: clean(d.PurchaseSourceID),
		ReleaserType: clean(d.ReleaseEntityType), ReleaserID: clean(d.ReleaseEntityID), ServerName: clean(d.TargetServerName)}
}

// AuditEvents lists what happened between two times. How long Apple keeps
// events is not documented, so that the absence of one proves nothing. Apple
// Business Manager only.
//
// Unverified: the form of the times in the request.
//
// Source: reference/apple.md 7.2, 8.8
//
//mdm:endpoint GET /v1/auditEvents
func (c *Client) AuditEvents(ctx context.Context, o AuditOptions) iter.Seq2[AuditEvent, error] {
	err := c.onlyBusiness(opAudit)
	if err == nil && (o.From.IsZero() || o.To.IsZero() || o.To.Before(o.From)) {
		err = c.fail(opAudit, mdm.ErrInvalid, "From and To are required, and From comes first; nothing was sent")
	}
	if err != nil {
		return func(yield func(AuditEvent, error) bool) { yield(AuditEvent{}, err) }
	}
	q := url.Values{
		"filter[startTimestamp]": {o.From.UTC().Format(time.RFC3339)},
		"filter[endTimestamp]":   {o.To.UTC().Format(time.RFC3339)},
	}
	for name, value := range map[string]string{"type": o.Type, "actorId": o.Actor, "subjectId": o.Subject} {
		if value = strings.TrimSpace(value); value != "" {
			q.Set("filter["+name+"]", value)
		}
	}
	l := listRequest{op: opAudit, path: "/v1/auditEvents", resource: "auditEvents", query: q}
	return listed(ctx, c, l, func(r *row[wire.AuditEvent]) (AuditEvent, string) { return newAuditEvent(r), r.id })
}
