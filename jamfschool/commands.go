package jamfschool

import (
	"context"
	"net/http"
	"strings"

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
