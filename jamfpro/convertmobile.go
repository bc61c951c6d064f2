package jamfpro

import (
	"slices"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// newMobile reads a mobile device of the paged list of details; nil gives nil.
func (c *Client) newMobile(w *wire.Mobile) *Device {
	if w == nil {
		return nil
	}
	d := &Device{Kind: MobileDevice, ID: clean(w.ID), Type: clean(w.DeviceType), Incomplete: !w.General.Present && !w.Hardware.Present}
	if w.General.Present {
		d.mobileGeneral(w.General.Of)
	}
	if w.Hardware.Present {
		d.mobileHardware(w.Hardware.Of)
	}
	if w.User.Present {
		d.mobileUser(w.User.Of)
	}
	if w.Purchasing.Present {
		d.purchasing(w.Purchasing)
	}
	d.mobileSecurity(w.Security.Of)
	d.subscriptions(w.Network, w.Subscriptions)
	d.groups(w.Groups)
	d.attributes(w.ExtensionValues)
	d.apps(w.Applications)
	return c.finish(d)
}

func (d *Device) mobileGeneral(w wire.MobileGeneral) {
	d.UDID, d.Name, d.AssetTag, d.ManagementID = clean(w.UDID), clean(w.DisplayName), clean(w.AssetTag), clean(w.ManagementID)
	d.OSVersion, d.OSBuild = clean(w.OSVersion), clean(w.OSBuild)
	d.IPAddresses = compactTexts(clean(w.IPAddress))
	d.Managed, d.Supervised, d.SharedIPad = flag(w.Managed), flag(w.Supervised), flag(w.SharedIPad)
	d.Ownership, d.EnrollmentName = clean(w.Ownership), clean(w.Prestage.Of.Name)
	if w.Prestage.Present {
		d.Automated = mdm.Yes
	}
	d.LastEnrolled, d.ProfileExpires = w.LastEnrolled.At(), w.ProfileExpiration.At()
	d.LastInventory, d.LastContact = w.LastInventory.At(), firstTime(w.LastContact, w.LastInventory)
	d.site(w.SiteID, json.Text{})
	d.attributes(w.ExtensionValues)
	d.empty(mdm.KeyAssetTag, w.AssetTag)
	d.empty(mdm.KeyName, w.DisplayName)
}

func (d *Device) mobileHardware(w wire.MobileHardware) {
	d.SerialNumber, d.WiFiMAC, d.BluetoothMAC = clean(w.SerialNumber), clean(w.WiFiMAC), clean(w.BluetoothMAC)
	d.Model, d.ModelIdentifier, d.ModelNumber = clean(w.Model), clean(w.ModelIdentifier), clean(w.ModelNumber)
	d.StorageTotal, d.StorageFree = megabytes(w.CapacityMB), megabytes(w.AvailableMB)
	d.Battery, d.BatteryHealth = percent(w.BatteryLevel), clean(w.BatteryHealth)
	d.attributes(w.ExtensionValues)
}

func (d *Device) mobileUser(w wire.MobileUser) {
	d.Username, d.RealName, d.Email = clean(w.Username), clean(w.RealName), clean(w.Email)
	d.Position, d.UserPhone, d.Room = clean(w.Position), clean(w.Phone), clean(w.Room)
	d.BuildingID, d.DepartmentID = reference(w.BuildingID), reference(w.DepartmentID)
	d.Building, d.Department = clean(w.Building), clean(w.Department)
	d.attributes(w.ExtensionValues)
	d.emptyUser(w.Username, w.RealName, w.Email, w.Room)
	if d.Building == "" {
		d.emptyReference(mdm.KeyBuilding, w.BuildingID)
	}
	if d.Department == "" {
		d.emptyReference(mdm.KeyDepartment, w.DepartmentID)
	}
}

// mobileSecurity reads flags. Data is protected when the storage is encrypted
// and a passcode is set.
//
// Unverified: the meaning of the number of the hardware encryption.
func (d *Device) mobileSecurity(w wire.MobileSecurity) {
	d.Passcode, d.PasscodeOK = flag(w.Passcode), flag(w.PasscodeCompliant)
	d.Jailbroken, d.LostMode, d.ActivationLock = flag(w.Jailbreak), flag(w.LostMode), flag(w.ActivationLock)
	d.Encrypted = flag(w.DataProtected)
	if d.Encrypted == mdm.Unknown && w.HardwareEncryption.N == 3 && w.Passcode.Yes {
		d.Encrypted = mdm.Yes
	}
}

// subscriptions joins the network section with the SIM slots, where the second
// IMEI of a device is to be found only.
func (d *Device) subscriptions(network json.Object[wire.Network], slots json.List[wire.Network]) {
	for _, w := range slots.Of {
		if s := newSubscription(w); s.IMEI+s.MEID+s.ICCID+s.EID+s.Phone != "" {
			d.Subscriptions = append(d.Subscriptions, s)
		}
	}
	main := newSubscription(network.Of)
	if d.joined(main) {
		return
	}
	if main.IMEI+main.MEID+main.ICCID+main.EID != "" {
		d.Subscriptions = append([]Subscription{main}, d.Subscriptions...)
		return
	}
	d.Phone = main.Phone
}

// joined fills up the slots from the network section, if it tells of them. Its
// IMEI and its SIM may be those of two slots.
func (d *Device) joined(main Subscription) bool {
	device := slices.IndexFunc(d.Subscriptions, func(s Subscription) bool { return s.IMEI != "" && s.IMEI == main.IMEI })
	sim := slices.IndexFunc(d.Subscriptions, func(s Subscription) bool { return s.ICCID != "" && s.ICCID == main.ICCID })
	if device < 0 && sim < 0 {
		return false
	}
	if device < 0 {
		device = sim
	}
	if sim < 0 {
		sim = device
	}
	d.Subscriptions[device] = d.Subscriptions[device].or(Subscription{IMEI: main.IMEI, MEID: main.MEID, EID: main.EID})
	d.Subscriptions[sim] = d.Subscriptions[sim].or(Subscription{ICCID: main.ICCID, Phone: main.Phone, Carrier: main.Carrier})
	return true
}

func newSubscription(w wire.Network) Subscription {
	return Subscription{Slot: clean(w.Slot), IMEI: unspaced(w.IMEI), MEID: unspaced(w.MEID), ICCID: unspaced(w.ICCID),
		EID: unspaced(w.EID), Phone: clean(w.Phone), Carrier: first(w.SubscriberCarrier, w.HomeCarrier, w.CurrentCarrier)}
}

// or takes what s does not tell from other.
func (s Subscription) or(other Subscription) Subscription {
	for _, pair := range [][2]*string{{&s.IMEI, &other.IMEI}, {&s.MEID, &other.MEID}, {&s.ICCID, &other.ICCID},
		{&s.EID, &other.EID}, {&s.Phone, &other.Phone}, {&s.Carrier, &other.Carrier}} {
		if *pair[0] == "" {
			*pair[0] = *pair[1]
		}
	}
	return s
}

func (d *Device) apps(l json.List[wire.MobileApp]) {
	d.AppsCollected = l.Present
	for _, a := range l.Of {
		d.Apps = append(d.Apps, App{Name: clean(a.Name), Identifier: clean(a.Identifier), Version: first(a.ShortVersion, a.Version)})
	}
}

// newShort reads a mobile device of the short list.
func (c *Client) newShort(w wire.Short) *Device {
	d := &Device{Kind: MobileDevice, ID: clean(w.ID), Name: clean(w.Name), SerialNumber: clean(w.SerialNumber),
		WiFiMAC: clean(w.WiFiMAC), UDID: clean(w.UDID), Phone: clean(w.Phone), Model: clean(w.Model),
		ModelIdentifier: clean(w.ModelIdentifier), Username: clean(w.Username), Type: clean(w.Type), ManagementID: clean(w.ManagementID)}
	d.empty(mdm.KeyName, w.Name)
	d.empty(mdm.KeyUserLogin, w.Username)
	return c.finish(d)
}

// newMember reads a mobile device as a member of a group.
func (c *Client) newMember(w wire.Member) *Device {
	d := &Device{Kind: MobileDevice, ID: clean(w.ID), UDID: clean(w.UDID), Name: clean(w.Name), AssetTag: clean(w.AssetTag),
		OSVersion: clean(w.OSVersion), LastContact: w.LastContact.At(), Phone: clean(w.Phone), Ownership: clean(w.Ownership),
		SerialNumber: clean(w.SerialNumber)}
	d.empty(mdm.KeyAssetTag, w.AssetTag)
	return c.finish(d)
}

// newSingle reads a mobile device that was read on its own.
func (c *Client) newSingle(w *wire.Single) *Device {
	part := w.Part()
	d := &Device{Kind: MobileDevice, ID: clean(w.ID), Type: clean(w.Type), Name: clean(w.Name), AssetTag: clean(w.AssetTag),
		OSVersion: clean(w.OSVersion), OSBuild: clean(w.OSBuild), SerialNumber: clean(w.SerialNumber), UDID: clean(w.UDID),
		IPAddresses: compactTexts(clean(w.IPAddress)), WiFiMAC: clean(w.WiFiMAC), BluetoothMAC: clean(w.BluetoothMAC),
		Managed: flag(w.Managed), Ownership: clean(w.Ownership), EnrollmentType: clean(w.Enrollment), ManagementID: clean(w.ManagementID),
		LastInventory: w.LastInventory.At(), LastContact: firstTime(w.LastContact, w.LastInventory),
		FirstSeen: w.InitialEntry.At(), LastEnrolled: w.LastEnrolled.At(),
		Model: clean(part.Model), ModelIdentifier: clean(part.ModelIdentifier), ModelNumber: clean(part.ModelNumber),
		Supervised: flag(part.Supervised), SharedIPad: flag(part.Shared), Battery: percent(part.BatteryLevel), BatteryHealth: clean(part.BatteryHealth),
		StorageTotal: megabytes(part.CapacityMB), StorageFree: megabytes(part.AvailableMB)}
	d.prestaged()
	d.site(w.Site.Of.ID, w.Site.Of.Name)
	if w.Location.Present {
		d.mobileUser(w.Location.Of)
	}
	if part.Purchasing.Present {
		d.purchasing(part.Purchasing)
	}
	d.mobileSecurity(part.Security.Of)
	d.subscriptions(part.Network, part.Subscriptions)
	d.groups(w.Groups)
	d.attributes(w.ExtensionValues)
	d.apps(part.Applications)
	d.empty(mdm.KeyAssetTag, w.AssetTag)
	return c.finish(d)
}
