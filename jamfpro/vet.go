package jamfpro

import (
	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/mdm"
)

// commands are the commands that Jamf Pro knows.
var commands = command.List{mdm.Lock{}, mdm.Wipe{}, mdm.ClearPasscode{}, mdm.Restart{}, mdm.ShutDown{}, mdm.Refresh{}, mdm.Retire{},
	mdm.EnableLostMode{}, mdm.DisableLostMode{}, mdm.Rename{}}

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
	mac := rec.Class == mdm.ClassComputer
	hand := rec.Platform == mdm.PlatformIOS || rec.Platform == mdm.PlatformIPadOS
	unsupervised := rec.Flags.Supervised == mdm.No
	const supervise = "Supervise the device, by automated enrolment for instance."
	if kind, _, ok := parseID(rec.ID); !ok || (kind == Computer) != mac {
		return "the id is not one of this kind of device", ""
	}
	if rec.Flags.Managed == mdm.No {
		return "the device is not managed", "Enrol it first."
	}
	switch c := c.(type) {
	case mdm.Refresh, mdm.Retire:
	case mdm.Lock:
		switch {
		case !mac && !hand:
			return "only Macs, iPads and iPhones can be locked", ""
		case mac && c.PIN.IsZero():
			return "a Mac is locked with a PIN", "Give a PIN of six digits."
		case !mac && !c.PIN.IsZero():
			return "the lock of a mobile device takes no PIN", "Send the command without a PIN."
		}
	case mdm.Wipe:
		switch {
		case mac && c.ClearActivationLock:
			return "the activation lock of a Mac cannot be lifted with a wipe", ""
		case !mac && !c.PIN.IsZero():
			return "the wipe of a mobile device takes no PIN", "Send the command without a PIN."
		}
	case mdm.ClearPasscode:
		if !hand && rec.Platform != mdm.PlatformWatchOS && rec.Platform != mdm.PlatformVisionOS {
			return "this kind of device has no passcode that could be cleared", ""
		}
	case mdm.Restart:
		switch {
		case c.ClearPasscode:
			return "Jamf Pro does not clear a passcode with a restart", "Send ClearPasscode."
		case !mac && !hand && rec.Platform != mdm.PlatformTVOS:
			return "this kind of device cannot be restarted", ""
		case !mac && unsupervised:
			return "only supervised devices can be restarted", supervise
		}
	case mdm.ShutDown:
		switch {
		case !mac && !hand:
			return "this kind of device cannot be shut down", ""
		case !mac && unsupervised:
			return "only supervised devices can be shut down", supervise
		}
	case mdm.EnableLostMode, mdm.DisableLostMode:
		switch {
		case !hand:
			return "lost mode exists on iPads and iPhones only", ""
		case unsupervised:
			return "lost mode needs a supervised device", supervise
		}
	case mdm.Rename:
		switch {
		case mac:
			return "a Mac overwrites the name in its record with its own", "Rename the Mac itself, with a policy for instance."
		case unsupervised:
			return "only supervised devices can be renamed", supervise
		}
	case mdm.ClearActivationLock:
		return "Jamf Pro lifts the activation lock only together with a wipe", "Send Wipe with ClearActivationLock."
	default:
		return "Jamf Pro has no such command", ""
	}
	return "", ""
}
