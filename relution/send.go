package relution

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/mdm"
)

// actionTypes are the server's names of commands.
//
// Source: reference/relution.md 5
var actionTypes = map[string]string{
	mdm.Lock{}.Name(): "LOCK", mdm.Wipe{}.Name(): "WIPE", mdm.ClearPasscode{}.Name(): "RESET_PASSCODE",
	mdm.Restart{}.Name(): "REBOOT", mdm.ShutDown{}.Name(): "SHUTDOWN", mdm.Refresh{}.Name(): "REFRESH_DEVICE_INFO",
	mdm.Retire{}.Name(): "WITHDRAW", mdm.EnableLostMode{}.Name(): "LOST_MODE_ENABLE",
	mdm.DisableLostMode{}.Name(): "LOST_MODE_DISABLE", mdm.Rename{}.Name(): "DEVICE_NAME",
}

// Send asks for a command to be carried out. The device is read again first,
// and the command refused with mdm.ErrConflict if it now has another serial
// number or was deleted. When it is not known whether the request arrived, the
// commands of the device are read; the one that is found there was requested.
// What could be another one stays mdm.ErrOutcomeUnknown.
func (s *Source) Send(ctx context.Context, rec mdm.Record, c mdm.Command) (mdm.Receipt, error) {
	if rec.Origin != s.client.info.Origin {
		return mdm.Receipt{}, s.client.fail(c.Name(), mdm.ErrWrongTenant, "the device belongs to another system or tenant")
	}
	if err := s.Vet(rec, c); err != nil {
		return mdm.Receipt{}, err
	}
	if err := command.Check(ctx, c); err != nil {
		return mdm.Receipt{}, s.client.fail(c.Name(), mdm.ErrInvalid, err.Error())
	}
	if err := s.verify(ctx, rec, c); err != nil {
		return mdm.Receipt{}, err
	}
	body, err := content(ctx, c)
	if err != nil {
		return mdm.Receipt{}, err
	}
	begin := time.Now()
	action, err := s.client.act(ctx, c.Name(), rec.ID, actionTypes[c.Name()], body)
	if errors.Is(err, mdm.ErrOutcomeUnknown) && ctx.Err() == nil {
		if found := s.lookUp(ctx, rec.ID, c, body, begin); found != "" {
			action.UUID, err = found, nil
		}
	}
	if err != nil {
		return mdm.Receipt{}, err
	}
	return mdm.Receipt{Origin: s.client.info.Origin, Device: rec.ID, Command: c.Name(), ID: action.UUID, Requested: time.Now().UTC()}, nil
}

// verify reads the device again and compares it with what is meant.
func (s *Source) verify(ctx context.Context, rec mdm.Record, c mdm.Command) error {
	d, err := s.client.Device(ctx, rec.ID)
	switch {
	case err != nil:
		return err
	case rec.Serial != "" && !strings.EqualFold(d.SerialNumber, rec.Serial):
		return s.client.fail(c.Name(), mdm.ErrConflict, "the device with this id is another one by now")
	case d.managed() == mdm.No:
		return s.client.fail(c.Name(), mdm.ErrConflict, "the device is not managed any more")
	}
	return nil
}

// content is the details of a command, as the server calls them.
func content(ctx context.Context, sent mdm.Command) (map[string]any, error) {
	fields := map[string]any{}
	put := func(name, value string) {
		if value != "" {
			fields[name] = value
		}
	}
	switch sent := sent.(type) {
	case mdm.Lock:
		put("message", sent.Message)
		put("phoneNumber", sent.Phone)
		pin, err := command.PIN(ctx, sent.PIN)
		put("pin", pin)
		return fields, err
	case mdm.Wipe:
		pin, err := command.PIN(ctx, sent.PIN)
		put("pin", pin)
		return fields, err
	case mdm.EnableLostMode:
		put("message", sent.Message)
		put("phoneNumber", sent.Phone)
		put("footnote", sent.Footnote)
	case mdm.Rename:
		put("deviceName", strings.TrimSpace(sent.To))
	}
	return fields, nil
}
