package ade

import (
	"context"
	"errors"
	"iter"

	"github.com/mdmlink/mdmlink/mdm"
)

// Obstacle says why a device would not enrol by itself at its next set-up. The
// zero Obstacle is none.
type Obstacle uint8

// The obstacles.
const (
	ObstacleNone       Obstacle = iota
	ObstacleNoProfile           // no profile is assigned
	ObstacleRemoved             // the profile was taken away
	ObstacleMissing             // Apple does not know the profile that is assigned
	ObstacleIncomplete          // the profile does not say where to enrol
)

var obstacles = [...]struct {
	code string
	text mdm.Text
}{
	{"", mdm.Text{}},
	{"no_profile", mdm.Text{EN: "The device has no enrolment profile. Assign one.", DE: "Das Gerät hat kein Registrierungsprofil. Weisen Sie eines zu."}},
	{"removed", mdm.Text{EN: "The enrolment profile was taken from the device. Assign one again.", DE: "Das Registrierungsprofil wurde vom Gerät entfernt. Weisen Sie wieder eines zu."}},
	{"missing", mdm.Text{EN: "Apple does not know the enrolment profile of the device. Publish it again and assign it.", DE: "Apple kennt das Registrierungsprofil des Geräts nicht. Veröffentlichen Sie es erneut und weisen Sie es zu."}},
	{"incomplete", mdm.Text{EN: "The enrolment profile of the device does not say where to enrol. Assign a server configuration to the server, publish the profile again, and assign it.", DE: "Das Registrierungsprofil des Geräts nennt nicht, wo es sich anmelden soll. Weisen Sie dem Server eine Serverkonfiguration zu, veröffentlichen Sie das Profil erneut und weisen Sie es zu."}},
}

// String returns a stable code such as "no_profile", or "".
func (o Obstacle) String() string { return obstacles[min(int(o), len(obstacles)-1)].code }

// MarshalText returns what String does.
func (o Obstacle) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Text says it to a person, and what to do.
func (o Obstacle) Text() mdm.Text { return obstacles[min(int(o), len(obstacles)-1)].text }

// Unready is a device that would not enrol by itself.
type Unready struct {
	Device   *Device
	Obstacle Obstacle
}

// Unready lists the devices of the server entry that would not enrol by
// themselves at their next set-up. Each profile that is in use is read once.
// A record that cannot be read comes as an error between the devices and does
// not end the list; a failure is the last element. Whether devices are enrolled
// now, Apple does not tell.
//
// Source: reference/apple.md 3, 4.3, 4.6
//
//mdm:endpoint POST /server/devices
//mdm:endpoint GET /profile
func (c *Client) Unready(ctx context.Context) iter.Seq2[Unready, error] {
	return func(yield func(Unready, error) bool) {
		checked := map[string]Obstacle{}
		for d, err := range c.Devices(ctx) {
			if err != nil {
				if !yield(Unready{}, err) {
					return
				}
				continue
			}
			o, err := c.obstacle(ctx, d, checked)
			if err != nil {
				yield(Unready{}, err)
				return
			}
			if o != ObstacleNone && !yield(Unready{d, o}, nil) {
				return
			}
		}
	}
}

// obstacle says what is in the way of a device. checked are the profiles that
// were read already.
func (c *Client) obstacle(ctx context.Context, d *Device, checked map[string]Obstacle) (Obstacle, error) {
	switch {
	case d.ProfileStatus == ProfileRemoved:
		return ObstacleRemoved, nil
	case d.ProfileStatus == ProfileEmpty, d.ProfileUUID == "":
		return ObstacleNoProfile, nil
	}
	if o, known := checked[d.ProfileUUID]; known {
		return o, nil
	}
	o := ObstacleNone
	p, err := c.Profile(ctx, d.ProfileUUID)
	switch {
	case errors.Is(err, mdm.ErrNotFound), errors.Is(err, mdm.ErrInvalid):
		o = ObstacleMissing
	case err != nil:
		return ObstacleNone, err
	case !isHTTPS(p.URL):
		o = ObstacleIncomplete
	}
	checked[d.ProfileUUID] = o
	return o, nil
}
