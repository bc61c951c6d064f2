package jamfschool

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Refresh asks a device to report its inventory and returns the server's id
// of the request, which cannot be asked about. clearErrors also forgets the
// errors that are shown for the device.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint POST /devices/{udid}/refresh
func (c *Client) Refresh(ctx context.Context, udid string, clearErrors bool) (string, error) {
	answer, err := c.write(ctx, "refresh", http.MethodPost, udid, "/refresh", option("clearErrors", clearErrors))
	return answer.UUID.Text, err
}

// Restart restarts a device. clearPasscode clears the passcode for the
// restart; it is said to be back afterwards.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint POST /devices/{udid}/restart
func (c *Client) Restart(ctx context.Context, udid string, clearPasscode bool) error {
	_, err := c.write(ctx, "restart", http.MethodPost, udid, "/restart", option("clearPasscode", clearPasscode))
	return err
}

// Wipe erases a device. There is no confirmation: a request that arrives is
// carried out. The owner stays assigned.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint POST /devices/{udid}/wipe
func (c *Client) Wipe(ctx context.Context, udid string, clearActivationLock bool) error {
	_, err := c.write(ctx, "wipe", http.MethodPost, udid, "/wipe", option("clearActivationLock", clearActivationLock))
	return err
}

// Unenroll ends the management of a device.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint POST /devices/{udid}/unenroll
func (c *Client) Unenroll(ctx context.Context, udid string) error {
	_, err := c.write(ctx, "unenroll", http.MethodPost, udid, "/unenroll", nil)
	return err
}

// ClearActivationLock unbinds a device from the account of a person. A refusal
// is mdm.ErrConflict; Reason tells the server's words.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint POST /devices/{udid}/activationlock/clear
func (c *Client) ClearActivationLock(ctx context.Context, udid string) error {
	_, err := c.write(ctx, "clear activation lock", http.MethodPost, udid, "/activationlock/clear", nil)
	return err
}

// RefreshCellularPlan asks a device to fetch its eSIM plan from a carrier's
// server, given as an https address. tethered requires a network by cable.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint POST /devices/{udid}/cellularPlan
func (c *Client) RefreshCellularPlan(ctx context.Context, udid, serverURL string, tethered bool) error {
	if !strings.HasPrefix(serverURL, "https://") {
		return c.fail("refresh cellular plan", mdm.ErrInvalid, "the carrier's server must be an https address")
	}
	_, err := c.write(ctx, "refresh cellular plan", http.MethodPost, udid, "/cellularPlan",
		map[string]any{"serverUrl": serverURL, "requiresNetworkTether": tethered})
	return err
}

// option is the body of a command with one option. An option that is off is
// left out: the server takes any text for yes, "false" too.
func option(name string, on bool) any {
	if !on {
		return nil
	}
	return map[string]bool{name: true}
}

// commands are the commands that Jamf School knows.
var commands = []mdm.Command{mdm.Refresh{}, mdm.Restart{}, mdm.Wipe{}, mdm.Retire{}, mdm.ClearActivationLock{}}

// Vet says whether a command can be sent to a device.
func (s *Source) Vet(rec mdm.Record, c mdm.Command) error {
	unsupported := func(detail, advice string) error {
		return &mdm.Error{Op: c.Name(), Origin: s.client.info.Origin, Kind: mdm.ErrUnsupported, Detail: detail, Advice: advice}
	}
	switch c := c.(type) {
	case mdm.Refresh, mdm.Retire, mdm.ClearActivationLock:
	case mdm.Restart:
		if c.ClearPasscode && rec.Class == mdm.ClassComputer {
			return unsupported("a Mac's password is not a passcode", "")
		}
	case mdm.Wipe:
		if !c.PIN.IsZero() {
			return unsupported("Jamf School takes no PIN with a wipe", "Send the command without a PIN.")
		}
	case mdm.ClearPasscode:
		return unsupported("Jamf School clears a passcode only together with a restart", "Send Restart with ClearPasscode.")
	default:
		return unsupported("Jamf School has no such command", "")
	}
	switch {
	case rec.Status == mdm.StatusPending:
		return unsupported("the device is not enrolled yet", "")
	case rec.Status == mdm.StatusTrashed:
		return unsupported("the device is in the trash", "Restore it first.")
	case !isUDID(rec.ID):
		return unsupported("the device has no UDID of its own, and Jamf School addresses devices by UDID only",
			"Carry it out in the Jamf School console.")
	}
	return nil
}

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
	var err error
	switch c := c.(type) {
	case mdm.Refresh:
		receipt.ID, err = s.client.Refresh(ctx, rec.ID, false)
	case mdm.Restart:
		err = s.client.Restart(ctx, rec.ID, c.ClearPasscode)
	case mdm.Wipe:
		err = s.client.Wipe(ctx, rec.ID, c.ClearActivationLock)
	case mdm.Retire:
		err = s.client.Unenroll(ctx, rec.ID)
	case mdm.ClearActivationLock:
		err = s.client.ClearActivationLock(ctx, rec.ID)
	}
	if err != nil {
		return mdm.Receipt{}, err
	}
	receipt.Requested = time.Now().UTC()
	return receipt, nil
}

// verify refuses a command if the device behind the UDID is not the one that
// is meant.
func (s *Source) verify(ctx context.Context, rec mdm.Record, c mdm.Command) error {
	d, err := s.client.Device(ctx, rec.ID, false)
	if err != nil {
		return err
	}
	if rec.Serial != "" && !strings.EqualFold(d.SerialNumber, rec.Serial) {
		return s.client.fail(c.Name(), mdm.ErrConflict, "the device with this UDID has another serial number")
	}
	return nil
}
