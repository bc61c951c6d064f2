package intune

import (
	"context"
	"iter"
	"time"

	"github.com/mdmlink/mdmlink/intune/internal/wire"
)

// AutopilotDevice is a Windows device that is registered by its hardware, and
// may not be enrolled.
//
// Source: reference/intune.md 3.4
type AutopilotDevice struct {
	ID            string
	SerialNumber  string
	Name          string
	Manufacturer  string
	Model         string
	GroupTag      string
	PurchaseOrder string
	State         string // "enrolled", "notContacted" and others
	LastContact   time.Time
	UserName      string
	UserLogin     string
	DirectoryID   string
	DeviceID      string // of the managed device; "" = not enrolled
}

// AutopilotDevices lists the devices that are registered for Autopilot. It
// asks for whole records: the service answers a choice of properties with 500.
//
// Source: reference/intune.md 2.1, 3.4
//
//mdm:endpoint GET /v1.0/deviceManagement/windowsAutopilotDeviceIdentities
func (c *Client) AutopilotDevices(ctx context.Context) iter.Seq2[AutopilotDevice, error] {
	return paged(ctx, c, opAutopilot, v1+"/deviceManagement/windowsAutopilotDeviceIdentities", nil, c.limits.enrolment,
		func(w wire.Autopilot) AutopilotDevice {
			return AutopilotDevice{ID: reference(w.ID), SerialNumber: clean(w.Serial), Name: clean(w.Name), Manufacturer: clean(w.Manufacturer),
				Model: clean(w.Model), GroupTag: clean(w.GroupTag), PurchaseOrder: clean(w.Order), State: clean(w.State),
				LastContact: moment(clean(w.Contacted)), UserName: clean(w.UserName), UserLogin: clean(w.Login),
				DirectoryID: reference(w.DirectoryID), DeviceID: reference(w.DeviceID)}
		})
}
