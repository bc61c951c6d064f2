package relutiontest

import (
	"fmt"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// enterpriseDetails are those of Android Enterprise. Sizes are in bytes.
func enterpriseDetails(o object, s *state) {
	mode := "DEVICE_OWNER"
	if personal(s) {
		mode = "PROFILE_OWNER"
	}
	for name, v := range (object{
		"name": "enterprises/LC0example/devices/" + s.uuid[:8], "managementMode": mode, "state": "ACTIVE",
		"appliedState": "ACTIVE", "policyCompliant": s.violations == 0, "enrollmentTime": millis(s.Enrolled),
		"lastStatusReportTime": millis(s.LastSeen), "lastPolicySyncTime": millis(s.LastSeen), "apiLevel": 34,
		"softwareInfo": object{"androidVersion": s.OSVersion, "securityPatchLevel": "2026-02-01", "androidBuildNumber": "UP1A.231005"},
		"hardwareInfo": object{
			"brand": "example", "manufacturer": s.Manufacturer, "model": s.Identifier, "serialNumber": serial(s), "hardware": "mt8781",
		},
		"networkInfo": object{
			"imei": nil, "meid": nil, "wifiMacAddress": orNull(s.WiFiMAC), "networkOperatorName": nil,
			"telephonyInfos": []object{}, "ipAddress": nil, "macAddress": nil,
		},
		"memoryInfo":               object{"totalRam": int64(4) << 30, "totalInternalStorage": s.Capacity},
		"internalStorageByteCount": s.Free, "externalStorageByteCount": card(s),
		"deviceSettings": object{
			"isDeviceSecure": s.Passcode, "isEncrypted": s.Encrypted, "encryptionStatus": "ACTIVE_PER_USER",
			"adbEnabled": false, "unknownSourcesEnabled": false, "verifyAppsEnabled": true,
		},
	}) {
		o[name] = v
	}
}

// androidDetails are those of the older kind. Its key for the Bluetooth
// address is misspelt, and its memory is text.
func androidDetails(o object, s *state) {
	for name, v := range (object{
		"serialNumber": serial(s), "osLabel": s.OSVersion, "deviceBrand": "example", "deviceName": s.Name, "rooted": false,
		"deviceEncryptionEnabled": s.Encrypted, "freeInternalStorage": s.Free, "freeExternalStorage": card(s),
		"ramAvailable":       "1.9 GB",
		"currentWifi":        object{"ip": "10.20.0.17", "mac": orNull(s.WiFiMAC), "ssid": "Schule"},
		"ethernet":           object{"ethernetIpAddress": nil, "ethernetMacAddress": orNull(first(s.EthernetMACs))},
		"bluetoothMacAdress": orNull(s.BluetoothMAC), "subscriptions": []object{}, "apiLevel": 33,
	}) {
		o[name] = v
	}
}

// card is what is free on the memory card that every other Android device has.
func card(s *state) any {
	if s.index%2 == 1 {
		return nil
	}
	return int64(20_000_000_000)
}

// imsi is that of the few PCs with a modem.
func imsi(s *state) any {
	if s.index%3 != 0 {
		return nil
	}
	return fmt.Sprintf("26201%010d", s.index)
}

func (f *Fake) windowsDetails(o object, s *state) {
	o["system"] = object{
		"manufacturer": s.Manufacturer, "model": s.Identifier, "deviceName": s.Name,
		"dnsComputerName": strings.ToUpper(strings.ReplaceAll(s.Name, " ", "-")), "osPlatform": "Windows 11",
		"softwareVersion": s.OSVersion, "firmwareVersion": "1.42", "processorType": 9, "processorArchitecture": 9,
		"totalRAM": 16384, "totalStorage": nil, "smBiosSerialNumber": serial(s),
	}
	identifiers := []object{{
		"macAddress": strings.ReplaceAll(s.WiFiMAC, ":", ""), "ipv4Address": "10.20.0.31", "ipv6Address": nil,
		"connected": true, "type": "WIRELESS",
	}}
	for _, mac := range s.EthernetMACs {
		identifiers = append(identifiers, object{
			"macAddress": strings.ReplaceAll(mac, ":", ""), "ipv4Address": nil, "ipv6Address": nil, "connected": false, "type": "WIRED",
		})
	}
	o["network"] = object{
		"wifiMAC": orNull(wifi(s)), "wifiIPv4Address": "10.20.0.31", "wifiIPv6Address": nil, "networkIdentifiers": identifiers, "imsi": imsi(s),
	}
	if f.version.modern() {
		o["entraIdDeviceId"] = strings.ToLower(uuid("entra", s.uuid))
		o["lastLoggedInUserFullName"], o["lastLoggedInUserEmail"] = nil, nil
		if s.user != nil {
			o["lastLoggedInUserFullName"], o["lastLoggedInUserEmail"] = s.user.Name(), s.user.Email
		}
	}
}

// installed are the apps inside the full object.
func installed(s *state) []object {
	list := []object{}
	for i, a := range s.Apps {
		app := object{
			"identifier": a.Identifier, "name": a.Name, "version": a.Version, "shortVersion": a.Version,
			"managed": i%2 == 0, "bundleSize": 1_000_000 * (i + 12), "dynamicSize": 4096,
		}
		if s.Platform == fleet.Windows {
			app["shortVersion"] = nil
		}
		list = append(list, app)
	}
	return list
}
