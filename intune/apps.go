package intune

import (
	"context"
	"iter"

	"github.com/mdmlink/mdmlink/intune/internal/wire"
)

// App is an application that was found on devices. Each version is another
// one, and one may stand several times on a device.
//
// Source: reference/intune.md 2.3
type App struct {
	ID        string
	Name      string
	Version   string // "" = not reported
	Publisher string // "" = not reported
	Platform  string // "windows", "ios", "macOS" and others
	Size      int64  // bytes; 0 = not reported
	Devices   int64  // devices that have it; not of a single device's applications
}

func newApp(w wire.App) App {
	return App{ID: clean(w.ID), Name: clean(w.Name), Version: clean(w.Version), Publisher: clean(w.Publisher), Platform: clean(w.Platform),
		Size: max(0, w.Size.N), Devices: max(0, w.Devices.N)}
}

// Apps lists the applications of the tenant, each version once.
//
// Source: reference/intune.md 2.3
//
//mdm:endpoint GET /v1.0/deviceManagement/detectedApps
func (c *Client) Apps(ctx context.Context) iter.Seq2[App, error] {
	return paged(ctx, c, opApps, v1+"/deviceManagement/detectedApps", nil, c.limits.apps, newApp)
}

// DeviceApps lists the applications of one device, through the beta version,
// which alone has them. It is slow: the service allows far less of it than of
// other requests.
//
// Source: reference/intune.md 2.3
//
// Unverified: how many requests the service allows.
//
//mdm:endpoint GET /beta/deviceManagement/managedDevices/{id}/detectedApps
func (c *Client) DeviceApps(ctx context.Context, id string) iter.Seq2[App, error] {
	if err := c.checkID(opDeviceApps, id); err != nil {
		return func(yield func(App, error) bool) { yield(App{}, err) }
	}
	return paged(ctx, c, opDeviceApps, beta+devicesPath+"/"+lower(id)+"/detectedApps", nil, c.limits.apps, newApp)
}
