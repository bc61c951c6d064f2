package relutiontest

import "github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"

// flatDetails are those of iPads, phones and TVs before they were nested.
func (f *Fake) flatDetails(o object, s *state) {
	for name, v := range (object{
		"name": s.Name, "osVersion": s.OSVersion, "modelName": s.Line, "productName": s.Identifier,
		"serialNumber": serial(s), "deviceCapacity": gigabytes(s.Capacity), "availableDeviceCapacity": gigabytes(s.Free),
		"isSupervised": s.Supervised, "bluetoothMAC": orNull(s.BluetoothMAC), "wifiMAC": orNull(s.WiFiMAC),
		"ethernetMAC": orNull(first(s.EthernetMACs)), "ethernetMACs": addresses(s.EthernetMACs),
		"iccID": orNull(iccid(s)), "meid": nil, "isMDMLostModeEnabled": s.lost == "ENABLED", "isMultiUser": s.shared(),
	}) {
		o[name] = v
	}
}

// appleDetails are the nested ones of iPads, phones and TVs.
func (f *Fake) appleDetails(o object, s *state) {
	o["supervised"], o["multiUser"], o["hasBootstrapToken"] = s.Supervised, s.shared(), false
	o["batteryHealth"], o["pendingVersion"], o["availableUpdates"], o["profiles"] = "NORMAL", nil, []object{}, []object{}
	system := f.appleSystem(s)
	system["deviceCapacity"], system["availableDeviceCapacity"] = gigabytes(s.Capacity), gigabytes(s.Free)
	system["isActivationLockEnabled"] = s.index%9 == 4
	if s.Platform == fleet.TVOS {
		system["deviceName"], system["udid"] = s.Name, s.UDID
	} else {
		system["name"], system["meid"] = s.Name, nil
	}
	o["system"], o["network"], o["securityInfo"] = system, f.appleNetwork(s), f.appleSecurity(s)
	if s.Platform != fleet.TVOS {
		o["users"] = object{"accounts": []object{}}
	}
}

// macDetails were nested before, with older names.
func (f *Fake) macDetails(o object, s *state) {
	system := f.appleSystem(s)
	system["deviceName"], system["udid"], system["userShortName"], system["userLongName"] = s.Name, s.UDID, nil, nil
	system["deviceCapacity"], system["availableDeviceCapacity"] = gigabytes(s.Capacity), gigabytes(s.Free)
	system["activeManagedUsers"] = []string{}
	if s.user != nil {
		system["userShortName"], system["userLongName"] = s.user.Username, s.user.Name()
	}
	network := f.appleNetwork(s)
	if f.version.modern() {
		o["supervised"], o["multiUser"], o["hasBootstrapToken"] = s.Supervised, false, true
	} else {
		system["isSupervised"], network["wifiMAC"] = s.Supervised, orNull(s.WiFiMAC)
	}
	o["system"], o["network"], o["securityInfo"] = system, network, f.appleSecurity(s)
}

func (f *Fake) appleSystem(s *state) object {
	return object{
		"osVersion": s.OSVersion, "buildVersion": "22B91", "modelName": s.Line, "model": "MK2K3FD",
		"productName": s.Identifier, "serialNumber": serial(s),
	}
}

func (f *Fake) appleNetwork(s *state) object {
	return object{
		"bluetoothMAC": orNull(s.BluetoothMAC), "ethernetMAC": orNull(first(s.EthernetMACs)), "iccID": orNull(iccid(s)),
		"phoneNumber": orNull(phone(s)), "simCarrierNetwork": orNull(carrier(s)), "currentCarrierNetwork": orNull(carrier(s)), "isRoaming": false, "hostName": nil, "localHostName": nil,
	}
}

func (f *Fake) appleSecurity(s *state) object {
	security := object{
		"passcodePresent": s.Passcode, "passcodeCompliant": true,
		"managementStatus": object{
			"enrolledViaDEP": s.Enrolment == fleet.Automated, "isUserEnrollment": s.enrolled == "IOS_USER_ENROLLMENT",
		},
	}
	if s.Platform == fleet.MacOS {
		security["fdeEnabled"] = s.Encrypted
	} else {
		security["hardwareEncryptionCaps"] = 3
	}
	return security
}

func carrier(s *state) string {
	if len(s.SIMs) == 0 {
		return ""
	}
	return s.SIMs[0].Carrier
}

func iccid(s *state) string {
	if len(s.SIMs) == 0 {
		return ""
	}
	return s.SIMs[0].ICCID
}
