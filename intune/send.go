package intune

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/mdm"
)

// Send asks for a command to be carried out. The record is read again first,
// and the command refused with mdm.ErrConflict if the device with this id now
// has another serial number. The id of the receipt is the name of the action
// in Client.Actions.
func (s *Source) Send(ctx context.Context, rec mdm.Record, c mdm.Command) (mdm.Receipt, error) {
	return s.send(ctx, rec, c, "")
}

// Resume sends a command again that met mdm.ErrApprovalRequired, after a second
// administrator has approved it. code is what ApprovalCode gave.
//
// Source: reference/intune.md 5.4
func (s *Source) Resume(ctx context.Context, rec mdm.Record, c mdm.Command, code string) (mdm.Receipt, error) {
	if !guidForm.MatchString(code) {
		return mdm.Receipt{}, s.client.fail(c.Name(), mdm.ErrInvalid, "the code of an approval is a GUID")
	}
	return s.send(ctx, rec, c, code)
}

func (s *Source) send(ctx context.Context, rec mdm.Record, c mdm.Command, code string) (mdm.Receipt, error) {
	if rec.Origin != s.client.info.Origin {
		return mdm.Receipt{}, s.client.fail(c.Name(), mdm.ErrWrongTenant, "the device belongs to another system or tenant")
	}
	if err := s.Vet(rec, c); err != nil {
		return mdm.Receipt{}, err
	}
	if err := vetContent(ctx, rec, c); err != nil {
		return mdm.Receipt{}, s.client.fail(c.Name(), mdm.ErrInvalid, err.Error())
	}
	if err := s.verify(ctx, rec, c); err != nil {
		return mdm.Receipt{}, err
	}
	action, err := s.client.command(ctx, rec.ID, c, code)
	if err != nil {
		return mdm.Receipt{}, err
	}
	return mdm.Receipt{Origin: s.client.info.Origin, Device: rec.ID, Command: c.Name(), ID: action, Requested: time.Now().UTC()}, nil
}

// verify reads the device again, and vets the command for what it is now: the
// single device tells more than a list, such as how Android is enrolled and
// whether Windows is joined to a domain of one's own.
func (s *Source) verify(ctx context.Context, rec mdm.Record, c mdm.Command) error {
	d, err := s.client.Device(ctx, rec.ID)
	if err != nil {
		return err
	}
	now := d.Record()
	if rec.Serial != "" && !strings.EqualFold(now.Serial, rec.Serial) {
		return s.client.fail(c.Name(), mdm.ErrConflict, "the device with this id is another one by now")
	}
	if err := s.Vet(now, c); err != nil {
		return err
	}
	if c.Name() == (mdm.Rename{}).Name() && strings.EqualFold(d.JoinType, "hybridAzureADJoined") {
		return s.client.fail(c.Name(), mdm.ErrUnsupported, "a PC that is joined to an on-premises domain cannot be renamed")
	}
	return nil
}

// command makes the request of a command and returns the action's name.
func (c *Client) command(ctx context.Context, id string, command mdm.Command, code string) (string, error) {
	switch command := command.(type) {
	case mdm.Lock:
		return "remoteLock", c.RemoteLock(ctx, id, code)
	case mdm.Wipe:
		return "wipe", c.Wipe(ctx, id, WipeOptions{UnlockCode: command.PIN}, code)
	case mdm.ClearPasscode:
		return "resetPasscode", c.ResetPasscode(ctx, id, code)
	case mdm.Restart:
		return "rebootNow", c.Reboot(ctx, id, code)
	case mdm.ShutDown:
		return "shutDown", c.ShutDown(ctx, id, code)
	case mdm.Refresh:
		return "syncDevice", c.Sync(ctx, id, code)
	case mdm.Retire:
		return "retire", c.Retire(ctx, id, code)
	case mdm.EnableLostMode:
		return "enableLostMode", c.EnableLostMode(ctx, id, command, code)
	case mdm.DisableLostMode:
		return "disableLostMode", c.DisableLostMode(ctx, id, code)
	case mdm.Rename:
		return "setDeviceName", c.Rename(ctx, id, strings.TrimSpace(command.To), code)
	case mdm.ClearActivationLock:
		return "bypassActivationLock", c.BypassActivationLock(ctx, id, code)
	}
	return "", c.fail(command.Name(), mdm.ErrUnsupported, "Intune has no such command")
}

// vetContent refuses a command whose content the service would refuse.
//
// Source: reference/intune.md 5.3
func vetContent(ctx context.Context, rec mdm.Record, c mdm.Command) error {
	if rename, ok := c.(mdm.Rename); ok {
		if reason := badName(rec.Platform, strings.TrimSpace(rename.To)); reason != "" {
			return errors.New(reason)
		}
	}
	return command.Check(ctx, c)
}

// badName says why a device cannot have a name; "" if it can. Windows is held
// to 15 characters: longer ones are cut by the network.
func badName(platform mdm.Platform, name string) string {
	digits, others := 0, 0
	for _, r := range name {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '-':
			others++
		case platform != mdm.PlatformAndroid:
			return "a name has letters, digits and hyphens"
		}
	}
	switch {
	case name == "":
		return "the name is empty"
	case platform == mdm.PlatformWindows && len(name) > 15:
		return "the name of a PC has at most 15 characters"
	case platform != mdm.PlatformAndroid && others == 0:
		return "a name has at least one letter or hyphen"
	}
	return ""
}
