package intune

import (
	"strings"

	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/mdm"
)

// commands are the commands that Intune knows.
var commands = command.List{mdm.Lock{}, mdm.Wipe{}, mdm.ClearPasscode{}, mdm.Restart{}, mdm.ShutDown{}, mdm.Refresh{}, mdm.Retire{},
	mdm.EnableLostMode{}, mdm.DisableLostMode{}, mdm.Rename{}, mdm.ClearActivationLock{}}

// Vet says whether a command can be sent to a device. The service answers a
// command that does not fit without a reason, so this is decided here.
func (s *Source) Vet(rec mdm.Record, c mdm.Command) error {
	reason, advice := s.client.vet(rec, c)
	if reason == "" {
		return nil
	}
	return &mdm.Error{Op: c.Name(), Origin: s.client.info.Origin, Kind: mdm.ErrUnsupported, Detail: reason, Advice: advice}
}

// target is what the table of commands asks of a device.
type target struct {
	mdm.Record
	hand      bool // an iPad or iPhone
	mac       bool
	windows   bool
	android   bool
	chrome    bool
	personal  bool
	open      bool   // Android without Google
	enrolment string // as the service calls it, in lower case
}

func newTarget(rec mdm.Record) target {
	t := target{Record: rec, hand: rec.Platform == mdm.PlatformIOS || rec.Platform == mdm.PlatformIPadOS, mac: rec.Platform == mdm.PlatformMacOS,
		windows: rec.Platform == mdm.PlatformWindows, android: rec.Platform == mdm.PlatformAndroid, chrome: rec.Platform == mdm.PlatformChromeOS,
		personal: rec.Ownership == mdm.OwnershipPersonal, enrolment: lower(rec.Enrolment.Source)}
	t.open = t.android && strings.Contains(t.enrolment, "aosp")
	return t
}

func (t target) unsupervised() bool { return t.Flags.Supervised == mdm.No }

const supervise = "Supervise the device, by automated enrolment for instance."

// vet returns why a command cannot be sent; "" if it can.
//
// Source: reference/intune.md 5.3
//
// Unverified: the row of Android without Google for Refresh.
func (c *Client) vet(rec mdm.Record, command mdm.Command) (reason, advice string) {
	t := newTarget(rec)
	switch {
	case !guidForm.MatchString(rec.ID):
		return "the id is not one of a managed device", ""
	case rec.Flags.Managed == mdm.No:
		return "the device is not managed by Intune", "Enrol it first."
	}
	switch command := command.(type) {
	case mdm.Lock:
		return t.lock(command)
	case mdm.Wipe:
		return t.wipe(command)
	case mdm.ClearPasscode:
		if c.cfg.ForbidClearPasscode {
			return "resetting passcodes is forbidden by this application's settings", ""
		}
		return t.clearPasscode()
	case mdm.Restart:
		return t.restart(command)
	case mdm.ShutDown:
		switch {
		case !t.hand && !t.mac:
			return "Intune shuts down Macs, iPads and iPhones only", ""
		case t.hand && t.unsupervised():
			return "only supervised devices can be shut down", supervise
		}
	case mdm.Refresh:
		if t.chrome {
			return "Intune cannot refresh a Chrome device", ""
		}
	case mdm.Retire:
		return t.retire()
	case mdm.EnableLostMode, mdm.DisableLostMode:
		switch {
		case !t.hand:
			return "lost mode exists on iPads and iPhones only", ""
		case t.unsupervised():
			return "lost mode needs a supervised device", supervise
		}
	case mdm.Rename:
		return t.rename()
	case mdm.ClearActivationLock:
		if !t.hand && !t.mac {
			return "only Macs, iPads and iPhones have an activation lock", ""
		}
	default:
		return "Intune has no such command", ""
	}
	return "", ""
}

