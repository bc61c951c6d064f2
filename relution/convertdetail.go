package relution

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// details reads what only the detail tells. Each platform and each generation
// keeps it in another place.
//
// Source: reference/relution.md 3.1, 9
func (d *Device) details(t *wire.Tree) {
	or(&d.Name, t.Text("system.name", "system.deviceName", "name", "deviceName"))
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
}

// or sets a text that is not known yet.
func or(text *string, other string) {
	if *text == "" {
		*text = other
	}
}

// network reads addresses of interfaces.
func (d *Device) network(t *wire.Tree) {
	wifi := []string{"wifiMac", "network.wifiMac", "networkInfo.wifiMacAddress", "currentWifi.mac"}
	ethernet := []string{"ethernetMac", "network.ethernetMac", "ethernet.ethernetMacAddress", "ethernetMacAddress"}
	if d.Platform == "CHROMEOS" {
		wifi = append(wifi, "macAddress")
	}
	or(&d.WiFiMAC, t.Text(wifi...))
	d.ethernet(t.Text(ethernet...))
	var more json.List[json.Text]
	if value := t.At("ethernetMACs"); len(value) > 0 && json.Unmarshal(value, &more) == nil {
		for _, mac := range json.Texts(more) {
			d.ethernet(mac)
		}
	}
	or(&d.BluetoothMAC, t.Text("network.bluetoothMac", "bluetoothMac", "bluetoothMacAdress", "bluetoothMacAddress"))
	d.ip(t.Text("networkInfo.ipAddress"), t.Text("network.wifiIPv4Address"), t.Text("currentWifi.ip"), t.Text("ethernet.ethernetIpAddress"))
	for _, path := range []string{"network.networkIdentifiers", "network.networkInterfaces"} {
		for _, n := range t.Trees(path) {
			switch strings.ToUpper(n.Text("type")) {
			case "WIRELESS":
				or(&d.WiFiMAC, n.Text("macAddress"))
			case "WIRED":
				d.ethernet(n.Text("macAddress"))
			}
			d.ip(n.Text("ipv4Address"), n.Text("ipAddress"))
		}
	}
	for _, n := range t.Trees("lastKnownNetwork") {
		d.ip(n.Text("ipAddress"))
	}
}

func (d *Device) ethernet(mac string) {
	if mac != "" && !slices.ContainsFunc(d.EthernetMACs, func(known string) bool { return strings.EqualFold(known, mac) }) {
		d.EthernetMACs = append(d.EthernetMACs, mac)
	}
}

func (d *Device) ip(addresses ...string) {
	for _, a := range addresses {
		if a != "" && a != "0.0.0.0" && !slices.Contains(d.IPAddresses, a) {
			d.IPAddresses = append(d.IPAddresses, a)
		}
	}
}

// mobile reads what belongs to mobile networks.
func (d *Device) mobile(t *wire.Tree) {
	d.imei(unspaced(json.Text{Text: t.Text("networkInfo.imei")}))
	or(&d.MEID, unspaced(json.Text{Text: t.Text("system.meid", "meid", "networkInfo.meid")}))
	or(&d.Phone, t.Text("network.phoneNumber"))
	d.sim(SIM{ICCID: unspaced(json.Text{Text: t.Text("network.iccID", "iccID")})})
	for _, s := range append(t.Trees("networkInfo.telephonyInfos"), t.Trees("subscriptions")...) {
		d.sim(SIM{ICCID: unspaced(json.Text{Text: s.Text("iccId")}), Phone: s.Text("phoneNumber", "number"), Carrier: s.Text("carrierName")})
	}
}

// sim adds a SIM that is not known by its ICCID.
func (d *Device) sim(s SIM) {
	known := func(other SIM) bool { return other.ICCID == s.ICCID && (s.ICCID != "" || other.Phone == s.Phone) }
	if s.ICCID+s.Phone != "" && !slices.ContainsFunc(d.SIMs, known) {
		d.SIMs = append(d.SIMs, s)
	}
}

// capacity reads battery, memory and storage.
//
// Unverified: that the free storage of Android Enterprise is what the number
// of the internal storage means.
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
	if d.StorageFree == 0 && d.Platform == "ANDROID" {
		d.StorageFree = bytes(t.Float("freeInternalStorage"), 1)
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
	known(&d.Jailbroken, t.Bool("rooted"))
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
