package intune

import (
	"context"

	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/mdm"
)

// Each method of this file queues an action for one device. That the service
// accepted it does not mean that it is done: see Actions. code is that of an
// approval by a second administrator; "" = none. A tenant that demands one
// answers mdm.ErrApprovalRequired, with a code for ApprovalCode.

// RemoteLock locks a device. A Mac gets a PIN that the service makes; do not
// lock it again before that was used.
//
// Source: reference/intune.md 5.1, 5.3
//
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/remoteLock
func (c *Client) RemoteLock(ctx context.Context, id, code string) error {
	return c.act(ctx, mdm.Lock{}.Name(), v1, id, "remoteLock", nil, code)
}

// WipeOptions says how a device is wiped. The zero value keeps nothing but an
// eSIM's plan.
type WipeOptions struct {
	KeepEnrollmentData bool       // Windows
	KeepUserData       bool       // Windows
	DropDataPlan       bool       // erase the eSIM's plan, too
	UnlockCode         mdm.Secret // six digits that unlock an older Mac; zero = none
}

// Wipe resets a device to its factory state.
//
// Source: reference/intune.md 5.1
//
// Unverified: what the service does with an eSIM's plan unless it is told,
// which is why it always is.
//
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/wipe
func (c *Client) Wipe(ctx context.Context, id string, o WipeOptions, code string) error {
	body := map[string]any{"keepEnrollmentData": o.KeepEnrollmentData, "keepUserData": o.KeepUserData, "persistEsimDataPlan": !o.DropDataPlan}
	switch pin, err := command.PIN(ctx, o.UnlockCode); {
	case err != nil:
		return c.fail(mdm.Wipe{}.Name(), mdm.ErrInvalid, err.Error())
	case pin != "":
		body["macOsUnlockCode"] = pin
	}
	return c.act(ctx, mdm.Wipe{}.Name(), v1, id, "wipe", body, code)
}

// Retire takes the organisation's data from a device and ends its management.
//
// Source: reference/intune.md 5.1
//
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/retire
func (c *Client) Retire(ctx context.Context, id, code string) error {
	return c.act(ctx, mdm.Retire{}.Name(), v1, id, "retire", nil, code)
}

// ResetPasscode removes the passcode of an iPad or iPhone, which then has none.
// An Android device gets a new one, which its action results tell when the
// device has checked in: see ActionResult.Passcode.
//
// Source: reference/intune.md 5.1, 5.3
//
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/resetPasscode
func (c *Client) ResetPasscode(ctx context.Context, id, code string) error {
	if c.cfg.ForbidClearPasscode {
		return c.fail(mdm.ClearPasscode{}.Name(), mdm.ErrUnsupported, "resetting passcodes is forbidden by this application's settings")
	}
	return c.act(ctx, mdm.ClearPasscode{}.Name(), v1, id, "resetPasscode", nil, code)
}

// Reboot restarts a device.
//
// Source: reference/intune.md 5.1
//
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/rebootNow
func (c *Client) Reboot(ctx context.Context, id, code string) error {
	return c.act(ctx, mdm.Restart{}.Name(), v1, id, "rebootNow", nil, code)
}

// ShutDown switches a device off.
//
// Source: reference/intune.md 5.1
//
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/shutDown
func (c *Client) ShutDown(ctx context.Context, id, code string) error {
	return c.act(ctx, mdm.ShutDown{}.Name(), v1, id, "shutDown", nil, code)
}

// Sync asks a device to check in now.
//
// Source: reference/intune.md 5.1
//
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/syncDevice
func (c *Client) Sync(ctx context.Context, id, code string) error {
	return c.act(ctx, mdm.Refresh{}.Name(), v1, id, "syncDevice", nil, code)
}

// EnableLostMode locks a device as lost, through the beta version, which alone
// can.
//
// Source: reference/intune.md 5.1
//
//mdm:endpoint POST /beta/deviceManagement/managedDevices/{id}/enableLostMode
func (c *Client) EnableLostMode(ctx context.Context, id string, m mdm.EnableLostMode, code string) error {
	body := map[string]string{"message": m.Message, "phoneNumber": m.Phone, "footer": m.Footnote}
	return c.act(ctx, m.Name(), beta, id, "enableLostMode", body, code)
}

// DisableLostMode ends the lost mode.
//
// Source: reference/intune.md 5.1
//
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/disableLostMode
func (c *Client) DisableLostMode(ctx context.Context, id, code string) error {
	return c.act(ctx, mdm.DisableLostMode{}.Name(), v1, id, "disableLostMode", nil, code)
}

// Locate asks an iPad or iPhone in lost mode, a Windows PC or an Android device
// of the organisation where it is. The answer stands in its action results for
// a day. The device is read first, and what cannot be located is refused with
// mdm.ErrUnsupported; where that cannot be seen, the action ends as failed.
//
// Source: reference/intune.md 5.1, 5.3
//
//mdm:endpoint GET /beta/deviceManagement/managedDevices/{id}
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/locateDevice
func (c *Client) Locate(ctx context.Context, id, code string) error {
	d, err := c.Device(ctx, id)
	if err != nil {
		return err
	}
	if reason, advice := newTarget(d.Record()).locate(); reason != "" {
		return &mdm.Error{Op: opLocate, Origin: c.info.Origin, Kind: mdm.ErrUnsupported, Detail: reason, Advice: advice}
	}
	return c.act(ctx, opLocate, v1, id, "locateDevice", nil, code)
}

const opLocate = "locate"

// Rename gives a device another name, through the beta version, which alone
// can.
//
// Source: reference/intune.md 5.1, 5.3
//
//mdm:endpoint POST /beta/deviceManagement/managedDevices/{id}/setDeviceName
func (c *Client) Rename(ctx context.Context, id, name, code string) error {
	return c.act(ctx, mdm.Rename{}.Name(), beta, id, "setDeviceName", map[string]string{"deviceName": name}, code)
}

// BypassActivationLock unbinds a device from the account of a person.
//
// Source: reference/intune.md 5.1
//
//mdm:endpoint POST /v1.0/deviceManagement/managedDevices/{id}/bypassActivationLock
func (c *Client) BypassActivationLock(ctx context.Context, id, code string) error {
	return c.act(ctx, mdm.ClearActivationLock{}.Name(), v1, id, "bypassActivationLock", nil, code)
}

// Actions reads how the actions on a device stand, in the order in which the
// service tells them. Only State "done" means that the device has carried one
// out: a Mac that is locked again before its PIN was used, for one, ends as
// "failed".
//
// Source: reference/intune.md 5.2, 5.3
//
// Unverified: whether the service keeps one result of each name or several.
//
//mdm:endpoint GET /beta/deviceManagement/managedDevices/{id}
func (c *Client) Actions(ctx context.Context, id string) ([]ActionResult, error) {
	d, err := c.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.Actions, nil
}
