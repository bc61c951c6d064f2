package jamfpro

import (
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// newComputer reads a computer of the wire, of any generation; nil gives nil.
func (c *Client) newComputer(w *wire.Computer) *Device {
	if w == nil {
		return nil
	}
	d := &Device{Kind: Computer, ID: clean(w.ID), UDID: clean(w.UDID), Incomplete: !w.General.Present && !w.Hardware.Present}
	if w.General.Present {
		d.computerGeneral(w.General.Of)
	}
	if w.Hardware.Present {
		d.computerHardware(w.Hardware.Of)
	}
	if w.OS.Present {
		os := w.OS.Of
		d.OSName, d.OSVersion, d.OSBuild, d.RapidResponse = clean(os.Name), clean(os.Version), clean(os.Build), clean(os.RapidResponse)
		d.attributes(os.ExtensionValues)
	}
	if w.User.Present {
		d.computerUser(w.User.Of)
	}
	if w.Purchasing.Present {
		d.purchasing(w.Purchasing)
	}
	d.computerStorage(w.Storage.Of)
	d.Encrypted = fileVault(w)
	d.ActivationLock = flag(w.Security.Of.ActivationLock)
	d.groups(w.Groups)
	d.attributes(w.ExtensionValues)
	d.AppsCollected = w.Applications.Present
	for _, a := range w.Applications.Of {
		d.Apps = append(d.Apps, App{Name: clean(a.Name), Identifier: clean(a.BundleID), Version: first(a.ShortVersion, a.Version)})
	}
	return c.finish(d)
}

func (d *Device) computerGeneral(w wire.ComputerGeneral) {
	d.Name, d.Type, d.AssetTag = clean(w.Name), clean(w.Platform), clean(w.AssetTag)
	d.Barcodes = compactTexts(clean(w.Barcode1), clean(w.Barcode2))
	d.ManagementID = clean(w.ManagementID)
	d.Managed, d.Supervised = flag(w.RemoteManagement.Of.Managed), flag(w.Supervised)
	d.Automated = flag(w.Automated)
	d.EnrollmentType, d.EnrollmentName = clean(w.EnrollmentMethod.Of.Type), clean(w.EnrollmentMethod.Of.Name)
	d.prestaged()
	d.LastEnrolled, d.FirstSeen = w.LastEnrolled.At(), w.InitialEntry.At()
	d.LastContact = firstTime(w.LastContact, w.LastCheckIn, w.LastContactTime)
	d.LastInventory, d.ProfileExpires = w.ReportDate.At(), w.ProfileExpiration.At()
	d.IPAddresses = compactTexts(first(w.ReportedIPv4, w.ReportedIP), clean(w.ReportedIPv6))
	d.PublicIP = clean(w.LastIPAddress)
	d.site(w.Site.Of.ID, w.Site.Of.Name)
	d.attributes(w.ExtensionValues)
	d.empty(mdm.KeyAssetTag, w.AssetTag)
	d.empty(mdm.KeyName, w.Name)
}

func (d *Device) computerHardware(w wire.ComputerHardware) {
	d.SerialNumber, d.Make, d.Model, d.ModelIdentifier = clean(w.SerialNumber), clean(w.Make), clean(w.Model), clean(w.ModelIdentifier)
	for _, a := range []Adapter{{clean(w.AdapterType), clean(w.MAC)}, {clean(w.AltAdapterType), clean(w.AltMAC)}} {
		if a.MAC != "" {
			d.Adapters = append(d.Adapters, a)
		}
	}
	const most = 1 << 30
	if n := w.RAMMegabytes.N; n > 0 && n < most {
		d.Memory = n << 20
	}
	d.Battery, d.BatteryHealth = percent(w.BatteryPercent), clean(w.BatteryHealth)
	d.attributes(w.ExtensionValues)
}

func (d *Device) computerUser(w wire.ComputerUser) {
	d.Username, d.RealName, d.Email = clean(w.Username), clean(w.RealName), clean(w.Email)
	d.Position, d.UserPhone, d.Room = clean(w.Position), clean(w.Phone), clean(w.Room)
	d.BuildingID, d.DepartmentID = reference(w.BuildingID), reference(w.DepartmentID)
	d.attributes(w.ExtensionValues)
	d.emptyUser(w.Username, w.RealName, w.Email, w.Room)
	d.emptyReference(mdm.KeyBuilding, w.BuildingID)
	d.emptyReference(mdm.KeyDepartment, w.DepartmentID)
}

func (d *Device) emptyUser(username, realName, email, room json.Text) {
	d.empty(mdm.KeyUserLogin, username)
	d.empty(mdm.KeyUserName, realName)
	d.empty(mdm.KeyUserEmail, email)
	d.empty(mdm.KeyRoom, room)
}

// computerStorage reads the disk that holds the boot partition. Partitions of
// one container share its space, so they are never added up.
func (d *Device) computerStorage(w wire.Storage) {
	d.StorageFree = megabytes(w.BootFree)
	for _, disk := range w.Disks.Of {
		for _, p := range disk.Partitions.Of {
			if !strings.EqualFold(clean(p.Type), "BOOT") {
				continue
			}
			d.StorageTotal = megabytes(disk.Megabytes)
			if d.StorageTotal == 0 {
				d.StorageTotal = megabytes(p.Megabytes)
			}
			if d.StorageFree == 0 {
				d.StorageFree = megabytes(p.Available)
			}
			return
		}
	}
}

// fileVault reads whether the disk is encrypted from whichever of three places
// tells it.
//
// Source: reference/jamfpro.md 9
func fileVault(w *wire.Computer) mdm.Flag {
	if enabled := w.Encryption.Of.Enabled; enabled.Present {
		return mdm.FlagOf(enabled.Yes)
	}
	switch clean(w.Encryption.Of.Boot.Of.State) {
	case "ENCRYPTED":
		return mdm.Yes
	case "UNENCRYPTED", "DECRYPTED":
		return mdm.No
	}
	switch clean(w.OS.Of.FileVault) {
	case "ALL_ENCRYPTED", "BOOT_ENCRYPTED":
		return mdm.Yes
	case "NOT_ENCRYPTED":
		return mdm.No
	}
	return mdm.Unknown
}
