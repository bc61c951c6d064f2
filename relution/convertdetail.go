package relution

import (
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// details reads what only the detail tells. Each platform and each generation
// keeps it in another place.
//
// Source: reference/relution.md 3.1, 9
func (d *Device) details(t *wire.Tree) {
	if d.Platform == androidEnterprise { // there the name is that of a resource of Google's
		or(&d.ExternalID, t.Text("name"))
	} else {
		or(&d.Name, t.Text("system.name", "system.deviceName", "name"))
	}
	or(&d.Name, t.Text("deviceName"))
	or(&d.HostName, t.Text("network.localHostName", "network.hostName", "system.dnsComputerName"))
	or(&d.SerialNumber, t.Text("system.serialNumber", "hardwareInfo.serialNumber", "serialNumber", "system.smBiosSerialNumber"))
	or(&d.EntraID, t.Text("entraIdDeviceId"))
	or(&d.OSVersion, osVersion(t.Text("system.osVersion", "osVersion", "softwareInfo.androidVersion", "software.osVersion")))
	or(&d.OSBuild, t.Text("system.buildVersion", "softwareInfo.androidBuildNumber"))
	or(&d.OSPatch, t.Text("softwareInfo.securityPatchLevel"))
	or(&d.Manufacturer, t.Text("hardwareInfo.manufacturer", "system.manufacturer", "deviceBrand"))
	if d.apple() {
		or(&d.ModelID, t.Text("system.productName", "productName"))
		or(&d.Model, t.Text("system.modelName", "modelName"))
		or(&d.PartNumber, t.Text("system.model"))
	} else {
		or(&d.Model, t.Text("hardwareInfo.model", "system.model"))
	}
	d.network(t)
	d.mobile(t)
	d.capacity(t)
	d.security(t)
	d.people(t)
	if d.Platform == chromeOS {
		d.annotated = t.Text("annotatedAssetId")
	}
}

// or sets a text that is not known yet.
func or(text *string, other string) {
	if *text == "" {
		*text = other
	}
}

// capacity reads battery, memory and storage.
//
// Unverified: that the numbers of the internal and external storage of Android
// Enterprise mean what is free.
func (d *Device) capacity(t *wire.Tree) {
	if d.Battery == 0 {
		d.Battery = percent(t.Float("batteryLevel"))
	}
	d.MemoryTotal = bytes(t.Float("memoryInfo.totalRam"), 1)
	d.StorageTotal = bytes(t.Float("memoryInfo.totalInternalStorage"), 1)
	d.StorageFree = bytes(t.Float("memoryInfo.internalStorageByteCount"), 1)
	if d.apple() {
		d.StorageTotal = bytes(t.Float("system.deviceCapacity", "deviceCapacity"), gigabyte)
		d.StorageFree = bytes(t.Float("system.availableDeviceCapacity", "availableDeviceCapacity"), gigabyte)
	}
	d.ExternalFree = bytes(t.Float("externalStorageByteCount"), 1)
	if d.Platform == "ANDROID" {
		d.ExternalFree = bytes(t.Float("freeExternalStorage"), 1)
		if d.StorageFree == 0 {
			d.StorageFree = bytes(t.Float("freeInternalStorage"), 1)
		}
	}
	for _, report := range t.Trees("diskVolumeReports") {
		for _, volume := range report.Trees("volumeInfo") {
			d.StorageTotal += bytes(volume.Float("storageTotal"), 1)
			d.StorageFree += bytes(volume.Float("storageFree"), 1)
		}
	}
}

// gigabyte is the unit of Apple's capacities.
const gigabyte = 1e9

func bytes(f json.Float, unit float64) int64 {
	if n := f.N * unit; n > 0 && n < 1<<60 {
		return int64(n + 0.5)
	}
	return 0
}

// security reads flags. The data of an iPhone is protected when its storage is
// encrypted as a whole and a passcode is set.
func (d *Device) security(t *wire.Tree) {
	known(&d.Supervised, t.Bool("supervised", "isSupervised", "system.isSupervised"))
	known(&d.MultiUser, t.Bool("multiUser", "isMultiUser"))
	known(&d.Passcode, t.Bool("securityInfo.passcodePresent", "deviceSettings.isDeviceSecure"))
	known(&d.PasscodeOK, t.Bool("securityInfo.passcodeCompliant"))
	if rooted := t.Bool("rooted"); rooted.Yes {
		d.Jailbroken = mdm.Yes // whatever else is said
	} else {
		known(&d.Jailbroken, rooted)
	}
	known(&d.Encrypted, t.Bool("securityInfo.fdeEnabled", "deviceSettings.isEncrypted", "deviceEncryptionEnabled"))
	known(&d.ActivationLock, t.Bool("system.isActivationLockEnabled"))
	known(&d.Automated, t.Bool("securityInfo.managementStatus.enrolledViaDEP"))
	if caps := t.Float("securityInfo.hardwareEncryptionCaps"); caps.N == 3 && d.Passcode == mdm.Yes && d.Encrypted == mdm.Unknown {
		d.Encrypted = mdm.Yes
	}
	if d.LostMode == mdm.Unknown {
		d.LostMode = lostMode(t.Text("lostModeStatus"), t.Bool("lostModeEnabled", "isMDMLostModeEnabled"))
	}
}

// known sets a flag that is not known yet.
func known(f *mdm.Flag, b json.Bool) {
	if *f == mdm.Unknown {
		*f = flag(b)
	}
}

// people reads who is logged in.
func (d *Device) people(t *wire.Tree) {
	d.LoggedIn = t.Text("lastLoggedInUserFullName", "lastLoggedInUserEmail", "system.userShortName")
	for _, account := range t.Trees("users.accounts") {
		if account.Bool("loggedIn").Yes {
			or(&d.LoggedIn, account.Text("managedAppleId", "userName", "name"))
		}
	}
}
