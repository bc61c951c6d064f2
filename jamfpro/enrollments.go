package jamfpro

import (
	"context"
	"iter"
	"time"

	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
)

// Enrollment is a device enrolment instance: one server token of Apple's
// inside Jamf Pro.
//
// Source: reference/jamfpro.md 2.5
type Enrollment struct {
	ID           string
	Name         string
	SiteID       string // "" = none
	ServerName   string
	ServerUUID   string
	Organisation string

	// Expires is when Apple's token expires, at the beginning of the day that
	// the server names: in every time zone, the token is good until then. Zero
	// = not reported.
	Expires time.Time
}

// EnrollmentDevice is a device that Apple assigns to an instance, whether or
// not it was ever enrolled.
type EnrollmentDevice struct {
	ID              string
	SerialNumber    string
	Description     string
	Model           string
	Colour          string
	AssetTag        string
	PrestageID      string // "" = none
	Status          string // "EMPTY", "ASSIGNED", "PUSHED", "REMOVED", as reported
	Assigned        time.Time
	ProfileAssigned time.Time
	ProfilePushed   time.Time
}

// EnrollmentSync is how the last exchange of an instance with Apple went.
type EnrollmentSync struct {
	InstanceID string
	State      string // such as "CONNECTION_ERROR", as reported
	At         time.Time
}

// Enrollments lists the device enrolment instances. One that cannot be read
// comes as an error between the others; a failure of the list is the last
// element. A list that changes while it is read, again and again, ends with
// mdm.ErrConflict.
//
//mdm:endpoint GET /api/v1/device-enrollments
func (c *Client) Enrollments(ctx context.Context) iter.Seq2[Enrollment, error] {
	return table[wire.Enrollment, Enrollment]{op: opEnrollments, path: "/api/v1/device-enrollments", sort: "id:asc", size: 100,
		convert: newEnrollment, id: func(e Enrollment) string { return e.ID }}.paged(ctx, c)
}

// EnrollmentDevices lists the devices of an instance, which come in one
// answer. One that cannot be read comes as an error between the others; a
// failure of the list is the last element.
//
//mdm:endpoint GET /api/v1/device-enrollments/{id}/devices
func (c *Client) EnrollmentDevices(ctx context.Context, id string) iter.Seq2[EnrollmentDevice, error] {
	if err := c.checkID(opEnrollments, id); err != nil {
		return func(yield func(EnrollmentDevice, error) bool) { yield(EnrollmentDevice{}, err) }
	}
	return table[wire.EnrollmentDevice, EnrollmentDevice]{op: opEnrollments, path: "/api/v1/device-enrollments/" + id + "/devices",
		convert: newEnrollmentDevice, id: func(d EnrollmentDevice) string { return d.ID }}.whole(ctx, c)
}

// EnrollmentSyncs lists how the exchanges of all instances with Apple went. One
// that cannot be read comes as an error between the others; a failure of the
// list is the last element.
//
//mdm:endpoint GET /api/v1/device-enrollments/syncs
func (c *Client) EnrollmentSyncs(ctx context.Context) iter.Seq2[EnrollmentSync, error] {
	return table[wire.EnrollmentSync, EnrollmentSync]{op: opEnrollments, path: "/api/v1/device-enrollments/syncs", convert: newEnrollmentSync}.whole(ctx, c)
}

func newEnrollment(w wire.Enrollment) Enrollment {
	return Enrollment{ID: clean(w.ID), Name: clean(w.Name), SiteID: reference(w.SiteID), ServerName: clean(w.ServerName),
		ServerUUID: clean(w.ServerUUID), Organisation: clean(w.OrgName), Expires: w.Expires.At()}
}

func newEnrollmentDevice(w wire.EnrollmentDevice) EnrollmentDevice {
	return EnrollmentDevice{ID: clean(w.ID), SerialNumber: clean(w.SerialNumber), Description: clean(w.Description),
		Model: clean(w.Model), Colour: clean(w.Color), AssetTag: clean(w.AssetTag), PrestageID: reference(w.PrestageID),
		Status: clean(w.Status), Assigned: w.Assigned.At(), ProfileAssigned: w.Profile.At(), ProfilePushed: w.Pushed.At()}
}

func newEnrollmentSync(w wire.EnrollmentSync) EnrollmentSync {
	return EnrollmentSync{InstanceID: clean(w.InstanceID), State: clean(w.State), At: w.At.At()}
}
