package relution

import (
	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/mdm"
)

// commands are the commands that Relution knows.
var commands = command.List{mdm.Lock{}, mdm.Wipe{}, mdm.ClearPasscode{}, mdm.Restart{}, mdm.ShutDown{}, mdm.Refresh{}, mdm.Retire{},
	mdm.EnableLostMode{}, mdm.DisableLostMode{}, mdm.Rename{}}

// Vet says whether a command can be sent to a device. Which platforms take
// which command is not documented but for a few; the server refuses the others.
func (s *Source) Vet(rec mdm.Record, c mdm.Command) error {
	reason, advice := vet(rec, c)
	if reason == "" {
		return nil
	}
	return &mdm.Error{Op: c.Name(), Origin: s.client.info.Origin, Kind: mdm.ErrUnsupported, Detail: reason, Advice: advice}
}

// vet returns why a command cannot be sent; "" if it can.
//
// Source: reference/relution.md 5
func vet(rec mdm.Record, c mdm.Command) (reason, advice string) {
	mac := rec.Platform == mdm.PlatformMacOS
	hand := rec.Platform == mdm.PlatformIOS || rec.Platform == mdm.PlatformIPadOS
	unsupervised := rec.Platform.Apple() && !mac && rec.Flags.Supervised == mdm.No
	const supervise = "Supervise the device, by automated enrolment for instance."
	if rec.Flags.Managed == mdm.No {
		return "the device is not managed", "Enrol it first."
	}
	switch c := c.(type) {
	case mdm.Refresh, mdm.Retire:
	case mdm.Lock:
		switch {
		case mac && c.PIN.IsZero():
			return "a Mac is locked with a PIN", "Give a PIN of six digits."
		case !mac && !c.PIN.IsZero():
			return "only the lock of a Mac takes a PIN", "Send the command without a PIN."
		}
	case mdm.Wipe:
		switch {
		case c.ClearActivationLock:
			return "Relution does not lift the activation lock with a wipe", ""
		case !mac && !c.PIN.IsZero():
			return "only the wipe of a Mac takes a PIN", "Send the command without a PIN."
		}
	case mdm.ClearPasscode:
		if mac || rec.Platform == mdm.PlatformTVOS {
			return "this kind of device has no passcode that could be cleared", ""
		}
	case mdm.Restart:
		switch {
		case c.ClearPasscode:
			return "Relution does not clear a passcode with a restart", "Send ClearPasscode."
		case unsupervised:
			return "only supervised devices can be restarted", supervise
		}
	case mdm.ShutDown:
		if unsupervised {
			return "only supervised devices can be shut down", supervise
		}
	case mdm.EnableLostMode, mdm.DisableLostMode:
		switch {
		case !hand && rec.Platform != mdm.PlatformAndroid:
			return "lost mode exists on iPads, iPhones and Android only", ""
		case unsupervised:
			return "lost mode needs a supervised device", supervise
		}
	case mdm.Rename:
		if unsupervised {
			return "only supervised devices can be renamed", supervise
		}
	default:
		return "Relution has no such command", ""
	}
	return "", ""
}
