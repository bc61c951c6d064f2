package intunetest

import "strings"

// inventoryRows are the rows of the reports about devices. Unlike the list of
// devices they have what only single devices tell there.
func (f *Fake) inventoryRows() []map[string]any {
	c := &call{f: f, version: "beta"}
	rows := make([]map[string]any, 0, len(f.devices))
	for _, d := range f.devices {
		v := view{device: d, c: c, item: true, chosen: func(string) bool { return true }}
		agent := strings.ToUpper(d.agent)
		r := map[string]any{
			"DeviceId": d.id, "DeviceName": d.Name, "CreatedDate": fine(d.Enrolled), "LastContact": fine(d.LastSeen),
			"ReferenceId": orZero(d.directoryID), "OSVersion": v.systemVersion(), "GraphDeviceIsManaged": d.registered != nil && *d.registered,
			"SerialNumber": d.reportedSerialOf(), "Manufacturer": d.maker(), "Model": d.Model, "EasActivationStatus": false,
			"IMEI": d.sim().IMEI, "InGracePeriodUntil": forever, "WifiMacAddress": d.bareMAC(d.WiFiMAC), "MEID": d.meid(),
			"SubscriberCarrierNetwork": d.sim().Carrier, "StorageTotal": d.Capacity >> 20, "StorageFree": d.Free >> 20,
			"ManagedDeviceName": d.managed, "CategoryName": v.categoryName(), "UPN": d.upnOf(), "UserEmail": d.mail(), "UserName": d.userName(),
			"WiFiIPv4Address": d.wifiIP(), "WiFiSubnetID": d.subnet(), "CompliantState": v.compliance(), "ManagementAgent": agent,
			"ManagementState": d.state, "DeviceRegistrationState": v.registration(), "IsSupervised": d.Supervised && d.Apple(),
			"IsEncrypted": d.Encrypted && !d.android(), "DeviceType": v.system(), "JoinType": v.join(), "PhoneNumber": d.phone(),
			"JailBroken": v.jailBroken(), "ICCID": d.sim().ICCID, "EthernetMAC": v.ethernet(), "CellularTechnology": d.cellular(),
			"ProcessorArchitecture": architectureNumber(d.kind), "EID": d.eid(), "EnrollmentType": d.enrolment, "ManagementAgents": agent,
			"CertExpirationDate": fine(d.certificateEnd()), "IsManaged": true, "OwnerType": "1", "OS": v.system(),
			"DeviceState": d.state, "DeviceEnrollmentType": d.enrolment, "EnrolledByUser": d.upnOf(), "PrimaryUser": d.upnOf(),
			"ManagedBy": agent, "Ownership": v.ownerType(),
		}
		if d.personal {
			r["OwnerType"] = "2"
		}
		if d.user != nil {
			r["UserId"] = d.user.id
		}
		if d.category != nil {
			r["CategoryId"] = d.category.id
		}
		rows = append(rows, r)
	}
	return rows
}

// architectureNumber is 9 for x64 and 12 for ARM64.
func architectureNumber(k Kind) any {
	switch k {
	case Windows:
		return 9
	case Mac:
		return 12
	}
	return nil
}

// installRows has a row for each app on each device.
func (f *Fake) installRows() []map[string]any {
	var rows []map[string]any
	c := &call{f: f, version: "beta"}
	for _, d := range f.devices {
		for _, s := range d.installed() {
			r := map[string]any{
				"ApplicationKey": s.id, "ApplicationName": s.name, "ApplicationPublisher": s.publisher, "ApplicationShortVersion": s.version,
				"ApplicationVersion": s.version, "DeviceId": d.id, "DeviceName": d.Name, "OSDescription": view{device: d, c: c}.system(),
				"OSVersion": d.OSVersion, "Platform": s.platform, "EmailAddress": d.mail(), "UserName": d.userName(),
			}
			if d.user != nil {
				r["UserId"] = d.user.id
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// appRows has a row for each app.
func (f *Fake) appRows() []map[string]any {
	var rows []map[string]any
	for _, s := range f.allSoftware() {
		rows = append(rows, map[string]any{
			"ApplicationKey": s.id, "ApplicationName": s.name, "ApplicationPublisher": s.publisher, "ApplicationVersion": s.version,
			"DeviceCount": s.count, "Platform": s.platform,
		})
	}
	return rows
}
