package jamfschool

import (
	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/mdm"
)

// commands are the commands that Jamf School knows.
var commands = command.List{mdm.Refresh{}, mdm.Restart{}, mdm.Wipe{}, mdm.Retire{}, mdm.ClearActivationLock{}}

// Vet says whether a command can be sent to a device.
func (s *Source) Vet(rec mdm.Record, c mdm.Command) error {
	reason, advice := vet(rec, c)
	if reason == "" {
		return nil
	}
	return &mdm.Error{Op: c.Name(), Origin: s.client.info.Origin, Kind: mdm.ErrUnsupported, Detail: reason, Advice: advice}
}

// vet returns why a command cannot be sent; "" if it can.
func vet(rec mdm.Record, c mdm.Command) (reason, advice string) {
	switch c := c.(type) {
	case mdm.Refresh, mdm.Retire, mdm.ClearActivationLock:
	case mdm.Restart:
		if c.ClearPasscode && rec.Class == mdm.ClassComputer {
			return "a Mac's password is not a passcode", ""
		}
	case mdm.Wipe:
		if !c.PIN.IsZero() {
			return "Jamf School takes no PIN with a wipe", "Send the command without a PIN."
		}
	case mdm.ClearPasscode:
		return "Jamf School clears a passcode only together with a restart", "Send Restart with ClearPasscode."
	default:
		return "Jamf School has no such command", ""
	}
	switch {
	case rec.Status == mdm.StatusPending:
		return "the device is not enrolled yet", ""
	case rec.Status == mdm.StatusTrashed:
		return "the device is in the trash", "Restore it first."
	case !isUDID(rec.ID):
		return "the device has no UDID of its own, and Jamf School addresses devices by UDID only",
			"Carry it out in the Jamf School console."
	}
	return "", ""
}
