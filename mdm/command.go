package mdm

import (
	"context"
	"time"
)

// Command is something a device is told to do. Commands are values of the
// types of this package: Lock, Wipe and so on.
type Command interface {
	Name() string // stable name, such as "wipe"
}

// Lock locks the screen, or the whole device where PIN is meant for that.
type Lock struct {
	Message string // shown on the locked screen; "" = none
	Phone   string // shown on the locked screen; "" = none
	PIN     Secret // six digits that unlock a Mac again; zero = none
}

// Wipe erases all content and settings. Other words for it are "initialise"
// and "erase".
type Wipe struct {
	ClearActivationLock bool   // lift the activation lock too, where the system can
	PIN                 Secret // six digits that unlock an older Mac afterwards; zero = none
}

// ClearPasscode removes the passcode, so that the user sets a new one.
type ClearPasscode struct{}

// Restart restarts the device.
type Restart struct {
	ClearPasscode bool // clear the passcode for the restart, where the system can
}

// ShutDown switches the device off.
type ShutDown struct{}

// Refresh asks the device to report its inventory now.
type Refresh struct{}

// Retire ends the management of the device; the organisation's data leaves
// it, personal data stays.
type Retire struct{}

// EnableLostMode locks a device as lost.
type EnableLostMode struct {
	Message  string
	Phone    string
	Footnote string
}

// DisableLostMode ends the lost mode.
type DisableLostMode struct{}

// Rename gives the device another name.
type Rename struct{ To string }

// ClearActivationLock unbinds the device from the account of a person.
type ClearActivationLock struct{}

// Name returns "lock".
func (Lock) Name() string { return "lock" }

// Name returns "wipe".
func (Wipe) Name() string { return "wipe" }

// Name returns "clear_passcode".
func (ClearPasscode) Name() string { return "clear_passcode" }

// Name returns "restart".
func (Restart) Name() string { return "restart" }

// Name returns "shut_down".
func (ShutDown) Name() string { return "shut_down" }

// Name returns "refresh".
func (Refresh) Name() string { return "refresh" }

// Name returns "retire".
func (Retire) Name() string { return "retire" }

// Name returns "enable_lost_mode".
func (EnableLostMode) Name() string { return "enable_lost_mode" }

// Name returns "disable_lost_mode".
func (DisableLostMode) Name() string { return "disable_lost_mode" }

// Name returns "rename".
func (Rename) Name() string { return "rename" }

// Name returns "clear_activation_lock".
func (ClearActivationLock) Name() string { return "clear_activation_lock" }

// Destructive reports whether a command destroys data or ends the management
// of the device.
func Destructive(c Command) bool {
	switch c.Name() { // not the type: a pointer to a Wipe wipes too
	case Wipe{}.Name(), Retire{}.Name():
		return true
	}
	return false
}

// Commander is the ability to send commands to devices.
type Commander interface {
	// Vet says whether the command can be sent to the device, without a
	// request: nil, or ErrUnsupported with the reason. Of the record it reads
	// class, platform and flags.
	Vet(rec Record, c Command) error

	// Send asks the system to carry out the command. The receipt says that it
	// was requested, never that it is done. A record of another origin is
	// ErrWrongTenant, since ids repeat between tenants. What may have been
	// sent is never sent again: ErrOutcomeUnknown.
	Send(ctx context.Context, rec Record, c Command) (Receipt, error)
}

// Receipt says that a command was requested. Whether it was carried out shows
// in a later reading of the device.
type Receipt struct {
	Origin    Origin    `json:"origin,omitzero"`
	Device    string    `json:"device,omitzero"`    // id of the device
	Command   string    `json:"command,omitzero"`   // name of the command
	ID        string    `json:"id,omitzero"`        // the system's id of the request; "" = none
	Requested time.Time `json:"requested,omitzero"` // when the system accepted it
}

// String returns a sentence that claims no more than is known.
func (r Receipt) String() string {
	return r.Command + " requested for device " + r.Device
}