func (t target) lock(l mdm.Lock) (reason, advice string) {
	switch {
	case t.windows || t.Class == mdm.ClassComputer && !t.mac:
		return "Intune cannot lock a PC", ""
	case t.android && t.personal && !t.open:
		return "a personal Android device cannot be locked", ""
	case !t.hand && !t.mac && !t.android:
		return "this kind of device cannot be locked", ""
	case !l.PIN.IsZero():
		return "Intune makes the PIN of a locked Mac itself", "Send the command without a PIN, and read the PIN from the device's action results."
	case l.Message != "" || l.Phone != "":
		return "Intune shows no text on a locked screen", "Use lost mode to show a text."
	}
	return "", ""
}

func (t target) wipe(w mdm.Wipe) (reason, advice string) {
	switch {
	case w.ClearActivationLock:
		return "Intune does not lift the activation lock with a wipe", "Send ClearActivationLock first."
	case !w.PIN.IsZero() && !t.mac:
		return "only the wipe of a Mac takes a PIN", "Send the command without a PIN."
	case t.hand && t.personal:
		return "a personal iPad or iPhone cannot be wiped", "Retire it instead."
	case t.android && t.personal && !t.open:
		return "a personal Android device cannot be wiped", "Retire it instead."
	case !t.hand && !t.mac && !t.windows && !t.android && !t.chrome:
		return "this kind of device cannot be wiped", ""
	}
	return "", ""
}

func (t target) clearPasscode() (reason, advice string) {
	switch {
	case t.windows || t.mac || t.Class == mdm.ClassComputer:
		return "Intune cannot reset the passcode of a computer", ""
	case t.hand && t.personal:
		return "the passcode of a personal iPad or iPhone cannot be removed", ""
	case !t.hand && !t.android:
		return "this kind of device has no passcode that could be reset", ""
	}
	return "", ""
}

func (t target) restart(r mdm.Restart) (reason, advice string) {
	switch {
	case r.ClearPasscode:
		return "Intune does not clear a passcode with a restart", "Send ClearPasscode."
	case t.hand && t.unsupervised():
		return "only supervised devices can be restarted", supervise
	case t.android && t.personal && !t.open:
		return "a personal Android device cannot be restarted", ""
	case t.android && strings.Contains(t.enrolment, "corporateworkprofile"):
		return "an Android device with a work profile cannot be restarted", ""
	case !t.hand && !t.mac && !t.windows && !t.android && !t.chrome:
		return "this kind of device cannot be restarted", ""
	}
	return "", ""
}

func (t target) retire() (reason, advice string) {
	switch {
	case t.android && !t.personal:
		return "an Android device of the organisation cannot be retired", "Wipe it instead."
	case t.android && t.open:
		return "an Android device without Google cannot be retired", "Wipe it instead."
	case t.chrome:
		return "a Chrome device cannot be retired", "Deprovision it in the Google Admin console."
	case !t.hand && !t.mac && !t.windows && !t.android:
		return "this kind of device cannot be retired", ""
	}
	return "", ""
}

func (t target) rename() (reason, advice string) {
	switch {
	case t.hand && t.unsupervised():
		return "only supervised devices can be renamed", supervise
	case (t.mac || t.windows) && t.personal:
		return "only computers of the organisation can be renamed", ""
	case t.android && (t.personal || t.open):
		return "this Android device cannot be renamed", ""
	case !t.hand && !t.mac && !t.windows && !t.android:
		return "this kind of device cannot be renamed", ""
	}
	return "", ""
}

// locate says why a device cannot be asked where it is; "" if it can, or if
// its lost mode is not known.
func (t target) locate() (reason, advice string) {
	switch {
	case t.hand && t.unsupervised():
		return "only supervised devices can be located", supervise
	case t.hand && t.Flags.LostMode == mdm.No:
		return "an iPad or iPhone can be located in lost mode only", "Enable lost mode first, and wait until the device is in it."
	case t.android && (t.personal || t.open):
		return "this Android device cannot be located", ""
	case !t.hand && !t.windows && !t.android:
		return "this kind of device cannot be located", ""
	}
	return "", ""
}
