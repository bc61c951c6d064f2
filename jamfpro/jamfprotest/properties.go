package jamfprotest

import (
	"strconv"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// The ways to make a property of a device: "" and the zero time are null.

func textOf(u use, get func(*state) string) property[*state] {
	return property[*state]{u, "", func(s *state) any {
		if v := get(s); v != "" {
			return v
		}
		return nil
	}}
}

func numberOf(u use, get func(*state) int) property[*state] {
	return property[*state]{u, 0, func(s *state) any { return get(s) }}
}

func boolOf(u use, get func(*state) bool) property[*state] {
	return property[*state]{u, false, func(s *state) any { return get(s) }}
}

func timeOf(u use, get func(*state) time.Time) property[*state] {
	return property[*state]{u, time.Time{}, func(s *state) any {
		if v := get(s); !v.IsZero() {
			return v
		}
		return nil
	}}
}

// groupProperty is one that a device has several times.
func groupProperty(t *tables, get func(group) string) property[*state] {
	return property[*state]{filters, "", func(s *state) any {
		var list []string
		for _, g := range t.memberOf(s) {
			list = append(list, get(g))
		}
		return list
	}}
}

// computerProperties are those of one generation of the endpoint.
func computerProperties(gen int) properties[*state] {
	seen := func(s *state) time.Time { return s.LastSeen }
	ps := properties[*state]{
		"id":                   numberOf(both, func(s *state) int { return s.id }),
		"udid":                 textOf(both, func(s *state) string { return s.UDID }),
		"general.name":         textOf(both, func(s *state) string { return s.Name }),
		"general.assetTag":     textOf(both, func(s *state) string { return s.AssetTag }),
		"general.barcode1":     textOf(filters, func(s *state) string { return s.barcode1 }),
		"general.barcode2":     textOf(filters, func(s *state) string { return s.barcode2 }),
		"general.managementId": textOf(filters, func(s *state) string { return s.managementID }),
		"general.platform":     textOf(both, func(*state) string { return "Mac" }),
		"general.reportDate":   timeOf(both, func(s *state) time.Time { return s.inventoried }),
		"general.lastEnrolledDate": timeOf(both, func(s *state) time.Time {
			return s.Enrolled
		}),
		"general.remoteManagement.managed": boolOf(filters, func(s *state) bool { return s.Managed }),
		"general.supervised":               boolOf(filters, func(s *state) bool { return s.Supervised }),
		"hardware.serialNumber":            textOf(filters, func(s *state) string { return s.Serial }),
		"hardware.macAddress": textOf(filters, func(s *state) string {
			_, mac, _, _ := adapters(s)
			return mac
		}),
		"hardware.make":              textOf(both, func(s *state) string { return s.Manufacturer }),
		"hardware.model":             textOf(both, func(s *state) string { return s.Model }),
		"hardware.modelIdentifier":   textOf(filters, func(s *state) string { return s.Identifier }),
		"operatingSystem.name":       textOf(both, func(*state) string { return "macOS" }),
		"operatingSystem.version":    textOf(both, func(s *state) string { return s.OSVersion }),
		"userAndLocation.username":   textOf(filters, func(s *state) string { return s.username }),
		"userAndLocation.email":      textOf(filters, func(s *state) string { return s.email }),
		"userAndLocation.realname":   textOf(both, func(s *state) string { return s.realName }),
		"userAndLocation.buildingId": textOf(filters, func(s *state) string { return s.building }),
		"userAndLocation.departmentId": textOf(filters, func(s *state) string {
			return s.department
		}),
		"purchasing.lifeExpectancy": numberOf(both, func(s *state) int { return s.purchase.Life }),
		"purchasing.warrantyDate":   timeOf(both, func(s *state) time.Time { return s.purchase.Warranty }),
	}
	if gen >= 4 {
		ps["general.lastCheckIn"], ps["general.lastContact"] = timeOf(both, seen), timeOf(both, seen)
	} else {
		ps["general.lastContactTime"] = timeOf(both, seen)
	}
	return ps
}

// listProperties are those of the short list of mobile devices.
var listProperties = properties[*state]{
	"id":              numberOf(sorts, func(s *state) int { return s.id }),
	"name":            textOf(sorts, func(s *state) string { return s.Name }),
	"serialNumber":    textOf(sorts, func(s *state) string { return s.Serial }),
	"udid":            textOf(sorts, func(s *state) string { return s.UDID }),
	"wifiMacAddress":  textOf(sorts, func(s *state) string { return s.WiFiMAC }),
	"model":           textOf(sorts, func(s *state) string { return s.Model }),
	"modelIdentifier": textOf(sorts, func(s *state) string { return s.Identifier }),
	"username":        textOf(sorts, func(s *state) string { return s.username }),
	"managementId":    textOf(sorts, func(s *state) string { return s.managementID }),
}

// mobileProperties are those of the list of mobile devices' details.
func mobileProperties(t *tables, v version) properties[*state] {
	sim := func(n int, get func(fleet.SIM) string) property[*state] {
		return textOf(both, func(s *state) string {
			if n < len(s.SIMs) {
				return get(s.SIMs[n])
			}
			return ""
		})
	}
	imei := func(s fleet.SIM) string { return s.IMEI }
	ps := properties[*state]{
		"mobileDeviceId":          numberOf(both, func(s *state) int { return s.id }),
		"serialNumber":            textOf(both, func(s *state) string { return s.Serial }),
		"udid":                    textOf(both, func(s *state) string { return s.UDID }),
		"managementId":            textOf(both, func(s *state) string { return s.managementID }),
		"displayName":             textOf(both, func(s *state) string { return s.Name }),
		"assetTag":                textOf(both, func(s *state) string { return s.AssetTag }),
		"wifiMacAddress":          textOf(both, func(s *state) string { return s.WiFiMAC }),
		"bluetoothMacAddress":     textOf(both, func(s *state) string { return s.BluetoothMAC }),
		"model":                   textOf(both, func(s *state) string { return s.Model }),
		"modelIdentifier":         textOf(both, func(s *state) string { return s.Identifier }),
		"osVersion":               textOf(both, func(s *state) string { return s.OSVersion }),
		"imei":                    sim(0, imei),
		"imei2":                   sim(1, imei),
		"eid":                     sim(0, func(s fleet.SIM) string { return s.EID }),
		"iccid":                   sim(0, func(s fleet.SIM) string { return s.ICCID }),
		"devicePhoneNumber":       sim(0, func(s fleet.SIM) string { return s.Phone }),
		"meid":                    sim(0, meid),
		"username":                textOf(both, func(s *state) string { return s.username }),
		"emailAddress":            textOf(both, func(s *state) string { return s.email }),
		"fullName":                textOf(both, func(s *state) string { return s.realName }),
		"building":                textOf(both, func(s *state) string { return t.buildingName(s.building) }),
		"department":              textOf(both, func(s *state) string { return departmentName(s.department) }),
		"lastInventoryUpdateDate": timeOf(both, func(s *state) time.Time { return s.inventoried }),
		"managed":                 boolOf(both, func(s *state) bool { return s.Managed }),
		"supervised":              boolOf(both, func(s *state) bool { return s.Supervised }),
		"lostModeEnabled":         boolOf(filters, func(s *state) bool { return s.lost != nil }),
		"groupId":                 groupProperty(t, func(g group) string { return strconv.Itoa(g.id) }),
		"groupName":               groupProperty(t, func(g group) string { return g.name }),
	}
	if !v.less(r1130) {
		ps["lastContactDate"] = timeOf(both, func(s *state) time.Time { return s.LastSeen })
	}
	return ps
}
