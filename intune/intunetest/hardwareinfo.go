package intunetest

// hardware is filled with defaults unless an item is asked for by its name.
func (v view) hardware() any {
	real := v.item && v.chosen("hardwareInformation")
	o := object{{"serialNumber", v.reportedSerialOf()}}
	pick := func(name string, value, otherwise any) {
		if !real {
			value = otherwise
		}
		o = append(o, member{name, value})
	}
	pick("totalStorageSpace", v.Capacity, 0)
	pick("freeStorageSpace", v.Free, 0)
	pick("imei", v.sim().IMEI, "")
	pick("meid", v.meid(), nil)
	pick("manufacturer", v.maker(), nil)
	pick("model", v.Model, nil)
	pick("phoneNumber", v.phone(), nil)
	pick("subscriberCarrier", v.sim().Carrier, nil)
	pick("cellularTechnology", text(v.cellular()), nil)
	pick("wifiMac", v.bareMAC(v.WiFiMAC), nil)
	pick("operatingSystemLanguage", nil, nil)
	pick("isSupervised", v.Supervised && v.Apple(), false)
	pick("isEncrypted", v.Encrypted && !v.android(), false)
	pick("batterySerialNumber", nil, nil)
	pick("batteryHealthPercentage", 0, 0)
	pick("batteryChargeCycles", 0, 0)
	pick("batteryLevelPercentage", v.battery(), nil)
	pick("isSharedDevice", false, false)
	pick("sharedDeviceCachedUsers", []any{}, []any{})
	pick("residentUsersCount", nil, nil)
	pick("tpmSpecificationVersion", nil, nil)
	pick("operatingSystemEdition", text(v.edition()), nil)
	pick("deviceFullQualifiedDomainName", nil, nil)
	pick("deviceGuardVirtualizationBasedSecurityHardwareRequirementState", "meetHardwareRequirements", "meetHardwareRequirements")
	pick("deviceGuardVirtualizationBasedSecurityState", "notConfigured", "running")
	pick("deviceGuardLocalSystemAuthorityCredentialGuardState", "notConfigured", "running")
	pick("osBuildNumber", text(v.build()), nil)
	pick("operatingSystemProductType", 0, 0)
	pick("ipAddressV4", text(v.wifiIP()), nil)
	pick("subnetAddress", text(v.subnet()), nil)
	pick("esimIdentifier", text(v.eid()), nil)
	pick("systemManagementBIOSVersion", nil, nil)
	pick("tpmManufacturer", nil, nil)
	pick("tpmVersion", nil, nil)
	pick("wiredIPv4Addresses", []any{}, []any{})
	pick("productName", text(v.productName()), nil)
	return o
}

func (d *device) cellular() string {
	if len(d.SIMs) > 0 {
		return "GSM"
	}
	return ""
}

// battery is a percentage, or null for what has none.
func (v view) battery() any {
	if v.Battery < 0 || v.kind == Windows {
		return nil
	}
	percent := float64(int(v.Battery*1000)) / 10
	if v.c.f.wire.TextBattery {
		return string(encode(percent))
	}
	return percent
}

func (d *device) edition() string {
	if d.kind == Windows {
		return "Education"
	}
	return ""
}

func (d *device) build() string {
	if d.android() {
		return "AP4A.250205.002"
	}
	return ""
}

// wifiIP is known of Windows and of Android that belongs to the organisation.
func (d *device) wifiIP() string {
	if d.kind == Windows || d.android() && !d.personal {
		return d.IP
	}
	return ""
}

func (d *device) subnet() string {
	if d.android() && !d.personal {
		return "255.255.255.0"
	}
	return ""
}

func (d *device) eid() string {
	if d.kind == IOS || d.kind == IPad {
		return d.sim().EID
	}
	return ""
}

func (d *device) productName() string {
	if d.Apple() {
		return d.Identifier
	}
	return ""
}
