package abm

import (
	"context"
	"iter"
	"time"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// ManagedDevice is a device that is enrolled in Apple's own device management.
// A list tells ID, Name, UserID, ProductFamily and SerialNumber only.
//
// Source: reference/apple.md 8.6
type ManagedDevice struct {
	ID             string // not that of Device
	Name           string
	UserID         string // of the User it is enrolled for
	ProductFamily  string
	SerialNumber   string
	Model          string
	Platform       string // such as "iOS"
	OSVersion      string
	LastCheckIn    time.Time
	StorageTotal   int64 // bytes; 0 = not reported
	StorageFree    int64 // bytes; 0 = not reported
	IMEIs          []string
	MEIDs          []string
	WiFiMACs       []string
	BluetoothMACs  []string
	EthernetMACs   []string
	FileVault      mdm.Flag
	Firewall       mdm.Flag
	LockStatus     string // "LOCKED", "UNLOCKED", or another
	EraseStatus    string // "ERASED", "NOT_ERASED", or another
	LostModeStatus string // "ENABLED", "DISABLED", or another
}

func newManagedDevice(r *row[wire.ManagedDevice]) ManagedDevice {
	w := &r.attributes
	return ManagedDevice{ID: r.id, Name: clean(w.Name), UserID: clean(w.UserID), ProductFamily: clean(w.ProductFamily),
		SerialNumber: clean(w.SerialNumber), Model: clean(w.Model), Platform: clean(w.Platform), OSVersion: clean(w.OSVersion),
		LastCheckIn: w.LastCheckIn.At(), StorageTotal: max(w.StorageTotal.N, 0), StorageFree: max(w.StorageFree.N, 0),
		IMEIs: w.IMEI.Of, MEIDs: w.MEID.Of, WiFiMACs: w.WiFiMAC.Of, BluetoothMACs: w.BluetoothMAC.Of, EthernetMACs: w.EthernetMAC.Of,
		FileVault: flag(w.FileVault), Firewall: flag(w.Firewall), LockStatus: clean(w.LockStatus),
		EraseStatus: clean(w.EraseStatus), LostModeStatus: clean(w.LostModeStatus)}
}

const managedPath = "/v1/mdmDevices"

// ManagedDevices lists the devices that are enrolled in Apple's own device
// management. Apple Business Manager only.
//
// Source: reference/apple.md 7.2, 8.6
//
//mdm:endpoint GET /v1/mdmDevices
func (c *Client) ManagedDevices(ctx context.Context) iter.Seq2[ManagedDevice, error] {
	return businessList(ctx, c, opManaged, managedPath, func(r *row[wire.ManagedDevice]) (ManagedDevice, string) {
		return newManagedDevice(r), r.id
	})
}

// ManagedDevice reads the details of a device in Apple's own device
// management, by the id that ManagedDevices gives. Apple Business Manager only.
//
// Unverified: that storage is counted in bytes.
//
// Source: reference/apple.md 7.2, 8.6
//
//mdm:endpoint GET /v1/mdmDevices/{id}/details
func (c *Client) ManagedDevice(ctx context.Context, id string) (ManagedDevice, error) {
	r, err := businessOne[wire.ManagedDevice](ctx, c, opManagedDetail, managedPath, id, "/details")
	if err != nil {
		return ManagedDevice{}, err
	}
	return newManagedDevice(r), nil
}
