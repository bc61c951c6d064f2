package jamfschool

import (
	"context"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Send asks for a command to be carried out. Before one that destroys data,
// the device is read, and refused with mdm.ErrConflict if it now has another
// serial number: copied Macs share a UDID.
func (s *Source) Send(ctx context.Context, rec mdm.Record, c mdm.Command) (mdm.Receipt, error) {
	receipt := mdm.Receipt{Origin: s.client.info.Origin, Device: rec.ID, Command: c.Name()}
	if rec.Origin != s.client.info.Origin {
		return mdm.Receipt{}, s.client.fail(c.Name(), mdm.ErrWrongTenant, "the device belongs to another system or tenant")
	}
	if err := s.Vet(rec, c); err != nil {
		return mdm.Receipt{}, err
	}
	if mdm.Destructive(c) {
		if err := s.verify(ctx, rec, c); err != nil {
			return mdm.Receipt{}, err
		}
	}
	udid := addressOf(rec)
	var err error
	switch c := c.(type) {
	case mdm.Refresh:
		receipt.ID, err = s.client.Refresh(ctx, udid, false)
	case mdm.Restart:
		err = s.client.Restart(ctx, udid, c.ClearPasscode)
	case mdm.Wipe:
		err = s.client.Wipe(ctx, udid, c.ClearActivationLock)
	case mdm.Retire:
		err = s.client.Unenroll(ctx, udid)
	case mdm.ClearActivationLock:
		err = s.client.ClearActivationLock(ctx, udid)
	}
	if err != nil {
		return mdm.Receipt{}, err
	}
	receipt.Requested = time.Now().UTC()
	return receipt, nil
}

// addressOf returns the UDID by which the server knows a device: as it reported
// it, since the id has it in Apple's case.
func addressOf(rec mdm.Record) string {
	if strings.EqualFold(rec.UDID, rec.ID) {
		return rec.UDID
	}
	return rec.ID
}

// verify refuses a command if the device behind the UDID is not the one that
// is meant.
func (s *Source) verify(ctx context.Context, rec mdm.Record, c mdm.Command) error {
	d, err := s.client.Device(ctx, addressOf(rec), false)
	if err != nil {
		return err
	}
	if rec.Serial != "" && !strings.EqualFold(d.SerialNumber, rec.Serial) {
		return s.client.fail(c.Name(), mdm.ErrConflict, "the device with this UDID has another serial number")
	}
	return nil
}
